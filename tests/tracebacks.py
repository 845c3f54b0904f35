"""Tracebacks that servers of the tests log: one that nobody expected fails the test in whose time it came.

A server that all tests of a run share may log one a moment late; then the next test tells of it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.waiting import until

BEGINS = "Traceback (most recent call last)"
STOPPED = "timeout graceful shutdown exceeded"
"""Why uvicorn cancels what is under way when a server has to stop: no fault of what was cancelled."""

SHOWN = 120
"""Lines that are shown of what a server said from there on."""


class Heard:
    """What one server says, line by line, and how far it was looked through."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.looked = len(lines)
        self.over = False
        SERVERS.append(self)

    def since(self) -> str:
        """What it said since the last look, from the line before a first traceback on; empty where there is none."""
        new = self.lines[self.looked :]
        self.looked += len(new)
        begun = [place for place, line in enumerate(new) if BEGINS in line]
        first = next((place for place in begun if STOPPED not in _end(new[place + 1 :])), None)
        return "" if first is None else "".join(new[max(0, first - 1) :][:SHOWN])


def _end(lines: list[str]) -> str:
    """The line that says what was raised: the first that is not indented."""
    return next((line for line in lines if line.strip() and not line[0].isspace()), "")


SERVERS: list[Heard] = []
"""Those that run, and those that ended since the last look."""


def unexpected() -> str:
    """What no test looked at yet, of all servers."""
    found = "\n".join(filter(None, (one.since() for one in SERVERS)))
    SERVERS[:] = [one for one in SERVERS if not one.over]
    return found


@contextmanager
def expected(words: str, within: float = 30) -> Iterator[None]:
    """A server logs a traceback with these words (a regular expression) while this is open, or soon after."""
    before = unexpected()
    assert not before, before
    yield
    found = ""

    def told() -> str:
        nonlocal found
        found += unexpected()
        return found

    until(told, lambda text: re.search(words, text) is not None, within=within)
