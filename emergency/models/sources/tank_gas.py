"""A vessel of compressed gas blows down through a hole."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Fraction, Kelvin, KilogramPerMole, Metre, Pascal, Second
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, formula, means
from emergency.model import model
from emergency.models.sources.gas_hole import gas_hole
from emergency.models.sources.release import Regime, Release, marched, none, until
from emergency.models.sources.vessel import VESSEL, Shape, capacity

STEPS = 400


class Contents(StrEnum):
    """What heat the gas left in the vessel takes from its wall: none, or enough to stay as warm as it was."""

    ADIABATIC = "adiabatic"
    ISOTHERMAL = "isothermal"


@model(
    id="gas-tank-blowdown",
    title=Text("气体容器泄放随时间变化", "A vessel of gas blowing down in time"),
    source="`gas-hole` over the falling pressure; adiabatic as NOAA TM NOS OR&R 43, 3.4.6, says, as quoted in HAZEL",
    how=Text(
        "罐内 P = P0(m/m0)^n:绝热 n = γ,等温 n = 1;逐压力求孔口速率并积分,到大气压为止。",
        "P = P0 (m / m0)^n inside, n = γ adiabatic, 1 isothermal; the rate at each pressure, summed down to the air's.",
    ),
    formula=formula(
        "ρ₀ = P₀·M/(Z·R·T₀)",
        "Vt = v(D, Lt)",
        "m₀ = ρ₀·Vt",
        "P = P₀·(m/m₀)^n",
        "T = T₀·(m/m₀)^(n − 1)",
        "r = max(Pa/P, (2/(γ + 1))^(γ/(γ − 1)))",
        "q = Cd·π/4·d²·ρ·r^(1/γ)·√(2·γ/(γ − 1)·P/ρ·(1 − r^((γ − 1)/γ)))",
        "ρ = ρ₀·m/m₀",
        "dm/dt = −q, P > Pa",
        where={
            "ρ₀": means("起始密度", "density at the start", "kg/m3"),
            "P₀": "upstream_pressure",
            "M": "molar_mass",
            "Z": "compressibility",
            "R": MOLAR_GAS_CONSTANT,
            "T₀": "temperature",
            "m₀": means("起始质量", "mass at the start", "kg"),
            **VESSEL,
            "P": means("容器内压力", "pressure inside", "Pa"),
            "m": means("余下质量", "mass left", "kg"),
            "n": means("绝热为 γ,等温为 1", "γ adiabatic, 1 isothermal", "1"),
            "T": means("容器内温度", "temperature inside", "K"),
            "r": means("喉部与容器内压力之比", "pressure in the throat by that inside", "1"),
            "Pa": "ambient_pressure",
            "γ": "heat_capacity_ratio",
            "q": "mass_rate",
            "Cd": "discharge_coefficient",
            "d": "hole_diameter",
            "ρ": means("容器内密度", "density inside", "kg/m3"),
            "t": "time",
        },
    ),
    neglects=(Text("壁面传热的过程、凝结", "heat from the wall in between, condensation"),),
    cases=("gas_tank_blowdown",),
    tier=Tier.PEER,
)
def tank_gas(
    shape: Shape,
    vessel_diameter: Metre,
    vessel_length: Metre,
    upstream_pressure: Pascal,
    temperature: Kelvin,
    molar_mass: KilogramPerMole,
    heat_capacity_ratio: Fraction,
    hole_diameter: Metre,
    compressibility: Fraction = 1.0,
    contents: Contents = Contents.ADIABATIC,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.61,
    time_limit: Second = 3600.0,
) -> Release:
    """Rates over time; what is left is the gas at the pressure of the air, or at the time limit."""
    density = upstream_pressure * molar_mass / (compressibility * GAS_CONSTANT * temperature)
    mass = density * capacity(shape, vessel_diameter, vessel_length)
    if upstream_pressure <= ambient_pressure:
        return none(mass, Regime.GAS)
    power = heat_capacity_ratio if contents is Contents.ADIABATIC else 1.0
    end = (ambient_pressure / upstream_pressure) ** (1 / power)
    share = end + (1 - end) * np.square(np.linspace(1.0, 0.0, STEPS + 1))
    inside = temperature * share ** (power - 1)
    jet = gas_hole(
        hole_diameter=hole_diameter, upstream_pressure=upstream_pressure * share**power, upstream_temperature=inside,
        gas_density=density * share, heat_capacity_ratio=heat_capacity_ratio, ambient_pressure=ambient_pressure,
        discharge_coefficient=discharge_coefficient,
    )  # fmt: skip
    times, out = marched(mass * (1 - share), jet.mass_rate)
    return until(
        Release(
            time=times, rate=jet.mass_rate, released=out, left=mass * end, regime=Regime.GAS, temperature=inside
        ),
        time_limit,
    )  # fmt: skip
