"""Evidence of an event: the picture with its boxes, and a film of the seconds before and after.

Pictures are kept as JPEG while they may be needed, where nothing moves one a second. A film of them is VP9 in WebM
where the program `ffmpeg` is there, else VP8, which every build of OpenCV writes: VP9 by OpenCV takes ten times the
processor (277 ms a picture of 640x480 against 28, measured), by the program a third of it.
"""

import os
import subprocess
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from core.units import Second
from video.detections import Floats, Image
from video.gate import Gate
from video.packets import LATE, program
from video.scene.health import Grey, small
from video.shrinking import shrunk
from video.thresholds import threshold

AROUND: Second = threshold("evidence.around")
KEPT: Second = 2 * AROUND + LATE + 2
"""Pictures are kept so long."""

STILL: Second = threshold("evidence.still")
PACE = threshold("frames.pace")
WIDTH = int(threshold("evidence.width"))
QUALITY = int(threshold("evidence.quality"))
COARSE = threshold("evidence.coarse")
RED = (40, 40, 230)


@dataclass(slots=True)
class Ring:
    """The last pictures of one camera, each with when it was received; as many seconds as a film takes."""

    kept: deque[tuple[Second, bytes]] = field(default_factory=deque)
    gate: Gate = field(default_factory=lambda: Gate(longest=STILL, calmest=STILL))

    def add(self, at: Second, picture: Image, grey: Grey | None = None) -> None:
        """Keep one unless it shows what the last one shows, and let go what no film can need any more.

        `grey` is the picture as `health.small` makes it, where that was done already.
        """
        if self.gate.opens(at, small(picture) if grey is None else grey):
            self.kept.append((at, written(narrowed(picture))))
        while self.kept and at - self.kept[0][0] > KEPT:
            self.kept.popleft()

    def around(self, at: Second) -> tuple[tuple[Second, bytes], ...]:
        """What there is from so long before a moment to so long after."""
        return tuple(one for one in self.kept if abs(one[0] - at) <= AROUND)


def narrowed(picture: Image) -> Image:
    """A picture no wider than evidence is."""
    return picture if picture.shape[1] <= WIDTH else shrunk(picture, WIDTH)


def written(picture: Image) -> bytes:
    """As JPEG."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())


def snapshot(picture: Image, boxes: Iterable[Floats]) -> bytes:
    """The picture as JPEG, in full size, what the rule saw in a red frame."""
    drawn = picture.copy()
    for left, top, right, bottom in (np.asarray(one).round().astype(int) for one in boxes):
        cv2.rectangle(drawn, (int(left), int(top)), (int(right), int(bottom)), RED, 2)
    return written(drawn)


def film(pictures: Sequence[tuple[Second, bytes]], path: Path) -> bool:
    """Write pictures as a film that runs as they were received, each shown until the next one was; whole or not at all.
    False where there are too few."""
    if len(pictures) < 2:
        return False
    began, shown = pictures[0][0], list[bytes]()
    for n, (at, body) in enumerate(pictures):
        ends = pictures[n + 1][0] if n + 1 < len(pictures) else at + 1 / PACE
        shown += [body] * (round((ends - began) * PACE) - len(shown))
    part, ffmpeg = path.with_suffix(".part.webm"), program()
    try:
        if not (ffmpeg is not None and coded(ffmpeg, shown, part)) and not _coded_here(shown, part):
            return False
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return True


def coded(ffmpeg: str, shown: Sequence[bytes], path: Path, patience: Second = 60.0) -> bool:
    """VP9 by the program, made for cameras' speed; False where it could not."""
    given = ["-protocol_whitelist", "pipe", "-f", "image2pipe", "-framerate", f"{PACE:g}", "-c:v", "mjpeg"]
    quick = ["-deadline", "realtime", "-cpu-used", "8", "-crf", f"{COARSE:g}", "-b:v", "0", "-pix_fmt", "yuv420p"]
    call = [
        ffmpeg, "-loglevel", "quiet", "-y", *given, "-i", "pipe:0", "-threads", "1", "-c:v", "libvpx-vp9", *quick,
        str(path),
    ]  # fmt: skip
    try:
        done = subprocess.run(call, input=b"".join(shown), check=False, timeout=patience, stderr=subprocess.DEVNULL)
    except (subprocess.TimeoutExpired, FileNotFoundError):
        return False
    return done.returncode == 0 and path.stat().st_size > 0


def _coded_here(shown: Sequence[bytes], path: Path) -> bool:
    """VP8 by OpenCV."""
    body, picture = shown[0], _read(shown[0])
    rows, columns = (2 * (one // 2) for one in picture.shape[:2])
    made = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"VP80"), PACE, (columns, rows))
    if not made.isOpened():
        return False
    for one in shown:
        if one is not body:
            body, picture = one, _read(one)
        made.write(np.ascontiguousarray(cv2.resize(picture, (columns, rows))))
    made.release()
    return True


def _read(body: bytes) -> Image:
    found: Image | None = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
    if found is None:
        raise ValueError("no JPEG")
    return found
