"""What was fetched elsewhere, on disk: given out while fresh, asked again when not, and as old when that fails."""

import hashlib
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.remote.fetching import ElsewhereError, Fetched
from core.clock import Clock
from core.texts import Text
from core.units import Second

log = logging.getLogger(__name__)

TOO_OLD = timedelta(days=30)
REST: Second = 20.0
"""So long a layer whose service failed is answered from what is kept, without asking it again each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A body and when it was fetched; `stale` says why it is older than it should be."""

    body: bytes
    media_type: str
    at: datetime
    stale: Text | None = None


@dataclass(slots=True)
class Standing:
    """How the last asking of a layer went."""

    good: datetime | None = None
    bad: datetime | None = None
    why: Text | None = None


class Shelf:
    """Files under one folder, the oldest leaving when they are more than `largest` bytes."""

    def __init__(self, folder: Path, clock: Clock, *, largest: int) -> None:
        self._folder = folder
        self._clock = clock
        self._largest = largest
        self._lock = threading.Lock()
        self._since = 0
        self._standing: dict[str, Standing] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def standing(self, layer: str) -> Standing:
        """How the last asking of a layer went, as far as this process knows."""
        with self._lock:
            return self._standing.get(layer, Standing())

    def get(self, layer: str, url: str, fresh: timedelta, fetch: Callable[[], Fetched]) -> Held:
        """The kept body while fresh, else a new one; where that cannot be had the kept one, marked as old."""
        place, now = self._place(layer, url), self._clock()
        held = self._read(place)
        if held is not None and now - held.at <= fresh:
            return held
        standing = self.standing(layer)
        resting = standing.bad is not None and (now - standing.bad).total_seconds() < REST
        if resting and held is not None and standing.why is not None:
            return Held(body=held.body, media_type=held.media_type, at=held.at, stale=standing.why)
        try:
            found = fetch()
        except ElsewhereError as error:
            self._note(layer, now, error.text)
            if held is None or now - held.at > TOO_OLD:
                raise
            return Held(body=held.body, media_type=held.media_type, at=held.at, stale=error.text)
        self._note(layer, now, None)
        self._write(place, found, now)
        return Held(body=found.body, media_type=found.media_type, at=now)

    def forget(self, layer: str) -> None:
        """Everything kept of one layer goes."""
        for path in self._folder.glob(f"{layer}.*"):
            path.unlink(missing_ok=True)
        with self._lock:
            self._standing.pop(layer, None)

    def _note(self, layer: str, now: datetime, why: Text | None) -> None:
        with self._lock:
            standing = self._standing.setdefault(layer, Standing())
            if why is None:
                standing.good, standing.bad, standing.why = now, None, None
            else:
                standing.bad, standing.why = now, why

    def _place(self, layer: str, url: str) -> Path:
        return self._folder / f"{layer}.{hashlib.sha256(url.encode()).hexdigest()[:32]}"

    def _read(self, place: Path) -> Held | None:
        """The first line says what it is and when it came; a file that was cut short is none."""
        try:
            head, _, body = place.read_bytes().partition(b"\n")
            at, size, media_type = head.decode().split(" ", 2)
            if len(body) != int(size):
                return None
            return Held(body=body, media_type=media_type, at=datetime.fromisoformat(at).astimezone(UTC))
        except (OSError, ValueError):
            return None

    def _write(self, place: Path, found: Fetched, now: datetime) -> None:
        """What cannot be kept (a full disk) costs speed and nothing else."""
        draft = place.with_name(f"{place.name}.{os.getpid()}-{threading.get_ident()}.draft")
        head = f"{now.isoformat()} {len(found.body)} {found.media_type.splitlines()[0] if found.media_type else ''}\n"
        try:
            draft.write_bytes(head.encode() + found.body)
            draft.replace(place)
        except OSError as error:
            log.warning("what was fetched elsewhere could not be kept: %s", error)
            draft.unlink(missing_ok=True)
            return
        with self._lock:
            self._since += len(found.body)
            full = self._since > self._largest // 10
            if full:
                self._since = 0
        if full:
            self._make_room()

    def _make_room(self) -> None:
        kept = sorted(((one.stat().st_mtime, one.stat().st_size, one) for one in self._folder.iterdir()), reverse=True)
        size = 0
        for _, own, path in kept:
            size += own
            if size > self._largest:
                path.unlink(missing_ok=True)
