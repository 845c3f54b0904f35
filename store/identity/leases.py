"""Rows that one process at a time works on: who takes one moves `next_at` on, and again while the work lasts.

What a process died over is due again after `LEASE`, under the same id, by which the recipient drops it.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.clock import iso
from store.identity.database import Database

LEASE = timedelta(seconds=90)
WAITING = "waiting"


def due(table: sa.Table, *, at: datetime) -> sa.ColumnElement[bool]:
    """Rows that wait and that nobody works on."""
    return sa.and_(table.c.state == WAITING, table.c.next_at <= iso(at))


def taken(database: Database, table: sa.Table, wanted: sa.Select[Any], *, at: datetime) -> list[sa.RowMapping]:
    """Those of the wanted rows that nobody else took in between, and that nobody takes before `LEASE` is over."""
    with database.begin() as db:
        return [
            row
            for row in db.execute(wanted).mappings().all()
            if db.execute(
                table.update()
                .where(table.c.id == row["id"], table.c.next_at == row["next_at"], table.c.state == WAITING)
                .values(next_at=iso(at + LEASE))
            ).rowcount
        ]


def renew(database: Database, table: sa.Table, id_: str, *, at: datetime) -> None:
    """The work goes on: nobody else takes it before another `LEASE` is over."""
    with database.begin() as db:
        db.execute(table.update().where(table.c.id == id_, table.c.state == WAITING).values(next_at=iso(at + LEASE)))


def missed(
    tries: int, waits: tuple[timedelta, ...], said: str, *, at: datetime, for_good: bool
) -> dict[str, Any]:  # fmt: skip
    """What a row says after a try that failed: when it is tried again, until there have been as many as `waits`."""
    last = for_good or tries >= len(waits)
    return {
        "state": "failed" if last else WAITING, "said": said[:400], "tries": tries + 1,
        "next_at": iso(at if last else at + waits[tries]),
    }  # fmt: skip
