"""What each term of the index finds in the tables: which rows, at which enterprises, for how many points."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from monitoring.risk.inputs import OPEN, Inputs
from monitoring.risk.model import RiskModel, Term

GAS = ("combustible", "toxic")
VIDEO = "video_violation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows that count for a term: place of the enterprise, code of the row, points of it; each shape (row,).

    `known` tells of each enterprise whether the term is known of it, shape (enterprise,); None: of all.
    """

    place: NDArray[np.int64]
    code: NDArray[np.object_]
    points: NDArray[np.float64]
    known: NDArray[np.bool_] | None = None


def found(term: Term, model: RiskModel, given: Inputs) -> Found | None:
    """What counts for a term; None where the table it is read from is unknown."""
    frame = _COUNTED[term.id](term, given)
    if frame is None:
        return None
    points = frame["points"].to_numpy(dtype=float) if "points" in frame else np.full(len(frame), term.each, dtype=float)
    return Found(
        place=frame["place"].to_numpy(dtype=np.int64),
        code=frame["code"].to_numpy(dtype=object),
        points=np.asarray(points, dtype=np.float64),
        known=_watched(given) if term.id == VIDEO else None,
    )


def _watched(given: Inputs) -> NDArray[np.bool_]:
    """The enterprises at which rules look for violations on video."""
    cameras = given.frame("analysed")
    count = given.enterprises.num_rows
    return np.zeros(count, bool) if cameras is None else np.bincount(cameras["place"], minlength=count) > 0


def _outer(term: Term, given: Inputs) -> pd.DataFrame | None:
    alarms = given.standing
    return None if alarms is None else alarms[(alarms["rank"] == 0) & ~alarms["sensor"].isin(GAS)]


def _gas(term: Term, given: Inputs) -> pd.DataFrame | None:
    alarms = given.standing
    return (
        None if alarms is None or given.sensors is None else alarms[(alarms["rank"] == 0) & alarms["sensor"].isin(GAS)]
    )


def _inner(term: Term, given: Inputs) -> pd.DataFrame | None:
    alarms = given.standing
    return None if alarms is None else alarms[alarms["rank"] == 1]


def _unanswered(term: Term, given: Inputs) -> pd.DataFrame | None:
    alarms = given.frame("alarms")
    if alarms is None:
        return None
    since = pd.Timestamp(given.at) - timedelta(minutes=term.options["minutes"])
    return alarms[(alarms["state"] == "raised") & alarms["acknowledged_at"].isna() & (alarms["raised_at"] <= since)]


def _offline(term: Term, given: Inputs) -> pd.DataFrame | None:
    """Enterprises of which more than a share of the points are silent; the row that counts is the enterprise."""
    alarms, sensors = given.frame("alarms"), given.frame("sensors")
    if alarms is None or sensors is None:
        return None
    known = alarms[alarms["state"].isin(OPEN)]
    alone = sensors["code"].isin(known.loc[known["condition"] == "silence", "point"]).groupby(sensors["place"]).sum()
    lost = known[known["condition"] == "link"].groupby("place")["extreme"].sum()
    silent = ((alone + lost.reindex(alone.index, fill_value=0)) / sensors.groupby("place").size()).clip(upper=1.0)
    over = silent[silent > term.options["share"]]
    return pd.DataFrame({"place": over.index, "code": [f"{share:.0%}" for share in over]})


def _promise(term: Term, given: Inputs) -> pd.DataFrame | None:
    promises = given.frame("promises")
    if promises is None:
        return None
    due = pc.is_in(given.enterprises["sector"], value_set=pa.array(term.options["sectors"])).to_numpy()
    promised = np.bincount(promises["place"], minlength=len(due)) > 0
    lacking = np.flatnonzero(due & ~promised)
    return pd.DataFrame({"place": lacking, "code": given.enterprises["uscc"].take(pa.array(lacking)).to_numpy()})


def _special_work(term: Term, given: Inputs) -> pd.DataFrame | None:
    tickets = _during(given, "tickets")
    return None if tickets is None else tickets[tickets["kind"].isin(term.options["kinds"])]


def _start_stop(term: Term, given: Inputs) -> pd.DataFrame | None:
    promises = given.frame("promises")
    return None if promises is None else promises[promises["start_stop"].astype(bool)]


def _major(term: Term, given: Inputs) -> pd.DataFrame | None:
    dangers = given.frame("dangers")
    return None if dangers is None else dangers[dangers["major"].astype(bool)]


def _overdue(term: Term, given: Inputs) -> pd.DataFrame | None:
    dangers = given.frame("dangers")
    return None if dangers is None else dangers[dangers["due_at"] < pd.Timestamp(given.at)]


def _expired(term: Term, given: Inputs) -> pd.DataFrame | None:
    permits = given.frame("permits")
    return None if permits is None else permits[permits["expires_at"] < pd.Timestamp(given.at)]


def _penalty(term: Term, given: Inputs) -> pd.DataFrame | None:
    """Penalties decided lately, however their case goes on."""
    decided = given.frame("penalties")
    since = pd.Timestamp(given.at) - timedelta(days=term.options["days"])
    return None if decided is None else decided[(decided["at"] > since) & (decided["at"] <= pd.Timestamp(given.at))]


def _violation(term: Term, given: Inputs) -> pd.DataFrame | None:
    seen = given.frame("violations")
    since = pd.Timestamp(given.at) - timedelta(hours=term.options["hours"])
    return None if seen is None else seen[(seen["at"] > since) & (seen["at"] <= pd.Timestamp(given.at))]


def _weather(term: Term, given: Inputs) -> pd.DataFrame | None:
    """The gravest warning of those in force where an enterprise is."""
    warnings = _during(given, "weather")
    if warnings is None:
        return None
    worth = warnings["level"].astype(str).map(term.options["by_level"]).fillna(0.0)
    hit = _in_areas(warnings.assign(points=worth.astype(float)), given)
    return hit.sort_values("points", ascending=False, kind="stable").drop_duplicates("place")


def _period(term: Term, given: Inputs) -> pd.DataFrame | None:
    periods = _during(given, "periods")
    return None if periods is None else _in_areas(periods, given).drop_duplicates("place")


def _during(given: Inputs, name: str) -> pd.DataFrame | None:
    frame = given.frame(name)
    if frame is None:
        return None
    at = pd.Timestamp(given.at)
    return frame[(frame["from"] <= at) & (frame["to"].isna() | (frame["to"] > at))]


def _in_areas(frame: pd.DataFrame, given: Inputs) -> pd.DataFrame:
    """A row for each enterprise in the area each row names; few rows, many enterprises."""
    areas = given.enterprises["area"].to_pandas().fillna("")
    parts = [
        frame.iloc[[row] * len(inside)].assign(place=inside)
        for row, area in enumerate(frame["area"])
        if len(inside := np.flatnonzero(areas.str.startswith(area)))
    ]
    empty = frame.iloc[:0].assign(place=np.array([], dtype=np.int64))
    return pd.concat(parts, ignore_index=True) if parts else empty


_COUNTED: dict[str, Callable[[Term, Inputs], pd.DataFrame | None]] = {
    "alarm_outer": _outer,
    "alarm_gas": _gas,
    "alarm_inner": _inner,
    "alarm_unanswered": _unanswered,
    "offline": _offline,
    "promise_missing": _promise,
    "special_work": _special_work,
    "start_stop": _start_stop,
    "danger_major": _major,
    "danger_overdue": _overdue,
    "permit_expired": _expired,
    "penalty_decided": _penalty,
    "video_violation": _violation,
    "weather": _weather,
    "special_period": _period,
}
