"""Connections to the database: lent one at a time, each with our settings, and a watch on everybody's commits."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from core.errors import BusyError, OneMapError
from core.texts import Text
from core.units import Second

POLL: Second = 1.0
READ_WITHIN: Second = 60.0
WRITE_WITHIN: Second = 1800.0
KEPT = 16
CONNECT_WITHIN: Second = 10.0
GONE_WITHIN: Second = 2.0
"""Work for a process that was killed is given up by the server after so long."""
_log = logging.getLogger(__name__)

Connection = psycopg.Connection[tuple[object, ...]]
Cursor = psycopg.Cursor[tuple[object, ...]]


class DatabaseAbsentError(OneMapError):
    """The database server does not answer."""

    code = "database-absent"
    status = 503


def connect(url: str, schema: str) -> Connection:
    """A connection with our settings; the address is never part of an error, for it may hold a password."""
    try:
        db = psycopg.connect(url, autocommit=True, connect_timeout=int(CONNECT_WITHIN))
    except psycopg.OperationalError as error:
        reason = str(error).splitlines()[-1] if "password" not in str(error) else "password refused"
        raise DatabaseAbsentError(Text(f"数据库连接不上:{reason}", f"the database does not answer: {reason}")) from None
    try:
        _settle(db, schema)
    except BaseException:
        db.close()
        raise
    return db


def _settle(db: Connection, schema: str) -> None:
    place = db.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'postgis'"
    ).fetchone()
    path = [schema, str(place[0]) if place else "public"]
    db.execute(sql.SQL("SET search_path TO {}").format(sql.SQL(", ").join(map(sql.Identifier, path))))
    db.execute("SET TimeZone TO 'UTC'")
    db.execute("SET DateStyle TO ISO")
    db.execute("SET synchronous_commit TO on")
    db.execute("SET client_min_messages TO warning")
    # A plan made for any value takes a scope for a narrow one and sorts the whole layer for each page of it.
    db.execute("SET plan_cache_mode TO force_custom_plan")
    db.execute(f"SET statement_timeout TO {int(READ_WITHIN * 1000)}")
    with suppress(psycopg.errors.InvalidParameterValue):  # a server on Windows cannot
        db.execute(f"SET client_connection_check_interval TO {int(GONE_WITHIN * 1000)}")


class Connections:
    """Connections on loan: readers in a snapshot of their own, writers one after another."""

    def __init__(self, url: str, schema: str) -> None:
        self.url = url
        self.schema = schema
        self._idle: list[Connection] = []
        self._guard = threading.Lock()
        self._closed = False

    @contextmanager
    def reading(self, within: Second | None = READ_WITHIN, *, scratch: bool = False) -> Iterator[Connection]:
        """One moment of the database; a statement past `within` seconds is stopped.

        `scratch` allows temporary tables, which end with the reading.
        """
        mode = "READ WRITE" if scratch else "READ ONLY"
        seconds = within or READ_WITHIN
        limit = f"SET LOCAL statement_timeout TO {int(seconds * 1000)}"
        with self._lent(f"BEGIN ISOLATION LEVEL REPEATABLE READ {mode}; {limit}") as db, _stopped_after(seconds):
            try:
                yield db
            finally:
                _end(db, "ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone among writers: the lock makes numbers come in the order of commits.

        A sequence would hand numbers out before commits, and a reader that tails the feed would step over the slow one.
        """
        with self._lent("BEGIN") as db:
            try:
                db.execute(f"SET LOCAL statement_timeout TO {int(WRITE_WITHIN * 1000)}")
                db.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"onemap {self.schema}",))
                yield db
                db.execute(sql.SQL("NOTIFY {}").format(sql.Identifier(channel(self.schema))))
            except BaseException:
                _end(db, "ROLLBACK")
                raise
            db.execute("COMMIT")

    def rewritten(self, tables: Sequence[str]) -> bool:
        """Write tables anew without what was deleted from them; False while readers keep one of them in use."""
        db = connect(self.url, self.schema)
        try:
            db.execute(f"SET statement_timeout TO {int(WRITE_WITHIN * 1000)}")
            db.execute(f"SET lock_timeout TO {int(CONNECT_WITHIN * 1000)}")
            for table in tables:
                db.execute(sql.SQL("VACUUM (FULL) {}").format(sql.Identifier(table)))
        except psycopg.errors.LockNotAvailable:
            return False
        finally:
            db.close()
        return True

    def at_once(self, statement: str, params: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """The rows of one statement, which is one moment by itself: asked in one turn where a reading takes four."""
        with _stopped_after(READ_WITHIN):
            db, cursor = self._begun(statement, params)
        try:
            return cursor.fetchall()
        finally:
            self._give_back(db)

    @contextmanager
    def _lent(self, begin: str) -> Iterator[Connection]:
        db, _ = self._begun(begin)
        try:
            yield db
        finally:
            self._give_back(db)

    def _begun(self, begin: str, params: Sequence[object] | None = None) -> tuple[Connection, Cursor]:
        """A connection with its first statement done; one that died while idle is replaced."""
        while True:
            with self._guard:
                kept = self._idle.pop() if self._idle else None
            db = kept or connect(self.url, self.schema)
            try:
                cursor = db.cursor(binary=params is not None).execute(begin.encode(), params or None)
            except psycopg.OperationalError as error:
                db.close()
                if kept is None or isinstance(error, psycopg.errors.QueryCanceled):
                    raise
            except BaseException:
                self._give_back(db)
                raise
            else:
                return db, cursor

    def _give_back(self, db: Connection) -> None:
        with self._guard:
            idle = db.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
            if idle and not self._closed and len(self._idle) < KEPT:
                self._idle.append(db)
                return
        db.close()

    def close(self) -> None:
        """Close those not on loan; the others close when they come back."""
        with self._guard:
            self._closed = True
            for db in self._idle:
                db.close()
            self._idle.clear()


@contextmanager
def _stopped_after(seconds: Second) -> Iterator[None]:
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise BusyError(
            Text(f"查询超过 {seconds:.0f} 秒,已停止,请缩小范围", f"stopped after {seconds:.0f} s; narrow it")
        ) from error


def _end(db: Connection, word: str) -> None:
    with suppress(psycopg.OperationalError):
        db.execute(word)


def channel(schema: str) -> str:
    """The name under which commits are announced; nothing but the fact is sent."""
    return f"onemap_{schema}"


class Watch:
    """Tells listeners when the head moved: by NOTIFY at once, and by looking each second, for hints may be lost."""

    def __init__(self, url: str, schema: str, head: Callable[[Connection], int]) -> None:
        self._url = url
        self._schema = schema
        self._head = head
        self._listeners: dict[int, Callable[[int], None]] = {}
        self._stopped = threading.Event()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Begin to tell a listener; the answer stops it."""
        with self._guard:
            self._listeners[id(listener)] = listener
            if self._thread is None:
                ready = threading.Event()
                self._thread = threading.Thread(target=self._run, args=(ready,), name="feed-watch", daemon=True)
                self._thread.start()
                ready.wait(CONNECT_WITHIN)
        return lambda: self._remove(listener)

    def _remove(self, listener: Callable[[int], None]) -> None:
        with self._guard:
            self._listeners.pop(id(listener), None)

    def stop(self) -> None:
        """End the watching thread."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self, ready: threading.Event) -> None:
        seen: int | None = None
        while not self._stopped.is_set():
            try:
                db = connect(self._url, self._schema)
                try:
                    db.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel(self._schema))))
                    seen = self._head(db) if seen is None else seen
                    ready.set()
                    seen = self._follow(db, seen)
                finally:
                    db.close()
            except (psycopg.Error, DatabaseAbsentError):
                _log.warning("the watch on the feed lost the database; it tries again")
                self._stopped.wait(POLL)
        ready.set()

    def _follow(self, db: Connection, seen: int) -> int:
        while not self._stopped.is_set():
            head = self._head(db)
            if head != seen:
                seen = head
                self._tell(head)
            for _ in db.notifies(timeout=POLL / 4, stop_after=1):
                pass
        return seen

    def _tell(self, head: int) -> None:
        with self._guard:
            listeners = list(self._listeners.values())
        for listener in listeners:
            try:
                listener(head)
            except Exception:
                _log.exception("a listener of the feed failed; the others are told")
