"""The life of an alarm: what may follow what, who and when, and the ladder of those who must hear of it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.texts import Text
from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.answering import answer, receive
from monitoring.alarms.escalation import TIERS, Tier, escalated, usual
from monitoring.alarms.life import (
    STANDING,
    State,
    acknowledge,
    clear,
    close,
    declare_false,
    expired,
    find,
    lose,
    over,
    raise_again,
    shelve,
    unshelve,
    withdraw_false,
)
from tests.monitoring.park import moment

EIGHT_HOURS = timedelta(hours=8)


def alarm(**more: object) -> AlarmRow:
    """Raised at the start, high at 8.5."""
    given = {
        "code": "BJ20261102-0123456789ab", "title": "A 高报", "point": "A", "rule": "R", "condition": "H", "level": 3,
        "raised_at": moment(0), "value": 8.5, "limit": 8.0,
    } | more  # fmt: skip
    return AlarmRow.model_validate(given)


STEPS = {
    "acknowledge": lambda row, at: acknowledge(row, by="李四", at=at),
    "shelve": lambda row, at: shelve(
        row, by="李四", at=at, why="仪表检修", until=at + timedelta(minutes=5), longest=EIGHT_HOURS
    ),
    "unshelve": lambda row, at: unshelve(row, at=at),
    "clear": lambda row, at: clear(row, at=at, extreme=9.0),
    "raise": lambda row, at: raise_again(row, at=at, value=9.5),
    "close": lambda row, at: close(row, by="李四", at=at, outcome="阀门内漏,已更换"),
    "false": lambda row, at: declare_false(row, by="李四", at=at, why="标定气体"),
    "withdraw": lambda row, at: withdraw_false(row),
    "receive": lambda row, at: receive(row, by="赵强", at=at),
    "answer": lambda row, at: answer(
        row, by="赵强", at=at, cause="阀门内漏", measure="已切断", until=at + timedelta(minutes=5), longest=EIGHT_HOURS
    ),
    "lose": lambda row, at: lose(row, at=at),
    "find": lambda row, at: find(row),
}
ALLOWED = {
    # (state, acknowledged, cleared): what may be done and what it is then; what leaves the state alone is asked apart
    ("raised", False, False): {"acknowledge": "acknowledged", "shelve": "shelved", "clear": "cleared"},
    ("acknowledged", True, False): {"shelve": "shelved", "clear": "cleared", "false": "false"},
    ("shelved", False, False): {"unshelve": "raised", "clear": "cleared"},
    ("shelved", True, False): {"unshelve": "acknowledged", "clear": "cleared"},
    ("cleared", False, True): {"acknowledge": "cleared", "raise": "raised"},
    ("cleared", True, True): {"close": "closed", "raise": "raised", "false": "false"},
    ("false", True, False): {"withdraw": "acknowledged", "clear": "false"},
    ("false", True, True): {"withdraw": "cleared"},
    ("closed", True, True): {},
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
@settings(max_examples=60, deadline=None)
def test_an_alarm_goes_only_where_the_table_says_and_a_refusal_is_a_sentence(steps: list[str]) -> None:
    row = alarm()
    for n, name in enumerate(steps, 1):
        before, found = row.state, STEPS[name](row, moment(600 * n))
        allowed = ALLOWED[row.state, row.acknowledged_at is not None, row.cleared_at is not None]
        standing = row.cleared_at is None
        if name in ("receive", "answer"):
            fits = row.state not in ("closed", "false") and (name == "answer" or row.received_at is None)
            assert isinstance(found, AlarmRow) == fits
        elif name in ("lose", "find"):
            fits = row.unknown_since is None if name == "lose" else row.unknown_since is not None
            assert isinstance(found, AlarmRow) == (fits and (standing or name == "find"))
        else:
            assert isinstance(found, AlarmRow) == (name in allowed), (row.state, name)
        if isinstance(found, Text):
            assert found.zh
            assert found.en
            continue
        row = found
        assert row.state == allowed.get(name, before)
        assert (row.acknowledged_at is None) == (row.acknowledged_by == "")
        assert row.unknown_since is None or row.cleared_at is None
        assert row.answered_at is None or row.received_at is not None
        assert row.received_at is None or row.received_at >= (row.last_raised_at or row.raised_at)
        assert row.state not in ("cleared", "closed") or row.cleared_at is not None
        assert row.state not in STANDING or row.cleared_at is None
        said = (row.false_at is not None, row.false_by != "", row.false_why != "")
        assert said == (row.state == "false",) * 3
        assert over(row) == (row.state == "closed" or (row.state == "false" and row.cleared_at is not None))


def test_what_comes_again_is_the_same_alarm_and_must_be_acknowledged_again() -> None:
    row = STEPS["raise"](STEPS["clear"](STEPS["acknowledge"](alarm(), moment(5)), moment(10)), moment(20))
    assert (row.state, row.raises, row.acknowledged_at, row.extreme) == ("raised", 2, None, 9.5)


def test_on_the_shelf_until_the_time_said_even_if_it_comes_again_meanwhile() -> None:
    shelved = STEPS["shelve"](alarm(), moment(10))
    again = STEPS["raise"](STEPS["clear"](shelved, moment(20)), moment(30))
    assert again.state == State.SHELVED
    assert not expired(again, moment(309))
    assert expired(again, moment(310))
    late = STEPS["raise"](STEPS["clear"](shelved, moment(20)), moment(400))
    assert late.state == State.RAISED


def test_shelving_needs_a_reason_and_an_end_within_the_longest_time() -> None:
    until = moment(9 * 3600)
    long = shelve(alarm(), by="李四", at=moment(0), why="检修", until=until, longest=EIGHT_HOURS)
    mute = shelve(alarm(), by="李四", at=moment(0), why=" ", until=moment(60), longest=EIGHT_HOURS)
    assert isinstance(long, Text)
    assert "8" in long.zh
    assert isinstance(mute, Text)


def test_a_false_alarm_needs_somebody_who_answered_it_and_a_reason() -> None:
    mute = declare_false(STEPS["acknowledge"](alarm(), moment(5)), by="李四", at=moment(6), why=" ")
    early = STEPS["false"](alarm(), moment(6))
    assert [isinstance(one, Text) for one in (mute, early)] == [True, True]
    found = STEPS["false"](STEPS["acknowledge"](alarm(), moment(5)), moment(6))
    assert (found.false_by, found.false_at, found.false_why) == ("李四", moment(6), "标定气体")
    assert escalated(found, moment(9000), usual()).due is None


def test_the_second_to_acknowledge_is_told_who_was_first() -> None:
    said = acknowledge(STEPS["acknowledge"](alarm(), moment(5)), by="王五", at=moment(6))
    assert isinstance(said, Text)
    assert said.zh == "李四已于 11-02 08:00:05 确认"


def test_what_nobody_acknowledges_goes_up_the_ladder_and_each_has_a_clock() -> None:
    ladder = usual()
    assert set(ladder) == {1, 2, 3, 4}
    tiers = [escalated(alarm(), moment(60 * minute), ladder).tier for minute in (9, 10, 29, 30, 60)]
    assert tiers == [Tier.ENTERPRISE, Tier.TOWN, Tier.TOWN, Tier.DISTRICT, Tier.CITY]
    first = escalated(alarm(), moment(60), ladder)
    assert first.left(moment(60)) == timedelta(minutes=9)
    assert escalated(alarm(), moment(3600), ladder).due is None


def test_whoever_has_heard_is_not_unsaid_and_an_answer_stops_the_clock() -> None:
    town = alarm(told="town", told_at=moment(600))
    assert escalated(STEPS["acknowledge"](town, moment(700)), moment(9000), usual()).due is None
    again = STEPS["raise"](STEPS["clear"](town, moment(700)), moment(800))
    found = escalated(again, moment(900), usual())
    assert (found.tier, found.due) == (Tier.TOWN, moment(800 + 1800))
    assert TIERS[0] is Tier.ENTERPRISE


def test_an_enterprise_that_receives_stops_the_clock_and_one_that_is_late_with_its_end_starts_it_again() -> None:
    seen = STEPS["receive"](alarm(), moment(120))
    assert (seen.state, seen.received_by, escalated(seen, moment(9000), usual()).due) == ("raised", "赵强", None)
    again = receive(seen, by="钱进", at=moment(130))
    assert isinstance(again, Text)
    assert "赵强已于" in again.zh
    said = STEPS["answer"](seen, moment(200))
    assert (said.answer_until, escalated(said, moment(499), usual()).due) == (moment(500), None)
    late = escalated(said, moment(500), usual())
    assert (late.tier, late.due) == (Tier.ENTERPRISE, moment(500 + 600))
    assert escalated(said, moment(1100), usual()).tier is Tier.TOWN
    cleared = STEPS["answer"](STEPS["clear"](seen, moment(300)), moment(310))
    assert cleared.answer_until is None


def test_an_answer_says_why_what_and_while_it_stands_until_when() -> None:
    for cause, measure, until, named in (
        (" ", "已切断", moment(60), "原因"), ("内漏", "", moment(60), "措施"), ("内漏", "已切断", None, "预计结束"),
        ("内漏", "已切断", moment(9 * 3600), "预计结束"), ("内漏", "已切断", moment(0), "预计结束"),
    ):  # fmt: skip
        found = answer(alarm(), by="赵强", at=moment(5), cause=cause, measure=measure, until=until, longest=EIGHT_HOURS)
        assert isinstance(found, Text)
        assert named in found.zh
