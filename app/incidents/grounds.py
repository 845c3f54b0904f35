"""The area of a warning of an incident: zones of its kept scenario with their bands, or a circle round its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from core.units import Metre
from gis.placing import sector
from gis.shapes import LonLat
from layers.catalogue import scenario_layers
from layers.catalogue.incidents import Incident
from layers.catalogue.scenarios import KeptScenario, ScenarioBand, ScenarioZone
from layers.filters import Compare, Op
from layers.layer import Layer
from monitoring.warnings.proposing import Ground, chosen_zone
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of

EDGE = 0.00003
"""Degrees by which an outline of many corners is first widened, then smoothed: never inside what was computed."""
CORNERS = 400
LEAST: Metre = 50.0
MOST: Metre = 20_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """The zones of the scenario of an incident that are reached, the gravest first; none where there is no scenario."""

    scenario: KeptScenario | None = None
    zones: tuple[ScenarioZone, ...] = ()
    bands: tuple[ScenarioBand, ...] = ()

    def default(self) -> str:
        """The zone that calls for action by the rule; blank where none is reached."""
        place = chosen_zone([one.severity for one in self.zones])
        return "" if place is None else self.zones[place].code

    def band_of(self, zone: ScenarioZone) -> BaseGeometry | None:
        """Where the zone may lie when the wind turns, where that was computed."""
        return next((one.geometry for one in self.bands if one.code == zone.code), None)

    def ground(self, code: str, *, banded: bool) -> Ground:
        """A zone as the area of a warning. BadInputError where the scenario has no such zone."""
        zone = next((one for one in self.zones if one.code == code), None)
        if zone is None or zone.geometry is None or self.scenario is None:
            known = "、".join(one.code for one in self.zones) or "无"
            raise BadInputError(Text(f"没有影响区“{code[:40]}”,可用:{known}", f"no zone {code[:40]!r}"), field="zone")
        band = self.band_of(zone) if banded else None
        shape = zone.geometry if band is None else shapely.union_all([zone.geometry, band])
        return Ground(
            shape=_smooth(shape), zone=Text(zone.title, zone.title_en or zone.title), scenario=zone.scenario,
            reach=zone.distance, banded=band is not None, cut=zone.cut != "none", doubts=_doubts(zone, self.scenario),
        )  # fmt: skip


def zones_of(store: Store, row: Incident, scope: Scope) -> Zones:
    """What the caller may see of the scenario the incident names; a withdrawn one counts as none."""
    kept, of_zones, of_bands = scenario_layers(row.exercise)
    found = _rows(store, kept, "code", row.scenario, scope) if row.scenario else []
    if not found or found[0].state != "current":
        return Zones()
    zones = sorted(_rows(store, of_zones, "scenario", row.scenario, scope), key=lambda one: one.severity)
    return Zones(
        scenario=found[0], zones=tuple(one for one in zones if one.reached and one.geometry is not None),
        bands=tuple(_rows(store, of_bands, "scenario", row.scenario, scope)),
    )  # fmt: skip


def circle(row: Incident, radius: Metre) -> Ground:
    """Round the place of the incident. BadInputError where nobody marked one, or the radius is none."""
    if row.geometry is None:
        raise BadInputError(
            Text("事件没有标绘地点,请在地图上画范围", "no place is known; draw the area"), field="radius"
        )
    if not LEAST <= radius <= MOST:
        raise BadInputError(
            Text(f"半径应为 {LEAST:g} 至 {MOST:g} 米", f"the radius is from {LEAST:g} to {MOST:g} m"), field="radius"
        )
    point = row.geometry.representative_point()
    return Ground(shape=sector(LonLat(point.x, point.y), radius, 0.0, 360.0), reach=radius)


def _doubts(zone: ScenarioZone, scenario: KeptScenario) -> tuple[Text, ...]:
    found = []
    if not zone.verified:
        found.append(Text("限值未核实", "the level is unverified"))
    if not zone.valid or not scenario.valid:
        found.append(Text("超出模型适用范围", "outside the model's validity"))
    if zone.cut != "none":
        found.append(Text("影响区被截断，实际可能更远", "the zone is cut: it may reach farther"))
    return tuple(found)


def _smooth(shape: BaseGeometry) -> BaseGeometry:
    if len(shapely.get_coordinates(shape)) <= CORNERS:
        return shape
    wide = shapely.simplify(shapely.buffer(shape, 2 * EDGE), EDGE)
    return wide if bool(np.all(shapely.covers(wide, shape))) else shape


def _rows(store: Store, layer: Layer, field: str, key: str, scope: Scope) -> Sequence[Any]:
    seen = store.catalogue.find(layer.id, scope)
    if seen is None:
        return []
    query = Query(where=Compare(field, Op.EQ, key), order=(Order(layer.key),))
    return [record_of(seen, row, scope) for row in store.read(seen, query, scope=scope).to_pylist()]
