"""An evaluation says PASS of what was asked, seen and judged alone; all else is refused or said."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from app.commands.video import video
from core.errors import BadInputError
from video.clips import Extent, frames
from video.evaluation import truth_of

RULES = "zones: {all: [[0, 0], [160, 0], [160, 96]]}\nrules: [{id: dark, kind: black, zone: all, after_s: 1}]\n"
TRUTH: dict[str, Any] = {"clip": "a.avi", "fps": 10, "events": [], "pass": {"max_false": 0}}


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Three seconds of a grey picture that moves."""
    made = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (160, 96))
    for n in range(30):
        frame = np.full((96, 160, 3), 120, np.uint8)
        frame[10:40, 4 * n : 4 * n + 30] = 255
        made.write(frame)
    made.release()
    return tmp_path / "a.avi"


def evaluated(
    clip: Path, rules: str = RULES, truth: dict[str, Any] | None = None, form: str = "text"
) -> tuple[int, str]:
    (clip.parent / "r.yaml").write_text(rules)
    (clip.parent / "t.json").write_text(json.dumps(TRUTH | (truth or {})))
    given = ["evaluate", str(clip), "--rules", str(clip.parent / "r.yaml"), "--truth", str(clip.parent / "t.json")]
    done = CliRunner().invoke(video, [*given, "--format", form, "--data", str(clip.parent / "d")])
    return done.exit_code, f"{done.stdout}{done.exception!r}"


def test_both_forms_say_the_same(clip: Path) -> None:
    assert "通过 / PASS" in evaluated(clip)[1]
    missed = {"rule": "dark", "kind": "black", "start_frame": 0, "end_frame": 9}
    status, told = evaluated(clip, truth={"events": [missed], "pass": {"recall": 1.0}})
    assert status == 1
    assert "FAIL: recall 0.00 < 1.0" in told
    assert "PASS" not in told


@pytest.mark.parametrize(
    "truth",
    [{"pass": {"recall": 1.5}}, {"pass": {"max_false": -1}}, {"pass": {"recal": 1}}, {"pass": None}, {"fps": 0},
     {"events": [{"rule": "r", "kind": "fire", "start_frame": 9, "end_frame": 3}]}, {"ignore": [[9, 3]]},
     {"pass": {}, "Pass": {"recall": 1.0}}, {"tolerance": {"onset_s": -1}}],
)  # fmt: skip
def test_a_truth_that_cannot_be_meant_is_refused(tmp_path: Path, truth: dict[str, Any]) -> None:
    file = tmp_path / "t.json"
    file.write_text(json.dumps(TRUTH | truth))
    with pytest.raises(BadInputError):
        truth_of(file)
    file.write_text(json.dumps(TRUTH).replace("0}", "NaN}"))
    with pytest.raises(BadInputError):
        truth_of(file)


def test_without_a_threshold_nothing_is_said_to_pass(clip: Path) -> None:
    status, told = evaluated(clip, truth={"pass": {}})
    assert status == 0
    assert "PASS" not in told
    assert "nothing was judged" in told
    told = json.loads(evaluated(clip, truth={"pass": {}}, form="json")[1].rpartition("}")[0] + "}")
    assert told["judged"] is False


def test_what_the_reader_should_know_is_noted_in_both_forms(clip: Path) -> None:
    other = {"clip": "b.avi", "fps": 25, "colour": "red"}
    _, told = evaluated(clip, truth=other)
    body = json.loads(evaluated(clip, truth=other, form="json")[1].rpartition("}")[0] + "}")
    assert len(body["notes"]) == 3
    for one in body["notes"]:
        assert one["zh"] in told
        assert one["en"] in told


@pytest.mark.parametrize(
    "rules",
    ["zones: {far: [[500, 0], [600, 0], [600, 90]]}\nrules: [{id: f, kind: fire, zone: far}]",
     "zones: {all: [[0, 0], [9, 0], [9, 9]]}\nrules: [{id: f, kind: no_vest, zone: all}]"],
)  # fmt: skip
def test_a_rule_that_could_not_be_asked_is_no_pass(clip: Path, rules: str) -> None:
    status, told = evaluated(clip, rules)
    assert status == 1
    assert "FAIL: f: 不可用" in told


@pytest.mark.parametrize("rules", ["zones: {}", "zones: [", "[]", ""])
def test_a_file_that_asks_nothing_is_refused(clip: Path, rules: str) -> None:
    status, told = evaluated(clip, rules)
    assert status == 1
    assert "PASS" not in told
    assert "Error" in told


def test_files_that_are_not_there_are_said(clip: Path) -> None:
    given = [
        "evaluate",
        str(clip),
        "--rules",
        str(clip.parent / "none"),
        "--truth",
        str(clip),
        "--data",
        str(clip.parent),
    ]
    assert isinstance(CliRunner().invoke(video, given).exception, BadInputError)
    given = ["model", "add", str(clip), "--classes", str(clip.parent / "none"), "--data", str(clip.parent)]
    assert isinstance(CliRunner().invoke(video, given).exception, BadInputError)


def test_a_clip_with_nothing_behind_its_head_is_no_clip(clip: Path) -> None:
    body = clip.read_bytes()
    clip.write_bytes(body[: body.index(b"movi") + 4])
    with pytest.raises(BadInputError):
        list(frames(clip))


def test_a_folder_of_which_too_little_can_be_decoded_is_damaged(tmp_path: Path) -> None:
    good = cv2.imencode(".png", np.full((96, 160, 3), 120, np.uint8))[1].tobytes()
    for n in range(10):
        (tmp_path / f"{n}.png").write_bytes(good if n < 8 else b"no picture")
    extent = Extent()
    assert len(list(frames(tmp_path, 5.0, extent=extent))) == 8
    assert extent.damaged
