from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from monitoring.risk.compound import SIGNALS, compounds, declared, gas_rising
from monitoring.simulate import EventKind, Simulator, event, made_up
from monitoring.simulate.simulator import microseconds

NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NORTH = 1 / 110_900
"""A metre, in degrees of latitude about there."""


def signals(*rows: dict[str, Any]) -> pa.Table:
    usual = {"enterprise": "A", "lon": 121.7, "lat": 33.1, "from": NOON - 30 * MINUTE, "to": None}
    return pa.Table.from_pylist([usual | row for row in rows], schema=SIGNALS)


WORK = {"signal": "hot_work", "code": "T1"}
GAS = {"signal": "gas_rising", "code": "P3", "lat": 33.1 + 40 * NORTH, "from": NOON - 8 * MINUTE}
PERSON = {"signal": "person", "code": "C5", "lat": 33.1 - 20 * NORTH, "from": NOON - 3 * MINUTE, "to": NOON - MINUTE}


def test_hot_work_rising_gas_and_people_together_are_said_with_their_cause() -> None:
    (found,) = compounds(signals(WORK, GAS, PERSON), NOON)
    assert (found.condition.id, found.condition.level, found.enterprise) == ("hot_work_gas_person", 1, "A")
    assert found.since == NOON - 3 * MINUTE
    assert found.sources == ("T1", "P3", "C5")
    assert found.cause.zh == "动火作业区气体上升且有人:动火作业 T1 正在进行,50 米内气体浓度上升(P3),30 米内有人员(C5)"
    assert found.cause.en.endswith(
        "hot work T1 is under way; gas is rising within 50 m (P3); people are within 30 m (C5)"
    )


def test_any_of_them_missing_too_far_or_long_gone_says_nothing() -> None:
    far = {**GAS, "lat": 33.1 + 60 * NORTH}
    gone = {**PERSON, "to": NOON - 6 * MINUTE}
    over = {**WORK, "to": NOON}
    later = {**PERSON, "from": NOON + MINUTE, "to": None}
    for given in (
        (WORK, GAS),
        (GAS, PERSON),
        (WORK, far, PERSON),
        (WORK, GAS, gone),
        (over, GAS, PERSON),
        (WORK, GAS, later),
    ):
        assert compounds(signals(*given), NOON) == []


def test_what_needs_no_nearness_holds_anywhere_and_the_gravest_comes_first() -> None:
    storm = {"signal": "weather", "code": "W1", "lon": None, "lat": None}
    tank = {"signal": "level_alarm", "code": "P9"}
    alarm = {**GAS, "signal": "gas_alarm"}
    found = compounds(signals(tank, storm, WORK, alarm), NOON)
    assert [one.condition.id for one in found] == ["hot_work_gas", "level_weather"]
    many = compounds(signals(WORK, *({**alarm, "code": f"P{n}"} for n in range(8))), NOON)
    assert "P4等 8 处" in many[0].cause.zh


def test_a_leak_is_seen_rising_before_its_alarm_and_quiet_detectors_are_not() -> None:
    park = made_up(400)
    leak = event(park, EventKind.LEAK, "S0000003", microseconds(NOON), microseconds(NOON + 30 * MINUTE), size=1.2)
    readings = Simulator(park=park, events=(leak,)).batch(NOON - 20 * MINUTE, NOON + 2 * MINUTE)
    columns = {"code": park.keys, "enterprise": park.enterprises, "kind": park.kinds, "high": park.limits["high"],
               "lon": park.lon, "lat": park.lat}  # fmt: skip
    sensors = pa.table({name: pa.array(column.tolist(), from_pandas=True) for name, column in columns.items()})
    assert gas_rising(readings, sensors, NOON - MINUTE).num_rows == 0
    risen = gas_rising(readings, sensors, NOON + 2 * MINUTE)
    assert risen["code"].to_pylist()[0] == "S0000003"
    assert set(risen["enterprise"].to_pylist()) == {"SIM00000"}
    work = {**WORK, "lon": park.lon[3], "lat": park.lat[3]}
    person = {**PERSON, "lon": park.lon[3], "lat": park.lat[3], "to": None}
    (held, *_) = compounds(pa.concat_tables([signals(work, person), risen]), NOON + 2 * MINUTE)
    assert "S0000003" in held.cause.zh


def test_conditions_say_that_they_are_ours() -> None:
    assert "本系统" in declared().source.zh
