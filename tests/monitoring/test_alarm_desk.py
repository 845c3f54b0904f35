"""Alarms in the store, on both engines: rows and entries, who may see and act, and the same state after a restart."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from core.actors import Actor
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue.alarms import ALARMS, AlarmRow
from layers.catalogue.sensing import SENSORS
from layers.filters import Compare, Op
from monitoring.alarms.compiled import Compiled, compiled
from monitoring.alarms.desk import OPEN, Desk
from monitoring.alarms.engine import Engine
from monitoring.alarms.machine import TRANSITIONS
from monitoring.alarms.replaying import rebuilt, replayed, second_look
from monitoring.alarms.rules import POINT_FIELDS, points_of
from store.protocol import Store
from store.query import Query
from store.series import READINGS, Series, open_series
from tests.monitoring.conftest import Hands
from tests.monitoring.park import START, Row, batch, moment, point, rule

OFFICER = Actor(id="li", name="李四", door="page")
OTHER = Actor(id="wang", name="王五", door="page")
TOWN = Scope(areas=("990106001",), clearance=Sensitivity.INTERNAL, writable=frozenset({"alarms"}))
RULES = (
    rule("high", sensor_kind="level", limits=("H", "HH"), delay_off=20),
    rule("mute", kind="silence", sensor_kind="level", silence=100),
    rule("both", kind="combination", terms=("A H", "B H"), level=1, delay_on=15),
)


def rules_in(store: Store) -> Compiled:
    table = store.read(SENSORS, Query(fields=POINT_FIELDS, geometry=False), scope=SYSTEM_SCOPE)
    made = compiled(RULES, points_of(table))
    assert not made.left_out
    return made


def rows(desk: Desk) -> dict[tuple[str, str, str], AlarmRow]:
    return {(x.record.rule, x.record.point, x.record.condition): x.record for x in desk.rows()}


def kept(series: Series, readings: list[Row]) -> pa.Table:
    table = batch(readings)
    columns = {"layer": ["sensors"] * len(readings), "element": ["value"] * len(readings)}
    columns |= {name: table[name] for name in ("key", "at", "value", "quality")}
    series.append(pa.table([columns[name] for name in READINGS.names], names=READINGS.names).cast(READINGS))
    return table


def raised(store: Store, hands: Hands, *readings: Row) -> tuple[Engine, Desk]:
    engine, desk = Engine(rules_in(store), START), Desk(store, hands)
    desk.apply(engine.step(batch(readings), hands.to(readings[-1][4])).transitions)
    return engine, desk


def test_an_episode_is_a_row_of_its_place_and_each_change_one_entry(any_city: Store, hands: Hands) -> None:
    before = any_city.head()
    engine, desk = raised(any_city, hands, ("A", 1, 8.5, 0, 1), ("A", 2, 9.5, 0, 2))
    found = rows(desk)["high", "A", "H"]
    assert (found.state, found.value, found.limit, found.unit) == ("raised", 8.5, 8.0, "m")
    assert (found.enterprise, found.site, found.area) == ("E1", "S1", "990106001")
    assert found.title == "A 液位 高报"
    assert found.geometry is not None
    assert any_city.head() == before + 2
    lines = [("A", 3, 5.0, 0, 3), ("A", 30, 5.0, 0, 30)]
    entries = desk.apply(engine.step(batch(lines), hands.to(30)).transitions)
    assert len(entries) == 2
    assert rows(desk)["high", "A", "H"].cleared_at == moment(30)
    assert rows(desk)["high", "A", "H"].extreme == 9.5
    assert not any_city.verify().findings


def test_of_two_who_acknowledge_at_once_the_second_is_told(any_city: Store, hands: Hands) -> None:
    _, desk = raised(any_city, hands, ("A", 1, 8.5, 0, 1))
    (alarm,) = desk.rows(scope=TOWN)
    done = desk.acknowledge(alarm.record.code, alarm.version, actor=OFFICER, scope=TOWN)
    assert (done.record.acknowledged_by, done.version) == ("李四", alarm.version + 1)
    with pytest.raises(ConflictError, match="李四"):
        desk.acknowledge(alarm.record.code, alarm.version, actor=OTHER, scope=TOWN)
    with pytest.raises(ConflictError):
        desk.shelve(
            alarm.record.code, alarm.version, why="检修", until=moment(600), actor=OTHER, scope=TOWN
        )  # fmt: skip


def test_what_many_alarms_become_at_once_never_covers_what_somebody_did_meanwhile(
    any_city: Store, hands: Hands
) -> None:
    _, desk = raised(any_city, hands, ("A", 1, 8.5, 0, 1))
    layer, head = any_city.catalogue[ALARMS.id], any_city.head()
    before = any_city.read(layer, Query(), scope=SYSTEM_SCOPE)
    (alarm,) = desk.rows()
    desk.acknowledge(alarm.record.code, alarm.version, actor=OFFICER, scope=TOWN)
    columns = [name for name in before.column_names if not name.startswith("_")]
    with pytest.raises(ConflictError):
        any_city.load(layer, before.select(columns), actor=OTHER, reason="test", scope=SYSTEM_SCOPE, at_head=head)
    assert desk.rows()[0].record.acknowledged_by == "李四"


def test_rights_go_by_area_and_enterprise_as_for_every_layer(city: Store, hands: Hands) -> None:
    _, desk = raised(city, hands, ("A", 1, 8.5, 0, 1), ("C", 1, 8.5, 0, 1))
    (theirs,) = (found for found in desk.rows() if found.record.point == "C")
    with pytest.raises(NotFoundError):
        desk.acknowledge(theirs.record.code, theirs.version, actor=OFFICER, scope=TOWN)
    reader = Scope(areas=("",), clearance=Sensitivity.INTERNAL)
    with pytest.raises(ForbiddenError):
        desk.acknowledge(theirs.record.code, theirs.version, actor=OFFICER, scope=reader)
    firm = Scope(areas=("",), clearance=Sensitivity.INTERNAL, enterprises=frozenset({"E9"}))
    assert desk.rows(scope=firm) == []


def test_the_life_of_an_alarm_is_its_versions(city: Store, hands: Hands) -> None:
    engine, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    (alarm,) = desk.rows()
    code = alarm.record.code
    hands.to(5)
    desk.shelve(code, 1, why="仪表校准", until=moment(3600), actor=OFFICER, scope=TOWN)
    hands.to(3700)
    assert len(desk.tick()) == 1
    lines = [("A", n, 5.0, 0, n) for n in (3690.0, 3715.0)]
    desk.apply(engine.step(batch(lines), hands.to(3720)).transitions)
    desk.acknowledge(code, 4, actor=OFFICER, scope=TOWN)
    desk.close(code, 5, outcome="误报,已校准", actor=OFFICER, scope=TOWN)
    states = [desk.rows(Compare("code", Op.EQ, code))[0].record.state]
    assert states == ["closed"]
    assert len(city.versions(city.catalogue[ALARMS.id], code, scope=SYSTEM_SCOPE)) == 6


def test_what_comes_after_a_false_alarm_is_another_and_withdrawn_it_is_open_beside_it(
    city: Store, hands: Hands
) -> None:
    engine, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    (alarm,) = desk.rows()
    code = alarm.record.code
    desk.acknowledge(code, 1, actor=OFFICER, scope=TOWN)
    desk.declare_false(code, 2, why="标定气体", actor=OFFICER, scope=TOWN)
    assert [one.record.state for one in desk.rows(OPEN)] == ["false"]  # its point is still beyond the limit
    lines = [("A", 3, 5.0, 0, 3), ("A", 30, 5.0, 0, 30)]
    desk.apply(engine.step(batch(lines), hands.to(30)).transitions)
    assert (desk.rows()[0].record.state, desk.rows(OPEN)) == ("false", [])
    desk = Desk(city, hands)  # whoever judges after a restart knows it from the rows alone
    desk.apply(engine.step(batch([("A", 40, 8.7, 0, 40)]), hands.to(40)).transitions)
    (second,) = desk.rows(OPEN)
    assert (second.record.raises, second.record.code == code) == (1, False)
    desk.withdraw_false(code, 4, actor=OTHER, scope=TOWN)
    desk = Desk(city, hands)
    desk.apply(engine.step(batch([("A", 50, 5.0, 0, 50), ("A", 75, 5.0, 0, 75)]), hands.to(75)).transitions)
    found = {one.record.code: one.record for one in desk.rows(OPEN)}
    assert {one: (row.state, row.cleared_at) for one, row in found.items()} == {
        code: ("cleared", moment(30)), second.record.code: ("cleared", moment(75)),
    }  # fmt: skip
    told = city.feed(after=0, scope=SYSTEM_SCOPE, layers=frozenset({ALARMS.id}), limit=50)
    said = [(one.actor.partition(":")[0], one.reason.partition(" ")[0]) for one in told if one.key == code][-3:]
    assert [words for _, words in said] == ["误报", "报警判定", "撤销误报"]
    assert not city.verify().findings


def test_a_false_alarm_whose_rule_is_withdrawn_does_not_stand_for_ever(city: Store, hands: Hands) -> None:
    _, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    code = desk.rows()[0].record.code
    desk.acknowledge(code, 1, actor=OFFICER, scope=TOWN)
    desk.declare_false(code, 2, why="标定气体", actor=OFFICER, scope=TOWN)
    desk.release(compiled([RULES[1]], points_of(city.read(SENSORS, Query(geometry=False), scope=SYSTEM_SCOPE))))
    (found,) = desk.rows()
    assert (found.record.state, found.record.cleared_at) == ("false", hands())


def test_who_does_not_answer_is_passed_over_and_the_time_of_it_kept(city: Store, hands: Hands) -> None:
    _, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    hands.to(500)
    assert desk.tick() == ()
    hands.to(700)
    desk.tick()
    assert [(x.record.told, x.record.told_at) for x in desk.rows()] == [("town", moment(601))]


def test_alarms_of_a_site_close_in_time_are_a_group_with_one_first_out(city: Store, hands: Hands) -> None:
    _, desk = raised(city, hands, ("A", 1, 8.5, 0, 1), ("C", 2, 8.5, 0, 2), ("B", 30, 8.5, 0, 30))
    found = rows(desk)
    first, second, other = (found["high", point, "H"] for point in "ABC")
    assert (first.group, first.first_out, second.group, second.first_out) == (first.code, True, first.code, False)
    assert (other.group, other.first_out) == (other.code, True)


def test_a_standing_alarm_of_a_point_that_went_bad_says_so(city: Store, hands: Hands) -> None:
    engine, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    desk.apply(engine.step(batch([("A", 2, 5.0, 2, 2)]), hands.to(2)).transitions)
    assert rows(desk)["high", "A", "H"].unknown_since == moment(2)
    desk.apply(engine.step(batch([("A", 3, 8.5, 0, 3)]), hands.to(3)).transitions)
    assert rows(desk)["high", "A", "H"].unknown_since is None


def test_a_rule_withdrawn_leaves_no_alarm_that_nothing_would_clear(city: Store, hands: Hands) -> None:
    _, desk = raised(city, hands, ("A", 1, 8.5, 0, 1))
    desk.release(compiled([RULES[1]], points_of(city.read(SENSORS, Query(geometry=False), scope=SYSTEM_SCOPE))))
    assert [found.record.state for found in desk.rows()] == ["cleared"]


def test_a_flood_of_new_alarms_is_one_entry_and_the_rows_are_the_same(city: Store, hands: Hands) -> None:
    desk, few = Desk(city, hands), 60
    turns = [
        {
            "rule": f"R{n}", "point": "A", "condition": "H", "level": 3, "at": moment(n),
            "from": "normal", "to": "raised",
            "value": 8.5, "extreme": 8.5, "limit": 8.0, "unit": "m", "cause": "limit", "inhibition": "",
        }
        for n in range(few)
    ]  # fmt: skip
    assert len(desk.apply(pa.Table.from_pylist(turns, schema=TRANSITIONS))) == 1
    assert desk.apply(pa.Table.from_pylist(turns, schema=TRANSITIONS)) == ()
    flooded = rows(desk)
    other = Desk(city, hands)
    other.apply(pa.Table.from_pylist([turns[0] | {"rule": "alone"}], schema=TRANSITIONS))
    alone = rows(other)["alone", "A", "H"]
    same = flooded["R0", "A", "H"].model_dump(exclude={"code", "rule", "group", "first_out", "geometry"})
    assert same == alone.model_dump(exclude={"code", "rule", "group", "first_out", "geometry"})
    assert flooded["R0", "A", "H"].geometry.equals(alone.geometry)
    assert sum(row.first_out for row in flooded.values()) == 1


def test_the_alarm_of_a_gateway_says_how_many_points_are_silent_and_which_was_first(city: Store, hands: Hands) -> None:
    desk = Desk(city, hands)
    turn = {
        "rule": "mute", "point": "A", "condition": "link", "level": 3, "at": moment(9), "from": "normal",
        "to": "raised", "value": 12.0, "extreme": 12.0, "limit": 8.0, "unit": "个", "cause": "silence", "first": "B",
    }  # fmt: skip
    desk.apply(pa.Table.from_pylist([turn], schema=TRANSITIONS))
    row = rows(desk)["mute", "A", "link"]
    assert (row.title, row.value, row.area) == ("网关失联:12 个测点同时无数据,首报 B 液位", 12.0, "990106001")
    desk.apply(pa.Table.from_pylist([turn | {"at": moment(20), "from": "raised", "to": "normal"}], schema=TRANSITIONS))
    assert rows(desk)["mute", "A", "link"].state == "cleared"


def test_after_a_restart_a_gateway_that_was_silent_is_so_until_its_points_are_heard() -> None:
    made = compiled(
        [rule("S", kind="silence", points=("A", "B", "C"), silence=20, link_share=60, link_gather=10)],
        {code: point(code, link="G") for code in "ABC"},
    )
    engine = Engine(made, moment(100))
    engine.put_back({("S", "A", "link", ""): (True, moment(21), 3.0)}, {}, moment(100))
    assert {one[2] for one in engine.raised()} == {"link"}
    assert engine.advance(moment(300)).transitions.num_rows == 0
    back = engine.step(batch([("A", 301, 5.0, 0, 301), ("B", 302, 5.0, 0, 302)]), moment(302)).transitions
    back = pa.concat_tables([back, engine.advance(moment(330)).transitions])
    found = [(row["point"], row["condition"], row["to"], row["at"]) for row in back.to_pylist()]
    assert found[0] == ("A", "link", "normal", moment(302))
    assert ("C", "silence", "raised", moment(312)) in found


STORY: list[Row] = [
    ("A", 1, 8.5, 0, 1), ("B", 5, 8.6, 0, 5), ("A", 11, 9.2, 0, 11), ("B", 15, 8.6, 0, 15), ("A", 21, 8.4, 0, 21),
    ("B", 25, 5.0, 0, 25), ("A", 31, 5.0, 2, 31), ("A", 41, 8.1, 0, 41), ("B", 60, 5.0, 0, 60), ("A", 75, 5.0, 0, 75),
    ("C", 80, 5.0, 0, 80), ("A", 90, 8.8, 0, 90), ("B", 100, 5.0, 0, 100), ("A", 120, 5.0, 0, 120),
    ("A", 145, 5.0, 0, 145), ("B", 230, 8.9, 0, 230), ("C", 231, 5.0, 0, 231), ("A", 240, 5.0, 0, 240),
]  # fmt: skip


@pytest.mark.parametrize("cut", [3, 9, 16])
def test_after_a_restart_rows_and_readings_give_the_same_state(
    city: Store, hands: Hands, tmp_path: Path, cut: int
) -> None:
    rules, series = rules_in(city), open_series(tmp_path / "series", city)
    whole, told = Engine(rules, START), []
    desk, engine = Desk(city, hands), Engine(rules, START)
    for n, row in enumerate(STORY):
        reading = kept(series, [row])
        told.append(whole.step(reading, moment(row[4])).transitions)
        now = hands.to(row[4])
        if n == cut:  # the process died after the reading was kept and before anybody was told of it
            desk = Desk(city, hands)
            engine, untold = rebuilt(rules, desk, series, now)
            desk.apply(untold)
        else:
            desk.apply(engine.step(reading, now).transitions)
    assert engine.raised() == whole.raised()
    assert engine.unknown() == whole.unknown()
    one = replayed(rules, batch(STORY), START, moment(240))
    expected = {(x["rule"], x["point"], x["condition"]): x["raised_at"] for x in one.to_pylist()}
    assert {line: row.last_raised_at for line, row in rows(desk).items()} == expected
    standing = {line for line, row in rows(desk).items() if row.cleared_at is None}
    assert standing == {identity[:3] for identity in whole.raised()}
    series.close()


def test_late_readings_open_a_closed_episode_of_the_past_and_leave_the_present(
    city: Store, hands: Hands, tmp_path: Path
) -> None:
    rules, series = rules_in(city), open_series(tmp_path / "series", city)
    desk, engine = Desk(city, hands), Engine(rules, START)
    now = hands.to(2000)
    engine.step(kept(series, [("A", 0, 5.0, 0, 0), ("A", 2000, 5.0, 0, 2000)]), now)
    late = kept(
        series, [("A", 500, 8.5, 0, 2001), ("A", 510, 9.5, 0, 2001), *(("A", n, 5.0, 0, 2001) for n in (520, 545))]
    )
    step = engine.step(late, hands.to(2001))
    for _ in range(2):  # looked at again it is the same episode
        desk.add_late(second_look(rules, series, step.late, hands()).to_pylist())
    found = rows(desk)
    high = found["high", "A", "H"]
    assert (high.raised_at, high.cleared_at, high.state, high.late) == (moment(500), moment(545), "closed", True)
    assert high.extreme == 9.5
    assert len([one for one in desk.rows() if one.record.condition in ("H", "HH")]) == 2
    assert "high" not in {line[0] for line in engine.raised()}
    assert high.closed_at - high.raised_at > timedelta(seconds=1000)
    series.close()
