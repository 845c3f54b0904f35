"""What the public meets in the place of exact positions: the stored copy's values, and rows masked one by one."""

import numpy as np
import orjson
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from core.canonical import canonical_json
from core.scope import Scope
from gis.rounding import rounded
from layers.filters import GEOMETRY
from layers.layer import Layer
from store.geometries import bounds_of, points_column, wkb_of


def masks(layer: Layer, shapes: np.ndarray) -> np.ndarray:
    """The masked copy of a column of points, none where there is none."""
    x, y = rounded(shapely.get_x(shapes), shapely.get_y(shapes), layer.cell)
    found = np.full(len(shapes), None, dtype=object)
    there = ~np.isnan(x)
    found[there] = shapely.points(x[there], y[there])
    return found


def masked_column(layer: Layer, column: pa.Array) -> pa.Array:
    """The masked copy of a column of WKB points."""
    west, south, _, _ = bounds_of(column).T
    return points_column(*rounded(west, south, layer.cell))


def place_for(layer: Layer, place: BaseGeometry | None, scope: Scope) -> BaseGeometry | None:
    """A row's geometry as this caller meets it."""
    if place is None or not layer.masked(scope):
        return place
    found: BaseGeometry = masks(layer, np.array([place], dtype=object))[0]
    return found


def body_for(layer: Layer, body: bytes, scope: Scope) -> bytes:
    """A version's canonical body as this caller meets it."""
    if not layer.masked(scope):
        return body
    plain = orjson.loads(body)
    kept = plain.get(GEOMETRY)
    if kept is None:
        return body
    wkb = wkb_of(masks(layer, np.array([shapely.from_wkb(kept)], dtype=object)))[0]
    return canonical_json(plain | {GEOMETRY: wkb.hex() if wkb else None})


def signature(layer: Layer) -> str:
    """What a store writes down of how the masked copy was made, to make it anew when that changes."""
    return f"{layer.cell:g} m" if layer.cell else ""
