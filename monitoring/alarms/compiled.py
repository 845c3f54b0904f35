"""Rules as arrays: one line for each condition of a rule at a point, the lines of a point beside each other.

Combinations are lines of their own behind those of the points; their terms are lines that nobody is told of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from math import ceil
from typing import Annotated

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.errors import Fault
from layers.catalogue.alarms import AlarmInhibition, AlarmRule
from monitoring.alarms.rules import Condition, Kind, Point, chosen, in_force, level_of, limit_of, rule_faults, term
from monitoring.alarms.schedule import MINUTES_A_WEEK, week_mask

Micros = Annotated[int, "microseconds since 1970, or of a span"]
Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Bools = NDArray[np.bool_]

NEVER = np.int64(2**62)
LONG_AGO = np.int64(-(2**62))


class Sort(IntEnum):
    """How a line is judged."""

    LIMIT = 0
    RATE = 1
    SILENCE = 2
    COMBINATION = 3
    LINK = 4


APART = (Sort.COMBINATION, Sort.LINK)
"""They lie behind the lines of the points, and no reading is held against them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One condition of a rule at a point, before it is an array; `feeds` is the combination a term belongs to.

    `link` is what carries the point of a silence that shares it with others, and of the line of these together.
    """

    rule: str
    point: str
    condition: Condition
    sort: Sort
    level: int
    limit: float = float("nan")
    dead_band: float = 0.0
    on: Micros = 0
    off: Micros = 0
    span: Micros = 0
    needed: int = 0
    feeds: str = ""
    link: str = ""
    gather: Micros = 0
    unit: str = ""
    valid: tuple[Micros, Micros] = (int(LONG_AGO), int(NEVER))
    schedule: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What a line is known by when the rules are compiled anew."""
        return self.rule, self.point, self.condition.value, f"{self.limit!r}" if self.feeds else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibited:
    """Lines that are out of service for a while."""

    code: str
    starts: Micros
    ends: Micros
    lines: Bools


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The lines as columns; `first` tells where the lines of each point begin, combinations come behind the last."""

    lines: tuple[Line, ...]
    points: pa.Array
    first: Ints
    point: Ints
    sort: NDArray[np.int8]
    sign: Reals
    limit: Reals
    reset: Reals
    on: Ints
    off: Ints
    span: Ints
    valid_from: Ints
    valid_to: Ints
    schedule: Ints
    masks: Bools
    feeds: Ints
    needed: Ints
    told: Bools
    link: Ints
    gather: Ints
    lowest: Reals
    highest: Reals
    busy: Bools
    ring: Ints
    rings: int
    silence: Ints
    inhibited: tuple[Inhibited, ...]
    left_out: tuple[Fault, ...]

    def only(self, points: Collection[str]) -> "Compiled":
        """The lines of some points, and of the combinations they are a term of, with what these are told by."""
        asked = frozenset(points)
        fed = {line.feeds for line in self.lines if line.feeds and line.point in asked}
        linked = {(line.rule, line.link) for line in self.lines if line.link and line.point in asked}
        kept = np.array(
            [
                line.rule in fed
                if line.sort is Sort.COMBINATION
                else line.point in asked or line.feeds in fed or (line.rule, line.link) in linked
                for line in self.lines
            ],
            bool,
        )
        lines = tuple(line for line, wanted in zip(self.lines, kept.tolist(), strict=True) if wanted)
        part = _columns(lines, sorted({line.point for line in lines}), (), ())
        return replace(part, inhibited=tuple(replace(one, lines=one.lines[kept]) for one in self.inhibited))

    @property
    def combinations(self) -> slice:
        """The lines behind those of the points."""
        return slice(int(self.first[-1]), len(self.lines))


def micros(moment: datetime) -> Micros:
    """Microseconds since 1970."""
    whole = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds


def compiled(
    rules: Sequence[AlarmRule], points: Mapping[str, Point], inhibitions: Sequence[AlarmInhibition] = ()
) -> Compiled:
    """The rules in force over the points there are; a rule that has a fault is left out, and said so."""
    sound, left_out = [], []
    for rule in in_force(rules):
        faults = rule_faults(rule, points)
        left_out += [Fault(field=f.field, value=f.value, rule=f.rule, key=rule.code) for f in faults]
        if not faults:
            sound.append(rule)
    made = [line for rule in sound for line in _lines(rule, points)]
    names = sorted({line.point for line in made})
    at = {name: n for n, name in enumerate(names)}
    of_points = sorted((line for line in made if line.sort not in APART), key=lambda line: at[line.point])
    ordered = (*of_points, *(line for line in made if line.sort in APART))
    out = tuple(_inhibited(one, ordered, points) for one in inhibitions)
    return _columns(ordered, names, out, tuple(left_out))


def _columns(
    lines: tuple[Line, ...], names: list[str], inhibited: tuple[Inhibited, ...], left_out: tuple[Fault, ...]
) -> Compiled:
    at = {name: n for n, name in enumerate(names)}
    combination = {line.rule: n for n, line in enumerate(lines) if line.sort is Sort.COMBINATION}
    windows = sorted({line.schedule for line in lines if line.schedule})
    point = np.array([at[line.point] for line in lines], np.int64)
    sort = np.array([line.sort for line in lines], np.int8)
    sign = np.array([1.0 if line.condition.upward else -1.0 for line in lines])
    limit = np.array([line.limit for line in lines], np.float64)
    own = point[~np.isin(sort, APART)]
    links = {(line.rule, line.link): n for n, line in enumerate(lines) if line.sort is Sort.LINK}
    feeds = np.array([combination.get(line.feeds, -1) for line in lines], np.int64)
    lowest, highest = np.full(len(names), -np.inf), np.full(len(names), np.inf)
    limits = sort == Sort.LIMIT
    np.maximum.at(lowest, point[limits & (sign < 0)], limit[limits & (sign < 0)])
    np.minimum.at(highest, point[limits & (sign > 0)], limit[limits & (sign > 0)])
    busy = np.zeros(len(names), bool)
    busy[point[(sort == Sort.RATE) | (feeds >= 0)]] = True
    rated = np.unique(point[sort == Sort.RATE])
    ring = np.full(len(names), -1, np.int64)
    ring[rated] = np.arange(len(rated))
    span = np.array([line.span for line in lines], np.int64)
    silence = np.full(len(names), NEVER)
    np.minimum.at(silence, point[sort == Sort.SILENCE], span[sort == Sort.SILENCE])
    return Compiled(
        lines=lines, points=pa.array(names, pa.string()), first=np.searchsorted(own, np.arange(len(names) + 1)),
        point=point, sort=sort, sign=sign, limit=limit,
        reset=limit - sign * np.array([line.dead_band for line in lines], np.float64),
        on=np.array([line.on for line in lines], np.int64), off=np.array([line.off for line in lines], np.int64),
        span=span, valid_from=np.array([line.valid[0] for line in lines], np.int64),
        valid_to=np.array([line.valid[1] for line in lines], np.int64),
        schedule=np.array([windows.index(line.schedule) if line.schedule else -1 for line in lines], np.int64),
        masks=np.array([week_mask(one) for one in windows], bool).reshape(len(windows), MINUTES_A_WEEK), feeds=feeds,
        needed=np.array([line.needed for line in lines], np.int64), told=feeds < 0,
        link=np.array(
            [links.get((line.rule, line.link), -1) if line.sort is Sort.SILENCE else -1 for line in lines], np.int64
        ),
        gather=np.array([line.gather for line in lines], np.int64), lowest=lowest, highest=highest,
        busy=busy, ring=ring, rings=len(rated), silence=silence,
        inhibited=inhibited, left_out=left_out,
    )  # fmt: skip


def _inhibited(given: AlarmInhibition, lines: tuple[Line, ...], known: Mapping[str, Point]) -> Inhibited:
    """The lines an inhibition takes out inside its area; of points alone it reaches a combination by its terms only."""
    points = frozenset(given.points)

    def hit_by(line: Line) -> bool:
        if not known[line.point].within(given.area):
            return False
        if line.sort is Sort.COMBINATION:
            return not points and given.rule == line.rule
        return given.rule in ("", line.rule) and (not points or line.point in points) and bool(points or given.rule)

    hit = [hit_by(line) for line in lines]
    return Inhibited(
        code=given.code, starts=micros(given.starts), ends=micros(given.ends), lines=np.array(hit, bool)
    )  # fmt: skip


def _seconds(value: float | None) -> Micros:
    return round((value or 0.0) * 1_000_000)


def _lines(rule: AlarmRule, points: Mapping[str, Point]) -> Iterator[Line]:
    """Every line of one rule."""
    on, off = _seconds(rule.delay_on), _seconds(rule.delay_off)
    valid = (
        int(LONG_AGO) if rule.valid_from is None else micros(rule.valid_from),
        int(NEVER) if rule.valid_to is None else micros(rule.valid_to),
    )

    def line(point: Point, condition: Condition, sort: Sort, limit: float = float("nan"), **more: object) -> Line:
        given = {"dead_band": _dead_band(rule, point), "on": on, "off": off, "unit": point.unit, **more}
        if "feeds" not in more:
            given |= {"valid": valid, "schedule": rule.schedule}
        return Line(
            rule=rule.code, point=point.code, condition=condition, sort=sort, level=level_of(rule, condition),
            limit=limit, **given,  # type: ignore[arg-type]
        )  # fmt: skip

    every = chosen(rule, points)
    for point in every:
        match rule.kind:
            case Kind.LIMITS:
                for condition in (Condition(one) for one in rule.limits):
                    limit = limit_of(rule, point, condition)
                    if limit is not None:
                        yield line(point, condition, Sort.LIMIT, limit)
            case Kind.RATE:
                span, unit = _seconds(rule.rate_window), f"{point.unit}/min"
                if rule.rate_up is not None:
                    yield line(point, Condition.RISE, Sort.RATE, rule.rate_up, span=span, unit=unit)
                if rule.rate_down is not None:
                    yield line(point, Condition.FALL, Sort.RATE, -rule.rate_down, span=span, unit=unit)
    if rule.kind == Kind.SILENCE:
        yield from _silences(rule, every, line)
    if rule.kind == Kind.COMBINATION:
        yield from _combination(rule, points, line)


def _silences(rule: AlarmRule, points: Sequence[Point], line) -> Iterator[Line]:  # type: ignore[no-untyped-def]
    """A line for each point, and one for those of a gateway that are given as long: of others nothing is known yet."""
    given: defaultdict[str, list[Point]] = defaultdict(list)
    spans = {}
    for point in points:
        counted = (rule.silence_intervals or 0) * (point.interval or 0)
        span = _seconds(counted or rule.silence)
        spans[point.code] = span + _seconds(rule.delay_on) if span else 0
        if span and point.link and rule.link_share is not None:
            given[f"{point.link}|{span}"].append(point)
    links = {point.code: link for link, carried in given.items() if len(carried) > 1 for point in carried}
    for point in points:
        if span := spans[point.code]:
            shared = {"link": links[point.code], "gather": _seconds(rule.link_gather)} if point.code in links else {}
            yield line(point, Condition.SILENCE, Sort.SILENCE, span / 1e6, span=span, unit="s", **shared)
    for link, carried in given.items():
        if len(carried) > 1:
            needed = max(2, ceil(len(carried) * (rule.link_share or 0) / 100))
            first = min(carried, key=lambda one: one.code)
            yield line(
                first, Condition.LINK, Sort.LINK, float(needed), needed=needed, link=link, dead_band=0.0, unit="个"
            )  # fmt: skip


def _combination(rule: AlarmRule, points: Mapping[str, Point], line) -> Iterator[Line]:  # type: ignore[no-untyped-def]
    found = [one for one in map(term, rule.terms) if one is not None]
    for one in found:
        point = points[one.point]
        limit = point.limits[one.condition] if one.value is None else one.value
        yield line(point, one.condition, Sort.LIMIT, limit, on=0, off=0, feeds=rule.code)
    needed = len(found) if rule.needed is None else rule.needed
    yield line(
        points[found[0].point], Condition.COMBINATION, Sort.COMBINATION, float(needed), needed=needed, dead_band=0.0,
        unit="",
    )  # fmt: skip


def _dead_band(rule: AlarmRule, point: Point) -> float:
    if rule.dead_band is not None:
        return rule.dead_band
    if rule.dead_band_percent is not None and point.span is not None:
        return point.span * rule.dead_band_percent / 100
    return 0.0
