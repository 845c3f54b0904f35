"""Districts side by side, and what happened last."""

from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.choices import districts
from dashboards.queries.wording import shown
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Order, Query


def districts_by_grade(store: Store, layer_id: str, grade: str, *, scope: Scope) -> list[dict[str, Any]] | None:
    """Counts of grades 1 to 4 per district, the worst district first; None where the caller may not see them."""
    layer = store.catalogue.find(layer_id, scope)
    if layer is None or grade not in layer.fields_in(scope):
        return None
    names = districts(store, scope=scope)
    found: dict[str, list[int]] = {code: [0, 0, 0, 0] for code in names if scope.covers(code)}
    for row in store.totals(layer, EVERYTHING, by=("area:6", grade), of=(COUNT,), scope=scope).to_pylist():
        if row["area"] in found and row[grade] in (1, 2, 3, 4):
            found[row["area"]][row[grade] - 1] += int(row["count"])
    ranked = [{"code": code, "name": names[code], "counts": counts} for code, counts in found.items()]
    return sorted(ranked, key=lambda row: [-n for n in row["counts"]])


def recent_accidents(store: Store, *, scope: Scope, lang: Lang, count: int = 12) -> list[dict[str, Any]] | None:
    """The newest accidents on the record, without the fields kept from the caller; None where all of it is."""
    layer = store.catalogue.find("accidents", scope)
    if layer is None or "occurred_at" not in layer.fields_in(scope):
        return None
    query = Query(order=(Order("occurred_at", descending=True),), limit=count, geometry=False)
    return [
        {
            "key": row[layer.key],
            "title": row.get(layer.label or layer.key) or row[layer.key],
            "level": row.get("level"),
            "kind": shown(layer.fields["kind"], row.get("kind"), lang),
            "deaths": row.get("deaths"),
            "at": iso(row["occurred_at"]),
        }
        for row in store.read(layer, query, scope=scope).to_pylist()
    ]
