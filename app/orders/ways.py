"""The way an order carries: from where its team stands to where it is sent, round what is known."""

from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from shapely.geometry import shape

from app.orders.desk import Way
from app.routing.desk import RouteDesk
from core.caller import Caller
from gis.shapes import LonLat
from layers.catalogue import TEAMS
from layers.catalogue.orders import LONGEST_WAY

FINE = (0.0, 0.00005, 0.0002, 0.001, 0.005)
"""Degrees by which the kept line may stray, tried in turn until it fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Finds ways at the door of routes, with its rights, its zones and its closures."""

    routes: RouteDesk

    def to(
        self, team: str, place: LonLat, incident: str, caller: Caller, *, start: LonLat | None = None
    ) -> Way:  # fmt: skip
        """The way of a team, round the zones of its incident. Raises NoRouteError where there is none."""
        given: dict[str, Any] = {
            "from": [start.lon, start.lat] if start else {"layer": TEAMS.id, "key": team},
            "to": [place.lon, place.lat],
            "incident": incident,
        }
        answer = self.routes.routes(given, caller)
        found = answer["route"]
        way = found["properties"]
        said = [*answer["notices"], *way["notices"], way["not_known"]]
        return Way(
            line=_line(found["geometry"]), time=float(way["duration_s"]), length=float(way["length_m"]),
            avoids=bool(way["avoids"]), said="；".join(one for one in said if one),
        )  # fmt: skip


def _line(geometry: dict[str, Any]) -> str:
    line = shape(geometry)
    for degrees in FINE:
        kept = line.simplify(degrees) if degrees else line
        points = [[round(x, 5), round(y, 5)] for x, y in shapely.get_coordinates(kept).tolist()]
        said = orjson.dumps(points).decode()
        if len(said) <= LONGEST_WAY:
            return said
    return orjson.dumps([points[0], points[-1]]).decode()
