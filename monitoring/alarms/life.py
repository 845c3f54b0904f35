"""What may be done with an alarm, and what it is then: a new row, or the sentence that refuses.

raised → acknowledged → shelved until a time → cleared (the point is back) → closed (somebody said why). An alarm that
comes again before it is closed is the same one, raised once more, and what was acknowledged of it no longer counts.
Whoever finds that nothing was the matter declares it false, with a reason; that is no handling, and it can be undone.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from core.clock import CHINA
from core.texts import Text
from layers.catalogue.alarms import AlarmRow
from layers.filters import And, Compare, Missing, Not, Op, Or
from monitoring.alarms.rules import Condition

Outcome = AlarmRow | Text


class State(StrEnum):
    """Where an alarm stands (code list `alarm_state`)."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"
    CLEARED = "cleared"
    CLOSED = "closed"
    FALSE = "false"


CLOSED = Text("报警已关闭", "the alarm is closed")
FALSE = Text("已判为误报,请先撤销误报", "it was declared false; undo that first")
STANDING = tuple(state.value for state in (State.RAISED, State.ACKNOWLEDGED, State.SHELVED))
"""States of alarms that stand and are taken for true."""

OVER = Or(
    (
        Compare("state", Op.EQ, State.CLOSED.value),
        And((Compare("state", Op.EQ, State.FALSE.value), Not(Missing("cleared_at")))),
    )
)
"""Alarms that nothing more becomes of by themselves: closed, or false and back within their limits."""


def stands(row: AlarmRow) -> bool:
    """The condition holds, whatever people think of it."""
    return row.state in STANDING or (row.state == State.FALSE and row.cleared_at is None)


def over(row: AlarmRow) -> bool:
    """The episode is at an end: what comes next on its line is another."""
    return row.state == State.CLOSED or (row.state == State.FALSE and row.cleared_at is not None)


def ended(row: AlarmRow) -> Text | None:
    """Why nobody may do anything more with it, as it is."""
    if row.state == State.CLOSED:
        return CLOSED
    return FALSE if row.state == State.FALSE else None


def acknowledge(row: AlarmRow, *, by: str, at: datetime) -> Outcome:
    """Somebody has seen it; one that cleared by itself is acknowledged too."""
    if (done := ended(row)) is not None:
        return done
    if row.acknowledged_at is not None:
        when = row.acknowledged_at.astimezone(CHINA)
        return Text(
            f"{row.acknowledged_by}已于 {when:%m-%d %H:%M:%S} 确认",
            f"{row.acknowledged_by} acknowledged it at {when:%m-%d %H:%M:%S}",
        )
    if row.state == State.SHELVED:
        return Text("报警已搁置,请先取消搁置", "the alarm is shelved; take it off the shelf first")
    state = State.CLEARED if row.state == State.CLEARED else State.ACKNOWLEDGED
    return _with(row, state=state.value, acknowledged_at=at, acknowledged_by=by)


def shelve(row: AlarmRow, *, by: str, at: datetime, why: str, until: datetime, longest: timedelta) -> Outcome:
    """Put aside for a while, with a reason and an end; it is judged on meanwhile."""
    if (done := ended(row)) is not None:
        return done
    if row.state == State.CLEARED:
        return Text("报警已恢复,无需搁置", "the alarm has cleared; there is nothing to shelve")
    if row.state == State.SHELVED:
        return Text(f"已由{row.shelved_by}搁置", f"{row.shelved_by} has shelved it")
    if len(why.strip()) < 2:
        return Text(f"搁置事由“{why}”:请写明,至少 2 个字", f"reason {why!r}: say why, in 2 characters at least")
    if not at < until <= at + longest:
        hours = longest / timedelta(hours=1)
        return Text(
            f"搁置到期“{until.astimezone(CHINA):%Y-%m-%d %H:%M}”:应晚于现在,最长 {hours:g} 小时",
            f"until {until.astimezone(CHINA):%Y-%m-%d %H:%M}: must be after now, by {hours:g} h at most",
        )
    return _with(
        row, state=State.SHELVED.value, shelved_at=at, shelved_until=until, shelved_by=by, shelved_why=why.strip()
    )


def unshelve(row: AlarmRow, *, at: datetime) -> Outcome:
    """Back to what it was: raised, or acknowledged where somebody had."""
    if row.state != State.SHELVED or row.shelved_until is None:
        return Text("报警没有搁置", "the alarm is not shelved")
    state = State.RAISED if row.acknowledged_at is None else State.ACKNOWLEDGED
    return _with(row, state=state.value, shelved_until=min(at, row.shelved_until))


def expired(row: AlarmRow, now: datetime) -> bool:
    """The time on the shelf is over."""
    return row.state == State.SHELVED and row.shelved_until is not None and row.shelved_until <= now


def clear(row: AlarmRow, *, at: datetime, extreme: float | None) -> Outcome:
    """The point is back within its limits; what was declared false stays so, and is over."""
    if not stands(row):
        return Text("报警不在持续中", "the alarm is not standing")
    state = State.FALSE if row.state == State.FALSE else State.CLEARED
    return _with(row, state=state.value, cleared_at=at, extreme=worse(row, extreme), unknown_since=None)


def raise_again(row: AlarmRow, *, at: datetime, value: float | None) -> Outcome:
    """It came again before anybody closed it; still on the shelf if its time there has not run out."""
    if over(row):
        return FALSE if row.state == State.FALSE else CLOSED
    if row.state != State.CLEARED:
        return Text("报警仍在持续", "the alarm is standing already")
    shelved = row.shelved_until is not None and at < row.shelved_until
    return _with(
        row, state=(State.SHELVED if shelved else State.RAISED).value, raises=row.raises + 1, last_raised_at=at,
        cleared_at=None, acknowledged_at=None, acknowledged_by="", extreme=worse(row, value), received_at=None,
        received_by="", answered_at=None, answered_by="", answer_cause="", answer_measure="", answer_until=None,
    )  # fmt: skip


def close(row: AlarmRow, *, by: str, at: datetime, outcome: str) -> Outcome:
    """Over, with the cause and what was done about it."""
    if (done := ended(row)) is not None:
        return done
    if row.state != State.CLEARED:
        return Text("报警尚未恢复,不能关闭", "the alarm has not cleared, so it cannot be closed")
    if row.acknowledged_at is None:
        return Text("报警尚未确认,不能关闭", "nobody has acknowledged the alarm, so it cannot be closed")
    if len(outcome.strip()) < 2:
        return Text(
            f"原因与处置“{outcome}”:请写明,至少 2 个字",
            f"outcome {outcome!r}: say cause and action, 2 characters at least",
        )
    return _with(row, state=State.CLOSED.value, closed_at=at, closed_by=by, outcome=outcome.strip())


def declare_false(row: AlarmRow, *, by: str, at: datetime, why: str) -> Outcome:
    """Nothing was the matter, somebody says who has answered it; one that stands is judged on until it clears."""
    if (done := ended(row)) is not None:
        return done
    if row.state == State.SHELVED:
        return Text("报警已搁置,请先取消搁置", "the alarm is shelved; take it off the shelf first")
    if row.acknowledged_at is None:
        return Text("报警尚未确认,不能判为误报", "nobody has acknowledged the alarm, so it cannot be declared false")
    if len(why.strip()) < 2:
        return Text(
            f"误报原因“{why}”:请写明,至少 2 个字", f"reason {why!r}: say why it was false, in 2 characters at least"
        )
    return _with(row, state=State.FALSE.value, false_at=at, false_by=by, false_why=why.strip())


def withdraw_false(row: AlarmRow) -> Outcome:
    """It is taken for true again: cleared if its point is back, else standing and acknowledged as it was."""
    if row.state != State.FALSE:
        return Text("报警没有判为误报", "the alarm was not declared false")
    state = State.ACKNOWLEDGED if row.cleared_at is None else State.CLEARED
    return _with(row, state=state.value, false_at=None, false_by="", false_why="")


def lose(row: AlarmRow, *, at: datetime) -> Outcome:
    """Its point gives no usable value: the alarm stands, and nobody knows how the matter is."""
    if not stands(row) or row.unknown_since is not None:
        return Text("报警不在持续中,或已标为未知", "the alarm is not standing, or marked unknown already")
    return _with(row, unknown_since=at)


def find(row: AlarmRow) -> Outcome:
    """A usable value came again."""
    if row.unknown_since is None:
        return Text("报警没有标为未知", "the alarm is not marked unknown")
    return _with(row, unknown_since=None)


def worse(row: AlarmRow, value: float | None) -> float | None:
    """The worst value so far."""
    known = [one for one in (row.extreme, row.value, value) if one is not None]
    if not known:
        return None
    return max(known) if Condition(row.condition).upward else min(known)


def _with(row: AlarmRow, **changed: object) -> AlarmRow:
    return row.model_copy(update=changed)
