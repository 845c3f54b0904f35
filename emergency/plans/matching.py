"""Which plans fit an incident: by chemical, place, kind and level, each with why; near misses with what stood against.

A plan that limits nothing in one respect fits it for all. What is not known of the incident neither fits nor hinders:
it is said. A plan whose time is over is told as expired and stands behind every one that is in force.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.texts import Text
from layers.catalogue.plans import EmergencyPlan
from layers.codes import code_list


class Says(StrEnum):
    """What one respect says of a plan for an incident."""

    YES = "yes"
    ANY = "any"
    """The plan limits nothing here."""
    UNKNOWN = "unknown"
    """The plan is for some alone, and nobody told which the incident is."""
    NO = "no"


class Stands(StrEnum):
    """Whether a plan is in force on a day."""

    CURRENT = "current"
    OPEN = "open"
    """Begun, and it does not say until when."""
    FUTURE = "future"
    EXPIRED = "expired"


STANDING: dict[Stands, Text] = {
    Stands.CURRENT: Text("有效", "in force"), Stands.OPEN: Text("未写明有效期", "no end is told"),
    Stands.FUTURE: Text("未施行", "not in force yet"), Stands.EXPIRED: Text("已过有效期", "expired"),
}  # fmt: skip
WEIGHTS = {"hazard": 16, "enterprise": 12, "chemical": 8, "kind": 4, "level": 2}
"""How much more a plan that names the very thing is for it than one for all: our own order of proposing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is known of the incident; blank or None is not known.

    `level` is its response level, or the suggested one where `begun` is false: nothing is ruled out by a suggestion.
    """

    kind: str = ""
    chemical: str = ""
    chemical_name: str = ""
    area: str = ""
    enterprise: str = ""
    hazard_source: str = ""
    level: int | None = None
    begun: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one respect says, in words."""

    respect: str
    says: Says
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A plan with its reasons; it fits where nothing stands against it."""

    plan: EmergencyPlan
    stands: Stands
    reasons: tuple[Reason, ...]
    score: float

    @property
    def against(self) -> tuple[Reason, ...]:
        """What does not fit."""
        return tuple(one for one in self.reasons if one.says is Says.NO)

    @property
    def fits(self) -> bool:
        """Nothing stands against it, whether or not it is in force."""
        return not self.against

    @property
    def named(self) -> bool:
        """It names something of the incident: a plan for everything is no near miss."""
        return any(one.says is Says.YES and one.respect != "area" for one in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """Plans in force that fit, those that fit and are not in force, and those that one thing stands against."""

    fitting: tuple[Match, ...]
    lapsed: tuple[Match, ...]
    near: tuple[Match, ...]


def standing(plan: EmergencyPlan, on: date) -> Stands:
    """How a plan stands on a day."""
    if plan.valid_until is not None and plan.valid_until < on:
        return Stands.EXPIRED
    if plan.valid_from is not None and plan.valid_from > on:
        return Stands.FUTURE
    return Stands.OPEN if plan.valid_until is None else Stands.CURRENT


def match(plan: EmergencyPlan, sought: Sought, on: date) -> Match:
    """One plan against an incident."""
    reasons = (
        _area(plan, sought), *_place(plan, sought), _chemical(plan, sought), _kind(plan, sought), _level(plan, sought)
    )  # fmt: skip
    score = sum(WEIGHTS.get(one.respect, 0) for one in reasons if one.says is Says.YES) + len(_prefix(plan.area)) / 10
    return Match(plan=plan, stands=standing(plan, on), reasons=reasons, score=score)


def matches(plans: Iterable[EmergencyPlan], sought: Sought, on: date) -> Matches:
    """Every plan that fits, the most particular first, then near misses."""
    found = sorted((match(one, sought, on) for one in plans), key=lambda one: (-one.score, one.plan.code))
    held = (Stands.CURRENT, Stands.OPEN)
    return Matches(
        fitting=tuple(one for one in found if one.fits and one.stands in held),
        lapsed=tuple(one for one in found if one.fits and one.stands not in held),
        near=tuple(one for one in found if len(one.against) == 1 and one.named and one.stands in held),
    )


def covers(area: str, place: str) -> bool:
    """The area of a plan holds a place: a city's code holds its districts', a district's its towns'."""
    return place.startswith(_prefix(area))


def _prefix(area: str) -> str:
    if len(area) != 6:
        return area
    return area[:2] if area.endswith("0000") else area[:4] if area.endswith("00") else area


def _area(plan: EmergencyPlan, sought: Sought) -> Reason:
    if not plan.area:
        return Reason(respect="area", says=Says.ANY, words=Text("不限地区", "for any area"))
    if not sought.area:
        return Reason(respect="area", says=Says.UNKNOWN, words=Text("事件地区未知", "area not told"))
    if covers(plan.area, sought.area):
        return Reason(respect="area", says=Says.YES, words=Text("在适用地区内", "inside its area"))
    return Reason(respect="area", says=Says.NO, words=Text("不在适用地区内", "outside its area"))


def _place(plan: EmergencyPlan, sought: Sought) -> list[Reason]:
    found = []
    if plan.enterprise:
        name = plan.enterprise_name or plan.enterprise
        said = (
            (Says.UNKNOWN, Text(f"专为 {name};事发单位未知", f"for {name}; the enterprise is not told"))
            if not sought.enterprise
            else (Says.YES, Text(f"事发单位即 {name}", f"it is {name}"))
            if sought.enterprise == plan.enterprise
            else (Says.NO, Text(f"专为 {name}", f"for {name} alone"))
        )
        found.append(Reason(respect="enterprise", says=said[0], words=said[1]))
    if plan.hazard_sources:
        said = (
            (Says.UNKNOWN, Text("专为某重大危险源;事发危险源未知", "for one hazard source; it is not told"))
            if not sought.hazard_source
            else (Says.YES, Text("事发重大危险源在列", "its hazard source is named"))
            if sought.hazard_source in plan.hazard_sources
            else (Says.NO, Text("专为其他重大危险源", "for other hazard sources"))
        )
        found.append(Reason(respect="hazard", says=said[0], words=said[1]))
    return found or [Reason(respect="enterprise", says=Says.ANY, words=Text("不限单位", "for any enterprise"))]


def _chemical(plan: EmergencyPlan, sought: Sought) -> Reason:
    if not plan.chemicals:
        return Reason(respect="chemical", says=Says.ANY, words=Text("不限物质", "for any chemical"))
    names = "、".join(plan.chemical_names or plan.chemicals)
    if not sought.chemical:
        return Reason(
            respect="chemical", says=Says.UNKNOWN,
            words=Text(f"适用 {names};涉及物质未知", f"for {names}; the chemical is not told"),
        )  # fmt: skip
    name = sought.chemical_name or sought.chemical
    if sought.chemical in plan.chemicals:
        return Reason(respect="chemical", says=Says.YES, words=Text(f"涉及 {name}", f"of {name}"))
    return Reason(respect="chemical", says=Says.NO, words=Text(f"适用 {names},不含 {name}", f"for {names}, not {name}"))


def _kind(plan: EmergencyPlan, sought: Sought) -> Reason:
    if not plan.incident_kinds:
        return Reason(respect="kind", says=Says.ANY, words=Text("不限事件类型", "for any kind"))
    words = _words("incident_kind", plan.incident_kinds)
    if not sought.kind or sought.kind == "other":
        return Reason(
            respect="kind", says=Says.UNKNOWN,
            words=Text(f"适用 {words.zh};事件类型未定", f"for {words.en}; the kind is not told"),
        )  # fmt: skip
    own = _words("incident_kind", (sought.kind,))
    if sought.kind in plan.incident_kinds:
        return Reason(respect="kind", says=Says.YES, words=own)
    return Reason(
        respect="kind", says=Says.NO, words=Text(f"适用 {words.zh},不含 {own.zh}", f"for {words.en}, not {own.en}")
    )


def _level(plan: EmergencyPlan, sought: Sought) -> Reason:
    if not plan.levels:
        return Reason(respect="level", says=Says.ANY, words=Text("各级响应", "for any level"))
    words = _words("response_level", plan.levels)
    if sought.level is None:
        return Reason(
            respect="level", says=Says.UNKNOWN,
            words=Text(f"适用 {words.zh};响应级别未定", f"for {words.en}; no level is set"),
        )  # fmt: skip
    own = _words("response_level", (str(sought.level),))
    if not sought.begun:
        own = Text(f"建议 {own.zh},尚未启动", f"{own.en} is suggested, not begun")
    if str(sought.level) in plan.levels:
        return Reason(respect="level", says=Says.YES, words=own)
    if not sought.begun:
        words = Text(f"适用 {words.zh};{own.zh}", f"for {words.en}; {own.en}")
        return Reason(respect="level", says=Says.UNKNOWN, words=words)
    return Reason(
        respect="level", says=Says.NO, words=Text(f"适用 {words.zh},不含 {own.zh}", f"for {words.en}, not {own.en}")
    )


def _words(list_id: str, codes: Iterable[str]) -> Text:
    known = {one.code: one.title for one in code_list(list_id)}
    found = [known.get(code, Text(code, code)) for code in codes]
    return Text("、".join(one.zh for one in found), ", ".join(one.en for one in found))
