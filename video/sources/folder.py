"""Pictures of a folder as a stream: by name at a pace, from the first again after the last where that is wanted; or
those that a device puts there, as they come."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import cv2

from core.units import Second
from video.detections import Image
from video.sources import Condition, StreamError
from video.sources.pictures import decoded
from video.thresholds import threshold

PICTURES = {".jpg", ".jpeg", ".png", ".bmp"}
FRESH: Second = threshold("stream.fresh")
LARGEST = 32 * 1024 * 1024
"""Bytes of a picture at most."""

OFTEN: Second = 0.2
"""So often a folder is read; a picture is taken that did not change from one time to the next."""


def pictures(path: Path) -> list[Path]:
    """The pictures of a folder by name."""
    return sorted(one for one in path.glob("*") if one.suffix.lower() in PICTURES)


class Folder:
    """One folder of pictures. Raises: StreamError where it has none."""

    def __init__(self, path: Path, *, pace: float = 5.0, again: bool = False) -> None:
        self._files = pictures(path)
        if not self._files:
            raise StreamError(Condition.ABSENT)
        self._step: Second = 1 / pace
        self._again, self._next = again, 0
        self._due = time.monotonic()

    def grab(self) -> bool:
        """Wait until the next picture is due."""
        if self._next == len(self._files) and not self._again:
            return False
        time.sleep(max(0.0, self._due - time.monotonic()))
        self._due += self._step
        self._next = self._next % len(self._files) + 1
        return True

    def retrieve(self) -> Image | None:
        """The picture that is due, read."""
        found: Image | None = cv2.imread(str(self._files[self._next - 1]), cv2.IMREAD_COLOR)
        return found

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A folder into which a device puts pictures."""

    path: Path

    def open(self, reading: Second) -> "Arriving":
        """Wait for its pictures from now on. Raises: StreamError."""
        return Arriving(self.path, reading)


class Arriving:
    """The newest picture of a folder each time one comes and is written to its end; none that was there before, which
    would be shown as now. Raises: StreamError where there is no such folder."""

    def __init__(self, path: Path, reading: Second) -> None:
        if not path.is_dir():
            raise StreamError(Condition.ABSENT)
        self._path, self._reading = path, reading
        new = time.time_ns() - round(1e9 * FRESH)
        self._taken = min(self._newest(), (new, "", 0))  # what came while it was not open, and is still of now

    def grab(self) -> bool:
        """Wait for one; False where none comes in time."""
        ends, before = time.monotonic() + self._reading, self._taken
        while time.monotonic() < ends:
            time.sleep(OFTEN)
            try:
                found = self._newest()
            except OSError:
                return False
            if found[:2] > self._taken[:2] and found == before and found[2]:
                self._taken = found
                return True
            before = found
        return False

    def retrieve(self) -> Image | None:
        """The picture that came, read."""
        try:
            return decoded((self._path / self._taken[1]).read_bytes()) if self._taken[2] <= LARGEST else None
        except OSError:  # the device, or who clears the folder, took it away
            return None

    def close(self) -> None:
        """Nothing is held open."""

    def _newest(self) -> tuple[int, str, int]:
        """When it was written, its name and its size."""
        with os.scandir(self._path) as entries:
            facts = [
                (one.stat(follow_symlinks=False), one.name)
                for one in entries
                if Path(one.name).suffix.lower() in PICTURES and one.is_file(follow_symlinks=False)
            ]
        return max(((fact.st_mtime_ns, name, fact.st_size) for fact, name in facts), default=(0, "", 0))
