"""What models say of a point, as a chart shows it: change points and a forecast, each marked as unverified."""

from datetime import datetime
from typing import Any

import numpy as np

from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.curve import MILLI, Window, drawn_of, micros, newest_of
from dashboards.queries.measured import Measured
from dashboards.queries.wording import code_label
from monitoring.hints.changes import marked
from monitoring.hints.declared import UNVERIFIED, Kind, hints, numbers
from monitoring.hints.evenly import evenly
from monitoring.hints.forecasting import forecast, replayed, season_of
from monitoring.quality import State
from store.series import Series

LITTLE = Text("有效读数太少或缺口过大,不作提示", "too few readings, or too long a hole: nothing is said")
PAST = Text("时段不到现在,不作预测", "the span does not end now: nothing is forecast")
SILENT = Text("该点现状未知,不作预测", "what the point is now is not known: nothing is forecast")


def hints_of(
    series: Series, point: Measured, window: Window, *, now: datetime, scope: Scope, lang: Lang
) -> dict[str, Any]:
    """Each kind of hint with its level, how far it is to be trusted, and either what it says or why it says nothing."""
    rows = drawn_of(series, point, window, scope=scope).rows
    start, end = micros(window.start), micros(min(window.end, now))
    changes = evenly(rows, start, end, int(numbers()["columns"]))
    found: dict[str, Any] = {"words": UNVERIFIED.of(lang)}
    at = None if changes is None else marked(changes)
    found[Kind.CHANGE.value] = _said(Kind.CHANGE, lang) | (
        {"none": LITTLE.of(lang), "at": []} if at is None else {"none": None, "at": at // MILLI}
    )
    found[Kind.FORECAST.value] = _said(Kind.FORECAST, lang) | {"none": None, "at": []}
    even = evenly(rows, start, end, int(numbers()["forecast_columns"]))
    newest = newest_of(series, point, now=now, scope=scope, lang=lang)
    why = None
    if window.end < now and even is not None and micros(now) - end > even.step:
        why = PAST
    elif newest["state"] == State.UNKNOWN.value:
        why = SILENT
    elif even is None:
        why = LITTLE
    if why is not None or even is None:
        found[Kind.FORECAST.value]["none"] = (why or LITTLE).of(lang)
        return found
    season = season_of(even)
    band, past = forecast(even.value, season), replayed(even.value, season)
    columns = np.arange(len(even), len(even) + len(band.middle))
    found[Kind.FORECAST.value] |= {
        "at": (even.at(columns) + even.step // 2) // MILLI, "from": int(even.at(np.array([len(even)]))[0] // MILLI),
        "middle": np.round(band.middle, 6), "low": np.round(band.low, 6), "high": np.round(band.high, 6),
        "nominal": numbers()["nominal"], "season": bool(season),
        "replayed": None if past is None else {
            "coverage": round(past.coverage, 3), "error": past.error, "by_last": past.by_last, "times": past.times,
        },
    }  # fmt: skip
    return found


def _said(kind: Kind, lang: Lang) -> dict[str, Any]:
    one = hints()[kind]
    return {
        "title": one.title.of(lang), "level": one.level, "level_title": code_label("risk", str(one.level), lang),
        "library": one.library, "status": code_label("basis_status", one.status, lang), "scored": one.scored.of(lang),
    }  # fmt: skip
