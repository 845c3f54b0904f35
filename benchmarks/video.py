"""Accuracy and cost of video rules on a folder of clips: `python -m benchmarks.video FOLDER`.

FOLDER holds `clips/`, `examples/` (`*.rules.yaml`, `*.truth.json`) and `models/yolox_nano.onnx`. Three tables in
Markdown: each truth file scored; every kind of rule over every clip, where all that is raised is shown; and each fault
of a camera made by hand in each clip, with the seconds until it is told.
"""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from video.analysis import Analyst
from video.clips import frames
from video.detections import Image
from video.detectors.shelf import coco
from video.detectors.yolox import Yolox
from video.episodes import Turn
from video.evaluation import run, scored, truth_of
from video.rules.kinds import Needs, kinds
from video.rules.rule import Kind, Rule
from video.setup import rules_of
from video.zones import Zone

EVERYWHERE = Zone(id="everywhere", corners=((0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000)))
RULES_OF = {"onebyone": "onebyone", "aboda": "aboda", "house6": "fire", "fire": "fire", "traffic": "person"}
FAULTS: dict[Kind, Callable[[Image], Image]] = {
    Kind.BLACK: lambda frame: np.zeros_like(frame),
    Kind.OCCLUDED: lambda frame: np.full_like(frame, 60),
    Kind.DEFOCUSED: lambda frame: cv2.GaussianBlur(frame, (0, 0), frame.shape[1] / 80),
    Kind.MOVED: lambda frame: np.roll(frame, (frame.shape[0] // 12, frame.shape[1] // 8), axis=(0, 1)),
}
GOOD, SPOILT = 50, 100


def main(folder: Path) -> None:
    """Print the three tables."""
    cv2.setNumThreads(1)
    detector = Yolox(folder / "models" / "yolox_nano.onnx", coco(), frozenset({"person"}))
    print("| clip | precision | recall | false | onset, s | looks | detections | processor, ms a look |")
    print("|---|---|---|---|---|---|---|---|")
    for file in sorted((folder / "examples").glob("*.truth.json")):
        truth = truth_of(file)
        rules = folder / "examples" / f"{RULES_OF[truth.clip.split('_')[0]]}.rules.yaml"
        done = run(folder / "clips" / truth.clip, rules_of(rules), detector, truth.fps)
        score = scored(done.events, truth, done.unavailable)
        spent = 1000 * done.processor / done.looks
        onset = ", ".join(f"{one:.1f}" for one in score.onset) or "-"
        print(
            f"| {truth.clip} | {score.precision:.2f} | {score.recall:.2f} | {score.false} | {onset} | {done.looks} "
            f"| {done.detections} | {spent:.0f} |"
        )
    print("\n| clip | seconds | raised by every kind of rule together |\n|---|---|---|")
    clips = sorted(one for one in (folder / "clips").iterdir() if one.suffix in {".avi", ".mp4", ".gif"})
    every = tuple(
        Rule(id=kind.value, kind=kind, zone=EVERYWHERE, timing=one.timing, people=4 if kind is Kind.CROWDING else 1)
        for kind, one in kinds().items()
        if one.needs is not Needs.EQUIPMENT
    )
    for clip in clips:
        done = run(clip, every, detector)
        raised = Counter(one.title.en for one in done.events)
        print(
            f"| {clip.name} | {done.looks / 5:.0f} | {', '.join(f'{n} {kind}' for kind, n in raised.items()) or '-'} |"
        )
    print("\n| clip | " + " | ".join(kinds()[one].title.en for one in FAULTS) + " | frozen |\n|---|" + "---|" * 5)
    for clip in clips:
        looks = [frame for _, _, frame in frames(clip)][:GOOD]
        if len(looks) == GOOD:
            told = [_told(kind, looks, [spoil(one) for one in looks]) for kind, spoil in FAULTS.items()]
            print(f"| {clip.name} | {' | '.join([*told, _told(Kind.FROZEN, looks, looks[-1:])])} |")


def _told(kind: Kind, good: list[Image], bad: list[Image]) -> str:
    """Seconds from the fault until it is told, looks at five a second."""
    rule = Rule(id="one", kind=kind, zone=EVERYWHERE, timing=kinds()[kind].timing)
    analyst = Analyst(rules=(rule,))
    for n in range(GOOD + SPOILT):
        frame = good[n] if n < GOOD else bad[n % len(bad)]
        if any(one.turn is Turn.RAISED for one in analyst.see(n / 5, frame)):
            return f"{(n - GOOD) / 5:.1f}" if n >= GOOD else "false"
    return "missed"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
