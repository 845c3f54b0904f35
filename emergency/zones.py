"""Zones on the ground: where a level is reached, drawn round the source, with how far each may be believed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text
from core.units import Degree, Metre, Second, SquareMetre
from emergency.model import Check
from gis.measure import area, distances
from gis.placing import ahead, sector, turned
from gis.shapes import LonLat, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What is drawn: AEGL-2, 12.5 kW/m², 1 % lethality …; `severity` orders levels of one scenario, 1 the worst.

    `value` is in `unit` as the level was published. `averaging_time` None: the level knows none (heat, pressure).
    `row` names the published limit it is; a level of one's own has none.
    """

    name: Text
    value: float
    unit: str
    severity: int
    verified: bool
    source: str = ""
    averaging_time: Second | None = None
    row: str = ""

    @property
    def id(self) -> str:
        """What makes it the same level in another result, however it is called there: its row, else what it says."""
        over = "" if self.averaging_time is None else f"/{self.averaging_time:g}s"
        return self.row or f"{self.value:g} {self.unit}{over}"


class Cut(StrEnum):
    """Why a zone ends before its level does."""

    NONE = "none"
    MODEL_RANGE = "model-range"
    DURATION = "duration"
    GRID = "grid"

    @property
    def text(self) -> Text:
        """What stands beside the zone."""
        return CUTS[self]


SLIVER = 1e-9
"""Of a zone: shared corners, rounded twice, stick out by as much."""

OVER_CHORD = 1.0 / np.cos(np.radians(0.5))
"""Arcs are drawn as chords of one degree: so much farther out, none of them cuts a zone's tip off."""

CUTS = {
    Cut.NONE: Text("完整", "whole"),
    Cut.MODEL_RANGE: Text("在模型适用距离处截断,实际可能更远", "cut at the model's range; it may reach farther"),
    Cut.DURATION: Text("在计算时长处截断,实际可能更远", "cut at the time computed; it may reach farther"),
    Cut.GRID: Text("在计算网格边缘截断,实际可能更远", "cut at the edge of the grid; it may reach farther"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """How near and how far a level may reach by what is published, and by what that is."""

    least: Metre
    most: Metre
    basis: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where a level is reached. `distance` is from the source to the farthest point; a level never reached is empty.

    `band` is where the zone may lie when the wind turns, or the method is off (`ends`); `checks` are the conditions of
    the models it came from.
    """

    level: Level
    source: LonLat
    shape: Shape
    distance: Metre
    area: SquareMetre
    model: str
    checks: tuple[Check, ...] = ()
    cut: Cut = Cut.NONE
    band: Shape | None = None
    ends: Ends | None = None

    @property
    def reached(self) -> bool:
        """The level is reached anywhere."""
        return not self.shape.is_empty

    @property
    def valid(self) -> bool:
        """The models were used for what they were published for."""
        return all(one.holds for one in self.checks)

    @property
    def verified(self) -> bool:
        """The level was held against its source; what is not is hatched and marked wherever it is shown."""
        return self.level.verified


def downwind_zone(
    level: Level,
    source: LonLat,
    wind_from: Degree,
    outline: BaseGeometry | ArrayLike,
    *,
    model: str,
    checks: tuple[Check, ...] = (),
    cut: Cut = Cut.NONE,
) -> Zone:
    """A zone from its outline in metres, x downwind and y to the left of it, as a ring of (n, 2) or a geometry.

    `wind_from` is where the wind comes from, degrees clockwise from north, as weather stations say it.
    """
    return _zone(level, source, ahead(_drawn(outline), source, _downwind(wind_from)), model, checks, cut)


def circle_zone(
    level: Level,
    source: LonLat,
    radius: Metre,
    *,
    model: str,
    checks: tuple[Check, ...] = (),
    cut: Cut = Cut.NONE,
    centre: LonLat | None = None,
) -> Zone:
    """A zone as far in all directions; `centre` where it is not the source (a cloud that drifted before it blew up)."""
    drawn = sector(centre or source, radius, 0.0, 360.0) if radius > 0.0 else shapely.Polygon()
    return _zone(level, source, drawn, model, checks, cut)


def with_band(zone: Zone, wind_from: Degree, spread: Degree) -> Zone:
    """The zone with where it may lie when the wind's direction is within `spread` degrees on either side.

    The band is the slice of a circle as far as the zone reaches, and the zone itself in both outermost directions.
    """
    if not 0.0 <= spread <= 180.0:
        raise BadInputError(
            Text(f"风向偏差 {spread:g}° 不在 0–180° 内", f"spread {spread:g} deg is not within 0–180"),
            field="spread", value=spread,
        )  # fmt: skip
    if not zone.reached:
        return replace(zone, band=zone.shape)
    axis = _downwind(wind_from)
    parts = [zone.shape, turned(zone.shape, zone.source, -spread), turned(zone.shape, zone.source, spread)]
    if spread > 0.0:
        parts.append(sector(zone.source, zone.distance * OVER_CHORD, axis - spread, axis + spread))
    return replace(zone, band=shapely.union_all(parts))


def nested(zones: Sequence[Zone]) -> tuple[Zone, ...]:
    """Zones of one source, worst level first, each holding those before it.

    Where a milder level was cut short or averaged otherwise, its zone is widened by the worse one's: nobody is told a
    place is safer than it is.
    """
    found: list[Zone] = []
    within: BaseGeometry = shapely.Polygon()
    for zone in sorted(zones, key=lambda one: one.level.severity):
        if shapely.area(shapely.difference(within, zone.shape)) > SLIVER * shapely.area(within):
            whole = shapely.union_all([zone.shape, within])
            zone = replace(zone, shape=whole, area=area(whole), distance=_farthest(zone.source, whole))
        within = zone.shape
        found.append(zone)
    return tuple(found)


def zones_frame(zones: Sequence[Zone]) -> gpd.GeoDataFrame:
    """Zones as rows, outermost first so that the worst is drawn last."""
    drawn = sorted(zones, key=lambda one: -one.level.severity)
    columns = {
        "severity": [one.level.severity for one in drawn],
        "level_zh": [one.level.name.zh for one in drawn],
        "level_en": [one.level.name.en for one in drawn],
        "value": [one.level.value for one in drawn],
        "unit": [one.level.unit for one in drawn],
        "averaging_time": [one.level.averaging_time for one in drawn],
        "verified": [one.verified for one in drawn],
        "valid": [one.valid for one in drawn],
        "reached": [one.reached for one in drawn],
        "cut": [one.cut.value for one in drawn],
        "distance": [one.distance for one in drawn],
        "area": [one.area for one in drawn],
        "model": [one.model for one in drawn],
    }
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([one.shape for one in drawn], crs=4490))


def _downwind(wind_from: Degree) -> Degree:
    if not 0.0 <= wind_from <= 360.0:
        raise BadInputError(
            Text(f"风向 {wind_from:g}° 不在 0–360° 内", f"wind_from {wind_from:g} deg is not within 0–360"),
            field="wind_from", value=wind_from,
        )  # fmt: skip
    return (wind_from + 180.0) % 360.0


def _drawn(outline: BaseGeometry | ArrayLike) -> BaseGeometry:
    if isinstance(outline, BaseGeometry):
        return shapely.make_valid(outline)
    ring = np.asarray(outline, dtype=float)
    if ring.size == 0:
        return shapely.Polygon()
    if ring.ndim != 2 or ring.shape[1] != 2 or not np.isfinite(ring).all():
        raise BadInputError(
            Text("轮廓应为 (n, 2) 的有限数,单位米", "an outline is (n, 2) finite metres"), field="outline"
        )
    return shapely.make_valid(shapely.Polygon(ring)) if len(ring) >= 3 else shapely.Polygon()


def _zone(level: Level, source: LonLat, shape: BaseGeometry, model: str, checks: tuple[Check, ...], cut: Cut) -> Zone:
    return Zone(
        level=level, source=source, shape=shape, distance=_farthest(source, shape), area=area(shape), model=model,
        checks=checks, cut=cut,
    )  # fmt: skip


def _farthest(source: LonLat, shape: BaseGeometry) -> Metre:
    corners = shapely.get_coordinates(shape)
    return float(distances(source, corners[:, 0], corners[:, 1]).max()) if len(corners) else 0.0
