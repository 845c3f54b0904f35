"""A vessel of liquefied gas: the liquid flashes through the hole, or its vapour leaves above the level."""

import numpy as np

from core.texts import Text
from core.units import Fraction, Kelvin, Metre, Pascal, Second, SquareMetre
from emergency.chemicals.substance import Substance
from emergency.evidence import Tier
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.liquid_hole import GRAVITY
from emergency.models.sources.release import Regime, Release, marched, none, until
from emergency.models.sources.vessel import VESSEL, Shape, capacity, level, volume

STEPS = 200


@model(
    id="tank-flashing-draining",
    title=Text("液化气体储罐泄漏随时间变化", "A tank of liquefied gas emptying in time"),
    source="`flashing-hole` (NOAA TM NOS OR&R 43, 3.4.5, as quoted in HAZEL) over the falling level and temperature",
    how=Text(
        "孔口在液面下:按过热液体出流,腾出的空间由液体蒸发充满,液体因此降温、饱和压力下降。孔口在液面上:饱和蒸气"
        "出流,液体蒸发降温至沸点。",
        "Below the level superheated liquid leaves; the room it leaves fills with vapour, which cools the liquid and "
        "lowers its pressure. Above it the saturated vapour leaves, and the liquid cools down to its boiling point.",
    ),
    formula=formula(
        "P = max(Ps(T), Pa) + ρl·g·max(h − hh, 0)",
        "Gb = Cd·√(2·max(P − Pa, 0)·ρl)",
        "Ge = H/(1/ρv − 1/ρl)/√(c·T)",
        "q = A/√(1/Gb² + ℓ/(0.1·Ge²)), h > hh",
        "dm = −q·dt·(1 + ρv/ρl), h > hh",
        "dT = −H/(c·m)·ρv/ρl·q·dt, h > hh",
        "dm = −q·dt, h ≤ hh",
        "dT = H/(c·m)·dm, h ≤ hh",
        "Vt = v(D, Lt)",
        "V₀ = φ·Vt",
        where={
            "P": means("孔口处压力", "pressure at the hole", "Pa"),
            "Ps": means("饱和蒸气压", "saturation pressure", "Pa"),
            "T": "temperature",
            "ρl": "liquid_density",
            "g": STANDARD_GRAVITY,
            "h": means("液位", "level", "m"),
            "hh": "hole_height",
            "Gb": means("液体伯努利通量", "Bernoulli's flux of the liquid", "kg/(m2.s)"),
            "Cd": "discharge_coefficient",
            "Pa": "ambient_pressure",
            "Ge": means("平衡闪蒸通量", "flux at equilibrium", "kg/(m2.s)"),
            "H": "latent_heat",
            "ρv": means("饱和蒸气密度", "density of the saturated vapour", "kg/m3"),
            "c": "liquid_heat_capacity",
            "q": means(
                "泄漏速率;液位在孔下时按气体经孔口求(gas-hole)",
                "mass rate; with the level below the hole that of gas-hole",
                "kg/s",
            ),
            "A": "hole_area",
            "ℓ": "pipe_length",
            "m": means("液体质量", "mass of liquid", "kg"),
            "t": "time",
            "V₀": means("起始液体体积", "volume of liquid at the start", "m3"),
            "φ": "fill_fraction",
            **VESSEL,
        },
    ),
    neglects=(
        Text("液面膨胀(泡沫)、外界传热", "swelling of the level by bubbles, heat from outside"),
        Text("液体流尽后余下蒸气的泄放", "the vapour that is left when the liquid is gone"),
    ),
    cases=("two_phase_tank_release",),
    tier=Tier.PEER,
)
def tank_flashing(
    substance: Substance,
    shape: Shape,
    vessel_diameter: Metre,
    vessel_length: Metre,
    fill_fraction: Fraction,
    temperature: Kelvin,
    hole_area: SquareMetre,
    hole_height: Metre = 0.0,
    pipe_length: Metre = 0.0,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.61,
    time_limit: Second = 3600.0,
) -> Release:
    """Rates over time of a vessel whose contents are at their saturation pressure."""
    whole = capacity(shape, vessel_diameter, vessel_length)
    below = float(volume(shape, vessel_diameter, vessel_length, hole_height))
    filled = fill_fraction * whole
    liquid = filled * float(substance.liquid_density(temperature))
    vapour = (whole - filled) * _vapour_density(substance, temperature)
    if filled <= below:
        released = _vapour(substance, liquid, temperature, hole_area, ambient_pressure, discharge_coefficient)
        return until(released, time_limit)
    temperatures, liquids, outs = _emptied(substance, whole, liquid, temperature, below)
    densities = np.asarray(substance.liquid_density(temperatures))
    levels = np.asarray(level(shape, vessel_diameter, vessel_length, liquids / densities))
    saturated = np.maximum(substance.vapour_pressure(temperatures), ambient_pressure)
    flux = np.array(
        [
            flashing_flux(
                upstream_pressure=float(p + rho * GRAVITY * max(h - hole_height, 0.0)), temperature=float(t),
                liquid_density=float(rho), gas_density=_vapour_density(substance, float(t)),
                latent_heat=float(substance.latent_heat(t)),
                liquid_heat_capacity=float(substance.liquid_heat_capacity(t)), pipe_length=pipe_length,
                ambient_pressure=ambient_pressure, discharge_coefficient=discharge_coefficient,
            )
            for t, rho, p, h in zip(temperatures, densities, saturated, levels, strict=True)
        ]
    )  # fmt: skip
    times, out = marched(outs, flux * hole_area)
    regime = Regime.TWO_PHASE if temperature > substance.saturation_temperature(ambient_pressure) else Regime.LIQUID
    return until(
        Release(
            time=times, rate=flux * hole_area, released=out, left=liquid + vapour - float(outs[-1]), regime=regime,
            temperature=temperatures,
        ),
        time_limit,
    )  # fmt: skip


def _emptied(
    substance: Substance, whole: float, liquid: float, temperature: float, below: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Temperature, liquid left and mass out, step by step until the level is at the hole."""
    step = (liquid - below * float(substance.liquid_density(temperature))) / STEPS
    states = [(temperature, liquid, 0.0)]
    gone = 0.0
    while len(states) <= 4 * STEPS:  # no density beyond the critical point: nothing would ever be less
        density = float(substance.liquid_density(temperature))
        available = liquid - below * density
        made = step * _vapour_density(substance, temperature) / density
        if available <= 1e-6 * step * STEPS or liquid <= step + made:
            break
        out = min(step, available * density / (density + _vapour_density(substance, temperature)))
        made *= out / step
        liquid -= out + made
        gone += out
        heat = float(substance.latent_heat(temperature)) / float(substance.liquid_heat_capacity(temperature))
        temperature = max(temperature - made * heat / liquid, substance.curve("vapour_pressure").low)
        states.append((temperature, liquid, gone))
        if out < step:
            break
    return tuple(np.array(one) for one in zip(*states, strict=True))  # type: ignore[return-value]


def _vapour(
    substance: Substance, liquid: float, temperature: float, hole_area: float, ambient: float, coefficient: float
) -> Release:
    """Saturated vapour leaves and cools what is left, down to the boiling point."""
    boiling = substance.saturation_temperature(ambient)
    if temperature <= boiling:
        return none(liquid, Regime.VAPOUR)
    temperatures = boiling + (temperature - boiling) * np.square(np.linspace(1.0, 0.0, STEPS + 1))
    per_kelvin = np.asarray(substance.liquid_heat_capacity(temperatures)) / substance.latent_heat(temperatures)
    exponent = np.concatenate([[0.0], np.cumsum((per_kelvin[1:] + per_kelvin[:-1]) / 2 * -np.diff(temperatures))])
    out = liquid * (1 - np.exp(-exponent))
    pressures = np.maximum(substance.vapour_pressure(temperatures), ambient)
    jet = gas_hole(
        hole_diameter=float(np.sqrt(4 * hole_area / np.pi)), upstream_pressure=pressures,
        upstream_temperature=temperatures, gas_density=substance.gas_density(temperatures, pressures),
        heat_capacity_ratio=float(substance.heat_capacity_ratio(temperature)), ambient_pressure=ambient,
        discharge_coefficient=coefficient,
    )  # fmt: skip
    times, released = marched(out, jet.mass_rate)
    return Release(
        time=times, rate=jet.mass_rate, released=released, left=liquid - float(out[-1]), regime=Regime.VAPOUR,
        temperature=temperatures,
    )  # fmt: skip


def _vapour_density(substance: Substance, temperature: float) -> float:
    return float(substance.gas_density(temperature, substance.vapour_pressure(temperature)))
