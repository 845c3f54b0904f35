"""Work that a server does again and again: what fails is kept for administrators, in one line without secrets."""

import asyncio
import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from app.repeating import Chore, Chores, in_one_line, repeating
from core.texts import Text
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.app.test_heads import apart
from tests.monitoring.plant import NOON
from tests.server import set_server
from tests.tracebacks import expected
from tests.waiting import until

LOG = logging.getLogger("test")
SENT, DROPPED = Chore(Text("发送", "Sent"), "not sent"), Chore(Text("清理", "Dropped"), "not dropped")


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def test_failures_are_counted_from_the_first_and_end_with_the_first_success() -> None:
    hand = Hand()
    chores = Chores(hand)

    def attempt(chore: Chore, error: Exception | None = None) -> None:
        hand.now += timedelta(minutes=1)
        with chores.tried(LOG, chore):
            if error is not None:
                raise error

    attempt(DROPPED)
    attempt(SENT)
    attempt(SENT, ValueError("a secret"))
    attempt(SENT, KeyError("another"))
    (first, course), (second, well) = chores.told()
    assert (first, course.failures, course.since) == (SENT, 2, NOON + timedelta(minutes=3))
    assert (course.done_at, course.failed_at) == (NOON + timedelta(minutes=2), NOON + timedelta(minutes=4))
    assert course.error == "KeyError"
    assert (second, well.failures, chores.failing) == (DROPPED, 0, 1)
    attempt(SENT)
    course = dict(chores.told())[SENT]
    assert (course.failures, course.since, course.done_at, chores.failing) == (0, None, hand.now, 0)
    assert (course.error, course.failed_at) == ("KeyError", NOON + timedelta(minutes=4))


def test_a_server_that_stops_waits_for_a_chore_under_way_and_a_store_closed_under_it_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reminders of a first start went on in their thread while the store was closed, and logged a traceback."""
    chores, begun, closed = Chores(Hand()), threading.Event(), threading.Event()

    def long() -> None:
        with chores.tried(LOG, SENT):
            begun.set()
            assert closed.wait(20)
            raise RuntimeError("Cannot operate on a closed database.")

    assert chores.end(within=0.0)
    chores = Chores(Hand())
    thread = threading.Thread(target=long)
    thread.start()
    assert begun.wait(20)
    assert not chores.end(within=0.01)
    closed.set()
    assert chores.end(within=20)
    thread.join()
    assert "Traceback" not in caplog.text
    assert (chores.failing, chores.told()) == (0, [])


def test_one_that_fails_holds_no_other_up_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []
    chores = Chores(Hand())

    def fails() -> None:
        raise OSError(28, "user:secret@host")

    async def until_two() -> None:
        enough = asyncio.Event()
        loop = asyncio.get_running_loop()

        def works() -> None:
            done.append(1)
            if len(done) == 2:
                loop.call_soon_threadsafe(enough.set)

        task = asyncio.create_task(repeating(LOG, 0.0, {SENT: fails, DROPPED: works}, chores))
        await asyncio.wait_for(enough.wait(), 20)
        task.cancel()

    apart(until_two())
    course = dict(chores.told())[SENT]
    assert course.failures >= 2
    assert course.error == "OSError (No space left on device)"
    assert "not sent" in caplog.text


def test_an_error_is_told_by_kind_code_and_place_and_never_by_its_words(tmp_path: Path) -> None:
    (tmp_path / "audit.db").write_text("a secret, and no database" * 100)
    with pytest.raises(DatabaseError) as raised:
        open_audit(tmp_path, None)
    assert in_one_line(raised.value).startswith("DatabaseError (SQLITE_NOTADB), store.")
    assert in_one_line(RuntimeError("postgres://user:secret@host")) == "RuntimeError"


def test_a_server_tells_its_administrator_what_fails_and_its_public_nothing(tmp_path: Path) -> None:
    """A server of its own: its signed heads are to lie where a file is."""
    (tmp_path / "taken").write_text("")
    with (
        expected(r"no signed head was written\nTraceback(.|\n)*NotADirectoryError"),
        set_server(tmp_path / "data", ONEMAP_HEADS=str(tmp_path / "taken" / "heads")) as address,
        signed_in(address, "admin") as admin, signed_in(address, "city") as city,
    ):  # fmt: skip
        chores = until(lambda: admin.get("/api/admin/chores").json()["chores"], lambda told: len(told) > 5)
        told = chores[0]
        assert (told["title"], told["state"]) == ("签署变更与审计的链头", "failing")
        assert told["failures"] >= 1
        assert told["error"].startswith("NotADirectoryError (Not a directory), store.heads:")
        assert {one["state"] for one in chores[1:]} == {"well"}
        assert city.get("/api/admin/chores").status_code == 403
        admin.cookies.clear()
        assert admin.get("/api/admin/chores").status_code == 401
        assert admin.get("/healthz").json()["status"] == "ok"
