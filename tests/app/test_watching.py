"""Readings that come in are judged beside the inbox: alarms are rows soon after, whatever happens to the judging."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

import app.monitoring.watching as watching
from app.monitoring.watching import Judging, Watching
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Sensitivity
from layers.catalogue.alarms import ALARMS, AlarmInhibition, AlarmRow, AlarmRule
from layers.catalogue.sensing import Sensor
from layers.record import Record
from monitoring.inbox import Inbox
from monitoring.readings import batch
from monitoring.register import Register
from store.feed import Put
from store.query import EVERYTHING
from store.rows import record_of
from store.series import open_series
from store.turns import FileTurn
from tests.blank import blank_city
from tests.conftest import ROOT

WITHIN = 60
"""Seconds until it is given up that an alarm still comes; none of the tests waits so long when it goes well."""


class Town:
    """A store, a series, an inbox and the judging of one folder, by the real time."""

    def __init__(self, folder: Path) -> None:
        self.store = blank_city(folder / "city.gpkg", utc_now)
        self.series = open_series(folder / "series", self.store)
        self.inbox = Inbox(self.series, Register(self.store), utc_now)
        turn = FileTurn(folder / "alarms.lock")
        self.watching = Watching(self.store, self.series, self.inbox, utc_now, turn, folder / "judged")

    def put(self, layer: str, *records: Record) -> None:
        edits = [Put(layer=layer, record=record) for record in records]
        self.store.commit(edits, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)

    def report(self, value: float, point: str = "A", at: datetime | None = None) -> None:
        rows = {"layer": ["sensors"], "key": [point], "element": ["value"], "at": [at or utc_now()]}
        rows |= {"value": [value], "quality": pa.array([0], pa.int8())}
        self.inbox.offer(batch(pa.table(rows), source="test", arrived=utc_now())).result()

    def alarms(self) -> dict[tuple[str, str], AlarmRow]:
        found = self.store.read(ALARMS, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
        records = [record_of(ALARMS, row, SYSTEM_SCOPE) for row in found]
        return {(row.point, row.condition): row for row in records if isinstance(row, AlarmRow)}

    def wait(self, done: Callable[[], bool]) -> None:
        """Until something is true, looked at whenever something is written, and each second besides."""
        moved = threading.Event()
        stop = self.store.watch(lambda _: moved.set())
        try:
            for _ in range(WITHIN):
                if done():
                    return
                moved.wait(1)
                moved.clear()
        finally:
            stop()
        raise AssertionError(f"not within {WITHIN} s; {self.watching.told()}; {self.alarms()}")

    def judges(self) -> bool:
        return self.watching.told().state is Judging.JUDGING

    def close(self) -> None:
        self.inbox.stop()
        self.series.close()
        self.store.close()


def tank(code: str) -> Sensor:
    return Sensor(
        code=code, name=f"{code} 液位", kind="level", unit="m", enterprise="E1", low=2.0, high=8.0, range_low=0.0,
        range_high=100.0, interval_seconds=10, area="990106001", geometry=shapely.Point(121.8, 33.1),
        sensitivity=Sensitivity.INTERNAL,
    )  # fmt: skip


def high(**given: object) -> AlarmRule:
    rule = {"code": "high", "title": "液位高", "kind": "limits", "state": "in_force", "sensor_kind": "level"}
    return AlarmRule.model_validate(rule | given)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    town.put("sensors", tank("A"), tank("B"))
    town.put("alarm_rules", high())
    yield town
    town.close()


@contextmanager
def judged(town: Town) -> Iterator[None]:
    with town.watching.run():
        town.wait(town.judges)
        yield


def test_a_reading_beyond_its_limit_is_an_alarm_and_one_within_clears_it(town: Town) -> None:
    with judged(town):
        town.report(9.0)
        town.wait(lambda: ("A", "H") in town.alarms())
        town.report(5.0)
        town.wait(lambda: town.alarms()["A", "H"].state == "cleared")
    assert town.watching.told().judged == 2


def test_a_rule_that_is_edited_takes_effect_and_what_it_let_stand_is_judged_by_it(town: Town) -> None:
    with judged(town):
        town.report(9.0)
        town.wait(lambda: ("A", "H") in town.alarms())
        town.put("alarm_rules", high(high=9.5))
        town.wait(lambda: town.alarms()["A", "H"].state == "cleared")
        town.report(9.6)
        town.wait(lambda: town.alarms()["A", "H"].state == "raised")
        town.put("alarm_rules", high(state="withdrawn"))
        town.wait(lambda: town.alarms()["A", "H"].state == "cleared")


def test_a_point_that_is_worked_at_is_quiet_and_the_others_are_not(town: Town) -> None:
    now = utc_now()
    work = AlarmInhibition(
        code="I1", points=("A",), starts=now - timedelta(hours=1), ends=now + timedelta(hours=1), who="李四", why="检修"
    )
    with judged(town):
        town.put("alarm_inhibitions", work)
        town.wait(lambda: town.watching.told().rules_read == 2)
        town.report(9.0)
        town.report(9.0, "B")
        town.wait(lambda: ("B", "H") in town.alarms())
        assert set(town.alarms()) == {("B", "H")}


def test_what_found_no_room_is_counted_and_read_again_from_the_series(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_WAITING", 0)
    with judged(town):
        town.report(9.0)
        town.wait(lambda: ("A", "H") in town.alarms() and town.judges())
    told = town.watching.told()
    assert (told.dropped, told.restarts, told.judged) == (1, 1, 0)


def test_late_readings_are_looked_at_again_beside_the_judging(town: Town) -> None:
    with judged(town):
        begun = utc_now() - timedelta(hours=2)
        for minutes, value in ((0, 5.0), (1, 9.0), (2, 5.0)):
            town.report(value, at=begun + timedelta(minutes=minutes))
        town.wait(lambda: ("A", "H") in town.alarms())
    found = town.alarms()["A", "H"]
    assert (found.state, found.late, found.raised_at) == ("closed", True, begun + timedelta(minutes=1))


def test_a_second_process_does_not_judge_until_the_first_is_gone(town: Town, tmp_path: Path) -> None:
    first = FileTurn(tmp_path / "alarms.lock")
    assert first.held()
    with town.watching.run():
        town.wait(lambda: town.watching.told().state is Judging.ELSEWHERE)
        town.report(9.0)
        first.release()
        town.wait(lambda: ("A", "H") in town.alarms())


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.app.test_watching import Town, judged

town = Town(Path(sys.argv[1]))
with judged(town):
    town.report(9.0)
    town.wait(lambda: ("A", "H") in town.alarms())
    town.store.commit = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
    town.report(9.0, "B")
    town.wait(lambda: False)
"""


def test_what_was_kept_and_not_yet_told_when_the_process_died_is_told_once(town: Town, tmp_path: Path) -> None:
    """Killed between the reading and its row; then the rest of the day's readings bring nothing twice."""
    town.series.close()
    died = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, env=dict(os.environ), check=False)
    assert died.returncode == -signal.SIGKILL
    again = Town(tmp_path)
    assert set(again.alarms()) == {("A", "H")}
    try:
        with judged(again):
            assert set(again.alarms()) == {("A", "H"), ("B", "H")}
            again.report(9.0)
            again.report(5.0, "B")
            again.wait(lambda: again.alarms()["B", "H"].state == "cleared")
            found = again.alarms()
            assert found["A", "H"].raises == found["B", "H"].raises == 1
            assert again.store.count(ALARMS, EVERYTHING, scope=SYSTEM_SCOPE) == 2
    finally:
        again.close()


def test_after_a_long_stop_what_nobody_judged_is_told_as_of_then(town: Town, tmp_path: Path) -> None:
    begun = utc_now() - timedelta(hours=3)
    (tmp_path / "judged").write_text(begun.isoformat())
    town.report(9.0, at=begun + timedelta(minutes=1))
    town.report(5.0, at=begun + timedelta(minutes=2))
    with judged(town):
        town.wait(lambda: ("A", "H") in town.alarms())
    assert town.alarms()["A", "H"].late
    assert datetime.fromisoformat((tmp_path / "judged").read_text().strip()) > datetime.now(UTC) - timedelta(minutes=5)
