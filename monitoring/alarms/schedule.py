"""Weekly windows in local time: `1-5 08:00-18:00` is Monday to Friday by day, `6 22:00-06:00` runs into Sunday."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.texts import Text

MINUTES_A_WEEK = 7 * 24 * 60
MINUTE = 60_000_000
"""Microseconds."""

CHINA_IS_AHEAD = 8 * 60
"""Minutes; Asia/Shanghai has kept no summer time since 1991."""

EPOCH_IS_A_THURSDAY = 3 * 24 * 60
"""Minutes from Monday 00:00 to the weekday and hour of the epoch."""

WINDOW = Text(
    "应为“星期 起-止”,星期 1 至 7(可写 1-5),时刻 00:00 至 24:00,如 1-5 08:00-18:00",
    "must be weekday(s) 1 to 7 and two times, 00:00 to 24:00, as 1-5 08:00-18:00",
)
_WINDOW = re.compile(r"([1-7])(?:-([1-7]))? ([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def window_minutes(text: str) -> NDArray[np.int64] | None:
    """The minutes of the week (from Monday 00:00) a window covers; None for text that is none.

    >>> len(window_minutes("1-5 08:00-18:00")), window_minutes("8 08:00-18:00")
    (3000, None)
    """
    found = _WINDOW.fullmatch(text.strip())
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    begin, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if last < first or max(begin, end) > 1440 or begin == end:
        return None
    length = end - begin if end > begin else end - begin + 1440
    days = [np.arange(length) + (day - 1) * 1440 + begin for day in range(first, last + 1)]
    return np.concatenate(days) % MINUTES_A_WEEK


def week_mask(windows: Sequence[str]) -> NDArray[np.bool_]:
    """Each minute of the week: does a rule with these windows hold then. No window is always."""
    if not windows:
        return np.ones(MINUTES_A_WEEK, bool)
    mask = np.zeros(MINUTES_A_WEEK, bool)
    for text in windows:
        minutes = window_minutes(text)
        if minutes is None:
            raise ValueError(text)
        mask[minutes] = True
    return mask


def minute_of_week(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """The local minute of the week of moments in microseconds."""
    return np.asarray((at // MINUTE + CHINA_IS_AHEAD + EPOCH_IS_A_THURSDAY) % MINUTES_A_WEEK)
