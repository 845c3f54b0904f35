"""`onemap alarm` on a data folder: a rule tried on the past writes nothing, an alarm is handled to its end."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from app.cli import command_line
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.errors import ConflictError, FaultsError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.sensing import Sensor
from monitoring.alarms.compiled import compiled
from monitoring.alarms.desk import Desk
from monitoring.alarms.engine import Engine
from monitoring.alarms.rules import points_of
from store.feed import Put
from store.opening import open_store
from store.query import Query
from store.series import READINGS, open_series
from tests.monitoring.park import rule

SENSOR = Sensor(code="A", name="A 液位", kind="level", unit="m", high=8.0, area="990106")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sensor that was high for a minute, an hour ago; its alarm has cleared and nobody has seen it."""
    store = open_store(tmp_path, None, CATALOGUE, utc_now)
    store.commit([Put(layer="sensors", record=SENSOR)], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    begin = utc_now() - timedelta(hours=1)
    times = [begin + timedelta(seconds=60 * n) for n in range(4)]
    given = {
        "layer": ["sensors"] * 4, "key": ["A"] * 4, "element": ["value"] * 4, "at": times,
        "value": [5.0, 8.5, 8.6, 5.0], "quality": [0] * 4,
    }  # fmt: skip
    readings = pa.table(given).cast(READINGS)
    series = open_series(tmp_path / "series", store)
    series.append(readings)
    series.close()
    points = points_of(store.read(CATALOGUE["sensors"], Query(geometry=False), scope=SYSTEM_SCOPE))
    engine = Engine(compiled([rule(limits=("H",))], points), begin)
    Desk(store, utc_now).apply(engine.step(readings.append_column("arrived", readings["at"]), times[-1]).transitions)
    store.close()
    return tmp_path


def run(*words: str) -> str:
    found = CliRunner().invoke(command_line("alarm"), ["alarm", *words], catch_exceptions=False)
    if found.exception is not None:
        raise found.exception
    return found.output


def test_an_alarm_is_listed_acknowledged_and_closed_with_what_was_done(folder: Path) -> None:
    where = ("--data", str(folder))
    code = run("list", *where).split()[0]
    with pytest.raises(ConflictError, match="尚未确认"):
        run("close", code, "--outcome", "已校准", *where)
    assert "已恢复" in run("ack", code, *where)
    assert "命令行" in run("show", code, *where)
    assert "误报" in run("false", code, "--why", "标定气体", *where)
    assert (run("list", *where), code in run("list", "--state", "false", *where)) == ("", True)
    assert "已恢复" in run("unfalse", code, *where)
    assert "已关闭" in run("close", code, "--outcome", "阀门内漏,已更换", *where)
    assert run("list", *where) == ""
    assert code in run("list", "--closed", *where)


def test_a_rule_tried_on_the_past_tells_its_alarms_and_writes_nothing(folder: Path) -> None:
    file = folder / "rule.yaml"
    file.write_text("{code: R2, title: 液位高, kind: limits, points: [A], limits: [H], delay_on: 30}", "utf-8")
    store = open_store(folder, None, CATALOGUE, utc_now)
    head = store.head()
    said = run("replay", str(file), "--days", "1", "--data", str(folder))
    assert "A 高报 8.5 m" in said
    assert "报警 1 次" in said
    assert store.head() == head
    store.close()
    file.write_text("{code: R2, title: 液位高, kind: limits, points: [Z], limits: [Q]}", "utf-8")
    with pytest.raises(FaultsError) as refused:
        run("replay", str(file), "--data", str(folder))
    assert {fault.value for fault in refused.value.faults} == {"Z", "Q"}
