"""Clips on disk: the frames that analysis would look at of them, the others passed over without a picture made."""

from collections.abc import Iterator
from pathlib import Path

import cv2

from core.errors import BadInputError, NotFoundError
from core.texts import Text
from video.detections import Image
from video.thresholds import threshold

PACE = threshold("frames.pace")
USUAL = 25.0
"""Frames a second of a clip that does not say."""


def frames(path: Path, fps: float | None = None, pace: float = PACE) -> Iterator[tuple[int, float, Image]]:
    """The frames looked at: number from 0, seconds since the first, picture.

    The clock is the number over `fps`, the clip's own without one. Raises: NotFoundError; BadInputError where the file
    is no video that can be read.
    """
    if not path.is_file():
        raise NotFoundError(Text(f"没有文件 {path}", f"no file {path}"))
    opened = cv2.VideoCapture(str(path.resolve()), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    if not opened.isOpened():
        said = Text(f"{path.name} 不是可读的视频", f"{path.name} is no video that can be read")
        raise BadInputError(said, field="clip")
    try:
        rate = fps or float(opened.get(cv2.CAP_PROP_FPS)) or USUAL
        step, wanted, number = max(1.0, rate / pace), 0.0, 0
        while opened.grab():
            if number >= wanted:
                wanted += step
                got, frame = opened.retrieve()
                if got:
                    yield number, number / rate, frame
            number += 1
    finally:
        opened.release()
