"""Waiting for what a server does by itself: who asks without a pause slows down what is waited for."""

import threading
import time
from collections.abc import Callable

PAUSE = 0.1
"""Seconds between two questions."""


def until[T](asked: Callable[[], T], over: Callable[[T], bool], within: float = 120) -> T:
    """The first answer that says it is over; the last one is told when that takes longer."""
    end, pause = time.monotonic() + within, threading.Event()
    while not over(told := asked()):
        assert time.monotonic() < end, told
        pause.wait(PAUSE)
    return told
