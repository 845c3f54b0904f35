"""Compound warnings as a screen shows them: those that last, and those that ended within a day."""

from datetime import datetime, timedelta
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.wording import code_label
from layers.catalogue import COMPOUNDS
from layers.filters import Compare, Filter, Missing, Op, Or
from store.protocol import Store
from store.query import Query

MOST = 200
ENDED = timedelta(days=1)


def compounds(
    store: Store, at: datetime, *, scope: Scope, lang: Lang, ended: timedelta = ENDED, at_seq: int | None = None
) -> list[dict[str, Any]]:
    """Those in reach, the lasting and gravest first; with no `ended` only those that last."""
    layer = store.catalogue.find(COMPOUNDS.id, scope)
    if layer is None:
        return []
    lasts: Filter = Missing("ended_at")
    where = Or((lasts, Compare("ended_at", Op.GT, at - ended))) if ended else lasts
    rows = store.read(layer, Query(where=where, at_seq=at_seq, limit=MOST), scope=scope)
    told = [_told(row, lang) for row in rows.to_pylist()]
    return sorted(told, key=lambda one: (one["ended_at"] is not None, one["level"], one["since"]))


def _told(row: dict[str, Any], lang: Lang) -> dict[str, Any]:
    return {
        "code": row["code"], "title": code_label("compound_condition", row["condition"], lang), "level": row["level"],
        "cause": row["cause_en"] if lang is Lang.EN else row["cause"], "enterprise": row["enterprise"],
        "area": row["area"], "since": iso(row["since"]), "ended_at": iso(row["ended_at"]) if row["ended_at"] else None,
        "sources": list(row["sources"] or ()),
    }  # fmt: skip
