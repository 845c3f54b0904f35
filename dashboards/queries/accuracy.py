"""How well rules on video find what they look for: measured on labelled data, and as people of this site judge."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.violations import VERDICTS, camera_names, violation_layer
from dashboards.queries.wording import code_label
from layers.filters import Compare, During, Op, every
from store.protocol import Store
from store.query import COUNT, Query
from video.measured import measured
from video.rules.kinds import kinds
from video.rules.rule import Kind

PERIODS = (7, 30, 90, 365)
FEW = 30
"""Fewer judged events than this are told to be few."""

MOST = 50_000
"""Judged events whose time to judge is read."""

Z = 1.959964
"""Two-sided 95 %."""

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Interval:
    """Of a share: what it may well be."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval | None:
    """The 95 % interval of a share by Wilson (1927); None of nothing.

    >>> found = wilson(9, 10); round(found.low, 3), round(found.high, 3)
    (0.596, 0.982)
    """
    if not of:
        return None
    share, wide = hits / of, Z * Z / of
    middle = (share + wide / 2) / (1 + wide)
    half = Z / (1 + wide) * math.sqrt(share * (1 - share) / of + wide / (4 * of))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def accuracy(store: Store, days: int, *, scope: Scope, lang: Lang, now: datetime) -> Told:
    """Measured rows of every kind of rule; counts of the reader's events by kind and by camera over some days."""
    layer = violation_layer(store, scope)
    since = now - timedelta(days=days)
    seen = layer.fields_in(scope)
    where = every(During("raised_at", since, None), Compare("origin", Op.EQ, "analysis"))
    told: Told = {
        "days": days,
        "since": iso(since),
        "few": FEW,
        "measured": _measured(lang),
        "kinds": [],
        "cameras": [],
    }
    if not {"kind", "verdict", "camera", "origin", "raised_at"} <= set(seen):
        return told | {"judging": None}
    query = Query(where=where, geometry=False)
    counted = store.totals(layer, query, by=("kind", "camera", "verdict"), of=(COUNT,), scope=scope).to_pylist()
    names = camera_names(store, sorted({row["camera"] for row in counted}), scope)
    by_kind, by_camera = _counts(counted, ("kind",)), _counts(counted, ("camera", "kind"))
    told["kinds"] = [
        {"kind": kind, "name": code_label("video_event", kind, lang), **_judged(counts)}
        for (kind,), counts in sorted(by_kind.items())
    ]
    told["cameras"] = [
        {
            "camera": camera, "camera_name": names.get(camera, camera), "kind": kind,
            "name": code_label("video_event", kind, lang), **_judged(counts),
        }
        for (camera, kind), counts in sorted(by_camera.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    ][:100]  # fmt: skip
    return told | {"judging": _judging(store, scope, since) if "judged_at" in seen else None}


def _counts(rows: list[Told], by: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, int]]:
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in by), dict.fromkeys(VERDICTS, 0))[row["verdict"]] += row["count"]
    return found


def _judged(counts: dict[str, int]) -> Told:
    """Counts, and the share of what was judged that is true with its interval."""
    true, of = counts["confirmed"], counts["confirmed"] + counts["rejected"]
    interval = wilson(true, of)
    return counts | {
        "judged": of, "share": None if not of else true / of,
        "low": None if interval is None else interval.low, "high": None if interval is None else interval.high,
        "few": of < FEW,
    }  # fmt: skip


def _judging(store: Store, scope: Scope, since: datetime) -> Told | None:
    """How long people took: the middle and the time that nine of ten stayed below, in seconds."""
    layer = violation_layer(store, scope)
    where = every(During("judged_at", since, None), Compare("origin", Op.EQ, "analysis"))
    query = Query(where=where, fields=("raised_at", "judged_at"), geometry=False, limit=MOST)
    rows = store.read(layer, query, scope=scope)
    if not rows.num_rows:
        return None
    waited = pc.subtract(rows["judged_at"].cast(pa.int64()), rows["raised_at"].cast(pa.int64())).to_numpy() / 1e6
    return {"count": rows.num_rows, "middle": float(np.median(waited)), "most": float(np.quantile(waited, 0.9))}


def _measured(lang: Lang) -> list[Told]:
    """Every kind in the order of the rules: what was measured of it, or that nothing was."""
    rows = measured()
    return [
        {
            "kind": kind.value, "name": one.title.of(lang), "beta": _beta(kind),
            "rows": [
                {
                    "clip": row.clip, "date": row.date.isoformat(), "model": row.model, "measure": row.measure,
                    "n": row.n, "false": row.false, "precision": row.precision, "recall": row.recall,
                    "accuracy": row.accuracy,
                    "onset": row.onset, "aims": row.aims, "beta": row.beta, "status": row.status.value,
                }
                for row in rows if row.kind is kind
            ],
        }
        for kind, one in kinds().items()
    ]  # fmt: skip


def _beta(kind: Kind) -> bool:
    """An aim was missed somewhere, or nothing that happens was ever put before the rule."""
    own = [row for row in measured() if row.kind is kind]
    return any(row.beta for row in own) or not any(row.n for row in own)
