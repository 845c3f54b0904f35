"""When a cloud comes to places: the times on its axis, and its zone as parts that come one after another."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.texts import Text
from core.units import Degree, Metre, Second
from emergency.chain import field_in, part_of
from emergency.field import Measure, UntimedField
from emergency.routing import Zone as Avoided
from emergency.scenario import Scenario
from emergency.zones import Zone
from gis.measure import distances
from gis.placing import ahead, along_and_left
from gis.shapes import LonLat

PARTS = 12
"""Into so many parts along the wind a zone is cut: each counts as reached when its nearest edge is."""
CLOSE: Metre = 20.0
"""How finely outlines are cut to find where they are reached first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The times at distances downwind, in seconds since the release began; none where a zone is there at any time.

    `first` is when anything comes, `gone` when nothing is left; infinite where nobody knows an end.
    """

    source: LonLat
    wind_from: Degree
    timing: Text
    downwind: tuple[Metre, ...] = ()
    first: tuple[Second, ...] = ()
    gone: tuple[Second, ...] = ()

    @property
    def timed(self) -> bool:
        """It comes with the wind; else it is there from the start, or may be at any time."""
        return bool(self.downwind)

    def comes(self, shape: BaseGeometry) -> Second:
        """When it first comes to any part of a shape: 0 from the start, upwind of the source, or untimed."""
        return float(np.interp(self._spread(shape)[0], self.downwind, self.first)) if self.timed else 0.0

    def goes(self, shape: BaseGeometry) -> Second:
        """When the last of it has left a shape; infinite where nobody knows."""
        return float(np.interp(self._spread(shape)[1], self.downwind, self.gone)) if self.timed else float("inf")

    def reach(self, shape: BaseGeometry) -> Second:
        """When it would first come to a shape if the wind turned to blow there."""
        if not self.timed:
            return 0.0
        corners = shapely.get_coordinates(shapely.segmentize(shape, CLOSE / 111_000.0))
        metres = distances(self.source, corners[:, 0], corners[:, 1])
        return float(np.interp(metres.min(), self.downwind, self.first))

    def _spread(self, shape: BaseGeometry) -> tuple[Metre, Metre]:
        fine = shapely.segmentize(shape, CLOSE / 111_000.0)
        corners = shapely.get_coordinates(fine)
        along, _ = along_and_left(self.source, (self.wind_from + 180.0) % 360.0, corners[:, 0], corners[:, 1])
        return float(along.min()), float(along.max())


def front_of(scenario: Scenario, farthest: Metre) -> Front:
    """The times of a computed scenario up to where its zones end: `scenario` names the model that answered."""
    wind_from, source = float(scenario.weather.wind_from), scenario.place.point
    field = field_in(part_of(scenario), scenario)
    if field.measure is not Measure.CONCENTRATION or isinstance(field, UntimedField) or not farthest > 0.0:
        return Front(source=source, wind_from=wind_from, timing=field.timing)
    metres = np.linspace(0.0, 1.1 * farthest, 4 * PARTS + 1)
    there = field.passage(metres, np.zeros(metres.size))
    first = np.maximum.accumulate(np.broadcast_to(np.asarray(there.first, dtype=float), metres.shape))
    gone = np.maximum.accumulate(np.broadcast_to(np.asarray(there.last, dtype=float), metres.shape))
    return Front(
        source=source, wind_from=wind_from, timing=field.timing, downwind=tuple(metres.tolist()),
        first=tuple(first.tolist()), gone=tuple(gone.tolist()),
    )  # fmt: skip


def avoided(zones: tuple[Zone, ...], front: Front, begun: datetime | None, title: str = "") -> tuple[Avoided, ...]:
    """What routes keep out of: the widest zone, in parts with times where the cloud's arrival is known.

    Without the time the release began, and where a zone has no times, it is there always: nobody is led into it.
    """
    reached = [one for one in zones if one.reached]
    if not reached:
        return ()
    widest = max(reached, key=lambda one: one.level.severity)
    name = title or widest.level.name.zh
    whole = shapely.union_all([one.shape for one in reached])
    if begun is None or not front.timed:
        return (Avoided(shape=_polygons(whole), title=name),)
    edges = np.linspace(0.0, widest.distance, PARTS + 1)
    wide = 1.1 * widest.distance + 10.0
    found = []
    for near, far in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        last = far >= widest.distance
        strip = shapely.box(-wide if near == 0.0 else near, -wide, wide if last else far, wide)
        part = shapely.intersection(whole, ahead(strip, front.source, (front.wind_from + 180.0) % 360.0))
        shape = _polygons(part)
        if shape.is_empty:
            continue
        begins = begun + timedelta(seconds=float(np.interp(near, front.downwind, front.first)))
        gone = float(np.interp(far if not last else front.downwind[-1], front.downwind, front.gone))
        ends = begun + timedelta(seconds=gone) if np.isfinite(gone) else None
        found.append(Avoided(shape=shape, title=name, begins=begins, ends=ends))
    return tuple(found)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """What of a shape has an extent: cutting leaves lines and points."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
