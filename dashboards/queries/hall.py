"""Everything the wall states, asked in one go so that all its figures are of one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.overview import (
    Figures,
    accidents_between,
    figures,
    in_use,
    monthly,
    year_before,
)
from dashboards.queries.rankings import districts_by_grade, recent_accidents
from dashboards.queries.readings import Readings
from dashboards.queries.weather import weather
from store.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The state of the city as the hall shows it."""

    at: datetime
    enterprises: Figures | None
    hazards: Figures | None
    sensors: Figures | None
    cameras: Figures | None
    cameras_online: int
    accidents: Figures | None
    accidents_before: Figures | None
    teams: Figures | None
    targets: Figures | None
    shelters: Figures | None
    tanks: Figures | None
    districts: list[dict[str, Any]]
    recent: list[dict[str, Any]]
    months: list[dict[str, int]] | None
    weather: dict[str, Any] | None
    parameters: list[dict[str, Any]]
    fresh: int | None
    forces: list[dict[str, Any]]


_FORCES = (
    ("teams", ("people",), Text("队", ""), Text("{people} 人", "{people} people")),
    ("fire_stations", ("engines",), Text("站", ""), Text("{engines} 车", "{engines} engines")),
    ("depots", ("floor_area",), Text("座", ""), Text("{floor_area} m²", "{floor_area} m²")),
    ("hospitals", ("beds",), Text("家", ""), Text("{beds} 床", "{beds} beds")),
    ("shelters", ("places",), Text("处", ""), Text("容 {places} 人", "{places} places")),
)


def forces(store: Store, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """What could be sent or used, with what it brings in total."""
    found = []
    for layer_id, sums, unit, brings in _FORCES:
        counted = figures(store, layer_id, scope=scope, sums=sums)
        if counted is None:
            continue
        layer = store.catalogue[layer_id]
        words = brings.of(lang).format(**{name: f"{round(value):,}" for name, value in counted.sums.items()})
        found.append(
            {
                "layer": layer_id,
                "title": layer.title.of(lang),
                "symbol": layer.style.symbol,
                "count": counted.rows,
                "unit": unit.of(lang),
                "brings": words if any(counted.sums.values()) else "",
            }
        )
    return found


def wall(store: Store, readings: Readings | None, now: datetime, *, scope: Scope, lang: Lang) -> Wall:
    """Ask everything the hall shows under one scope."""
    cameras = figures(store, "cameras", scope=scope)
    online = figures(store, "cameras", scope=scope, where=in_use("state", "online"))
    last, before = year_before(now), year_before(year_before(now))
    return Wall(
        at=now,
        enterprises=figures(store, "enterprises", scope=scope, grade="risk"),
        hazards=figures(store, "hazard_sources", scope=scope, grade="grade"),
        sensors=figures(store, "sensors", scope=scope),
        cameras=cameras,
        cameras_online=online.rows if online else 0,
        accidents=figures(store, "accidents", scope=scope, where=accidents_between(last, now), sums=("deaths",)),
        accidents_before=figures(store, "accidents", scope=scope, where=accidents_between(before, last)),
        teams=figures(store, "teams", scope=scope, sums=("people",)),
        targets=figures(store, "protection_targets", scope=scope, sums=("people_day",)),
        shelters=figures(store, "shelters", scope=scope, sums=("places",)),
        tanks=figures(store, "tanks", scope=scope),
        districts=districts_by_grade(store, "enterprises", "risk", scope=scope),
        recent=recent_accidents(store, scope=scope, lang=lang),
        months=monthly(store, now, scope=scope),
        weather=weather(store, scope=scope, lang=lang),
        parameters=[] if readings is None else readings.key_parameters(now, scope=scope),
        fresh=None if readings is None else readings.fresh(now, scope=scope),
        forces=forces(store, scope=scope, lang=lang),
    )
