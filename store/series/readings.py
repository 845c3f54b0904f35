"""Time series of sensors and stations: append, latest, and reads that draw a year in a moment.

A reading is (layer, key, element, at, value, quality). `element` names the quantity where a feature has several (a
weather station's `wind_speed`); it is "value" where there is one. Quality: 0 good, 1 suspect, 2 bad, 3 missing.
"""

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.scope import Scope
from layers.layer import Layer
from store.protocol import Store
from store.query import Query
from store.series.days import ANSWER, IDENTITY, MOMENT, READINGS, ROWS, day_read

GOOD = 0
KEPT_RECENT = timedelta(days=2)
"""Whole days older than this before the newest reading leave the database for Parquet."""

BUCKETS = pa.schema(
    [
        ("key", pa.string()),
        ("element", pa.string()),
        ("at", MOMENT),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("last", pa.float64()),
        ("count", pa.int64()),
    ]
)

TABLES = """
CREATE TABLE IF NOT EXISTS readings (layer TEXT NOT NULL, key TEXT NOT NULL, element TEXT NOT NULL, at INTEGER NOT NULL,
    value REAL, quality INTEGER NOT NULL, PRIMARY KEY (layer, key, element, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS latest (layer TEXT NOT NULL, key TEXT NOT NULL, element TEXT NOT NULL, at INTEGER NOT NULL,
    value REAL, quality INTEGER NOT NULL, PRIMARY KEY (layer, key, element)) WITHOUT ROWID;
"""


class Series:
    """Readings under one folder; whose they are is asked of the feature store, under the caller's scope."""

    def __init__(self, folder: Path, store: Store) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._days = folder / "days"
        self._days.mkdir(exist_ok=True)
        self._store = store
        self._lock = threading.Lock()
        self._db = sqlite3.connect(folder / "recent.db", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(TABLES)
        self._opened = secrets.token_hex(4)
        self._folded = date.min

    def append(self, readings: pa.Table) -> int:
        """Keep readings (schema READINGS); the same (layer, key, element, at) again replaces the one before."""
        rows = _rows(readings)
        with self._writing():
            self._db.executemany("INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._newest(readings)
        newest = pc.max(readings["at"]).as_py() if rows else None
        if newest is not None and newest.astimezone(UTC).date() > self._folded:
            self._folded = newest.astimezone(UTC).date()
            self.fold(self._folded - KEPT_RECENT)
        return len(rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def fold(self, before: date) -> int:
        """Move whole days older than `before` (UTC) from the database to Parquet; the number of readings moved.

        A file is complete before its rows are deleted, and a day folded twice gives the same file, so a crash in
        between costs nothing: until then a reading is in both places and is read once.
        """
        midnight = datetime(before.year, before.month, before.day, tzinfo=UTC)
        with self._writing():
            rows = self._db.execute("SELECT * FROM readings WHERE at < ?", (_micros(midnight),)).fetchall()
            table = _table(rows, READINGS)
            days = pc.cast(table["at"], pa.date32())
            for day in pc.unique(days).to_pylist():
                part = table.filter(pc.equal(days, pa.scalar(day, pa.date32())))
                target = self._days / f"{day.isoformat()}-recent.parquet"
                if target.exists():
                    part = _distinct(pa.concat_tables([pq.read_table(target, schema=READINGS), part]))
                half = target.with_suffix(".part")
                pq.write_table(
                    part.sort_by([(n, "ascending") for n in IDENTITY]), half, compression="zstd", row_group_size=ROWS
                )
                with half.open("rb") as written:
                    os.fsync(written.fileno())
                half.replace(target)
            return self._db.execute("DELETE FROM readings WHERE at < ?", (_micros(midnight),)).rowcount

    def write_days(self, readings: pa.Table) -> int:
        """Keep whole past days in bulk, one file a day, replacing nothing: each call adds files of its own."""
        table = readings.cast(READINGS).sort_by([(name, "ascending") for name in ("layer", "key", "element", "at")])
        days = pc.cast(table["at"], pa.date32())
        for day in pc.unique(days).to_pylist():
            part = table.filter(pc.equal(days, pa.scalar(day, pa.date32())))
            number = sum(1 for _ in self._days.glob(f"{day.isoformat()}-*.parquet"))
            target = self._days / f"{day.isoformat()}-{number:03d}.parquet"
            pq.write_table(part, target, compression="zstd", row_group_size=ROWS)
        with self._writing():
            self._newest(table)
        return int(table.num_rows)

    def _newest(self, readings: pa.Table) -> None:
        names = ["layer", "key", "element"]
        ordered = readings.sort_by([("at", "ascending")])
        last = ordered.group_by(names, use_threads=False).aggregate(
            [("at", "last"), ("value", "last"), ("quality", "last")]
        )
        renamed = last.rename_columns([name.removesuffix("_last") for name in last.column_names]).select(READINGS.names)
        self._db.executemany(
            "INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET at = excluded.at, value = excluded.value, quality = excluded.quality WHERE excluded.at >= latest.at",
            _rows(renamed.cast(READINGS)),
        )

    def stamp(self) -> str:
        """Another text whenever readings came in, here or by another process: what was read before may be old."""
        with self._lock:
            elsewhere = self._db.execute("PRAGMA data_version").fetchone()[0]
            return f"{self._opened}-{elsewhere}-{self._db.total_changes}"

    def latest(self, layer: Layer, keys: list[str] | None = None, *, scope: Scope) -> pa.Table:
        """The newest reading of each point the caller may see: key, element, at, value, quality."""
        seen = self._seen(layer, scope)
        wanted = seen if keys is None else seen & set(keys)
        with self._lock:
            rows = self._db.execute(
                "SELECT key, element, at, value, quality FROM latest WHERE layer = ?", (layer.id,)
            ).fetchall()
        return _table([row for row in rows if row[0] in wanted], ANSWER)

    def read(
        self,
        layer: Layer,
        keys: list[str],
        *,
        start: datetime,
        end: datetime,
        scope: Scope,
        element: str | None = None,
        buckets: int | None = None,
    ) -> pa.Table:
        """Readings with start <= at < end in time order; with `buckets`, low, high, last and count of equal spans."""
        wanted = sorted(self._seen(layer, scope) & set(keys))
        recent = self._recent(layer, wanted, start, end, element)
        old = self._old(layer, wanted, start, end, element)
        if recent.num_rows:
            late = pc.greater_equal(old["at"], pc.min(recent["at"]))
            recent = _distinct(pa.concat_tables([old.filter(late), recent]))
            old = old.filter(pc.invert(late))
        table = pa.concat_tables([old, recent])
        table = table.sort_by([("key", "ascending"), ("element", "ascending"), ("at", "ascending")])
        return table if buckets is None else _bucketed(table, start, end, buckets)

    def _seen(self, layer: Layer, scope: Scope) -> set[str]:
        keys = self._store.read(layer, Query(fields=(layer.key,), geometry=False), scope=scope)
        return set(keys[layer.key].to_pylist())

    def _old(self, layer: Layer, keys: list[str], start: datetime, end: datetime, element: str | None) -> pa.Table:
        files = [path for path in sorted(self._days.glob("*.parquet")) if _overlaps(path, start, end)] if keys else []
        parts = [part for part in (day_read(path, layer.id, keys) for path in files) if part.num_rows]
        if not parts:
            return ANSWER.empty_table()
        table = pa.concat_tables(parts)
        at = table["at"]
        kept = pc.and_(pc.greater_equal(at, pa.scalar(start, MOMENT)), pc.less(at, pa.scalar(end, MOMENT)))
        return table.filter(kept if element is None else pc.and_(kept, pc.equal(table["element"], element)))

    def _recent(self, layer: Layer, keys: list[str], start: datetime, end: datetime, element: str | None) -> pa.Table:
        text = "SELECT key, element, at, value, quality FROM readings"
        text += " WHERE layer = ? AND key IN (SELECT value FROM json_each(?))"
        bound: list[object] = [layer.id, json.dumps(keys)]
        if element is not None:
            text += " AND element = ?"
            bound.append(element)
        with self._lock:
            rows = self._db.execute(f"{text} AND at >= ? AND at < ?", (*bound, _micros(start), _micros(end))).fetchall()
        return _table(rows, ANSWER)

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()


def open_series(folder: Path, store: Store) -> Series:
    """Open or create the readings under a folder."""
    return Series(folder, store)


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _rows(readings: pa.Table) -> list[tuple[object, ...]]:
    table = readings.cast(READINGS)
    columns = [table[name].to_pylist() for name in ("layer", "key", "element")]
    columns.append(pc.cast(table["at"], pa.int64()).to_pylist())
    columns += [table[name].to_pylist() for name in ("value", "quality")]
    return list(zip(*columns, strict=True))


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [
        pa.array(column, pa.int64()).cast(field.type) if field.name == "at" else pa.array(column, field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _distinct(table: pa.Table) -> pa.Table:
    """Of readings of one moment of one point the last in the table."""
    names = [name for name in IDENTITY if name in table.column_names]
    found = table.group_by(names, use_threads=False).aggregate([("value", "last"), ("quality", "last")])
    renamed = found.rename_columns([name.removesuffix("_last") for name in found.column_names])
    return renamed.select(table.column_names).cast(table.schema)


def _overlaps(path: Path, start: datetime, end: datetime) -> bool:
    day = date.fromisoformat(path.name[:10])
    return start.astimezone(UTC).date() <= day <= end.astimezone(UTC).date()


def _bucketed(table: pa.Table, start: datetime, end: datetime, buckets: int) -> pa.Table:
    span = max(1, (_micros(end) - _micros(start)) // buckets)
    good = table.filter(pc.less(table["quality"], 2))
    at = pc.cast(good["at"], pa.int64()).to_numpy()
    place = (at - _micros(start)) // span * span + _micros(start)
    good = good.set_column(good.column_names.index("at"), "at", pa.array(place.astype(np.int64)))
    grouped = good.group_by(["key", "element", "at"], use_threads=False).aggregate(
        [("value", "min"), ("value", "max"), ("value", "last"), ("value", "count")]
    )
    answer = pa.table(
        {
            "key": grouped["key"],
            "element": grouped["element"],
            "at": grouped["at"].cast(MOMENT),
            "low": grouped["value_min"],
            "high": grouped["value_max"],
            "last": grouped["value_last"],
            "count": grouped["value_count"],
        }
    )
    return answer.cast(BUCKETS)
