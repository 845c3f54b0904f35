"""The hours of one quantity of one point, kept once somebody looked at a long span: a year is then read in a moment.

A file a point, made of the days that are over. It says of which files of a day each hour was made, so a day to which
something came late is read again. What is lost is made anew.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.series.days import ANSWER
from store.series.spans import Rows, from_table, in_table, joined, rows_of

HOUR = 3_600_000_000
DAY = 24 * HOUR
VERSION = 1
NOTHING = rows_of(ANSWER.empty_table())
Sources = Mapping[str, tuple[str, ...]]
"""Of each day (2026-11-28) the names of its files."""


def kept_hours(path: Path) -> tuple[Rows, Sources]:
    """The hours that are kept, and of what they were made; none where there is no such file, or one that is half."""
    try:
        table = pq.read_table(path, use_threads=False)
        said = json.loads(table.schema.metadata[b"onemap"])
    except (FileNotFoundError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
        return NOTHING, {}
    if said.get("version") != VERSION:
        return NOTHING, {}
    return from_table(table), {day: tuple(names) for day, names in said["days"].items()}


def keep_hours(path: Path, rows: Rows, made_of: Sources) -> None:
    """Write them, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    said = json.dumps({"version": VERSION, "days": made_of}).encode()
    half = path.with_suffix(f".{os.getpid()}.part")
    pq.write_table(in_table(rows).replace_schema_metadata({"onemap": said}), half, compression="zstd")
    half.replace(path)


def of_days(rows: Rows, days: Iterable[str]) -> Rows:
    """The rows of some days."""
    wanted = np.array(sorted(days), dtype="datetime64[D]").astype(np.int64)
    return rows.chosen(np.isin(rows.at // DAY, wanted))


def by_time(parts: list[Rows]) -> Rows:
    """Several, in time order."""
    whole = joined(parts)
    return whole.chosen(np.argsort(whole.at, kind="stable"))


def days_in(readings: pa.Table) -> set[str]:
    """The days (UTC) some readings are of."""
    at = pc.cast(readings["at"], pa.int64()).to_numpy()
    return {str(day) for day in np.unique(at // DAY).astype("datetime64[D]")}
