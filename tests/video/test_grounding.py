"""Zones on the ground, and events at the ground point of what fired, of a camera whose own geometry is known."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.video.recording import ANALYST, Recorder
from app.video.setups import TAKEN, Changes, keep_setup, setup_in_force, take_over
from core.clock import utc_now
from core.errors import BadInputError, ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE
from gis.placing import along_and_left, placed
from layers.catalogue import CATALOGUE, VIOLATIONS
from layers.codes import code_list
from store.attachments import Cabinet
from store.opening import open_store
from store.protocol import Store
from tests.video.test_geometry import NORTH, ORIGIN, WEST, Pinhole, clicks
from tests.video.test_recording import camera
from video.analysis import Analyst
from video.episodes import Timing, Turn
from video.grounding import STANDING, Footing, Placed, Trail
from video.grounding import placed as put
from video.messages import Raised
from video.rules.rule import Change, Kind, Rule
from video.setup import Setup, setup_in, setup_of
from video.tracker import Track
from video.zones import Zone

LENS = Pinhole()
SIZE = (1280, 720)
SQUARE = ((15.0, -5.0), (15.0, 5.0), (25.0, 5.0), (25.0, -5.0))
"""Metres north and west."""


def pairs(count: int = 6, noise: float = 0.0) -> list[dict[str, float]]:
    """A calibration as it is written, `noise` metres of the map off at the third pair."""
    off = np.zeros(6)
    off[2] = noise
    found = clicks(LENS, NORTH, WEST, off)[:count]
    told = [{"x": one.x, "y": one.y, "lon": one.place.lon, "lat": one.place.lat} for one in found]
    return [{name: float(value) for name, value in one.items()} for one in told]


def written(**more: object) -> dict[str, object]:
    """A setup with a square on the ground."""
    lon, lat = placed(ORIGIN, 0.0, *np.array(SQUARE).T)
    square = [[float(a), float(b)] for a, b in zip(lon, lat, strict=True)]
    told = {
        "size": list(SIZE), "zones": {"yard": {"ground": square}}, "calibration": pairs(),
        "rules": [{"id": "in", "kind": "intrusion", "zone": "yard"}],
    }  # fmt: skip
    return told | more


@cache
def standing() -> Setup:
    """That setup, checked once."""
    return setup_of(written())


def faults(given: object) -> dict[str, str]:
    with pytest.raises(FaultsError) as refused:
        setup_of(given)
    return {one.field: one.rule.zh for one in refused.value.faults}


@given(st.floats(8.0, 60.0), st.floats(-20.0, 20.0), st.sampled_from([0.5, 1.0, 1.5]))
def test_a_zone_on_the_ground_holds_whose_foot_is_in_it_in_metres_whatever_the_size_of_the_picture(
    north: float, west: float, scale: float
) -> None:
    size = (round(SIZE[0] * scale), round(SIZE[1] * scale))
    zone = standing().zones["yard"].of(size)
    foot = LENS.picture(np.array([north]), np.array([west])) * scale
    edge = shapely.Polygon(SQUARE).exterior.distance(shapely.Point(north, west))
    if edge > 0.1:
        inside = 15 < north < 25 and -5 < west < 5
        assert zone.holds(foot)[0] == inside
        assert shapely.contains_xy(shapely.Polygon(zone.corners), *foot[0]) == inside, "as it is drawn in the picture"


@given(st.integers(0, 2**32 - 1))
def test_a_zone_of_the_picture_lies_on_the_ground_where_its_corners_do_and_comes_back(seed: int) -> None:
    plane = standing().plane
    assert plane is not None
    random = np.random.default_rng(seed)
    pixels = np.column_stack([random.uniform(0, 1280, 8), random.uniform(120, 720, 8)])
    lon, lat, radius = plane.places(pixels)
    there = np.isfinite(lon)
    assert there.tolist() == np.isfinite(radius).tolist()
    np.testing.assert_allclose(plane.pixels(lon[there], lat[there]), pixels[there], atol=0.05)


def test_what_is_written_is_kept_as_it_was_and_every_fault_is_told_at_its_field() -> None:
    setup = setup_of(written())
    assert setup_of(json.loads(setup.text())).text() == setup.text()
    assert yaml.safe_load(setup.yaml()) == json.loads(setup.text()) == written()
    assert "未标定" in faults(written(calibration=[]))["zones.yard"]
    assert "至少标定 4 对点" in faults(written(calibration=pairs(3)))["calibration"]
    assert "第 3 对点偏差最大" in faults(written(calibration=pairs(noise=6.0)))["calibration"]
    assert "画面宽、高" in faults(written(size=None))["size"]
    behind = [[ORIGIN.lon, ORIGIN.lat - 0.001], [ORIGIN.lon + 0.001, ORIGIN.lat - 0.001], [ORIGIN.lon, ORIGIN.lat]]
    assert "后方" in faults(written(zones={"yard": {"ground": behind}}))["zones.yard"]
    rules = [{"id": "a", "kind": "dance", "zone": "yard", "people": 3000, "many": 1}, {"id": "b", "zone": "yard"}]
    told = faults(written(rules=rules))
    assert told["rules.0.kind"].startswith("须为以下之一:intrusion")
    assert (told["rules.0.people"], told["rules.0.many"]) == ("须不大于 1000", "没有这一项")
    assert told["rules.1.kind"] == "必填"
    crossing = {"yard": [[0, 0], [100, 100], [100, 0], [0, 100]], "far": [[0, 0], [9000, 0], [0, 9]]}
    told = faults(written(zones=crossing, rules=[{"id": "b", "kind": "black", "zone": "gate"}]))
    assert "边不相交" in told["zones.yard"]
    assert "1280×720" in told["zones.far.1"]
    assert told["rules.b.zone"] == "须为 yard、far 之一"


def test_a_zone_drawn_on_a_smaller_picture_is_brought_to_the_frames_and_a_changed_rule_forgets_alone() -> None:
    drawn = {"size": [640, 360], "zones": {"half": [[0, 0], [320, 0], [320, 360], [0, 360]]}}
    rules = [{"id": "dark", "kind": "black", "zone": "half", "after_s": 0.5},
             {"id": "still", "kind": "frozen", "zone": "half"}]  # fmt: skip
    analyst = Analyst(rules=setup_of(drawn | {"rules": rules}).rules)
    raised = [change for n in range(20) for change in analyst.see(n / 5, np.full((720, 1280, 3), n % 3, np.uint8))]
    assert [one.rule.id for one in raised if one.turn is Turn.RAISED] == ["dark"]
    assert analyst.rules[0].zone.corners == ((0, 0), (640, 0), (640, 720), (0, 720))
    kept = analyst.memories["still"]
    rules[0]["after_s"] = 2
    assert [one.id for one in analyst.take(setup_of(drawn | {"rules": rules}).rules, None)] == ["dark"]
    assert (analyst.memories["still"], "dark" in analyst.memories) == (kept, False)
    assert analyst.take(setup_of(drawn | {"rules": rules}).rules, None) == []


def change(kind: Kind, *boxes: tuple[float, float, float, float]) -> Change:
    rule = Rule(id="r", kind=kind, zone=Zone(id="z", corners=((0, 0), (9, 0), (9, 9))), timing=Timing())
    return Change(rule=rule, turn=Turn.RAISED, began=1.0, at=2.0, held=2.0, boxes=tuple(map(np.array, boxes)))


def test_an_event_stands_where_its_foot_is_with_what_that_may_be_off_or_the_reason_why_not_is_told() -> None:
    plane = setup_of(written()).plane
    (x, y), (far_x, far_y) = LENS.picture(np.array([20.0, 60.0]), np.array([2.0, 0.0]))
    person, far = (x - 10, y - 60, x + 10, y), (far_x - 3, far_y - 20, far_x + 3, far_y)
    trail = Trail()
    for at, north in ((1.0, 15.0), (2.0, 20.0)):
        (px, py) = LENS.picture(np.array([north]), np.array([2.0]))[0]
        box = np.array([px - 10, py - 60, px + 10, py])
        trail.add(at, [Track(id=1, box=box, pace=np.zeros(2, np.float32), since=1.0, seen=at, hits=(at,), score=0.9,
                             origin=(px, py))])  # fmt: skip
    found = put(change(Kind.INTRUSION, far, person), plane, SIZE, trail, moved=False)
    assert found.how == "ground"
    north, west = along_and_left(ORIGIN, 0.0, [one.lon for one in found.places], [one.lat for one in found.places])
    np.testing.assert_allclose((north[0], west[0]), (20.0, 2.0), atol=0.02)
    assert 0 < found.places[0].radius < found.places[-1].radius
    (way,) = found.ways
    north, _ = along_and_left(ORIGIN, 0.0, [one.lon for one in way], [one.lat for one in way])
    np.testing.assert_allclose(north, (15.0, 20.0), atol=0.02)
    cut, sky = (x, 600.0, x + 20, 720.0), (600.0, 0.0, 640.0, 20.0)
    told = {
        "uncalibrated": put(change(Kind.INTRUSION, person), None, SIZE, trail, moved=False),
        "airborne": put(change(Kind.FIRE, person), plane, SIZE, trail, moved=False),
        "nowhere": put(change(Kind.ABSENCE), plane, SIZE, trail, moved=False),
        "moved": put(change(Kind.INTRUSION, person), plane, SIZE, trail, moved=True),
        "unseen": put(change(Kind.INTRUSION, cut, sky), plane, SIZE, trail, moved=False),
        "unverified": put(change(Kind.INTRUSION, person), setup_of(written(calibration=pairs(4))).plane, SIZE, trail,
                          moved=False),
        "vague": put(change(Kind.INTRUSION, (630.0, 0.0, 650.0, 40.0)), plane, SIZE, trail, moved=False),
    }  # fmt: skip
    assert {how: one.how for how, one in told.items()} == {how: how for how in told}
    assert not any(one.places or one.ways for one in told.values())
    assert {one.code for one in code_list("event_place")} == {"ground", *told}
    assert all(kind not in STANDING for kind in (Kind.FIRE, Kind.SMOKE, Kind.BLACK))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path, None, CATALOGUE, utc_now)
    yield made
    made.close()


def test_an_event_on_the_ground_is_a_row_there_with_its_accuracy_and_the_ways_as_evidence(
    store: Store, tmp_path: Path
) -> None:
    camera(store)
    files = Cabinet(store, tmp_path / "files", utc_now, largest=1_000_000)
    steps = tuple(Footing(lon=121.5 + n / 1e4, lat=33.2, radius=1.5, at=10.0 - n) for n in range(2))
    told = Raised(
        camera="C1", rule="r", kind=Kind.INTRUSION, zone="z", began=5.0, at=10.0, why={}, snapshot=b"\xff\xd8",
        boxes=((1, 2, 3, 4),), place=Placed(how="ground", places=steps[:1], ways=(steps,)),
    )  # fmt: skip
    row = Recorder(store, files, utc_now, monotonic=lambda: 10.0).take(told)
    assert row is not None
    assert (row.geometry, row.accuracy, row.placed) == (shapely.Point(121.5, 33.2), 1.5, "ground")
    kept = {one.record.media_type: one for one in files.of(VIOLATIONS, row.code, scope=SYSTEM_SCOPE)}
    ground = kept.pop("application/geo+json")
    assert list(kept) == ["image/jpeg"]
    point, way = json.loads(ground.path.read_bytes())["features"]
    assert point["properties"]["accuracy_m"] == [1.5]
    assert way["geometry"]["coordinates"] == [[121.5, 33.2], [121.5001, 33.2]]


def test_files_of_the_old_command_are_taken_over_once_and_a_change_is_told_to_the_analysis(
    store: Store, tmp_path: Path
) -> None:
    camera(store)
    laid = tmp_path / "video" / "rules" / "C1.yaml"
    laid.parent.mkdir(parents=True)
    text = yaml.safe_dump(written())
    laid.write_text(text)
    (laid.parent / "C9.yaml").write_text(text)
    assert take_over(store, tmp_path / "video") == ("C1",)
    assert sorted(one.name for one in laid.parent.iterdir()) == [f"C1.yaml{TAKEN}", "C9.yaml"], "C9 is no camera"
    version, first = setup_in_force(store, "C1", SYSTEM_SCOPE)
    assert first is not None
    changes = Changes(store, {"C1": version, "C2": 0})
    assert changes() == ()
    laid.write_text(yaml.safe_dump(written(rules=[])))
    assert take_over(store, tmp_path / "video") == (), "the store's is newer"
    with pytest.raises(ConflictError):
        keep_setup(store, "C1", first, expected=0, actor=ANALYST, reason="t", scope=SYSTEM_SCOPE)
    keep_setup(
        store, "C1", setup_of(written(rules=[])), expected=version, actor=ANALYST, reason="t", scope=SYSTEM_SCOPE
    )
    ((code, now, setup),) = changes()
    assert (code, now, setup.rules, changes()) == ("C1", version + 1, (), ())
    broken = tmp_path / "x.yaml"
    broken.write_text("zones: [")
    with pytest.raises(BadInputError, match="YAML"):
        setup_in(broken)
