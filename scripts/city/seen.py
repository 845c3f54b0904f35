"""The event on video of the demo city: a scene made by script, judged by the rule that judges cameras.

`python -m scripts.city.seen` writes what the rule found and the picture with its box into `data/samples/video`, so that a
server of the demo loads neither OpenCV nor a scene.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from video.analysis import Analyst
from video.detections import Image
from video.episodes import Timing, Turn
from video.evidence import snapshot
from video.rules.rule import Kind, Rule
from video.zones import Zone

SEED = 20261129
DOOR = Zone(id="安全出口", corners=((180, 90), (320, 90), (320, 178), (180, 178)))
PUT_DOWN, LOOKS, PACE = 25, 60, 5
FOLDER = Path(__file__).parents[2] / "data" / "samples" / "video"


def found() -> tuple[dict[str, Any], bytes]:
    """What the rule found put down before the exit, and the picture."""
    rule = Rule(id="exit", kind=Kind.LEFT_OBJECT, zone=DOOR, timing=Timing(after=3.0, bridge=2.0, clear=5.0))
    analyst = Analyst(rules=(rule,))
    for n, frame in enumerate(_scene()):
        for change in analyst.see(n / PACE, frame):
            if change.turn is Turn.RAISED:
                box = [round(float(one), 1) for one in change.boxes[0]]
                told = {"kind": rule.kind.value, "rule": rule.id, "zone": DOOR.id, "boxes": [box], "why": change.why,
                        "after": round(change.at - change.began, 1)}  # fmt: skip
                return told, snapshot(frame, change.boxes)
    raise AssertionError("the rule finds nothing in the scene that was made for it")


def _scene() -> Iterator[Image]:
    """A wall with an exit, and a crate before it from one look on; grain as a camera has."""
    rng = np.random.default_rng(SEED)
    wall = np.full((180, 320, 3), (120, 128, 132), np.uint8)
    for y in range(0, 180, 20):
        cv2.line(wall, (0, y), (320, y), (104, 112, 116), 1)
    cv2.rectangle(wall, (200, 40), (290, 178), (70, 96, 60), -1)
    cv2.rectangle(wall, (225, 20), (265, 34), (60, 150, 40), -1)
    grain = rng.normal(0, 2, (4, *wall.shape))
    for n in range(LOOKS):
        frame = wall.copy()
        if n >= PUT_DOWN:
            cv2.rectangle(frame, (215, 128), (268, 174), (40, 80, 130), -1)
            cv2.rectangle(frame, (215, 128), (268, 174), (20, 40, 70), 2)
        yield np.clip(frame + grain[n % 4], 0, 255).astype(np.uint8)


if __name__ == "__main__":
    facts, picture = found()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "left.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (FOLDER / "left.jpg").write_bytes(picture)
