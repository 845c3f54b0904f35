"""The gate before the detector, graphs of other sizes, and tracks."""

import numpy as np
import pytest

from video.detections import Detections
from video.detectors.resized import resized
from video.gate import Gate
from video.thresholds import threshold, thresholds
from video.tracker import Tracks, followed, stayed

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
