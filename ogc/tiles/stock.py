"""The attributes of a big point layer, kept beside its plate: a tile or a page of a box is cut from columns.

Each field is two files in the order of the plate's points: the bytes of its values as vector tiles write them, and the
values themselves; where they come again, numbers into the different ones.
Nothing sensitive is in them: neither fields that are, nor anything of rows that are but their places.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.scope import Scope, Sensitivity
from gis.shapes import Bounds
from layers.fields import FieldSpec, Kind
from layers.layer import Layer
from ogc.encode import mvt
from ogc.encode.mvtpoints import Attribute, numbered, run, written
from ogc.render import plate
from ogc.render.drawing import PointSource
from store.schema import ARROW

SENSITIVE = int(Sensitivity.SENSITIVE)
Ints = NDArray[np.int64]
_IDS = "_id"
_VALUES = "values-"


def fields(layer: Layer, scope: Scope) -> tuple[str, ...]:
    """The fields that are kept: what the scope shows and nobody is asked why they read it."""
    seen = layer.fields_in(scope)
    return tuple(name for name, spec in seen.items() if spec.sensitivity < SENSITIVE or name == layer.key)


def columns(layer: Layer, rows: pa.Table, places: Ints) -> Iterator[tuple[str, pa.Array]]:
    """Each field of some rows, as tiles write it and as it is, and the numbers they go by, column by column."""
    rows = rows.drop_columns(["geometry"])
    hidden: Any = None
    if "sensitivity" in rows.column_names:
        levels = rows["sensitivity"].fill_null(0)
        hidden = pc.greater_equal(levels, SENSITIVE) if (pc.max(levels).as_py() or 0) >= SENSITIVE else None
    chosen = pa.array(places)

    def shown(name: str) -> pa.ChunkedArray:
        return rows[name] if hidden is None else pc.if_else(hidden, None, rows[name])

    keys = shown(layer.key).fill_null("").to_pylist()
    yield _IDS, pa.array(mvt.feature_ids(keys)).take(chosen)
    for name, spec in layer.fields.items():
        if name in rows.column_names:
            column = shown(name)
            found = written(column, spec)
            if found.null_count < len(found):
                yield name, found.take(chosen)
                yield _VALUES + name, _sparing(column, spec).take(chosen)


def _sparing(column: pa.ChunkedArray, spec: FieldSpec) -> pa.Array:
    """Values as they are; texts that come again each once in a dictionary."""
    whole = column.combine_chunks()
    if spec.kind is not Kind.TEXT:
        return whole
    coded = whole.dictionary_encode()
    if 2 * len(coded.dictionary) > len(coded):
        return whole
    small = np.min_scalar_type(-max(1, len(coded.dictionary)))
    return pa.DictionaryArray.from_arrays(coded.indices.cast(pa.from_numpy_dtype(small)), coded.dictionary)


class Draft:
    """Rows on their way to a stock, in a file and not in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out: pa.ipc.RecordBatchFileWriter | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Some rows more."""
        if self._out is None:
            self._out = pa.ipc.new_file(str(self._path), batch.schema)
        self._out.write_batch(batch)

    def finish(self, folder: Path, layer: Layer, places: Ints) -> None:
        """The files of a stock beside those of the plate that holds these rows in this order."""
        if self._out is None:
            return
        self._out.close()
        rows = pa.ipc.open_file(pa.memory_map(str(self._path))).read_all()
        for name, column in columns(layer, rows, places):
            table = pa.table({name: column})
            with pa.OSFile(str(folder / f"field-{name}"), "wb") as file, pa.ipc.new_file(file, table.schema) as out:
                out.write_table(table, max_chunksize=max(1, len(column)))
        self._path.unlink()


def saved(layer: Layer, rows: Iterable[pa.RecordBatch], places: Ints) -> dict[str, Any]:
    """Changed rows as they stand in the file of changes, by the order of the plate's."""
    some = list(rows)
    if not some:
        return {}
    table = pa.table(dict(columns(layer, pa.Table.from_batches(some), places)))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)
    return {"fields": np.frombuffer(sink.getvalue(), np.uint8)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Rows a caller may see in a window: their places in degrees, shape (n, 2), and where each stands in the stock."""

    xy: NDArray[np.float64]
    places: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The places of a tile, the worst first, in degrees, where each stands in the stock, and how many there were."""

    xy: NDArray[np.float64]
    ids: NDArray[np.uint64]
    places: Ints
    matched: int


class Stock:
    """One stock with the changes since it was written."""

    def __init__(self, source: PointSource) -> None:
        self._folder = Path(source.base)
        self._base = plate.Sorted.read(self._folder / "points")
        self._gone: NDArray[np.bool_] | None = None
        self._added, self._areas = plate.nobody(), self._base.areas[:0]
        self._more: dict[str, pa.Array] = {}
        self.column = cache(self._column)
        if source.changes is not None:
            with np.load(source.changes) as found:
                self._gone = np.zeros(len(self._base.keys), bool)
                self._gone[found["gone"]] = True
                self._areas, self._added = found["areas"], plate.points_of(found)
                if "fields" in found:
                    table = pa.ipc.open_file(pa.py_buffer(found["fields"])).read_all()
                    self._more = {name: _one(table, name) for name in table.column_names}

    def _column(self, name: str) -> pa.Array | None:
        """A field of the rows as they were written; None where none has a value."""
        path = self._folder / f"field-{name}"
        return _one(pa.ipc.open_file(pa.memory_map(str(path))).read_all(), name) if path.exists() else None

    def chosen(
        self, reach: Bounds, areas: tuple[str, ...] | None, clearance: int, most: int, *, graded: bool
    ) -> Chosen | None:
        """The worst of the rows a caller may see in a window, evenly strewn among those of one grade.

        None where one of them is sensitive: reading it has to be recorded.
        """
        size = len(self._base.keys)
        which = self._base.inside(reach, plate.CELL)
        if self._gone is not None:
            which = which[~self._gone[which]]
        some = self._base.points.chosen(which)
        seen = plate.seen(some, self._base.areas, areas, clearance) & _within(some, reach)
        more = np.flatnonzero(
            plate.seen(self._added, self._areas, areas, clearance) & _within(self._added, reach)
        )  # fmt: skip
        some, places = some.chosen(seen), which[seen]
        found = some.joined(self._added.chosen(more)) if len(more) else some
        if len(found) and int(found.sensitivity.max()) >= SENSITIVE:
            return None
        ids = self._ids(places, more)
        rank = ids.astype(np.int64)
        if graded:
            rank |= np.where(found.grade == 0, 7, found.grade).astype(np.int64) << 52
        places = np.concatenate([places, more + size])
        worst = np.argpartition(rank, most)[:most] if len(found) > most else np.arange(len(found))
        worst = worst[np.argsort(rank[worst])]
        xy = np.column_stack([found.x[worst], found.y[worst]])
        return Chosen(xy=xy, ids=ids[worst], places=places[worst], matched=len(found))

    def met(self, reach: Bounds, areas: tuple[str, ...] | None, clearance: int) -> Met | None:
        """The rows a caller may see in a window, in no order; None where one of them is sensitive."""
        which = self._base.inside(reach, plate.CELL)
        if self._gone is not None:
            which = which[~self._gone[which]]
        xys, places = [], []
        for points, names, some, first in (
            (self._base.points, self._base.areas, which, 0),
            (self._added, self._areas, np.arange(len(self._added)), len(self._base.keys)),
        ):
            x, y = points.x[some], points.y[some]
            near = np.flatnonzero((x >= reach.west) & (x <= reach.east) & (y >= reach.south) & (y <= reach.north))
            if not len(near):
                continue
            found = points.chosen(some[near])
            mine = plate.seen(found, names, areas, clearance)
            if int(found.sensitivity.max(where=mine, initial=0)) >= SENSITIVE:
                return None
            xys.append(np.column_stack([found.x[mine], found.y[mine]]))
            places.append(some[near][mine] + first)
        if not xys:
            return Met(xy=np.empty((0, 2)), places=np.empty(0, np.int64))
        return Met(xy=np.concatenate(xys), places=np.concatenate(places))

    def values(self, spec: FieldSpec, places: Ints) -> pa.Array:
        """One field of some rows, as the store gives it."""
        kind, size = ARROW[spec.kind], len(self._base.keys)

        def of(column: pa.Array | None, some: Ints) -> pa.Array:
            return pa.nulls(len(some), kind) if column is None else _taken(column, some)

        column, old = self.column(_VALUES + spec.name), places < size
        if old.all():
            return of(column, places)
        changed = of(self._more.get(_VALUES + spec.name), places[~old] - size)
        rank = np.where(old, np.cumsum(old) - 1, old.sum() + np.cumsum(~old) - 1)
        return pa.concat_arrays([of(column, places[old]), changed]).take(pa.array(rank))

    def _ids(self, places: Ints, more: Ints) -> NDArray[np.uint64]:
        known, added = self.column(_IDS), self._more.get(_IDS)
        first = np.empty(0, np.uint64) if known is None else known.to_numpy()[places]
        return first if added is None else np.concatenate([first, added.to_numpy()[more]])

    def attribute(self, name: str, places: Ints) -> Attribute:
        """One field of some rows."""
        size = len(self._base.keys)
        numbers, values, count = np.full(len(places), -1, np.int64), b"", 0
        for column, where, first in (
            (self.column(name), places < size, 0),
            (self._more.get(name), places >= size, size),
        ):
            if column is None or not where.any():
                continue
            found, words = numbered(column, places[where] - first)
            numbers[where] = np.where(found < 0, -1, found + count)
            values, count = values + run(words), count + len(words)
        return Attribute(name=name, numbers=numbers, values=values, count=count)


def _one(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _taken(column: pa.Array, some: Ints) -> pa.Array:
    """Some rows of a column as plain values; of columns that are all known by their numbers, where those lie."""
    coded = isinstance(column, pa.DictionaryArray)
    numbers = column.indices if coded else column
    if numbers.null_count or not len(some) or not _wide(numbers.type):
        found = column.take(pa.array(some))
        return found.dictionary_decode() if coded else found
    width, start = numbers.type.bit_width // 8, numbers.offset
    chosen = np.frombuffer(numbers.buffers()[1], f"i{width}")[start : start + len(numbers)][some]
    if not coded:
        return pa.Array.from_buffers(numbers.type, len(some), [None, pa.py_buffer(chosen)])
    if (chosen == chosen[0]).all():
        return pa.repeat(column.dictionary[int(chosen[0])], len(some))
    return column.dictionary.take(pa.array(chosen))


def _wide(kind: pa.DataType) -> bool:
    """Numbers and times, a whole number of bytes each."""
    return pa.types.is_primitive(kind) and not pa.types.is_boolean(kind)


def _within(points: plate.Points, reach: Bounds) -> NDArray[np.bool_]:
    across = (points.x >= reach.west) & (points.x <= reach.east)
    found: NDArray[np.bool_] = across & (points.y >= reach.south) & (points.y <= reach.north)
    return found
