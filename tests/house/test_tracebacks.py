"""A traceback that a server logs fails the test in whose time it came, unless the test expects it."""

from collections.abc import Iterator

import pytest

from tests.conftest import pytest_runtest_teardown
from tests.tracebacks import SERVERS, Heard, expected, unexpected

LOGGED = [
    "ERROR:app.repeating:messages were not sent\n", "Traceback (most recent call last):\n",
    '  File "app/x.py", line 1, in x\n', "ValueError: something\n",
]  # fmt: skip


@pytest.fixture
def heard() -> Iterator[Heard]:
    one = Heard(["OneMap: http://127.0.0.1:1/\n"])
    yield one
    SERVERS.remove(one)


def teardown() -> None:
    hook = pytest_runtest_teardown()
    next(hook)
    with pytest.raises(StopIteration):
        next(hook)


def test_a_traceback_fails_one_test_and_is_shown_with_the_line_before_it(heard: Heard) -> None:
    teardown()
    heard.lines += ["INFO: all is well\n", *LOGGED]
    with pytest.raises(pytest.fail.Exception, match=r"messages were not sent\nTraceback[^$]*ValueError: something"):
        teardown()
    teardown()


def test_a_server_that_has_ended_is_looked_at_once_more() -> None:
    one = Heard([])
    one.over = True
    one.lines += LOGGED
    assert "ValueError" in unexpected()
    assert one not in SERVERS


def test_a_test_that_breaks_something_expects_its_traceback_and_no_other(heard: Heard) -> None:
    with expected("ValueError: something"):
        heard.lines += LOGGED
    teardown()
    with pytest.raises(AssertionError), expected("KeyError", within=0.2):
        heard.lines += LOGGED
    heard.lines += LOGGED
    with pytest.raises(AssertionError, match="ValueError"), expected("ValueError"):
        pass


def test_what_a_stopping_server_cancels_is_no_fault_and_hides_none(heard: Heard) -> None:
    cancelled = [
        "ERROR:    Exception in ASGI application\n", "Traceback (most recent call last):\n",
        '  File "app/x.py", line 1, in x\n',
        "asyncio.exceptions.CancelledError: Task cancelled, timeout graceful shutdown exceeded\n",
    ]  # fmt: skip
    heard.lines += cancelled
    teardown()
    heard.lines += [*cancelled, *LOGGED]
    with pytest.raises(pytest.fail.Exception, match=r"not sent\nTraceback[^$]*ValueError: something"):
        teardown()
