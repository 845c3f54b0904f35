"""The turn of a task among the processes that share a database; see `store.turns`."""

import psycopg

from store.postgis import DEFAULT_SCHEMA
from store.postgis.connections import Connection, connect


class DatabaseTurn:
    """Held by a lock of the database, for as long as a connection of its own lives."""

    def __init__(self, url: str, name: str, schema: str = DEFAULT_SCHEMA) -> None:
        self._url = url
        self._schema = schema
        self._name = f"{schema} {name}"
        self._held: Connection | None = None

    def held(self) -> bool:
        """See `Turn`."""
        if self._held is not None:
            try:
                self._held.execute("SELECT 1")
                return True
            except psycopg.Error:
                self.release()
        db = connect(self._url, self._schema)
        found = db.execute("SELECT pg_try_advisory_lock(hashtext(%s))", (self._name,)).fetchone()
        if not found or not found[0]:
            db.close()
            return False
        self._held = db
        return True

    def release(self) -> None:
        """See `Turn`."""
        if self._held is not None:
            self._held.close()
            self._held = None
