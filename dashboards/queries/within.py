"""What lies inside a circle or polygon drawn on the map, with distance and phone, nearest first."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from core.scope import Scope
from core.texts import Lang
from core.units import Metre
from dashboards.queries.wording import code_label
from gis import measure
from gis.measure import Floats
from gis.shapes import LonLat
from layers.catalogue.registered import Registered
from layers.filters import Missing, Spatial, SpatialOp, every
from layers.layer import Geometry, Layer
from store.protocol import Store
from store.query import Query

ROWS_AT_ONCE = 500
KIND = "kind"


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
    """A drawn polygon, distances from its centroid; one that crosses itself holds what the map paints: even-odd."""
    shape = shapely.make_valid(shapely.Polygon([(p.lon, p.lat) for p in ring]))
    if shape.geom_type == "GeometryCollection":
        shape = shapely.union_all([part for part in shapely.get_parts(shape) if part.area > 0])
    return Reach(shape=shape, centre=LonLat(shape.centroid.x, shape.centroid.y))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows of one layer inside, nearest first, with the way to each from the centre (metres, degrees)."""

    layer: Layer
    table: pa.Table
    distance: Floats
    bearing: Floats
    lon: Floats
    lat: Floats

    def nearest(self, most: int) -> "Found":
        """The first so many."""
        table = self.table.slice(0, most)
        cut = {name: getattr(self, name)[:most] for name in ("distance", "bearing", "lon", "lat")}
        return Found(layer=self.layer, table=table, **cut)

    @property
    def labels(self) -> list[str]:
        """What each row is called: its label, or its key where the label is kept from the caller."""
        label = self.layer.label
        words: list[str] = self.table[label if label in self.table.column_names else self.layer.key].to_pylist()
        return words


def phone_fields(layer: Layer, scope: Scope) -> tuple[list[str], bool]:
    """The telephone fields the caller may see, and whether all that there are are kept from them."""
    phones, seen = [name for name in layer.fields if "phone" in name], layer.fields_in(scope)
    shown = [name for name in phones if name in seen]
    return shown, bool(phones) and not shown


def phones(table: pa.Table, fields: list[str]) -> list[str | None]:
    """The number to call in each row: of these fields the first that is filled."""
    if not fields:
        return [None] * table.num_rows
    filled = [pc.if_else(pc.equal(table[name], ""), None, table[name]) for name in fields]
    numbers: list[str | None] = pc.coalesce(*filled).to_pylist()
    return numbers


def asked(layer: Layer, reach: Reach, scope: Scope, more: tuple[str, ...] = ()) -> Query:
    """The rows of a layer inside, with key, label, telephones and the further fields that the caller may see.

    Who was taken off a register is not called: of registers the rows that stand or are in hand.
    """
    seen, (shown, _) = layer.fields_in(scope), phone_fields(layer, scope)
    fields = tuple(dict.fromkeys(f for f in (layer.key, layer.label, *shown, *more) if f and f in seen))
    where = every(reach.condition, Missing("closed_at")) if issubclass(layer.record, Registered) else reach.condition
    return Query(where=where, fields=fields)


def found(layer: Layer, table: pa.Table, reach: Reach) -> Found:
    """The rows that `asked` gave, in order of their distance."""
    table = table.filter(pc.is_valid(table["geometry"]))
    place = shapely.point_on_surface(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    lon, lat = shapely.get_x(place), shapely.get_y(place)
    metres, degrees = measure.directions(reach.centre, lon, lat) if table.num_rows else (np.empty(0), np.empty(0))
    near = np.argsort(metres, kind="stable")
    way = {"distance": metres[near], "bearing": degrees[near], "lon": lon[near], "lat": lat[near]}
    return Found(layer=layer, table=table.take(near), **way)


def kinds(layer: Layer, table: pa.Table, lang: Lang) -> list[str]:
    """What each row is, in words; no words of layers whose rows have no coded kind the caller may see."""
    codes = layer.fields["kind"].codes if KIND in table.column_names else None
    return [] if codes is None else [code_label(codes, one, lang) for one in table[KIND].to_pylist()]


def _inside(store: Store, layer: Layer, reach: Reach, scope: Scope, lang: Lang) -> dict[str, Any]:
    near = found(layer, store.read(layer, asked(layer, reach, scope, (KIND,)), scope=scope), reach)
    shown, (fields, kept) = near.nearest(ROWS_AT_ONCE), phone_fields(layer, scope)
    return {
        "layer": layer.id,
        "title": layer.title.of(lang),
        "count": near.table.num_rows,
        "keys": shown.table[layer.key].to_pylist(),
        "label": shown.labels,
        "phone": phones(shown.table, fields),
        "phone_kept": kept,
        "kind": kinds(layer, shown.table, lang),
        "distance": np.round(shown.distance, 1),
        "lon": shown.lon.round(6),
        "lat": shown.lat.round(6),
    }


def placed(layers: list[Layer]) -> list[Layer]:
    """Those of the layers that have places."""
    return [layer for layer in layers if layer.geometry is not Geometry.NONE]


def inside(store: Store, layers: list[Layer], reach: Reach, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """One block per layer with places; every row inside is counted, the nearest `ROWS_AT_ONCE` are listed."""
    return [_inside(store, layer, reach, scope, lang) for layer in placed(layers)]
