"""From a hole or a pool to what enters the air each second, and then to the cloud."""

from dataclasses import replace

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Kelvin, KilogramPerSecond
from emergency.chain.cloud import Spreading, spreading
from emergency.chain.part import Part
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.model import Card, Check
from emergency.models.sources.evaporating_pool import evaporating_pool
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.gas_hole import gas_hole
from emergency.releases import GasHole, LiquidHole, Pool
from emergency.result import Curve, Figure
from emergency.scenario import Scenario

ALL_AIRBORNE = Text(
    "未计液滴落地成池:泄出的液体全部按气相进入大气,偏安全",
    "no liquid is taken to rain out: all that leaks enters the air, which is on the safe side",
)
RATE_IS_FIRST = Text(
    "泄漏速率取初始值不变,未计容器压力随时间下降,偏安全",
    "the first rate is kept: that the pressure falls is not reckoned with, which is on the safe side",
)


def gas_leak(scenario: Scenario) -> Part:
    """Gas through a hole, at its first rate until the contents are gone or the time is over."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, GasHole)
    gas = substance(scenario.chemical)
    jet, checks = gas_hole.checked(
        hole_diameter=release.hole_diameter,
        upstream_pressure=release.upstream_pressure,
        upstream_temperature=release.upstream_temperature,
        gas_density=float(gas.gas_density(release.upstream_temperature, release.upstream_pressure)),
        heat_capacity_ratio=float(gas.heat_capacity_ratio(release.upstream_temperature)),
        ambient_pressure=air.ambient_pressure,
    )
    cold = max(float(np.asarray(jet.final_temperature)), gas.boiling_temperature)
    return _leaking(scenario, float(np.asarray(jet.mass_rate)), cold, gas_hole.card, checks, (RATE_IS_FIRST,))


def liquid_leak(scenario: Scenario) -> Part:
    """A liquefied gas through a hole or short pipe; a liquid that does not boil in the air makes a pool instead."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, LiquidHole)
    gas = substance(scenario.chemical)
    stored, boiling = release.upstream_temperature, gas.boiling_temperature
    if stored <= boiling:
        raise BadInputError(
            Text(
                f"{gas.name.zh} 在 {stored:.1f} K 下不沸腾(沸点 {boiling:.1f} K),泄漏后成池,请用 release.kind: pool",
                f"{gas.name.en} does not boil at {stored:.1f} K (boiling point {boiling:.1f} K): it makes a pool, use "
                "release.kind: pool",
            ),
            field="release.upstream_temperature", value=stored,
        )  # fmt: skip
    saturated = float(gas.vapour_pressure(stored))
    flux, checks = flashing_flux.checked(
        upstream_pressure=release.upstream_pressure + _head(gas, release),
        temperature=stored,
        liquid_density=float(gas.liquid_density(stored)),
        gas_density=float(gas.gas_density(stored, saturated)),
        latent_heat=float(gas.latent_heat(stored)),
        liquid_heat_capacity=float(gas.liquid_heat_capacity(stored)),
        pipe_length=release.pipe_length,
        ambient_pressure=air.ambient_pressure,
    )
    rate = float(np.asarray(flux)) * np.pi / 4 * release.hole_diameter**2
    return _leaking(scenario, rate, boiling, flashing_flux.card, checks, (RATE_IS_FIRST, ALL_AIRBORNE))


def evaporating(scenario: Scenario) -> Part:
    """A pool of fixed area: its greatest rate over ten minutes is what spreads."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, Pool)
    gas = substance(scenario.chemical)
    diameter = 2 * float(np.sqrt(release.pool_area / np.pi))
    found = evaporating_pool(
        substance=gas,
        mass=release.mass,
        pool_diameter=diameter,
        wind_speed=reference_wind(scenario)[0],
        temperature=release.release_temperature or air.ambient_temperature,
        ambient_temperature=air.ambient_temperature,
        stability=air.stability,
        relative_humidity=air.relative_humidity,
        ambient_pressure=air.ambient_pressure,
        time_limit=release.duration,
    )
    rate = found.sustained(600.0)
    cold = min(air.ambient_temperature, gas.boiling_temperature)
    part = spreading(
        scenario,
        Spreading(
            mass_rate=rate, duration=max(found.duration, 1.0), pool_area=release.pool_area,
            temperature=cold if gas.boiling_temperature < air.ambient_temperature else None,
        ),
    )  # fmt: skip
    curve = Curve(
        name="mass_rate",
        title=Text("蒸发速率", "rate of evaporation"),
        x_title=Text("时间", "time"),
        x_unit="s",
        y_unit="kg/s",
        x=tuple(np.asarray(found.time).tolist()),
        y=tuple(np.asarray(found.rate).tolist()),
        model=evaporating_pool.card.id,
    )
    figure = Figure(
        name="mass", title=Text("蒸发总量", "mass evaporated"), value=found.total, unit="kg",
        model=evaporating_pool.card.id,
    )  # fmt: skip
    return _from(part, evaporating_pool.card, (), (), (figure,), (curve,))


def _leaking(
    scenario: Scenario, rate: KilogramPerSecond, cold: Kelvin, card: Card, checks: tuple[Check, ...],
    notes: tuple[Text, ...],
) -> Part:  # fmt: skip
    release = scenario.release
    assert isinstance(release, LiquidHole | GasHole)
    if rate <= 0.0:
        raise BadInputError(
            Text("容器内压力不高于大气压,没有泄漏", "the pressure inside is not above that of the air: nothing leaks"),
            field="release.upstream_pressure", value=release.upstream_pressure,
        )  # fmt: skip
    duration = min(release.duration, release.mass / rate)
    part = spreading(
        scenario,
        Spreading(
            mass_rate=rate, duration=duration, release_height=release.release_height,
            temperature=min(cold, scenario.weather.ambient_temperature),
        ),
    )  # fmt: skip
    figure = Figure(name="duration", title=Text("泄漏时长", "duration"), value=duration, unit="s", model=card.id)
    return _from(part, card, checks, notes, (figure,), ())


def _from(
    part: Part, card: Card, checks: tuple[Check, ...], notes: tuple[Text, ...], figures: tuple[Figure, ...],
    curves: tuple[Curve, ...],
) -> Part:  # fmt: skip
    """The cloud's part with its source's in front."""
    rated = tuple(replace(one, model=card.id) if one.name == "mass_rate" else one for one in part.figures)
    return replace(
        part, figures=(*rated, *figures), curves=(*curves, *part.curves), checks=(*checks, *part.checks),
        notes=(*notes, *part.notes), models=(card, *part.models),
    )  # fmt: skip


def _head(gas: Substance, release: LiquidHole) -> float:
    return float(gas.liquid_density(release.upstream_temperature)) * 9.80665 * release.liquid_head
