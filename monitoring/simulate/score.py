"""Alarms held against the truth: what was missed, what was false, how late the rest came."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from core.units import Second


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`repeated` are further alarms of what was raised already: right once, then a nuisance. Delays in seconds.

    A delay below nought is an alarm that noise raised a little before the process itself was there.
    """

    expected: int
    found: int
    missed: int
    raised: int
    false: int
    repeated: int
    delay_median: Second | None
    delay_95: Second | None
    delay_longest: Second | None
    missed_by_kind: Mapping[str, int]
    false_by_kind: Mapping[str, int]


def score(alarms: pa.Table, truth: pa.Table, *, early: Second = 60.0, grace: Second = 600.0) -> Score:
    """Score alarms (`point`, `condition`, `raised_at`) against a truth table.

    An alarm answers an expected one of its point and condition when raised from `early` seconds before its time until
    `grace` after the event's end. Kinds of false alarms are those of the event that misled, or "none".
    """
    wanted = truth.to_pandas().reset_index(names="wanted")
    raised = alarms.select(["point", "condition", "raised_at"]).to_pandas().reset_index(names="alarm")
    expected = wanted[wanted["condition"] != ""]
    pairs = raised.merge(expected, on=["point", "condition"])
    after = (pairs["raised_at"] - pairs["expected_at"]).dt.total_seconds()
    until = (pairs["raised_at"] - pairs["to"]).dt.total_seconds()
    pairs = pairs.assign(delay=after)[(after >= -early) & (until <= grace)]
    pairs = pairs.sort_values(["raised_at", "expected_at"]).drop_duplicates("alarm")
    first = pairs.drop_duplicates("wanted")
    delays = first["delay"].to_numpy(dtype=float)
    missed = expected[~expected["wanted"].isin(first["wanted"])]
    false = raised[~raised["alarm"].isin(pairs["alarm"])]
    return Score(
        expected=len(expected), found=len(first), missed=len(missed), raised=len(raised), false=len(false),
        repeated=len(pairs) - len(first), delay_median=_quantile(delays, 0.5), delay_95=_quantile(delays, 0.95),
        delay_longest=_quantile(delays, 1.0), missed_by_kind=_counts(missed["kind"]),
        false_by_kind=_counts(_misled(false, wanted, grace)),
    )  # fmt: skip


def _misled(false: pd.DataFrame, wanted: pd.DataFrame, grace: Second) -> "pd.Series[str]":
    """The kind of the event that was on at the point when a false alarm came."""
    pairs = false[["alarm", "point", "raised_at"]].merge(wanted[["point", "kind", "from", "to"]], on="point")
    late = pd.Timedelta(seconds=grace)
    on = pairs[(pairs["raised_at"] >= pairs["from"]) & (pairs["raised_at"] <= pairs["to"] + late)]
    kind = on.drop_duplicates("alarm").set_index("alarm")["kind"]
    return false["alarm"].map(kind).fillna("none").astype(str)


def _counts(kinds: "pd.Series[str]") -> dict[str, int]:
    return {str(kind): int(number) for kind, number in kinds.value_counts().sort_index().items()}


def _quantile(delays: np.ndarray, share: float) -> Second | None:
    return float(np.quantile(delays, share)) if len(delays) else None
