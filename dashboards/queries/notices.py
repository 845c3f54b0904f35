"""Notices in force for one reader, pinned ones first, then the newest."""

from datetime import datetime
from typing import Any

from core.caller import UserClass
from core.clock import CHINA, iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.addressed import meant_for
from dashboards.queries.wording import code_label
from layers.filters import And, Compare, Missing, Op, Or
from store.protocol import Store
from store.query import Order, Query

LOOKED_AT = 300
"""Rows read at most: a city in whose last 300 notices none is meant for the reader has other cares."""


def notices(
    store: Store, now: datetime, *, scope: Scope, user_class: UserClass, lang: Lang, most: int = 50
) -> list[dict[str, Any]]:
    """Published, not expired, meant for this reader; an empty list where the layer is kept from the caller."""
    layer = store.catalogue.find("notices", scope)
    if layer is None:
        return []
    today = now.astimezone(CHINA).date()
    valid = Or((Missing("expires_on"), Compare("expires_on", Op.GE, today)))
    where = And((Compare("published_at", Op.LE, now), valid))
    order = (Order("pinned", descending=True), Order("published_at", descending=True))
    rows = store.read(layer, Query(where=where, order=order, limit=LOOKED_AT), scope=scope).to_pylist()
    found = [row for row in rows if meant_for(row, scope, user_class)]
    return [
        {
            "code": row["code"],
            "version": row["_version"],
            "title": row["title"],
            "body": row["body"],
            "kind": code_label("notice_kind", row["kind"], lang),
            "issued_by": row["issued_by"],
            "at": iso(row["published_at"]),
            "pinned": bool(row["pinned"]),
        }
        for row in found[:most]
    ]
