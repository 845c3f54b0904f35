"""Live pictures: what a camera shows now, handed by the worker that analyses it to whoever may look at it.

One `CAMERA.jpg` and one `CAMERA.json` in a folder, each replaced whole, so that a reader never meets half of one. The
time of the JPEG's file is when its picture was received, and the JSON names that time: boxes are those of that picture
or not told. `CAMERA.look` is touched by who looks; while nobody does, few pictures are made. The last picture of a
camera that is analysed no longer goes after a while.
"""

import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.clock import Clock, from_iso, iso
from core.units import Second
from video.detections import Image
from video.sources import Condition
from video.thresholds import threshold

PACE = threshold("live.pace")
IDLE: Second = threshold("live.idle")
LOOKED: Second = threshold("live.looked")
WIDTH = int(threshold("live.width"))
STALE = timedelta(seconds=threshold("live.stale"))
SILENT = timedelta(seconds=threshold("live.silent"))
KEPT: Second = threshold("live.kept")
CLEARED: Second = 60.0
ASKED: Second = 0.5
"""Seconds between two looks for who looks."""

AHEAD = timedelta(seconds=1)
"""What claims to be later than now by more than this was received before the clock of the machine was set back."""

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
OURS = (".jpg", ".json", ".look", ".part")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What is drawn over a picture, in pixels of the frame (`size`: width, height): people tracked, zones watched."""

    size: tuple[int, int]
    boxes: tuple[Box, ...] = ()
    zones: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a camera stands by the worker that has it, as of `at`; `less` where less is looked at than usual.

    `stamp` is the time of the picture that `overlay` belongs to, nanoseconds since 1970.
    """

    camera: str
    at: datetime
    condition: Condition
    since: datetime
    pace: float
    side: int
    less: bool = False
    missed: float = 0.0
    """Share of the pictures that were due and were not looked at, as far as it is too much."""

    unavailable: tuple[str, ...] = ()
    stamp: int = 0
    overlay: Overlay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture as JPEG and when it was received."""

    body: bytes
    stamp: int

    @property
    def received(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromtimestamp(self.stamp / 1e9, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Where a worker leaves its pictures, and the clock it tells times by; crosses to another process."""

    folder: Path
    clock: Clock


def stem(camera: str) -> str:
    """What the files of a camera are called: its code, or the hash of one that is no name of a file.

    >>> stem("C0001"), stem("../东门")
    ('C0001', '_bbe19a32ac834b502f7286e4ce9ba48f')
    """
    return camera if PLAIN.fullmatch(camera) else f"_{hashlib.sha256(camera.encode()).hexdigest()[:32]}"


def of_now(at: datetime, now: datetime, longest: timedelta = STALE) -> bool:
    """A moment is of now: no longer ago than `longest`, and not ahead of a clock that was set back since."""
    return -AHEAD <= now - at <= longest


class Gallery:
    """The reader's side of the folder."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock
        self._looked: dict[str, Second] = {}
        self._cleared: Second = -CLEARED

    def newest(self, camera: str) -> Shot | None:
        """The last picture there is, however old; None where there is none."""
        try:
            with (self._folder / f"{stem(camera)}.jpg").open("rb") as file:
                stamp = os.fstat(file.fileno()).st_mtime_ns
                return Shot(body=file.read(), stamp=stamp) if self._kept(stamp) else None
        except OSError:
            return None

    def received(self, camera: str) -> datetime | None:
        """When the last picture was received, without reading it."""
        try:
            stamp = (self._folder / f"{stem(camera)}.jpg").stat().st_mtime_ns
        except OSError:
            return None
        return datetime.fromtimestamp(stamp / 1e9, UTC) if self._kept(stamp) else None

    def told(self, camera: str) -> Told | None:
        """How a camera stood when its worker told last; None where none ever did, or long ago."""
        try:
            return _read(json.loads((self._folder / f"{stem(camera)}.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def known(self) -> tuple[str, ...]:
        """Cameras of which something was told; what is older than it is kept goes, also where no worker runs."""
        if time.monotonic() - self._cleared > CLEARED:
            self._cleared = time.monotonic()
            clear(self._folder, self._clock())
        try:
            return self.left()
        except OSError:
            return ()

    def left(self) -> tuple[str, ...]:
        """The same, with what is older and has not been cleared yet. Raises: OSError."""
        return tuple(sorted(code for one in self._folder.glob("*.json") if (code := self._code(one.stem))))

    def _code(self, stem: str) -> str:
        """The code of the camera whose files are called so; empty where its file is gone."""
        if not stem.startswith("_"):
            return stem
        try:
            return str(json.loads((self._folder / f"{stem}.json").read_text("utf-8"))["camera"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def look(self, camera: str) -> None:
        """Somebody looks: pictures are made at the full pace for a while."""
        now = time.monotonic()
        if now - self._looked.get(camera, -9.0) < 1.0:
            return
        self._looked[camera] = now
        try:
            if (self._folder / f"{stem(camera)}.json").exists():  # else nobody analyses it, and takes the file away
                (self._folder / f"{stem(camera)}.look").touch()
        except OSError:
            return

    def _kept(self, stamp: int) -> bool:
        return self._clock().timestamp() - stamp / 1e9 < KEPT


@dataclass(slots=True, kw_only=True)
class _Slot:
    """What waits to be written of one camera: the newest only."""

    told: Told | None = None
    picture: Image | None = None
    due: Second = 0.0
    asked: Second = 0.0
    looked_at: bool = False


@dataclass(slots=True, kw_only=True)
class Showing:
    """The worker's side: what is given is written by a thread of its own, so that no disk holds up the analysis.

    What cannot be written is left out; the reader then says that it is old.
    """

    room: Room
    _slots: dict[str, _Slot] = field(default_factory=dict)
    _guard: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None
    _over: bool = False

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="live pictures", daemon=True)
        self._thread.start()

    def stop(self, patience: Second = 2.0) -> None:
        """Write what waits, and end."""
        with self._guard:
            self._over = True
            self._guard.notify()
        if self._thread is not None:
            self._thread.join(patience)

    def due(self, camera: str) -> bool:
        """It is time for a picture: five a second while somebody looks, seldom else."""
        slot, now = self._slots.setdefault(camera, _Slot()), time.monotonic()
        if now - slot.asked > ASKED:
            slot.asked, slot.looked_at = now, self._looked_at(camera)
            slot.due = min(slot.due, now + slot_interval(slot.looked_at))
        return now >= slot.due

    def show(self, told: Told, picture: Image | None = None) -> None:
        """How a camera stands, and its picture where there is a new one; `picture` is not changed afterwards."""
        slot = self._slots.setdefault(told.camera, _Slot())
        with self._guard:
            slot.told = told
            if picture is not None:
                slot.picture = picture
                slot.due = next_due(slot.due, time.monotonic(), slot_interval(slot.looked_at))
            self._guard.notify()

    def stamp(self, at: Second) -> int:
        """A moment of the monotonic clock as the time of a file."""
        return round((self.room.clock().timestamp() - (time.monotonic() - at)) * 1e9)

    def moment(self, at: Second) -> datetime:
        """A moment of the monotonic clock."""
        return self.room.clock() - timedelta(seconds=time.monotonic() - at)

    def _looked_at(self, camera: str) -> bool:
        try:
            return self.room.clock().timestamp() - (self.room.folder / f"{stem(camera)}.look").stat().st_mtime < LOOKED
        except OSError:
            return False

    def _run(self) -> None:
        cleared = -CLEARED
        while True:
            with self._guard:
                if not self._over and not any(one.told for one in self._slots.values()):
                    self._guard.wait(CLEARED)
                waiting = [(one.told, one.picture) for one in self._slots.values() if one.told is not None]
                for one in self._slots.values():
                    one.told = one.picture = None
                over = self._over
            if time.monotonic() - cleared > CLEARED:
                cleared = time.monotonic()
                clear(self.room.folder, self.room.clock())
            for told, picture in waiting:
                try:
                    write(self.room.folder, told, picture)
                except OSError:
                    continue
            if over:
                return


def next_due(due: Second, now: Second, apart: Second) -> Second:
    """When the next picture is due; looks that come a little late do not make pictures fewer.

    >>> round(next_due(10.0, 10.05, 0.2), 3), round(next_due(10.0, 19.0, 0.2), 3)
    (10.2, 19.2)
    """
    return due + apart if now - due < apart / 2 else now + apart


def slot_interval(looked_at: bool) -> Second:
    """Seconds between two pictures."""
    return 1 / PACE if looked_at else IDLE


def write(folder: Path, told: Told, picture: Image | None = None) -> None:
    """Put a camera's state, and its picture of the moment `told.stamp`, in place of those before. Raises: OSError."""
    name = stem(told.camera)
    folder.mkdir(parents=True, exist_ok=True)
    if picture is not None:
        part = folder / f"{name}.jpg.part"
        part.write_bytes(_jpeg(picture))
        os.utime(part, ns=(told.stamp, told.stamp))
        part.replace(folder / f"{name}.jpg")
    part = folder / f"{name}.json.part"
    part.write_text(json.dumps(_written(told), ensure_ascii=False), "utf-8")
    part.replace(folder / f"{name}.json")


def clear(folder: Path, now: datetime) -> int:
    """Take away what is older than an hour; how many files went."""
    gone = 0
    for one in _ours(folder):
        try:
            if now.timestamp() - one.stat().st_mtime > KEPT:
                one.unlink()
                gone += 1
        except OSError:
            continue
    return gone


def _ours(folder: Path) -> Iterable[Path]:
    try:
        return [one for one in folder.iterdir() if one.suffix in OURS]
    except OSError:
        return []


def _jpeg(picture: Image) -> bytes:
    import cv2

    rows, columns = picture.shape[:2]
    if columns > WIDTH:
        picture = cv2.resize(picture, (WIDTH, round(rows * WIDTH / columns)), interpolation=cv2.INTER_AREA)
    quality = int(threshold("evidence.quality"))
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())


def _written(told: Told) -> dict[str, object]:
    drawn = told.overlay
    return {
        "camera": told.camera, "at": iso(told.at), "condition": told.condition.value, "since": iso(told.since),
        "pace": told.pace, "side": told.side, "less": told.less, "missed": told.missed,
        "unavailable": list(told.unavailable), "stamp": told.stamp,
        "overlay": None if drawn is None else {
            "size": drawn.size, "boxes": drawn.boxes, "zones": dict(drawn.zones),
        },
    }  # fmt: skip


def _read(held: dict[str, object]) -> Told:
    drawn = held["overlay"]
    return Told(
        camera=str(held["camera"]), at=from_iso(str(held["at"])), condition=Condition(str(held["condition"])),
        since=from_iso(str(held["since"])), pace=float(str(held["pace"])), side=int(str(held["side"])),
        less=bool(held["less"]), missed=float(str(held.get("missed", 0))), unavailable=tuple(held["unavailable"]),  # type: ignore[arg-type]
        stamp=int(str(held["stamp"])), overlay=None if not isinstance(drawn, dict) else Overlay(
            size=(int(drawn["size"][0]), int(drawn["size"][1])),
            boxes=tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in drawn["boxes"]),
            zones=tuple(
                (str(name), tuple((float(x), float(y)) for x, y in corners))
                for name, corners in drawn["zones"].items()
            ),
        ),
    )  # fmt: skip
