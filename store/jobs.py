"""Long work as rows: asked for, taken on a lease, reported on, called off, its result kept.

A worker that dies stops renewing its lease; whoever looks next takes the job again, up to `ATTEMPTS` times. Rows live
beside the city, not in it: they are neither versions nor feed entries, and a backup leaves them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from core.clock import from_iso, iso
from core.errors import BusyError, NotFoundError, OneMapError
from core.ids import new_id
from core.texts import Text
from store.engines import engine

ATTEMPTS = 3
OPEN_AT_ONCE = 5
"""Jobs one account may have waiting or running."""

TABLES = sa.MetaData()

JOBS = sa.Table(
    "jobs",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("title_zh", sa.String, nullable=False),
    sa.Column("title_en", sa.String, nullable=False),
    sa.Column("asked", sa.JSON, nullable=False),
    sa.Column("account", sa.String, nullable=False, index=True),
    sa.Column("post", sa.String),
    sa.Column("key", sa.String),
    sa.Column("state", sa.String, nullable=False, index=True),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger),
    sa.Column("doing_zh", sa.String, nullable=False),
    sa.Column("doing_en", sa.String, nullable=False),
    sa.Column("cancelling", sa.Boolean, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("worker", sa.String),
    sa.Column("lease_until", sa.String),
    sa.Column("made_at", sa.String, nullable=False),
    sa.Column("started_at", sa.String),
    sa.Column("ended_at", sa.String),
    sa.Column("result", sa.JSON),
)


class State(StrEnum):
    """Where a job stands; the last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.RUNNING)


class LostJobError(OneMapError):
    """The job is no longer this worker's: its lease ran out and another took it, or it is gone."""

    code = "lost-job"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a finished job leaves: a file of its own (or none), what it says, and the rights it was made under."""

    said: Text
    scope: str
    file: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of long work; `doing` is the present step or, when it failed, the reason."""

    id: str
    kind: str
    title: Text
    asked: dict[str, Any]
    account: str
    post: str | None
    key: str | None
    state: State
    done: int
    total: int | None
    doing: Text
    cancelling: bool
    attempt: int
    worker: str | None
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    outcome: Outcome | None

    @property
    def open(self) -> bool:
        """It waits or runs."""
        return self.state in OPEN


class JobBook:
    """Typed access to the jobs table; the same one in SQLite and PostgreSQL, open to any number of processes."""

    def __init__(self, url: str, schema: str | None = None) -> None:
        self._engine = engine(url, schema, TABLES)

    def add(
        self, *, kind: str, title: Text, asked: dict[str, Any], account: str, at: datetime, post: str | None = None,
        key: str | None = None,
    ) -> Job:  # fmt: skip
        """Queue a job under a post, asked for with a key or without; BusyError at as many as the account may have."""
        row = {
            "id": new_id(), "kind": kind, "title_zh": title.zh, "title_en": title.en, "asked": asked,
            "account": account, "post": post, "key": key, "state": State.QUEUED, "done": 0, "doing_zh": "",
            "doing_en": "", "cancelling": False, "attempt": 0, "made_at": iso(at),
        }  # fmt: skip
        mine = sa.select(sa.func.count()).where(JOBS.c.account == account, JOBS.c.state.in_(OPEN))
        with self._engine.begin() as db:
            if db.execute(mine).scalar_one() >= OPEN_AT_ONCE:
                raise BusyError(
                    Text(
                        f"已有 {OPEN_AT_ONCE} 项任务在排队或执行,请等其中一项结束或取消一项",
                        f"{OPEN_AT_ONCE} jobs are waiting or running; let one end or cancel one",
                    )
                )
            db.execute(JOBS.insert().values(row))
        return self.one(str(row["id"]), account=account)

    def take(self, worker: str, *, at: datetime, lease: timedelta) -> Job | None:
        """The oldest job that waits, or runs on a lapsed lease, now this worker's; None when there is none."""
        lapsed = sa.and_(JOBS.c.state == State.RUNNING, JOBS.c.lease_until < iso(at))
        waiting = sa.or_(JOBS.c.state == State.QUEUED, lapsed)
        with self._engine.begin() as db:
            self._give_up(db, lapsed, at)
            oldest = sa.select(JOBS.c.id).where(waiting).order_by(JOBS.c.made_at, JOBS.c.id).limit(1)
            chosen = oldest.with_for_update(skip_locked=True).scalar_subquery()
            taken = db.execute(
                JOBS.update()
                .where(JOBS.c.id == chosen)
                .values(
                    state=State.RUNNING, worker=worker, lease_until=iso(at + lease), attempt=JOBS.c.attempt + 1,
                    started_at=iso(at), done=0, total=None, doing_zh="", doing_en="",
                )
                .returning(*JOBS.c)
            ).mappings().first()  # fmt: skip
        return None if taken is None else _job(taken)

    def advance(self, job: Job, *, done: int, total: int | None, doing: Text, at: datetime, lease: timedelta) -> bool:
        """Report progress and renew the lease; True when the owner wants it called off. Raises LostJobError."""
        values = {"done": done, "total": total, "doing_zh": doing.zh, "doing_en": doing.en}
        return self._held(job, {**values, "lease_until": iso(at + lease)})

    def renew(self, job: Job, *, at: datetime, lease: timedelta) -> bool:
        """Keep the lease through a long step; True when the owner wants it called off. Raises LostJobError."""
        return self._held(job, {"lease_until": iso(at + lease)})

    def finish(self, job: Job, outcome: Outcome, *, at: datetime) -> None:
        """The work is done. Raises LostJobError."""
        result = {
            "zh": outcome.said.zh, "en": outcome.said.en, "scope": outcome.scope, "file": outcome.file,
            "media_type": outcome.media_type, "size": outcome.size, "sha256": outcome.sha256,
        }  # fmt: skip
        self._held(job, {**_ended(State.DONE, at), "result": result})

    def fail(self, job: Job, why: Text, *, at: datetime) -> None:
        """The work cannot be done; the reason is what its owner reads. Raises LostJobError."""
        self._held(job, {**_ended(State.FAILED, at), "doing_zh": why.zh, "doing_en": why.en})

    def called_off(self, job: Job, *, at: datetime) -> None:
        """The worker has stopped as its owner wanted. Raises LostJobError."""
        self._held(job, _ended(State.CANCELLED, at))

    def put_back(self, job: Job) -> None:
        """The worker stops in good order: the job waits again and this attempt does not count. Raises LostJobError."""
        back = {"state": State.QUEUED, "worker": None, "lease_until": None, "attempt": JOBS.c.attempt - 1}
        self._held(job, back)

    def cancel(self, job_id: str, *, account: str | None, at: datetime) -> Job:
        """Call a job off: at once while it waits, at its next report while it runs. One that ended stays as it is."""
        mine = JOBS.c.id == job_id if account is None else sa.and_(JOBS.c.id == job_id, JOBS.c.account == account)
        with self._engine.begin() as db:
            db.execute(JOBS.update().where(mine, JOBS.c.state == State.QUEUED).values(_ended(State.CANCELLED, at)))
            db.execute(JOBS.update().where(mine, JOBS.c.state == State.RUNNING).values(cancelling=True))
        return self.one(job_id, account=account)

    def one(self, job_id: str, *, account: str | None) -> Job:
        """A job of an account (None: of anybody); NotFoundError for another's."""
        wanted = sa.select(JOBS).where(JOBS.c.id == job_id)
        if account is not None:
            wanted = wanted.where(JOBS.c.account == account)
        with self._engine.connect() as db:
            row = db.execute(wanted).mappings().first()
        if row is None:
            raise NotFoundError(Text(f"没有任务“{job_id}”", f"no job {job_id!r}"), job=job_id)
        return _job(row)

    def all(self, *, account: str | None, limit: int = 50) -> list[Job]:
        """The newest jobs of an account (None: of everybody)."""
        wanted = sa.select(JOBS).order_by(JOBS.c.made_at.desc(), JOBS.c.id.desc()).limit(limit)
        if account is not None:
            wanted = wanted.where(JOBS.c.account == account)
        with self._engine.connect() as db:
            return [_job(row) for row in db.execute(wanted).mappings()]

    def waiting(self, *, at: datetime) -> bool:
        """Some job could be taken now."""
        lapsed = sa.and_(JOBS.c.state == State.RUNNING, JOBS.c.lease_until < iso(at))
        wanted = sa.select(JOBS.c.id).where(sa.or_(JOBS.c.state == State.QUEUED, lapsed)).limit(1)
        with self._engine.connect() as db:
            return db.execute(wanted).first() is not None

    def forget(self, *, before: datetime) -> Sequence[str]:
        """Drop jobs that ended before a moment; their ids, so that their files can go too."""
        old = sa.and_(JOBS.c.state.not_in(OPEN), JOBS.c.ended_at < iso(before))
        with self._engine.begin() as db:
            return list(db.execute(JOBS.delete().where(old).returning(JOBS.c.id)).scalars())

    def close(self) -> None:
        """Release every connection."""
        self._engine.dispose()

    def _held(self, job: Job, values: dict[str, Any]) -> bool:
        """Change a job while it is still held by the worker and the attempt that took it."""
        held = sa.and_(
            JOBS.c.id == job.id,
            JOBS.c.state == State.RUNNING,
            JOBS.c.worker == job.worker,
            JOBS.c.attempt == job.attempt,
        )
        with self._engine.begin() as db:
            found = db.execute(JOBS.update().where(held).values(values).returning(JOBS.c.cancelling)).first()
        if found is None:
            raise LostJobError(Text("任务已由其他进程接手", "another process has taken the job over"), job=job.id)
        return bool(found[0])

    def _give_up(self, db: sa.Connection, lapsed: sa.ColumnElement[bool], at: datetime) -> None:
        why = Text(f"执行进程连续 {ATTEMPTS} 次中断,已停止重试", f"its worker died {ATTEMPTS} times; not tried again")
        spent = sa.and_(lapsed, JOBS.c.attempt >= ATTEMPTS)
        db.execute(JOBS.update().where(spent).values(**_ended(State.FAILED, at), doing_zh=why.zh, doing_en=why.en))
        db.execute(JOBS.update().where(lapsed, JOBS.c.cancelling).values(_ended(State.CANCELLED, at)))


def _ended(state: State, at: datetime) -> dict[str, Any]:
    return {"state": state, "ended_at": iso(at), "lease_until": None}


def _job(row: Any) -> Job:
    result = row["result"]
    outcome = None
    if result is not None:
        outcome = Outcome(said=Text(result["zh"], result["en"]), **{k: result[k] for k in result if len(k) > 2})
    return Job(
        id=row["id"],
        kind=row["kind"],
        title=Text(row["title_zh"], row["title_en"]),
        asked=row["asked"],
        account=row["account"],
        post=row["post"],
        key=row["key"],
        state=State(row["state"]),
        done=row["done"],
        total=row["total"],
        doing=Text(row["doing_zh"], row["doing_en"]),
        cancelling=row["cancelling"],
        attempt=row["attempt"],
        worker=row["worker"],
        made_at=from_iso(row["made_at"]),
        started_at=_moment(row["started_at"]),
        ended_at=_moment(row["ended_at"]),
        outcome=outcome,
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_iso(text)
