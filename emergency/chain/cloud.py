"""From what is released each second to zones of concentration on the ground."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import KilogramPerSecond, Metre, Second, SquareMetre
from emergency.chain.part import Part
from emergency.chain.toxic_levels import concentration_of, levels_used, parts, toxic_levels
from emergency.chemicals import Substance, substance
from emergency.model import Card, Check
from emergency.models.dispersion import zone as cut_out
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.result import Curve, Figure
from emergency.scenario import Choice, Direct, Scenario
from emergency.zones import Cut, downwind_zone, nested

REFERENCE: Metre = 10.0
HEAVIER = Text(
    "该气体比空气重,当前按被动烟羽计算:近处实际更宽、更低,结果不能代替重气模型",
    "the gas is heavier than air but was computed as a passive plume: near the source it is wider and lower than drawn",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """A steady release as the dispersion models take it."""

    mass_rate: KilogramPerSecond
    duration: Second
    release_height: Metre = 0.0
    pool_area: SquareMetre | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The cloud to cut zones from, which models made it and why these."""

    cloud: cut_out.Cloud
    models: tuple[Card, ...]
    checks: tuple[Check, ...]
    notes: tuple[Text, ...] = ()


def direct(scenario: Scenario) -> Part:
    """So much a second, for so long."""
    release = scenario.release
    assert isinstance(release, Direct)
    return spreading(
        scenario,
        Spreading(mass_rate=release.mass_rate, duration=release.duration, release_height=release.release_height),
    )


def spreading(scenario: Scenario, release: Spreading) -> Part:
    """Zones of the levels downwind of the source, and the concentration along the axis."""
    gas = substance(scenario.chemical)
    found = toxic_levels(scenario, gas)
    chosen = _passive(scenario, release, gas)
    aims = [concentration_of(one, gas, scenario.weather) for one in found]
    drawn = [
        downwind_zone(
            level, scenario.place.point, scenario.weather.wind_from, zone.outline, model=chosen.models[0].id,
            checks=chosen.checks, cut=Cut.NONE if zone.cut is None else Cut.MODEL_RANGE,
        )
        for level, zone in zip(found, cut_out.zones(chosen.cloud, aims), strict=True)
    ]  # fmt: skip
    away = np.geomspace(10.0, cut_out.LIMIT, 200)
    fractions = chosen.cloud.centreline(away) / parts(gas, scenario.weather)
    curve = Curve(
        name="concentration", title=Text("地面轴线浓度", "concentration on the axis at the ground"),
        x_title=Text("下风向距离", "downwind distance"), x_unit="m", y_unit="ppm", x=tuple(away.tolist()),
        y=tuple((1e6 * fractions).tolist()), model=chosen.models[0].id,
    )  # fmt: skip
    figure = Figure(
        name="mass_rate", title=Text("泄漏速率", "mass rate"), value=release.mass_rate, unit="kg/s", model="given"
    )
    return Part(
        zones=nested(drawn), figures=(figure,), curves=(curve,), checks=chosen.checks, notes=chosen.notes,
        models=chosen.models, data=(levels_used(found),),
    )  # fmt: skip


def _passive(scenario: Scenario, release: Spreading, gas: Substance) -> Chosen:
    air, ground = scenario.weather, scenario.ground
    wind_speed = air.wind_speed
    models = [aloha_plume.card]
    if air.wind_height != REFERENCE:
        wind_speed = surface_layer_wind(
            wind_speed=air.wind_speed, wind_height=air.wind_height, height=REFERENCE, roughness=ground.roughness,
            stability=air.stability,
        )  # fmt: skip
        models.append(surface_layer_wind.card)
    cloud, checks = aloha_plume.checked(
        mass_rate=release.mass_rate,
        duration=release.duration,
        wind_speed=wind_speed,
        stability=air.stability,
        roughness=ground.roughness,
        release_height=release.release_height,
        pool_area=release.pool_area,
        mixing_height=air.mixing_height,
    )
    heavier = gas.molar_mass > AIR and scenario.model is not Choice.PASSIVE
    return Chosen(cloud=cloud, models=tuple(models), checks=checks, notes=(HEAVIER,) if heavier else ())


AIR = 0.028964
"""Kilograms a mole of dry air (US Standard Atmosphere 1976)."""
