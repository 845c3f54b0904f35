"""The identity database as its parts use it: each by itself, or all of them in one transaction."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from store.identity.tables import ACCOUNTS, GROUPS, MEMBERS, POSTS, ROLES

GUARDED = ", ".join(table.name for table in (ACCOUNTS, GROUPS, MEMBERS, POSTS, ROLES))


class Database:
    """Connections that join the transaction their thread has open, if it has one."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._joined = threading.local()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One transaction over people, groups, roles and posts; no process changes them until it ends."""
        with self._engine.begin() as db:
            if db.dialect.name == "sqlite":
                db.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                db.exec_driver_sql(f"LOCK TABLE {GUARDED} IN SHARE ROW EXCLUSIVE MODE")
            self._joined.db = db
            try:
                yield
            finally:
                self._joined.db = None

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """To read."""
        joined = self._open
        if joined is not None:
            yield joined
            return
        with self._engine.connect() as db:
            yield db

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """To write: kept at the end of the block, or with the transaction that is open."""
        joined = self._open
        if joined is not None:
            yield joined
            return
        with self._engine.begin() as db:
            yield db

    @property
    def _open(self) -> sa.Connection | None:
        found: sa.Connection | None = getattr(self._joined, "db", None)
        return found
