"""The foreman: keeps one worker process a few cameras, ends the one that is silent, and starts it anew."""

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path

from core.units import Second
from video.geometry.ground import GroundPlane
from video.live import Room
from video.messages import Message
from video.rules.rule import Rule
from video.thresholds import threshold
from video.wires import CONTEXT, Beat, Flag, hearing
from video.worker import Model, Watch, alone

SILENT: Second = threshold("worker.silent")
STARTING: Second = threshold("worker.starting")
HEARD: Second = 2.0
"""So long it is waited for what a worker told before it was ended."""

TOGETHER = int(threshold("worker.together"))


@dataclass(slots=True, kw_only=True)
class _Group:
    """One worker, its cameras, and when it last moved."""

    watches: tuple[Watch, ...]
    process: BaseProcess
    beat: Beat
    stop: Flag
    heard: threading.Thread
    orders: "Queue[Watch]"
    began: Second
    starts: int = 1


class Foreman:
    """All workers of a service. `films` is a folder for films until they are fetched, `live` one for live pictures."""

    def __init__(
        self, watches: Sequence[Watch], model: Model | None, films: Path, *, silent: Second = SILENT,
        together: int = TOGETHER, live: Room | None = None,
    ) -> None:  # fmt: skip
        films.mkdir(parents=True, exist_ok=True)
        self._model, self._films, self._silent, self._live = model, films, silent, live
        self._out: queue.SimpleQueue[Message] = queue.SimpleQueue()
        shares = [tuple(watches[n : n + together]) for n in range(0, len(watches), together)]
        self._groups = [self._started(share) for share in shares]

    @property
    def starts(self) -> tuple[int, ...]:
        """How often each worker was started."""
        return tuple(one.starts for one in self._groups)

    @property
    def processes(self) -> tuple[int, ...]:
        """The process of each worker."""
        return tuple(one.process.pid or 0 for one in self._groups)

    def messages(self, patience: Second) -> Iterator[Message]:
        """What workers tell, waited for no longer than `patience`."""
        ends = time.monotonic() + patience
        while (left := ends - time.monotonic()) > 0:
            try:
                yield self._out.get(timeout=left)
            except queue.Empty:
                return

    def look_after(self) -> tuple[str, ...]:
        """End workers that are silent or dead and start them anew; the cameras whose events were lost with them."""
        lost: list[str] = []
        for n, one in enumerate(self._groups):
            now = time.monotonic()
            allowed = self._silent if one.beat.at > one.began else max(self._silent, STARTING)
            if one.process.is_alive() and now - max(one.beat.at, one.began) < allowed:
                continue
            one.process.kill()
            one.process.join()
            one.heard.join(HEARD)
            self._groups[n] = self._started(one.watches, one.starts + 1)
            lost += [each.camera for each in one.watches]
        return tuple(lost)

    def change(self, camera: str, rules: tuple[Rule, ...], plane: GroundPlane | None) -> None:
        """Watch a camera by other rules; its worker goes on, and one started later knows them too."""
        for one in self._groups:
            for watch in one.watches:
                if watch.camera == camera:
                    new = replace(watch, rules=rules, plane=plane)
                    one.watches = tuple(new if each is watch else each for each in one.watches)
                    one.orders.put(new)

    def rest(self, patience: Second = 15.0) -> Iterator[Message]:
        """Stop all workers; what they tell until they have ended: films that waited."""
        for one in self._groups:
            one.stop.set()
        ends = time.monotonic() + patience
        while time.monotonic() < ends:
            gone = not any(one.process.is_alive() or one.heard.is_alive() for one in self._groups)
            yield from self.messages(0.2)
            if gone:
                return

    def close(self, patience: Second = 10.0) -> None:
        """End all workers, by force where they do not end by themselves."""
        for one in self._groups:
            one.stop.set()
            one.orders.cancel_join_thread()
            one.orders.close()
        ends = time.monotonic() + patience
        for one in self._groups:
            one.process.join(max(0.1, ends - time.monotonic()))
            if one.process.is_alive():
                one.process.kill()
                one.process.join()

    def _started(self, watches: tuple[Watch, ...], starts: int = 1) -> _Group:
        beat, stop = Beat(), Flag()
        orders: Queue[Watch] = CONTEXT.Queue()
        ours, theirs = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(
            target=alone,
            args=(watches, self._model, self._films, theirs, beat, stop, self._live, orders),
            daemon=True,
        )
        process.start()
        theirs.close()  # the worker alone has it: with its end the pipe ends
        return _Group(
            watches=watches, process=process, beat=beat, stop=stop, heard=hearing(ours, self._out), orders=orders,
            began=time.monotonic(), starts=starts,
        )  # fmt: skip
