"""The demo city keeps reporting while it is served, by the clock it is given."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from app.demo.alive import Rounds, alive, catch_up
from app.demo.histories import samples
from app.demo.history import NAMED, sensor_history, sensor_news
from app.readings import SensorReadings
from app.settings import Settings
from app.wiring import System, assemble
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from dashboards.queries.readings import Readings
from dashboards.queries.weather import weather
from layers.catalogue import CATALOGUE
from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.judging import Judge
from monitoring.alarms.looking_back import LateStretches
from monitoring.alarms.starter import begin
from store.query import EVERYTHING
from store.series import READINGS

START = datetime(2026, 11, 24, 3, 20, 30, tzinfo=UTC)
LOADER = Actor(id="test", name="试", door="cli")


class Watch:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[System, Watch]]:
    watch = Watch()
    system = assemble(Settings(data=tmp_path), watch)
    for name in ("sensors", "weather_stations"):
        table = pq.read_table(samples() / f"{name}.parquet")
        system.store.load(CATALOGUE[name], table, actor=LOADER, reason="test", scope=SYSTEM_SCOPE)
    yield system, watch
    system.close()


def newest(system: System, points: slice) -> datetime:
    layer = CATALOGUE["sensors"]
    keys = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)[layer.key].to_pylist()[points]
    found: datetime = pc.min(system.series.latest(layer, keys, scope=SYSTEM_SCOPE)["at"]).as_py()
    return found


def test_the_named_points_report_each_minute_and_nothing_is_reported_twice(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    assert newest(system, slice(0, NAMED)) == START.replace(second=0)
    before = system.series.stamp()
    catch_up(system)
    assert system.series.stamp() == before
    watch.now += timedelta(minutes=1)
    catch_up(system)
    assert newest(system, slice(0, NAMED)) == START.replace(second=0) + timedelta(minutes=1)
    assert system.series.stamp() != before


def test_every_point_that_works_reports_on_the_hour_so_none_is_stale(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    readings = Readings(system.store, SensorReadings(system.series, CATALOGUE["sensors"]))
    for _ in range(3):
        watch.now += timedelta(minutes=50)
        catch_up(system)
        shown = readings.key_parameters(watch.now, scope=SYSTEM_SCOPE)
        assert shown
        assert not any(row["stale"] for row in shown)
    sensors = system.store.count(CATALOGUE["sensors"], EVERYTHING, scope=SYSTEM_SCOPE)
    fresh = readings.fresh(watch.now, scope=SYSTEM_SCOPE)
    assert fresh is not None
    assert 0.95 * sensors < fresh <= sensors


def test_the_stations_report_every_ten_minutes_through_the_store(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    head = system.store.head()
    watch.now += timedelta(minutes=5)
    catch_up(system)
    assert system.store.head() == head
    watch.now += timedelta(minutes=5)
    catch_up(system)
    assert system.store.head() > head
    entry = system.store.feed(after=head, scope=SYSTEM_SCOPE)[0]
    assert entry.layer == "weather_stations"
    now = weather(system.store, scope=SYSTEM_SCOPE, lang=Lang.ZH, now=watch.now)
    assert now is not None
    assert now["at"].startswith("2026-11-24T11:30" if "+08" in now["at"] else "2026-11-24T03:30")


def test_after_a_long_stop_the_hole_is_kept(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    watch.now += timedelta(days=30)
    catch_up(system)
    layer = CATALOGUE["sensors"]
    key = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)[layer.key].to_pylist()[0]
    at = system.series.read(layer, [key], start=START - timedelta(hours=1), end=watch.now, scope=SYSTEM_SCOPE)["at"]
    assert np.diff(at.to_numpy()).max() == timedelta(days=28) + timedelta(minutes=1)


def test_news_goes_on_where_the_history_ends() -> None:
    sensors = pq.read_table(samples() / "sensors.parquet")
    fine = list(sensor_history(sensors, START))[2]
    news = sensor_news(sensors, START, START + timedelta(minutes=3))
    level = sensors.filter(pc.equal(sensors["kind"], "level"))["code"].to_pylist()

    def last(table: pa.Table, key: str) -> float:
        value: float = table.filter(pc.equal(table["key"], key)).sort_by("at")["value"].to_pylist()[-1]
        return value

    for key in set(level) & set(news["key"].to_pylist()):
        assert abs(last(news, key) - last(fine, key)) < 2.0


def test_the_rounds_end_with_the_server(city: tuple[System, Watch]) -> None:
    system, _ = city

    with alive(system):
        assert any(thread.name == "demo-alive" for thread in threading.enumerate())
    assert not any(thread.name == "demo-alive" for thread in threading.enumerate())


def test_what_a_load_left_is_done_first_and_its_failure_does_not_end_the_rounds(
    city: tuple[System, Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    reported = threading.Event()

    class Noted(Rounds):
        def report(self) -> None:
            done.append("round")
            reported.set()

    def fails() -> None:
        done.append("load")
        raise OSError("the disk is full")

    monkeypatch.setattr("app.demo.alive.Rounds", Noted)
    with alive(city[0], fails, every=0.01):
        assert reported.wait(60)
    assert done[:2] == ["load", "round"]


def test_the_wall_shows_points_that_move_while_people_look(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    readings = Readings(system.store, SensorReadings(system.series, CATALOGUE["sensors"]))
    shown = []
    for _ in range(2):
        found = readings.key_parameters(watch.now, scope=SYSTEM_SCOPE)
        assert found is not None
        shown.append({row["key"]: (row["value"], row["at"]) for row in found})
        watch.now += timedelta(minutes=1)
        catch_up(system)
    assert shown[0].keys() & shown[1].keys()
    assert all(shown[0][key][1] < shown[1][key][1] for key in shown[0].keys() & shown[1].keys())


def test_a_point_past_its_limit_comes_before_those_that_report_by_the_minute(city: tuple[System, Watch]) -> None:
    system, watch = city
    catch_up(system)
    layer = CATALOGUE["sensors"]
    rows = system.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE).to_pylist()
    point = next(row for row in rows[NAMED:] if row["high"] and row["kind"] == "level")
    hourly = pa.table(
        {"layer": [layer.id], "key": [point["code"]], "element": ["value"], "quality": [0]}
        | {"at": [watch.now - timedelta(minutes=20)], "value": [point["high"] + 1.0]}
    )
    system.series.append(hourly.select(READINGS.names).cast(READINGS))
    found = Readings(system.store, SensorReadings(system.series, layer)).key_parameters(watch.now, scope=SYSTEM_SCOPE)
    assert found is not None
    assert found[0]["key"] == point["code"]


def test_in_the_first_minutes_a_handful_of_alarms_comes_in_both_districts_and_no_flood(
    city: tuple[System, Watch],
) -> None:
    """By the starter rules, the same whenever the same minute is lived through."""
    system, watch = city
    begin(system.store, system.clock, actor=LOADER)
    catch_up(system)
    judge = Judge(system.store, system.series, system.clock, LateStretches())
    kept: Queue[pa.Table] = Queue()
    system.inbox.listen(kept.put)
    rounds = Rounds(system)
    raised: list[tuple[float, AlarmRow]] = []
    for seconds in range(5, 605, 5):
        watch.now = START + timedelta(seconds=seconds)
        rounds.report()
        judge.judge([kept.get(timeout=30)])
        judge.advance()
        known = {row.code for _, row in raised}
        raised += [(seconds, one.record) for one in judge.desk.rows() if one.record.code not in known]
    at_once = [row for seconds, row in raised if seconds <= 120]
    assert 3 <= len(at_once) <= 10
    assert len({row.area[:6] for row in at_once}) > 1
    assert len(raised) <= 20
    assert any(row.cleared_at is not None for row in (one.record for one in judge.desk.rows()))
