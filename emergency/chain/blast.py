"""From a charge, or a cloud as the TNT it equals, to circles of overpressure."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Kilogram, Metres
from emergency.blast_curves import kingery_bulmash_curves
from emergency.chain.effects import drawn_levels, effects_used
from emergency.chain.part import Part
from emergency.chemicals import substance
from emergency.field import BlastField
from emergency.model import Check
from emergency.models.explosion.kingery_bulmash import simplified_kingery
from emergency.models.explosion.reach import blast_distance
from emergency.models.explosion.tnt import tnt_equivalent
from emergency.releases import Charge, CloudExplosion
from emergency.result import Curve, Figure
from emergency.scenario import Scenario
from emergency.zones import Cut, circle_zone, nested

TNT_ENERGY = 4.68e6
"""J/kg, as HyRAM+ and the EPA's worked cases take it."""

AS_TNT = Text(
    "按 TNT 当量折算:近处超压偏大,爆炸效率为使用者给定",
    "reckoned as TNT: too strong near the cloud; the yield is the user's",
)
AWAY = np.geomspace(0.2, 198.0, 200)
"""Scaled distances of the curve, as far as the polynomials go."""


def charge(scenario: Scenario) -> Part:
    """A condensed explosive on the ground."""
    assert isinstance(scenario.release, Charge)
    return blast(scenario, scenario.release.tnt_mass)


def cloud_explosion(scenario: Scenario) -> Part:
    """A vapour cloud as the TNT that a share of its energy equals; the share is the user's."""
    release = scenario.release
    assert isinstance(release, CloudExplosion)
    fuel = substance(scenario.chemical)
    equal = tnt_equivalent(
        mass=release.mass, heat_of_combustion=fuel.heat_of_combustion, blast_yield=release.blast_yield,
        tnt_energy=TNT_ENERGY,
    )  # fmt: skip
    part = blast(scenario, equal)
    return replace(part, models=(tnt_equivalent.card, *part.models), notes=(AS_TNT,))


def blast(scenario: Scenario, tnt_mass: Kilogram) -> Part:
    """Circles of the overpressure levels round the source, and the overpressure against distance."""
    levels = drawn_levels(scenario, "overpressure")
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
        data=(effects_used("overpressure", levels),), field=wave(tnt_mass),
    )  # fmt: skip


def wave(tnt_mass: Kilogram) -> BlastField:
    """The wave of a surface burst anywhere, by the simplified curves."""

    curves, scale = kingery_bulmash_curves("simplified"), tnt_mass ** (1 / 3)

    def scaled(distance: Metres) -> NDArray[np.float64]:
        return np.asarray(np.maximum(np.asarray(distance, dtype=float) / scale, 1e-6))

    return BlastField(
        peak=lambda away: curves["incident_overpressure"](scaled(away)),
        arrival=lambda away: curves["arrival_time"](scaled(away)) * scale,
        phase=lambda away: curves["positive_duration"](scaled(away)) * scale,
    )
