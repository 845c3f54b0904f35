"""What a rule would have told over a stretch of the past, in the few figures by which two settings are compared."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from core.clock import CHINA, iso
from monitoring.alarms.flood import SECOND, chattering
from monitoring.alarms.practice import practice

LISTED = 10
"""Examples, and points, that are named; the rest is in the counts."""

Told = dict[str, Any]


def told(episodes: pa.Table, begin: datetime, end: datetime, names: Mapping[str, str]) -> Told:
    """Counts by day and level, the longest, what chatters, the points that most alarm, and the first alarms."""
    found = episodes.to_pandas().sort_values(["raised_at", "point", "condition"], ignore_index=True)
    last = found["cleared_at"].fillna(pd.Timestamp(end))
    found = found.assign(seconds=(last - found["raised_at"]).dt.total_seconds())
    days = [begin.astimezone(CHINA).date() + timedelta(days=n) for n in range((end - begin).days + 1)]
    by_day = found["raised_at"].dt.tz_convert(CHINA).dt.date.value_counts()
    by_level = found["level"].value_counts()
    by_point = found["point"].value_counts(sort=True).head(LISTED)
    return {
        "total": len(found),
        "days": [{"day": day.isoformat(), "count": int(by_day.get(day, 0))} for day in days],
        "per_day": len(found) / max((end - begin) / timedelta(days=1), 1e-9),
        "levels": {str(level): int(by_level.get(level, 0)) for level in (1, 2, 3, 4)},
        "standing": int(found["cleared_at"].isna().sum()),
        "points": [{"point": one, "name": names.get(one, one), "count": int(n)} for one, n in by_point.items()],
        "alarming": int(found["point"].nunique()),
        "chattering": _chattering(found, names, end.astimezone(CHINA).date()),
        "longest": [_row(row, names) for row in _rows(found.nlargest(LISTED // 2, "seconds"))],
        "first": [_row(row, names) for row in _rows(found.head(LISTED))],
    }


def _chattering(found: pd.DataFrame, names: Mapping[str, str], on: date) -> list[Told]:
    line = (found["point"] + " " + found["condition"]).to_numpy(dtype=str)
    at = found["raised_at"].to_numpy(dtype="datetime64[us]").astype(np.int64)
    count, window = round(practice("chatter_count", on)), round(practice("chatter_window", on) * SECOND)
    pairs = [one.rsplit(" ", 1) for one in sorted(chattering(line, at, count, window))]
    return [{"point": point, "name": names.get(point, point), "condition": what} for point, what in pairs]


def _rows(found: pd.DataFrame) -> list[Told]:
    return [{str(name): value for name, value in row.items()} for row in found.to_dict("records")]


def _row(row: Told, names: Mapping[str, str]) -> Told:
    cleared = row["cleared_at"]
    return {
        "point": row["point"], "name": names.get(row["point"], row["point"]), "condition": row["condition"],
        "level": int(row["level"]), "raised_at": iso(row["raised_at"].to_pydatetime()),
        "cleared_at": None if pd.isna(cleared) else iso(cleared.to_pydatetime()), "seconds": float(row["seconds"]),
        "value": _number(row["value"]), "extreme": _number(row["extreme"]), "limit": _number(row["limit"]),
        "unit": row["unit"],
    }  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
