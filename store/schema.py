"""Tables from declarations: the columns of a layer's table and what the store adds to them."""

from dataclasses import dataclass

import pyarrow as pa

from core.scope import Scope
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer

FEED_COLUMNS = (
    "seq, at, actor, door, stream, layer, key, change, area, sensitivity, "
    "old_version, new_version, rows, row_hash, reason, chain"
)

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


def stream_of(layer: Layer) -> str:
    """The chain a layer's entries belong to: one per theme, so that an incident never waits for the base map."""
    return str(layer.theme)


def selection(layer: Layer, names: tuple[str, ...] | None, geometry: bool, scope: Scope) -> Selection:
    """The fields asked for that the scope shows, in the order declared; unknown names are the caller's fault."""
    seen = layer.fields_in(scope)
    if names is None:
        chosen = tuple(seen.values())
    else:
        wanted = {*names, layer.key}
        chosen = tuple(spec for name, spec in seen.items() if name in wanted)
    return Selection(chosen, geometry and layer.geometry is not Geometry.NONE)
