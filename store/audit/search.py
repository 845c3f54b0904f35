"""What can be asked of the audit: by whom, what, when, of which layer, and who saw one record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from core.canonical import sha256
from core.clock import CHINA, from_iso, iso
from store.audit.entries import KEPT, AuditEntry, Kind
from store.audit.tables import AUDIT, KEYS, entry_of

BATCH = 1000
SEEING = (Kind.READ, Kind.EXPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which entries; what is empty asks nothing. `since` is included, `until` is not; `before` is a number for paging.

    With `key` the answer holds the entries that name it and the reads that took it along; of reads above 200 rows only
    the hash of all keys is kept, so those of the layer (`what`) are answered as possible.
    """

    actor: str = ""
    account: str = ""
    kinds: tuple[Kind, ...] = ()
    what: str = ""
    key: str = ""
    door: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class By(StrEnum):
    """What entries may be counted by."""

    KIND = "kind"
    ACTOR = "actor"
    WHAT = "what"
    DOOR = "door"
    ADDRESS = "address"
    OUTCOME = "outcome"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Entries of one value, and the rows they are about."""

    value: str
    entries: int
    rows: int


@dataclass(frozen=True, slots=True)
class Found:
    """An entry; `possibly` when it may or may not have held the key asked for."""

    entry: AuditEntry
    possibly: bool = False


def found(db: sa.Connection, sought: Sought, limit: int | None) -> Iterator[Found]:
    """The entries, newest first."""
    wanted = sa.select(AUDIT).where(*_conditions(sought)).order_by(AUDIT.c.seq.desc())
    if limit is not None:
        wanted = wanted.limit(limit)
    for part in db.execution_options(yield_per=BATCH).execute(wanted).mappings().partitions():
        yield from _told(db, sought, [dict(row) for row in part])


def counted(db: sa.Connection, sought: Sought) -> int:
    """How many there are."""
    return db.execute(sa.select(sa.func.count()).select_from(AUDIT).where(*_conditions(sought))).scalar_one()


def totals(db: sa.Connection, sought: Sought, by: By) -> list[Group]:
    """How many entries and rows for each value, the most first; days in their order."""
    column = sa.func.substr(AUDIT.c.at, 1, len("2026-11-28T03")) if by is By.DAY else AUDIT.c[by.value]
    entries, rows = sa.func.count(), sa.cast(sa.func.sum(AUDIT.c.rows), sa.BigInteger)
    wanted = sa.select(column, entries, rows).where(*_conditions(sought)).group_by(column)
    sums: dict[str, tuple[int, int]] = {}
    for value, count, held in db.execute(wanted):
        name = _day(value) if by is By.DAY else value
        before = sums.get(name, (0, 0))
        sums[name] = (before[0] + count, before[1] + held)
    groups = [Group(value=name, entries=count, rows=held) for name, (count, held) in sums.items()]
    if by is By.DAY:
        return sorted(groups, key=lambda group: group.value)
    return sorted(groups, key=lambda group: (-group.entries, group.value))


def _day(hour: str) -> str:
    """The day in China of an hour in UTC: `2026-11-28T03`."""
    return from_iso(f"{hour}:00:00Z").astimezone(CHINA).date().isoformat()


def _told(db: sa.Connection, sought: Sought, rows: list[dict[str, object]]) -> Iterator[Found]:
    sure: set[object] = set()
    if sought.key:
        numbers = [row["seq"] for row in rows]
        wanted = sa.select(KEYS.c.seq).where(KEYS.c.key_hash == _hash(sought.key), KEYS.c.seq.in_(numbers))
        sure = set(db.execute(wanted).scalars())
    for row in rows:
        certain = not sought.key or row["key"] == sought.key or row["seq"] in sure
        yield Found(entry_of(row), possibly=not certain)


def _conditions(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    for column, value in (
        (AUDIT.c.actor, sought.actor),
        (AUDIT.c.account, sought.account),
        (AUDIT.c.what, sought.what),
        (AUDIT.c.door, sought.door),
    ):
        if value:
            yield column == value
    if sought.kinds:
        yield AUDIT.c.kind.in_([str(kind) for kind in sought.kinds])
    if sought.since is not None:
        yield AUDIT.c.at >= iso(sought.since)
    if sought.until is not None:
        yield AUDIT.c.at < iso(sought.until)
    if sought.before is not None:
        yield AUDIT.c.seq < sought.before
    if sought.key:
        taken = AUDIT.c.seq.in_(sa.select(KEYS.c.seq).where(KEYS.c.key_hash == _hash(sought.key)))
        large = sa.and_(AUDIT.c.rows > KEPT, AUDIT.c.kind.in_([str(kind) for kind in SEEING]))
        begun = sa.and_(AUDIT.c.outcome == "begun", AUDIT.c.kind == str(Kind.READ))
        yield sa.or_(AUDIT.c.key == sought.key, taken, large, begun)


def _hash(key: str) -> str:
    return sha256(key.encode())
