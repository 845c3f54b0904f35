"""The index as it is told to one reader: rows of now or of earlier, terms with what they were counted from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely

from core.clock import iso
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Lang, Text
from layers.catalogue import (
    ALARMS,
    AREA_RISKS,
    AREAS,
    DANGERS,
    GRIDS,
    HAZARD_SOURCES,
    LICENCES,
    PENALTIES,
    RISK_SCORES,
    VIOLATIONS,
    WARNINGS,
)
from layers.catalogue.risk import RiskScore
from layers.filters import In
from layers.layer import Layer
from monitoring.risk.index import INHERENT
from monitoring.risk.keeping import evolution
from monitoring.risk.model import RiskModel
from store.feed import Version
from store.protocol import Store
from store.query import Query

Told = dict[str, Any]
DRAWN = ("score", "highest", "grade", "grade_highest", "override", "area")
SOURCES: Mapping[str, Layer] = {
    INHERENT: HAZARD_SOURCES,
    **dict.fromkeys(("alarm_outer", "alarm_gas", "alarm_inner", "alarm_unanswered"), ALARMS),
    **dict.fromkeys(("danger_major", "danger_overdue"), DANGERS),
    "permit_expired": LICENCES,
    "penalty_decided": PENALTIES,
    "video_violation": VIOLATIONS,
    "weather": WARNINGS,
}
"""The layer whose rows a term counts; the others count rows that no layer holds yet."""


def entry_at(store: Store, moment: datetime) -> int:
    """The newest entry of the feed at a moment, or 0: found by halves, for entries are in order of time."""
    low, high = 0, store.head()
    while low < high:
        middle = (low + high + 1) // 2
        found = store.feed(after=middle - 1, scope=SYSTEM_SCOPE, limit=1)
        if found and found[0].at <= moment:
            low = max(middle, min(found[0].seq, high))
        else:
            high = middle - 1
    return low


def enterprises(store: Store, scope: Scope, at_seq: int | None = None) -> Told:
    """Columns of every enterprise in reach; `unknown` counts the terms nobody knows."""
    layer = store.catalogue[RISK_SCORES.id]
    fields = ("enterprise", "name", "unknown", "computed_at", *DRAWN)
    table = store.read(layer, Query(fields=fields, at_seq=at_seq), scope=scope)
    shapes = shapely.from_wkb(np.asarray(table["geometry"].to_numpy(zero_copy_only=False), dtype=object))
    lon, lat = (np.round(one, 6) for one in (shapely.get_x(shapes), shapely.get_y(shapes)))
    return {
        "keys": table["enterprise"].to_pylist(),
        "name": table["name"].to_pylist(),
        "unknown": [len(one or ()) for one in table["unknown"].to_pylist()],
        "lon": [None if np.isnan(one) else float(one) for one in lon],
        "lat": [None if np.isnan(one) else float(one) for one in lat],
        **{name: table[name].to_pylist() for name in DRAWN},
    }


def areas(store: Store, scope: Scope, at_seq: int | None = None) -> list[Told]:
    """Cities, districts, towns and grid cells in reach, each by name; none where areas are not open."""
    layer = store.catalogue.find(AREA_RISKS.id, scope)
    if layer is None:
        return []
    rows = store.read(layer, Query(at_seq=at_seq), scope=scope).to_pylist()
    names = {**_labels(store, GRIDS, None, scope), **_labels(store, AREAS, None, scope)}
    kept = ("code", "level", "score", "highest", "grade", "grade_highest", "partly", "enterprises", "unknown", "red",
            "worst")  # fmt: skip
    return [{name: row[name] for name in kept} | {"name": names.get(row["code"]) or row["code"]} for row in rows]


def terms(record: RiskScore, model: RiskModel, lang: Lang) -> list[Told]:
    """Every term of one score: its points, or that nobody knows it, what it could add, and the codes it counted."""
    kept = {one["term"]: one for one in map(orjson.loads, record.terms)}
    titles = [(INHERENT, Text("固有危险性(重大危险源 R 值)", "Inherent hazard (R of hazard sources)"), 100.0)]
    titles += [(term.id, term.title, term.most) for term in model.terms]
    told = []
    for name, title, most in titles:
        one = kept.get(name, {})
        unknown = name in record.unknown
        weight = model.inherent if name == INHERENT else model.dynamic
        adds = one.get("points") or 0.0 if name == INHERENT else (one.get("points") or 0.0) * model.dynamic
        told.append(
            {
                "id": name, "title": title.of(lang), "known": not unknown,
                "points": None if unknown else one.get("points") or 0.0,
                "adds": None if unknown else round(adds, 1), "could": round(most * weight, 1),
                "count": one.get("count", 0), "sources": one.get("sources", []),
                "layer": SOURCES[name].id if name in SOURCES else None,
            }
        )  # fmt: skip
    return told


def named(store: Store, told: Sequence[Told], scope: Scope) -> None:
    """Give each source of the terms the name of its row, as far as the reader may see it."""
    for one in told:
        layer = store.catalogue.find(one["layer"], scope) if one["layer"] else None
        codes = tuple(str(code) for code in one["sources"])
        labels = _labels(store, layer, codes, scope) if layer is not None and codes else {}
        one["sources"] = [
            {"code": code, "label": labels.get(code) or code, "layer": one["layer"] if code in labels else None}
            for code in codes
        ]


def course(versions: Sequence[Version]) -> Told:
    """How an index went: each version held until the next one."""
    table = evolution(versions)
    columns = {name: table[name].to_pylist() for name in ("score", "highest", "grade", "grade_highest", "model")}
    return {"at": [iso(one) for one in table["at"].to_pylist()], **columns}


def _labels(store: Store, layer: Layer, keys: tuple[str, ...] | None, scope: Scope) -> dict[str, str]:
    """Names of rows in reach by their keys; nothing of a layer that is not open."""
    found = store.catalogue.find(layer.id, scope)
    if found is None:
        return {}
    label = found.label if found.label in found.fields_in(scope) else found.key
    fields = tuple(dict.fromkeys((found.key, str(label))))
    where = None if keys is None else In(found.key, keys)
    table: pa.Table = store.read(found, Query(where=where, fields=fields, geometry=False), scope=scope)
    return dict(zip(table[found.key].to_pylist(), table[str(label)].to_pylist(), strict=True))
