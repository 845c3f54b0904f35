"""Weather as the screens state it: from which station, how old, where the wind goes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import compass
from layers.filters import Missing, Not
from store.protocol import Store
from store.query import Order, Query

PASCALS_PER_HPA = 100.0
BY_HAND = "manual"
LOOKED = 50
"""So many of the newest, since those by hand may have lapsed."""


def wind_name(degrees: float) -> Text:
    """The eight-point name of where the wind comes from.

    >>> wind_name(50.0).zh
    '东北'
    """
    return compass(degrees)


def by_hand(row: Mapping[str, Any]) -> bool:
    """Somebody entered the observation, no instrument sent it."""
    return bool(row["kind"] == BY_HAND)


def valid_for(row: Mapping[str, Any], usual: timedelta) -> timedelta:
    """How long an observation may be used: what its row says, or what is usual."""
    minutes = row.get("valid_minutes")
    return usual if minutes is None else timedelta(minutes=minutes)


def weather(store: Store, *, scope: Scope, lang: Lang, now: datetime) -> dict[str, Any] | None:
    """The city's newest observation, of those by hand only one still valid; None where none has reported."""
    layer = store.catalogue.find("weather_stations", scope)
    if layer is None:
        return None
    query = Query(
        where=Not(Missing("read_at")), order=(Order("read_at", descending=True),), limit=LOOKED, geometry=False
    )
    rows = store.read(layer, query, scope=scope).to_pylist()
    current = (one for one in rows if not by_hand(one) or now - one["read_at"] <= valid_for(one, timedelta()))
    row = next(current, None)
    if row is None or row["wind_from"] is None or row["wind_speed"] is None:
        return None
    return {
        "station": row["name"],
        "manual": by_hand(row),
        "source": row["source"] if by_hand(row) else "",
        "from": row["wind_from"],
        "direction": wind_name(row["wind_from"]).of(lang),
        "speed": round(row["wind_speed"], 1),
        "at": iso(row["read_at"]),
        "pressure": None if row["pressure"] is None else round(row["pressure"] / PASCALS_PER_HPA, 1),
        **{
            name: None if row[name] is None else round(row[name], 1)
            for name in ("gust", "temperature", "humidity", "cloud")
        },
    }
