"""The state of each camera's row: as its stream stands, and whether an event of it goes on; written when it changes."""

import time
from collections.abc import Callable, Iterable

from core.actors import Actor
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.units import Second
from layers.catalogue import CAMERAS
from layers.catalogue.sensing import Camera
from store.feed import Put
from store.protocol import Store
from video.messages import Status
from video.sources import Condition
from video.thresholds import threshold

ANALYST = Actor(id="video", name="视频分析", door="job")
SETTLED: Second = threshold("stream.settled")
TRIES = 3
STATES = {
    Condition.LIVE: "online", Condition.STALLED: "stalled", Condition.DENIED: "offline", Condition.ABSENT: "offline",
    Condition.UNREACHABLE: "offline", Condition.UNREADABLE: "offline",
}  # fmt: skip
"""What a condition makes of a camera; while it connects or stops nothing is said."""


class Standings:
    """The states of the cameras of one service."""

    def __init__(self, store: Store, *, monotonic: Callable[[], Second] = time.monotonic) -> None:
        self._store, self._monotonic = store, monotonic
        self._streams: dict[str, str] = {}
        self._open: dict[str, set[str]] = {}
        self._said: dict[str, str] = {}

    def told(self, status: Status) -> None:
        """How a stream stands; what did not last for some seconds is not written."""
        state = STATES.get(status.condition)
        if state is not None and self._monotonic() - status.since >= SETTLED:
            self._streams[status.camera] = state
            self._write(status.camera)

    def begun(self, camera: str, event: str) -> None:
        """An event of a camera goes on: there is a picture of it."""
        self._open.setdefault(camera, set()).add(event)
        self._streams.setdefault(camera, "online")
        self._write(camera)

    def over(self, camera: str, event: str) -> None:
        """It goes on no more."""
        self._open.get(camera, set()).discard(event)
        self._write(camera)

    def unwatched(self, cameras: Iterable[str]) -> None:
        """Nobody receives their streams any more."""
        for camera in cameras:
            self._open.pop(camera, None)
            self._streams[camera] = "no_stream"
            self._write(camera)

    def _write(self, camera: str) -> None:
        stream = self._streams.get(camera)
        state = "event" if stream == "online" and self._open.get(camera) else stream
        if state is None or self._said.get(camera) == state:
            return
        for last in [False] * (TRIES - 1) + [True]:
            try:
                stored = self._store.get(CAMERAS, camera, scope=SYSTEM_SCOPE)
                assert isinstance(stored.record, Camera)
                if stored.record.state != state:
                    record = stored.record.model_copy(update={"state": state})
                    edit = Put(layer=CAMERAS.id, record=record, expected=stored.version)
                    self._store.commit([edit], actor=ANALYST, reason="视频分析:视频点状态", scope=SYSTEM_SCOPE)
                self._said[camera] = state
            except NotFoundError:  # taken out of the register meanwhile
                return
            except ConflictError:  # somebody wrote the row meanwhile
                if last:
                    raise
                continue
            return
