"""The clock of the reply of many alarms is that of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.scope import Sensitivity
from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.answering import held_of
from monitoring.alarms.escalation import TIERS, escalated, usual
from monitoring.alarms.replies import NEVER, replies
from tests.monitoring.park import START, moment

AGES = st.integers(0, 5000)


def _micros(times: Iterable[datetime | None]) -> NDArray[np.int64]:
    """Microseconds of the test's own clock, 0 for none."""
    return np.array([0 if at is None else round((at - START) / timedelta(microseconds=1)) for at in times], np.int64)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            AGES,
            st.none() | AGES,
            st.sampled_from(TIERS),
            st.sampled_from(("raised", "cleared")),
            st.none() | st.integers(1, 5000),  # 0 says none where times are columns
            st.none() | st.integers(1, 9000),
        ),
        max_size=20,
    )
)
@settings(max_examples=60)
def test_many_are_told_as_one_is(
    given_rows: list[tuple[int, int, int | None, str, str, int | None, int | None]],
) -> None:
    now, rows = moment(5000), []
    for level, raised, shelf, told, state, received, until in given_rows:
        rows.append(
            AlarmRow(
                code="BJ20261102-0123456789ab", title="A 液位 高报", condition="H", level=level, state=state,
                raised_at=moment(raised), shelved_until=None if shelf is None else moment(shelf), told=told,
                told_at=moment(raised), area="990106", sensitivity=Sensitivity.INTERNAL,
                received_at=None if received is None else moment(received),
                answer_until=None if received is None or until is None else moment(until),
            )
        )  # fmt: skip
    level = np.array([row.level for row in rows], np.int64)
    still, resumed = held_of(
        level=level, received=_micros(row.received_at for row in rows),
        until=_micros(row.answer_until for row in rows), now=5000 * 1_000_000,
    )  # fmt: skip
    micros = [
        round((max(row.raised_at, row.shelved_until or START) - START) / timedelta(microseconds=1)) for row in rows
    ]
    found = replies(
        level=level,
        waiting=np.array([row.state == "raised" for row in rows], bool) & ~still,
        begun=np.maximum(np.array(micros, np.int64), resumed),
        told=np.array([TIERS.index(row.told) for row in rows], np.int64),  # type: ignore[arg-type]
        now=5000 * 1_000_000,
        ladder=usual(),
    )
    for n, row in enumerate(rows):
        one = escalated(row, now, usual())
        due = NEVER if one.due is None else round((one.due - START) / timedelta(microseconds=1))
        assert (TIERS[found.tier[n]], found.due[n]) == (one.tier, due)
