"""What the stations near a place read of the air, nearest first, with the stability class a published table gives."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from core.units import Metre
from dashboards.queries.readings import STALE_AFTER
from dashboards.queries.weather import by_hand, valid_for
from dashboards.queries.wording import compass
from emergency.models.dispersion.srdt import Classified, Period, srdt_class
from emergency.models.dispersion.turner import Sky, turner_class
from emergency.wind_band import NEAR
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue.sensing import WEATHER_STATIONS
from store.protocol import Store
from store.query import Query

Json = dict[str, Any]
MOST = 8
HALF_COVERED = 5.0
"""Tenths of cloud from which Turner's table calls a night cloudy (4/8)."""


def stations(store: Store, place: LonLat, *, now: datetime, scope: Scope, lang: Lang) -> list[Json] | None:
    """Stations within 50 km that read any wind, in SI; None where the caller may see none."""
    if not WEATHER_STATIONS.visible(scope):
        return None
    table = store.read(WEATHER_STATIONS, Query(), scope=scope)
    rows = [row for row in table.to_pylist() if row["geometry"] and _read(row)]
    if not rows:
        return []
    places = shapely.get_coordinates(shapely.from_wkb(np.array([row["geometry"] for row in rows], dtype=object)))
    metres = distances(place, places[:, 0], places[:, 1])
    order = [int(k) for k in np.argsort(metres) if metres[k] <= NEAR][:MOST]
    return [_station(rows[k], float(metres[k]), now, lang) for k in order]


def _read(row: Json) -> bool:
    return all(row.get(name) is not None for name in ("read_at", "wind_speed", "wind_from"))


def _station(row: Json, away: Metre, now: datetime, lang: Lang) -> Json:
    temperature, humidity = row.get("temperature"), row.get("humidity")
    known = {
        "wind_speed": row["wind_speed"], "wind_from": row["wind_from"], "wind_height": row.get("anemometer_height"),
        "ambient_temperature": None if temperature is None else round(temperature + 273.15, 6),
        "relative_humidity": None if humidity is None else round(humidity / 100.0, 6),
        "ambient_pressure": row.get("pressure"),
    }  # fmt: skip
    return {
        "code": row["code"], "name": row["name"], "distance": away, "at": iso(row["read_at"]),
        "stale": now - row["read_at"] > valid_for(row, timedelta(seconds=STALE_AFTER)),
        "manual": by_hand(row), "source": row["source"] if by_hand(row) else "",
        "direction": compass(row["wind_from"]).of(lang),
        "weather": {name: value for name, value in known.items() if value is not None},
        "stability": _stability(row, lang),
    }  # fmt: skip


def _stability(row: Json, lang: Lang) -> Json | None:
    """By the sun where it shines, by the cloud at night; None where the station reads too little to say."""
    sun, cloud, wind = row.get("solar"), row.get("cloud"), row["wind_speed"]
    if sun is None:
        return None
    if sun > 0.0:
        why = Text(f"太阳辐射 {sun:.0f} W/m²", f"sun {sun:.0f} W/m²")
        return _told(srdt_class(wind, Period.DAY, solar_radiation=sun), srdt_class.card.title, why, lang)
    if cloud is None:
        return None
    sky = Sky.NIGHT_CLOUDY if cloud >= HALF_COVERED else Sky.NIGHT_CLEAR
    why = Text(f"夜间,云量 {cloud:.0f}/10", f"night, cloud {cloud:.0f}/10")
    return _told(turner_class(wind, sky), turner_class.card.title, why, lang)


def _told(found: Classified, title: Text, why: Text, lang: Lang) -> Json:
    reason = Text(f"{title.zh}:{why.zh}", f"{title.en}: {why.en}").of(lang)
    doubt = "" if found.doubt is None else found.doubt.of(lang)
    return {"id": str(found.stability), "reason": reason, "doubt": doubt}
