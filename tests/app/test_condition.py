"""What is wrong between devices and screens: told while it lasts, and a little longer, in an officer's words."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pyarrow as pa
import pytest

from app.monitoring.condition import AWAY, BEGINS, RECENT, SAID, Condition
from app.monitoring.watching import Watching
from core.errors import BusyError
from monitoring.readings import BATCH
from store.turns import open_turn
from tests.app.test_doors import signed_in
from tests.monitoring.plant import NOON, Plant, plant
from tests.monitoring.test_inbox import of
from tests.server import set_server

__all__ = ["plant"]


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def condition(plant: Plant, hand: Hand, tmp_path: Path) -> Iterator[Condition]:
    turn = open_turn(tmp_path, None, "alarms")
    yield Condition(plant.inbox, Watching(plant.store, plant.series, plant.inbox, hand, turn, tmp_path / "mark"), hand)
    turn.release()


def ids(condition: Condition) -> list[str]:
    return [one.id for one in condition.look()]


def test_where_all_is_well_nothing_is_told(condition: Condition, plant: Plant) -> None:
    plant.inbox.offer(of([1.0])).result()
    assert ids(condition) == []


def test_a_broker_is_away_once_it_was_not_there_for_a_while_and_since_when(condition: Condition, hand: Hand) -> None:
    there = True
    condition.broker = lambda: there
    assert ids(condition) == []
    there = False
    hand.pass_by(AWAY - 1)
    assert ids(condition) == []
    hand.pass_by(2)
    (first,) = condition.look()
    assert (first.id, first.since, first.grave) == ("broker", hand.now, True)
    hand.pass_by(40)
    (later,) = condition.look()
    assert later == first
    there = True
    assert ids(condition) == []


def test_readings_that_cannot_be_kept_are_told_for_a_while(condition: Condition, plant: Plant, hand: Hand) -> None:
    assert ids(condition) == []
    broken = of([1.0]).set_column(3, "at", pa.array([None], BATCH.field("at").type))
    with pytest.raises(Exception, match="at"):
        plant.inbox.offer(broken).result()
    assert ids(condition) == ["not-kept"]
    hand.pass_by(RECENT / 2)
    assert ids(condition) == ["not-kept"]
    hand.pass_by(RECENT + 1)
    assert ids(condition) == []


def test_a_full_queue_and_refused_rows_are_told_gravest_first(condition: Condition, plant: Plant) -> None:
    hold, reached = threading.Event(), threading.Event()
    plant.inbox.listen(lambda _: (reached.set(), hold.wait(20)))
    assert ids(condition) == []
    plant.inbox.refused(3)
    plant.inbox.offer(of([1.0]))
    assert reached.wait(20)
    plant.inbox.offer(of([1.0] * 9000, key="P2", start=NOON - timedelta(days=9)))
    with pytest.raises(BusyError):
        plant.inbox.offer(of([2.0] * 9000, key="P2", start=NOON - timedelta(days=19)))
    found = condition.look()
    hold.set()
    assert [(one.id, one.grave) for one in found] == [("full", True), ("refused", False)]
    assert list(SAID).index("full") < list(SAID).index("refused")


def test_a_clock_that_jumps_back_keeps_no_more_looks_than_the_window_needs(condition: Condition, hand: Hand) -> None:
    condition.look()
    hand.pass_by(-86_400)
    for _ in range(200):
        condition.look()
        hand.pass_by(1)
    assert len(condition._looked) <= 2 * RECENT


def test_what_is_told_is_in_both_languages(condition: Condition, plant: Plant) -> None:
    assert ids(condition) == []
    plant.inbox.refused(1)
    (one,) = condition.look()
    told = json.loads(json.dumps(one.as_json()))
    assert told["zh"][0] == "有读数被拒收"
    assert told["en"][0] == "Readings are refused"
    assert BEGINS > 0


def first_condition(address: str, login: str, seconds: float) -> list[dict[str, object]] | None:
    """What the live stream tells of it within so many seconds."""
    with (
        signed_in(address, login) as client,
        client.stream("GET", "/api/live", timeout=httpx.Timeout(10, read=seconds)) as stream,
    ):
        lines = stream.iter_lines()
        beats = 0
        for line in lines:
            if line == "event: condition":
                told: list[dict[str, object]] = json.loads(next(lines).removeprefix("data: "))["wrong"]
                return told
            beats += line == "event: heartbeat"
            if beats > 2:
                return None
    return None


def test_the_live_stream_tells_officers_and_nobody_else(tmp_path: Path) -> None:
    """A server of its own: its broker is one that is not there."""
    with set_server(tmp_path, ONEMAP_MQTT_URL="mqtt://127.0.0.1:9") as address:
        told = first_condition(address, "duty", 30)
        assert told is not None
        assert [one["id"] for one in told] == ["broker"]
        assert first_condition(address, "public", 30) is None
