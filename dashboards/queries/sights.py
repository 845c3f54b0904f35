"""Which cameras look at a place: the nearest, how far each is, and whether its filed view and the terrain allow it."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.scope import Scope
from core.texts import Lang, Text
from core.units import Degree, Metre
from dashboards.queries.within import asked, circle, found
from gis import measure
from gis.shapes import Bounds, LonLat
from layers.catalogue.sensing import CAMERAS, Camera
from layers.coverage import TERRAIN
from layers.readers.rasters import grids
from store.protocol import Store
from store.rasters import RasterShelf
from video.geometry.sight import Optics, Relief, sight

MOST_CELLS = 9_000_000
"""Cells of terrain that are weighed at once, at most: two kilometres round in cells of 1.9 m."""

QUICK_CELLS = 250_000
"""The same for each of several cameras; a finer terrain is not weighed then, and that is said."""

NEAR: Metre = 2_000.0
MOST = 12

YES, UNKNOWN, NO = "yes", "unknown", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Whether a camera sees a place, and why so or why that is not known."""

    covers: str
    why: Text


def optics(camera: Camera, reach: Metre) -> Optics:
    """Where a camera stands and looks; all round where no direction or field of view is filed."""
    assert camera.geometry is not None
    middle = camera.geometry.centroid
    round_ = camera.azimuth is None or camera.field_of_view is None
    return Optics(
        place=LonLat(middle.x, middle.y), height=camera.height or 0.0, azimuth=camera.azimuth or 0.0,
        field_of_view=360.0 if round_ else camera.field_of_view or 360.0, reach=reach,
    )  # fmt: skip


def relief(
    shelf: RasterShelf | None, place: LonLat, reach: Metre, scope: Scope, most: int = MOST_CELLS
) -> tuple[Relief | None, str]:
    """The terrain in use round a place, and whose it is; none where there is none or the caller may not see it."""
    shelved = None if shelf is None else shelf.find(TERRAIN.id, scope)
    if shelved is None or not shelved.path.is_file():
        return None, ""
    box = Bounds(*measure.circle(place, reach * math.sqrt(2)).bounds)
    strips = grids(shelved.path, box, most)
    grid = next(strips, None)
    if grid is None or next(strips, None) is not None:
        return None, ""
    return Relief(heights=grid.values, bounds=grid.bounds), shelved.record.source


def off_axis(bearing: Degree, azimuth: Degree) -> Degree:
    """How far a direction is from another, 0 to 180.

    >>> off_axis(350.0, 20.0), off_axis(20.0, 350.0), off_axis(180.0, 0.0)
    (30.0, 30.0, 180.0)
    """
    return abs((bearing - azimuth + 180.0) % 360.0 - 180.0)


def cover(camera: Camera, place: LonLat, shelf: RasterShelf | None, scope: Scope) -> Cover:
    """Whether a camera with a position sees a place. Buildings and trees are never weighed."""
    assert camera.geometry is not None
    middle = camera.geometry.centroid
    metres, bearings = measure.directions(LonLat(middle.x, middle.y), [place.lon], [place.lat])
    away, bearing = max(float(metres[0]), 1.0), float(bearings[0])
    if camera.reach is not None and away > camera.reach:
        return Cover(
            covers=NO, why=Text(f"超出可视距离 {camera.reach:g} 米", f"beyond its reach of {camera.reach:g} m")
        )
    if camera.azimuth is None or camera.field_of_view is None:
        return Cover(covers=UNKNOWN, why=Text("方向或视场角未登记", "no direction or field of view is filed"))
    if off_axis(bearing, camera.azimuth) > camera.field_of_view / 2:
        if camera.kind == "ptz":
            return Cover(covers=UNKNOWN, why=Text("云台登记方向未对准,可转向", "filed direction is away; it can turn"))
        return Cover(covers=NO, why=Text("不在登记的方向内", "not in the filed direction"))
    ground, _ = (
        (None, "") if camera.height is None else relief(shelf, LonLat(middle.x, middle.y), away, scope, QUICK_CELLS)
    )
    view = sight(optics(camera, max(away * 1.02, away + 1.0)), ground)
    if view.hidden is not None and not shapely.dwithin(view.shape, shapely.Point(place.lon, place.lat), _cell(ground)):
        return Cover(covers=NO, why=Text("被地形遮挡", "hidden by the terrain"))
    if camera.reach is None:
        return Cover(covers=UNKNOWN, why=Text("方向对准,可视距离未登记", "it looks that way; no reach is filed"))
    if view.hidden is None:
        return Cover(
            covers=UNKNOWN, why=Text("方向和距离合适,未按地形计算", "in direction and reach; terrain not weighed")
        )
    return Cover(covers=YES, why=Text("视野覆盖,未计建筑物", "in its view, buildings not weighed"))


def _cell(ground: Relief | None) -> Degree:
    """Half a cell of the terrain: a place is in the cell it falls in, whose edges the shape of a view follows."""
    if ground is None:
        return 0.0
    west, south, east, north = ground.bounds
    rows, columns = ground.heights.shape
    return float(max((north - south) / rows, (east - west) / columns) / 2)


def near(
    store: Store, shelf: RasterShelf | None, place: LonLat, *, scope: Scope, lang: Lang, most: int = 4,
    within: Metre = NEAR, among: Collection[str] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The nearest cameras to a place: those known to see it first, then the others, each by distance.

    Each with distance, direction from the place, and whether its view covers it. Of the nearest `MOST`, of those
    `among` which it is asked, the view is weighed; none where cameras are not open to the caller.
    """
    layer = store.catalogue.find(CAMERAS.id, scope)
    if layer is None:
        return []
    reach = circle(place, within)
    wanted = ("kind", "height", "azimuth", "field_of_view", "reach", "state")
    table = store.read(layer, asked(layer, reach, scope, wanted), scope=scope)
    if among is not None:
        table = table.filter(pc.is_in(table[layer.key], pa.array(list(among), pa.string())))
    close = found(layer, table, reach).nearest(MOST)
    told: list[dict[str, Any]] = []
    for n, row in enumerate(close.table.drop_columns(["geometry"]).to_pylist()):
        camera = Camera(
            code=row["code"], name=close.labels[n][:80], kind=row.get("kind") or "fixed", height=row.get("height"),
            azimuth=row.get("azimuth"), field_of_view=row.get("field_of_view"), reach=row.get("reach"),
            geometry=shapely.Point(close.lon[n], close.lat[n]),
        )  # fmt: skip
        seen = cover(camera, place, shelf, scope)
        told.append(
            {
                "code": camera.code, "name": close.labels[n], "distance": round(float(close.distance[n]), 1),
                "bearing": round(float(close.bearing[n]), 1), "covers": seen.covers, "why": seen.why.of(lang),
                "lon": round(float(close.lon[n]), 6), "lat": round(float(close.lat[n]), 6),
            }
        )  # fmt: skip
    return sorted(told, key=lambda one: (one["covers"] != YES, one["distance"]))[:most]
