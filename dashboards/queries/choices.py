"""What the filters offer: districts, kinds of supervision and industries that occur, with their counts."""

from typing import Any

from core.scope import Scope
from core.texts import Lang
from dashboards.queries.selection import ENTERPRISES
from dashboards.queries.wording import area_names, code_label
from layers.layer import Catalogue, Layer
from store.protocol import Store
from store.query import COUNT, EVERYTHING


def districts(store: Store, *, scope: Scope) -> dict[str, str]:
    """Names of the six-digit areas by code, in the order of their codes."""
    named = area_names(store, scope)
    return {code: named[code] for code in sorted(named) if len(code) == 6 and not code.endswith("00")}


def _counted(store: Store, layer: Layer, field: str, scope: Scope) -> dict[str, int]:
    table = store.totals(layer, EVERYTHING, by=(field,), of=(COUNT,), scope=scope)
    name = field.split(":")[0]
    return {str(row[name]): int(row["count"]) for row in table.to_pylist() if row[name]}


def choices(store: Store, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """For each filter the codes that occur under the scope, their words and how many enterprises they hold."""
    catalogue: Catalogue = store.catalogue
    firms = catalogue.find(ENTERPRISES, scope)
    if firms is None:
        return {}
    per_area = _counted(store, firms, "area:6", scope)
    offered: dict[str, Any] = {
        "area": [
            {"code": code, "title": name, "count": per_area.get(code, 0)}
            for code, name in districts(store, scope=scope).items()
        ]
    }
    for filter_name, name in (("sector", "sector"), ("industry", "industry_code")):
        if name not in firms.fields_in(scope):
            continue
        spec = firms.fields[name]
        counts = _counted(store, firms, name, scope)
        offered[filter_name] = [
            {"code": code, "title": code_label(spec.codes, code, lang), "count": n}
            for code, n in sorted(counts.items(), key=lambda pair: -pair[1])
        ]
    return offered
