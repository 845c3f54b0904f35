"""The job book: who gets a job, who keeps it, and what happens to one whose worker dies. On both engines."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.errors import BusyError, NotFoundError
from core.texts import Text
from store.jobs import ATTEMPTS, OPEN_AT_ONCE, Job, JobBook, LostJobError, Outcome, State

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)
LATER = NOW + timedelta(seconds=16)
STEP = Text("写出", "writing")


@pytest.fixture(params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JobBook]:
    if request.param == "embedded":
        opened = JobBook(f"sqlite:///{tmp_path / 'jobs.db'}")
    else:
        url: str = request.getfixturevalue("postgres_database")
        opened = JobBook("postgresql+psycopg://" + url.partition("://")[2], schema="public")
    yield opened
    opened.close()


def asked(book: JobBook, account: str = "city", minutes: int = 0) -> Job:
    return book.add(
        kind="export", title=Text("导出", "Export"), asked={"layers": ["企业"]}, account=account,
        at=NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def taken(book: JobBook, worker: str = "a", at: datetime = NOW) -> Job:
    job = book.take(worker, at=at, lease=LEASE)
    assert job is not None
    return job


def test_the_oldest_waiting_job_is_taken_first(book: JobBook) -> None:
    second, first = asked(book, minutes=1), asked(book)
    at = NOW + timedelta(minutes=2)
    assert [taken(book, at=at).id, taken(book, "b", at=at).id] == [first.id, second.id]
    assert book.take("c", at=at, lease=LEASE) is None


def test_no_job_is_taken_twice_by_many_workers(book: JobBook) -> None:
    wanted = {asked(book, account=f"officer-{n}").id for n in range(24)}

    def work(name: str) -> list[str]:
        found = []
        while (job := book.take(name, at=NOW, lease=LEASE)) is not None:
            found.append(job.id)
        return found

    with ThreadPoolExecutor(4) as pool:
        got = Counter(job for jobs in pool.map(work, "abcd") for job in jobs)
    assert set(got) == wanted
    assert set(got.values()) == {1}


def test_progress_and_result_are_kept(book: JobBook) -> None:
    asked(book)
    job = taken(book)
    assert not book.advance(job, done=40, total=100, doing=STEP, at=NOW, lease=LEASE)
    seen = book.one(job.id, account="city")
    assert (seen.state, seen.done, seen.total, seen.doing) == (State.RUNNING, 40, 100, STEP)
    outcome = Outcome(said=Text("857 行", "857 rows"), scope="abc", file="a.gpkg", media_type="x/y", size=3, sha256="f")
    book.finish(job, outcome, at=LATER)
    seen = book.one(job.id, account="city")
    assert (seen.state, seen.outcome, seen.ended_at) == (State.DONE, outcome, LATER)
    assert seen.asked == {"layers": ["企业"]}


def test_a_job_whose_worker_died_is_taken_again(book: JobBook) -> None:
    asked(book)
    dead = taken(book, "dead")
    assert book.take("next", at=NOW + timedelta(seconds=14), lease=LEASE) is None
    assert not book.waiting(at=NOW)
    assert book.waiting(at=LATER)
    again = taken(book, "next", at=LATER)
    assert (again.id, again.attempt, again.worker) == (dead.id, 2, "next")


def test_a_worker_that_lost_its_job_can_change_it_no_more(book: JobBook) -> None:
    asked(book)
    slow = taken(book, "slow")
    taken(book, "next", at=LATER)
    with pytest.raises(LostJobError):
        book.advance(slow, done=1, total=2, doing=STEP, at=LATER, lease=LEASE)
    with pytest.raises(LostJobError):
        book.finish(slow, Outcome(said=STEP, scope=""), at=LATER)
    assert book.one(slow.id, account="city").state is State.RUNNING


def test_a_worker_that_renews_keeps_its_job(book: JobBook) -> None:
    asked(book)
    job = taken(book)
    book.renew(job, at=NOW + timedelta(seconds=10), lease=LEASE)
    assert book.take("other", at=LATER, lease=LEASE) is None


def test_a_job_that_keeps_killing_its_worker_fails_in_the_end(book: JobBook) -> None:
    asked(book)
    at = NOW
    for _ in range(ATTEMPTS):
        taken(book, at=at)
        at += timedelta(seconds=20)
    assert book.take("last", at=at, lease=LEASE) is None
    (job,) = book.all(account="city")
    assert job.state is State.FAILED
    assert "中断" in job.doing.zh


def test_a_waiting_job_is_called_off_at_once_and_a_running_one_at_its_next_report(book: JobBook) -> None:
    running, waiting = asked(book), asked(book, minutes=1)
    job = taken(book)
    assert job.id == running.id
    assert book.cancel(waiting.id, account="city", at=NOW).state is State.CANCELLED
    assert book.cancel(running.id, account="city", at=NOW).state is State.RUNNING
    assert book.advance(job, done=1, total=2, doing=STEP, at=NOW, lease=LEASE)
    book.called_off(job, at=NOW)
    assert book.one(job.id, account="city").state is State.CANCELLED
    assert book.cancel(job.id, account="city", at=LATER).ended_at == NOW


def test_a_job_put_back_waits_again_and_the_attempt_does_not_count(book: JobBook) -> None:
    asked(book)
    book.put_back(taken(book))
    again = taken(book, "b")
    assert again.attempt == 1


def test_another_account_sees_nothing_of_it(book: JobBook) -> None:
    job = asked(book)
    assert book.all(account="district") == []
    with pytest.raises(NotFoundError):
        book.one(job.id, account="district")
    with pytest.raises(NotFoundError):
        book.cancel(job.id, account="district", at=NOW)
    assert book.one(job.id, account=None).state is State.QUEUED


def test_one_account_cannot_fill_the_queue(book: JobBook) -> None:
    for _ in range(OPEN_AT_ONCE):
        asked(book)
    with pytest.raises(BusyError, match="取消一项"):
        asked(book)
    asked(book, account="district")


def test_old_jobs_are_forgotten_and_open_ones_never(book: JobBook) -> None:
    done, waiting = asked(book), asked(book, minutes=1)
    book.finish(taken(book), Outcome(said=STEP, scope=""), at=NOW)
    assert list(book.forget(before=LATER)) == [done.id]
    assert [job.id for job in book.all(account="city")] == [waiting.id]
