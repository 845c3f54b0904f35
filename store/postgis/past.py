"""The past of one layer in a temporary table of the same name: it is found first, so the same queries answer."""

from typing import Any

import orjson

from layers.layer import Layer
from store.compile import quoted
from store.history import History, columns_now
from store.postgis.connections import Connection
from store.postgis.copying import columns_in, copy_in
from store.postgis.present import arriving

CHUNK = 20_000


def look_back(db: Connection, schema: str, layer: Layer, history: History, at_seq: int) -> None:
    """Put the layer as it was after an entry before the reader; the transaction's end takes it away."""
    table = quoted(layer.id)
    db.execute(f"CREATE TEMPORARY TABLE {table} (LIKE {quoted(schema)}.{table}) ON COMMIT DROP".encode())
    then = f"pg_temp.{table}"
    db.execute(f"INSERT INTO {then} SELECT * FROM {quoted(schema)}.{table} WHERE _seq <= %s".encode(), (at_seq,))
    last: tuple[str, int] = ("", 0)
    while rows := _archived(db, layer, at_seq, last):
        bodies = [orjson.loads(row[2]) for row in rows]
        plain = columns_now(layer, history, bodies, [row[3] for row in rows])
        _, versions, _, seqs, hashes = (list(column) for column in zip(*rows, strict=True))
        copy_in(db, then, columns_in(layer, arriving(layer, plain, hashes, versions, seqs)))
        last = (rows[-1][0], rows[-1][1])


def _archived(db: Connection, layer: Layer, at_seq: int, after: tuple[str, int]) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT key, version, body, from_seq, row_hash FROM om_versions WHERE layer = %s AND from_seq <= %s"
        " AND to_seq > %s AND (key, version) > (%s, %s) ORDER BY key, version LIMIT %s",
        (layer.id, at_seq, at_seq, *after, CHUNK),
    ).fetchall()
