"""The layer tree: branches, counts under scope and selection, and what the legend must say of each layer."""

from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.selection import Selection, count
from dashboards.queries.wording import code_label
from layers.layer import THEMES, Geometry, Layer, Publish
from store.protocol import Store

GRADE_WORDS = {
    "hazard_sources": (
        Text("一级", "Grade 1"),
        Text("二级", "Grade 2"),
        Text("三级", "Grade 3"),
        Text("四级", "Grade 4"),
    ),
    "accidents": (
        Text("特别重大", "Extraordinary"),
        Text("重大", "Major"),
        Text("较大", "Serious"),
        Text("一般", "Ordinary"),
    ),
    "scenario_zones": (
        Text("最重一级", "Worst level"),
        Text("第二级", "Second level"),
        Text("第三级", "Third level"),
        Text("第四级", "Fourth level"),
    ),
}
"""Level words that the law gives these layers; every other graded layer is red, orange, yellow, blue."""

_COLOURS = (Text("红", "Red"), Text("橙", "Orange"), Text("黄", "Yellow"), Text("蓝", "Blue"))


def grade_words(layer: Layer) -> tuple[Text, ...]:
    """Words for grades 1 to 4 of a layer."""
    return GRADE_WORDS.get(layer.id, _COLOURS)


def _legend(layer: Layer, scope: Scope, lang: Lang) -> list[dict[str, str]]:
    style = layer.style
    if style.by is None or style.by not in layer.fields_in(scope):
        return [{"symbol": style.symbol, "title": layer.title.of(lang)}] if style.symbol else []
    spec = layer.fields[style.by]
    return [{"symbol": s, "title": code_label(spec.codes, code, lang)} for code, s in style.symbols.items()]


def tree(store: Store, chosen: Selection, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """Branches in the order of the themes, each with the layers this caller may know of."""
    seen = [layer for layer in store.catalogue.seen_by(scope) if layer.publish is not Publish.NONE]
    branches = []
    for theme, title in THEMES.items():
        layers = [_entry(store, layer, chosen, scope, lang) for layer in seen if layer.theme is theme]
        if layers:
            branches.append({"id": theme.value, "title": title.of(lang), "layers": layers})
    return branches


def _entry(store: Store, layer: Layer, chosen: Selection, scope: Scope, lang: Lang) -> dict[str, Any]:
    graded = layer.style.grade is not None and layer.style.grade in layer.fields_in(scope)
    said = layer.told_precision(scope)
    stems = (*layer.style.symbols.values(), layer.style.symbol or "")
    return {
        "id": layer.id,
        "title": layer.title.of(lang),
        "about": layer.about_to(scope).of(lang),
        "precision": None if said is None else said.of(lang),
        "owner": layer.owner.of(lang),
        "geometry": layer.geometry.value,
        "drawn": layer.geometry is not Geometry.NONE,
        "count": count(store, layer, chosen, scope=scope),
        "graded": graded,
        "badged": graded and any(stem.endswith(("-1", "-2", "-3", "-4")) for stem in stems),
        "grades": [word.of(lang) for word in grade_words(layer)] if graded else [],
        "symbol": layer.style.symbol or next(iter(layer.style.symbols.values()), None),
        "legend": _legend(layer, scope, lang),
    }
