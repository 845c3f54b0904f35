"""What a worker does that has too much to do: `python -m benchmarks.video_overload CLIP MODEL --streams 14`.

One worker is given more streams of motion JPEG, made by hand from the clip, than a core carries. After a minute and a
half all but two of them are switched off. Each change of what its first camera says of itself is printed with its
second: pace first, then size, then both back, one step at a time. Exit status 1 where that was not the order.
"""

import argparse
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.video_soak import bodies
from tests.video.streams import Camera, motion_jpeg
from video.detectors.shelf import coco
from video.episodes import Timing
from video.foreman import Foreman
from video.load import LEVELS
from video.messages import Status
from video.rules.rule import Kind, Rule
from video.sources.addresses import address
from video.worker import Model, Watch
from video.zones import Zone

FULL, PATIENCE = 90.0, 120.0
"""Seconds with all streams, and the longest with two of them until all is as usual."""

ROOM = Zone(id="room", corners=((0, 0), (4000, 0), (4000, 3000), (0, 3000)))
RULES = (Rule(id="somebody", kind=Kind.INTRUSION, zone=ROOM, timing=Timing()),)


def main() -> int:
    """Run it and print what is told; 0 where it went down and back in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--streams", type=int, default=14)
    asked = parser.parse_args()
    shown = bodies(asked.clip)
    cameras = [Camera(motion_jpeg, show=lambda number: shown[number % len(shown)]) for _ in range(asked.streams)]
    watches = [
        Watch(camera=f"c{n}", source=address(f"http://127.0.0.1:{one.port}/live", ["127.0.0.1"]), rules=RULES)
        for n, one in enumerate(cameras)
    ]
    seen: list[tuple[float, int]] = []
    began, full = time.monotonic(), True
    with (
        TemporaryDirectory() as folder,
        closing(
            Foreman(watches, Model(path=asked.model, classes=coco()), Path(folder), together=asked.streams)
        ) as foreman,
    ):
        while (passed := time.monotonic() - began) < FULL + PATIENCE and (full or seen[-1:] != [_usual(seen)]):
            if full and passed > FULL:
                full = False
                print(f"{passed:5.0f} s  two streams are left", flush=True)
                for one in cameras[2:]:
                    one.gone()
            for message in foreman.messages(0.5):
                if isinstance(message, Status) and message.camera == "c0":
                    now = (message.pace, message.side)
                    if seen[-1:] != [now]:
                        seen.append(now)
                        print(
                            f"{time.monotonic() - began:5.0f} s  {message.pace:g} frames/s  {message.side} px  "
                            f"missed {message.missed:.0%}",
                            flush=True,
                        )
    for one in cameras[:2]:
        one.gone()
    order = [(one.pace, one.side or seen[0][1]) for one in LEVELS]
    places = [order.index(one) for one in seen]
    right = len(places) > 2 and places[-1] == 0 and all(abs(after - before) == 1 for before, after in pairwise(places))
    print("in order" if right else f"NOT IN ORDER: {seen}")
    return 0 if right else 1


def _usual(seen: list[tuple[float, int]]) -> tuple[float, int] | None:
    """What the camera said of itself at first."""
    return seen[0] if seen else None


if __name__ == "__main__":
    sys.exit(main())
