"""A point's trend as a chart asks for it: columns to draw, doubts and holes in words, limits, alarms, the newest."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow.compute as pc

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.measured import Measured, alarms_of, limits_of, measured
from dashboards.queries.wording import area_names
from layers.catalogue import WEATHER_STATIONS
from layers.filters import In
from monitoring.hints.declared import hints
from monitoring.quality import State, standing
from monitoring.quality.flags import MISSING, Flag, named
from monitoring.quality.standing import patience
from monitoring.trend import Rows, Stretches, doubts, holes, rows_of, span_of, spans, usual_step
from store.protocol import Store
from store.query import Query
from store.series import Series
from store.series.spans import HOUR

QUALITIES = (
    Text("正常", "good"), Text("存疑", "doubtful"), Text("坏值", "bad"), Text("缺值", "missing"),
)  # fmt: skip
NEVER = Text("从未上报", "never reported")
MILLI = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is asked for: a span of time, and how many columns of pixels it is drawn in."""

    start: datetime
    end: datetime
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is shown, the rows it stands for, how long a column (0: each reading by itself) and how long a row is."""

    shown: Rows
    rows: Rows
    span: int
    step: int


def trend_of(
    store: Store, series: Series, point: Measured, window: Window, *, now: datetime, scope: Scope, lang: Lang
) -> dict[str, Any]:
    """Everything a chart of one point needs, as columns; times are milliseconds since 1970."""
    drawn = drawn_of(series, point, window, scope=scope)
    rows, span, step = drawn.rows, drawn.span, drawn.step
    wait = _patience(point, rows)
    start, end = micros(window.start), micros(min(window.end, now))
    return {
        "layer": point.layer.id,
        "code": point.code,
        "element": point.element,
        **_about(store, point, scope, lang),
        "from": start // MILLI,
        "to": micros(window.end) // MILLI,
        "now": micros(now) // MILLI,
        "interval": point.interval,
        "patience": wait,
        "span": span / MILLI,
        "readings": int(rows.count.sum()) if step else len(rows),
        "columns": _columns(drawn.shown),
        "qualities": qualities(lang),
        "flags": {int(flag): flag.label.of(lang) for flag in Flag},
        "doubts": _stretches(doubts(rows, wait, near=span, step=step), lang),
        "holes": _stretches(holes(rows.at, start, end, wait, step=step), lang, hole=True),
        "limits": limits_of(store, point, scope=scope, lang=lang),
        "alarms": alarms_of(store, point, window.start, window.end, scope=scope, lang=lang),
        "newest": newest_of(series, point, now=now, scope=scope, lang=lang),
        "hinted": any(one.shown for one in hints().values()),
    }


def drawn_of(series: Series, point: Measured, window: Window, *, scope: Scope) -> Drawn:
    """Where a column of pixels is an hour or more, the rows are hours that are kept beside; else each reading."""
    start, end = micros(window.start), micros(window.end)
    if end - start >= window.width * HOUR:
        span = -(-(end - start) // window.width // HOUR) * HOUR
        rows = series.hours(
            point.layer, point.code, point.element, start=window.start, end=window.end, scope=scope
        )  # fmt: skip
        return Drawn(shown=spans(rows, start // HOUR * HOUR, span), rows=rows, span=span, step=HOUR)
    readings = series.read(
        point.layer, [point.code], start=window.start, end=window.end, scope=scope, element=point.element
    )
    rows = rows_of(readings)
    span = span_of(start, end, window.width, len(rows))
    return Drawn(shown=rows if span == 0 else spans(rows, start, span), rows=rows, span=span, step=0)


def qualities(lang: Lang) -> list[str]:
    """What each quality is called."""
    return [one.of(lang) for one in QUALITIES]


def asked_point(store: Store, layer: str, code: str, element: str, *, scope: Scope, lang: Lang) -> Measured:
    """The point of an address; a station that names no quantity answers with its wind."""
    return measured(
        store, layer, code, element or ("wind_speed" if layer == WEATHER_STATIONS.id else "value"), scope=scope,
        lang=lang,
    )  # fmt: skip


def newest_of(series: Series, point: Measured, *, now: datetime, scope: Scope, lang: Lang) -> dict[str, Any]:
    """What the newest reading is worth now: `value` only while it is one, `said` what was said last."""
    latest = series.latest(point.layer, [point.code], scope=scope)
    latest = latest.filter(pc.equal(latest["element"], point.element))
    if not latest.num_rows:
        unknown = {"state": State.UNKNOWN.value, "state_title": State.UNKNOWN.label.of(lang)}
        return {**unknown, "at": None, "value": None, "said": None, "age": None, "why": [NEVER.of(lang)]}
    interval = np.array([np.nan if point.interval is None else point.interval])
    row = standing(latest, interval, now).to_pylist()[0]
    state = State(row["state"])
    return {
        "state": state.value, "state_title": state.label.of(lang), "at": iso(row["at"]), "value": row["value"],
        "said": row["said"], "age": row["age"], "why": why_of(row["flags"], row["quality"], lang),
    }  # fmt: skip


def why_of(flags: int, quality: int, lang: Lang) -> list[str]:
    """The reasons in words; a reading without a value and without a reason is one that is missing."""
    words = [flag.label.of(lang) for flag in named(flags)]
    return words or ([QUALITIES[quality].of(lang)] if quality else [])


def _patience(point: Measured, rows: Rows) -> float:
    """After how many seconds without a reading the line is broken: by the interval, or as the readings come."""
    step = point.interval if point.interval is not None else usual_step(rows.at)
    return float(patience(np.array([np.nan if step is None else step]))[0])


def _about(store: Store, point: Measured, scope: Scope, lang: Lang) -> dict[str, Any]:
    firms, firm = store.catalogue.find("enterprises", scope), None
    if firms is not None and point.enterprise:
        query = Query(where=In(firms.key, (point.enterprise,)), fields=(firms.key, "name"), geometry=False)
        found = store.read(firms, query, scope=scope).to_pylist()
        firm = found[0]["name"] if found else None
    return {
        "name": point.name, "quantity": point.quantity, "unit": point.unit, "kind": point.kind, "device": point.device,
        "enterprise": firm or point.enterprise or None, "area": area_names(store, scope).get(point.area, point.area),
        "range": [point.low, point.high],
    }  # fmt: skip


def _columns(rows: Rows) -> dict[str, Any]:
    def exact(values: Any) -> Any:
        return np.where(np.isnan(values), np.nan, np.round(values, 6))

    single = rows.low is rows.high  # readings by themselves: one column says it all
    columns = {"at": rows.at // MILLI, "last": exact(rows.last), "quality": rows.quality, "flags": rows.flags}
    if bool(np.isfinite(rows.refused).any()):
        columns["refused"] = exact(rows.refused)
    if not single:
        columns |= {"low": exact(rows.low), "high": exact(rows.high), "count": rows.count}
    return columns


def _stretches(found: Stretches, lang: Lang, *, hole: bool = False) -> dict[str, Any]:
    """Whiles as columns, the reasons of each as words."""
    word = Text("无数据", "no readings").of(lang)
    pairs = list(zip(found.flags.tolist(), found.quality.tolist(), strict=True))
    kinds = {pair: [word] if hole else why_of(*pair, lang) for pair in set(pairs)}
    return {
        "from": found.start // MILLI, "to": found.end // MILLI, "count": found.count,
        "quality": np.full(len(pairs), MISSING, np.int8) if hole else found.quality,
        "why": [kinds[pair] for pair in pairs], "more": found.more,
    }  # fmt: skip


def micros(moment: datetime) -> int:
    """Since 1970."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
