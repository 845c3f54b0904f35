"""Many rows at once: an Arrow table completed and checked, its plain columns, canonical bodies and hashes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import Fault, FaultsError
from core.scope import Sensitivity
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer
from store.arrays import alike, content, repeated, whole
from store.bodies import hashes_of
from store.geometries import kept_column
from store.schema import ARROW, nullable

Plain = dict[str, list[Any]]
"""JSON-plain values by field: dates and times as text, lists as lists, `geometry` as lower-case hexadecimal WKB."""


class Listed(Mapping[str, list[Any]]):
    """Plain values of Arrow columns, each column listed when it is first asked for."""

    def __init__(self, layer: Layer, table: pa.Table) -> None:
        self._kinds = {name: spec.kind for name, spec in layer.fields.items()}
        self._table = table
        self._found: dict[str, list[Any]] = {}

    def __getitem__(self, name: str) -> list[Any]:
        if name not in self._found:
            column = whole(self._table.column(name))
            self._found[name] = _digits(column) if name == "geometry" else listed(column, self._kinds[name])
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.column_names)

    def __len__(self) -> int:
        return len(self._table.column_names)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """Rows in key order, checked and ready to be written; `table` has every field, and `geometry` where places are."""

    layer: Layer
    table: pa.Table
    digests: pa.Array
    areas: frozenset[str]
    sensitivity: Sensitivity

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @cached_property
    def plain(self) -> Mapping[str, list[Any]]:
        """Plain values by field."""
        return Listed(self.layer, self.table)

    @cached_property
    def keys(self) -> list[str]:
        """The key of each row."""
        return self.plain[self.layer.key]

    @cached_property
    def hashes(self) -> list[str]:
        """The hash of each row."""
        found: list[str] = self.digests.to_pylist()
        return found

    @property
    def geometry(self) -> pa.Array | None:
        """The WKB of each row, of layers that have places."""
        return None if self.layer.geometry is Geometry.NONE else whole(self.table.column("geometry"))

    def only(self, places: Sequence[int]) -> "Prepared":
        """Some of the rows, in the order given."""
        chosen = pa.array(places, pa.int64())
        return replace(self, table=self.table.take(chosen), digests=self.digests.take(chosen))


def complete(layer: Layer, batch: pa.RecordBatch) -> pa.Table:
    """A batch with every column of the layer, in order and of the right type; what cannot be is said by column."""
    given = set(batch.schema.names)
    known = {*layer.fields, "geometry", "_version", "_seq"}
    unknown = Text(f"图层 {layer.id} 没有此字段", f"layer {layer.id} has no such field")
    faults = [Fault(field=name, value=name, rule=unknown) for name in sorted(given - known)]
    columns: dict[str, pa.Array] = {}
    for name, spec in layer.fields.items():
        if name in given:
            try:
                columns[name] = _cleaned(layer, batch.column(name).cast(ARROW[spec.kind]), spec)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                rule = Text(f"应为 {spec.kind.value}:{error}", f"must be {spec.kind.value}: {error}")
                faults.append(Fault(field=name, value=str(batch.column(name).type), rule=rule))
        elif spec.required:
            faults.append(Fault(field=name, value="", rule=Text("缺少必填列", "required column is missing")))
        else:
            columns[name] = default_column(spec, batch.num_rows)
    if layer.geometry is not Geometry.NONE:
        columns["geometry"] = (
            batch.column("geometry").cast(pa.binary()) if "geometry" in given else pa.nulls(batch.num_rows, pa.binary())
        )
    if faults:
        raise FaultsError(faults)
    looked_at = [
        name for name in layer.fields if name in given or name == layer.key or columns[name].null_count
    ]  # defaults are as declared
    faults = [fault for name in looked_at for fault in _row_faults(layer, layer.fields[name], columns[name])]
    if faults:
        raise FaultsError(faults)
    return pa.table(columns)


def default_column(spec: FieldSpec, rows: int) -> pa.Array:
    """A field's default, once for each row."""
    default = plain_default(spec)
    return repeated(default, ARROW[spec.kind], rows)


def plain_default(spec: FieldSpec) -> Any:
    """A field's default as a plain value."""
    default = spec.default
    if isinstance(default, tuple):
        return list(default)
    return int(default) if isinstance(default, Sensitivity) else default


def _cleaned(layer: Layer, column: pa.Array, spec: FieldSpec) -> pa.Array:
    """Not-a-number is no value, there is one zero, and no value becomes the default where the field must have one."""
    if spec.kind is Kind.REAL:
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), pc.add(column, 0.0))
    default = plain_default(spec)
    if column.null_count and default is not None and not nullable(layer, spec.name):
        if spec.kind is Kind.LIST:
            return pc.if_else(pc.is_null(column), pa.scalar(default, ARROW[spec.kind]), column)
        return pc.fill_null(column, default)
    return column


def _row_faults(layer: Layer, spec: FieldSpec, column: pa.Array) -> list[Fault]:
    wrong: list[tuple[pa.Array, Text]] = []
    if column.null_count and not nullable(layer, spec.name):
        if spec.required or spec.name in (layer.key, "area", "sensitivity"):
            wrong.append((pc.is_null(column), Text("必填,不得为空", "required, must not be empty")))
        else:
            wrong.append((pc.is_null(column), Text("不得为空值", "must not be null")))
    if spec.kind is Kind.TEXT:
        if spec.name == layer.key:
            wrong.append((pc.equal(column, ""), Text("主键不得为空", "the key must not be empty")))
        if not content(whole(column))[0].all():
            wrong.append((pc.match_substring(column, "\x00"), Text("含空字符", "contains a NUL character")))
    if spec.kind is Kind.REAL:
        wrong.append((pc.is_inf(column), Text("须为有限数值", "must be a finite number")))
    if spec.name == "sensitivity":
        beyond = pc.or_(pc.less(column, 0), pc.greater(column, int(max(Sensitivity))))
        wrong.append((beyond, Text("敏感级别应为 0 至 3", "sensitivity must be 0 to 3")))
    faults = []
    for mask, rule in wrong:
        if pc.any(mask).as_py():
            rows = np.flatnonzero(mask.fill_null(False).to_numpy(zero_copy_only=False))[:1000]
            faults += [Fault(field=spec.name, value=str(column[int(i)]), rule=rule, row=int(i) + 1) for i in rows]
    return faults


def prepared(layer: Layer, batch: pa.RecordBatch, first_row: int = 0) -> Prepared:
    """A batch completed, checked, sorted by key and hashed; faults count rows on from `first_row`."""
    try:
        table = complete(layer, batch)
        if layer.geometry is not Geometry.NONE:
            kept = kept_column(layer, whole(table.column("geometry")))
            table = table.set_column(table.column_names.index("geometry"), "geometry", kept)
    except FaultsError as error:
        moved = [replace(f, row=None if f.row is None else f.row + first_row) for f in error.faults]
        raise FaultsError(moved) from error
    table = _sorted(layer, table)
    level = pc.max(table.column("sensitivity")).as_py()
    return Prepared(
        layer=layer,
        table=table,
        digests=hashes_of(table, layer.key),
        areas=frozenset(pc.unique(table.column("area")).to_pylist()),
        sensitivity=Sensitivity(level or 0),
    )


def _sorted(layer: Layer, table: pa.Table) -> pa.Table:
    """Rows in key order, no key twice."""
    keys = whole(table.column(layer.key))
    if pc.all(pc.less(keys[:-1], keys[1:])).as_py() is not False:
        return table
    table = table.take(pc.sort_indices(keys)).combine_chunks()
    keys = whole(table.column(layer.key))
    twice = pc.unique(keys[1:].filter(pc.equal(keys[:-1], keys[1:]))).to_pylist()
    if twice:
        rule = Text("主键重复", "duplicate key")
        raise FaultsError([Fault(field=layer.key, value=k, rule=rule, key=k) for k in twice[:1000]])
    return table


def table_of(layer: Layer, plain: Mapping[str, Sequence[Any]]) -> pa.Table:
    """Plain values as Arrow columns of every field, and `geometry` where the layer has places."""
    names = [*layer.fields] + ([] if layer.geometry is Geometry.NONE else ["geometry"])
    return pa.table({name: arrow_column(layer, name, plain[name]) for name in names})


def arrow_column(layer: Layer, name: str, values: Sequence[Any]) -> pa.Array:
    """Plain values of one field, or the hexadecimal digits of places, as an Arrow column."""
    if name == "geometry":
        return pa.array([None if value is None else bytes.fromhex(value) for value in values], pa.binary())
    kind = ARROW[layer.fields[name].kind]
    return pa.array(values, pa.string()).cast(kind) if pa.types.is_temporal(kind) else pa.array(values, kind)


def listed(column: pa.Array, kind: Kind) -> list[Any]:
    """A column's plain values."""
    match kind:
        case Kind.DATETIME:
            column = pc.strftime(column, "%Y-%m-%dT%H:%M:%SZ")
        case Kind.DATE:
            column = column.cast(pa.string())
    if kind is not Kind.LIST and alike(column):
        return [column[0].as_py()] * len(column)
    if kind is not Kind.LIST and (column.null_count == 0 or pa.types.is_string(column.type)):
        found: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return found
    others: list[Any] = column.to_pylist()
    return others


def _digits(column: pa.Array) -> list[str | None]:
    return [None if wkb is None else wkb.hex() for wkb in column.to_pylist()]


def bodies(plain: Mapping[str, Sequence[Any]]) -> list[bytes]:
    """Canonical JSON of every row: keys sorted, nulls left out, exactly as `core.canonical` spells one.

    Most columns of a load hold one value throughout, others a few: each is written once, then rows are put together.
    """
    names = sorted(plain)
    rows = len(plain[names[0]])
    if rows == 0:
        return []
    before = b"{"
    varying: list[list[bytes]] = []
    for name in names:
        found = _members(name, plain[name])
        if isinstance(found, bytes):
            before += found
        else:
            varying.append([before + member for member in found] if before else found)
            before = b""
    varying.append([before] * rows)
    join = b"".join
    return [_closed(join(parts)) for parts in zip(*varying, strict=True)]


def _closed(members: bytes) -> bytes:
    return members[:-1] + b"}" if members[-1:] == b"," else members + b"}"


def _members(name: str, values: Sequence[Any]) -> bytes | list[bytes]:
    """`"name":value,` for each row, once for all when they are the same, nothing for no value."""
    head, dumps = orjson.dumps(name) + b":", orjson.dumps

    def member(value: Any) -> bytes:
        return b"" if value is None else head + dumps(value) + b","

    types = set(map(type, values)) - {type(None)}
    if len(types) > 1 or (float in types and 0.0 in values):
        # 1, True and 1.0 are equal to Python and spelt apart, and so are the two zeros
        return [member(value) for value in values]
    first = values[0]
    if values.count(first) == len(values):
        return member(first)
    if list not in types and len(distinct := set(values)) <= len(values) // 4:
        written = {value: member(value) for value in distinct}
        return [written[value] for value in values]
    return [member(value) for value in values]
