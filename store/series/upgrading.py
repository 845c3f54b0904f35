"""A folder as the first versions kept it, a row a reading, becomes one that keeps batches; once, at the opening."""

import sqlite3
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from store.series.block import NEVER, Block
from store.series.days import MOMENT, READINGS
from store.series.journal import Journal

PIECE = 200_000
FIRST = 1000
"""Files of those versions are numbered below, `recent` ones stand after them."""

OLD = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('readings', 'latest')"


def upgrade(journal: Journal, days: Path) -> None:
    """Bring everything over in one transaction; what was half done is begun anew."""
    for made in (days.parent / "hours").glob("*.parquet"):  # of one point each, before there was one for each day
        made.unlink(missing_ok=True)
    for path in days.glob("*-recent.parquet"):
        path.rename(path.with_name(f"{path.name[:10]}-{FIRST:012d}.parquet"))
    with journal.lock:
        if not journal.db.execute(OLD).fetchone()[0]:
            return
        blocks: list[tuple[int, Block]] = []
        with journal.writing() as db:
            if not db.execute(OLD).fetchone()[0]:
                return  # another process was first
            reading = db.execute("SELECT * FROM readings ORDER BY at")
            while rows := reading.fetchmany(PIECE):
                blocks.append((journal.next(), _taken_over(journal, db, rows)))
            newest = db.execute("SELECT * FROM latest").fetchall()
            last = _taken_over(journal, db, newest) if newest else None
            for number, block in blocks:
                db.execute("INSERT INTO batches VALUES (?, ?)", (number, block.packed()))
            db.execute("DROP TABLE readings")
            db.execute("DROP TABLE latest")
        for number, block in blocks:
            journal.remember(number, block)
        if last is not None:
            journal.newer(last)
            journal.keep_newest()


def _taken_over(journal: Journal, db: sqlite3.Connection, rows: list[tuple[object, ...]]) -> Block:
    columns = list(zip(*rows, strict=True))
    arrays = [
        pa.array(column, pa.int64()).cast(MOMENT) if field.name == "at" else pa.array(column, field.type)
        for column, field in zip(columns, READINGS, strict=True)
    ]
    table = pa.Table.from_arrays(arrays, schema=READINGS)
    _, strangers = journal.points.number(table)
    journal.points.add(db, strangers)
    numbers, _ = journal.points.number(table)
    return Block(
        numbers,
        pc.cast(table["at"], pa.int64()).to_numpy(),
        table["value"].to_numpy(),
        table["quality"].to_numpy(),
        np.zeros(len(rows), np.int32),
        np.full(len(rows), NEVER),
    )
