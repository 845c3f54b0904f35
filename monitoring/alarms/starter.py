"""The rules a city begins with: data with source and status beside each number, put in once and then the city's own."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.actors import Actor
from core.clock import CHINA, Clock, day_of
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang
from layers.catalogue.alarms import ALARM_RULES, AlarmRule
from layers.catalogue.sensing import SENSORS
from layers.codes import Status, code_list
from monitoring.alarms.practice import DATA
from monitoring.alarms.rules import POINT_FIELDS, Condition, Kind, Point, points_of, rule_of
from store.feed import Put
from store.protocol import Store
from store.query import Query

VOTERS = 3
GASES = ("combustible", "toxic")
WORST = (Status.OWN, Status.UNVERIFIED, Status.SECONDARY, Status.VERIFIED)
OWN_LIMITS = "限值取监测点自身 LL、L、H、HH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of some of the rules, with where it comes from and how far that is to be trusted."""

    numbers: str
    field: str
    value: str
    source: str
    status: Status
    valid_from: date | None
    valid_to: date | None


def numbers(on: date) -> tuple[Number, ...]:
    """Those that hold on a day, in the order of the file."""
    found = tuple(
        Number(
            numbers=row["numbers"], field=row["field"], value=row["value"], source=row["source"],
            status=Status(row["status"]), valid_from=day_of(row["valid_from"]), valid_to=day_of(row["valid_to"]),
        )
        for row in _rows("starter_numbers.csv")
    )  # fmt: skip
    return tuple(one for one in found if (one.valid_from or date.min) <= on <= (one.valid_to or date.max))


def starter(points: Mapping[str, Point], voters: Sequence[str], area: str, on: date) -> list[AlarmRule]:
    """The rules in force for such points; the vote of three only where there are voters."""
    given = defaultdict[str, list[Number]](list)
    for one in numbers(on):
        given[one.numbers].append(one)
    rules = []
    for row in _rows("starter_rules.csv"):
        own = given[row["numbers"]]
        fields: dict[str, object] = {name: row[name] for name in ("code", "title", "kind", "sensor_kind")}
        if row["kind"] == Kind.COMBINATION:
            if len(voters) < VOTERS:
                continue
            fields["terms"] = [f"{code} {Condition.H.value}" for code in voters[:VOTERS]]
        fields |= {one.field: one.value for one in own} | {
            "state": "in_force", "area": area, "sensitivity": Sensitivity.INTERNAL, "source": "onemap alarm starter",
            "basis": _basis(row["kind"], own), "basis_status": min((one.status for one in own), key=WORST.index),
        }  # fmt: skip
        rules.append(rule_of(fields, points))
    return rules


def _basis(kind: str, own: Sequence[Number]) -> str:
    """Where each number comes from, in a sentence that is kept with the rule."""
    by = defaultdict[str, list[str]](list)
    for one in own:
        title = ALARM_RULES.fields[one.field].title.zh
        by[f"{one.source},{code_list('basis_status').label(one.status, Lang.ZH)}"].append(f"{title} {one.value}")
    said = [f"{'、'.join(which)}({source})" for source, which in by.items()]
    return ";".join([OWN_LIMITS, *said] if kind in (Kind.LIMITS, Kind.COMBINATION) else said)


def begin(store: Store, clock: Clock, *, actor: Actor, area: str = "") -> list[AlarmRule]:
    """Put in what the city never had, and answer with it; a rule somebody changed or withdrew is left as it is."""
    table = store.read(SENSORS, Query(fields=(*POINT_FIELDS, "hazard_source"), geometry=False), scope=SYSTEM_SCOPE)
    points, sources = (
        points_of(table),
        dict(zip(*(table[n].to_pylist() for n in ("code", "hazard_source")), strict=True)),
    )
    where = area or _together([point.area for point in points.values()])
    rules = starter(points, _voters(points, sources), where, clock().astimezone(CHINA).date())
    new = [one for one in rules if not store.versions(ALARM_RULES, one.code, scope=SYSTEM_SCOPE)]
    if new:
        edits = [Put(layer=ALARM_RULES.id, record=one, expected=0) for one in new]
        store.commit(edits, actor=actor, reason="起步报警规则 / starter rules", scope=SYSTEM_SCOPE)
    return new


def _voters(points: Mapping[str, Point], sources: Mapping[str, str | None]) -> list[str]:
    """The first three gas detectors of the first hazard source that has so many."""
    near = defaultdict[str, list[str]](list)
    for code, point in points.items():
        if point.in_use and point.kind in GASES and Condition.H in point.limits and sources[code]:
            near[str(sources[code])].append(code)
    return next((sorted(codes)[:VOTERS] for _, codes in sorted(near.items()) if len(codes) >= VOTERS), [])


def _together(areas: Sequence[str]) -> str:
    """The division that holds all of them, down to a district, as six digits (GB/T 2260)."""
    known = [area for area in areas if area]
    divisions = (known[0][:digits] for digits in (6, 4, 2)) if known else ()
    return next((one.ljust(6, "0") for one in divisions if all(area.startswith(one) for area in known)), "")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()))
