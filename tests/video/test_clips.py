"""Real clips and what happens in them, through the command line as an agency would run it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from app.commands.video import video
from benchmarks.video_accuracy import entries
from core.clock import utc_now
from core.errors import BadInputError, ConflictError
from tests.absent import absent
from video.clips import frames
from video.detectors.shelf import Shelf, coco
from video.detectors.yolox import Yolox
from video.evaluation import Seen, Truth, scored
from video.rules.kinds import kinds
from video.rules.rule import Kind

CLIPS = [
    ("onebyone_0000_0699.mp4", "onebyone", "onebyone_0000_0699"),
    ("aboda_video4.avi", "aboda", "aboda"),
    ("house6_000_449.mp4", "fire", "house6"),
    ("fire_cartoon_adversarial.mp4", "fire", "fire_cartoon"),
    ("traffic_negative_1.avi", "person", "traffic_negative_1"),
    ("traffic_negative_2.avi", "person", "traffic_negative_2"),
]


@pytest.fixture(scope="module")
def folder(test_data: Path) -> Path:
    found = test_data.parent / "video"
    if not found.is_dir():
        absent("test clips: `video` beside the folder of ONEMAP_TEST_DATA")
    return found


@pytest.fixture(scope="module")
def installed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("video")
    given = ["model", "add", str(folder / "models/yolox_nano.onnx"), "--licence", "Apache-2.0", "--data", str(data)]
    assert CliRunner().invoke(video, given).exit_code == 0
    return data


@pytest.mark.parametrize(("clip", "rules", "truth"), CLIPS)
def test_what_happens_in_a_clip_is_found_and_nothing_else(
    folder: Path, installed: Path, clip: str, rules: str, truth: str
) -> None:
    given = [
        "evaluate", str(folder / "clips" / clip), "--rules", str(folder / f"examples/{rules}.rules.yaml"),
        "--truth", str(folder / f"examples/{truth}.truth.json"), "--format", "json", "--data", str(installed),
    ]  # fmt: skip
    done = CliRunner().invoke(video, given)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["false"], told["missed"]) == (0, 0, 0), told
    if truth == "aboda":
        assert [690 <= one["raised_frame"] <= 1000 for one in told["events"]] == [True]
    if truth == "house6":
        assert told["events"][0]["raised_frame"] <= 90


def test_a_model_is_installed_whole_once_and_told_when_it_was_changed(folder: Path, installed: Path) -> None:
    shelf = Shelf(installed / "video" / "models")
    (one,) = shelf.installed()
    file = folder / "models/yolox_nano.onnx"
    assert (one.name, one.licence, len(one.classes)) == ("yolox_nano", "Apache-2.0", 80)
    assert one.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(BadInputError, match="许可"):
        shelf.add(file, name="other", licence="AGPL-3.0", source="", classes=coco(), at=utc_now())
    with pytest.raises(BadInputError, match="没有写明许可"):
        shelf.add(file, name="other", licence="", source="", classes=coco(), at=utc_now())
    with pytest.raises(BadInputError, match="不符"):
        shelf.add(file, name="other", licence="MIT", source="", classes=("person",), at=utc_now())
    with pytest.raises(BadInputError, match="不是可运行的"):
        shelf.add(folder / "MANIFEST.md", name="other", licence="MIT", source="", classes=coco(), at=utc_now())
    assert [each.name for each in shelf.installed()] == ["yolox_nano"]
    kept = installed / "video" / "models" / "yolox_nano" / "model.onnx"
    whole = kept.read_bytes()
    kept.write_bytes(whole + b"x")
    with pytest.raises(ConflictError, match="已被改动"):
        shelf.detector()
    kept.write_bytes(whole)


def field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer, shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("license", "AGPL-3.0 License (https://ultralytics.com/license)"),
        ("author", "Ultralytics"),
        ("license", "GNU General Public License v3"),
    ],
)
def test_a_graph_whose_own_metadata_name_a_licence_that_binds_is_refused_whatever_the_command_says(
    folder: Path, tmp_path: Path, key: str, said: str
) -> None:
    marked = field(14, field(1, key.encode()) + field(2, said.encode()))  # ModelProto.metadata_props
    file = tmp_path / "closed.onnx"
    file.write_bytes((folder / "models/yolox_nano.onnx").read_bytes() + marked)
    given = ["model", "add", str(file), "--licence", "Apache-2.0", "--data", str(tmp_path)]
    done = CliRunner().invoke(video, given)
    assert isinstance(done.exception, BadInputError)
    assert said in done.exception.text.zh
    assert Shelf(tmp_path / "video" / "models").installed() == ()


def test_a_licence_that_binds_nobody_else_is_read_from_the_graph(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "open.onnx"
    marked = field(14, field(1, b"license") + field(2, b"Apache-2.0"))
    file.write_bytes((folder / "models/yolox_nano.onnx").read_bytes() + marked)
    shelf = Shelf(tmp_path / "models")
    assert shelf.add(file, name="open", licence="", source="", classes=coco(), at=utc_now()).licence == "Apache-2.0"


def test_rules_that_lack_their_model_are_not_available_and_the_evaluation_fails(folder: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "zones: {all: [[0, 0], [900, 0], [900, 900], [0, 900]]}\n"
        "rules: [{id: in, kind: intrusion, zone: all}, {id: hat, kind: no_helmet, zone: all},"
        " {id: dark, kind: black, zone: all}]\n"
    )
    truth = tmp_path / "truth.json"
    truth.write_text(json.dumps({"clip": "people", "fps": 15, "events": [], "pass": {"max_false": 0}}))
    clip = str(folder / "clips/people-detection.gif")
    given = ["evaluate", clip, "--rules", str(rules), "--truth", str(truth), "--data", str(tmp_path), "--format"]
    done = CliRunner().invoke(video, [*given, "json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["passed"], told["events"]) == (1, False, [])
    assert {rule: why["zh"] for rule, why in told["unavailable"].items()} == {
        "in": "未安装人员检测模型", "hat": "未安装防护用品识别模型",
    }  # fmt: skip
    assert "hat: 不可用" in CliRunner().invoke(video, [*given, "text"]).stdout


def negative(folder: Path, tmp_path: Path, clip: Path) -> tuple[int, dict[str, Any]]:
    """A clip in which nothing may be told to burn, evaluated; exit status and report."""
    truth = tmp_path / "nothing.json"
    truth.write_text(json.dumps({"clip": clip.name, "fps": 30, "events": [], "pass": {"max_false": 0}}))
    given = ["evaluate", str(clip), "--rules", str(folder / "examples/fire.rules.yaml"), "--truth", str(truth),
             "--data", str(tmp_path), "--format", "json"]  # fmt: skip
    done = CliRunner().invoke(video, given)
    return done.exit_code, json.loads(done.stdout) if done.exit_code in (0, 1) and done.stdout else {}


def test_a_clip_that_breaks_off_is_no_proof_that_nothing_happens_in_it(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "clips/vtest.avi").read_bytes()
    half = tmp_path / "half.avi"
    half.write_bytes(whole[: len(whole) // 2])
    status, told = negative(folder, tmp_path, half)
    assert (status, told["passed"], told["false"]) == (1, False, 0)
    assert 0 < told["frames_read"] < told["frames"] == 795
    assert f"{told['frames_read']} of 795 frames" in told["faults"][0]


def test_a_folder_of_pictures_is_evaluated_in_order_of_their_names(folder: Path, tmp_path: Path) -> None:
    still = tmp_path / "stills"
    still.mkdir()
    assert not negative(folder, tmp_path, still)[1], "an empty folder is no clip"
    for number, _, picture in frames(folder / "clips/house6_000_449.mp4"):
        cv2.imwrite(str(still / f"{number:05}.jpg"), picture)
    truth = tmp_path / "burns.json"
    burns = {"rule": "fire", "kind": "fire", "start_frame": 0, "end_frame": 75}
    truth.write_text(json.dumps({"clip": "stills", "fps": 5, "events": [burns], "pass": {"recall": 1, "onset_s": 1}}))
    given = ["evaluate", str(still), "--rules", str(folder / "examples/fire.rules.yaml"), "--truth", str(truth),
             "--data", str(tmp_path), "--format", "json"]  # fmt: skip
    done = CliRunner().invoke(video, given)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["matched"], told["frames_read"]) == (0, 1, 75)


def test_fire_and_smoke_are_said_to_be_suspected_and_every_kind_has_both_languages() -> None:
    assert {kinds()[one].title.zh[:2] for one in (Kind.FIRE, Kind.SMOKE)} == {"疑似"}
    assert all(one.title.zh and one.title.en and one.source for one in kinds().values())


def test_who_enters_parts_of_a_path_is_told_as_the_labels_of_the_clip_say(folder: Path) -> None:
    """Thirty-eight labelled boxes, one a second: who stands in which cells of several grids, and from when."""
    detector = Yolox(folder / "models/yolox_nano.onnx", coco(), frozenset({"person"}))
    score = entries(folder, detector)
    assert score.matched >= 20
    assert score.precision >= 0.85
    assert score.recall >= 0.85
    assert max(score.onset) <= 1.5


def test_who_looks_for_people_alone_finds_whom_one_finds_that_looks_for_everything(folder: Path) -> None:
    file, (_, _, frame) = folder / "models/yolox_nano.onnx", next(frames(folder / "clips/vtest.avi"))
    alone, every = (Yolox(file, coco(), frozenset(wanted)).detect(frame) for wanted in ({"person"}, coco()))
    among = every.of("person", 0.0)
    assert len(alone) == len(among) >= 4
    np.testing.assert_allclose(alone.boxes, among.boxes, atol=0.05)
    np.testing.assert_allclose(alone.scores, among.scores, atol=1e-3)


def test_events_match_the_truth_one_to_one_within_the_tolerance() -> None:
    truth = Truth.model_validate({
        "clip": "c", "fps": 10, "events": [
            {"rule": "a", "kind": "absence", "start_frame": 100, "end_frame": 200},
            {"rule": "a", "kind": "absence", "start_frame": 400, "end_frame": 500},
        ], "tolerance": {"onset_s": 1.5}, "ignore": [[0, 60]],
        "pass": {"precision": 0.5, "recall": 1.0, "onset_s": 1.0},
    })  # fmt: skip
    seen = [_seen(10, 50), _seen(112, 190), _seen(150, 190), _seen(390, 480), _seen(700, 720, "intrusion")]
    score = scored(seen, truth)
    assert (score.matched, score.missed, score.false) == (2, 0, 2)
    assert score.onset == (1.2, 1.0)
    assert score.faults == ("onset 1.20 s > 1.0 s",)


def _seen(start: int, end: int, kind: str = "absence") -> Seen:
    return Seen(rule="a", kind=kind, start_frame=start, raised_frame=start, end_frame=end)
