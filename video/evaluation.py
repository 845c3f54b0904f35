"""A clip run through rules and compared with what happens in it."""

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import BadInputError
from core.texts import Text
from core.units import Second
from video.analysis import Analyst
from video.clips import Extent, frames
from video.detectors import Detector
from video.episodes import Turn
from video.equipment.classifier import Classifier
from video.rules.kinds import kinds
from video.rules.rule import Kind, Rule


@dataclass(slots=True, kw_only=True)
class Seen:
    """An event a rule raised in a clip, in frames of the clip."""

    rule: str
    kind: str
    start_frame: int
    raised_frame: int
    end_frame: int | None = None
    why: dict[str, float] = field(default_factory=dict)

    @property
    def title(self) -> Text:
        """What it is called; fire and smoke are suspected only."""
        return kinds()[Kind(self.kind)].title


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a clip's rules raised, which rules could not be asked and why, and what it cost."""

    events: list[Seen]
    unavailable: dict[str, Text]
    looks: int = 0
    detections: int = 0
    processor: Second = 0.0
    extent: Extent = field(default_factory=Extent)
    clip: str = ""


Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Length = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Frame = Annotated[int, Field(ge=0)]


def _in_order(start: int, end: int) -> None:
    if end < start:
        raise ValueError(f"{end} < {start}")


class _Event(BaseModel):
    rule: str
    kind: Kind
    start_frame: Frame
    end_frame: Frame

    @model_validator(mode="after")
    def lasts(self) -> "_Event":
        """It does not end before it begins."""
        _in_order(self.start_frame, self.end_frame)
        return self


class _Tolerance(BaseModel):
    model_config = ConfigDict(extra="forbid")
    onset_s: Length = 1.5


class _Pass(BaseModel):
    model_config = ConfigDict(extra="forbid")
    precision: Share | None = None
    recall: Share | None = None
    max_false: Annotated[int, Field(ge=0)] | None = None
    onset_s: Length | None = None


class Truth(BaseModel):
    """What happens in a clip, and what an evaluation must reach; what else a file says is told to count for nothing."""

    model_config = ConfigDict(extra="allow")
    clip: str
    fps: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    events: list[_Event]
    tolerance: _Tolerance = _Tolerance()
    passing: _Pass = Field(default=_Pass(), alias="pass")
    ignore: list[tuple[Frame, Frame]] = []
    note: str = ""

    @model_validator(mode="after")
    def ignored(self) -> "Truth":
        """What is left out does not end before it begins."""
        for span in self.ignore:
            _in_order(*span)
        return self

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the file says that means nothing here."""
        return tuple(sorted(self.model_extra or {}))

    @property
    def asks(self) -> bool:
        """It has a threshold; without one nothing can pass, or fail."""
        return self.passing != _Pass()


def truth_of(path: Path) -> Truth:
    """The truth of a file. Raises: BadInputError with field and value."""
    if not path.is_file():
        raise BadInputError(Text(f"没有真值文件 {path}", f"no truth file {path}"), field="truth")
    try:
        found = Truth.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = f"{where or path.name}: {first['msg']}"
        raise BadInputError(Text(f"真值文件 {said}", f"truth file {said}"), field=where) from error
    if found.unknown and not found.asks:  # a threshold under another name would be passed unasked
        names = ", ".join(found.unknown)
        raise BadInputError(
            Text(f"真值文件没有门槛 pass,却有不认识的 {names}", f"truth file has no `pass`, and {names}, unknown here"),
            field=found.unknown[0],
        )
    return found


def run(
    path: Path,
    rules: tuple[Rule, ...],
    detector: Detector | None,
    fps: float | None = None,
    classifier: Classifier | None = None,
) -> Run:
    """Every event of the rules in a clip; the clock is the number of the frame over `fps`, the clip's own without one.

    Raises: NotFoundError, BadInputError where the clip cannot be read.
    """
    began = time.process_time()
    analyst = Analyst(rules=rules, detector=detector, classifier=classifier)
    events: list[Seen] = []
    running: dict[str, Seen] = {}
    number, rate, extent = 0, fps or 1.0, Extent()
    for number, at, frame in frames(path, fps, extent=extent):
        rate = number / at if at else rate
        for change in analyst.see(at, frame):
            if change.turn is Turn.RAISED:
                seen = Seen(
                    rule=change.rule.id, kind=change.rule.kind.value, start_frame=round(change.began * rate),
                    raised_frame=number, why=change.why,
                )  # fmt: skip
                running[change.rule.id] = seen
                events.append(seen)
            else:
                running.pop(change.rule.id).end_frame = round(change.held * rate)
    for one in running.values():
        one.end_frame = number
    return Run(
        events=events, unavailable=dict(analyst.unavailable), looks=analyst.looks, detections=analyst.detections,
        processor=time.process_time() - began, extent=extent, clip=path.name,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well a clip's events were found; `faults` are the thresholds of the truth file that were not reached."""

    matched: int
    missed: int
    false: int
    onset: tuple[Second, ...]
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Nothing that was asked for is missing."""
        return not self.faults

    @property
    def precision(self) -> float:
        """Share of what was raised that happened; 1 where nothing was raised."""
        return self.matched / (self.matched + self.false) if self.matched + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of what happened that was raised; 1 where nothing happened."""
        return self.matched / (self.matched + self.missed) if self.matched + self.missed else 1.0


def scored(
    events: list[Seen], truth: Truth, unavailable: dict[str, Text] | None = None, extent: Extent | None = None
) -> Score:
    """Events and truth matched one to one within a kind, by order of time.

    An event matches where kinds agree and it overlaps the interval widened by the tolerance; of several it is the one
    that began nearest. What begins within an `ignore` interval counts neither way. A rule that could not be asked is a
    fault, whatever the thresholds, and so is a clip that could not be read to its end.
    """
    wide = truth.tolerance.onset_s * truth.fps
    left = list(truth.events)
    onset: list[Second] = []
    false = 0
    for one in sorted(events, key=lambda each: each.start_frame):
        last = one.end_frame if one.end_frame is not None else one.raised_frame
        fitting = [
            each for each in left if each.kind == one.kind and one.start_frame <= each.end_frame + wide
            and last >= each.start_frame - wide
        ]  # fmt: skip
        if fitting:
            nearest = min(fitting, key=lambda each: abs(each.start_frame - one.start_frame))
            left.remove(nearest)
            onset.append(abs(one.start_frame - nearest.start_frame) / truth.fps)
        elif not _ignored(truth, one.start_frame, one.start_frame):
            false += 1
    missed = [one for one in left if not _ignored(truth, one.start_frame, one.end_frame)]
    score = Score(matched=len(onset), missed=len(missed), false=false, onset=tuple(onset))
    faults = [f"{rule}: 不可用,{why.zh} / not available, {why.en}" for rule, why in (unavailable or {}).items()]
    if extent is not None and extent.short:
        faults.append(
            f"只读到 {extent.read} 帧,共 {extent.said} 帧 / {extent.read} of {extent.said} frames could be read"
        )
    if extent is not None and extent.damaged:
        faults.append(
            f"{extent.spoilt} 帧无法解码,共取 {extent.wanted} 帧 / {extent.spoilt} of {extent.wanted} are no picture"
        )
    return Score(
        matched=score.matched, missed=score.missed, false=false, onset=score.onset,
        faults=(*faults, *_short(score, truth.passing)),
    )  # fmt: skip


def _ignored(truth: Truth, start: int, end: int) -> bool:
    return any(low <= start and end <= high for low, high in truth.ignore)


def _short(score: Score, asked: _Pass) -> list[str]:
    """Where a score stays below what was asked."""
    worst = max(score.onset, default=0.0)
    said = []
    if asked.precision is not None and score.precision < asked.precision:
        said.append(f"precision {score.precision:.2f} < {asked.precision}")
    if asked.recall is not None and score.recall < asked.recall:
        said.append(f"recall {score.recall:.2f} < {asked.recall}")
    if asked.max_false is not None and score.false > asked.max_false:
        said.append(f"false {score.false} > {asked.max_false}")
    if asked.onset_s is not None and worst > asked.onset_s:
        said.append(f"onset {worst:.2f} s > {asked.onset_s} s")
    return said


def report(done: Run, score: Score, truth: Truth) -> str:
    """All of it as JSON; times in seconds of the clip, `processor_s` of the processor."""
    body: dict[str, Any] = {
        "clip": truth.clip, "file": done.clip,
        "events": [{**asdict(one), "title": {"zh": one.title.zh, "en": one.title.en}} for one in done.events],
        "unavailable": {rule: {"zh": why.zh, "en": why.en} for rule, why in done.unavailable.items()},
        "precision": round(score.precision, 4), "recall": round(score.recall, 4),
        "matched": score.matched, "missed": score.missed, "false": score.false,
        "onset_s": [round(one, 2) for one in score.onset],
        "frames": done.extent.said, "frames_read": done.extent.read,
        "looks": done.looks, "detections": done.detections, "processor_s": round(done.processor, 2),
        "notes": [{"zh": one.zh, "en": one.en} for one in _notes(done, truth)], "judged": truth.asks,
        "passed": score.passed, "faults": list(score.faults),
    }  # fmt: skip
    return json.dumps(body, ensure_ascii=False, indent=1)


def _notes(done: Run, truth: Truth) -> list[Text]:
    """What whoever reads the result should know."""
    found = []
    if done.clip and done.clip != Path(truth.clip).name:
        found.append(
            Text(
                f"真值文件写的是 {truth.clip},评测的是 {done.clip}",
                f"the truth is of {truth.clip}, this is {done.clip}",
            )
        )
    if truth.unknown:
        names = ", ".join(truth.unknown)
        found.append(Text(f"真值文件中 {names} 未采用", f"{names} of the truth file count for nothing"))
    rate = done.extent.rate
    if rate and abs(rate - truth.fps) > 0.02 * truth.fps:
        said = f"{truth.fps:g}", f"{rate:.3g}"
        found.append(
            Text(
                "真值文件为 {} 帧/秒,片段自述 {};时间按真值文件计".format(*said),
                "the truth file says {} frames/s, the clip {}; times are by the truth file".format(*said),
            )
        )
    return found


def told(done: Run, score: Score, truth: Truth) -> str:
    """All of it as lines to read."""
    lines = [
        f"{one.rule:16} {one.title.zh} / {one.title.en}  {one.start_frame} - {one.end_frame}"
        f"  raised {one.raised_frame}  {one.why}"
        for one in done.events
    ]
    worst, spent = max(score.onset, default=0.0), 1000 * done.processor / max(1, done.looks)
    lines.append(
        f"{truth.clip}: precision {score.precision:.2f}  recall {score.recall:.2f}  false {score.false}"
        f"  onset {worst:.2f} s  {done.looks} looks, {spent:.0f} ms of processor each"
    )
    lines += [f"注意:{one.zh} / note: {one.en}" for one in _notes(done, truth)]
    if score.faults:
        lines.append("未通过 / FAIL: " + "; ".join(score.faults))
    else:
        lines.append("通过 / PASS" if truth.asks else "未设门槛,未作判定 / no thresholds, nothing was judged")
    return "\n".join(lines)
