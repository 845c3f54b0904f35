"""From a hole to what enters the air in time, and then to the cloud."""

from dataclasses import replace

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from emergency.chain.part import Part
from emergency.chain.pools import spilt
from emergency.chain.source import Source, constant, is_liquid, spread
from emergency.chemicals import Substance, substance
from emergency.model import Card, Check
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.liquid_hole import GRAVITY, liquid_hole
from emergency.models.sources.release import Release
from emergency.models.sources.tank_flashing import tank_flashing
from emergency.models.sources.tank_gas import tank_gas
from emergency.models.sources.tank_liquid import tank_liquid
from emergency.models.sources.vessel import Shape
from emergency.releases import GasHole, LiquidHole
from emergency.result import Figure
from emergency.scenario import Scenario

ALL_AIRBORNE = Text(
    "未计液滴落地成池:泄出的液体全部按气相进入大气,偏安全",
    "no liquid is taken to rain out: all that leaks enters the air, which is on the safe side",
)
RATE_IS_FIRST = Text(
    "泄漏速率取初始值不变,未计容器压力随时间下降,偏安全;给出容器容积(或尺寸与充装率)则按随时间下降计算",
    "the first rate is kept: that the pressure falls is not reckoned with, which is on the safe side; with the "
    "vessel's volume, or its size and how full it is, it falls in time",
)
DISCHARGE = 0.85
"""Of gas through a hole, as `gas-hole` takes it, blowing down too."""

ABOVE_SATURATION = 1.02
"""Over the vapour pressure, from which what is called a gas would be liquid; the curve is not better than that."""


def gas_leak(scenario: Scenario) -> Part:
    """Gas through a hole."""
    assert isinstance(scenario.release, GasHole)
    return spread(scenario, gas_source(scenario, scenario.release))


def liquid_leak(scenario: Scenario) -> Part:
    """A liquid through a hole or short pipe."""
    assert isinstance(scenario.release, LiquidHole)
    return spread(scenario, liquid_source(scenario, scenario.release))


def gas_source(scenario: Scenario, release: GasHole) -> Source:
    """The vessel blowing down, or the first rate until the mass is gone or the time is over."""
    air, gas = scenario.weather, substance(scenario.chemical)
    ratio = float(gas.heat_capacity_ratio(release.upstream_temperature))
    jet, checks = gas_hole.checked(
        hole_diameter=release.hole_diameter,
        upstream_pressure=release.upstream_pressure,
        upstream_temperature=release.upstream_temperature,
        gas_density=float(gas.gas_density(release.upstream_temperature, release.upstream_pressure)),
        heat_capacity_ratio=ratio,
        ambient_pressure=air.ambient_pressure,
        discharge_coefficient=DISCHARGE,
    )
    rate = _leaks(float(np.asarray(jet.mass_rate)), release.upstream_pressure)
    cold = max(float(np.asarray(jet.final_temperature)), gas.boiling_temperature)
    if release.vessel_volume is None:
        assert release.mass is not None
        course = constant(rate, min(release.duration, release.mass / rate))
        models: tuple[Card, ...] = (gas_hole.card,)
        notes: tuple[Text, ...] = (RATE_IS_FIRST,)
    else:
        _is_gas(gas, release)
        course = tank_gas(
            shape=Shape.SPHERE,
            vessel_diameter=float(np.cbrt(6 * release.vessel_volume / np.pi)),
            vessel_length=1.0,
            upstream_pressure=release.upstream_pressure,
            temperature=release.upstream_temperature,
            molar_mass=gas.molar_mass,
            heat_capacity_ratio=ratio,
            hole_diameter=release.hole_diameter,
            ambient_pressure=air.ambient_pressure,
            discharge_coefficient=DISCHARGE,
            time_limit=release.duration,
        )
        models, notes = (tank_gas.card, gas_hole.card), ()
    return Source(
        course=course, models=models, release_height=release.release_height,
        temperature=min(cold, air.ambient_temperature), checks=checks, notes=notes, figures=_left(course, models[0].id),
        exit_velocity=float(np.asarray(jet.final_velocity)),
    )  # fmt: skip


def liquid_source(scenario: Scenario, release: LiquidHole) -> Source:
    """What boils is airborne as it leaves; what does not runs into a pool first."""
    gas = substance(scenario.chemical)
    stored, boiling = release.upstream_temperature, gas.boiling_temperature
    is_liquid(gas, stored)
    if stored <= boiling:
        drained = _draining(scenario, release, gas)
        model, kept = (tank_liquid.card, ()) if release.vessel else (liquid_hole.card, (RATE_IS_FIRST,))
        pool = spilt(scenario, drained, stored, release.pool_area, (model,))
        return replace(pool, notes=(*kept, *pool.notes))
    checks: tuple[Check, ...] = ()
    notes: tuple[Text, ...] = (ALL_AIRBORNE,)
    if release.vessel:
        course, models = _emptying(scenario, release, gas), (tank_flashing.card,)
    else:
        rate, checks = _flashing(scenario, release, gas)
        assert release.mass is not None
        course, models = constant(rate, min(release.duration, release.mass / rate)), (flashing_flux.card,)
        notes = (RATE_IS_FIRST, ALL_AIRBORNE)
    return Source(
        course=course, models=models, release_height=release.release_height,
        temperature=min(boiling, scenario.weather.ambient_temperature), checks=checks, notes=notes,
        figures=_left(course, models[0].id) if release.vessel else (), stored=stored,
        hole_area=float(np.pi / 4 * release.hole_diameter**2),
    )  # fmt: skip


def _flashing(scenario: Scenario, release: LiquidHole, gas: Substance) -> tuple[float, tuple[Check, ...]]:
    """The first rate of a superheated liquid."""
    assert release.upstream_pressure is not None
    stored = release.upstream_temperature
    dense = float(gas.liquid_density(stored))
    flux, checks = flashing_flux.checked(
        upstream_pressure=release.upstream_pressure + dense * GRAVITY * release.liquid_head,
        temperature=stored,
        liquid_density=dense,
        gas_density=float(gas.gas_density(stored, float(gas.vapour_pressure(stored)))),
        latent_heat=float(gas.latent_heat(stored)),
        liquid_heat_capacity=float(gas.liquid_heat_capacity(stored)),
        pipe_length=release.pipe_length,
        ambient_pressure=scenario.weather.ambient_pressure,
    )
    rate = float(np.asarray(flux)) * np.pi / 4 * release.hole_diameter**2
    return _leaks(rate, release.upstream_pressure), checks


def _emptying(scenario: Scenario, release: LiquidHole, gas: Substance) -> Release:
    """A vessel of liquefied gas in time; its pressure is that of its vapour."""
    if release.upstream_pressure is not None:
        raise BadInputError(
            Text(
                f"已给出容器:{gas.name.zh} 的压力按储存温度下的饱和蒸气压计算,请勿填写 upstream_pressure",
                f"a vessel is given: the pressure of {gas.name.en} follows from its temperature, leave out "
                "upstream_pressure",
            ),
            field="release.upstream_pressure", value=release.upstream_pressure,
        )  # fmt: skip
    diameter, length, full = _sizes(release)
    course = tank_flashing(
        substance=gas,
        shape=release.vessel_shape,
        vessel_diameter=diameter,
        vessel_length=length,
        fill_fraction=full,
        temperature=release.upstream_temperature,
        hole_area=float(np.pi / 4 * release.hole_diameter**2),
        hole_height=release.hole_height,
        pipe_length=release.pipe_length,
        ambient_pressure=scenario.weather.ambient_pressure,
        time_limit=release.duration,
    )
    _leaks(course.total, full, "fill_fraction")
    return course


def _draining(scenario: Scenario, release: LiquidHole, gas: Substance) -> Release:
    """Liquid that does not boil, out of a vessel in time or at its first rate."""
    air, stored = scenario.weather, release.upstream_temperature
    dense = float(gas.liquid_density(stored))
    pressure = release.upstream_pressure or air.ambient_pressure
    if not release.vessel:
        assert release.mass is not None
        jet = liquid_hole(
            hole_diameter=release.hole_diameter, liquid_density=dense, upstream_pressure=pressure,
            liquid_head=release.liquid_head, ambient_pressure=air.ambient_pressure,
        )  # fmt: skip
        rate = _leaks(float(np.asarray(jet.mass_rate)), pressure)
        return constant(rate, min(release.duration, release.mass / rate))
    diameter, length, full = _sizes(release)
    course = tank_liquid(
        shape=release.vessel_shape,
        vessel_diameter=diameter,
        vessel_length=length,
        fill_fraction=full,
        hole_diameter=release.hole_diameter,
        hole_height=release.hole_height,
        liquid_density=dense,
        upstream_pressure=pressure,
        ambient_pressure=air.ambient_pressure,
        time_limit=release.duration,
    )
    _leaks(course.total, full, "fill_fraction")
    return course


def _sizes(release: LiquidHole) -> tuple[float, float, float]:
    """Diameter, length and how full; a sphere has no length."""
    assert release.vessel_diameter is not None
    assert release.fill_fraction is not None
    length = release.vessel_length or release.vessel_diameter
    return release.vessel_diameter, length, release.fill_fraction


def _left(course: Release, model: str) -> tuple[Figure, ...]:
    """What stays behind, where a vessel empties in time."""
    if course.left <= 0.0:
        return ()
    return (
        Figure(name="left", title=Text("容器内余量", "left in the vessel"), value=course.left, unit="kg", model=model),
    )


def _leaks(flow: float, value: float, field: str = "upstream_pressure") -> float:
    """The flow. Raises BadInputError where there is none."""
    if flow > 0.0:
        return flow
    why = {
        "upstream_pressure": Text(
            "容器内压力不高于大气压,没有泄漏", "the pressure inside is not above that of the air: nothing leaks"
        ),
        "fill_fraction": Text("液面不高于孔口,没有泄漏", "the liquid does not stand above the hole: nothing leaks"),
    }
    raise BadInputError(why[field], field=f"release.{field}", value=value)


def _is_gas(gas: Substance, release: GasHole) -> None:
    """Raises BadInputError where a vessel of this gas would hold liquid."""
    curve, here = gas.curves.get("vapour_pressure"), release.upstream_temperature
    if curve is None or not curve.covers(here):
        return
    most = float(curve(here))
    if release.upstream_pressure > ABOVE_SATURATION * most:
        raise BadInputError(
            Text(
                f"{gas.name.zh} 在 {here:.1f} K、{release.upstream_pressure:.4g} Pa 下为液体(饱和蒸气压 {most:.4g} Pa):"
                "请用 liquid-hole,或以 mass 代替 vessel_volume",
                f"{gas.name.en} at {here:.1f} K and {release.upstream_pressure:.4g} Pa is liquid (vapour pressure "
                f"{most:.4g} Pa): use liquid-hole, or mass instead of vessel_volume",
            ),
            field="release.upstream_pressure", value=release.upstream_pressure,
        )  # fmt: skip
