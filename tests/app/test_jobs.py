"""A worker carries jobs to an end, whatever happens to it, and does no more than their owner may."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from app.auth.opening import open_identity
from app.jobs.kinds import Kind, Order, Product, Workshop
from app.jobs.runner import Runner, folder_of
from core.caller import UserClass
from core.clock import utc_now
from core.errors import BadInputError
from core.texts import Text
from layers.catalogue import CATALOGUE
from store.identity import Account, Identity, Key, Post
from store.jobs import Job, JobBook, State
from store.opening import open_audit, open_jobs, open_store
from tests.conftest import ROOT

STEP = Text("计数", "counting")
Meanwhile = Callable[[int], None]


class Steps(BaseModel):
    steps: int = Field(ge=1, le=100)


def counting(meanwhile: Meanwhile = lambda _: None) -> Kind:
    """Writes one line a step; `meanwhile` is what else happens in the world before each."""

    def run(asked: Steps, order: Order, _: Workshop) -> Product:
        path = order.folder / "数.txt"
        with path.open("w") as file:
            for step in range(asked.steps):
                meanwhile(step)
                order.report(step, asked.steps, STEP)
                file.write(f"{step} {order.actor.id} {','.join(order.scope.areas)}\n")
        return Product(Text(f"{asked.steps} 行", f"{asked.steps} lines"), path, "text/plain")

    return Kind(id="counting", title=lambda asked: Text(f"数到 {asked.steps}", "Count"), asked=Steps, run=run)


class Bench:
    """A job book with a worker's parts around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.book: JobBook = open_jobs(folder, None)
        self.identity: Identity = open_identity(folder, None)
        self.audit = open_audit(folder, None)
        self.store = open_store(folder, None, CATALOGUE, utc_now)
        now = utc_now()
        self.identity.people.add(Account(id="1", login="district", name="区", user_class=UserClass.REGULATOR), at=now)
        self.identity.posts.give(
            Post(id="p1", account="1", role="regulator", areas=("320981",), since=now, given_by="t", given_at=now)
        )

    def ask(self, steps: object = 3, account: str = "district", post: str | None = None, key: str | None = None) -> Job:
        return self.book.add(
            kind="counting", title=STEP, asked={"steps": steps}, account=account, post=post, key=key, at=utc_now()
        )  # fmt: skip

    def runner(self, kind: Kind, clock: Callable[[], datetime] = utc_now) -> Runner:
        workshop = Workshop(self.store, self.identity, self.audit, clock)
        return Runner(self.book, {kind.id: kind}, workshop, self.folder / "jobs", name="tests")

    def now(self, job: Job) -> Job:
        return self.book.one(job.id, account=None)

    def files(self, job: Job) -> list[str]:
        return [path.name for path in (self.folder / "jobs" / job.id).rglob("*") if path.is_file()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.book.close()
    made.identity.close()
    made.audit.close()
    made.store.close()


def test_a_job_is_done_with_the_rights_of_its_owner_and_leaves_its_file(bench: Bench) -> None:
    job = bench.ask()
    assert bench.runner(counting()).run_next()
    done = bench.now(job)
    assert done.state is State.DONE
    assert done.outcome is not None
    path = folder_of(bench.folder / "jobs", done) / done.outcome.file
    assert path.read_text().splitlines()[2] == "2 district 320981"
    assert done.outcome.size == path.stat().st_size
    standing = bench.identity.standing("district", at=utc_now())
    assert standing is not None
    assert done.outcome.scope == standing.scope.digest


def test_a_job_called_off_midway_ends_and_leaves_no_file(bench: Bench) -> None:
    job = bench.ask(steps=50)

    def regret(step: int) -> None:
        if step == 3:
            bench.book.cancel(job.id, account="district", at=utc_now())

    # Reports are thinned out in time, so the clock of this worker runs fast.
    ticks = iter(range(1, 10_000))
    begun = utc_now()
    bench.runner(counting(regret), lambda: begun + timedelta(seconds=next(ticks))).run_next()
    assert bench.now(job).state is State.CANCELLED
    assert bench.files(job) == []


def test_a_worker_told_to_stop_puts_its_job_back(bench: Bench) -> None:
    job = bench.ask(steps=50)
    runner: Runner
    runner = bench.runner(counting(lambda step: runner.stop() if step == 3 else None))
    assert runner.run_next()
    assert bench.now(job).state is State.QUEUED
    assert bench.files(job) == []
    assert not runner.run_next()
    assert bench.runner(counting()).run_next()
    assert bench.now(job).state is State.DONE


def test_a_job_asked_for_before_the_account_was_shut_is_not_done(bench: Bench) -> None:
    job = bench.ask()
    bench.identity.people.disable("district", at=utc_now())
    bench.runner(counting()).run_next()
    assert bench.now(job).state is State.FAILED
    assert "停用" in bench.now(job).doing.zh


@pytest.mark.parametrize("gone", ["revoked", "expired", "neither"])
def test_a_job_asked_for_with_a_key_is_not_done_once_the_key_opens_nothing(bench: Bench, gone: str) -> None:
    now = utc_now()
    ends = now + timedelta(hours=1) if gone == "expired" else None
    key = Key(id="k1", name="k", account="1", layers=None, per_minute=60, given_by="t", created_at=now, expires_at=ends)
    bench.identity.keys.add(key, "hash")
    job = bench.ask(key="k1")
    if gone == "revoked":
        bench.identity.keys.revoke("k1", at=now)
    later = now + timedelta(hours=2) if gone == "expired" else now
    assert bench.runner(counting(), lambda: later).run_next()
    ended = bench.now(job)
    assert ended.state is (State.DONE if gone == "neither" else State.FAILED)
    assert ("密钥" in ended.doing.zh) == (gone != "neither")


def test_a_job_asked_under_a_post_that_ended_is_not_done_under_another(bench: Bench) -> None:
    now = utc_now()
    bench.identity.posts.give(
        Post(id="p2", account="1", role="regulator", areas=("320982",), since=now, given_by="t", given_at=now)
    )
    job = bench.ask(post="p2")
    bench.identity.posts.end("p2", by="t", at=now)
    bench.runner(counting()).run_next()
    assert bench.now(job).state is State.FAILED
    assert "到期" in bench.now(job).doing.zh


TOO_LARGE = BadInputError(Text("范围太大", "too large"))


@pytest.mark.parametrize(("error", "said"), [(TOO_LARGE, "范围太大"), (ZeroDivisionError("1/0"), "内部错误")])
def test_a_job_that_fails_says_why_and_no_more(bench: Bench, error: Exception, said: str) -> None:
    def break_off(step: int) -> None:
        if step == 1:
            raise error

    job = bench.ask()
    assert bench.runner(counting(break_off)).run_next()
    assert bench.now(job).state is State.FAILED
    assert said in bench.now(job).doing.zh
    assert "1/0" not in bench.now(job).doing.en
    assert bench.files(job) == []


def test_a_request_that_no_longer_fits_fails_with_its_faults(bench: Bench) -> None:
    job = bench.ask(steps=0)
    bench.runner(counting()).run_next()
    assert "steps" in bench.now(job).doing.zh


WORKER = """
import sys
from pathlib import Path
from core.clock import utc_now
from layers.catalogue import CATALOGUE
from tests.app.test_jobs import Bench, counting
from app.jobs.kinds import Workshop
from app.jobs.runner import Runner
from app.auth.opening import open_identity
from store.opening import open_audit, open_jobs, open_store
folder = Path(sys.argv[1])
def wait(step):
    if step == 2:
        print("working", flush=True)
        sys.stdin.read()
kind = counting(wait)
store = open_store(folder, None, CATALOGUE, utc_now)
workshop = Workshop(store, open_identity(folder, None), open_audit(folder, None), utc_now)
Runner(open_jobs(folder, None), {kind.id: kind}, workshop, folder / "jobs", name="dead").run_next()
"""


def test_a_job_survives_the_death_of_its_worker(bench: Bench) -> None:
    job = bench.ask()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(bench.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env=environment,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        assert bench.now(job).state is State.RUNNING
        process.send_signal(signal.SIGKILL)
    assert not bench.runner(counting()).run_next()
    assert bench.runner(counting(), lambda: datetime.now(UTC) + timedelta(minutes=1)).run_next()
    done = bench.now(job)
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert done.outcome is not None
    assert len((folder_of(bench.folder / "jobs", done) / done.outcome.file).read_text().splitlines()) == 3
