"""A route as it is told: the line, the steps, the times, what it keeps out of and what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isnan
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.clock import iso
from core.texts import Lang, Text
from core.units import Kilogram, Metre, Second
from emergency.routing.avoiding import Avoidance
from emergency.routing.graph import Graph
from emergency.routing.passing import driven, exposed
from emergency.routing.snapping import OnRoad
from emergency.routing.tree import Leg
from emergency.routing.turning import SHARP, STRAIGHT
from gis.measure import distance
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


NO_SIGN = Limits(height=None, width=None, weight=None, hazchem_banned=False, restricted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The line on the roads from `start` to `end`, by its points; `avoids`: it is in no zone while that is there.

    `exposure` is the time in zones where no way avoids them, `crossed` their titles; `ends_inside`: the time on the way
    alone, as the end itself lies in a zone and nobody knows for how long one stays. `upwind` says whether the last
    part comes from upwind, None where that was not asked. `notices` say why it is as it is. `legs` are the
    arcs of the graph with their times, seconds since 1970.
    """

    points: list[list[float]]
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
    ends_inside: bool = False

    @property
    def shape(self) -> BaseGeometry:
        """The line."""
        return shapely.LineString(self.points)

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
            "geometry": {"type": "LineString", "coordinates": self.points},
            "properties": {
                "departs": iso(self.departs), "arrives": iso(self.arrives),
                "duration_s": round(self.duration, 1), "waits_s": round(self.waits, 1),
                "length_m": round(self.length, 1), "straight_m": round(self.straight, 1),
                "start_off_m": round(self.start.off, 1), "end_off_m": round(self.end.off, 1),
                "avoids": self.avoids, "exposure_s": round(self.exposure, 1), "crossed": list(self.crossed),
                "ends_inside": self.ends_inside,
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
        if not notices and upwind is None:
            return self
        return replace(self, notices=(*self.notices, *notices), upwind=self.upwind if upwind is None else upwind)


def told(graph: Graph, start: OnRoad, end: OnRoad, departs: datetime, legs: list[Leg], avoid: Avoidance) -> Route:
    """A found way as a route."""
    arcs = [leg.arc for leg in legs]
    points = graph.lines.joined(arcs, legs[0].begin, legs[-1].end).tolist()
    if len(points) == 1:
        points *= 2
    length = graph.length.item
    lengths = [(leg.end - leg.begin) * length(leg.arc >> 1) for leg in legs]
    exposure, crossed = _exposure(graph, legs, avoid, points)
    return Route(
        points=points, start=start, end=end, departs=departs, arrives=datetime.fromtimestamp(legs[-1].arrives, UTC),
        length=sum(lengths), straight=distance(start.place, end.place),
        steps=_steps(graph, legs, departs.timestamp(), lengths, LonLat(*points[0])), limits=_limits(graph, arcs),
        avoids=exposure == 0.0, exposure=exposure, crossed=crossed, upwind=None, notices=(), legs=tuple(legs),
    )  # fmt: skip


def _exposure(
    graph: Graph, legs: list[Leg], avoid: Avoidance, points: list[list[float]]
) -> tuple[Second, tuple[str, ...]]:
    if not avoid.inside.meets([leg.arc >> 1 for leg in legs]):
        return 0.0, ()
    seconds = 0.0
    for leg in legs:
        spans = avoid.inside.get(leg.arc >> 1)
        if spans:
            seconds += exposed(driven(spans, leg.arc), leg.begin, leg.end, float(graph.time[leg.arc]), leg.leaves)
    if seconds <= TOUCH:
        return 0.0, ()
    line = shapely.LineString(points)
    titles = [zone.title for zone in avoid.zones if shapely.intersects(zone.shape, line)]
    return seconds, tuple(dict.fromkeys(titles))


WAITED: Second = 0.01
TOUCH: Second = 1e-4
"""Less is the width of a hair by which parts in zones are widened."""


def _steps(graph: Graph, legs: list[Leg], departs: Second, lengths: list[Metre], begin: LonLat) -> tuple[Step, ...]:
    row_of, name_of, kind_of = graph.road.item, graph.roads.name.item, graph.roads.kind.item
    found: list[Step] = []
    road = row_of(legs[0].arc >> 1)
    name, word, place, waited = name_of(road), OUT, begin, legs[0].leaves - departs
    waited = waited if waited > WAITED else 0.0
    metres, since, before, last = 0.0, departs + waited, departs + waited, legs[0].arc
    for (arc, _, _, turn, leaves, arrives), length in zip(legs, lengths, strict=True):
        waits, row = leaves - before - turn, row_of(arc >> 1)
        if waits > WAITED or arc ^ 1 == last or (row != road and (not name or name_of(row) != name)):
            found.append(
                Step(
                    turn=word, name=name, kind=kind_of(road), place=place, length=metres, duration=before - since,
                    waits=waited,
                )
            )  # fmt: skip
            waited = waits if waits > WAITED else 0.0
            metres, since, name, road, place = 0.0, before + waited, name_of(row), row, graph.lines.first(arc)
            word = ROUND_WORD if arc ^ 1 == last else _word(graph.turns.angle(last, arc))
        metres += length
        before, last = arrives, arc
    found.append(
        Step(
            turn=word, name=name, kind=kind_of(road), place=place, length=metres, duration=before - since, waits=waited
        )
    )
    return tuple(found)


OUT = Text("出发", "Set out")
ROUND_WORD, AHEAD = Text("掉头", "Turn round"), Text("直行", "Straight on")
RIGHT, LEFT = Text("右转", "Turn right"), Text("左转", "Turn left")
SHARP_RIGHT, SHARP_LEFT = Text("急右转", "Turn sharp right"), Text("急左转", "Turn sharp left")


def _word(angle: float) -> Text:
    if abs(angle) >= ROUND:
        return ROUND_WORD
    if abs(angle) < STRAIGHT:
        return AHEAD
    if abs(angle) > SHARP:
        return SHARP_RIGHT if angle > 0 else SHARP_LEFT
    return RIGHT if angle > 0 else LEFT


def _limits(graph: Graph, arcs: Sequence[int]) -> Limits:
    signed = graph.signed
    edges = [arc >> 1 for arc in arcs if arc >> 1 in signed]
    if not edges:
        return NO_SIGN
    limits, flags = graph.signs
    least = [None if isnan(one) else one for one in np.fmin.reduce(limits[edges]).tolist()]
    banned, restricted = flags[edges].any(axis=0).tolist()
    return Limits(height=least[0], width=least[1], weight=least[2], hazchem_banned=banned, restricted=restricted)
