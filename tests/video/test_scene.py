"""Pictures made by hand: what stands, what burns, what veils, and each fault of a camera within fifteen seconds."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from video.detections import Image
from video.rules.reasons import parsed, words
from video.scene.flames import Flames
from video.scene.health import Health, small
from video.scene.left import LeftThings
from video.scene.smoke import Smoke

STEP = 0.2
Noise = np.random.Generator


def street(rng: Noise) -> Image:
    """A street nobody is in: walls, windows, paving."""
    frame = np.full((288, 512, 3), 110, np.uint8)
    for _ in range(120):
        x, y, w, h = rng.integers(0, 500), rng.integers(0, 280), rng.integers(6, 60), rng.integers(6, 40)
        colour = tuple(int(one) for one in rng.integers(40, 200, 3))
        cv2.rectangle(frame, (int(x), int(y)), (int(x + w), int(y + h)), colour, -1)
    return frame


GRAIN = np.random.default_rng(11).normal(0, 2, (8, 288, 512, 3)).astype(np.float32)
"""Eight fields of noise, made once: to draw them costs more than all that is tested here."""


def grain(frame: Image, rng: Noise) -> Image:
    """What a sensor adds."""
    return np.clip(frame + GRAIN[rng.integers(len(GRAIN))], 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("black", lambda frame: np.full_like(frame, 3)),
        ("occluded", lambda frame: np.full_like(frame, 60)),
        ("defocused", lambda frame: cv2.GaussianBlur(frame, (0, 0), 6)),
        ("moved", lambda frame: np.roll(frame, (24, 62), axis=(0, 1))),
    ],
)
def test_a_fault_is_told_within_fifteen_seconds_and_a_good_picture_has_none(
    kind: str, spoil: Callable[[Image], Image]
) -> None:
    rng = np.random.default_rng(7)
    scene, health = street(rng), Health()
    for n in range(60):
        assert health.look(n * STEP, small(grain(scene, rng))) == {}
    spoilt = spoil(scene)
    told = [health.look((60 + n) * STEP, small(grain(spoilt, rng))) for n in range(75)]
    assert all(set(one) <= {kind} for one in told)
    assert sum(kind in one for one in told) > 60
    said = parsed(words(next(one[kind] for one in told if one)))
    (name, measured), (limit, least) = said
    assert float(measured) < float(least), "what was measured stands beside what it was measured against"
    assert "下限" in limit.zh
    assert name.zh != name.en, "a reader meets words, no code"


def caption(frame: Image) -> Image:
    """What recorders write into the picture, time and name."""
    drawn = frame.copy()
    for text, at in (("2026-11-29 20:31:07", (14, 24)), ("Camera 01", (340, 275))):
        cv2.putText(drawn, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1)
    return drawn


def night(n: int) -> Image:
    """Nothing but a flame that moves in the dark."""
    return flame(n % 3, np.full((288, 512, 3), 3, np.uint8))


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("", lambda frame: frame),
        ("black", lambda frame: caption(np.full_like(frame, 4))),
        ("occluded", lambda frame: np.full_like(frame, 60)),
        ("defocused", lambda frame: cv2.GaussianBlur(frame, (0, 0), 7)),
        ("moved", lambda frame: np.roll(frame, (24, 62), axis=(0, 1))),
    ],
)
def test_a_light_in_the_dark_is_no_black_picture_and_is_missed_when_the_camera_is_spoilt(
    kind: str, spoil: Callable[[Image], Image]
) -> None:
    rng, health = np.random.default_rng(7), Health()
    assert all(health.seen(n, small(grain(caption(night(n)), rng))) == {} for n in range(20))
    told = [health.seen(20 + n, small(grain(spoil(caption(night(n))), rng))) for n in range(15)]
    assert {frozenset(one) for one in told[3:]} == {frozenset({kind} if kind else ())}, "once the glow is forgotten"


def test_a_frozen_picture_is_told_after_ten_seconds_and_single_equal_frames_are_not() -> None:
    rng = np.random.default_rng(7)
    scene, health = street(rng), Health()
    for n in range(50):
        frame = small(grain(scene, rng))
        assert health.look(n * STEP, frame) == health.look(n * STEP + 0.1, frame) == {}
    still = [health.look(10 + n * STEP, frame) for n in range(75)]
    assert next(n * STEP for n, one in enumerate(still) if one) == pytest.approx(10, abs=0.6)
    assert set(still[-1]) == {"frozen"}


def looks(see: Callable[[float, Image], object], scene: Callable[[int], Image], count: int) -> list[object]:
    rng = np.random.default_rng(3)
    return [see(n * STEP, grain(scene(n), rng)) for n in range(count)]


def box(frame: Image, at: tuple[int, int], size: tuple[int, int], colour: tuple[int, int, int]) -> Image:
    drawn = frame.copy()
    cv2.rectangle(drawn, at, (at[0] + size[0], at[1] + size[1]), colour, -1)
    return drawn


def test_a_thing_put_down_is_found_where_it_stands_and_light_that_changes_is_none() -> None:
    scene, things = street(np.random.default_rng(7)), LeftThings()

    def later(n: int) -> Image:
        lit = np.clip(scene * (1.25 if n > 30 else 1.0), 0, 255).astype(np.uint8)
        return box(lit, (200, 180), (40, 36), (20, 20, 30)) if n > 60 else lit

    found = looks(lambda at, frame: things.look(at, frame, None), later, 120)
    assert all(one == () for one in found[:60])
    (blob,) = found[-1]  # type: ignore[misc]
    assert blob.box == pytest.approx([200, 180, 240, 216], abs=6)
    assert 61 * STEP <= blob.since <= 61 * STEP + 2.0  # what moves beside it, the thing itself at first, is with it


def test_a_thing_taken_away_is_not_a_thing_left() -> None:
    plain = np.full((288, 512, 3), 120, np.uint8)
    full, things = box(plain, (200, 180), (40, 36), (20, 20, 30)), LeftThings()
    found = looks(lambda at, frame: things.look(at, frame, None), lambda n: full if n < 50 else plain, 100)
    assert all(one == () for one in found)


def flame(n: int, frame: Image) -> Image:
    rng = np.random.default_rng(n)
    drawn = frame.copy()
    for radius, colour in ((16, (40, 110, 240)), (11, (90, 200, 255)), (6, (200, 245, 255))):
        size = radius + int(rng.integers(-5, 6))
        cv2.ellipse(drawn, (256 + int(rng.integers(-3, 4)), 150), (size, int(size * 1.6)), 0, 0, 360, colour, -1)
    return cv2.GaussianBlur(drawn, (5, 5), 0)


def vest(n: int, frame: Image) -> Image:
    return box(frame, (240 + (n % 6), 130), (30, 46), (10, 110, 250))


def car(n: int, frame: Image) -> Image:
    return box(frame, (12 * n % 500, 200), (70, 30), (120, 220, 255))


@pytest.mark.parametrize(("what", "burns"), [(flame, True), (vest, False), (car, False)])
def test_flames_are_told_from_vests_and_lamps_that_pass(what: Callable[[int, Image], Image], burns: bool) -> None:
    scene, flames = street(np.random.default_rng(7)) // 2, Flames()
    found = looks(flames.look, lambda n: what(n, scene), 40)
    assert any(found[:15]) is burns
    assert any(found) is burns


def veil(n: int, frame: Image) -> Image:
    smoke: NDArray[np.float32] = np.zeros(frame.shape[:2], np.float32)
    cv2.circle(smoke, (256, 120), min(110, 3 * max(0, n - 40)), 0.62, -1)
    smoke = cv2.GaussianBlur(smoke, (0, 0), 9)
    return (frame * (1 - smoke[..., None]) + 190 * smoke[..., None]).astype(np.uint8)


def shadow(n: int, frame: Image) -> Image:
    dark = frame.copy()
    if n > 40:
        dark[60:200, 180:330] //= 2
    return dark


def wall(n: int, frame: Image) -> Image:
    return box(frame, (180, 60), (150, 140), (190, 190, 190)) if n > 40 else frame


@pytest.mark.parametrize(("what", "smokes"), [(veil, True), (shadow, False), (wall, False)])
def test_a_veil_is_told_from_shadows_and_from_what_stands_before(
    what: Callable[[int, Image], Image], smokes: bool
) -> None:
    scene, smoke = street(np.random.default_rng(7)), Smoke()
    found = looks(smoke.look, lambda n: what(n, scene), 110)
    assert any(found) is smokes
    assert not any(found[:40])
