"""Districts side by side, and what happened last."""

from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.choices import districts
from dashboards.queries.wording import shown
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Order, Query


def districts_by_grade(store: Store, layer_id: str, grade: str, *, scope: Scope) -> list[dict[str, Any]]:
    """Counts of grades 1 to 4 per district, the worst district first."""
    layer = store.catalogue.find(layer_id, scope)
    if layer is None or grade not in layer.fields_in(scope):
        return []
    names = districts(store, scope=scope)
    found: dict[str, list[int]] = {code: [0, 0, 0, 0] for code in names if scope.covers(code)}
    for row in store.totals(layer, EVERYTHING, by=("area:6", grade), of=(COUNT,), scope=scope).to_pylist():
        if row["area"] in found and row[grade] in (1, 2, 3, 4):
            found[row["area"]][row[grade] - 1] += int(row["count"])
    ranked = [{"code": code, "name": names[code], "counts": counts} for code, counts in found.items()]
    return sorted(ranked, key=lambda row: [-n for n in row["counts"]])


def recent_accidents(store: Store, *, scope: Scope, lang: Lang, count: int = 12) -> list[dict[str, Any]]:
    """The newest accidents on the record."""
    layer = store.catalogue.find("accidents", scope)
    if layer is None:
        return []
    query = Query(order=(Order("occurred_at", descending=True),), limit=count, geometry=False)
    return [
        {
            "key": row[layer.key],
            "title": row[layer.label or layer.key] or row[layer.key],
            "level": row["level"],
            "kind": shown(layer.fields["kind"], row["kind"], lang),
            "deaths": row["deaths"],
            "at": iso(row["occurred_at"]),
        }
        for row in store.read(layer, query, scope=scope).to_pylist()
    ]
