"""Tables from declarations: the columns of a layer's table and what the store adds to them."""

from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pyarrow as pa

from core.scope import Scope
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from layers.record import Record
from store.query import Measure, Total

ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.REAL: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us", "UTC"),
    Kind.LIST: pa.list_(pa.string()),
}


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns one read returns, in order."""

    fields: tuple[FieldSpec, ...]
    geometry: bool

    @property
    def arrow(self) -> pa.Schema:
        """The schema of the answer."""
        columns = [pa.field(spec.name, ARROW[spec.kind]) for spec in self.fields]
        if self.geometry:
            columns.append(pa.field("geometry", pa.binary()))
        return pa.schema([*columns, pa.field("_version", pa.int32()), pa.field("_seq", pa.int64())])


def nullable(layer: Layer, name: str) -> bool:
    """The field may hold no value at all; the others read as their default where a column was added later."""
    return name in _nullable(layer.record)


@cache
def _nullable(record: type[Record]) -> frozenset[str]:
    return frozenset(name for name, info in record.model_fields.items() if _optional(info.annotation))


def _optional(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(part is NoneType or _optional(part) for part in get_args(annotation))
    return hasattr(annotation, "__metadata__") and _optional(get_args(annotation)[0])


def total_type(layer: Layer, total: Total) -> pa.DataType:
    """The type of an aggregate's column."""
    if total.measure is Measure.COUNT or total.field is None:
        return pa.int64()
    kind = layer.fields[total.field].kind
    if total.measure is Measure.SUM:
        return pa.int64() if kind in (Kind.INTEGER, Kind.BOOLEAN) else pa.float64()
    return ARROW[kind]


def tally(layer: Layer) -> tuple[str, ...]:
    """The columns counts are asked by, area first; one index over them answers without reading a row."""
    columns = ("area", "sensitivity", layer.style.grade, layer.merged_into)
    return tuple(dict.fromkeys(name for name in columns if name is not None))


def listing(layer: Layer) -> tuple[str, ...]:
    """The columns lists are counted, narrowed and put in order by; one index over them answers, no row is read."""
    return tuple(dict.fromkeys((*tally(layer), *layer.counted, layer.key))) if layer.counted else ()


def indexes(layer: Layer) -> dict[str, tuple[str, ...]]:
    """A layer's plain indexes by name: what counts and lists are read from, and whose rows they are."""
    found = {f"{layer.id}_tally": tally(layer)}
    if layer.enterprise_field not in (None, layer.key):
        found[f"{layer.id}_owner"] = (str(layer.enterprise_field),)
    if layer.counted:
        found[f"{layer.id}_listing"] = listing(layer)
    return found


def stream_of(layer: Layer) -> str:
    """The chain a layer's entries belong to: its own, or one per theme."""
    return layer.stream or str(layer.theme)


def selection(layer: Layer, names: tuple[str, ...] | None, geometry: bool, scope: Scope) -> Selection:
    """The fields asked for that the scope shows, in the order declared; unknown names are the caller's fault."""
    seen = layer.fields_in(scope)
    if names is None:
        chosen = tuple(seen.values())
    else:
        wanted = {*names, layer.key}
        chosen = tuple(spec for name, spec in seen.items() if name in wanted)
    return Selection(chosen, geometry and layer.geometry is not Geometry.NONE)
