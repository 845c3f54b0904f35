"""The clock of the reply of many alarms is that of each."""

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scope import Sensitivity
from layers.catalogue.alarms import AlarmRow
from monitoring.alarms.escalation import TIERS, escalated, usual
from monitoring.alarms.replies import NEVER, replies
from tests.monitoring.park import START, moment

AGES = st.integers(0, 5000)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 4), AGES, st.none() | AGES, st.sampled_from(TIERS), st.sampled_from(("raised", "cleared"))
        ),
        max_size=20,
    )
)
@settings(max_examples=60)
def test_many_are_told_as_one_is(given_rows: list[tuple[int, int, int | None, str, str]]) -> None:
    now, rows = moment(5000), []
    for level, raised, shelf, told, state in given_rows:
        rows.append(
            AlarmRow(
                code="BJ20261102-0123456789ab", title="A 液位 高报", condition="H", level=level, state=state,
                raised_at=moment(raised), shelved_until=None if shelf is None else moment(shelf), told=told,
                told_at=moment(raised), area="990106", sensitivity=Sensitivity.INTERNAL,
            )
        )  # fmt: skip
    micros = [
        round((max(row.raised_at, row.shelved_until or START) - START) / timedelta(microseconds=1)) for row in rows
    ]
    found = replies(
        level=np.array([row.level for row in rows], np.int64),
        waiting=np.array([row.state == "raised" for row in rows], bool),
        begun=np.array(micros, np.int64),
        told=np.array([TIERS.index(row.told) for row in rows], np.int64),  # type: ignore[arg-type]
        now=5000 * 1_000_000,
        ladder=usual(),
    )
    for n, row in enumerate(rows):
        one = escalated(row, now, usual())
        due = NEVER if one.due is None else round((one.due - START) / timedelta(microseconds=1))
        assert (TIERS[found.tier[n]], found.due[n]) == (one.tier, due)
