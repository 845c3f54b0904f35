"""Rules over made looks: who is inside, who is missing, who stays, what was left."""

import numpy as np
import pytest

from core.errors import BadInputError
from video.detections import Detections
from video.episodes import Timing, Turn
from video.look import Blob, Look
from video.rules.rule import Change, Kind, Memory, Rule
from video.rules.watching import watched
from video.tracker import Tracks, followed, stayed
from video.zones import Zone

ROOM = Zone(id="room", corners=((0, 0), (100, 0), (100, 100), (0, 100)))
STEP = 0.2


def person(x: float, foot: float, score: float = 0.9) -> list[float]:
    return [x - 5, foot - 30, x + 5, foot, score]


def found(*people: list[float]) -> Detections:
    rows = np.array(people, np.float32).reshape(-1, 5)
    return Detections(rows[:, :4], rows[:, 4], ("person",) * len(rows))


def events(rule: Rule, seen: list[Detections | None], left: tuple[Blob, ...] = ()) -> list[Change]:
    """What a rule raises and ends over looks five times a second."""
    memories: dict[str, Memory] = {}
    tracks, changes = Tracks(), []
    for n, people in enumerate(seen):
        at = n * STEP
        tracks = tracks if people is None else followed(tracks, at, people)
        look = Look(at=at, size=(200, 200), people=people, tracks=tracks.tracks, left=left)
        memories, new = watched((rule,), memories, look)
        changes += new
    return changes


def rule(kind: Kind, people: int = 1, **timing: float) -> Rule:
    return Rule(id=kind.value, kind=kind, zone=ROOM, timing=Timing(**timing), people=people)


def test_somebody_who_walks_through_the_zone_is_one_intrusion_begun_where_the_foot_came_in() -> None:
    walk = [found(person(-40 + 4 * n, 50)) for n in range(60)]
    raised, over = events(rule(Kind.INTRUSION), walk)
    assert (raised.turn, over.turn) == (Turn.RAISED, Turn.ENDED)
    assert raised.began == pytest.approx(10 * STEP, abs=2 * STEP)
    assert over.held == pytest.approx(36 * STEP, abs=4 * STEP)


def test_a_thing_taken_for_a_person_that_never_moves_is_no_intrusion() -> None:
    rng = np.random.default_rng(1)
    assert events(rule(Kind.INTRUSION), [found(person(50 + rng.normal(0, 0.5), 50)) for _ in range(100)]) == []


def test_two_people_who_change_places_are_one_episode_and_two_tracks() -> None:
    walk = [found(person(10 + 2 * n, 50), person(90 - 2 * n, 60)) for n in range(40)]
    assert [one.turn for one in events(rule(Kind.INTRUSION), walk)] == [Turn.RAISED]


def test_a_post_is_absent_only_once_somebody_was_there() -> None:
    empty, there = found(), found(person(50, 50))
    assert events(rule(Kind.ABSENCE, after=2.0, bridge=0.3, clear=0.3), [empty] * 50) == []
    changes = events(rule(Kind.ABSENCE, after=2.0, bridge=0.3, clear=0.3), [there] * 10 + [empty] * 20 + [there] * 10)
    assert [(one.turn, round(one.began, 1)) for one in changes] == [(Turn.RAISED, 2.0), (Turn.ENDED, 2.0)]


def test_without_a_detector_nobody_is_neither_absent_nor_counted() -> None:
    for kind in (Kind.ABSENCE, Kind.CROWDING, Kind.INTRUSION, Kind.LOITERING):
        assert events(rule(kind, people=0, after=0.0), [None] * 50) == []


def test_a_zone_is_crowded_by_the_middle_count_not_by_one_look() -> None:
    two, three = found(person(20, 50), person(80, 50)), found(person(20, 50), person(50, 50), person(80, 50))
    assert events(rule(Kind.CROWDING, people=2, after=1.0), ([two] * 6 + [three]) * 5) == []
    (raised,) = events(rule(Kind.CROWDING, people=2, after=1.0, clear=10.0), [two] * 10 + [three] * 40)
    assert raised.why == {"people": 3.0, "limit": 2.0}
    assert raised.began == pytest.approx(2.0, abs=0.3)


def test_who_stays_is_loitering_and_who_passes_is_not() -> None:
    passing = [found(person(-10 + 10 * n, 50)) for n in range(14)]
    assert events(rule(Kind.LOITERING, after=5.0), passing) == []
    staying = [found(person(-10 + 10 * min(n, 6), 50 + n % 2)) for n in range(60)]
    (raised,) = events(rule(Kind.LOITERING, after=5.0), staying)
    assert raised.at - raised.began >= 5.0


@pytest.mark.parametrize("kind", [Kind.INTRUSION, Kind.CROWDING, Kind.LOITERING, Kind.ABSENCE])
def test_a_look_in_which_nothing_moved_tells_what_one_that_asks_anew_would(kind: Kind) -> None:
    told = []
    for anew in (True, False):
        memories: dict[str, Memory] = {}
        tracks, people, changes = Tracks(), found(), []
        for n in range(160):  # in, on the edge for a while, over it and back, and out
            at, still = n * STEP, n % 8 > 3
            if still:
                tracks = stayed(tracks, at - STEP, at)
            else:
                people = found(person(60 + 45 * np.sin(n / 12), 50), person(130 - n, 40))
                tracks = followed(tracks, at, people)
            seen = Detections(people.boxes, people.scores, people.names) if anew else people
            look = Look(at=at, size=(200, 200), people=seen, tracks=tracks.tracks, still=still and not anew)
            memories, new = watched((rule(kind, after=1.0, clear=1.0),), memories, look)
            changes += [(one.turn, one.began, one.held, one.why, np.array(one.boxes).tolist()) for one in new]
        told.append((changes, memories[kind.value].entered, memories[kind.value].counts))
    assert told[0] == told[1]
    assert told[0][0]


def test_a_thing_is_left_once_it_stood_as_long_as_the_rule_says() -> None:
    thing = (Blob(box=np.array([40, 40, 60, 60], np.float32), since=0.0),)
    (raised,) = events(rule(Kind.LEFT_OBJECT, after=3.0), [found()] * 30, thing)
    assert (raised.began, round(raised.at, 1)) == (0.0, 3.0)


@pytest.mark.parametrize("corners", [((0, 0), (1, 1)), ((0, 0), (10, 10), (10, 0), (0, 10)), ((0, 0), (5, 5), (9, 9))])
def test_a_zone_that_is_no_area_is_refused(corners: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(BadInputError, match="多边形"):
        Zone(id="z", corners=corners)
