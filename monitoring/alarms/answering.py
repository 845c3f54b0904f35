"""How an enterprise answers for its own points: received, then cause, measure and expected end; what it does to the
clock of the reply.

It answers beside who is on duty, not in their place: the alarm stays theirs to acknowledge.
"""

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

import numpy as np

from core.clock import CHINA
from core.texts import Text
from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.compiled import Bools, Ints, Micros
from monitoring.alarms.life import Outcome, ended, stands
from monitoring.alarms.practice import DATA

SHORTEST = 2
"""Characters that say anything."""


class Act(StrEnum):
    """What may stop the clock of the reply, or let it go on."""

    RECEIVED = "received"
    OVERDUE = "overdue"


Clocks = Mapping[tuple[Act, int], bool]
"""Whether the clock stands still after an act, by level."""


@cache
def clocks() -> Clocks:
    """The rules shipped, each a line with its source."""
    rows = csv.DictReader((DATA / "reply_clock.csv").read_text("utf-8").splitlines())
    return {(Act(row["act"]), int(row["level"])): {"stops": True, "goes_on": False}[row["clock"]] for row in rows}


def receive(row: AlarmRow, *, by: str, at: datetime) -> Outcome:
    """The enterprise has seen it."""
    if (over := ended(row)) is not None:
        return over
    if row.received_at is not None:
        when = row.received_at.astimezone(CHINA)
        return Text(
            f"{row.received_by}已于 {when:%m-%d %H:%M:%S} 接警",
            f"{row.received_by} received it at {when:%m-%d %H:%M:%S}",
        )
    return row.model_copy(update={"received_at": at, "received_by": by})


def answer(
    row: AlarmRow, *, by: str, at: datetime, cause: str, measure: str, until: datetime | None, longest: timedelta
) -> Outcome:
    """Why it came, what is done, and while it stands until when; whoever answers has received it."""
    if (over := ended(row)) is not None:
        return over
    for said, name in ((cause, Text("原因", "cause")), (measure, Text("措施", "measure"))):
        if len(said.strip()) < SHORTEST:
            return Text(
                f"{name.zh}“{said}”:请写明,至少 {SHORTEST} 个字",
                f"{name.en} {said!r}: say it, in {SHORTEST} characters at least",
            )
    if stands(row) and (until is None or not at < until <= at + longest):
        words = "" if until is None else f"{until.astimezone(CHINA):%Y-%m-%d %H:%M}"
        hours = longest / timedelta(hours=1)
        return Text(
            f"预计结束“{words}”:报警仍在持续,应晚于现在,最长 {hours:g} 小时",
            f"expected end {words!r}: the alarm stands, so it must be after now, by {hours:g} h at most",
        )
    seen = {} if row.received_at is not None else {"received_at": at, "received_by": by}
    return row.model_copy(
        update=seen
        | {
            "answered_at": at, "answered_by": by, "answer_cause": cause.strip(), "answer_measure": measure.strip(),
            "answer_until": until if stands(row) else None,
        }
    )  # fmt: skip


def held(row: AlarmRow, now: datetime) -> tuple[bool, datetime | None]:
    """The clock of the reply stands still because the enterprise answered; else since when it goes on again, if so."""
    late = row.answer_until is not None and row.answer_until <= now
    if late and not clocks().get((Act.OVERDUE, row.level), False):
        return False, row.answer_until
    return row.received_at is not None and clocks().get((Act.RECEIVED, row.level), False), None


def held_of(*, level: Ints, received: Ints, until: Ints, now: Micros) -> tuple[Bools, Ints]:
    """The same of many: times in microseconds, 0 for none."""
    stops = {act: np.array([clocks().get((act, grade), False) for grade in range(5)]) for act in Act}
    resumed = (until > 0) & (until <= now) & ~stops[Act.OVERDUE][level]
    return (received > 0) & stops[Act.RECEIVED][level] & ~resumed, np.where(resumed, until, 0)
