"""A warning proposed of an incident: what its facts say, what is missing, never a level: that a person chooses.

Instructions, the zone taken by default, and what the levels mean are data with source and status.
"""

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from core.clock import CHINA
from core.texts import Text
from core.units import Metre
from gis.shapes import Shape
from layers.catalogue.incidents import Incident
from layers.codes import Status, code_list
from monitoring.warnings.life import ITEMS

DATA = Path(__file__).with_name("data")
MOST_NAMED = 8
"""Areas that are named one by one; of more the others are counted."""


NO_ZONE = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """What people are told to do, for kinds of incidents; `care` is for who approves, not for the public."""

    response: str
    kinds: frozenset[str]
    text: Text
    care: Text
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The area of a warning: a zone of a scenario, or drawn by hand (`zone` is then empty).

    `cut` says that its reach is where the model ends, not where the danger does.
    """

    shape: Shape
    zone: Text = NO_ZONE
    scenario: str = ""
    reach: Metre | None = None
    banded: bool = False
    cut: bool = False
    doubts: tuple[Text, ...] = ()


@cache
def instructions() -> tuple[Instruction, ...]:
    """As shipped."""
    text = (DATA / "instructions.csv").read_text(encoding="utf-8")
    return tuple(
        Instruction(
            response=row["response"], kinds=frozenset(row["kinds"].split(";")), text=Text(row["zh"], row["en"]),
            care=Text(row["care_zh"], row["care_en"]), source=row["source"], status=Status(row["status"]),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


@cache
def rules() -> dict[str, Any]:
    """Which kind, zone and level: the rules, each with source and status."""
    found: dict[str, Any] = json.loads((DATA / "proposals.json").read_text(encoding="utf-8"))
    return found


def told_to_do(kind: str, responses: Sequence[str]) -> tuple[Instruction, ...]:
    """The rows of the table for a kind of incident, in the order of the table; a response it does not know has none."""
    return tuple(one for one in instructions() if one.response in responses and (kind in one.kinds or "*" in one.kinds))


def chosen_zone(severities: Sequence[int]) -> int | None:
    """Of the zones that are reached the place of the one that calls for action by the rule."""
    if not severities:
        return None
    asked = int(rules()["zone"]["severity"])
    best = max(severities) if asked not in severities else asked
    return list(severities).index(best)


def proposed(
    row: Incident, at: datetime, *, issuer: str, ground: Ground | None, places: Sequence[str],
    responses: Sequence[str], people: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The items of a draft, all that facts give; what is missing is left blank for `lacking` to name."""
    kind = rules()["kinds"].get(row.kind, "other")
    word = code_list("incident_kind").label(row.kind) or row.kind
    what = f"{row.enterprise_name}{row.chemical_name}{word}" if row.enterprise_name else _bare(row)
    told = told_to_do(row.kind, responses)
    played = "【演练】" if row.exercise else ""
    return {
        "title": f"{played}{what}预警"[:120], "kind": kind, "starts_at": at, "extent": _extent(row, ground, places),
        "cautions": _cautions(row, what), "measures": "\n".join(one.text.zh for one in told), "issuer": issuer,
        "responses": tuple(dict.fromkeys(responses)), "basis": _basis(row, ground, people),
        "title_en": f"{'EXERCISE: ' if played else ''}{_english(kind)}",
        "extent_en": _extent_en(ground), "measures_en": "\n".join(one.text.en for one in told),
        "cautions_en": "Life and health of people in the area may be in danger.",
    }  # fmt: skip


def lacking(items: dict[str, Any]) -> tuple[str, ...]:
    """Which of the eight items the facts do not give; the level is a person's, the time of issue is set later."""
    return tuple(name for name in ITEMS if name != "issued_at" and not items.get(name))


def _extent(row: Incident, ground: Ground | None, places: Sequence[str]) -> str:
    if ground is None:
        return ""
    named = "、".join(places[:MOST_NAMED]) + (f"等 {len(places)} 处" if len(places) > MOST_NAMED else "")
    where = row.address or row.enterprise_name or "事发点"
    if ground.reach is None:
        said = f"{where}周边（见所附范围图）"
    else:
        turns = "及其下风向（已计入风向摆动）" if ground.banded else "周边"
        far = f"约 {_length(ground.reach)}以内，更远处没有推算" if ground.cut else f"最远约 {_length(ground.reach)}"
        said = f"{where}{turns}{far}"
    return f"{said}，涉及{named}。" if named else f"{said}。"


def _extent_en(ground: Ground | None) -> str:
    if ground is None:
        return ""
    if ground.reach is None:
        return "The area drawn on the map around the place of the incident."
    turns = ", as far as the wind may turn" if ground.banded else ""
    more = "; what lies farther was not computed" if ground.cut else ""
    return f"Up to about {_up(ground.reach):,.0f} m from the place of the incident{turns}{more}."


def _cautions(row: Incident, what: str) -> str:
    at = row.occurred_at or row.reported_at
    when = f"{at.astimezone(CHINA):%m月%d日%H时%M分}"
    stuff = f"涉及物质：{row.chemical_name}。" if row.chemical_name else ""
    first = f"{when}{'' if row.occurred_at else '接报'}，{what.removeprefix('【演练】')}，"
    return f"{first}可能危及上述范围内人员的生命健康。{stuff}"


def _basis(row: Incident, ground: Ground | None, people: str) -> str:
    parts = [f"事件 {row.code}（{row.title}）"]
    if ground is None or not ground.scenario:
        parts.append("范围由值班人员划定，没有推演支持" if ground is not None else "尚无范围")
    else:
        doubts = "、".join(one.zh for one in ground.doubts)
        band = "，含不确定带" if ground.banded else "，不含不确定带"
        parts.append(f"情景 {ground.scenario}，{ground.zone.zh}{band}{f'；{doubts}' if doubts else ''}")
        parts.append("按已发表方法推演，未经主管部门验证")
    if people:
        parts.append(people)
    return "；".join(parts) + "。"


def _bare(row: Incident) -> str:
    return row.title.removeprefix("【演练】")


def _english(kind: str) -> str:
    found = next((one.title.en for one in code_list("warning_kind") if one.code == kind), kind)
    return f"{found}: warning"


def _length(metres: Metre) -> str:
    """Rounded up, so that nobody is told a shorter way than was computed.

    >>> _length(1234.0), _length(842.0)
    ('1.3 千米', '850 米')
    """
    return f"{_up(metres) / 1000:g} 千米" if metres >= 1000 else f"{_up(metres):g} 米"


def _up(metres: Metre) -> Metre:
    step = 100.0 if metres >= 1000 else 50.0
    return math.ceil(metres / step) * step
