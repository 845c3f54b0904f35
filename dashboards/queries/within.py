"""What lies inside a circle or polygon drawn on the map, with distance and phone, nearest first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from core.scope import Scope
from core.texts import Lang
from core.units import Metre
from gis import measure
from gis.shapes import LonLat
from layers.filters import Spatial, SpatialOp
from layers.layer import Geometry, Layer
from store.protocol import Store
from store.query import Query

ROWS_AT_ONCE = 500
_EARTH = Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The area asked about: its outline or centre with a radius, and the point distances are counted from."""

    shape: BaseGeometry
    centre: LonLat
    radius: Metre | None = None

    @property
    def outline(self) -> BaseGeometry:
        """The area as a polygon; a circle with so many corners that it lacks 0.001 % of its area."""
        return self.shape if self.radius is None else measure.circle(self.centre, self.radius, corners=720)

    @property
    def condition(self) -> Spatial:
        """The filter for rows inside."""
        if self.radius is None:
            return Spatial(SpatialOp.INTERSECTS, self.shape)
        return Spatial(SpatialOp.DWITHIN, self.shape, self.radius)


def circle(centre: LonLat, radius: Metre) -> Reach:
    """A geodesic circle."""
    return Reach(shape=shapely.Point(centre.lon, centre.lat), centre=centre, radius=radius)


def polygon(ring: list[LonLat]) -> Reach:
    """A drawn polygon; distances count from its centroid."""
    shape = shapely.make_valid(shapely.Polygon([(p.lon, p.lat) for p in ring]))
    return Reach(shape=shape, centre=LonLat(shape.centroid.x, shape.centroid.y))


def _phones(table: pa.Table, fields: list[str]) -> list[str | None]:
    """The number to call in each row: of the fields the caller may see the first that is filled."""
    if not fields:
        return [None] * table.num_rows
    filled = [pc.if_else(pc.equal(table[name], ""), None, table[name]) for name in fields]
    found: list[str | None] = pc.coalesce(*filled).to_pylist()
    return found


def _inside(store: Store, layer: Layer, reach: Reach, scope: Scope, lang: Lang) -> dict[str, Any]:
    seen = layer.fields_in(scope)
    phones = [name for name in layer.fields if "phone" in name]
    open_phones = [name for name in phones if name in seen]
    fields = tuple(dict.fromkeys(f for f in (layer.key, layer.label, *open_phones) if f and f in seen))
    where = reach.condition
    table = store.read(layer, Query(where=where, fields=fields), scope=scope)
    table = table.filter(pc.is_valid(table["geometry"]))
    place = shapely.point_on_surface(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    lon, lat = shapely.get_x(place), shapely.get_y(place)
    here = np.full(table.num_rows, reach.centre.lon), np.full(table.num_rows, reach.centre.lat)
    metres = _EARTH.inv(*here, lon, lat)[2] if table.num_rows else np.empty(0)
    near = np.argsort(metres, kind="stable")
    shown = table.take(near[:ROWS_AT_ONCE])
    label = layer.label if layer.label in shown.column_names else layer.key
    return {
        "layer": layer.id,
        "title": layer.title.of(lang),
        "count": table.num_rows,
        "keys": shown[layer.key].to_pylist(),
        "label": shown[label].to_pylist(),
        "phone": _phones(shown, open_phones),
        "phone_kept": bool(phones) and not open_phones,
        "distance": np.round(metres[near[:ROWS_AT_ONCE]], 1),
        "lon": lon[near[:ROWS_AT_ONCE]].round(6),
        "lat": lat[near[:ROWS_AT_ONCE]].round(6),
    }


def inside(store: Store, layers: list[Layer], reach: Reach, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """One block per layer with places; every row inside is counted, the nearest `ROWS_AT_ONCE` are listed."""
    placed = [layer for layer in layers if layer.geometry is not Geometry.NONE]
    return [_inside(store, layer, reach, scope, lang) for layer in placed]
