"""Figures of the key band: only what the data hold now, each with its age."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import CHINA
from core.scope import Scope
from layers.filters import Compare, During, Filter, Op
from layers.layer import Layer
from store.protocol import Store
from store.query import COUNT, Measure, Query, Total

Moment = datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One layer counted: rows, rows per grade 1 to 4, and sums asked for; None where the caller may not see it."""

    rows: int
    grades: dict[int, int]
    sums: dict[str, float]


def figures(
    store: Store,
    layer_id: str,
    *,
    scope: Scope,
    where: Filter | None = None,
    grade: str | None = None,
    sums: tuple[str, ...] = (),
) -> Figures | None:
    """Rows, grades and sums of one layer, or None when it does not exist for this caller."""
    layer = store.catalogue.find(layer_id, scope)
    if layer is None:
        return None
    seen = layer.fields_in(scope)
    open_sums = tuple(name for name in sums if name in seen)
    of = (COUNT, *(Total(name, Measure.SUM, name) for name in open_sums))
    query = Query(where=where)
    total = store.totals(layer, query, of=of, scope=scope).to_pylist()
    row: dict[str, Any] = total[0] if total else {"count": 0}
    return Figures(
        rows=int(row["count"] or 0),
        grades=_grades(store, layer, grade, query, scope) if grade in seen else {},
        sums={name: float(row.get(name) or 0) for name in open_sums},
    )


def _grades(store: Store, layer: Layer, grade: str | None, query: Query, scope: Scope) -> dict[int, int]:
    table = store.totals(layer, query, by=(str(grade),), of=(COUNT,), scope=scope).to_pylist()
    return {int(row[str(grade)]): int(row["count"]) for row in table if row[str(grade)] is not None}


def accidents_between(start: Moment, end: Moment) -> Filter:
    """Accidents that happened in a span of time."""
    return During("occurred_at", start, end)


def in_use(field: str, value: str) -> Filter:
    """Rows in one state."""
    return Compare(field, Op.EQ, value)


def year_before(moment: Moment) -> Moment:
    """The same time a year ago."""
    return moment - timedelta(days=365)


def months(now: Moment, count: int) -> list[tuple[int, int]]:
    """The last months as (year, month) in local time, oldest first, the present one included."""
    local = now.astimezone(CHINA)
    last = local.year * 12 + local.month - 1
    return [divmod(n, 12) for n in range(last - count + 1, last + 1)]


def monthly(store: Store, now: Moment, *, scope: Scope, count: int = 12) -> list[dict[str, int]] | None:
    """Accidents and deaths per month, the same months of the year before beside them."""
    layer = store.catalogue.find("accidents", scope)
    if layer is None:
        return None
    wanted = months(now, count)
    year, month = wanted[0]
    start = datetime(year - 1, month + 1, 1, tzinfo=CHINA)
    query = Query(where=During("occurred_at", start, None), fields=("occurred_at",), geometry=False)
    moments = store.read(layer, query, scope=scope)["occurred_at"].to_pandas().dt.tz_convert(CHINA)
    found = (moments.dt.year * 12 + moments.dt.month - 1).value_counts().to_dict()
    return [
        {"month": m + 1, "now": int(found.get(y * 12 + m, 0)), "before": int(found.get((y - 1) * 12 + m, 0))}
        for y, m in wanted
    ]
