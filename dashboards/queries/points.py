"""One layer as columns for the map canvas: compact, in one order, coordinates to about 0.1 m."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.scope import Scope
from dashboards.queries.selection import Selection, rows
from gis.shapes import Bounds
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

NO_SYMBOL = ""
SHAPES_AT_ONCE = 3000


def grades(table: pa.Table, field: str | None) -> np.ndarray:
    """Grade 1 (red) to 4 (blue) per row, 0 where there is none."""
    if field is None or field not in table.column_names:
        return np.zeros(table.num_rows, dtype=np.uint8)
    column = table[field]
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.is_in(column, value_set=pa.array(["1", "2", "3", "4"])), column, "0")
    filled = pc.fill_null(pc.cast(column, pa.int64()), 0)
    found = filled.to_numpy(zero_copy_only=False)
    return np.where((found >= 1) & (found <= 4), found, 0).astype(np.uint8)


def symbols(layer: Layer, table: pa.Table) -> tuple[list[str], np.ndarray]:
    """The symbols that occur, and for each row the place of its own among them."""
    style = layer.style
    if style.by is None or style.by not in table.column_names:
        return [style.symbol or NO_SYMBOL], np.zeros(table.num_rows, dtype=np.uint8)
    codes = pc.cast(table[style.by], pa.string()).combine_chunks().dictionary_encode()
    names = [style.symbols.get(code, style.symbol or NO_SYMBOL) for code in codes.dictionary.to_pylist()]
    picked = pc.fill_null(codes.indices, len(names)).to_numpy(zero_copy_only=False)
    return [*names, style.symbol or NO_SYMBOL], picked.astype(np.uint8)


def columns(store: Store, layer: Layer, chosen: Selection, *, scope: Scope) -> dict[str, Any]:
    """Keys, positions, grades, symbols and labels of a layer's rows that have a place, under scope and selection."""
    style = layer.style
    wanted = (layer.key, layer.label, style.grade, style.by)
    table = rows(store, layer, chosen, scope=scope, fields=tuple(f for f in wanted if f), geometry=True)
    if "geometry" not in table.column_names:
        return {
            "layer": layer.id,
            "keys": [],
            "lon": [],
            "lat": [],
            "grade": [],
            "symbol": [],
            "symbols": [],
            "label": [],
        }
    table = table.filter(pc.is_valid(table["geometry"]))
    geometry = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
    places = shapely.get_coordinates(shapely.point_on_surface(geometry)) if table.num_rows else np.empty((0, 2))
    names, picked = symbols(layer, table)
    label = layer.label if layer.label in table.column_names else layer.key
    return {
        "layer": layer.id,
        "keys": table[layer.key].to_pylist(),
        "lon": np.ascontiguousarray(places[:, 0].round(6)),
        "lat": np.ascontiguousarray(places[:, 1].round(6)),
        "grade": grades(table, style.grade),
        "symbol": picked,
        "symbols": names,
        "label": table[label].to_pylist(),
    }


def shapes(store: Store, layer: Layer, bbox: Bounds, *, scope: Scope) -> dict[str, Any]:
    """Lines and polygons of a layer in a box as GeoJSON; `more` says that some were left out.

    `grade` and `verified` are what the layer's style is drawn by, null where it names none or the caller may not know.
    """
    grade, verified = layer.style.grade, layer.style.verified
    fields = tuple(f for f in (layer.key, layer.label, grade, verified) if f and f in layer.fields_in(scope))
    query = Query(bbox=bbox, fields=tuple(dict.fromkeys(fields)), limit=SHAPES_AT_ONCE + 1)
    table = store.read(layer, query, scope=scope)
    kept = table.slice(0, SHAPES_AT_ONCE)
    tolerance = (bbox.east - bbox.west) / 4000
    geometry = shapely.simplify(shapely.from_wkb(kept["geometry"].to_numpy(zero_copy_only=False)), tolerance)
    label = layer.label if layer.label in kept.column_names else layer.key
    return {
        "keys": kept[layer.key].to_pylist(),
        "label": kept[label].to_pylist(),
        "geometry": shapely.to_geojson(geometry).tolist(),
        "grade": kept[grade].to_pylist() if grade in kept.column_names else None,
        "verified": kept[verified].to_pylist() if verified in kept.column_names else None,
        "more": table.num_rows > SHAPES_AT_ONCE,
    }
