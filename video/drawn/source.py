"""A drawn scene as a source of pictures, at a pace, by the clock."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import NotFoundError
from core.texts import Text
from core.units import Second
from video.detections import Image

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
