"""What a point's newest reading is worth now: a value only while it is fresh and not bad, and otherwise "unknown"."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.texts import Text
from monitoring.quality.flags import BAD, GOOD, Flag
from monitoring.quality.parameters import Floats, practice


class State(StrEnum):
    """Whether there is a value to show."""

    KNOWN = "known"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"

    @property
    def label(self) -> Text:
        """What it is called on screen."""
        return _LABELS[self]


_LABELS = {
    State.KNOWN: Text("正常", "known"),
    State.DOUBTFUL: Text("存疑", "doubtful"),
    State.UNKNOWN: Text("未知", "unknown"),
}


def patience(interval: Floats) -> Floats:
    """Seconds after which a point that reports at this interval (NaN: none is registered) counts as silent."""
    rows = practice()
    known = np.fmax(rows["silent_intervals", ""] * interval, rows["silent_least", ""])
    return np.where(np.isnan(interval), rows["silent_unknown", ""], known)


def standing(latest: pa.Table, interval: Floats, now: datetime) -> pa.Table:
    """`latest` (as the series answers) with `age` in seconds, `state`, and `value` only where it is not unknown.

    `interval` has the seconds between readings of each row's point, NaN where none is registered. A silent, bad or
    missing reading leaves `value` empty and what it said in `said`, so that nobody draws the last good value for the
    present one by mistake.
    """
    micros = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    at = pc.cast(latest["at"], pa.int64())
    if "arrived" in latest.column_names:  # a clock that is ahead makes nothing younger
        at = pc.min_element_wise(at, pc.cast(latest["arrived"], pa.int64()))
    age = (micros - at.to_numpy()) / 1e6
    silent = age > patience(interval)
    quality = latest["quality"].to_numpy()
    none = latest["value"].is_null().to_numpy()
    unknown = silent | (quality >= BAD) | none
    states = np.select([unknown, quality > GOOD], [State.UNKNOWN.value, State.DOUBTFUL.value], State.KNOWN.value)
    flags = np.where(silent, latest["flags"].to_numpy() | Flag.SILENT, latest["flags"].to_numpy())
    found = latest.set_column(latest.column_names.index("flags"), "flags", pa.array(flags, pa.int32()))
    said = found["value"]
    value = pc.if_else(pa.array(unknown), pa.scalar(None, pa.float64()), said)
    found = found.set_column(found.column_names.index("value"), "value", value)
    return (
        found.append_column("said", said).append_column("age", pa.array(age)).append_column("state", pa.array(states))
    )
