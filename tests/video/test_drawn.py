"""Drawn scenes: what happens in them is found by the rules the demo has for them, without a detector."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely

from app.demo.scenes import CALIBRATED, setup_for
from gis.placing import along_and_left
from gis.shapes import LonLat
from layers.catalogue.sensing import Camera
from tests.conftest import ROOT
from video.analysis import Analyst
from video.drawn.places import PLACES
from video.drawn.scenes import BURNS, CRATE, DARK, FROZEN, PUT_DOWN, SMOKES, TAKEN, TURNED, Scene
from video.drawn.source import CLIP, PACES, Drawing
from video.episodes import Turn
from video.rules.kinds import Needs, kinds
from video.rules.rule import Change
from video.setup import rules_of

AT = datetime(2026, 11, 29, 6, 0, tzinfo=UTC)
RULES = ROOT / "video" / "data" / "scenes"


def seen(name: str, *spans: tuple[float, float], pace: float | None = None) -> list[tuple[str, Turn, float]]:
    """What the demo's rules say of stretches of a scene, looked at as often as in the demo or at a pace."""
    scene, analyst = Scene(name), Analyst(rules=rules_of(RULES / f"{name}.yaml"))
    found: list[Change] = []
    for t in np.concatenate([np.arange(start, ends, 1 / (pace or PACES[name])) for start, ends in spans]).tolist():
        found += analyst.see(t, scene.draw(t, AT + timedelta(seconds=t)))
    return [(one.rule.id, one.turn, one.began) for one in found]


@pytest.mark.parametrize(
    ("name", "rule", "begins", "by"),
    [("yard", "moves", 27.0, 33.0), ("tanks", "fire", BURNS[0], BURNS[0] + 4),
     ("tanks", "smoke", SMOKES[0], SMOKES[0] + 9),
     ("bay", "black", DARK[0], DARK[0] + 8),
     ("gate", "moved", TURNED[0], TURNED[0] + 12), ("bay", "frozen", FROZEN[0], FROZEN[0] + 14)],
)  # fmt: skip
def test_what_happens_in_a_scene_is_found_once_and_nothing_before(
    name: str, rule: str, begins: float, by: float
) -> None:
    found = seen(name, (begins - 7, by))
    assert [(one, turn) for one, turn, _ in found] == [(rule, Turn.RAISED)]
    assert found[0][2] >= begins - 1


def test_a_fire_is_found_and_goes_on_where_less_is_looked_at_for_want_of_time() -> None:
    found = seen("tanks", (BURNS[0] - 7, BURNS[1] - 1), pace=2.0)
    assert [(one, turn) for one, turn, _ in found] == [("fire", Turn.RAISED)]
    assert BURNS[0] - 2 <= found[0][2] <= BURNS[0] + 4


def test_a_dark_camera_is_told_where_a_full_machine_looks_less_than_once_a_second() -> None:
    found = seen("bay", (DARK[0] - 7, DARK[0] + 8), pace=0.8)
    assert [(one, turn) for one, turn, _ in found] == [("black", Turn.RAISED)]


def test_a_crate_left_before_the_exit_is_one_event_that_ends_when_it_is_taken_away() -> None:
    found = seen("exit", (PUT_DOWN - 8, PUT_DOWN + 20), (TAKEN - 5, TAKEN + 20))
    assert [(one, turn) for one, turn, _ in found] == [("exit", Turn.RAISED), ("exit", Turn.ENDED)]


def test_what_stands_in_a_calibrated_scene_stands_on_the_ground_where_it_was_drawn() -> None:
    camera = Camera(code="C1", name="东门", area="990106201", azimuth=200.0, geometry=shapely.Point(121.9, 33.1))
    for scene in CALIBRATED:
        setup = setup_for(scene, camera)
        assert setup.plane is not None
        assert setup.plane.foretold is not None
        assert setup.plane.foretold < 0.2
        assert [one.id for one in setup.rules] == [one.id for one in rules_of(RULES / f"{scene}.yaml")]
        x, y = 1.5, 12.0
        lon, lat, radius = setup.plane.places(PLACES[scene][1].pixels([(x, y, 0.0)]), 2.0)
        ahead, left = along_and_left(LonLat(121.9, 33.1), 200.0, lon, lat)
        assert (ahead[0], -left[0]) == (pytest.approx(y, abs=0.3), pytest.approx(x, abs=0.3))
        assert radius[0] < 1.5
    assert setup_for("gate", camera).plane is None


def test_scenes_are_the_same_from_the_same_seed_marked_and_of_one_size() -> None:
    assert set(PACES) == set(PLACES) == {one.stem for one in RULES.glob("*.yaml")} - {CLIP}
    one, other = (Scene("tanks").draw(61.0, AT) for _ in range(2))
    assert one.shape == (360, 640, 3)
    assert np.array_equal(one, other)
    marked = one[8:32, 8:210].max(axis=2)
    assert (marked > 225).mean() > 0.03, "演示画面 is written there"
    assert CRATE[1] > 0
    opened = Drawing("gate").open()
    assert opened.grab()
    assert opened.retrieve() is not None


def test_every_scene_has_a_rule_that_needs_no_detector() -> None:
    for name in PACES:
        assert any(kinds()[one.kind].needs is Needs.PICTURE for one in rules_of(RULES / f"{name}.yaml")), name
