"""Rules read and checked: every fault of one at once, with the field, the value and what is allowed."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa
from pydantic import ValidationError

from core.errors import Fault, FaultsError
from core.texts import Text, real
from layers.catalogue.alarms import ALARM_RULES, AlarmRule
from layers.codes import code_list
from layers.layer import Layer
from monitoring.alarms.schedule import WINDOW, window_minutes


class Kind(StrEnum):
    """What a rule judges (code list `alarm_rule_kind`)."""

    LIMITS = "limits"
    RATE = "rate"
    COMBINATION = "combination"
    SILENCE = "silence"


class Condition(StrEnum):
    """What is true of a point while it is in alarm (code list `alarm_condition`)."""

    LL = "LL"
    L = "L"
    H = "H"
    HH = "HH"
    RISE = "rise"
    FALL = "fall"
    COMBINATION = "combination"
    SILENCE = "silence"
    LINK = "link"

    @property
    def upward(self) -> bool:
        """Greater is worse."""
        return self in (Condition.H, Condition.HH, Condition.RISE, Condition.COMBINATION, Condition.LINK)


LIMIT_FIELDS = {Condition.LL: "low_low", Condition.L: "low", Condition.H: "high", Condition.HH: "high_high"}
"""The fields of the four limits, which a rule and a sensor name alike."""

_TERM = re.compile(r"(\S+) (LL|L|H|HH)(?: (\S+))?")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a combination; without a value the limit is the sensor's own."""

    point: str
    condition: Condition
    value: float | None


def term(text: str) -> Term | None:
    """A term as written, None for text that is none.

    >>> term("K-1 H 20"), term("K-1 above 20")
    (Term(point='K-1', condition=<Condition.H: 'H'>, value=20.0), None)
    """
    found = _TERM.fullmatch(text.strip())
    if found is None:
        return None
    try:
        value = None if found[3] is None else real(found[3])
    except ValueError:
        return None
    return None if value is not None and abs(value) == float("inf") else Term(found[1], Condition(found[2]), value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What a rule must know of a sensor."""

    code: str
    kind: str
    enterprise: str
    unit: str
    limits: Mapping[Condition, float]
    span: float | None
    interval: float | None
    in_use: bool
    area: str = ""
    link: str = ""

    @property
    def sensor(self) -> str:
        """The code of the row in the layer of sensors."""
        return self.code.partition("/")[0]

    def within(self, area: str) -> bool:
        """It stands inside a division; the codes of provinces and cities end in pairs of noughts (GB/T 2260)."""
        return self.area.startswith(re.sub(r"^([0-9]{2}(?:[0-9]{2})?)(?:00){1,2}$", r"\1", area))


POINT_FIELDS = (
    "code", "kind", "enterprise", "unit", "range_low", "range_high", *LIMIT_FIELDS.values(), "interval_seconds",
    "in_use", "area",
)  # fmt: skip

LINK_FIELDS = ("gateway", "device")
"""What carries a point, where it is registered and may be seen: points of one enterprise and area with the same fall
silent together."""


def points_of(sensors: pa.Table) -> dict[str, Point]:
    """The points of a table of sensors with the columns POINT_FIELDS, and LINK_FIELDS where it has them."""
    columns = [*POINT_FIELDS, *(name for name in LINK_FIELDS if name in sensors.column_names)]
    return {row["code"]: _point(row) for row in sensors.select(columns).to_pylist()}


def _point(row: Mapping[str, object]) -> Point:
    number = {name: value for name, value in row.items() if isinstance(value, int | float)}
    spanned = "range_low" in number and "range_high" in number
    return Point(
        code=str(row["code"]), kind=str(row["kind"]), enterprise=str(row["enterprise"] or ""), unit=str(row["unit"]),
        limits={one: number[name] for one, name in LIMIT_FIELDS.items() if name in number},
        span=number["range_high"] - number["range_low"] if spanned else None,
        interval=number.get("interval_seconds"), in_use=bool(row["in_use"]),
        area=str(row["area"] or ""), link=_link(row),
    )  # fmt: skip


def _link(row: Mapping[str, object]) -> str:
    """Whose alarm it would be is part of it: nobody learns of the points of others by their number."""
    carrier = next((str(row[name]) for name in LINK_FIELDS if row.get(name)), "")
    return "|".join((carrier, str(row["enterprise"] or ""), str(row["area"] or ""))) if carrier else ""


def rule_of(given: Mapping[str, object], points: Mapping[str, Point]) -> AlarmRule:
    """A rule as a person gave it; FaultsError lists everything that is wrong with it."""
    try:
        rule = AlarmRule.model_validate(dict(given))
    except ValidationError as error:
        faults = model_faults(error, ALARM_RULES)
        sound = {name: value for name, value in given.items() if not any(f.field.split(".")[0] == name for f in faults)}
        stand_in = {"code": "x", "title": "x", "kind": Kind.LIMITS.value} | sound
        rest = rule_faults(AlarmRule.model_validate(_known(stand_in)), points) if "kind" in sound else ()
        raise FaultsError([*faults, *rest]) from error
    found = rule_faults(rule, points)
    if found:
        raise FaultsError(found)
    return rule


def model_faults(error: ValidationError, layer: Layer) -> list[Fault]:
    """What the record of a layer refuses, each with its field, its value and what is allowed."""
    return [
        Fault(
            field=".".join(str(part) for part in one["loc"]),
            value=str(one.get("input", ""))[:80] if one["type"] != "missing" else "",
            rule=Text(
                _allowed(layer, str(one["loc"][0]), "zh"), f"{one['msg']}; {_allowed(layer, str(one['loc'][0]), 'en')}"
            ),
        )
        for one in error.errors()
    ]


def _known(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if name in AlarmRule.model_fields}


def _allowed(layer: Layer, field: str, lang: str) -> str:
    spec = layer.fields.get(field)
    if spec is None:
        names = ", ".join(layer.fields)
        return f"没有该字段,允许:{names}" if lang == "zh" else f"no such field, allowed: {names}"
    bounds = []
    for limit in spec.constraints:
        for name, sign in (
            ("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"), ("pattern", "~ "), ("min_length", "≥ "),
            ("max_length", "≤ "),
        ):  # fmt: skip
            if getattr(limit, name, None) is not None:
                bounds.append(f"{sign}{getattr(limit, name)}")
    inside = ", ".join(bounds)
    kind = {"text": "文本", "integer": "整数", "real": "数", "boolean": "是或否", "datetime": "带时区的时间"}
    if lang == "zh":
        return f"应为{kind.get(spec.kind.value, '列表')} {inside}".strip()
    return f"must be {spec.kind.value} {inside}".strip()


def _title(field: str) -> str:
    return ALARM_RULES.fields[field].title.zh


def rule_faults(rule: AlarmRule, points: Mapping[str, Point]) -> tuple[Fault, ...]:
    """Everything wrong between the fields of a rule, and between it and the points it names."""
    return tuple(_faults(rule, points))


def _fault(field: str, value: object, zh: str, en: str) -> Fault:
    return Fault(field=field, value=str(value)[:80], rule=Text(zh, en))


def _faults(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Fault]:
    for field in ("kind", "state", "sensor_kind", "basis_status"):
        spec, value = ALARM_RULES.fields[field], getattr(rule, field)
        codes = [code.code for code in code_list(spec.codes or "")]
        if value not in codes and not (field == "sensor_kind" and not value):
            yield _fault(field, value, f"应为 {'、'.join(codes)} 之一", f"must be one of {', '.join(codes)}")
    for text in rule.schedule:
        if window_minutes(text) is None:
            yield Fault(field="schedule", value=text[:80], rule=WINDOW)
    if rule.valid_from and rule.valid_to and rule.valid_to <= rule.valid_from:
        yield _fault("valid_to", rule.valid_to, "应晚于有效期起", f"must be after valid_from, {rule.valid_from}")
    if rule.dead_band is not None and rule.dead_band_percent is not None:
        yield _fault(
            "dead_band_percent", rule.dead_band_percent, "死区只填数值或百分比之一", "give dead_band or this, not both"
        )
    if rule.level_outer is not None and rule.level_outer > rule.level:
        yield _fault(
            "level_outer", rule.level_outer, f"LL、HH 不得轻于 L、H({rule.level})", f"must be 1 to {rule.level}"
        )
    yield from _of_points(rule, points)
    match rule.kind:
        case Kind.LIMITS:
            yield from _of_limits(rule, points)
        case Kind.RATE:
            if rule.rate_up is None and rule.rate_down is None:
                yield _fault(
                    "rate_up", "", "速率规则须给出上升或下降速率限", "a rate rule needs rate_up or rate_down, above 0"
                )
            if rule.dead_band_percent is not None:
                yield _fault(
                    "dead_band_percent",
                    rule.dead_band_percent,
                    "速率规则的死区填每分钟数值",
                    "of a rate give dead_band, a minute",
                )
            if rule.rate_window is None:
                yield _fault(
                    "rate_window", "", "速率规则须给出窗口(秒,大于 0)", "a rate rule needs rate_window, seconds above 0"
                )
        case Kind.COMBINATION:
            yield from _of_terms(rule, points)
        case Kind.SILENCE:
            yield from _of_silence(rule, points)


def chosen(rule: AlarmRule, points: Mapping[str, Point]) -> list[Point]:
    """The points a rule judges, in order: those named, or those in use of its kind (and enterprise, and area).

    A rule for silence that says neither takes every kind.
    """
    if rule.points:
        return [points[code] for code in rule.points if code in points]
    if not rule.sensor_kind and rule.kind != Kind.SILENCE:
        return []
    return [
        one for one in points.values()
        if one.in_use and rule.sensor_kind in ("", one.kind) and rule.enterprise in ("", one.enterprise)
        and one.within(rule.area)
    ]  # fmt: skip


def _named(rule: AlarmRule, points: Mapping[str, Point]) -> list[Point]:
    """Points a rule names must fit it; of those it takes by their kind, what does not fit is not judged."""
    return chosen(rule, points) if rule.points else []


def _of_points(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Fault]:
    if rule.kind == Kind.COMBINATION:
        if rule.points or rule.sensor_kind:
            yield _fault(
                "points", rule.points, "组合规则的监测点写在组合条件里", "a combination names its points in terms"
            )
        return
    every = rule.kind == Kind.SILENCE and not rule.points and not rule.sensor_kind
    if bool(rule.points) == bool(rule.sensor_kind) and not every:
        given = ", ".join(rule.points) or rule.sensor_kind
        yield _fault("points", given, "监测点和监测类型须填其一,且只填其一", "give either points or sensor_kind")
    for code in rule.points:
        if code not in points:
            yield _fault("points", code, "没有这个监测点", "is the code of no sensor")
        elif not points[code].within(rule.area):
            yield _outside("points", code, rule)
    for code in {one for one in rule.points if rule.points.count(one) > 1}:
        yield _fault("points", code, "重复", "is named twice")


def _outside(field: str, value: str, rule: AlarmRule) -> Fault:
    return _fault(field, value, f"不在规则的区划 {rule.area} 内", f"is outside the area of the rule, {rule.area}")


def _of_limits(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Fault]:
    named = [one for one in rule.limits if one in LIMIT_FIELDS]
    for one in rule.limits:
        if one not in LIMIT_FIELDS:
            yield _fault("limits", one, "应为 LL、L、H、HH", "must be among LL, L, H, HH")
    if not rule.limits:
        yield _fault("limits", "", "至少一个,LL、L、H、HH", "at least one of LL, L, H, HH")
    given = [(name, value) for name in LIMIT_FIELDS.values() if (value := getattr(rule, name)) is not None]
    for (below, low), (above, high) in itertools.pairwise(given):
        if low > high or (low == high and (below, above) == ("low", "high")):
            yield _fault(
                below, f"{low:g}", f"限值次序有误,{_title(above)}为 {high:g}", f"must be below {above}, {high:g}"
            )
    for point in _named(rule, points):
        if not any(limit_of(rule, point, Condition(one)) is not None for one in named):
            yield _fault(
                "limits", point.code, "监测点和规则都没有这些限值", "neither the sensor nor the rule has these limits"
            )
        if rule.dead_band_percent is not None and point.span is None:
            yield _fault(
                "dead_band_percent",
                point.code,
                "监测点没有量程,死区请填数值",
                "the sensor has no range; give dead_band",
            )


def _of_terms(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Fault]:
    if len(rule.terms) < 2:
        yield _fault("terms", len(rule.terms), "至少两条", "needs at least two")
    for text in rule.terms:
        found = term(text)
        if found is None:
            yield _fault(
                "terms", text, "应为“监测点 限值 [数值]”,限值为 LL、L、H、HH", "must be: point LL|L|H|HH [value]"
            )
        elif found.point not in points:
            yield _fault("terms", text, "没有这个监测点", "names no sensor")
        elif not points[found.point].within(rule.area):
            yield _outside("terms", text, rule)
        elif found.value is None and found.condition not in points[found.point].limits:
            yield _fault("terms", text, "监测点没有该限值,请写出数值", "the sensor has no such limit; write the value")
    if rule.needed is not None and rule.needed > len(rule.terms):
        yield _fault("needed", rule.needed, f"应为 1 至 {len(rule.terms)}", f"must be 1 to {len(rule.terms)}")


def _of_silence(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Fault]:
    if rule.silence is None and rule.silence_intervals is None:
        yield _fault("silence", "", "静默时限须填秒数或采集间隔数", "give silence, silence_intervals or both")
    if rule.silence_intervals is not None and rule.silence is None:
        for point in _named(rule, points):
            if point.interval is None:
                yield _fault(
                    "silence_intervals",
                    point.code,
                    "监测点没有采集间隔,请填秒数",
                    "the sensor has no interval; give silence",
                )


def limit_of(rule: AlarmRule, point: Point, condition: Condition) -> float | None:
    """The rule's limit where it gives one, else the sensor's own."""
    own: float | None = getattr(rule, LIMIT_FIELDS[condition])
    return point.limits.get(condition) if own is None else own


def level_of(rule: AlarmRule, condition: Condition) -> int:
    """How grave the condition is."""
    outer = condition in (Condition.LL, Condition.HH, Condition.LINK) and rule.level_outer is not None
    return rule.level_outer if outer and rule.level_outer is not None else rule.level


def in_force(rules: Sequence[AlarmRule]) -> list[AlarmRule]:
    """Those that judge."""
    return [rule for rule in rules if rule.state == "in_force"]
