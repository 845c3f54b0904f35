"""The engine: single claims by name, and the whole of it against the slow reference under any cutting into batches."""

import itertools
import math

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.catalogue.alarms import AlarmInhibition
from monitoring.alarms.compiled import Compiled, compiled, micros
from monitoring.alarms.engine import Engine, by_point
from monitoring.alarms.rules import Point
from monitoring.readings import BATCH
from tests.monitoring.park import POINTS, START, Row, batch, moment, point, rule, told
from tests.monitoring.reference import Reference

WORK = AlarmInhibition(
    code="W1", points=("B",), starts=moment(30), ends=moment(60), permit="DH-1", who="张三", why="动火作业"
)
LINKED = {code: point(code, link="G") for code in "ABC"}
RULES = compiled(
    [
        rule("now", points=("A", "B")),
        rule("slow", points=("A", "B"), limits=("H", "L"), dead_band=0.5, delay_on=10, delay_off=10),
        rule("rate", kind="rate", points=("A",), rate_up=12, rate_down=12, rate_window=20, dead_band=3),
        rule("mute", kind="silence", points=("A", "C"), silence=25),
        rule("links", kind="silence", points=("A", "B", "C"), silence=20, link_share=60, link_gather=8),
        rule("both", kind="combination", terms=("A H", "B H 7", "C L 3"), needed=2, delay_on=5),
        rule("either", kind="combination", terms=("A HH", "B HH"), needed=1, delay_off=5),
        rule("shift", points=("C",), limits=("H",), schedule=("1 08:01-08:02",), delay_on=4),
    ],
    LINKED,
    [WORK],
)  # fmt: skip


def judged(*rules: object, rows: list[Row], until: float = 0.0, inhibitions: tuple[AlarmInhibition, ...] = ()) -> list:
    """What rules tell of readings that arrived when they were made, and of the time after them."""
    made = compiled(list(rules), POINTS, inhibitions)  # type: ignore[arg-type]
    assert not made.left_out
    engine = Engine(made, START)
    found = told(engine.step(batch(rows), moment(rows[-1][4])).transitions)
    return [one[3:] for one in found + told(engine.advance(moment(until)).transitions)]


def test_a_value_at_its_limit_is_an_alarm_until_it_has_left_the_dead_band() -> None:
    rows = [("A", 1, 8.0, 0, 1), ("A", 2, 7.8, 0, 2), ("A", 3, 7.5, 0, 3), ("A", 4, 7.4, 0, 4)]
    found = judged(rule(limits=("H",), dead_band=0.5), rows=rows)
    assert found == [(1, "normal → raised", "limit"), (4, "raised → normal", "back")]


def test_a_peak_shorter_than_the_on_delay_is_none_and_a_longer_one_is_raised_by_time_alone() -> None:
    slow = rule(limits=("H",), delay_on=10)
    assert judged(slow, rows=[("A", 0, 8.5, 0, 0), ("A", 9, 7.0, 0, 9)], until=60) == []
    assert judged(slow, rows=[("A", 0, 8.5, 0, 0)], until=11) == []
    assert judged(slow, rows=[("A", 0, 8.5, 0, 0)], until=12) == [(10, "normal → raised", "delay")]


@pytest.mark.parametrize(("value", "quality"), [(5.0, 1), (5.0, 2), (None, 3), (math.nan, 0)])
def test_what_is_bad_missing_or_doubtful_never_clears(value: float | None, quality: int) -> None:
    rows = [("A", 1, 8.5, 0, 1), ("A", 2, value, quality, 2)]
    assert "raised → normal" not in [one[1] for one in judged(rule(limits=("H",)), rows=rows, until=900)]


def test_a_point_whose_value_is_bad_is_unknown_and_not_normal() -> None:
    found = judged(rule(), rows=[("A", 1, 5.0, 2, 1), ("A", 2, 5.0, 0, 2)])
    assert found == [(1, "normal → unknown", "bad"), (2, "unknown → normal", "good")]


def test_silence_is_told_and_ends_with_any_word() -> None:
    mute = rule(kind="silence", silence_intervals=3)
    rows = [("A", 5, 5.0, 0, 5), ("A", 50, 5.0, 0, 50)]
    assert judged(mute, rows=rows) == [(35, "normal → raised", "silence"), (50, "raised → normal", "heard")]


TOGETHER = rule("S", kind="silence", points=("A", "B", "C"), silence=20, link_share=60, link_gather=10, level_outer=2)


def by_links(rows: list[Row], until: float, points: dict[str, Point] = LINKED) -> list[dict[str, object]]:
    engine = Engine(compiled([TOGETHER], points), START)
    parts = [engine.step(batch(rows), moment(rows[-1][4])), engine.advance(moment(until))]
    return [row for part in parts for row in part.transitions.to_pylist()]


def test_points_of_a_gateway_that_fall_silent_together_are_one_alarm_with_their_number_and_the_first() -> None:
    rows = [("A", 0.0, 5.0, 0, 0.0), ("C", 1.0, 5.0, 0, 1.0), ("B", 2.0, 5.0, 0, 2.0)]
    (lost,) = by_links(rows, 400)
    assert (lost["condition"], lost["to"], lost["at"], lost["level"]) == ("link", "raised", moment(21), 2)
    assert (lost["first"], lost["value"], lost["limit"]) == ("A", 2.0, 2.0)
    back = by_links([*rows, ("A", 60.0, 5.0, 0, 60.0), ("C", 61.0, 5.0, 0, 61.0)], 70)
    assert [(row["point"], row["condition"], row["to"], row["at"]) for row in back] == [
        ("A", "link", "raised", moment(21)), ("A", "link", "normal", moment(61)),
    ]  # fmt: skip
    assert back[-1]["extreme"] == 3.0


def test_a_point_that_is_silent_alone_or_longer_than_its_gateway_is_told_by_itself() -> None:
    heard = [(code, float(t), 5.0, 0, float(t)) for t in range(0, 100, 10) for code in "AC"]
    (alone,) = by_links([("B", 0.0, 5.0, 0, 0.0), *heard], 100)
    assert (alone["point"], alone["condition"], alone["at"]) == ("B", "silence", moment(30))
    rows = [(code, 0.0, 5.0, 0, 0.0) for code in "ABC"]
    rows += [(code, float(t), 5.0, 0, float(t)) for t in range(50, 100, 10) for code in "AC"]
    found = [(row["point"], row["condition"], row["to"], row["at"]) for row in by_links(rows, 100)]
    assert found == [
        ("A", "link", "raised", moment(20)), ("A", "link", "normal", moment(50)), ("B", "silence", "raised", moment(60))
    ]  # fmt: skip


def test_points_without_a_gateway_or_with_one_of_their_own_are_told_as_ever() -> None:
    rows = [(code, 0.0, 5.0, 0, 0.0) for code in "ABC"]
    own = {code: point(code, link=code if code < "C" else "") for code in "ABC"}
    found = by_links(rows, 100, own)
    assert [(row["point"], row["condition"], row["at"]) for row in found] == [
        (code, "silence", moment(20)) for code in "ABC"
    ]


def test_points_that_report_seldom_are_no_part_of_the_gateway_of_those_that_report_often() -> None:
    often, seldom = {"link": "G", "interval": 10.0}, {"link": "G", "interval": 3600.0}
    points = {code: point(code, **(often if code in "AB" else seldom)) for code in "ABCD"}
    made = compiled([rule("S", kind="silence", points=tuple("ABCD"), silence_intervals=3, link_share=60)], points)
    told = [(x.point, x.needed) for x in made.lines if x.condition == "link"]
    assert sorted(told) == [("A", 2), ("C", 2)]


def test_silence_waits_for_the_on_delay_too() -> None:
    assert judged(rule(kind="silence", silence=20, delay_on=5), rows=[("A", 0, 5.0, 0, 0)], until=90)[0][0] == 25


def test_a_rate_is_over_its_window_and_not_between_two_readings() -> None:
    fast = rule(kind="rate", rate_up=6, rate_window=60)
    noise = [("A", 10 * n, 5.0 + (n % 2), 0, 10 * n) for n in range(12)]
    assert judged(fast, rows=noise) == []
    climb = [("A", 10 * n, 0.15 * 10 * n, 0, 10 * n) for n in range(7)]
    assert judged(fast, rows=climb)[0] == (30, "normal → raised", "limit")


def test_two_of_three_terms_make_a_combination_and_one_does_not() -> None:
    vote = rule("V", kind="combination", terms=("A H", "B H", "C H"), needed=2)
    rows = [("A", 1, 8.5, 0, 1), ("B", 3, 8.5, 0, 3), ("A", 4, 5.0, 0, 4)]
    assert judged(vote, rows=rows[:1]) == []
    assert judged(vote, rows=rows) == [(3, "normal → raised", "limit"), (4, "raised → normal", "back")]


def test_work_under_a_permit_suppresses_and_says_so_and_what_lasts_longer_is_raised() -> None:
    rows = [("B", 40, 8.5, 0, 40), ("B", 70, 8.5, 0, 70)]
    found = judged(rule(points=("B",), limits=("H",)), rows=rows, inhibitions=(WORK,))
    assert found == [(40, "normal → suppressed", "inhibited"), (70, "suppressed → raised", "limit")]


def test_a_rule_judges_within_its_weekly_windows_in_chinese_time() -> None:
    by_day = rule(limits=("H",), schedule=("1 08:01-08:02",))
    assert judged(by_day, rows=[("A", 30, 8.5, 0, 30)]) == []
    assert judged(by_day, rows=[("A", 61, 8.5, 0, 61)]) == [(61, "normal → raised", "limit")]


def test_a_late_reading_leaves_the_present_alone_and_names_what_to_look_at_again() -> None:
    engine = Engine(compiled([rule(limits=("H",))], POINTS), START)
    engine.step(batch([("A", 500, 5.0, 0, 500)]), moment(500))
    step = engine.step(batch([("A", 300, 9.9, 0, 501), ("A", 310, 9.9, 0, 501)]), moment(501))
    assert (step.transitions.num_rows, step.judged) == (0, 0)
    assert step.late.to_pylist() == [{"point": "A", "first": moment(300), "last": moment(310), "rows": 2}]
    assert not engine.raised()


def test_a_clock_far_ahead_does_not_make_all_later_readings_late() -> None:
    engine = Engine(compiled([rule(limits=("H",))], POINTS), START)
    step = engine.step(batch([("A", 9_000_000, 5.0, 0, 1), ("A", 2, 8.5, 0, 2), ("?", 2, 8.5, 0, 2)]), moment(2))
    assert (step.ahead, step.judged, step.unruled) == (1, 1, 1)
    assert engine.raised() == {("R", "A", "H", "")}


def test_an_element_of_a_device_is_a_point_of_its_own() -> None:
    columns = {name: [None, None] for name in BATCH.names} | {
        "layer": ["sensors"] * 2, "key": ["A", "S1"], "element": ["value", "gust"], "at": [moment(1)] * 2,
        "value": [8.5, 30.0], "quality": [0, 0], "arrived": [moment(1)] * 2,
    }  # fmt: skip
    made = compiled([rule(limits=("H",), points=("A", "S1/gust"), high=8.0)], POINTS | {"S1/gust": point("S1/gust")})
    engine = Engine(made, START)
    engine.step(by_point(pa.table(columns, schema=BATCH)), moment(1))
    assert {one[1] for one in engine.raised()} == {"A", "S1/gust"}


def by_reference(rules: Compiled, rows: list[Row], until: float) -> tuple[list, set, set]:
    slow = Reference(rules, micros(START))
    for key, at, value, quality, arrived in sorted(rows, key=lambda row: (row[4], row[1])):
        slow.reading(
            key, micros(moment(at)), math.nan if value is None else value, quality, micros(moment(arrived))
        )  # fmt: skip
    slow.advance(micros(moment(until)))
    return sorted(slow.told), slow.raised(), slow.unknown


def by_engine(rules: Compiled, parts: list[list[Row]], until: float) -> tuple[list, set, set]:
    engine, found = Engine(rules, START), []
    for part in parts:
        found += engine.step(batch(part), moment(max(row[4] for row in part))).transitions.to_pylist()
    found += engine.advance(moment(until)).transitions.to_pylist()
    lines = [
        (x["rule"], x["point"], x["condition"], micros(x["at"]), x["from"], x["to"], x["cause"]) for x in found
    ]  # fmt: skip
    return sorted(lines), set(engine.raised()), set(engine.unknown())


@st.composite
def readings(draw: st.DrawFn) -> list[Row]:
    """Around the limits, some of them bad, some on the way for long, arriving in any order."""
    found, clock = [], 0.0
    for n in range(draw(st.integers(1, 40))):
        clock += draw(st.sampled_from([0.5, 1, 3, 6, 12]))
        delay = draw(st.sampled_from([0, 0, 0, 0, 1, 4, 15, 400]))
        value = draw(st.sampled_from([1.0, 2.0, 5.0, 7.2, 7.8, 8.0, 8.5, 9.5, None]))
        quality = 3 if value is None else draw(st.sampled_from([0, 0, 0, 0, 0, 1, 2]))
        found.append((draw(st.sampled_from("ABC")), clock - delay, value, quality, clock + n * 1e-3))
    return found


@given(rows=readings(), cuts=st.sets(st.integers(1, 39)), after=st.sampled_from([0.0, 3.0, 40.0]))
@settings(max_examples=40, deadline=None)
def test_the_engine_tells_what_the_reference_tells_however_readings_are_cut(
    rows: list[Row], cuts: set[int], after: float
) -> None:
    bounds = [0, *sorted(cut for cut in cuts if cut < len(rows)), len(rows)]
    parts = [rows[a:b] for a, b in itertools.pairwise(bounds)]
    until = rows[-1][4] + after
    expected = by_reference(RULES, rows, until)
    assert by_engine(RULES, [rows], until) == expected
    assert by_engine(RULES, parts, until) == expected
