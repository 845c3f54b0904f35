"""From a fire to zones of heat: circles of a fireball, the lop-sided zones of a pool's flame in the wind."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Metres
from emergency.chain.effects import drawn_levels, effects_used
from emergency.chain.part import Part
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.field import BurningField
from emergency.models.fire.burning_rate import burgess
from emergency.models.fire.fireball import fireball_aloha
from emergency.models.fire.pool_fire import pool_fire
from emergency.reach import reach
from emergency.releases import Fireball, PoolFire
from emergency.result import Curve, Figure
from emergency.scenario import Scenario
from emergency.zones import Cut, circle_zone, downwind_zone, nested

FARTHEST = 5000.0
"""Metres looked over; heat of these levels ends far nearer."""

Floats = NDArray[np.float64]
NO_SOOT = Text(
    "未计烟尘遮挡,热辐射偏大、偏安全", "soot is not reckoned with: the heat is overestimated, on the safe side"
)


def fireball(scenario: Scenario) -> Part:
    """A vessel that bursts in a fire: circles round it."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, Fireball)
    fuel = substance(scenario.chemical)
    heat = burns(fuel)
    levels = drawn_levels(scenario, "heat_flux")

    def flux(distance: Floats) -> Floats:
        return np.asarray(
            fireball_aloha(
                distance=distance, mass=release.mass, heat_of_combustion=heat,
                relative_humidity=air.relative_humidity, ambient_temperature=air.ambient_temperature,
            ).heat_flux
        )  # fmt: skip

    ball, checks = fireball_aloha.checked(distance=1.0, mass=release.mass, heat_of_combustion=heat)
    zones = []
    for level in levels:
        radius = reach(flux, level.value, near=1.0, far=FARTHEST)
        cut = Cut.NONE if np.isfinite(radius) else Cut.MODEL_RANGE
        zones.append(
            circle_zone(
                level, scenario.place.point, min(radius, FARTHEST), model=fireball_aloha.card.id, checks=checks, cut=cut
            )
        )
    figures = (
        Figure(name="diameter", title=Text("火球直径", "diameter of the fireball"), value=ball.diameter, unit="m",
               model=fireball_aloha.card.id),
        Figure(name="duration", title=Text("火球持续时间", "duration of the fireball"), value=ball.duration, unit="s",
               model=fireball_aloha.card.id),
    )  # fmt: skip
    return Part(
        zones=nested(zones), figures=figures, curves=(heat_curve(flux, fireball_aloha.card.id),), checks=checks,
        models=(fireball_aloha.card,), data=(effects_used("heat_flux", levels),),
        field=BurningField(steady=lambda x, y, _: flux(np.hypot(x, y)), duration=ball.duration),
    )  # fmt: skip


def burning_pool(scenario: Scenario) -> Part:
    """A pool that burns: the flame leans with the wind, so that each direction has a reach of its own."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, PoolFire)
    fuel = substance(scenario.chemical)
    levels = drawn_levels(scenario, "heat_flux")
    diameter = 2 * float(np.sqrt(release.pool_area / np.pi))
    boiling = fuel.boiling_temperature
    wind, measured = reference_wind(scenario)
    rate = burgess(
        heat_of_combustion=burns(fuel), latent_heat=float(fuel.latent_heat(boiling)),
        liquid_heat_capacity=float(fuel.liquid_heat_capacity(min(boiling, air.ambient_temperature))),
        boiling_temperature=boiling, ambient_temperature=air.ambient_temperature,
    )  # fmt: skip

    def flux(downwind: Metres, crosswind: Metres, height: Metres = 0.0) -> Floats:
        return np.asarray(
            pool_fire(
                downwind=downwind, crosswind=crosswind, height=height, pool_diameter=diameter, burning_flux=rate,
                heat_of_combustion=burns(fuel), wind=wind, relative_humidity=air.relative_humidity,
                ambient_temperature=air.ambient_temperature,
            ).heat_flux
        )  # fmt: skip

    burning, checks = pool_fire.checked(
        downwind=diameter, crosswind=0.0, pool_diameter=diameter, burning_flux=rate, heat_of_combustion=burns(fuel),
        wind=wind,
    )  # fmt: skip
    rings = outlines(flux, [one.value for one in levels], 0.5005 * diameter, max(30 * diameter, 100.0))
    zones = [
        downwind_zone(level, scenario.place.point, air.wind_from, outline, model=pool_fire.card.id, checks=checks)
        for level, outline in zip(levels, rings, strict=True)
    ]
    figures = (
        Figure(name="burning_flux", title=Text("燃烧通量", "burning flux"), value=rate, unit="kg/(m2.s)",
               model=burgess.card.id),
        Figure(name="flame_length", title=Text("火焰长度", "flame length"), value=float(burning.flame.length), unit="m",
               model=pool_fire.card.id),
        Figure(name="pool_diameter", title=Text("液池直径", "pool diameter"), value=diameter, unit="m", model="given"),
    )  # fmt: skip
    along = heat_curve(lambda distance: flux(distance, np.zeros_like(distance)), pool_fire.card.id)
    return Part(
        zones=nested(zones), figures=figures, curves=(along,), checks=checks, notes=(NO_SOOT,),
        models=(burgess.card, pool_fire.card, *measured), data=(effects_used("heat_flux", levels),),
        field=BurningField(steady=flux),
    )  # fmt: skip


def outlines(
    flux: Callable[[Floats, Floats], Floats], levels: list[float], near: float, far: float,
    directions: int = 72, steps: int = 60,
) -> list[Floats]:  # fmt: skip
    """Rings of the farthest places at each level, direction by direction; between two samples by the logarithm."""
    half = np.linspace(0.0, np.pi, directions // 2 + 1)
    away = np.geomspace(near, far, steps)
    at = flux(np.outer(away, np.cos(half)), np.outer(away, np.sin(half)))
    rings = []
    for level in levels:
        reached = at >= level
        last = np.where(reached.any(axis=0), steps - 1 - np.argmax(reached[::-1], axis=0), -1)
        if (last < 0).all():
            rings.append(np.empty((0, 2)))
            continue
        here, there = np.clip(last, 0, steps - 2), np.clip(last + 1, 1, steps - 1)
        column = np.arange(len(half))
        share = np.log(at[here, column] / level) / np.log(at[here, column] / np.maximum(at[there, column], 1e-9))
        distance = away[here] * (away[there] / away[here]) ** np.clip(share, 0.0, 1.0)
        distance = np.where(last < 0, near, distance)
        upper = np.column_stack([distance * np.cos(half), distance * np.sin(half)])
        rings.append(np.vstack([upper, upper[-2:0:-1] * [1, -1]]))
    return rings


def burns(fuel: Substance) -> float:
    """Its heat of combustion, J/kg. Raises BadInputError for what does not burn."""
    heat = fuel.heat_of_combustion
    if heat <= 0.0:
        raise BadInputError(
            Text(f"{fuel.name.zh} 不燃烧,不能计算火灾", f"{fuel.name.en} does not burn"), field="chemical",
            value=fuel.cas,
        )  # fmt: skip
    return heat


def heat_curve(flux: Callable[[Floats], Floats], model: str) -> Curve:
    """The heat along the wind."""
    away = np.geomspace(1.0, 2000.0, 160)
    return Curve(
        name="heat_flux", title=Text("热辐射通量", "heat flux"), x_title=Text("下风向距离", "downwind distance"),
        x_unit="m", y_unit="W/m2", x=tuple(away.tolist()), y=tuple(flux(away).tolist()), model=model,
    )  # fmt: skip
