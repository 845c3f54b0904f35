"""Accuracy of each kind of rule on labelled clips, as the accuracy page shows it.

`python -m benchmarks.video_accuracy FOLDER [PPE] > video/data/accuracy.csv`; FOLDER as for `benchmarks.video`, PPE a
classifier that `onemap video train-ppe` wrote, which tells how good it was on people it had not seen. Accuracy does not
depend on the machine.
"""

import csv
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.video import EVERYWHERE, FAULTS, GOOD, RULES_OF, SPOILT
from core.clock import utc_now
from video.analysis import Analyst
from video.clips import frames
from video.detections import Image
from video.detectors.shelf import coco
from video.detectors.yolox import Yolox
from video.episodes import Turn
from video.equipment.classifier import Classifier
from video.evaluation import Score, Seen, Truth, run, scored, truth_of
from video.measured import COLUMNS
from video.rules.equipment import THING
from video.rules.kinds import kinds
from video.rules.rule import Kind, Rule
from video.setup import rules_of
from video.thresholds import threshold
from video.zones import Zone

Row = dict[str, object]
MODEL = f"yolox_nano {int(threshold('detector.side'))}"
TOLD_WITHIN = 15.0
"""Seconds in which every fault made by hand is to be told."""

PATH_AIM = 0.85
LABELLED = 35
"""Looks of vtest that have labels."""

POST, VISIBLE = "onebyone_0000_0699.mp4", ((60, 198), (228, 449), (502, 699))
"""A clip with one person at a time, none with hat or vest, and the frames with one in them (by eye, ±2)."""

SMOKES = {"house6_000_449.mp4": (0, 449)}
"""A clip whose truth file tells of fire alone, and the frames with smoke from the roof (by eye, its manifest)."""

CROWDS, HELD = (1, 2, 3), 1.0
"""So many people are not yet a crowd in a cell of vtest; more for longer than that are, the labels being seven seconds
long."""

STAYS = 10.0
"""Seconds after which somebody loiters there."""


def main(folder: Path, classifier: Path | None) -> None:
    """Print the rows."""
    cv2.setNumThreads(1)
    detector = Yolox(folder / "models" / "yolox_nano.onnx", coco(), frozenset({"person"}))
    rows = [
        *clips(folder, detector), path(folder, detector), post(folder, detector), *moving(folder),
        crowds(folder, detector), *faults(folder),
        *equipment(folder, detector, classifier),
    ]  # fmt: skip
    out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n", restval="")
    out.writeheader()
    out.writerows(
        {"date": utc_now().date().isoformat(), **row} for row in sorted(rows, key=lambda one: str(one["kind"]))
    )


def clips(folder: Path, detector: Yolox) -> list[Row]:
    """A row for each kind of rule in each clip that has a truth file; where nothing happens nothing may be raised."""
    rows = []
    for file in sorted((folder / "examples").glob("*.truth.json")):
        truth = truth_of(file)
        rules = rules_of(folder / "examples" / f"{RULES_OF[truth.clip.split('_')[0]]}.rules.yaml")
        done = run(folder / "clips" / truth.clip, rules, detector, truth.fps)
        for kind in dict.fromkeys(rule.kind for rule in rules):
            own = truth.model_copy(update={"events": [one for one in truth.events if one.kind == kind]})
            smokes = kind is Kind.SMOKE and truth.clip in SMOKES
            if smokes:
                own = _truth(truth.clip, kind, [SMOKES[truth.clip]], truth.fps)
            score = scored([one for one in done.events if one.kind == kind], own)
            aim = truth.passing
            recall = PATH_AIM if smokes else aim.recall
            rows.append(
                _row(kind, truth.clip, score, precision=aim.precision, recall=recall, onset=aim.onset_s)
                | {"measure": "events"}
            )
    return rows


def path(folder: Path, detector: Yolox) -> Row:
    """Who enters which of 46 zones of vtest, by labels one a second."""
    score = entries(folder, detector)
    return _row(Kind.INTRUSION, "vtest.avi", score, precision=PATH_AIM, recall=PATH_AIM, onset=1.5) | {
        "measure": "events"
    }


def entries(folder: Path, detector: Yolox) -> Score:
    """Events of rules over every cell of several grids, with the labels of the clip."""
    timing = kinds()[Kind.INTRUSION].timing
    rules = [Rule(id=cell.id, kind=Kind.INTRUSION, zone=cell, timing=timing) for cell in cells()]
    seen = played(folder, rules, detector)
    return _sum([scored(seen[cell.id], entered(cell, walks(folder))) for cell in cells()])


def cells() -> list[Zone]:
    """Those of several grids."""
    return [one for across, down in ((2, 2), (3, 2), (4, 3), (6, 4)) for one in grid(across, down)]


def played(folder: Path, rules: list[Rule], detector: Yolox | None) -> dict[str, list[Seen]]:
    """What rules raise in the part of vtest that has labels."""
    analyst = Analyst(rules=tuple(rules), detector=detector)
    seen: dict[str, list[Seen]] = {one.id: [] for one in rules}
    for number, at, frame in islice(frames(folder / "clips/vtest.avi", 10), LABELLED):
        for change in analyst.see(at, frame):
            if change.turn is Turn.RAISED:
                start = round(change.began * 10)
                seen[change.rule.id].append(
                    Seen(rule="r", kind=change.rule.kind.value, start_frame=start, raised_frame=start, end_frame=69)
                )
            else:
                seen[change.rule.id][-1].end_frame = number
    return seen


def moving(folder: Path) -> list[Row]:
    """What moves, whoever it is: who enters cells of vtest, of which the first seconds are needed to learn the scene,
    and who comes and goes on the clip with one person at a time. Of vehicles nobody labelled when they come."""
    timing = kinds()[Kind.MOVEMENT].timing
    seen = played(folder, [Rule(id=one.id, kind=Kind.MOVEMENT, zone=one, timing=timing) for one in cells()], None)
    path = _sum([scored(seen[one.id], entered(one, walks(folder), Kind.MOVEMENT)) for one in cells()])
    rule = Rule(id="moves", kind=Kind.MOVEMENT, zone=EVERYWHERE, timing=timing)
    come = scored(run(folder / "clips" / POST, (rule,), None, 10).events, seen_there(Kind.MOVEMENT))
    return [
        _row(Kind.MOVEMENT, clip, score, precision=PATH_AIM, recall=PATH_AIM, onset=1.5) | {"measure": "events"}
        for clip, score in (("vtest.avi", path), (POST, come))
    ]


def crowds(folder: Path, detector: Yolox) -> Row:
    """More than one, two and three people in cells of vtest; what by the labels lasted hardly longer than the rule
    waits counts neither way."""
    scores = []
    for limit in CROWDS:
        timing = replace(kinds()[Kind.CROWDING].timing, after=HELD, clear=2.0)
        rules = [Rule(id=one.id, kind=Kind.CROWDING, zone=one, timing=timing, people=limit) for one in cells()]
        seen = played(folder, rules, detector)
        scores += [scored(seen[one.id], crowded(one, walks(folder), limit)) for one in cells()]
    row = _row(Kind.CROWDING, "vtest.avi", _sum(scores), precision=PATH_AIM, recall=PATH_AIM, onset=1.5)
    return row | {"measure": "events"}


def crowded(cell: Zone, people: list[NDArray[np.float64]], limit: int) -> Truth:
    """When more than so many stand in a cell; two seconds with fewer are an end."""
    there = np.zeros(1 + int(max(one[-1, 0] for one in people)), int)
    for one in people:
        there[one[cell.holds(one[:, 1:]), 0].astype(int)] += 1
    spans = _spans(np.flatnonzero(there > limit))
    long = [one for one in spans if one[1] - one[0] >= 10 * (HELD + 1.5)]
    truth = _truth("vtest.avi", Kind.CROWDING, long, 10)
    short = [(max(0, low - 15), high + 15) for low, high in spans if (low, high) not in long]
    return truth.model_copy(update={"ignore": short})


def _spans(held: NDArray[np.int64]) -> list[tuple[int, int]]:
    """First and last of frames that follow each other within two seconds."""
    runs = [one for one in np.split(held, np.flatnonzero(np.diff(held) > 20) + 1) if len(one)]
    return [(int(one[0]), int(one[-1])) for one in runs]


def _truth(clip: str, kind: Kind, spans: Iterable[tuple[int, int]], fps: float) -> Truth:
    events = [{"rule": kind.value, "kind": kind.value, "start_frame": a, "end_frame": b} for a, b in spans]
    return Truth.model_validate({"clip": clip, "fps": fps, "events": events})


def _sum(scores: list[Score]) -> Score:
    matched, missed, false = (sum(getattr(one, part) for one in scores) for part in ("matched", "missed", "false"))
    onset = tuple(each for one in scores for each in one.onset)
    return Score(matched=matched, missed=missed, false=false, onset=onset)


def grid(across: int, down: int) -> list[Zone]:
    """Cells over the part of the picture where people walk."""
    wide, high = 768 / across, 480 / down
    return [
        Zone(
            id=f"{across}x{down}-{x}{y}",
            corners=tuple((x * wide + a * wide, 96 + y * high + b * high) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))),
        )
        for x in range(across)
        for y in range(down)
    ]  # fmt: skip


def walks(folder: Path) -> list[NDArray[np.float64]]:
    """Of each labelled person frame, x and y of the foot for every frame between its labels (n, 3)."""
    rows = np.loadtxt(folder / "clips/vtest_gt_part.txt", delimiter=",")
    found = []
    for person in np.unique(rows[:, 1]):
        own = rows[rows[:, 1] == person]
        at = np.arange(own[0, 0], own[-1, 0] + 1) - 1
        feet = (own[:, 2] + own[:, 4] / 2, own[:, 3] + own[:, 5])
        found.append(np.stack([at, *(np.interp(at, own[:, 0] - 1, one) for one in feet)], axis=1))
    return found


def entered(cell: Zone, people: list[NDArray[np.float64]], kind: Kind = Kind.INTRUSION) -> Truth:
    """When anybody stands in a cell; two seconds without are an end, as the rule has it."""
    inside = np.unique(np.concatenate([one[cell.holds(one[:, 1:]), 0] for one in people])).astype(int)
    return _truth("vtest.avi", kind, _spans(inside), 10)


def post(folder: Path, detector: Yolox) -> Row:
    """Who loiters: everybody of the clip stays for longer than that."""
    timing = replace(kinds()[Kind.LOITERING].timing, after=STAYS)
    rule = Rule(id="stays", kind=Kind.LOITERING, zone=EVERYWHERE, timing=timing)
    score = scored(run(folder / "clips" / POST, (rule,), detector, 10).events, seen_there(Kind.LOITERING))
    return _row(Kind.LOITERING, POST, score, precision=PATH_AIM, recall=PATH_AIM, onset=1.5) | {"measure": "events"}


def seen_there(kind: Kind) -> Truth:
    """One event for each person of the clip."""
    return _truth(POST, kind, VISIBLE, 10)


def faults(folder: Path) -> list[Row]:
    """Each fault of a camera made by hand in every clip long enough; what is told before it begins is false."""
    good = [looks for clip in sorted((folder / "clips").iterdir()) if len(looks := _looks(clip)) == GOOD]
    rows = []
    for kind in (*FAULTS, Kind.FROZEN):
        told = [_told(kind, looks) for looks in good]
        hit = [after for after, _ in told if after is not None and after <= TOLD_WITHIN]
        score = Score(matched=len(hit), missed=len(told) - len(hit), false=sum(n for _, n in told), onset=tuple(hit))
        rows.append(
            _row(kind, f"{len(good)} clips", score, precision=1.0, recall=1.0, onset=TOLD_WITHIN)
            | {"measure": "made", "model": ""}
        )
    return rows


def _looks(clip: Path) -> list[Image]:
    return [] if clip.suffix not in {".avi", ".mp4", ".gif"} else [one for _, _, one in frames(clip)][:GOOD]


def _told(kind: Kind, good: list[Image]) -> tuple[float | None, int]:
    """Seconds from the fault until it is told, None where it never is, and how often of the good picture."""
    bad = good[-1:] if kind is Kind.FROZEN else [FAULTS[kind](one) for one in good]
    analyst = Analyst(rules=(Rule(id="one", kind=kind, zone=EVERYWHERE, timing=kinds()[kind].timing),))
    false = 0
    for n in range(GOOD + SPOILT):
        frame = good[n] if n < GOOD else bad[n % len(bad)]
        if any(one.turn is Turn.RAISED for one in analyst.see(n / 5, frame)):
            if n >= GOOD:
                return (n - GOOD) / 5, false
            false += 1
    return None, false


def equipment(folder: Path, detector: Yolox, file: Path | None) -> list[Row]:
    """Balanced accuracy on people of groups of pictures a classifier had not seen, as it says of itself; then what the
    rules raise of a worker with both, and of three people with neither."""
    if file is None:
        return []
    classifier = Classifier(file)
    told = {one.thing: one for one in classifier.told}
    rows: list[Row] = [
        {
            "kind": kind.value, "clip": "PPE stills", "model": f"{MODEL}; {file.stem}", "measure": "people",
            "n": told[thing].people, "accuracy": round(told[thing].balanced_accuracy, 3),
            "aim_accuracy": threshold(f"equipment.{thing}_enough"), "beta": str(told[thing].beta).lower(),
            "status": "own",
        }
        for kind, thing in THING.items() if thing in told
    ]  # fmt: skip
    rules = tuple(Rule(id=one.value, kind=one, zone=EVERYWHERE, timing=kinds()[one].timing) for one in THING)
    dressed = Truth(clip="worker-zone-detection.gif", fps=15, events=[])
    for clip, truth_for in ((dressed.clip, lambda _: dressed), (POST, seen_there)):
        done = run(folder / "clips" / clip, rules, detector, truth_for(rules[0].kind).fps, classifier)
        for kind in THING:
            score = scored([one for one in done.events if one.kind == kind], truth_for(kind))
            row = _row(kind, clip, score, precision=PATH_AIM, recall=PATH_AIM, onset=None)
            rows.append(row | {"measure": "events", "model": f"{MODEL}; {file.stem}"})
    return rows


def _row(
    kind: Kind, clip: str, score: Score, *, precision: float | None, recall: float | None, onset: float | None
) -> Row:
    worst = max(score.onset, default=None)
    happens, raised = score.matched + score.missed, score.matched + score.false
    short = (
        (precision is not None and raised and score.precision < precision)
        or (recall is not None and happens and score.recall < recall)
        or (onset is not None and worst is not None and worst > onset)
        or (not happens and raised)
    )
    return {
        "kind": kind.value, "clip": clip, "model": MODEL if kinds()[kind].needs.value != "picture" else "",
        "n": happens, "matched": score.matched, "missed": score.missed, "false": score.false,
        "precision": round(score.precision, 3) if raised else "", "recall": round(score.recall, 3) if happens else "",
        "onset_s": "" if worst is None else round(worst, 1), "aim_precision": precision if raised else "",
        "aim_recall": recall if happens else "", "aim_onset_s": onset if worst is not None else "",
        "beta": str(bool(short)).lower(), "status": "own",
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
