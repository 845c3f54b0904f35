"""The hours of every point, a file for each day that is over: a long span of one point is read in a moment.

`hours/2026-11-21.arrow` is Arrow's file format: rows by point and hour in compressed batches, and in its head with
which point each batch begins, so one batch of a day is read. It says of which files of the day it was made: a day to
which something came late is summed up again. What is lost is made anew.
"""

import json
import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from store.series.days import IDENTITY, WORD, completed
from store.series.spans import HOUR, Rows, joined, summed_by, taken

VERSION = 2
BATCH = 1024
"""Rows of a batch: what is decoded for one point and day."""

PIECE = 2_000_000
"""Readings that are summed up at once."""

HOURS = pa.schema(
    [
        ("point", pa.int32()),
        ("at", pa.int64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("last", pa.float64()),
        ("count", pa.int32()),
        ("quality", pa.int8()),
        ("flags", pa.int32()),
        ("refused", pa.float64()),
    ]
)
"""Lowest and highest are null where they are the last value, `refused` where nothing was."""

_SUMMED = pa.schema([(name, WORD) for name in IDENTITY[:-1]] + [
    ("at", pa.timestamp("us", "UTC")), ("value", pa.float64()), ("quality", pa.int8()), ("flags", pa.int32()),
])  # fmt: skip
Name = tuple[str, str]
"""Layer and code."""


def path_of(folder: Path, day: str) -> Path:
    """Where the hours of a day are kept."""
    return folder / f"{day}.arrow"


def made_of(path: Path, origin: int) -> list[str]:
    """Of which files a day's hours were made; none where they are not kept, or points are numbered otherwise."""
    try:
        with pa.memory_map(str(path)) as file:
            return list(_head(pa.ipc.open_file(file), origin)[0])
    except (FileNotFoundError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return []


def hours_in(path: Path, point: int, origin: int, names: list[str]) -> Rows | None:
    """A point's hours of a day made of these very files; None where they are not kept, or made of others."""
    try:
        with pa.memory_map(str(path)) as file:
            reader = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(use_threads=False))
            whence, firsts = _head(reader, origin)
            if whence != names:
                return None
            first, end = max(0, bisect_left(firsts, point) - 1), bisect_right(firsts, point)
            return joined([_rows(reader.get_batch(n), point) for n in range(first, max(end, first + 1))])
    except (FileNotFoundError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return None


def _head(reader: pa.ipc.RecordBatchFileReader, origin: int) -> tuple[list[str], list[int]]:
    said = json.loads(reader.schema.metadata[b"onemap"])
    if (said["version"], said["origin"]) != (VERSION, origin):
        raise ValueError("hours of another version, or of a folder that numbers its points otherwise")
    return said["files"], said["firsts"]


def _rows(batch: pa.RecordBatch, point: int) -> Rows:
    column = {name: batch.column(n) for n, name in enumerate(HOURS.names)}
    numbers = column["point"].to_numpy()
    begin, end = np.searchsorted(numbers, [point, point + 1]).tolist()

    def values(name: str) -> NDArray[np.float64]:
        found = column[name].slice(begin, end - begin)
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=float)

    last, low, high = values("last"), values("low"), values("high")
    return Rows(
        at=column["at"].to_numpy()[begin:end].copy(),
        low=np.where(np.isnan(low), last, low),
        high=np.where(np.isnan(high), last, high),
        last=last,
        count=column["count"].to_numpy()[begin:end].astype(np.int64),
        quality=column["quality"].to_numpy()[begin:end].copy(),
        flags=column["flags"].to_numpy()[begin:end].copy(),
        refused=values("refused"),
    )


def write_hours(path: Path, sources: list[Path], number: Callable[[pa.Table], NDArray[np.int32]], origin: int) -> None:
    """Sum up a day of all points from its files, what came later last; whole or not at all."""
    found = [_summed(piece, number(piece)) for piece in pieces(sources)]
    point = np.concatenate([np.empty(0, np.int32), *(numbers for numbers, _ in found)])
    rows = joined([rows for _, rows in found])
    order = np.lexsort((rows.at, point))
    point, rows = point[order], rows.chosen(order)
    said = {
        "version": VERSION, "origin": origin, "files": [source.name for source in sources],
        "firsts": point[::BATCH].tolist() or [0],
    }  # fmt: skip
    table = _table(point, rows).replace_schema_metadata({"onemap": json.dumps(said).encode()})
    path.parent.mkdir(exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.part")
    packed = pa.ipc.IpcWriteOptions(compression="zstd")
    with half.open("wb") as file:
        with pa.ipc.new_file(file, table.schema, options=packed) as out:
            for batch in table.to_batches(max_chunksize=BATCH) or [pa.RecordBatch.from_pylist([], table.schema)]:
                out.write_batch(batch)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _table(point: NDArray[np.int32], rows: Rows) -> pa.Table:
    def unless(values: NDArray[np.float64], same: NDArray[np.bool_]) -> pa.Array:
        return pa.array(values, mask=same | np.isnan(values))

    columns = {
        "point": pa.array(point, pa.int32()), "at": pa.array(rows.at), "low": unless(rows.low, rows.low == rows.last),
        "high": unless(rows.high, rows.high == rows.last), "last": pa.array(rows.last),
        "count": pa.array(rows.count.astype(np.int32)), "quality": pa.array(rows.quality),
        "flags": pa.array(rows.flags), "refused": unless(rows.refused, np.zeros(len(rows), bool)),
    }  # fmt: skip
    return pa.table(columns, schema=HOURS)


def _summed(readings: pa.Table, point: NDArray[np.int32]) -> tuple[NDArray[np.int32], Rows]:
    """The hours of each point, of readings of one moment the last in the table."""
    at = pc.cast(readings["at"], pa.int64()).to_numpy()
    order = np.lexsort((at, point))
    at, point = at[order], point[order]
    lasting = np.append((at[1:] != at[:-1]) | (point[1:] != point[:-1]), True)[: len(at)]
    rows, point = taken(readings, order[lasting]), point[lasting]
    hour = rows.at // HOUR
    begin = np.flatnonzero(np.append(True, (hour[1:] != hour[:-1]) | (point[1:] != point[:-1])))[: len(hour)]
    return point[begin], summed_by(rows, begin, hour[begin] * HOUR)


def pieces(sources: list[Path]) -> Iterator[pa.Table]:
    """All that some files hold, what came later last, so many points at a time that they fit into memory."""
    files = [pq.ParquetFile(path, memory_map=True, read_dictionary=list(IDENTITY[:-1])) for path in sources]
    try:
        groups = [
            (file, n, *_reach(file.metadata.row_group(n)), file.metadata.row_group(n).num_rows)
            for file in files for n in range(file.num_row_groups)
        ]  # fmt: skip
        edges = _edges([(low, rows) for _, _, low, _, rows in groups])
        for low, high in zip(edges, [*edges[1:], None], strict=True):
            parts = []
            for file in files:
                wanted = [
                    n for one, n, least, most, _ in groups
                    if one is file and (high is None or least < high) and (most is None or most >= low)
                ]  # fmt: skip
                if wanted:
                    there = [name for name in _SUMMED.names if name in file.schema_arrow.names]
                    table = completed(file.read_row_groups(wanted, columns=there, use_threads=False), _SUMMED)
                    parts.append(table if len(edges) == 1 else table.filter(_between(table, low, high)))
            if parts:
                yield pa.concat_tables(parts).unify_dictionaries()
    finally:
        for file in files:
            file.close()


def _edges(begins: list[tuple[Name, int]]) -> list[Name]:
    """Where pieces begin: the least names of groups, so many readings apart."""
    edges, waiting = [("", "")], 0
    for name, rows in sorted(begins):
        if waiting >= PIECE and name > edges[-1]:
            edges.append(name)
            waiting = 0
        waiting += rows
    return edges


def _reach(group: pq.RowGroupMetaData) -> tuple[Name, Name | None]:
    """The least and the greatest name a group may hold; None where it does not say."""
    layers, keys = (group.column(n).statistics for n in (0, 1))
    if layers is None or keys is None or not (layers.has_min_max and keys.has_min_max):
        return ("", ""), None
    if layers.min == layers.max:
        return (layers.min, keys.min), (layers.max, keys.max)
    return (layers.min, ""), (layers.max, "\U0010ffff")


def _between(table: pa.Table, low: Name, high: Name | None) -> pa.Array:
    """Which rows are of names from `low` to before `high`."""
    whole = table.unify_dictionaries().combine_chunks()
    inside = _beyond(whole, low)
    return pa.array(inside if high is None else inside & ~_beyond(whole, high))


def _beyond(table: pa.Table, name: Name) -> NDArray[np.bool_]:
    layer, key = (_compared(table[column], word) for column, word in zip(("layer", "key"), name, strict=True))
    return np.asarray((layer > 0) | ((layer == 0) & (key >= 0)))


def _compared(column: pa.ChunkedArray, word: str) -> NDArray[np.int8]:
    """Of each row: -1 before the word, 0 the word, 1 behind it."""
    found = [
        np.array([(one > word) - (one < word) for one in part.dictionary.to_pylist()], np.int8)[part.indices.to_numpy()]
        for part in column.chunks
    ]
    return np.concatenate(found) if found else np.empty(0, np.int8)
