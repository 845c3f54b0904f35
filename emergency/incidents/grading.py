"""What an incident is graded as, from what is known of its losses; and how long the count of casualties may change.

Decree 493 of the State Council (2007), articles 1, 3 and 13. Missing persons are not counted as dead.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import CHINA
from core.texts import Text
from emergency.incidents.tables import in_force, whole
from layers.catalogue.incidents import Incident
from layers.codes import Status
from layers.codes.accidents import LevelRule, level_rules

MEASURES: dict[str, Text] = {
    "deaths": Text("死亡", "deaths"),
    "serious_injuries": Text("重伤", "serious injuries"),
    "direct_loss": Text("直接经济损失", "direct loss"),
}
QUICK = ("fire", "traffic")
"""Kinds whose casualties may change for seven days, not thirty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A level (1 gravest to 4) or none, the measures that reach it, what is not known yet, and the rule.

    With something unknown the level is a least one. `none` says why there is no level.
    """

    level: int | None
    reached: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    none: Text | None = None
    source: str
    status: Status

    @property
    def at_least(self) -> bool:
        """What is not known yet may make it graver."""
        return self.level is not None and self.level > 1 and bool(self.unknown)


def graded(row: Incident) -> Graded:
    """The level by the rules in force on the day it happened."""
    known = {name: getattr(row, name) for name in MEASURES}
    unknown = tuple(name for name, value in known.items() if value is None)
    rules = _rules(_day(row))
    if not rules:
        none = Text("该日没有生效的分级规则", "no rule for levels was in force that day")
        return Graded(level=None, unknown=unknown, none=none, source="", status=Status.UNVERIFIED)
    source, status = rules[0].source, rules[0].status
    if not any(known.values()):
        none = (
            Text("伤亡和损失未报齐,暂不定级", "casualties and losses are not all known: no level yet")
            if unknown
            else Text("没有死亡、重伤和直接经济损失,不定级", "no deaths, serious injuries or direct loss: no level")
        )
        return Graded(level=None, unknown=unknown, none=none, source=source, status=status)
    for rule in rules:
        least = {"deaths": rule.deaths, "serious_injuries": rule.serious_injuries, "direct_loss": rule.direct_loss}
        reached = tuple(name for name, value in known.items() if value and value >= least[name])
        if reached:
            return Graded(level=rule.level, reached=reached, unknown=unknown, source=rule.source, status=rule.status)
    return Graded(level=None, unknown=unknown, source=source, status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A response level that a plan suggests; a person decides."""

    level: int
    reached: tuple[str, ...]
    source: str
    status: Status


RESPONSE_MEASURES: dict[str, Text] = {
    "dead_or_missing": Text("死亡和失踪", "dead and missing"),
    "trapped": Text("被困", "trapped"),
    "injured": Text("伤员", "injured"),
    "direct_loss": Text("直接经济损失", "direct loss"),
    "evacuated": Text("疏散转移", "evacuated"),
}


def suggested(row: Incident) -> Suggested | None:
    """The level that what is known reaches; IV where it reaches none higher, none where no table is in force."""
    table = in_force("responses", _day(row))
    if not table:
        return None
    injured = _sum(row.serious_injuries, row.minor_injuries)
    known = {
        "dead_or_missing": _sum(row.deaths, row.missing), "trapped": row.trapped, "injured": injured,
        "direct_loss": row.direct_loss, "evacuated": row.evacuated,
    }  # fmt: skip
    for line in table:
        reached = tuple(
            name for name, value in known.items() if line[name] and value is not None and value >= int(line[name])
        )
        if reached:
            level = whole(line["level"]) or 4
            return Suggested(level=level, reached=reached, source=line["source"], status=Status(line["status"]))
    return Suggested(level=4, reached=(), source=table[0]["source"], status=Status(table[0]["status"]))


def last_correction(row: Incident) -> tuple[datetime, str] | None:
    """Until when its casualties may change, and by which article; none where nobody knows when it happened."""
    if row.occurred_at is None:
        return None
    id = "supplement_fire" if row.kind in QUICK else "supplement"
    found = next((line for line in in_force("clocks", _day(row)) if line["id"] == id), None)
    if found is None:
        return None
    days = timedelta(days=int(found["amount"]))
    return row.occurred_at + days, f"{found['source']}{found['article']}"


def _rules(on: date) -> list[LevelRule]:
    return [one for one in level_rules() if one.valid_from <= on and (one.valid_to is None or on <= one.valid_to)]


def _day(row: Incident) -> date:
    return (row.occurred_at or row.reported_at).astimezone(CHINA).date()


def _sum(*counts: int | None) -> int | None:
    known = [one for one in counts if one is not None]
    return sum(known) if known else None
