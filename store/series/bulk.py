"""Readings as tables with names and as blocks with numbers; and whole past days at once, past the batches."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from store.series.block import NEVER, Block
from store.series.days import KEPT, MOMENT, WORD, by_day, ordered, write_day
from store.series.journal import Journal
from store.series.points import strangers, told

WRITERS = 2
"""Days packed at once: neither that nor waiting for the disk holds the interpreter."""


def numbers(journal: Journal, readings: pa.Table) -> NDArray[np.int32]:
    """The number of each row's point, given where it has none yet."""
    names, which = told(readings)
    found = journal.points.known(names)
    if (found < 0).any():
        with journal.writing() as db:
            journal.points.add(db, strangers(names, journal.points.known(names)))
            found = journal.points.known(names)
    return found[which]


def block_of(readings: pa.Table, points: NDArray[np.int32]) -> Block:
    """Readings (schema READINGS or KEPT) whose points are numbered."""
    count = readings.num_rows
    for name in ("at", "quality"):
        if readings[name].null_count:
            raise pa.ArrowInvalid(f"readings without a {name}")
    there = readings.column_names
    flags = readings["flags"].cast(pa.int32()).to_numpy() if "flags" in there else np.zeros(count, np.int32)
    arrived = np.full(count, NEVER)
    if "arrived" in there:
        arrived = pc.cast(readings["arrived"].cast(MOMENT), pa.int64()).fill_null(NEVER).to_numpy()
    return Block(
        points,
        pc.cast(readings["at"].cast(MOMENT), pa.int64()).to_numpy(),
        readings["value"].cast(pa.float64()).to_numpy(),  # none becomes NaN
        readings["quality"].cast(pa.int8()).to_numpy(),
        flags,
        arrived,
    )


def named(block: Block, names: list[tuple[str, str, str]]) -> pa.Table:
    """With the names of the points (schema KEPT, its words encoded)."""
    used, inverse = np.unique(block.point, return_inverse=True)
    words = [names[point] for point in used.tolist()]
    columns = []
    for part in range(3):
        encoded = pa.array([name[part] for name in words], pa.string()).dictionary_encode()
        places = encoded.indices.to_numpy()[inverse] if words else np.empty(0, np.int32)
        columns.append(pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), encoded.dictionary))
    schema = pa.schema([field.with_type(WORD) if field.type == pa.string() else field for field in KEPT])
    return pa.table([*columns, *_values(block)], schema=schema)


def in_table(journal: Journal, block: Block) -> pa.Table:
    """One day's readings as their file has them: in order, of one moment of a point the last."""
    with journal.lock:
        ranks = journal.points.ranks()
    return named(ordered(block, ranks), journal.points.names)


def write_days(journal: Journal, days: Path, readings: pa.Table) -> int:
    """A file for each day of some readings, and the newest of each point; every process sees them from then on."""
    if not readings.num_rows:
        return 0
    block = block_of(readings, numbers(journal, readings))
    with journal.writing():
        number = journal.next()

    def write(day: date, rows: NDArray[np.int64]) -> Path:
        return write_day(days, day, number, in_table(journal, block.chosen(rows)))

    with ThreadPoolExecutor(WRITERS) as pool:
        written = [pool.submit(write, day, rows) for day, rows in by_day(block)]
    for done in written:
        done.result()
    journal.newer(block)
    journal.keep_newest()
    journal.tell_of_bulk()
    return len(block)


def keep_days(folder: Path, readings: pa.Table) -> int:
    """The same for a process that does nothing else with the series under a folder."""
    days = folder / "days"
    days.mkdir(parents=True, exist_ok=True)
    with closing(Journal(folder / "recent.db")) as journal:
        return write_days(journal, days, readings)


def holds_days(folder: Path) -> bool:
    """Whether all days of some readings were ever written at once under a folder."""
    if not (folder / "recent.db").exists():
        return False
    with closing(Journal(folder / "recent.db")) as journal:
        return journal.bulk > 0


def _values(block: Block) -> list[pa.Array]:
    return [
        pa.array(block.at).cast(MOMENT),
        pa.array(block.value, mask=np.isnan(block.value)),
        pa.array(block.quality),
        pa.array(block.flags),
        pa.array(block.arrived, mask=block.arrived == NEVER).cast(MOMENT),
    ]
