"""Rows between their forms: record, canonical body with its hash, and Arrow columns."""

from datetime import date, datetime
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.canonical import canonical_json, sha256
from core.clock import from_iso, iso
from core.errors import Fault, FaultsError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.fields import Kind
from layers.layer import Geometry, Layer
from layers.record import Record
from store.schema import ARROW

Row = dict[str, Any]
"""Plain values by field name (dates as date, times as aware datetime, lists as list), and `geometry` as WKB."""


def row_of(layer: Layer, record: Record) -> Row:
    """A record's plain values."""
    row: Row = {}
    for name, spec in layer.fields.items():
        value = getattr(record, name)
        if spec.kind is Kind.LIST and value is not None:
            value = list(value)
        elif isinstance(value, Sensitivity):
            value = int(value)
        row[name] = value
    geometry = record.geometry
    row["geometry"] = None if geometry is None else shapely.to_wkb(promoted(layer, geometry), include_srid=False)
    return row


def promoted(layer: Layer, geometry: Any) -> Any:
    """Lines and polygons as multi-geometries, as the tables keep them."""
    match layer.geometry, geometry.geom_type:
        case Geometry.LINE, "LineString":
            return shapely.MultiLineString([geometry])
        case Geometry.POLYGON, "Polygon":
            return shapely.MultiPolygon([geometry])
    return geometry


def record_of(layer: Layer, row: Row, scope: Scope) -> Record:
    """The record of a stored row; fields beyond the scope are left at what says nothing."""
    seen = layer.fields_in(scope)
    values: Row = {}
    for name, spec in layer.fields.items():
        if name in seen:
            value = row.get(name)
            values[name] = tuple(value) if spec.kind is Kind.LIST and value is not None else value
        elif spec.required:
            values[name] = "" if spec.kind is Kind.TEXT else None
        else:
            values[name] = spec.default
    values["geometry"] = None if row.get("geometry") is None else shapely.from_wkb(row["geometry"])
    if len(seen) == len(layer.fields):
        values["sensitivity"] = Sensitivity(values["sensitivity"])
        return layer.record.model_validate(values)
    return layer.record.model_construct(**values)


def body_of(row: Row) -> bytes:
    """Canonical JSON of a row: nulls left out, geometry as hexadecimal WKB, times with microseconds in UTC."""
    plain: dict[str, Any] = {}
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, datetime):
            value = iso(value)
        elif isinstance(value, date):
            value = value.isoformat()
        elif isinstance(value, bytes):
            value = value.hex()
        plain[name] = value
    return canonical_json(plain)


def row_from_body(layer: Layer, body: bytes) -> Row:
    """A row read back from its canonical JSON."""
    plain: dict[str, Any] = orjson.loads(body)
    row: Row = dict.fromkeys((*layer.fields, "geometry"))
    for name, value in plain.items():
        if name == "geometry":
            row[name] = bytes.fromhex(value)
        elif name in layer.fields:
            row[name] = _from_text(value, layer.fields[name].kind)
    return row


def _from_text(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return from_iso(value) if kind is Kind.DATETIME else value


def hash_of(body: bytes) -> str:
    """The hash the feed carries for a row."""
    return sha256(body)


def complete(layer: Layer, batch: pa.RecordBatch) -> pa.Table:
    """A batch with every column of the layer, in order and of the right type; what cannot be is said by column."""
    faults: list[Fault] = []
    given = set(batch.schema.names)
    columns: dict[str, Any] = {}
    known = {*layer.fields, "geometry", "_version", "_seq"}
    faults.extend(
        Fault(field=name, value=name, rule=Text(f"图层 {layer.id} 没有此字段", f"layer {layer.id} has no such field"))
        for name in sorted(given - known)
    )
    for name, spec in layer.fields.items():
        if name in given:
            try:
                column = batch.column(name).cast(ARROW[spec.kind])
                if column.null_count and spec.default is not None and spec.kind is not Kind.LIST:
                    column = pc.fill_null(column, spec.default)
                columns[name] = column
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                rule = Text(f"应为 {spec.kind.value}:{error}", f"must be {spec.kind.value}: {error}")
                faults.append(Fault(field=name, value=str(batch.column(name).type), rule=rule))
        elif spec.required:
            faults.append(Fault(field=name, value="", rule=Text("缺少必填列", "required column is missing")))
        else:
            default = list(spec.default) if isinstance(spec.default, tuple) else spec.default
            if isinstance(default, Sensitivity):
                default = int(default)
            columns[name] = pa.array([default], ARROW[spec.kind]).take(pa.array([0] * batch.num_rows, pa.int32()))
    if layer.geometry is not Geometry.NONE:
        if "geometry" in given:
            columns["geometry"] = batch.column("geometry").cast(pa.binary())
        else:
            columns["geometry"] = pa.nulls(batch.num_rows, pa.binary())
    if faults:
        raise FaultsError(faults)
    faults.extend(
        Fault(field=name, value="", rule=Text("必填,不得为空", "required, must not be empty"))
        for name, spec in layer.fields.items()
        if (spec.required or name in (layer.key, "area", "sensitivity")) and columns[name].null_count
    )
    if faults:
        raise FaultsError(faults)
    return pa.table(columns)
