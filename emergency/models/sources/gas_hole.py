"""Gas through a hole, at the speed of sound in its throat or below."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Densities, Fraction, Kelvins, KilogramsPerSecond, Metres, Numbers, Pascal, Pascals, Speeds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@dataclass(frozen=True, slots=True, kw_only=True)
class GasJet:
    """In the hole, and after expansion to the pressure of the air.

    `exit_velocity` is the mean over the hole's area, the discharge coefficient in it; `throat_velocity` is the gas's.
    """

    mass_rate: KilogramsPerSecond
    choked: Numbers
    exit_pressure: Pascals
    exit_temperature: Kelvins
    exit_velocity: Speeds
    throat_velocity: Speeds
    final_temperature: Kelvins
    final_velocity: Speeds


@model(
    id="gas-hole",
    title=Text("气体经孔口泄漏", "Gas through a hole"),
    source=(
        "CCPS (1999), Guidelines for Consequence Analysis, p. 47, as in GasDispersion.jl; TNO Yellow Book CPR 14E "
        "(2005) 2.6.2.1; unchoked form NOAA TM NOS OR&R 43, 3.4.6.2, as quoted in HAZEL"
    ),
    how=Text(
        "等熵膨胀至喉部;压力比低于临界值时喉部为声速(壅塞)。出口后按动量守恒与能量守恒膨胀到大气压。",
        "Isentropic to the throat, sonic there when the ratio of pressures is below the critical. Beyond it the jet "
        "expands to the air's pressure with momentum and energy conserved.",
    ),
    formula=formula(
        "A = π/4·d²",
        "r = max(Pa/P, (2/(γ + 1))^(γ/(γ − 1)))",
        "u = √(2·γ/(γ − 1)·P/ρ·(1 − r^((γ − 1)/γ)))",
        "G = ρ·r^(1/γ)·u",
        "q = Cd·A·G",
        "Te = T·r^((γ − 1)/γ)",
        "ua = u + (r·P − Pa)/G",
        "Tf = max(T − ua²/(2·γ/(γ − 1)·P/(ρ·T)), 0)",
        where={
            "A": means("孔面积", "hole area", "m2"),
            "d": "hole_diameter",
            "r": means("喉部与容器内压力之比", "pressure in the throat by that in the vessel", "1"),
            "Pa": "ambient_pressure",
            "P": "upstream_pressure",
            "γ": "heat_capacity_ratio",
            "u": means("喉部流速", "velocity in the throat", "m/s"),
            "ρ": "gas_density",
            "G": means("喉部质量通量", "mass flux in the throat", "kg/(m2.s)"),
            "q": "mass_rate",
            "Cd": "discharge_coefficient",
            "Te": means("喉部温度", "temperature in the throat", "K"),
            "T": "upstream_temperature",
            "ua": means("膨胀到气压后的流速", "velocity once expanded to the air's pressure", "m/s"),
            "Tf": means("膨胀到气压后的温度", "temperature once expanded", "K"),
        },
    ),
    neglects=(
        Text("孔口后的空气卷吸、管道摩擦", "entrained air and friction in a pipe"),
        Text("实际气体性质(密度可由压缩因子给出)", "real gas but for the density, which may hold a compressibility"),
    ),
    cases=("gas_orifice_choked",),
    tier=Tier.DOCUMENT,
)
def gas_hole(
    hole_diameter: Metres,
    upstream_pressure: Pascals,
    upstream_temperature: Kelvins,
    gas_density: Densities,
    heat_capacity_ratio: Fraction,
    ambient_pressure: Pascal = 101_325.0,
    discharge_coefficient: Fraction = 0.85,
) -> GasJet:
    """The jet from a vessel whose gas has this density; nothing flows out at or below the air's pressure."""
    k = heat_capacity_ratio
    area = np.pi / 4 * np.square(hole_diameter)
    ratio = np.minimum(ambient_pressure / np.asarray(upstream_pressure, dtype=float), 1.0)
    if k > 1 + 1e-9:
        critical = (2 / (k + 1)) ** (k / (k - 1))
        throat = np.maximum(ratio, critical)
        head = 2 * k / (k - 1) * (1 - throat ** ((k - 1) / k))
        cooled = throat ** ((k - 1) / k)
    else:  # the isothermal limit
        critical = np.exp(-0.5)
        throat = np.maximum(ratio, critical)
        head = -2 * np.log(throat)
        cooled = np.ones_like(throat)
    specific = upstream_pressure / gas_density
    velocity = np.sqrt(np.maximum(head, 0.0) * specific)
    flux = gas_density * throat ** (1 / k) * velocity
    rate = discharge_coefficient * area * flux
    final = velocity + (throat * upstream_pressure - np.minimum(ambient_pressure, upstream_pressure)) / np.where(
        flux > 0, flux, 1.0
    )
    heat_capacity = k / (k - 1) * specific / upstream_temperature if k > 1 + 1e-9 else np.inf
    return GasJet(
        mass_rate=rate, choked=ratio <= critical, exit_pressure=throat * upstream_pressure,
        exit_temperature=upstream_temperature * cooled, exit_velocity=discharge_coefficient * velocity,
        throat_velocity=velocity,
        final_temperature=np.maximum(upstream_temperature - final**2 / (2 * heat_capacity), 0.0), final_velocity=final,
    )  # fmt: skip
