"""Clips on disk: the frames that analysis would look at of them, the others passed over without a picture made.

A folder of pictures is a clip too: its pictures in order of their names.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2

from core.errors import BadInputError, NotFoundError
from core.texts import Text
from video.detections import Image
from video.sources.folder import pictures
from video.thresholds import threshold

PACE = threshold("frames.pace")
USUAL = 25.0
"""Frames a second of a clip that does not say."""

WHOLE = 0.9
"""A clip of which less could be read than this share of the frames it says it has is damaged."""

Looked = tuple[int, float, Image]


@dataclass(slots=True)
class Extent:
    """How many frames a clip says it has (0 where it does not say), and how many could be read; of those that were
    wanted as pictures how many there were, and how many of them were none; its own frames a second."""

    said: int = 0
    read: int = 0
    wanted: int = 0
    spoilt: int = 0
    rate: float = 0.0

    @property
    def short(self) -> bool:
        """It ends well before its end: what is in the rest nobody knows."""
        return self.read < WHOLE * self.said

    @property
    def damaged(self) -> bool:
        """Too many of the frames that were to be looked at are no picture."""
        return self.spoilt > (1 - WHOLE) * self.wanted


def frames(path: Path, fps: float | None = None, pace: float = PACE, extent: Extent | None = None) -> Iterator[Looked]:
    """The frames looked at: number from 0, seconds since the first, picture; `extent` is told how far it came.

    The clock is the number over `fps`, the clip's own without one. Raises: NotFoundError; BadInputError where the file
    is no video that can be read.
    """
    extent = extent if extent is not None else Extent()
    if path.is_dir():
        yield from _pictures(path, fps or pace, pace, extent)
        return
    if not path.is_file():
        raise NotFoundError(Text(f"没有文件 {path}", f"no file {path}"))
    opened = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if not opened.isOpened():
        raise _unreadable(path)
    try:
        extent.said = max(0, int(opened.get(cv2.CAP_PROP_FRAME_COUNT)))
        extent.rate = float(opened.get(cv2.CAP_PROP_FPS))
        rate = fps or extent.rate or USUAL
        step, wanted = max(1.0, rate / pace), 0.0
        while opened.grab():
            number, extent.read = extent.read, extent.read + 1
            if number >= wanted:
                wanted += step
                got, frame = opened.retrieve()
                extent.wanted, extent.spoilt = extent.wanted + 1, extent.spoilt + (not got)
                if got:
                    yield number, number / rate, frame
    finally:
        opened.release()
    if extent.wanted == extent.spoilt:  # with a head that can be read and nothing behind it
        raise _unreadable(path)


def _pictures(path: Path, rate: float, pace: float, extent: Extent) -> Iterator[Looked]:
    files = pictures(path)
    if not files:
        raise _unreadable(path)
    extent.said = len(files)
    step, wanted = max(1.0, rate / pace), 0.0
    for number, file in enumerate(files):
        if number < wanted:
            extent.read += 1
            continue
        wanted += step
        frame = cv2.imread(str(file), cv2.IMREAD_COLOR)
        extent.wanted, extent.spoilt = extent.wanted + 1, extent.spoilt + (frame is None)
        if frame is not None:
            extent.read += 1
            yield number, number / rate, frame
    if extent.wanted == extent.spoilt:
        raise _unreadable(path)


def _unreadable(path: Path) -> BadInputError:
    return BadInputError(Text(f"{path.name} 不是可读的视频", f"{path.name} is no video that can be read"), field="clip")
