"""A route as it is told: the line, the steps, the times, what it keeps out of and what is not known."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.clock import iso
from core.texts import Lang, Text
from core.units import Fraction, Kilogram, Metre, Second
from emergency.routing.avoiding import Avoidance
from emergency.routing.graph import RESTRICTED, Graph, Ints
from emergency.routing.passing import driven, exposed
from emergency.routing.snapping import OnRoad
from emergency.routing.tree import Leg
from emergency.routing.turning import SHARP, STRAIGHT
from gis.measure import Floats, distances
from gis.shapes import LonLat

ROUND = 179.0

UNKNOWN = Text(
    "未计入:实时路况、交通管制与施工、信号灯、路口禁转、车道宽度与转弯半径;通行时间按道路限速或等级推算,未经实测",
    "Not weighed: traffic, controls and works, signals, turn restrictions, widths and turning circles; times follow "
    "from speed limits or classes of road and were not measured",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One road driven on: how one turns into it, where, how far and how long; `waits` before it is entered."""

    turn: Text
    name: str
    kind: str
    place: LonLat
    length: Metre
    duration: Second
    waits: Second


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The least of the limits that signs give on the way."""

    height: Metre | None
    width: Metre | None
    weight: Kilogram | None
    hazchem_banned: bool
    restricted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The line on the roads from `start` to `end`; `avoids`: it is in no zone while that is there.

    `exposure` is the time in zones where no way avoids them, `crossed` their titles. `upwind` says whether the last
    part comes from upwind, None where that was not asked. `notices` say why it is as it is. `legs` are the
    arcs of the graph with their times, seconds since 1970.
    """

    shape: BaseGeometry
    start: OnRoad
    end: OnRoad
    departs: datetime
    arrives: datetime
    length: Metre
    straight: Metre
    steps: tuple[Step, ...]
    limits: Limits
    avoids: bool
    exposure: Second
    crossed: tuple[str, ...]
    upwind: bool | None
    notices: tuple[Text, ...]
    legs: tuple[Leg, ...]

    @property
    def duration(self) -> Second:
        """From setting out to being there, waiting included."""
        return (self.arrives - self.departs).total_seconds()

    @property
    def waits(self) -> Second:
        """How long one waits on the way for a zone or a closure to be over."""
        return sum(step.waits for step in self.steps)

    def geojson(self, lang: Lang) -> dict[str, Any]:
        """One feature, the words in one language."""
        return {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(self.shape),
            "properties": {
                "departs": iso(self.departs), "arrives": iso(self.arrives),
                "duration_s": round(self.duration, 1), "waits_s": round(self.waits, 1),
                "length_m": round(self.length, 1), "straight_m": round(self.straight, 1),
                "start_off_m": round(self.start.off, 1), "end_off_m": round(self.end.off, 1),
                "avoids": self.avoids, "exposure_s": round(self.exposure, 1), "crossed": list(self.crossed),
                "upwind": self.upwind,
                "limits": {
                    "height_m": self.limits.height, "width_m": self.limits.width, "weight_kg": self.limits.weight,
                    "hazchem_banned": self.limits.hazchem_banned, "restricted": self.limits.restricted,
                },
                "steps": [
                    {
                        "turn": step.turn.of(lang), "name": step.name, "kind": step.kind,
                        "at": [step.place.lon, step.place.lat], "length_m": round(step.length, 1),
                        "duration_s": round(step.duration, 1), "waits_s": round(step.waits, 1),
                    }
                    for step in self.steps
                ],
                "notices": [one.of(lang) for one in self.notices],
                "not_known": UNKNOWN.of(lang),
            },
        }  # fmt: skip

    def noted(self, *notices: Text, upwind: bool | None = None) -> "Route":
        """The same with something more to say."""
        return replace(self, notices=(*self.notices, *notices), upwind=self.upwind if upwind is None else upwind)


def told(graph: Graph, start: OnRoad, end: OnRoad, departs: datetime, legs: list[Leg], avoid: Avoidance) -> Route:
    """A found way as a route."""
    arcs = np.array([leg.arc for leg in legs])
    line, first = _line(graph, legs, arcs)
    exposure, crossed = _exposure(graph, legs, avoid, line)
    return Route(
        shape=line, start=start, end=end, departs=departs, arrives=datetime.fromtimestamp(legs[-1].arrives, UTC),
        length=sum(float(graph.length[leg.arc >> 1]) * (leg.end - leg.begin) for leg in legs),
        straight=float(distances(start.place, [end.place.lon], [end.place.lat])[0]),
        steps=_steps(graph, legs, arcs, departs.timestamp(), first), limits=_limits(graph, arcs >> 1),
        avoids=exposure == 0.0, exposure=exposure, crossed=crossed, upwind=None, notices=(), legs=tuple(legs),
    )  # fmt: skip


def _line(graph: Graph, legs: list[Leg], arcs: Ints) -> tuple[BaseGeometry, Floats]:
    """The line in degrees, and where each leg begins, shape (legs, 2)."""
    lines = graph.shapes[arcs >> 1]
    lines[(arcs & 1) == 1] = shapely.reverse(lines[(arcs & 1) == 1])
    for number in {0, len(legs) - 1}:
        leg = legs[number]
        if leg.begin > 0.0 or leg.end < 1.0:
            lines[number] = shapely.LineString(part_of(graph, leg.arc, leg.begin, leg.end))
    xy, of = shapely.get_coordinates(lines, return_index=True)
    first = xy[np.searchsorted(of, np.arange(len(legs)))]
    fresh = np.ones(len(xy), dtype=bool)
    fresh[1:] = (xy[1:] != xy[:-1]).any(axis=1)
    xy = xy[fresh]
    return shapely.LineString(xy if len(xy) > 1 else np.vstack([xy, xy])), first


def part_of(graph: Graph, arc: int, begin: Fraction, end: Fraction) -> Floats:
    """The points of a part of an arc in degrees, as it is driven; those between its ends are the road's own."""
    xy = shapely.get_coordinates(graph.shapes[arc >> 1])
    flat = shapely.get_coordinates(graph.flat[arc >> 1])
    if arc & 1:
        xy, flat = xy[::-1], flat[::-1]
    step = np.hypot(*np.diff(flat, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(step)])
    at /= at[-1]
    between = (at > begin) & (at < end)
    cut = np.column_stack([np.interp([begin, end], at, xy[:, axis]) for axis in (0, 1)])
    return np.vstack([cut[:1], xy[between], cut[1:]])


def _exposure(graph: Graph, legs: list[Leg], avoid: Avoidance, line: BaseGeometry) -> tuple[Second, tuple[str, ...]]:
    seconds = 0.0
    for leg in legs:
        spans = avoid.inside.get(leg.arc >> 1)
        if spans:
            seconds += exposed(driven(spans, leg.arc), leg.begin, leg.end, float(graph.time[leg.arc]), leg.leaves)
    if seconds <= TOUCH:
        return 0.0, ()
    titles = [zone.title for zone in avoid.zones if shapely.intersects(zone.shape, line)]
    return seconds, tuple(dict.fromkeys(titles))


WAITED: Second = 0.01
TOUCH: Second = 1e-4
"""Less is the width of a hair by which parts in zones are widened."""


def _steps(graph: Graph, legs: list[Leg], arcs: Ints, departs: Second, first: Floats) -> tuple[Step, ...]:
    rows, turns = graph.road[arcs >> 1], graph.turns
    angles = np.zeros(len(arcs))
    angles[1:] = (turns.begin[arcs[1:]] - turns.end[arcs[:-1]] + 180.0) % 360.0 - 180.0
    found: list[list[Any]] = []
    before = departs
    for number, (leg, row, angle) in enumerate(zip(legs, rows.tolist(), angles.tolist(), strict=True)):
        waits = leg.leaves - before - leg.turn
        waits = waits if waits > WAITED else 0.0
        length = float(graph.length[leg.arc >> 1]) * (leg.end - leg.begin)
        name, round_ = graph.roads.name[row], number > 0 and leg.arc == legs[number - 1].arc ^ 1
        same = found and name == graph.roads.name[found[-1][0]] and (name or row == found[-1][0])
        if same and not waits and not round_:
            found[-1][3] += length
            found[-1][4] += leg.arrives - before
        else:
            word = Text("出发", "Set out") if number == 0 else _word(180.0 if round_ else angle)
            found.append([row, word, first[number], length, leg.arrives - before - waits, waits])
        before = leg.arrives
    return tuple(
        Step(
            turn=word, name=str(graph.roads.name[row]), kind=str(graph.roads.kind[row]),
            place=LonLat(float(place[0]), float(place[1])), length=length, duration=duration, waits=waits,
        )
        for row, word, place, length, duration, waits in found
    )  # fmt: skip


def _word(angle: float) -> Text:
    if abs(angle) >= ROUND:
        return Text("掉头", "Turn round")
    if abs(angle) < STRAIGHT:
        return Text("直行", "Straight on")
    sharp = Text("急", "sharp ") if abs(angle) > SHARP else Text("", "")
    side = Text("右转", "right") if angle > 0 else Text("左转", "left")
    return Text(f"{sharp.zh}{side.zh}", f"Turn {sharp.en}{side.en}")


def _limits(graph: Graph, edges: Ints) -> Limits:
    rows, roads = graph.road[edges], graph.roads

    def least(values: Floats) -> float | None:
        here = values[rows]
        return None if np.isnan(here).all() else float(np.nanmin(here))

    return Limits(
        height=least(roads.height_limit), width=least(roads.width_limit), weight=least(roads.weight_limit),
        hazchem_banned=bool(roads.hazchem_banned[rows].any()),
        restricted=bool(np.isin(roads.access[rows], RESTRICTED).any()),
    )  # fmt: skip
