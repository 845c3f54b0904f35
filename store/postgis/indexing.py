"""The indexes of a table that was filled without them, made two at a time once its rows are committed.

The rows are whole and the feed says so before this begins; an index only makes them quicker to find. Should the process
end in between, the next start makes what is missing.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

import psycopg

from core.errors import OneMapError
from layers.layer import Layer
from store.postgis.connections import WRITE_WITHIN, Connection, Connections, connect
from store.postgis.layout import index_statements, word_indexes

_log = logging.getLogger(__name__)

MEMORY, MEMORY_OF_WORDS = "256MB", "8MB"
"""What a GIN build collects is a tree asked at random: of eight megabytes it stays in the processor's cache and is
built three times as fast as of 256, which sorting the others gains by."""


def create_indexes(db: Connection, layer: Layer) -> None:
    """Every index of the layer that is missing."""
    for statements, memory in ((index_statements(layer), MEMORY), (word_indexes(layer), MEMORY_OF_WORDS)):
        _create(db, statements, memory, "LOCAL")


def index_filled(connections: Connections, layer: Layer) -> None:
    """The same for a filled table: words here, the others beside; writers wait, readers do not.

    The writers' lock is held, so that no start-up of another process makes the same ones.
    """
    try:
        with connections.writing() as db, ThreadPoolExecutor(1, thread_name_prefix="index") as beside:
            others = beside.submit(_beside, connections, layer)
            _create(db, word_indexes(layer), MEMORY_OF_WORDS, "LOCAL")
            others.result()
    except (psycopg.Error, OneMapError):
        _log.exception("the rows of %s are loaded; indexes are missing and will be made at the next start", layer.id)


def _beside(connections: Connections, layer: Layer) -> None:
    db = connect(connections.url, connections.schema)
    try:
        db.execute(f"SET statement_timeout TO {int(WRITE_WITHIN * 1000)}")
        _create(db, index_statements(layer), MEMORY, "SESSION")
    finally:
        db.close()


def _create(db: Connection, statements: dict[str, str], memory: str, how: str) -> None:
    found = db.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()").fetchall()
    there = {str(row[0]) for row in found}
    db.execute(f"SET {how} maintenance_work_mem TO '{memory}'".encode())
    for name, statement in statements.items():
        if name not in there:
            db.execute(statement.encode())
