"""The audit itself: written by many at once in one commit, asked, proved and cleared."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from core.actors import Actor
from core.canonical import canonical_json
from core.clock import from_iso, iso
from core.errors import BadInputError
from core.texts import Text
from layers.codes.retention import kept_until, least
from store.audit.entries import STREAM, AuditEntry, Kind, Outcome, UnrecordedError, linked, sound
from store.audit.search import SEEING, By, Found, Group, Sought, counted, found, totals
from store.audit.tables import AUDIT, HEAD, KEYS, TABLES, row_of
from store.audit.verifying import AuditVerified, Cleared, verified
from store.chain import GENESIS
from store.engines import engine
from store.verifying import Seal

PART = 20_000
"""Entries taken out in one transaction."""

UNRECORDED = Text(
    "审计记录无法写入,本次操作未执行,请联系系统管理员",
    "the audit cannot be written, so this was not done; tell the administrator",
)


class _Waiting:
    """An entry on its way to the disk."""

    __slots__ = ("entry", "error", "written")

    def __init__(self, entry: AuditEntry) -> None:
        self.entry = entry
        self.written: AuditEntry | None = None
        self.error: Exception | None = None


class AuditLog:
    """Typed access to the audit; the same tables in SQLite and PostgreSQL, open to any number of processes.

    Whoever comes first writes for all that came meanwhile: many readers at once cost one commit.
    """

    def __init__(self, url: str, schema: str | None = None) -> None:
        self._engine = engine(url, schema, TABLES)
        self._gate = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[_Waiting] = []
        begin = sa.text("INSERT INTO audit_head (id, seq, chain) VALUES (1, 0, :chain) ON CONFLICT (id) DO NOTHING")
        with self._engine.begin() as db:
            db.execute(begin, {"chain": GENESIS})

    def record(self, entry: AuditEntry) -> AuditEntry:
        """Keep an entry, and do not come back before it is on the disk; UnrecordedError if it cannot be kept."""
        mine = _Waiting(sound(entry))
        with self._gate:
            self._waiting.append(mine)
        with self._writing:
            if mine.written is None and mine.error is None:
                with self._gate:
                    batch, self._waiting = self._waiting, []
                self._write(batch)
        if mine.written is None:
            raise UnrecordedError(UNRECORDED) from mine.error
        return mine.written

    def search(self, sought: Sought, *, limit: int = 100) -> list[Found]:
        """The newest entries that were asked for, newest first."""
        with self._engine.connect() as db:
            return list(found(db, sought, limit))

    def stream(self, sought: Sought) -> Iterator[Found]:
        """All of them, newest first, with flat memory."""
        with self._engine.connect() as db:
            yield from found(db, sought, None)

    def count(self, sought: Sought) -> int:
        """How many entries were asked for."""
        with self._engine.connect() as db:
            return counted(db, sought)

    def totals(self, sought: Sought, by: By) -> list[Group]:
        """How many entries and rows for each value of what they are counted by."""
        with self._engine.connect() as db:
            return totals(db, sought, by)

    def reads(self, *, limit: int = 100) -> list[AuditEntry]:
        """The newest reads and exports, newest first."""
        return [one.entry for one in self.search(Sought(kinds=SEEING), limit=limit)]

    def failures(self, *, login: str | None = None, address: str | None = None, since: datetime) -> list[datetime]:
        """The failed tries since a moment, oldest first: of a login since its last success, or from an address."""
        tries = sa.select(AUDIT.c.at, AUDIT.c.outcome).where(
            AUDIT.c.kind == str(Kind.SIGN_IN), AUDIT.c.at >= iso(since)
        )
        if login is not None:
            tries = tries.where(AUDIT.c.actor == login)
        if address is not None:
            tries = tries.where(AUDIT.c.address == address)
        with self._engine.connect() as db:
            rows = db.execute(tries.order_by(AUDIT.c.seq)).fetchall()
        failed: list[datetime] = []
        for at, outcome in rows:
            if outcome != str(Outcome.DONE):
                failed.append(from_iso(at))
            elif login is not None:
                failed.clear()
        return failed

    def head(self) -> tuple[int, str]:
        """The newest entry's number and chain value."""
        with self._engine.connect() as db:
            seq, chain = db.execute(sa.select(HEAD.c.seq, HEAD.c.chain)).one()
        return seq, chain

    def streams(self) -> dict[str, tuple[int, str]]:
        """What a signed head says of the audit; nothing while it is empty."""
        seq, chain = self.head()
        return {STREAM: (seq, chain)} if seq else {}

    def verify(self, seals: Iterable[Seal] = ()) -> AuditVerified:
        """The chain recomputed over every entry, and compared with the signed heads."""
        own = [seal for seal in seals if seal.stream == STREAM]
        with self._moment() as db:
            return verified(db, own)

    def clear(self, *, before: datetime, actor: Actor, at: datetime, part: int = PART) -> Cleared | None:
        """Take out the oldest entries, all of them older than a moment; None when there are none.

        What was taken out is an entry itself (one for each `part`), from which the chain goes on. BadInputError within
        the time that the law has entries kept for.
        """
        months = least("audit", at)
        latest = kept_until("audit", at, months)
        if before > latest:
            raise BadInputError(
                Text(
                    f"审计须保存至少 {months} 个月,只能清除 {latest:%Y-%m-%d} 以前的条目",
                    f"the audit is kept for at least {months} months: only what is older than {latest:%Y-%m-%d} can go",
                ),
                field="before",
                value=iso(before),
            )
        done: Cleared | None = None
        while (gone := self._clear_part(before, actor, at, part)) is not None:
            done = gone if done is None else replace(gone, count=done.count + gone.count)
        return done

    def _clear_part(self, before: datetime, actor: Actor, at: datetime, part: int) -> Cleared | None:
        """Some of them in one transaction, so that nobody who reads waits long for it."""
        with self._writing, self._engine.begin() as db:
            last = db.execute(HEAD.update().values(seq=HEAD.c.seq).returning(HEAD.c.seq)).scalar_one()
            first, young = db.execute(
                sa.select(sa.func.min(AUDIT.c.seq), sa.func.min(AUDIT.c.seq).filter(AUDIT.c.at >= iso(before)))
            ).one()
            through = min(last if young is None else young - 1, (first or 0) + part - 1)
            edge = db.execute(sa.select(AUDIT.c.chain).where(AUDIT.c.seq == through)).scalar()
            if edge is None:
                return None
            count = db.execute(AUDIT.delete().where(AUDIT.c.seq <= through)).rowcount
            db.execute(KEYS.delete().where(KEYS.c.seq <= through))
            said = {"through": through, "chain": edge, "count": count, "before": iso(before)}
            entry = AuditEntry(
                at=at, kind=Kind.CLEARED, actor=actor.id, door=actor.door, what="audit", rows=count,
                where=f"at<{iso(before)}", detail=canonical_json(said).decode(),
            )  # fmt: skip
            _append(db, [entry])
        return Cleared(through=through, chain=edge, count=count, before=before)

    @contextmanager
    def _moment(self) -> Iterator[sa.Connection]:
        """One moment of the audit, whatever is written meanwhile."""
        with self._engine.connect() as db:
            if db.dialect.name == "sqlite":
                db.exec_driver_sql("BEGIN")
                yield db
            else:
                yield db.execution_options(isolation_level="REPEATABLE READ")

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()

    def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            with self._engine.begin() as db:
                written = _append(db, [one.entry for one in batch])
        except Exception as error:  # each of them is told, whoever wrote for all
            for one in batch:
                one.error = error
            return
        for one, entry in zip(batch, written, strict=True):
            one.written = entry


def _append(db: sa.Connection, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Number and chain entries under the lock of the head's row, and keep them."""
    moved = HEAD.update().values(seq=HEAD.c.seq + len(entries)).returning(HEAD.c.seq, HEAD.c.chain)
    last, chain = db.execute(moved).one()
    written: list[AuditEntry] = []
    for seq, entry in enumerate(entries, start=last - len(entries) + 1):
        written.append(linked(chain, seq, entry))
        chain = written[-1].chain
    db.execute(AUDIT.insert(), [row_of(entry) for entry in written])
    kept = [{"seq": entry.seq, "key_hash": key} for entry in written for key in entry.kept]
    if kept:
        db.execute(KEYS.insert(), kept)
    db.execute(HEAD.update().values(chain=chain))
    return written
