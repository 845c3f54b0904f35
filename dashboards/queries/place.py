"""The reader's own ground: what it is called, its frame on the map, and how much of what is in it."""

from typing import Any

import numpy as np
import shapely

from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.addressed import reach
from dashboards.queries.overview import figures
from dashboards.queries.tree import grade_words
from dashboards.queries.wording import area_word
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

MARGIN = 0.01
"""Degrees round a single enterprise."""

Box = tuple[float, float, float, float]


def frame(store: Store, *, scope: Scope) -> list[float] | None:
    """West, south, east, north of the reader's enterprises, else of their areas; None while nothing is loaded."""
    box = _enterprises(store, scope) if scope.enterprises is not None else None
    box = box or _areas(store, scope)
    return None if box is None else [round(float(value), 5) for value in box]


def _areas(store: Store, scope: Scope) -> Box | None:
    areas = store.catalogue.find("areas", scope)
    if areas is None:
        return None
    table = store.read(areas, Query(fields=(areas.key,)), scope=scope)
    codes: list[str] = table[areas.key].to_pylist()
    own = [scope.everywhere or any(reach(code).startswith(prefix) for prefix in scope.areas) for code in codes]
    shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))[np.asarray(own, dtype=bool)]
    return _bounds(shapes)


def _enterprises(store: Store, scope: Scope) -> Box | None:
    firms = store.catalogue.find("enterprises", scope)
    if firms is None:
        return None
    table = store.read(firms, Query(fields=(firms.key,)), scope=scope)
    box = _bounds(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
    return None if box is None else (box[0] - MARGIN, box[1] - MARGIN, box[2] + MARGIN, box[3] + MARGIN)


def _bounds(shapes: Any) -> Box | None:
    west, south, east, north = shapely.total_bounds(shapes)
    return None if np.isnan(west) else (float(west), float(south), float(east), float(north))


def _graded(store: Store, layer_id: str, scope: Scope, lang: Lang) -> dict[str, Any] | None:
    layer: Layer = store.catalogue[layer_id]
    found = figures(store, layer_id, scope=scope, grade=layer.style.grade)
    if found is None:
        return None
    words = [word.of(lang) for word in grade_words(layer)]
    counts = [found.grades.get(grade, 0) for grade in (1, 2, 3, 4)] if found.grades else []
    return {"layer": layer_id, "title": layer.title.of(lang), "count": found.rows, "grades": counts, "words": words}


def place(store: Store, *, scope: Scope, lang: Lang) -> dict[str, Any]:
    """Name, frame and counts by grade; layers kept from the reader are left out."""
    rows = [_graded(store, layer_id, scope, lang) for layer_id in ("enterprises", "hazard_sources", "accidents")]
    word = area_word(store, scope, lang)
    if scope.enterprises is not None:
        word = Text("本企业", "Own enterprise").of(lang)
    return {"word": word, "frame": frame(store, scope=scope), "rows": [row for row in rows if row is not None]}
