"""The gate before the detector, graphs of other sizes, and tracks."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from core.clock import utc_now
from core.errors import BadInputError
from video.analysis import Analyst
from video.detections import NOTHING, Detections
from video.detectors.pruned import pruned
from video.detectors.resized import resized
from video.detectors.shelf import Shelf
from video.episodes import Timing
from video.equipment.classifier import Classifier
from video.gate import Gate
from video.rules.rule import Kind, Rule
from video.thresholds import threshold, thresholds
from video.tracker import Tracks, followed, stayed
from video.zones import Zone

STREET = np.random.default_rng(5).integers(60, 180, (180, 320)).astype(np.uint8)


def test_a_picture_that_is_the_one_last_looked_at_is_not_looked_at_again_before_its_time() -> None:
    gate = Gate()
    assert [gate.opens(n / 5, STREET) for n in range(12)] == [n in (0, 10) for n in range(12)]


def test_where_nothing_moves_again_and_again_it_is_looked_less_often_and_at_once_where_something_does() -> None:
    gate, other = Gate(), STREET.copy()
    other[60:100, 100:140] = 250
    times = [n / 5 for n in range(150) if gate.opens(n / 5, STREET)]
    assert times == [0, 2, 6, 14, 22]
    assert gate.opens(30.2, other)
    assert not gate.opens(32.0, other)
    assert gate.opens(32.2, other)


def test_what_creeps_is_looked_at_although_each_frame_is_like_the_one_before() -> None:
    gate, opened = Gate(), []
    for n in range(9):
        frame = STREET // 8
        frame[60:100, 100 + n : 112 + n] = 220
        opened.append(gate.opens(n / 5, frame))
    assert opened[0]
    assert any(opened[1:])


def test_every_threshold_has_a_source_and_is_asked_for() -> None:
    from tests.conftest import ROOT

    folders = (ROOT / "video", ROOT / "app" / "video")
    code = "".join(one.read_text("utf-8") for folder in folders for one in folder.rglob("*.py"))
    assert [name for name in thresholds() if f'threshold("{name}")' not in code] == []
    with pytest.raises(KeyError):
        threshold("nothing.of_the_kind")


def test_what_is_no_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="no ONNX graph"):
        resized(b"\x0a\x05abc", width=320, height=320)


def classifier(folder: Path, things: tuple[str, ...], columns: int, *, beside: bool = False) -> Path:
    """A graph that says of itself that it tells hats and vests, its weights in a file beside it where that is asked."""
    weights = numpy_helper.from_array(np.zeros((3, columns), np.float32), "w")
    value = helper.make_tensor_value_info
    nodes = [
        helper.make_node("GlobalAveragePool", ["given"], ["mean"]), helper.make_node("Flatten", ["mean"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["sums"]), helper.make_node("Sigmoid", ["sums"], ["worn"]),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes, "g", [value("given", 1, ["n", 3, 192, 128])], [value("worn", 1, ["n", columns])], [weights]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 8
    told = [{"thing": one, "balanced_accuracy": 0.99, "people": 9, "beta": False} for one in things]
    helper.set_model_props(model, {"family": "equipment", "license": "Apache-2.0", "things": json.dumps(told)})
    file = folder / "hats.onnx"
    onnx.save(model, str(file), save_as_external_data=beside, location="hats.data", size_threshold=0)
    return file


@pytest.mark.parametrize(
    ("things", "columns", "beside"), [(("helmet", "safety vest"), 1, False), (("helmet",), 1, True), ((), 1, False)]
)
def test_a_model_that_is_not_what_it_says_or_not_whole_is_not_installed(
    tmp_path: Path, things: tuple[str, ...], columns: int, beside: bool
) -> None:
    shelf = Shelf(tmp_path / "models")
    file = classifier(tmp_path, things, columns, beside=beside)
    with pytest.raises(BadInputError):
        shelf.add(file, name="hats", licence="", source="", classes=(), at=utc_now())
    assert list(shelf.folder.iterdir()) == []
    kept = shelf.add(
        classifier(tmp_path, ("helmet",), 1), name="hats", licence="", source="", classes=(), at=utc_now()
    )  # fmt: skip
    assert (kept.classes, [one.name for one in shelf.folder.iterdir()]) == (("helmet",), ["hats"])


def test_a_rule_whose_thing_the_classifier_does_not_know_is_not_available(tmp_path: Path) -> None:
    zone = Zone(id="all", corners=((0, 0), (9, 0), (9, 9)))
    rules = tuple(Rule(id=kind.value, kind=kind, zone=zone, timing=Timing()) for kind in (Kind.NO_HELMET, Kind.NO_VEST))
    found = Analyst(rules=rules, detector=Seeing(), classifier=Classifier(classifier(tmp_path, ("helmet",), 1)))
    assert list(found.unavailable) == ["no_vest"]


class Seeing:
    """A detector of people that finds none."""

    names = frozenset({"person"})

    def detect(self, frame: np.ndarray) -> Detections:
        return NOTHING


def small() -> bytes:
    """A YOLOX in little: its first layer, two levels of which the coarser is doubled and joined, seven classes."""
    random, nodes, held, joined = np.random.default_rng(4), [], [], []

    def number(name: str, values: list[int]) -> str:
        held.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def layer(given: str, made: str, channels: int, of: int, side: int, stride: int = 1) -> str:
        for name, shape in ((f"{made}_w", (channels, of, side, side)), (f"{made}_b", (channels,))):
            held.append(numpy_helper.from_array(random.normal(0, 0.2, shape).astype(np.float32), name))
        told = {"kernel_shape": [side, side], "strides": [stride, stride], "pads": [side // 2] * 4}
        nodes.append(helper.make_node("Conv", [given, f"{made}_w", f"{made}_b"], [made], **told))
        return made

    end, step = number("end", [10_000]), number("step", [2])
    for row, column in ((0, 0), (1, 0), (0, 1), (1, 1)):
        name, rows = f"{row}{column}", f"{row}{column}_rows"
        begins, along, across = number(f"{rows}_from", [row]), number(f"{rows}_axis", [2]), number(f"{name}_axis", [3])
        nodes.append(helper.make_node("Slice", ["images", begins, end, along, step], [rows]))
        nodes.append(helper.make_node("Slice", [rows, number(f"{name}_from", [column]), end, across, step], [name]))
    nodes.append(helper.make_node("Concat", ["00", "10", "01", "11"], ["quarters"], axis=1))
    fine = layer(layer("quarters", "first", 4, 12, 3), "fine", 4, 4, 3, 8)
    held.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "twice"))
    held.append(numpy_helper.from_array(np.empty(0, np.float32), "everywhere"))
    coarse = layer(fine, "coarse", 4, 4, 3, 2)
    nodes.append(
        helper.make_node(
            "Resize", [coarse, "everywhere", "twice"], ["doubled"], mode="nearest", nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )
    )  # fmt: skip
    nodes.append(helper.make_node("Concat", [fine, "doubled"], ["both"], axis=1))
    for level, given, channels in (("f", "both", 8), ("c", coarse, 4)):
        parts = [layer(given, f"{level}{part}", many, channels, 1) for part, many in (("box", 4), ("is", 1), ("of", 7))]
        nodes += [helper.make_node("Sigmoid", [part], [f"{part}_score"]) for part in parts[1:]]
        nodes.append(
            helper.make_node("Concat", [parts[0], *(f"{one}_score" for one in parts[1:])], [f"{level}_all"], axis=1)
        )
        shape = number(f"{level}_shape", [1, 12, -1])
        nodes.append(helper.make_node("Reshape", [f"{level}_all", shape], [f"{level}_rows"]))
        joined.append(f"{level}_rows")
    nodes.append(helper.make_node("Concat", joined, ["all"], axis=2))
    nodes.append(helper.make_node("Transpose", ["all"], ["output"], perm=[0, 2, 1]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "small", [value("images", 1, [1, 3, 64, 64])], [value("output", 1, [1, 20, 12])], held
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 7
    return bytes(model.SerializeToString())


def answer(model: bytes, width: int, height: int) -> np.ndarray:
    session = onnxruntime.InferenceSession(resized(model, width=width, height=height))
    picture = np.random.default_rng(6).uniform(0, 1, (1, 3, height, width)).astype(np.float32)
    return session.run(None, {"images": picture})[0][0]


def test_a_graph_without_the_classes_nobody_looks_for_answers_what_the_whole_one_does() -> None:
    whole = answer(small(), 96, 64)
    less = pruned(small(), 7, [5, 2])
    assert less is not None
    assert less.count(b"Slice") == 0  # the four quarters are read by one layer
    np.testing.assert_allclose(answer(less, 96, 64), whole[:, [0, 1, 2, 3, 4, 10, 7]], atol=1e-5)
    assert pruned(small(), 80, [0]) is None  # it does not make eighty


@pytest.mark.parametrize(("width", "height"), [(96, 48), (80, 64), (80, 48)])
def test_a_picture_need_not_be_a_whole_number_of_the_coarsest_cells(width: int, height: int) -> None:
    """Sixteen pixels a fine cell here: an odd number of them is half a cell of the coarser level less."""
    fine = width // 16 * (height // 16)
    coarse = -(-width // 32) * -(-height // 32)
    assert answer(small(), width, height).shape == (fine + coarse, 12)


def test_a_doubtful_detection_carries_a_track_on_and_begins_none() -> None:
    def one(x: float, score: float) -> Detections:
        return Detections(np.array([[x, 0, x + 20, 60]], np.float32), np.array([score], np.float32), ("person",))

    assert followed(Tracks(), 0.0, one(50, 0.2)).tracks == ()
    began = followed(Tracks(), 0.0, one(50, 0.9))
    (kept,) = followed(began, 0.2, one(52, 0.2)).tracks
    assert (kept.id, kept.seen) == (began.tracks[0].id, 0.2)
    (lost,) = followed(began, 0.2, one(120, 0.2)).tracks
    assert lost.seen == 0.0


def test_where_nothing_moved_everybody_stays_as_the_same_detections_would_say() -> None:
    rng = np.random.default_rng(5)
    corners = np.arange(6)[:, None] * np.array([[90.0, 30.0]])
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.45, 0.3], np.float32)

    def found(n: int, of: int) -> Detections:
        left = corners + n * 4 + rng.normal(0, 1, corners.shape)
        boxes = np.concatenate([left, left + np.array([30, 80])], axis=1)
        return Detections(boxes.astype(np.float32)[:of], scores[:of], ("person",) * of)

    tracks = Tracks()
    for n in range(8):
        last = found(n, 6 if n < 6 else 4)  # two are hidden at the end
        tracks = followed(tracks, n / 5, last)
    one = other = tracks
    for n in range(8, 20):
        one, other = followed(one, n / 5, last), stayed(other, (n - 1) / 5, n / 5)
        assert [(each.id, each.seen, each.hits, each.score) for each in one.tracks] == [
            (each.id, each.seen, each.hits, each.score) for each in other.tracks
        ]
        for mine, its in zip(one.tracks, other.tracks, strict=True):
            np.testing.assert_allclose(mine.box, its.box)
            np.testing.assert_allclose(mine.pace, its.pace, atol=1e-3)
        assert one.next == other.next
    assert (len(tracks.tracks), len(one.tracks)) == (5, 4)
