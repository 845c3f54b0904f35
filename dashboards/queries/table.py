"""A page of one layer as a table: the few columns a reader compares rows by."""

from typing import Any

from core.scope import Scope
from core.texts import Lang
from dashboards.queries.selection import Selection, count, rows
from dashboards.queries.wording import area_names, shown
from layers.fields import FieldSpec, Kind
from layers.layer import Layer
from store.protocol import Store
from store.query import Order

COLUMNS_SHOWN = 7
COLUMNS_TRIED = 12
PAGE = 50
_QUIET = ("sensitivity", "source", "source_datum", "observed_at")


def columns(layer: Layer, scope: Scope) -> list[FieldSpec]:
    """Label, grade, area and the first fields of the layer that fit."""
    seen = layer.fields_in(scope)
    first = [n for n in (layer.label, layer.style.grade, layer.style.by, layer.time, "area") if n in seen]
    rest = [
        n for n, s in seen.items() if n not in (*_QUIET, layer.key) and s.kind is not Kind.LIST and s.refers is None
    ]
    return [seen[name] for name in dict.fromkeys([*first, *rest]) if name is not None][:COLUMNS_TRIED]


def _order(layer: Layer, scope: Scope) -> tuple[Order, ...]:
    """Worst first where there is a grade, newest first where there is a time."""
    seen, grade = layer.fields_in(scope), layer.style.grade
    if layer.time is not None and layer.time in seen:
        return (Order(layer.time, descending=True),)
    return (Order(grade),) if grade is not None and grade in seen else ()


def _words(spec: FieldSpec, value: Any, areas: dict[str, str], lang: Lang) -> str:
    return areas.get(value, str(value)) if spec.name == "area" and value else shown(spec, value, lang)


def page(store: Store, layer: Layer, chosen: Selection, *, scope: Scope, lang: Lang, offset: int = 0) -> dict[str, Any]:
    """`PAGE` rows as words, with the total under the same selection."""
    specs = columns(layer, scope)
    grade = layer.style.grade if layer.style.grade in layer.fields_in(scope) else None
    fields = tuple(dict.fromkeys([layer.key, *(s.name for s in specs), *([grade] if grade else [])]))
    order = _order(layer, scope)
    table = rows(
        store, layer, chosen, scope=scope, fields=fields, geometry=False, order=order, limit=PAGE, offset=offset
    )
    specs = [spec for spec in specs if table[spec.name].null_count < max(1, table.num_rows)][:COLUMNS_SHOWN]
    found = table.to_pylist()
    areas = area_names(store, scope)
    return {
        "layer": layer.id,
        "title": layer.title.of(lang),
        "total": count(store, layer, chosen, scope=scope),
        "offset": offset,
        "page": PAGE,
        "columns": [{"name": s.name, "title": s.title.of(lang), "grade": s.name == grade} for s in specs],
        "keys": [row[layer.key] for row in found],
        "grade": [int(row[grade] or 0) if grade else 0 for row in found],
        "rows": [[_words(spec, row[spec.name], areas, lang) for spec in specs] for row in found],
    }
