"""Hats and vests: votes of a track, a classifier trained on drawn people, and one trained on real stills."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from core.clock import utc_now
from core.errors import BadInputError
from tests.video.test_rules import ROOM, STEP, person
from video.detections import Detections
from video.detectors.shelf import Shelf, coco
from video.detectors.yolox import Yolox
from video.episodes import Timing, Turn
from video.equipment.classifier import Classifier
from video.equipment.crops import judged
from video.equipment.stills import people
from video.equipment.training import train
from video.evaluation import run
from video.look import Look
from video.rules.rule import Change, Kind, Memory, Rule
from video.rules.watching import watched
from video.tracker import Tracks, followed
from video.zones import Zone

RULE = Rule(id="hat", kind=Kind.NO_HELMET, zone=ROOM, timing=Timing(after=2.0, bridge=0.6, clear=2.0))


def raised(votes: list[float | None]) -> list[Change]:
    """What the rule raises of one person who walks through the zone and is judged so, look by look."""
    memories: dict[str, Memory] = {}
    tracks, changes = Tracks(), []
    for n, worn in enumerate(votes):
        rows = np.array([person(20 + n, 50)], np.float32)
        tracks = followed(tracks, n * STEP, Detections(rows[:, :4], rows[:, 4], ("person",)))
        told = {} if worn is None else {"helmet": {one.id: worn for one in tracks.tracks}}
        look = Look(at=n * STEP, size=(200, 200), tracks=tracks.tracks, equipment=told)
        memories, new = watched((RULE,), memories, look)
        changes += [one for one in new if one.turn is Turn.RAISED]
    return changes


def test_who_is_judged_without_a_hat_again_and_again_is_told_once_with_the_share_of_votes() -> None:
    (one,) = raised([0.1] * 40)
    assert one.why == {"people": 1.0, "against": 1.0, "votes": pytest.approx(11, abs=3)}
    assert 1.8 <= one.at <= 2.6, "ten votes and two seconds"


@pytest.mark.parametrize(
    "votes",
    [
        pytest.param([0.9] * 40, id="worn"),
        pytest.param([0.5] * 40, id="doubtful: no vote at all"),
        pytest.param([None] * 40, id="never judged: that is not worn, and not missing either"),
        pytest.param([0.1] * 8, id="too few votes"),
        pytest.param([0.1, 0.9] * 20, id="votes are divided"),
        pytest.param([0.1] * 4 + [0.9] * 36, id="a turn of the head"),
    ],
)
def test_nothing_is_said_of_who_wears_it_or_of_whom_too_little_is_known(votes: list[float | None]) -> None:
    assert raised(votes) == []


@pytest.mark.parametrize(
    ("box", "is_judged"),
    [((50, 50, 90, 150), True), ((50, 50, 90, 120), False), ((0, 50, 40, 150), False), ((50, 0, 90, 100), False),
     ((160, 50, 199, 150), False), ((50, 100, 90, 199), True)],
)  # fmt: skip
def test_who_is_small_or_cut_by_the_edge_is_not_judged(box: tuple[float, ...], is_judged: bool) -> None:
    assert judged(np.array(box, np.float32), (200, 200)) is is_judged


def layers() -> bytes:
    """Five convolutions of fixed random weights, each halving the picture, as a detector begins."""
    random = np.random.default_rng(3)
    nodes, held, given, channels = [], [], "images", 3
    for n in range(5):
        made = 6 if n < 4 else 4
        weights = random.normal(0, 0.3 / np.sqrt(channels), (made, channels, 3, 3)).astype(np.float32)
        held.append(numpy_helper.from_array(weights / (255 if n == 0 else 1), f"w{n}"))
        nodes.append(helper.make_node("Conv", [given, f"w{n}"], [f"c{n}"], strides=[2, 2], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"c{n}"], [f"r{n}"]))
        given, channels = f"r{n}", made
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes, "small", [value("images", 1, [1, 3, 416, 416])], [value(given, 1, [1, 4, 13, 13])], held
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


@pytest.fixture(scope="module")
def stills(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty drawn people, half of them with a yellow hat, half with an orange vest; each picture is there twice."""
    folder = tmp_path_factory.mktemp("stills")
    (folder / "images").mkdir()
    (folder / "labels").mkdir()
    for n, (hat, vest, image) in enumerate(drawn()):
        for copy in range(2):
            name = f"{n:03}-{copy}"
            cv2.imwrite(str(folder / "images" / f"{name}.png"), image)
            boxes = [("person without safety", (60, 20, 140, 190)), *([("helmet", (85, 18, 115, 38))] if hat else []),
                     *([("Safety Vest", (75, 70, 125, 140))] if vest else [])]  # fmt: skip
            told = "".join(
                f"<object><name>{name_}</name><bndbox><xmin>{a}</xmin><ymin>{b}</ymin><xmax>{c}</xmax><ymax>{d}</ymax>"
                "</bndbox></object>"
                for name_, (a, b, c, d) in boxes
            )
            (folder / "labels" / f"{name}.xml").write_text(f"<annotation>{told}</annotation>", "utf-8")
    return folder


def drawn() -> Iterator[tuple[bool, bool, np.ndarray]]:
    random = np.random.default_rng(8)
    for n in range(60):
        hat, vest = n % 2 == 0, n % 4 < 2
        image = cv2.resize(random.integers(60, 180, (5, 5, 3)).astype(np.uint8), (200, 200))
        cv2.rectangle(image, (75, 60), (125, 185), tuple(map(int, random.integers(20, 90, 3))), -1)
        cv2.circle(image, (100, 45), 16, (150, 180, 220), -1)
        if hat:
            cv2.rectangle(image, (84, 24), (116, 38), (0, 230, 250), -1)
        if vest:
            cv2.rectangle(image, (75, 70), (125, 140), (0, 110, 250), -1)
        yield hat, vest, np.asarray(image)


def test_a_classifier_is_trained_scored_on_unseen_groups_installed_and_says_what_was_learned(
    stills: Path, tmp_path: Path
) -> None:
    found = people(stills)
    assert len(found) == 120
    assert len({one.group for one in found}) <= 60, "copies of one picture are never on both sides of a split"
    assert [sum(one.worn[n] for one in found) for n in (0, 1)] == [60, 60]
    trained = train(found, layers(), name="small", licence="Apache-2.0", at=utc_now())
    assert all(one.balanced_accuracy > 0.9 and not one.beta for one in trained.told)
    file = tmp_path / "hats.onnx"
    file.write_bytes(trained.model)
    shelf = Shelf(tmp_path / "models")
    manifest = shelf.add(file, name="hats", licence="", source="test", classes=(), at=utc_now())
    assert (manifest.family, manifest.licence, manifest.classes) == ("equipment", "Apache-2.0", ("helmet", "vest"))
    assert shelf.detector() is None, "a classifier of equipment finds no people"
    classifier = shelf.classifier()
    assert classifier is not None
    assert classifier.told == trained.told
    boxes = np.array([[60, 20, 140, 190]], np.float32)
    told = [(hat, vest, *classifier.worn(image, boxes)[0]) for hat, vest, image in list(drawn())[:12]]
    assert all((helmet > 0.5) == hat and (worn > 0.5) == vest for hat, vest, helmet, worn in told)
    assert classifier.worn(np.zeros((9, 9, 3), np.uint8), np.zeros((0, 4), np.float32)).shape == (0, 2)


def test_what_cannot_be_learned_from_is_refused_in_words(stills: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nobody is labelled"):
        people(tmp_path)
    with pytest.raises(BadInputError, match="20 of each at least"):
        train(people(stills)[:30], layers(), name="small", licence="", at=utc_now())
    shallow = onnx.load_from_string(layers())
    del shallow.graph.node[8:]
    shallow.graph.output[0].name = "r3"
    with pytest.raises(BadInputError, match="strides 8 and 16"):
        train(people(stills), bytes(shallow.SerializeToString()), name="small", licence="", at=utc_now())
    (tmp_path / "no.onnx").write_bytes(layers())
    with pytest.raises(BadInputError, match="no classifier"):
        Classifier(tmp_path / "no.onnx")


@pytest.mark.drill
@pytest.mark.timeout(1200)
def test_real_stills_reach_what_is_asked_of_people_not_seen_and_clips_bear_it_out(
    test_data: Path, tmp_path: Path
) -> None:
    """Three minutes of the processor."""
    folder = test_data.parent / "video"
    detector = folder / "models" / "yolox_nano.onnx"
    trained = train(
        people(folder / "ppe"), detector.read_bytes(), name="yolox_nano", licence="Apache-2.0", at=utc_now()
    )
    reached = {one.thing: one.balanced_accuracy for one in trained.told}
    assert reached["helmet"] >= 0.90
    assert reached["vest"] >= 0.88
    file = tmp_path / "ppe.onnx"
    file.write_bytes(trained.model)
    found, hats = Yolox(detector, coco(), frozenset({"person"})), Classifier(file)
    everywhere = Zone(id="all", corners=((-5, -5), (3000, -5), (3000, 3000), (-5, 3000)))
    rules = tuple(
        Rule(id=kind.value, kind=kind, zone=everywhere, timing=Timing(after=2.0, bridge=0.6, clear=2.0))
        for kind in (Kind.NO_HELMET, Kind.NO_VEST)
    )
    worker = run(folder / "clips" / "worker-zone-detection.gif", rules, found, classifier=hats)
    assert worker.looks > 15
    assert worker.events == [], "one worker with hat and vest in every frame"
    bare = run(folder / "clips" / "onebyone_0000_0699.mp4", rules, found, classifier=hats)
    assert [one.kind for one in bare.events].count("no_helmet") == 3, "three people without"
    assert [one.kind for one in bare.events].count("no_vest") == 3
