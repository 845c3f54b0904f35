"""From a charge, or a cloud as the TNT it equals, to circles of overpressure."""

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Kilogram
from emergency.chain.part import Part
from emergency.effect_levels import effect_levels
from emergency.model import Check
from emergency.models.explosion.kingery_bulmash import simplified_kingery
from emergency.models.explosion.reach import blast_distance
from emergency.result import Curve, DataUsed, Figure
from emergency.scenario import Charge, Scenario
from emergency.zones import Cut, Level, circle_zone, nested

AWAY = np.geomspace(0.2, 198.0, 200)
"""Scaled distances of the curve, as far as the polynomials go."""


def charge(scenario: Scenario) -> Part:
    """A condensed explosive on the ground."""
    assert isinstance(scenario.release, Charge)
    return blast(scenario, scenario.release.tnt_mass)


def blast(scenario: Scenario, tnt_mass: Kilogram) -> Part:
    """Circles of the overpressure levels round the source, and the overpressure against distance."""
    levels = _levels(scenario)
    scale = tnt_mass ** (1 / 3)
    zones = []
    for level in levels:
        radius = blast_distance(overpressure=level.value, tnt_mass=tnt_mass)
        cut = Cut.NONE
        if not np.isfinite(radius):
            radius, cut = float(AWAY[-1] * scale), Cut.MODEL_RANGE
        checks: tuple[Check, ...] = simplified_kingery.checks(scaled_distance=radius / scale) if radius else ()
        zones.append(
            circle_zone(level, scenario.place.point, radius, model=blast_distance.card.id, checks=checks, cut=cut)
        )
    pressures = np.asarray(simplified_kingery(scaled_distance=AWAY).incident_overpressure)
    curve = Curve(
        name="overpressure",
        title=Text("入射超压", "incident overpressure"),
        x_title=Text("距离", "distance"),
        x_unit="m",
        y_unit="Pa",
        x=tuple((AWAY * scale).tolist()),
        y=tuple(pressures.tolist()),
        model=simplified_kingery.card.id,
    )
    figure = Figure(
        name="tnt_mass",
        title=Text("TNT 当量", "TNT equivalent"),
        value=tnt_mass,
        unit="kg",
        model=blast_distance.card.id,
    )
    return Part(
        zones=nested(zones), figures=(figure,), curves=(curve,), models=(blast_distance.card, simplified_kingery.card),
        data=(_levels_used(levels),),
    )  # fmt: skip


def _levels(scenario: Scenario) -> tuple[Level, ...]:
    if isinstance(scenario.levels, str):
        return effect_levels("overpressure")
    wrong = [one for one in scenario.levels if one.unit != "Pa"]
    if wrong:
        raise BadInputError(
            Text(f"爆炸情景的限值单位应为 Pa,“{wrong[0].name}”为 {wrong[0].unit}",
                 f"levels of an explosion are in Pa, {wrong[0].name!r} is in {wrong[0].unit}"),
            field="levels", value=wrong[0].unit,
        )  # fmt: skip
    ordered = sorted(scenario.levels, key=lambda one: -one.value)
    return tuple(
        Level(name=Text(one.name, one.name), value=one.value, unit="Pa", severity=place, verified=False)
        for place, one in enumerate(ordered, start=1)
    )


def _levels_used(levels: tuple[Level, ...]) -> DataUsed:
    return DataUsed(
        name="effect-levels", title=Text("超压限值", "levels of overpressure"), observed_at=None,
        verified=all(one.verified for one in levels), source=levels[0].source,
    )  # fmt: skip
