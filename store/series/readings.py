"""Time series of sensors and stations: append, latest, and reads that draw a year in a moment.

A reading is (layer, key, element, at, value, quality), with why it is doubted (flags) and when it arrived. `element`
names the quantity where a feature has several (a weather station's `wind_speed`); it is "value" where there is one.
Quality: 0 good, 1 suspect, 2 bad, 3 missing.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.errors import BusyError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.filters import In
from layers.layer import Layer
from store.protocol import Store
from store.query import Query
from store.series.block import Block, joined
from store.series.bulk import block_of, in_table, named, numbers, write_days
from store.series.days import (
    ANSWER,
    MOMENT,
    by_day,
    day_read,
    days_in,
    files,
    grow_together,
    in_order,
    write_day,
)
from store.series.hours import hours_in, made_of, path_of, write_hours
from store.series.journal import Journal
from store.series.spans import HOUR, NOTHING, Rows, joined_in_time, rows_of, spans
from store.series.upgrading import upgrade

GOOD = 0
FOLDED_AT = 500_000
"""So many readings in memory are folded into files of days, beside the appending."""

MOST_WAITING = 16 * FOLDED_AT
"""With more than this that could not be folded (a full disk, say) nothing more is taken."""

FEW, READERS = 16, 4
"""More files than this are read by so many threads: decoding does not hold the interpreter."""

WORTH_SUMMING = 3
"""Who had to read so many days reading by reading has the hours of all days that are over summed up beside."""

LOOKED_UP = 500
"""Up to so many codes are asked for by name."""

LEAN = pa.schema([field for field in ANSWER if field.name not in ("flags", "arrived")])
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
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class Series:
    """Readings under one folder; whose they are is asked of the feature store, under the caller's scope."""

    def __init__(self, folder: Path, store: Store) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._days = folder / "days"
        self._days.mkdir(exist_ok=True)
        self._hours_folder = folder / "hours"
        self._store = store
        self._journal = Journal(folder / "recent.db")
        self._folding = threading.Lock()
        self._summing, self._over = threading.Lock(), threading.Event()
        self._touched: set[str] = set()
        self._threads: dict[str, threading.Thread] = {}
        self._opened = secrets.token_hex(4)
        self._bulk = 0
        upgrade(self._journal, self._days)

    def points(self, readings: pa.Table) -> NDArray[np.int32]:
        """The number of each row's point (layer, key, element): small, given once, and the same for good."""
        return numbers(self._journal, readings)

    def append(self, readings: pa.Table, points: NDArray[np.int32] | None = None) -> int:
        """Keep readings (schema READINGS or KEPT); the same (layer, key, element, at) again replaces the one before."""
        if not readings.num_rows:
            return 0
        waiting = self._journal.rows()
        if waiting > MOST_WAITING:
            raise BusyError(
                Text("读数暂时无法写入,请稍后重试", "readings cannot be kept now; try again later"), retry_after=5
            )
        self._journal.append(block_of(readings, self.points(readings) if points is None else points))
        if waiting + readings.num_rows >= FOLDED_AT:
            self._beside(self.fold)
        return int(readings.num_rows)

    def repeated(self, points: NDArray[np.int32], readings: pa.Table) -> NDArray[np.bool_]:
        """Which rows say what an earlier row, or one that came in lately, said: the same value of the same moment."""
        block = block_of(readings, points)
        traces = block.traces()
        _, first = np.unique(traces, return_index=True)
        again = np.ones(len(block), dtype=bool)
        again[first] = False
        behind = np.flatnonzero(block.at <= self._journal.newest_at(points))
        if len(behind):
            low, high = block.at[behind].min(), block.at[behind].max()
            for part in self._journal.parts():
                near = (part.block.at >= low) & (part.block.at <= high)
                if near.any():
                    again[behind] |= np.isin(traces[behind], part.block.chosen(near).traces())
        return again

    def newest_at(self, points: NDArray[np.int32]) -> NDArray[np.int64]:
        """When the newest reading of each of some points was measured, in microseconds; what has none is long ago."""
        return self._journal.newest_at(points)

    def _beside(self, work: Callable[[], object]) -> None:
        """Work in a thread of its own, one of a kind at a time."""
        name = work.__name__
        running = self._threads.get(name)
        if running is not None and running.is_alive():
            return

        def working() -> None:
            try:
                work()
            except Exception:
                _log.exception("series: %s did not succeed", name)

        self._threads[name] = threading.Thread(target=working, name=f"series-{name}")
        self._threads[name].start()

    def fold(self) -> int:
        """Move what is in the journal into files of days; the number of readings moved.

        A file is complete before its rows leave the journal, so a crash in between costs nothing: until then a reading
        is in both places and is read once.
        """
        with self._folding:
            self._journal.refresh()
            parts = self._journal.seal()
            if not parts:
                return 0
            block, touched = joined([part.block for part in parts]), set[str]()
            for day, rows in by_day(block):
                write_day(self._days, day, parts[-1].last, in_table(self._journal, block.chosen(rows)))
                grow_together(self._days, day)
                touched.add(day.isoformat())
            self._journal.folded(parts)
            self._touched = touched
        self._beside(self.sum_up)
        return len(block)

    def sum_up(self) -> int:
        """Make the hours of every day nothing comes to at present, where its files are others now; how many days.

        Spared are the newest day and those the last fold wrote to.
        """
        listed, origin, done = self._listed(FIRST, LAST), self._journal.origin, 0
        with self._summing:
            for day in sorted(listed.keys() - self._touched - {max(listed, default="")}, reverse=True):
                target, lying = path_of(self._hours_folder, day), listed[day]
                if self._over.is_set():
                    break
                if made_of(target, origin) == [path.name for path in lying]:
                    continue
                try:
                    write_hours(target, lying, self.points, origin)
                    done += 1
                except FileNotFoundError:  # grown together with another since it was listed
                    continue
        return done

    def _listed(self, start: datetime, end: datetime) -> dict[str, list[Path]]:
        """The files of each day, what came later last."""
        listed: dict[str, list[Path]] = {}
        for path in files(self._days, start, end):
            listed.setdefault(path.name[:10], []).append(path)
        return listed

    def write_days(self, readings: pa.Table) -> int:
        """Keep whole past days in bulk, past the journal: each call adds a file of its own to each day."""
        count = write_days(self._journal, self._days, readings)
        self._bulk += bool(count)
        return count

    def _named(self, block: Block) -> pa.Table:
        return named(block, self._journal.points.names)

    def stamp(self) -> str:
        """Another text whenever readings came in, here or by another process: what was read before may be old."""
        with self._journal.lock:
            return f"{self._opened}-{self._journal.version()}-{self._journal.seq}-{self._bulk}"

    def latest(self, layer: Layer, keys: list[str] | None = None, *, scope: Scope) -> pa.Table:
        """The newest reading of each point the caller may see: key, element, at, value, quality, flags, arrived."""
        wanted = self._seen(layer, scope, keys)
        self._journal.refresh()
        numbers = self._journal.points.of(layer.id, list(wanted))
        found = self._journal.newest(numbers[np.argsort(self._journal.points.ranks()[numbers])])
        return self._named(found).select(ANSWER.names).cast(ANSWER)

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
        wanted = sorted(self._seen(layer, scope, keys))
        schema = ANSWER if buckets is None else LEAN
        self._journal.refresh()
        recent = self._recent(layer, wanted, start, end, element).select(schema.names).cast(schema)
        old = self._old(layer, wanted, start, end, element, schema)  # after what is recent: that is folded meanwhile
        table = in_order(pa.concat_tables([old, recent]))
        return table if buckets is None else _bucketed(table, start, end, buckets)

    def hours(self, layer: Layer, key: str, element: str, *, start: datetime, end: datetime, scope: Scope) -> Rows:
        """A point's whole hours within start <= at < end, for spans too long to read each reading anew each time."""
        if not self._seen(layer, scope, [key]):
            return NOTHING
        self._journal.refresh()
        while True:
            try:
                found = self._hours(layer, key, element, start, end)
                break
            except FileNotFoundError:  # grown together with another since it was listed
                continue
        inside = (found.at > _micros(start) - HOUR) & (found.at < _micros(end))
        return found.chosen(inside)

    def _hours(self, layer: Layer, key: str, element: str, start: datetime, end: datetime) -> Rows:
        """Of days that are over the hours that are kept; the others, and what waits in memory, reading by reading."""
        numbers, origin = self._journal.points.of(layer.id, [key], element), self._journal.origin
        recent = self._recent(layer, [key], start, end, element).select(ANSWER.names).cast(ANSWER)
        fresh, found, rest = days_in(recent), list[Rows](), list[list[Path]]()
        for day, lying in self._listed(start, end).items():
            names = [path.name for path in lying]
            kept = None
            if len(numbers) and day not in fresh:
                kept = hours_in(path_of(self._hours_folder, day), int(numbers[0]), origin, names)
            if kept is None:
                rest.append(lying)
            else:
                found.append(kept)
        if len(numbers) and len(rest) > WORTH_SUMMING:
            self._beside(self.sum_up)
        old = self._of_files([path for lying in rest for path in lying], layer, [key], ANSWER)
        old = old.filter(pc.equal(old["element"], element))
        return joined_in_time([*found, spans(rows_of(in_order(pa.concat_tables([old, recent]))), 0, HOUR)])

    def _seen(self, layer: Layer, scope: Scope, keys: list[str] | None) -> set[str]:
        """Those of some codes the caller may see; of a few only these are looked up, not every point of a city.

        From the system itself nothing is hidden: whatever codes it names it has from the store.
        """
        if scope is SYSTEM_SCOPE and keys is not None:
            return set(keys)
        few = keys is not None and len(keys) <= LOOKED_UP
        where = In(layer.key, tuple(keys)) if few and keys is not None else None
        seen = self._store.read(layer, Query(where=where, fields=(layer.key,), geometry=False), scope=scope)
        found = set(seen[layer.key].to_pylist())
        return found if keys is None else found & set(keys)

    def _old(
        self, layer: Layer, keys: list[str], start: datetime, end: datetime, element: str | None, schema: pa.Schema
    ) -> pa.Table:
        while True:
            try:
                found = files(self._days, start, end) if keys else []
                table = self._of_files(found, layer, keys, schema)
                break
            except FileNotFoundError:  # grown together with another since it was listed
                continue
        at = table["at"]
        kept = pc.and_(pc.greater_equal(at, pa.scalar(start, MOMENT)), pc.less(at, pa.scalar(end, MOMENT)))
        return table.filter(kept if element is None else pc.and_(kept, pc.equal(table["element"], element)))

    def _of_files(self, found: list[Path], layer: Layer, keys: list[str], schema: pa.Schema) -> pa.Table:
        """What some files of days hold of some points."""
        if len(found) < FEW:
            parts = [day_read(path, layer.id, keys, schema) for path in found]
        else:
            with ThreadPoolExecutor(READERS) as pool:
                parts = list(pool.map(lambda path: day_read(path, layer.id, keys, schema), found))
        return pa.concat_tables([schema.empty_table(), *(part for part in parts if part.num_rows)])

    def _recent(self, layer: Layer, keys: list[str], start: datetime, end: datetime, element: str | None) -> pa.Table:
        points = self._journal.points.of(layer.id, keys, element)
        wanted = np.zeros(len(self._journal.points.names) + 1, dtype=bool)
        wanted[points] = True
        found = []
        for part in self._journal.parts() if len(points) else ():
            block = part.block
            if len(points) == 1:
                rows = np.flatnonzero(block.point == points[0])
            else:
                rows = np.flatnonzero(wanted[np.minimum(block.point, len(wanted) - 1)])
            at = block.at[rows]
            rows = rows[(at >= _micros(start)) & (at < _micros(end))]
            if len(rows):
                found.append(block.chosen(rows))
        return self._named(joined(found))

    def close(self) -> None:
        """Wait for what is being folded and release the file."""
        self._over.set()
        for name in ("fold", "sum_up"):
            if name in self._threads:
                self._threads[name].join()
        self._journal.close()


def open_series(folder: Path, store: Store) -> Series:
    """Open or create the readings under a folder."""
    return Series(folder, store)


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


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
