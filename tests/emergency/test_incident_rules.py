"""The life of an incident, what it is graded as and by when it is reported: rules of their sources, pure."""

from datetime import UTC, datetime, timedelta

import pytest
import shapely

from core.errors import BadInputError, ConflictError, FaultsError
from emergency.incidents.clocks import Reported, Shown, clocks
from emergency.incidents.grading import graded, last_correction, suggested
from emergency.incidents.life import NEXT, OPEN, State, Step, corrected, opened, response_word, steps_of, taken, valid
from emergency.incidents.log import entry, reports_in, struck
from layers.catalogue.incidents import ExerciseIncident, Incident
from layers.codes import code_list

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def incident(**more: object) -> Incident:
    given: dict[str, object] = {
        "code": "SJ20261123-0001", "title": "2号液氯储罐泄漏", "kind": "leak", "origin": "call", "reported_at": AT,
        "occurred_at": AT - HOUR / 2, "area": "990102", "geometry": shapely.Point(121.9, 33.2),
    }  # fmt: skip
    return Incident(**(given | more))


@pytest.mark.parametrize(
    ("losses", "level", "reached"),
    [
        ({"deaths": 3}, 3, ("deaths",)),
        ({"deaths": 2, "serious_injuries": 10}, 3, ("serious_injuries",)),
        ({"deaths": 9, "serious_injuries": 49, "direct_loss": 4.9e7}, 3, ("deaths", "serious_injuries", "direct_loss")),
        ({"deaths": 10}, 2, ("deaths",)),
        ({"deaths": 1, "direct_loss": 1e8}, 1, ("direct_loss",)),
        ({"deaths": 30}, 1, ("deaths",)),
        ({"serious_injuries": 1}, 4, ("serious_injuries",)),
        (
            {"deaths": 2, "serious_injuries": 9, "direct_loss": 9_999_999.99},
            4,
            ("deaths", "serious_injuries", "direct_loss"),
        ),
        ({"direct_loss": 1e7}, 3, ("direct_loss",)),
        ({"direct_loss": 49_999_999.99}, 3, ("direct_loss",)),
        ({"deaths": 29, "serious_injuries": 99, "direct_loss": 5e7}, 2, ("deaths", "serious_injuries", "direct_loss")),
        ({"direct_loss": 99_999_999.99}, 2, ("direct_loss",)),
        ({"serious_injuries": 100}, 1, ("serious_injuries",)),
    ],
)
def test_any_one_measure_of_decree_493_makes_the_level_and_is_named(
    losses: dict[str, float], level: int, reached: tuple[str, ...]
) -> None:
    found = graded(incident(**losses))
    assert (found.level, found.reached) == (level, reached)
    assert "493" in found.source


def test_what_is_not_known_makes_no_level_and_leaves_a_known_one_a_least_one() -> None:
    assert graded(incident()).level is None
    assert graded(incident(deaths=0, serious_injuries=0)).level is None, "the loss is not known"
    harmless = graded(incident(deaths=0, serious_injuries=0, direct_loss=0.0))
    assert harmless.level is None
    assert harmless.none is not None
    assert "不定级" in harmless.none.zh
    some = graded(incident(deaths=1))
    assert (some.level, some.at_least, some.unknown) == (4, True, ("serious_injuries", "direct_loss"))
    assert not graded(incident(deaths=30)).at_least, "there is none graver"
    assert graded(incident(missing=40)).level is None, "the missing are not the dead"


def test_a_response_is_ended_once_with_why_by_itself_or_when_the_incident_is_closed() -> None:
    row = incident(state="controlled", response=2, deaths=0, serious_injuries=0, missing=0)
    with pytest.raises(FaultsError):
        taken(row, Step.STOP, AT)
    ended = taken(row, Step.STOP, AT, why="监测合格")
    assert (ended.row.response_ended_at, ended.row.response, ended.said.zh) == (AT, 2, "终止响应 Ⅱ级:监测合格")
    assert Step.STOP in steps_of(row)
    assert Step.STOP not in steps_of(ended.row)
    with pytest.raises(ConflictError):
        taken(ended.row, Step.STOP, AT, why="再次")
    closed = taken(row, Step.CLOSE, AT, why="处置完毕")
    assert (closed.row.response_ended_at, closed.said.zh) == (AT, "结束,Ⅱ级响应同时终止:处置完毕")
    assert response_word(ended.row.response, ended.row.response_ended_at).zh == "Ⅱ级响应(已终止)"
    assert taken(ended.row, Step.RESUME, AT + HOUR, why="复燃").row.response_ended_at is None
    assert Step.STOP not in steps_of(incident(state="controlled")), "none was begun"


def test_a_response_level_is_suggested_with_its_source_and_never_set() -> None:
    found = suggested(incident(deaths=1, missing=2))
    assert found is not None
    assert (found.level, found.reached, found.status) == (3, ("dead_or_missing",), "secondary")
    low = suggested(incident())
    assert low is not None
    assert low.level == 4
    assert incident().response is None


def test_every_state_is_in_the_code_list_and_is_left_by_declared_steps_alone() -> None:
    assert {one.code for one in code_list("incident_state")} == {state.value for state in State}
    for state in State:
        row = incident(state=state.value, deaths=0, serious_injuries=0, missing=0, response=3)
        other = incident(code="SJ20261123-0002")
        for step in Step:
            if (state, step) in NEXT:
                after = taken(
                    row, step, AT + HOUR, why="演", response=2, into=other if step is Step.MERGE else None
                ).row
                assert after.state == NEXT[state, step]
            else:
                with pytest.raises(ConflictError):
                    taken(row, step, AT + HOUR, why="演", response=2, into=other)


def test_a_response_is_begun_with_a_level_and_holds_the_report_for_true() -> None:
    with pytest.raises(FaultsError):
        taken(incident(), Step.RESPOND, AT)
    after = taken(incident(), Step.RESPOND, AT + HOUR, response=2).row
    assert (after.state, after.response, after.confirmed_at, after.responding_at) == (
        "responding", 2, AT + HOUR, AT + HOUR,
    )  # fmt: skip


def test_nothing_is_closed_before_the_dead_and_injured_are_told_and_nobody_is_trapped() -> None:
    row = incident(state="controlled")
    with pytest.raises(FaultsError) as refused:
        taken(row, Step.CLOSE, AT, why="处置完毕")
    assert {one.field for one in refused.value.faults} == {"deaths", "serious_injuries", "missing"}
    row = incident(state="controlled", deaths=0, serious_injuries=0, missing=0, trapped=1)
    with pytest.raises(FaultsError):
        taken(row, Step.CLOSE, AT, why="处置完毕")
    assert taken(valid(row, trapped=0), Step.CLOSE, AT, why="处置完毕").row.closed_at == AT


def test_a_time_of_long_ago_was_written_by_mistake_and_is_refused_by_field() -> None:
    old = datetime(1, 1, 1, tzinfo=UTC)
    with pytest.raises(FaultsError) as refused:
        opened(incident(occurred_at=old), AT)
    assert [one.field for one in refused.value.faults] == ["occurred_at"]
    with pytest.raises(BadInputError, match="误填"):
        entry(incident(), 1, "note", "记", by="周敏", account="zhou", at=AT, happened_at=old)
    assert opened(incident(occurred_at=AT - 3000 * DAY), AT).occurred_at, "what was kept secret for years is told late"


def test_an_exercise_is_never_merged_with_what_is_real() -> None:
    played = ExerciseIncident(
        code="YL20261123-0001", title="【演练】", kind="leak", origin="map", reported_at=AT, area="990102"
    )
    with pytest.raises(FaultsError) as refused:
        taken(incident(), Step.MERGE, AT, why="同因", into=played)
    assert "演练" in refused.value.faults[0].rule.zh
    with pytest.raises(ValueError, match="code"):
        incident(code="YL20261123-0001")


def test_casualties_grade_anew_with_a_reason_for_thirty_days_and_seven_of_a_fire() -> None:
    closed = incident(state="closed", deaths=2, serious_injuries=0, missing=0, level=4)
    with pytest.raises(FaultsError):
        corrected(closed, {"deaths": 3}, AT + 9 * DAY)
    done = corrected(closed, {"deaths": 3}, AT + 9 * DAY, why="伤员死亡")
    assert done.row.level == 3
    assert "一般 → 较大" in done.said.zh
    assert "伤员死亡" in done.said.zh
    with pytest.raises(FaultsError) as late:
        corrected(closed, {"deaths": 3}, AT + 31 * DAY, why="伤员死亡")
    assert "第十三条" in late.value.faults[0].rule.zh
    fire = valid(closed, kind="fire")
    assert last_correction(fire) == (
        AT - HOUR / 2 + 7 * DAY,
        "《生产安全事故报告和调查处理条例》(国务院令第493号)第十三条",
    )
    with pytest.raises(FaultsError):
        corrected(fire, {"deaths": 3}, AT + 8 * DAY, why="伤员死亡")
    corrected(fire, {"direct_loss": 2e5}, AT + 40 * DAY, why="损失核定")
    with pytest.raises(FaultsError):
        corrected(closed, {"title": "别的"}, AT + DAY, why="改名")
    with pytest.raises(FaultsError):
        corrected(closed, {"occurred_at": AT - HOUR}, AT + DAY, why="改时间")


def test_when_it_happened_is_told_once_after_the_end_where_nobody_had_and_never_without_a_reason() -> None:
    closed = incident(state="closed", deaths=0, serious_injuries=0, missing=0, level=None, occurred_at=None)
    with pytest.raises(FaultsError) as silent:
        corrected(closed, {"occurred_at": AT - HOUR}, AT + DAY)
    assert [one.field for one in silent.value.faults] == ["why"], "also where it has no level"
    done = corrected(closed, {"occurred_at": AT - HOUR, "deaths": 1}, AT + DAY, why="调查核定")
    assert (done.row.occurred_at, done.row.deaths, done.row.level) == (AT - HOUR, 1, 4)
    with pytest.raises(FaultsError):
        corrected(done.row, {"occurred_at": AT - HOUR / 2}, AT + DAY, why="再改")
    with pytest.raises(FaultsError):
        corrected(closed, {"occurred_at": AT + HOUR}, AT + DAY, why="晚于接报")


def test_the_two_hours_run_from_our_receipt_until_the_flash_goes_and_count_up_when_it_does_not() -> None:
    row = incident()
    relay = {one.id: one for one in clocks(row, (), AT + HOUR)}["relay"]
    assert (relay.until, relay.shown, relay.left) == (AT + 2 * HOUR, Shown.RUNS, HOUR)
    assert "第十一条" in relay.basis
    hurried = {one.id: one for one in clocks(row, (), AT + 1.7 * HOUR)}["relay"]
    assert hurried.shown is Shown.HURRIES
    late = {one.id: one for one in clocks(row, (), AT + 2.5 * HOUR)}["relay"]
    assert (late.shown, late.left) == (Shown.OVERDUE, -HOUR / 2)
    sent = (Reported(kind="flash", at=AT + HOUR),)
    assert {one.id: one.shown for one in clocks(row, sent, AT + 3 * HOUR)}["relay"] is Shown.DONE
    tardy = (Reported(kind="flash", at=AT + 2.1 * HOUR),)
    assert {one.id: one.shown for one in clocks(row, tardy, AT + 3 * HOUR)}["relay"] is Shown.LATE


def test_a_clock_whose_beginning_nobody_knows_counts_nothing_and_levels_choose_the_follow_up() -> None:
    found = {one.id: one for one in clocks(incident(), (), AT)}
    assert found["unit_report"].shown is Shown.WAITS
    assert found["unit_report"].until is None
    assert "followup" not in found, "no level yet"
    assert "phone_flash" not in found
    graver = {one.id for one in clocks(incident(deaths=3, level=3), (), AT)}
    assert {"phone_flash", "followup"} <= graver
    assert "followup_major" not in graver
    assert "supplement_fire" in {one.id for one in clocks(incident(kind="fire"), (), AT)}
    flashed = (Reported(kind="flash", at=AT),)
    due = {one.id: one for one in clocks(incident(deaths=3, level=3), flashed, AT + DAY)}["followup"]
    assert (due.until, due.status) == (AT + 2 * DAY, "secondary")
    assert clocks(incident(state="false"), (), AT) == ()


def test_a_line_is_struck_once_with_a_reason_and_keeps_its_words() -> None:
    line = entry(incident(), 2, "report", "快报已报省厅", by="周敏", account="a", at=AT, refs=("report/flash",))
    assert reports_in([line]) == (Reported(kind="flash", at=AT),)
    with pytest.raises(FaultsError):
        struck(line, by="吴浩", at=AT, why=" ")
    gone = struck(line, by="吴浩", at=AT + HOUR, why="误记")
    assert (gone.text, gone.by, gone.struck_by, gone.struck_why) == ("快报已报省厅", "周敏", "吴浩", "误记")
    assert reports_in([gone]) == ()
    with pytest.raises(ConflictError):
        struck(gone, by="周敏", at=AT, why="再划")
    with pytest.raises(ConflictError):
        struck(entry(incident(), 3, "system", "推演完成", by="系统", account="", at=AT), by="周敏", at=AT, why="误记")


def test_what_may_be_done_is_told_by_the_state() -> None:
    assert Step.CLOSE not in steps_of(incident())
    assert all(steps_of(incident(state=state.value)) for state in OPEN)


def test_the_log_tells_losses_whole_and_codes_in_words() -> None:
    row = incident(direct_loss=9_999_999.0)
    done = corrected(row, {"direct_loss": 12_345_678.5, "kind": "fire"}, AT, why="核实")
    assert "直接经济损失 999.9999万元 → 1,234.56785万元" in done.said.zh
    assert "事件类型 泄漏 → 火灾" in done.said.zh
    assert "事故等级 未定级 → 较大" in done.said.zh
