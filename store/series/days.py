"""One day of readings in a Parquet file, ordered by layer and key: those of a point lie in few groups of rows."""

from bisect import bisect_left
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

ROWS = 10_000
"""Rows of a group: with fewer a year of one point is read a little faster and the files grow by half."""

IDENTITY = ("layer", "key", "element", "at")
MOMENT = pa.timestamp("us", "UTC")
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
ANSWER = pa.schema([field for field in READINGS if field.name != "layer"])


def day_read(path: Path, layer: str, keys: list[str]) -> pa.Table:
    """The readings of some points (sorted keys) of a layer in one file, without their layer.

    A data set over a year of files took ten times as long: it decodes every text of a group before it filters.
    """
    with pq.ParquetFile(path, memory_map=True, read_dictionary=["layer", "key", "element"]) as file:
        groups = [n for n in range(file.num_row_groups) if _may_hold(file.metadata.row_group(n), layer, keys)]
        if not groups:
            return ANSWER.empty_table()
        table = file.read_row_groups(groups, columns=READINGS.names, use_threads=False)
    at = np.flatnonzero(_among(table["layer"], [layer]) & _among(table["key"], keys))
    if not len(at):
        return ANSWER.empty_table()
    lying_together = at[-1] - at[0] + 1 == len(at)
    found = table.slice(at[0], len(at)) if lying_together else table.take(pa.array(at))
    return found.select(ANSWER.names).cast(ANSWER)


def _may_hold(group: pq.RowGroupMetaData, layer: str, keys: list[str]) -> bool:
    """Whether the least and greatest texts of a group leave room for one of the keys; a group that does not say may."""
    layers, points = (group.column(READINGS.names.index(name)).statistics for name in ("layer", "key"))
    if layers is None or points is None or not (layers.has_min_max and points.has_min_max):
        return True
    if not layers.min <= layer <= layers.max:
        return False
    at = bisect_left(keys, points.min)
    return layers.min != layers.max or (at < len(keys) and keys[at] <= points.max)


def _among(column: pa.ChunkedArray, words: list[str]) -> NDArray[np.bool_]:
    """Which rows of a dictionary-encoded column hold one of the words, each word of the dictionary looked up once."""
    wanted = pa.array(words, pa.string())
    found = [pc.is_in(part.dictionary, value_set=wanted).take(part.indices) for part in column.chunks]
    return np.asarray(pa.chunked_array(found, pa.bool_()).to_numpy())
