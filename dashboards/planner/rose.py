"""A wind rose in the reader's language: whose, of when, of how many readings, how far away, how it was made."""

from typing import Any

import shapely

from core.errors import NotFoundError
from core.scope import Scope
from core.texts import Lang, Text
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue.sensing import WEATHER_STATIONS
from store.protocol import Store

Json = dict[str, Any]
SIXTEEN = (
    Text("北", "N"), Text("北东北", "NNE"), Text("东北", "NE"), Text("东东北", "ENE"),
    Text("东", "E"), Text("东东南", "ESE"), Text("东南", "SE"), Text("南东南", "SSE"),
    Text("南", "S"), Text("南西南", "SSW"), Text("西南", "SW"), Text("西西南", "WSW"),
    Text("西", "W"), Text("西西北", "WNW"), Text("西北", "NW"), Text("北西北", "NNW"),
)  # fmt: skip
"""Names of the sectors from north, as weather stations write them."""


def rose(said: Json, store: Store, place: LonLat, *, scope: Scope, lang: Lang) -> Json:
    """What `emergency.wind_rose.told` says, with the station's name as far as it is open and how far off it stands."""
    return {
        **said,
        **_station(str(said["station"]), store, place, scope),
        "how": Text(*said["how"]).of(lang),
        "sectors": [
            {**one, "direction": name.of(lang)} for one, name in zip(said["sectors"], SIXTEEN, strict=True)
        ],
    }  # fmt: skip


def _station(code: str, store: Store, place: LonLat, scope: Scope) -> Json:
    try:
        record = store.get(WEATHER_STATIONS, code, scope=scope).record
    except NotFoundError:
        return {"name": code, "distance": None}
    point = record.geometry
    away = None if point is None else distances(place, [shapely.get_x(point)], [shapely.get_y(point)])
    return {"name": getattr(record, "name", code), "distance": None if away is None else float(away[0])}
