"""Between a foreman and its workers: nothing that is shared is locked, so that a worker may be killed at any moment.

A lock in shared memory that a process held when it was killed is held for ever: whoever asks for it next, the foreman
or the other workers, would wait without end. What a worker tells goes by a pipe of its own, read by a thread here that
ends with the pipe.
"""

import multiprocessing
import queue
import threading
from ctypes import c_byte, c_double
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawValue

from core.units import Second
from video.messages import Message

CONTEXT = multiprocessing.get_context("spawn")


class Flag:
    """Set once, by one process, and seen by another."""

    def __init__(self) -> None:
        self._set = RawValue(c_byte, 0)

    def set(self) -> None:
        """From now on."""
        self._set.value = 1

    def is_set(self) -> bool:
        """Whether it was."""
        return bool(self._set.value)


class Beat:
    """A moment of the monotonic clock that one process writes and another reads."""

    def __init__(self) -> None:
        self._at = RawValue(c_double, 0.0)

    @property
    def at(self) -> Second:
        """The last one, 0 before there was any."""
        return float(self._at.value)

    def tell(self, at: Second) -> None:
        """It moved."""
        self._at.value = at


@dataclass(slots=True)
class Telling:
    """The worker's end: `put` never waits, a thread sends."""

    pipe: "Connection[Message, Message]"
    _waiting: "queue.SimpleQueue[Message | None]" = field(default_factory=queue.SimpleQueue)
    _thread: threading.Thread | None = None

    def put(self, message: Message) -> None:
        """Send it, after those before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="telling", daemon=True)
            self._thread.start()
        self._waiting.put(message)

    def end(self, patience: Second) -> None:
        """Send what waits, if that is possible within so long."""
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join(patience)

    def _run(self) -> None:
        while (message := self._waiting.get()) is not None:
            try:
                self.pipe.send(message)
            except OSError:  # nobody reads any more
                return


def hearing(pipe: "Connection[Message, Message]", heard: "queue.SimpleQueue[Message]") -> threading.Thread:
    """A thread that hands on what a worker tells until it is gone; of a message it was killed over there is nothing."""

    def run() -> None:
        with pipe:
            while True:
                try:
                    heard.put(pipe.recv())
                except (OSError, EOFError):
                    return

    thread = threading.Thread(target=run, name="hearing", daemon=True)
    thread.start()
    return thread
