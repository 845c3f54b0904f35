"""Figures of the key band: only what the data hold now, each with its age."""

from dataclasses import dataclass
from typing import Any

from core.scope import Scope
from layers.filters import Compare, Filter, Op
from layers.layer import Layer
from store.protocol import Store
from store.query import COUNT, Measure, Query, Total


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


def in_use(field: str, value: str) -> Filter:
    """Rows in one state."""
    return Compare(field, Op.EQ, value)
