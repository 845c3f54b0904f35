"""Pictures of a folder as a stream: by name, at a pace, from the first again after the last where that is wanted."""

import time
from pathlib import Path

import cv2

from core.units import Second
from video.detections import Image
from video.sources import Condition, StreamError

PICTURES = {".jpg", ".jpeg", ".png", ".bmp"}


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
