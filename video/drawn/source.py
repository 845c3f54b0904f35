"""A drawn scene as a source of pictures, at a pace, by the clock."""

import gzip
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import NotFoundError
from core.texts import Text
from core.units import Second
from video.detections import Image

DEMO = "demo:"
"""What the address of a scene begins with."""

FILES = Path(__file__).parents[1] / "data" / "scenes"
"""The rules of each scene."""

CLIP = "vtest"
DEBIAN = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")
"""Where Debian's opencv-doc lays the clip of people on a path, plain or packed."""

PACES = {"yard": 5.0, "tanks": 5.0, "gate": 3.0, "exit": 3.0, "bay": 3.0}
"""Scenes there are, and how many pictures a second rules need of them: a demo costs as little as it can."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The name of a scene. Raises: NotFoundError where there is none of it."""

    scene: str

    def __post_init__(self) -> None:
        """Only scenes that there are."""
        if self.scene not in PACES:
            known = "、".join(PACES)
            raise NotFoundError(
                Text(f"没有演示场景 {self.scene},可选 {known}", f"no drawn scene {self.scene}: {known}")
            )

    def open(self) -> "Playing":
        """The scene, from its beginning."""
        return Playing(self.scene)


class Playing:
    """An open scene: the next picture is due a step later; only what is asked for is drawn."""

    def __init__(self, name: str) -> None:
        from video.drawn.scenes import Scene  # what draws is loaded by the process that draws

        self._scene, self._step = Scene(name), 1 / PACES[name]
        self._began, self._due = time.monotonic(), 0.0
        self._at = datetime.now(UTC)

    def grab(self) -> bool:
        """Wait until the next picture is due; what was missed meanwhile is passed over."""
        passed: Second = time.monotonic() - self._began
        time.sleep(max(0.0, self._due - passed))
        self._due = max(self._due, passed) + self._step
        self._at = datetime.now(UTC)
        return True

    def retrieve(self) -> Image | None:
        """The picture of now."""
        return self._scene.draw(time.monotonic() - self._began, self._at)

    def close(self) -> None:
        """Nothing is held open."""


def clip_of(path: Path = DEBIAN) -> Path | None:
    """The clip where it is installed; None where it is not."""
    return next((one for one in (path, path.with_name(path.name + ".gz")) if one.is_file()), None)


def unpacked(clip: Path, folder: Path) -> Path:
    """The clip as a folder of pictures, five a second, each marked; made once, whole or not at all."""
    if folder.is_dir():
        return folder
    import cv2

    from video.clips import frames
    from video.drawn.places import lettering
    from video.drawn.scenes import MARK

    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    film = clip
    if clip.suffix == ".gz":
        film = part / clip.stem
        with gzip.open(clip) as packed, film.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
    for number, _, picture in frames(film):
        lettering(picture, MARK, (13, 31), (20, 20, 20), 20)
        lettering(picture, MARK, (12, 30), (245, 245, 245), 20)
        cv2.imwrite(str(part / f"{number:05}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 80])
    if film != clip:
        film.unlink()
    part.rename(folder)
    return folder
