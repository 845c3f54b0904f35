"""What takes place today and next at the reader's own office and those above it."""

from datetime import datetime, timedelta
from typing import Any

from core.caller import UserClass
from core.clock import CHINA, iso
from core.scope import Scope
from dashboards.queries.addressed import meant_for
from layers.filters import During
from store.protocol import Store
from store.query import Order, Query


def schedules(
    store: Store, now: datetime, *, scope: Scope, user_class: UserClass, days: int = 1
) -> list[dict[str, Any]] | None:
    """Entries from the start of the local day for so many days, by time; None where the calendar is kept from them."""
    layer = store.catalogue.find("schedules", scope)
    if layer is None:
        return None
    start = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    span = During("starts_at", start, start + timedelta(days=days))
    rows = store.read(layer, Query(where=span, order=(Order("starts_at"),)), scope=scope).to_pylist()
    return [
        {
            "code": row["code"],
            "title": row["title"],
            "starts": iso(row["starts_at"]),
            "ends": None if row["ends_at"] is None else iso(row["ends_at"]),
            "place": row["place"],
            "people": row["people"],
        }
        for row in rows
        if meant_for(row, scope, user_class)
    ]
