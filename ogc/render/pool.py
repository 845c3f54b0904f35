"""A few drawing processes behind a bounded queue; one that crashes or dawdles is replaced, and what one died over is
drawn once more by the next: a picture changes nothing."""

import logging
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from types import TracebackType

from core.errors import BusyError, OneMapError
from core.texts import Text
from core.units import Second
from ogc.render.drawing import Drawing, Drawn
from ogc.render.worker import LENGTH, send

log = logging.getLogger(__name__)
START_LIMIT: Second = 30.0
PAGE = os.sysconf("SC_PAGE_SIZE")
MEMORY = 600 << 20
"""Bytes of its own a drawing process may hold between drawings; one that holds more is ended and started anew."""


class DrawingFailedError(OneMapError):
    """The drawing process refused the sheet or died over it."""

    code = "drawing-failed"
    status = 500


class _DiedError(DrawingFailedError):
    """The process ended over the drawing; another may succeed."""


class TooSlowError(BusyError):
    """The picture took longer than a request may."""

    code = "drawing-too-slow"


class _Process:
    """One drawing process, started when first needed."""

    def __init__(self, memory: int) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._memory = memory

    def draw(self, drawing: Drawing, limit: Second) -> Drawn:
        process = self._running()
        if process.stdin is None:
            raise AssertionError
        try:
            send(process.stdin, drawing)
            answer = self._read(process, limit)
        except (OSError, EOFError) as error:
            self.stop()
            log.error("a drawing process died, status %s", process.returncode)
            raise _DiedError(
                Text("绘图进程异常退出,已换新进程,请重试", "the drawing process died and is replaced; ask again")
            ) from error
        except TimeoutError as error:
            self.stop()
            log.warning("a drawing took more than %s s and was stopped", limit)
            raise TooSlowError(
                Text(f"出图超过 {limit:g} 秒,请缩小范围或减少图层", f"drawing took over {limit:g} s; ask for less")
            ) from error
        if isinstance(answer, Drawn):
            if own_memory(process.pid) > self._memory:
                log.info("a drawing process holds more than %d MB and is replaced", self._memory >> 20)
                self.stop()
            return answer
        log.error("a drawing failed: %s", answer)
        raise DrawingFailedError(Text("出图失败,原因已记入日志", "drawing failed; the reason is in the log"))

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.stop()
        paths = os.pathsep.join(p for p in sys.path if p)
        self._process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "ogc.render.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths, "OGR_SQLITE_JOURNAL": "WAL", "GDAL_PAM_ENABLED": "NO"},
        )
        try:
            self._read(self._process, START_LIMIT)
        except (OSError, EOFError, TimeoutError) as error:
            self.stop()
            raise DrawingFailedError(Text("绘图进程无法启动", "the drawing process does not start")) from error
        return self._process

    @staticmethod
    def _read(process: subprocess.Popen[bytes], limit: Second) -> object:
        if process.stdout is None:
            raise AssertionError
        descriptor, until = process.stdout.fileno(), time.monotonic() + limit

        def exactly(count: int) -> bytes:
            parts = bytearray()
            while len(parts) < count:
                left = until - time.monotonic()
                if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                    raise TimeoutError
                part = os.read(descriptor, min(count - len(parts), 1 << 20))
                if not part:
                    raise EOFError
                parts += part
            return bytes(parts)

        return pickle.loads(exactly(LENGTH.unpack(exactly(LENGTH.size))[0]))  # noqa: S301 from our own child

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    log.debug("a drawing process left before it had read its request")
        self._process = None


def own_memory(pid: int) -> int:
    """Bytes a process holds for itself alone: mapped files and libraries are shared and not counted; 0 if unknown."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()
    except OSError:
        return 0
    return (int(pages[1]) - int(pages[2])) * PAGE


class DrawingPool:
    """`processes` draw at once, `waiting` more requests queue for at most `patience`; the rest come back later."""

    def __init__(
        self,
        *,
        processes: int = 2,
        waiting: int = 64,
        limit: Second = 20.0,
        patience: Second = 10.0,
        memory: int = MEMORY,
    ) -> None:
        self._limit, self._patience, self._waiting = limit, patience, waiting
        self._all = tuple(_Process(memory) for _ in range(processes))
        self._idle = deque(self._all)
        self._free = threading.Condition()
        self._queued = 0
        self._closed = False

    def draw(self, drawing: Drawing) -> list[bytes]:
        """The encoded picture, or its tiles."""
        return list(self.drawn(drawing).pictures)

    def drawn(self, drawing: Drawing) -> Drawn:
        """The picture or its tiles, with the report of what stands on them."""
        process = self._take()
        try:
            try:
                return process.draw(drawing, self._limit)
            except _DiedError:
                return process.draw(drawing, self._limit)
        finally:
            with self._free:
                self._idle.append(process)
                self._free.notify()
                if self._closed:
                    process.stop()

    def _take(self) -> _Process:
        until = time.monotonic() + self._patience
        with self._free:
            if not self._idle and self._queued >= self._waiting:
                raise self._busy()
            self._queued += 1
            try:
                while not self._idle:
                    left = until - time.monotonic()
                    if left <= 0 or not self._free.wait(left):
                        raise self._busy()
                if self._closed:
                    raise self._busy()
                return self._idle.pop()  # the one used last has its sheets warm
            finally:
                self._queued -= 1

    @staticmethod
    def _busy() -> BusyError:
        return BusyError(Text("出图请求过多,请稍后再试", "too many drawings wanted; try again soon"), retry_after=5)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes running now."""
        return tuple(p.pid for p in self._all if p.pid is not None)

    def close(self) -> None:
        """End the processes; a drawing under way ends with them."""
        with self._free:
            self._closed = True
            for process in self._idle:
                process.stop()

    def __enter__(self) -> "DrawingPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
