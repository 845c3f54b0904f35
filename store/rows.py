"""Rows between their forms: record, canonical body with its hash, and Arrow columns."""

import math
from collections.abc import Collection
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import numpy as np
import orjson
import shapely

from core.canonical import canonical_json, sha256
from core.clock import from_iso, iso
from core.errors import Fault, FaultsError
from core.scope import Scope, Sensitivity
from core.texts import Text
from layers.fields import Kind
from layers.layer import Geometry, Layer
from layers.record import Record
from store.geometries import settled, wkb_of
from store.masking import place_for
from store.schema import nullable

Row = dict[str, Any]
"""Plain values by field name (dates as date, times as aware datetime, lists as list), and `geometry` as WKB."""


def row_of(layer: Layer, record: Record) -> Row:
    """A record's plain values; what no engine can keep is refused."""
    row: Row = {}
    faults: list[Fault] = []
    for name, spec in layer.fields.items():
        value = getattr(record, name)
        if spec.kind is Kind.LIST and value is not None:
            value = list(value)
        elif isinstance(value, Sensitivity):
            value = int(value)
        elif isinstance(value, StrEnum):
            value = str(value)
        elif isinstance(value, float):
            value = None if math.isnan(value) else value + 0.0
            if value is not None and math.isinf(value):
                faults.append(_fault(name, value, "须为有限数值", "must be a finite number"))
        elif isinstance(value, datetime):
            value = value.astimezone(UTC)
        if isinstance(value, str) and "\x00" in value:
            faults.append(_fault(name, value, "含空字符", "contains a NUL character"))
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            faults.append(_fault(name, value, "整数过大", "integer beyond 64 bits"))
        row[name] = value
    if not row[layer.key]:
        faults.append(_fault(layer.key, "", "主键不得为空", "the key must not be empty"))
    if faults:
        raise FaultsError(faults)
    row["geometry"] = _wkb(layer, record)
    return row


def _fault(name: str, value: object, zh: str, en: str) -> Fault:
    return Fault(field=name, value=str(value), rule=Text(zh, en))


def _wkb(layer: Layer, record: Record) -> bytes | None:
    if record.geometry is None:
        return None
    if layer.geometry is Geometry.NONE:
        raise FaultsError([_fault("geometry", "", f"图层 {layer.id} 没有几何", f"layer {layer.id} has no geometry")])
    shapes = np.empty(1, dtype=object)
    shapes[0] = record.geometry
    return wkb_of(settled(layer, shapes))[0]


def record_of(layer: Layer, row: Row, scope: Scope) -> Record:
    """The record of a stored row; fields beyond the scope are left at what says nothing, a masked place is rounded."""
    seen = layer.fields_in(scope)
    values: Row = {}
    for name, spec in layer.fields.items():
        if name in seen:
            value = row.get(name)
            if value is None and not nullable(layer, name):
                value = "" if spec.required and spec.kind is Kind.TEXT else spec.default
            values[name] = tuple(value) if spec.kind is Kind.LIST and value is not None else value
        elif spec.required:
            values[name] = "" if spec.kind is Kind.TEXT else None
        else:
            values[name] = spec.default
    place = None if row.get("geometry") is None else shapely.from_wkb(row["geometry"])
    values["geometry"] = place_for(layer, place, scope)
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
    return row_from_plain(layer, orjson.loads(body))


def row_from_plain(layer: Layer, plain: dict[str, Any]) -> Row:
    """A row of plain values with its types back."""
    row: Row = dict.fromkeys((*layer.fields, "geometry"))
    for name, value in plain.items():
        if name == "geometry":
            row[name] = None if value is None else bytes.fromhex(value)
        elif name in layer.fields:
            row[name] = _from_text(value, layer.fields[name].kind)
    return row


def _from_text(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return from_iso(value) if kind is Kind.DATETIME else value


def without(body: bytes, names: Collection[str]) -> bytes:
    """A canonical body less some fields."""
    return canonical_json({name: value for name, value in orjson.loads(body).items() if name not in names})


def only(body: bytes, names: Collection[str]) -> bytes:
    """A canonical body of these fields alone."""
    return canonical_json({name: value for name, value in orjson.loads(body).items() if name in names})


def hash_of(body: bytes) -> str:
    """The hash the feed carries for a row."""
    return sha256(body)
