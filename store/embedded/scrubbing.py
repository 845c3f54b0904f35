"""Bytes freed by an erasure, overwritten for good."""

import sqlite3
from pathlib import Path

from core.units import Second
from store.embedded.connections import connect

FOLDED_WITHIN: Second = 2.0
"""So long a reader is waited for; what it holds back is folded when the store closes."""


def forget_words(db: sqlite3.Connection) -> None:
    """Merge the search index into one segment: a word deleted from it stays in older segments until then."""
    db.execute("INSERT INTO om_words (om_words) VALUES ('optimize')")


def scrub(path: Path) -> bool:
    """Rewrite the file without what was freed in it and fold the log; False while a reader still holds the log.

    Overwriting freed cells (`secure_delete`) is not enough: pages rebuilt when a tree was balanced keep stale copies.
    """
    db = connect(path, writer=True)
    try:
        db.execute("PRAGMA temp_store = FILE")
        db.execute("VACUUM")
        db.execute(f"PRAGMA busy_timeout = {int(FOLDED_WITHIN * 1000)}")
        busy, _, _ = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        db.close()
