"""Everything the wall states, asked in one go so that all its figures are of one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries import incidentwall
from dashboards.queries.alarmwall import AlarmWall, alarm_wall
from dashboards.queries.incidentwall import light
from dashboards.queries.onduty import posts_on_duty
from dashboards.queries.overview import Figures, figures
from dashboards.queries.rankings import districts_by_grade, recent_accidents
from dashboards.queries.readings import Readings
from dashboards.queries.trend import Trend, trend
from dashboards.queries.weather import weather
from dashboards.queries.wording import area_names, area_word, whole_city
from layers.filters import In
from store.protocol import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """The state of the caller's area as the hall shows it; None stands for what the caller may not see."""

    at: datetime
    area: str
    enterprises: Figures | None
    hazards: Figures | None
    sensors: Figures | None
    cameras: Figures | None
    cameras_online: int
    trend: Trend | None
    teams: Figures | None
    targets: Figures | None
    shelters: Figures | None
    tanks: Figures | None
    limited: bool
    districts: list[dict[str, Any]] | None
    recent: list[dict[str, Any]] | None
    weather: dict[str, Any] | None
    weather_open: bool
    parameters: list[dict[str, Any]] | None
    fresh: int | None
    forces: list[dict[str, Any]]
    alarms: AlarmWall | None = None
    on_duty: list[dict[str, Any]] | None = None
    incidents: list[dict[str, Any]] | None = None


_FORCES = (
    ("teams", ("people",), Text("队", ""), Text("{people} 人", "{people} people")),
    ("fire_stations", ("engines",), Text("站", ""), Text("{engines} 车", "{engines} engines")),
    ("depots", ("floor_area",), Text("座", ""), Text("{floor_area} m²", "{floor_area} m²")),
    ("hospitals", ("beds",), Text("家", ""), Text("{beds} 床", "{beds} beds")),
    ("shelters", ("places",), Text("处", ""), Text("容 {places} 人", "{places} places")),
)


def forces(store: Store, limited: bool, *, scope: Scope, lang: Lang) -> list[dict[str, Any]]:
    """What could be sent or used, with what it brings in total; layers kept from the caller are named as such."""
    found = []
    for layer_id, sums, unit, brings in _FORCES:
        counted = figures(store, layer_id, scope=scope, sums=sums)
        layer = store.catalogue[layer_id]
        sums_seen = {} if counted is None else counted.sums
        words = {name: f"{round(value):,}" for name, value in sums_seen.items()}
        found.append(
            {
                "layer": layer_id,
                "title": layer.title.of(lang),
                "symbol": layer.style.symbol,
                "count": None if counted is None else counted.rows,
                "unit": unit.of(lang),
                "brings": brings.of(lang).format(**words) if any(sums_seen.values()) else "",
                "shared": layer.shared and limited,
            }
        )
    return found


def wall(store: Store, readings: Readings | None, now: datetime, *, scope: Scope, lang: Lang) -> Wall:
    """Ask everything the hall shows under one scope."""
    cameras = figures(store, "cameras", scope=scope)
    limited = not whole_city(scope, area_names(store, scope))
    online = figures(store, "cameras", scope=scope, where=In("state", ("online", "event")))
    return Wall(
        at=now,
        area=area_word(store, scope, lang),
        enterprises=figures(store, "enterprises", scope=scope, grade="risk"),
        hazards=figures(store, "hazard_sources", scope=scope, grade="grade"),
        sensors=figures(store, "sensors", scope=scope),
        cameras=cameras,
        cameras_online=online.rows if online else 0,
        trend=trend(store, now, scope=scope),
        teams=figures(store, "teams", scope=scope, sums=("people",)),
        targets=figures(store, "protection_targets", scope=scope, sums=("people_day",)),
        shelters=figures(store, "shelters", scope=scope, sums=("places",)),
        tanks=figures(store, "tanks", scope=scope),
        limited=limited,
        districts=districts_by_grade(store, "enterprises", "risk", scope=scope),
        recent=recent_accidents(store, scope=scope, lang=lang),
        weather=weather(store, scope=scope, lang=lang, now=now),
        weather_open=store.catalogue.find("weather_stations", scope) is not None,
        parameters=[] if readings is None else readings.key_parameters(now, scope=scope),
        fresh=None if readings is None else readings.fresh(now, scope=scope),
        forces=forces(store, limited, scope=scope, lang=lang),
        alarms=alarm_wall(store, scope=scope, lang=lang),
        on_duty=posts_on_duty(store, now, scope=scope, lang=lang),
        incidents=light(incidentwall.Wall(store=store, at=now, scope=scope, lang=lang)),
    )
