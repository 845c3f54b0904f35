"""GeoJSON (RFC 7946) from rows; the collection's other members come after the features, when they are known."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from shapely import GeometryType

from layers.fields import FieldSpec, Kind
from layers.layer import Layer
from ogc.encode.columns import (
    Parts,
    Ragged,
    gathered,
    joined,
    json_inner,
    json_values,
    plain_texts,
    run_together,
    same_for_all,
    taken_apart,
)
from ogc.encode.crs import CRS84, OgcCrs

MEDIA_TYPE = "application/geo+json"

_NAMES = {
    GeometryType.POINT: "Point",
    GeometryType.LINESTRING: "LineString",
    GeometryType.POLYGON: "Polygon",
    GeometryType.MULTIPOINT: "MultiPoint",
    GeometryType.MULTILINESTRING: "MultiLineString",
    GeometryType.MULTIPOLYGON: "MultiPolygon",
}


def geometries(wkb: pa.Array, crs: OgcCrs) -> pa.Array:
    """A WKB column as GeoJSON geometry objects, null where there is none."""
    ragged = taken_apart(wkb, crs, ",")
    return pa.nulls(len(wkb), pa.string()) if ragged is None else ragged.spread(joined(*_shaped(ragged)))


def _shaped(ragged: Ragged) -> Parts:
    """The geometries there are, in parts that are yet to be joined."""
    opening = '{"type":"' + _NAMES[ragged.kind] + '","coordinates":'
    if ragged.kind is GeometryType.POINT:
        return (opening + "[", ragged.vertices, "]}")
    texts = joined("[", ragged.vertices, "]")
    for offsets in ragged.offsets:
        texts = joined("[", gathered(offsets, texts, ","), "]")
    return (opening, texts, "}")


def _placed(wkb: pa.Array, crs: OgcCrs) -> Parts:
    ragged = taken_apart(wkb, crs, ",")
    if ragged is None:
        return ("null",)
    shaped = _shaped(ragged)
    return shaped if len(ragged.rows) == ragged.total else (pc.fill_null(ragged.spread(joined(*shaped)), "null"),)


def features(
    batch: pa.RecordBatch, layer: Layer, specs: Iterable[FieldSpec], crs: OgcCrs, *, ids: bool = True, end: str = ""
) -> pa.Array:
    """One JSON text per row, with `end` behind each."""
    parts: list[pa.Array | str] = ['{"type":"Feature"']
    keys = json_inner(batch.column(layer.key))
    if ids:
        parts.extend((',"id":"', keys, '"'))
    parts.append(',"geometry":')
    parts.extend(_placed(batch.column("geometry"), crs) if "geometry" in batch.schema.names else ("null",))
    parts.append(',"properties":{')
    for place, spec in enumerate(specs):
        parts.append(f'{"," if place else ""}"{spec.name}":')
        parts.extend(('"', keys, '"') if spec.name == layer.key else _literals(batch.column(spec.name), spec))
    return joined(*parts, "}}" + end)


def _literals(column: pa.Array, spec: FieldSpec) -> Parts:
    """One field as JSON literals, constants apart where the same for all."""
    if column.null_count == len(column):
        return ("null",)
    if same_for_all(column):
        said = orjson.dumps(column[0].as_py()).decode() if spec.kind is Kind.TEXT else None
        return (said or json_values(column.slice(0, 1), spec)[0].as_py(),)
    if spec.kind is Kind.TEXT and not column.null_count:
        return ('"', json_inner(column), '"')
    if spec.kind in (Kind.DATE, Kind.DATETIME) and not column.null_count:
        return ('"', plain_texts(column, spec.kind), '"')
    return (json_values(column, spec),)


def collection(
    batches: Iterable[pa.RecordBatch],
    layer: Layer,
    specs: tuple[FieldSpec, ...],
    *,
    crs: OgcCrs = CRS84,
    members: Callable[[int], dict[str, Any]] | None = None,
) -> Iterator[bytes]:
    """A FeatureCollection, chunk by chunk; `members` of the rows sent says what else stands in it."""
    yield b'{"type":"FeatureCollection","features":['
    sent = 0
    for batch in batches:
        if batch.num_rows:
            text = run_together(features(batch, layer, specs, crs, end=","))[:-1]
            yield (b"," if sent else b"") + text
            sent += batch.num_rows
    rest = members(sent) if members is not None else {}
    yield b"]" + (b"," + orjson.dumps(rest)[1:] if rest else b"}")


def gathered_rows(texts: pa.Array, separator: str = ",") -> bytes:
    """Rows as one text, by default with commas between them."""
    return bytes(
        pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), separator)[0].as_buffer()
    )
