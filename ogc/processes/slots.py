"""Executions under way: a few at once, some waiting, and none that its client waits for without end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from core.errors import BusyError, OneMapError
from core.texts import Text
from ogc.limits import LIMITS

AT_ONCE, WAITING = 2, 16
"""Executions under way, and how many more may wait for them."""

LONGEST = LIMITS.process_seconds
"""Seconds an answer is waited for, its turn among others in it."""

BUSY = Text("处理过程执行繁忙,请稍后再试", "too many processes are being executed; try again soon")


class TookTooLongError(OneMapError):
    """An execution was not done in the time a request may take; it is not waited for any more."""

    code = "took-too-long"
    status = 504

    def __init__(self, seconds: float) -> None:
        super().__init__(
            Text(
                f"执行超过 {seconds:g} 秒,不再等待;请减少输入,能排队的处理过程可用 Prefer: respond-async 提交为任务",
                f"not done in {seconds:g} s and waited for no longer; ask for less, or queue what can be queued with "
                "Prefer: respond-async",
            ),
            seconds=seconds,
        )


class Slots:
    """Where executions run. A thread cannot be interrupted: what takes too long is answered for, but keeps its place
    until it has ended, so that never more than `at_once` compute, whoever gave up waiting.
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, longest: float = LONGEST) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="process")
        self._most = at_once + waiting
        self._longest = longest
        self._open: set[Future[Any]] = set()

    def refusal(self) -> OneMapError | None:
        """Why nothing more is taken, if nothing is."""
        return BusyError(BUSY) if len(self._open) >= self._most else None

    async def run[R](self, work: Callable[[], R]) -> R:
        """What the work answers. Raises TookTooLongError when it does not in time; work not begun is then given up."""
        begun = self._threads.submit(copy_context().run, work)
        self._open.add(begun)
        begun.add_done_callback(self._open.discard)
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(begun)), self._longest)
        except TimeoutError:
            raise TookTooLongError(self._longest) from None
        finally:
            begun.cancel()
