"""Days of readings in Parquet files, ordered by layer and key: those of a point lie in few groups of rows.

A day has one file or several, `2026-11-21-000000001234.parquet`, whose number says which came later: where two hold the
same moment of a point, the later one counts. Files that came one after the other grow together as they are added.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from store.series.block import Block

ROWS = 10_000
"""Rows of a group: with fewer a year of one point is read a little faster and the files grow by half."""

TOGETHER = 2_000_000
"""Files of a day do not grow together beyond so many rows: they are sorted in memory."""

IDENTITY = ("layer", "key", "element", "at")
MOMENT = pa.timestamp("us", "UTC")
WORD = pa.dictionary(pa.int32(), pa.string())
READINGS = pa.schema(
    [
        ("layer", pa.string()),
        ("key", pa.string()),
        ("element", pa.string()),
        ("at", MOMENT),
        ("value", pa.float64()),
        ("quality", pa.int8()),
    ]
)
"""What is appended; `flags` (why a reading is doubted) and `arrived` may come with it."""

KEPT = pa.schema([*READINGS, ("flags", pa.int32()), ("arrived", MOMENT)])
ANSWER = pa.schema([field for field in KEPT if field.name != "layer"])
_DAY = 86_400_000_000


def day_read(path: Path, layer: str, keys: list[str], columns: pa.Schema = ANSWER) -> pa.Table:
    """The readings of some points (sorted keys) of a layer in one file, without their layer.

    A data set over a year of files took ten times as long: it decodes every text of a group before it filters.
    """
    with pq.ParquetFile(path, memory_map=True, read_dictionary=["layer", "key", "element"]) as file:
        there = file.schema_arrow.names
        groups = [n for n in range(file.num_row_groups) if _may_hold(file.metadata.row_group(n), layer, keys)]
        if not groups:
            return columns.empty_table()
        mixed = not all(_only(file.metadata.row_group(n), layer) for n in groups)
        wanted = [*(["layer"] if mixed else []), *(name for name in columns.names if name in there)]
        table = file.read_row_groups(groups, columns=wanted, use_threads=False)
    found = _among(table["key"], keys)
    at = np.flatnonzero(found & _among(table["layer"], [layer]) if mixed else found)
    if not len(at):
        return columns.empty_table()
    lying_together = at[-1] - at[0] + 1 == len(at)
    found = table.slice(at[0], len(at)) if lying_together else table.take(pa.array(at))
    return completed(found, columns)


def completed(table: pa.Table, columns: pa.Schema) -> pa.Table:
    """With the columns that files written before did not have."""
    for name in columns.names:
        if name not in table.column_names:
            nothing = pa.nulls(table.num_rows, columns.field(name).type)
            table = table.append_column(name, nothing.fill_null(0) if name == "flags" else nothing)
    return table.select(columns.names).cast(columns)


def _may_hold(group: pq.RowGroupMetaData, layer: str, keys: list[str]) -> bool:
    """Whether the least and greatest texts of a group leave room for one of the keys; a group that does not say may."""
    layers, points = (group.column(READINGS.names.index(name)).statistics for name in ("layer", "key"))
    if layers is None or points is None or not (layers.has_min_max and points.has_min_max):
        return True
    if not layers.min <= layer <= layers.max:
        return False
    at = bisect_left(keys, points.min)
    return layers.min != layers.max or (at < len(keys) and keys[at] <= points.max)


def _only(group: pq.RowGroupMetaData, layer: str) -> bool:
    """Whether a group says that it holds nothing but a layer."""
    said = group.column(0).statistics
    return said is not None and said.has_min_max and bool(said.min == layer == said.max)


def _among(column: pa.ChunkedArray, words: list[str]) -> NDArray[np.bool_]:
    """Which rows of a dictionary-encoded column hold one of the words, each word of the dictionary looked up once."""
    wanted = pa.array(words, pa.string())
    found = [pc.is_in(part.dictionary, value_set=wanted).take(part.indices) for part in column.chunks]
    return np.asarray(pa.chunked_array(found, pa.bool_()).to_numpy())


def number_of(path: Path) -> int:
    """Which of a day's files came later."""
    return int(path.stem[11:])


def files(folder: Path, start: datetime, end: datetime) -> list[Path]:
    """The files of the days from one time to another, what came later last."""
    first, last = start.astimezone(UTC).date().isoformat(), end.astimezone(UTC).date().isoformat()
    found = [path for path in folder.glob("*.parquet") if first <= path.name[:10] <= last]
    return sorted(found, key=lambda path: (path.name[:10], number_of(path)))


def in_order(table: pa.Table) -> pa.Table:
    """By identity, of readings of one moment of one point the last in the table."""
    words = [name for name in IDENTITY[:-1] if name in table.column_names]
    at = pc.cast(table["at"], pa.int64()).to_numpy()
    if not len(at):
        return table
    codes = [_places(table[name]) for name in words]
    alone = all(code is None for code in codes)
    if alone and bool((at[1:] > at[:-1]).all()):
        return table
    keys = [code for code in codes if code is not None]
    order = np.lexsort((at, *reversed(keys)))
    again = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in (at, *keys):
        ordered = column[order]
        again &= ordered[1:] == ordered[:-1]
    return table.take(pa.array(order[np.append(~again, True)]))


def _places(column: pa.ChunkedArray) -> NDArray[np.int32] | None:
    """Each row's place among the sorted words of a column; None where all say the same."""
    whole = column.combine_chunks()
    encoded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    words = np.array(encoded.dictionary.to_pylist(), dtype=object)
    used = encoded.indices.to_numpy()
    if len(words) < 2 or bool((used == used[0]).all()):
        return None
    _, place = np.unique(words.astype(str), return_inverse=True)
    return np.asarray(place.astype(np.int32)[used])


def by_day(block: Block) -> Iterator[tuple[date, NDArray[np.int64]]]:
    """The rows of each day (UTC), in the order in which they lie."""
    if not len(block):
        return
    day = block.at // _DAY
    first, last = int(day.min()), int(day.max())
    near = (day - first).astype(np.uint16) if last - first < 2**16 else day  # small numbers are sorted by counting
    order = np.argsort(near, kind="stable")
    begin = np.flatnonzero(np.append(True, np.diff(near[order]) != 0))
    for number, rows in zip(day[order[begin]].tolist(), np.split(order, begin[1:]), strict=True):
        yield _date(number), rows


def ordered(block: Block, ranks: NDArray[np.int32]) -> Block:
    """One day's readings by the rank of their point and by time, of one moment of a point the last: as `in_order`."""
    place = ranks[block.point].astype(np.int64) * _DAY + block.at % _DAY
    order = np.argsort(place, kind="stable")
    again = np.diff(place[order]) == 0
    return block.chosen(order[np.append(~again, True)] if again.any() else order)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


def write_day(folder: Path, day: date, number: int, table: pa.Table) -> Path:
    """A file of one day's readings, which are in order, whole or not there."""
    target = folder / f"{day.isoformat()}-{number:012d}.parquet"
    half = target.with_suffix(f".{os.getpid()}.part")
    words = list(IDENTITY[:-1])  # a dictionary of times or values costs more time and room than it saves
    pq.write_table(table, half, compression="zstd", row_group_size=ROWS, use_dictionary=words)
    with half.open("rb") as written:
        os.fsync(written.fileno())
    half.replace(target)
    return target


def grow_together(folder: Path, day: date) -> None:
    """Join the last files of a day while the one before is not much larger; the joined one takes the later's name.

    What is deleted stands in the joined file already, so a crash in between leaves readings twice, which are read once.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    lying = files(folder, midnight, midnight)
    rows = [pq.read_metadata(path).num_rows for path in lying]
    first = len(lying) - 1
    total = rows[-1] if rows else 0
    while first > 0 and rows[first - 1] <= 2 * total and total + rows[first - 1] <= TOGETHER:
        first -= 1
        total += rows[first]
    if first >= len(lying) - 1:
        return
    together = [completed(_read(path), KEPT_WORDS) for path in lying[first:]]
    whole = pa.concat_tables(together).unify_dictionaries()
    write_day(folder, day, number_of(lying[-1]), in_order(whole))
    for path in lying[first:-1]:
        path.unlink(missing_ok=True)


def _read(path: Path) -> pa.Table:
    """A whole file; `read_table` would load a library of data sets for it."""
    with pq.ParquetFile(path) as file:
        return file.read()


KEPT_WORDS = pa.schema([field.with_type(WORD) if field.type == pa.string() else field for field in KEPT])


def days_in(readings: pa.Table) -> set[str]:
    """The days (UTC) some readings are of."""
    at = pc.cast(readings["at"], pa.int64()).to_numpy()
    return {_date(day).isoformat() for day in np.unique(at // _DAY).tolist()}
