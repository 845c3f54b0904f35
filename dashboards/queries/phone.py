"""What a team's phone is told beside its orders: the zones of the incident, and who else was sent there."""

from collections.abc import Sequence
from typing import Any

import shapely

from core.clock import iso
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Lang, Text
from dashboards.queries.wording import code_label
from emergency.orders.life import OPEN
from layers.catalogue import EXERCISES, INCIDENT_ORDERS, INCIDENTS, TEAMS
from layers.catalogue.incidentscenarios import scenario_layers
from layers.catalogue.orders import PLAIN
from layers.catalogue.scenarios import NOT_VALIDATED
from layers.filters import And, Compare, In, Op
from store.protocol import Store
from store.query import Order, Query

Told = dict[str, Any]
OF_INCIDENT = ("code", "title", "state", "scenario", "exercise")
"""What a phone needs of an incident; who reported it is not among it."""
COARSE = 0.00005
"""Degrees by which an outline may be off on a phone: five metres."""
MOST = 60


def team_told(store: Store, key: str, lang: Lang) -> Told:
    """A team by its key: what it is called and whether it is out."""
    query = Query(where=Compare("code", Op.EQ, key), fields=("code", "name", "state"), geometry=False)
    rows = store.read(TEAMS, query, scope=SYSTEM_SCOPE).to_pylist()
    if not rows:
        raise NotFoundError(Text(f"没有队伍“{key[:40]}”", f"no team {key[:40]!r}"))
    return {**rows[0], "state_word": code_label("resource_state", rows[0]["state"], lang)}


def incidents_told(store: Store, codes: Sequence[str], *, exercise: bool) -> dict[str, Told]:
    """Of each incident its title, state and scenario."""
    if not codes:
        return {}
    query = Query(where=In("code", tuple(codes)), fields=OF_INCIDENT, geometry=False)
    rows = store.read(EXERCISES if exercise else INCIDENTS, query, scope=SYSTEM_SCOPE).to_pylist()
    return {row["code"]: row for row in rows}


def zones_told(store: Store, incident: Told, lang: Lang) -> Told | None:
    """The outlines of the zones and bands of the scenario that stands; None where none does."""
    if not incident["scenario"]:
        return None
    kept, of_zones, of_bands = scenario_layers(bool(incident["exercise"]))
    here = Compare("code", Op.EQ, incident["scenario"])
    found = store.read(
        kept, Query(where=here, fields=("code", "state", "computed_at", "valid"), geometry=False), scope=SYSTEM_SCOPE
    ).to_pylist()
    if not found or found[0]["state"] != "current":
        return None
    mine = Compare("scenario", Op.EQ, incident["scenario"])
    fields = ("code", "severity", "level", "level_en", "reached", "distance", "cut", "verified")
    zones = store.read(
        of_zones, Query(where=mine, fields=fields, order=(Order("severity"),)), scope=SYSTEM_SCOPE
    ).to_pylist()
    bands = store.read(of_bands, Query(where=mine, fields=("code", "severity")), scope=SYSTEM_SCOPE).to_pylist()
    return {
        "computed_at": iso(found[0]["computed_at"]), "valid": found[0]["valid"], "said": NOT_VALIDATED.of(lang),
        "zones": [
            {"severity": one["severity"], "level": Text(one["level"], one["level_en"] or one["level"]).of(lang),
             "distance": one["distance"], "cut": one["cut"] != "none", "verified": one["verified"],
             "rings": _rings(one["geometry"])}
            for one in zones if one["reached"] and one["geometry"] is not None
        ],
        "bands": [
            {"severity": one["severity"], "rings": _rings(one["geometry"])}
            for one in bands if one["geometry"] is not None
        ],
    }  # fmt: skip


def forces_told(store: Store, incident: str, team: str, lang: Lang) -> list[Told]:
    """Who else was sent to an incident, and how far they are: names and states, no telephone."""
    query = Query(
        where=And((Compare("incident", Op.EQ, incident), In("state", tuple(OPEN)))), fields=PLAIN, limit=MOST,
        order=(Order("number"),), geometry=False,
    )  # fmt: skip
    rows = store.read(INCIDENT_ORDERS, query, scope=SYSTEM_SCOPE).to_pylist()
    return [
        {"number": one["number"], "to": one["to_name"], "action": one["action"], "state": one["state"],
         "state_word": code_label("order_state", one["state"], lang),
         "eta": iso(one["eta"]) if one["eta"] is not None and one["state"] == "on_way" else None}
        for one in rows if one["team"] != team
    ]  # fmt: skip


def _rings(geometry: bytes) -> list[list[list[float]]]:
    """Outlines as lon, lat; holes too, for a phone that asks whether it is inside."""
    shape: Any = shapely.simplify(shapely.from_wkb(geometry), COARSE, preserve_topology=True)
    parts = [shape] if shape.geom_type == "Polygon" else list(getattr(shape, "geoms", ()))
    rings = [ring for part in parts if not part.is_empty for ring in (part.exterior, *part.interiors)]
    return [[[round(x, 5), round(y, 5)] for x, y in ring.coords] for ring in rings]
