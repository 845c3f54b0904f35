"""Weather as the screens state it: from which station, how old, where the wind goes."""

from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.wording import compass
from layers.filters import Missing, Not
from store.protocol import Store
from store.query import Order, Query

PASCALS_PER_HPA = 100.0


def wind_name(degrees: float) -> Text:
    """The eight-point name of where the wind comes from.

    >>> wind_name(50.0).zh
    '东北'
    """
    return compass(degrees)


def weather(store: Store, *, scope: Scope, lang: Lang) -> dict[str, Any] | None:
    """The newest observation among the city's stations, or None where none has reported."""
    layer = store.catalogue.find("weather_stations", scope)
    if layer is None:
        return None
    query = Query(where=Not(Missing("read_at")), order=(Order("read_at", descending=True),), limit=1, geometry=False)
    found = store.read(layer, query, scope=scope).to_pylist()
    if not found or found[0]["wind_from"] is None or found[0]["wind_speed"] is None:
        return None
    row = found[0]
    return {
        "station": row["name"],
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
