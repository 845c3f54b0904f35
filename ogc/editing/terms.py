"""What a few edited rows are checked against, looked up by what they name instead of read layer by layer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from core.scope import Scope
from gis.shapes import Bounds
from layers.filters import In
from layers.layer import Layer
from layers.validation import Terms
from layers.validation.jurisdiction import Jurisdictions
from store.protocol import Store
from store.query import Query

AREAS = "areas"


def terms_of(
    layer: Layer,
    named: Mapping[str, Iterable[str]],
    shapes: Sequence[BaseGeometry | None],
    present: pa.Table,
    fresh: Mapping[str, Mapping[str, str]],
    *,
    store: Store,
    scope: Scope,
    on: date,
) -> Terms:
    """The terms for rows of one layer.

    `named` gives the keys of other layers the rows refer to, `present` key and area of this layer's rows that are
    there, `fresh` keys and areas of rows of any layer that the same batch writes.
    """
    known: dict[str, pa.Array] = {}
    merged: dict[str, dict[str, str]] = {}
    referred: dict[str, pa.Table] = {}
    for other_id, keys in named.items():
        other = store.catalogue.find(other_id, scope)
        if other is None:
            continue
        found = _keyed(other, set(keys), fresh.get(other_id, {}), store, scope)
        if not found.num_rows and not _filled(other, store, scope):
            continue  # a layer not filled yet refuses nothing
        known[other_id], referred[other_id] = found["key"].combine_chunks(), found
        merged[other_id] = _merged(other, set(keys) - set(found["key"].to_pylist()), store, scope)
    # a key that opens a few layers is told whose a place is all the same: of the areas the caller has anyhow
    own = replace(scope, layers=None)
    areas = _areas(store, own, [shape for shape in shapes if shape is not None])
    return Terms(
        on=on,
        known=known,
        merged=merged,
        areas=None if layer.id == AREAS else _codes(store, own),
        kept=present["key"].combine_chunks() if present.num_rows else None,
        jurisdictions=Jurisdictions(areas=areas, referred=referred, own=present if present.num_rows else None),
    )


def keyed(layer: Layer, rows: pa.Table) -> pa.Table:
    """Key and area of rows; that of an area is its code."""
    return pa.table({"key": rows[layer.key], "area": rows[layer.key if layer.id == AREAS else "area"]})


def _keyed(other: Layer, keys: set[str], fresh: Mapping[str, str], store: Store, scope: Scope) -> pa.Table:
    query = Query(where=In(other.key, tuple(sorted(keys))), fields=(other.key, "area"), geometry=False)
    found = keyed(other, store.read(other, query, scope=scope))
    more = {key: area for key, area in fresh.items() if key in keys and key not in set(found["key"].to_pylist())}
    if not more:
        return found
    added = pa.table({"key": list(more), "area": list(more.values())}, schema=found.schema)
    return pa.concat_tables([found, added])


def _filled(layer: Layer, store: Store, scope: Scope) -> bool:
    query = Query(fields=(layer.key,), geometry=False, limit=1)
    return bool(store.read(layer, query, scope=scope).num_rows)


def _merged(other: Layer, lost: set[str], store: Store, scope: Scope) -> dict[str, str]:
    """Of keys that are no objects any more, into what they were merged."""
    into = other.merged_into
    if into is None or not lost:
        return {}
    query = Query(where=In(other.key, tuple(sorted(lost))), fields=(other.key, into), geometry=False, merged=True)
    rows = store.read(other, query, scope=scope)
    pairs = zip(rows[other.key].to_pylist(), rows[into].to_pylist(), strict=True)
    return {key: kept for key, kept in pairs if kept}


def _codes(store: Store, scope: Scope) -> pa.Array | None:
    layer = store.catalogue.find(AREAS, scope)
    if layer is None:
        return None
    rows = store.read(layer, Query(fields=(layer.key,), geometry=False), scope=scope)
    return rows[layer.key].combine_chunks() if rows.num_rows else None


def _areas(store: Store, scope: Scope, shapes: list[BaseGeometry]) -> pa.Table | None:
    """The areas whose envelope meets the places, by which rows are told whose they are."""
    layer = store.catalogue.find(AREAS, scope)
    limits = shapely.bounds(np.array(shapes, dtype=object)) if shapes else np.empty((0, 4))
    limits = limits[np.isfinite(limits).all(axis=1)]
    if layer is None or not len(limits):
        return None
    (west, south), (east, north) = limits[:, :2].min(axis=0), limits[:, 2:].max(axis=0)
    box = Bounds(float(west), float(south), float(east), float(north))
    rows = store.read(layer, Query(bbox=box, fields=(layer.key, "name", "level")), scope=scope)
    return rows if rows.num_rows else None
