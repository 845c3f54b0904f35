"""The indexes of a table that was filled without them, made two at a time once its rows are committed.

The rows are whole and the feed says so before this begins; an index only makes them quicker to find. Should the process
end in between, or the server refuse, the next start makes what is missing; `Store.unindexed` names it until then.
"""

import logging
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg

from core.errors import OneMapError
from layers.layer import Layer
from store.postgis.connections import WRITE_WITHIN, Connection, Connections, connect
from store.postgis.layout import index_statements, word_indexes

_log = logging.getLogger(__name__)

MEMORY, MEMORY_OF_WORDS = "256MB", "8MB"
"""What a GIN build collects is a tree asked at random: of eight megabytes it stays in the processor's cache and is
built three times as fast as of 256, which sorting the others gains by."""

BESIDE = " indexes"
"""The lock, by the schema's name and this, of the connection that does not have the writers'."""

THERE = "SELECT relname FROM pg_class WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace"

Making = tuple[str, str, str]
"""An index: its name, its statement, and the memory it is made with."""


def create_indexes(db: Connection, layers: Iterable[Layer]) -> None:
    """Every index of the layers that is missing; what a killed process left the server making is waited for."""
    wanted = makings(layers)
    if missing(db, wanted):
        db.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || %s))", (BESIDE,))
        for one in missing(db, wanted):
            _create(db, one, "LOCAL")


def index_filled(connections: Connections, layer: Layer) -> bool:
    """The same for a filled table, on two connections, the longest first; writers wait, readers do not.

    The writers' lock is held, so that no start-up of another process makes the same ones. False: not all could be made.
    """
    wanted = makings([layer])
    try:
        with connections.writing() as db, ThreadPoolExecutor(1, thread_name_prefix="index") as beside:
            waiting = deque(missing(db, wanted))
            others = beside.submit(_beside, connections, waiting)
            _create_some(db, waiting, "LOCAL")
            others.result()
            _create_some(db, deque(missing(db, wanted)), "LOCAL")
    except (psycopg.Error, OneMapError):
        _log.exception("the rows of %s are loaded; indexes are missing and will be made at the next start", layer.id)
        return False
    return True


def _beside(connections: Connections, waiting: deque[Making]) -> None:
    """Some of them on a connection of its own; what fails here is tried again on the other."""
    try:
        db = connect(connections.url, connections.schema)
        try:
            db.execute(f"SET statement_timeout TO {int(WRITE_WITHIN * 1000)}")
            db.execute("SELECT pg_advisory_lock(hashtext(current_schema() || %s))", (BESIDE,))
            _create_some(db, waiting, "SESSION")
        finally:
            db.close()
    except (psycopg.Error, OneMapError):
        _log.warning("an index could not be made beside the others; it is made after them", exc_info=True)


def _create_some(db: Connection, waiting: deque[Making], how: str) -> None:
    """Indexes until none is waiting; another connection may take from the same."""
    while waiting:
        with suppress(IndexError):
            _create(db, waiting.popleft(), how)


def makings(layers: Iterable[Layer]) -> list[Making]:
    """The indexes the layers are to have; those over words take longest."""
    wanted: list[Making] = []
    for layer in layers:
        wanted += [(name, said, MEMORY_OF_WORDS) for name, said in word_indexes(layer).items()]
        wanted += [(name, said, MEMORY) for name, said in index_statements(layer).items()]
    return wanted


def missing(db: Connection, wanted: Iterable[Making]) -> list[Making]:
    """Those of them that are not there, in one question however many they are."""
    there = {str(name) for (name,) in db.execute(THERE).fetchall()}
    return [one for one in wanted if one[0] not in there]


def _create(db: Connection, one: Making, how: str) -> None:
    _, statement, memory = one
    db.execute(f"SET {how} maintenance_work_mem TO '{memory}'".encode())
    db.execute(statement.encode())
