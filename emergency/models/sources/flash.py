"""What of a superheated liquid is vapour when it has come to the pressure of the air."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fractions, JoulePerKilogram, JoulePerKilogramKelvin, Kelvin, Kelvins, Numbers, Speeds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model


@model(
    id="flash-fraction",
    title=Text("闪蒸率(等焓)", "Flash fraction at constant enthalpy"),
    source="CCPS (1996) eq. 4-14, as in the butane leak example of selenized.github.io",
    how=Text("cp(T-Tb)/L,限于 0 到 1。", "cp (T - Tb) / L, from 0 to 1."),
    formula=formula(
        "x = min(max(c·(T − Tb)/H, 0), 1)",
        where={
            "x": means("蒸气质量分数", "mass fraction of vapour", "1"),
            "c": "liquid_heat_capacity",
            "T": "temperature",
            "Tb": "boiling_temperature",
            "H": "latent_heat",
        },
    ),
    neglects=(Text("物性随温度的变化、液滴雨落", "that properties change with temperature, and rain-out"),),
    cases=("flash_fraction",),
    tier=Tier.SECONDARY,
)
def flash_fraction(
    temperature: Kelvins, boiling_temperature: Kelvin, liquid_heat_capacity: JoulePerKilogramKelvin,
    latent_heat: JoulePerKilogram,
) -> Fractions:  # fmt: skip
    """The mass fraction of vapour."""
    share: Numbers = liquid_heat_capacity * (temperature - boiling_temperature) / latent_heat
    return np.clip(share, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlashedJet:
    """At the pressure of the air and the boiling point, before any air is entrained."""

    vapour_fraction: Fractions
    temperature: Kelvin
    velocity: Speeds


@model(
    id="isentropic-flash",
    title=Text("等熵膨胀闪蒸射流", "Jet flashed at constant entropy"),
    source="balance of entropy and energy of a saturated liquid; held against the final state of a Phast 6.54 report",
    how=Text(
        "饱和液体等熵膨胀到大气压:x = Tb·cp·ln(T/Tb)/L;焓降转为动能:u = √(2(cp(T-Tb) - xL))。cp 取两温度间的平均。",
        "The saturated liquid expands at constant entropy: x = Tb cp ln(T / Tb) / L; the enthalpy lost is kinetic "
        "energy: u = √(2 (cp (T - Tb) - x L)). cp is the mean between both temperatures.",
    ),
    formula=formula(
        "x = min(Tb·c·ln(T/Tb)/H, 1), T > Tb",
        "u = √(2·(c·(T − Tb) − x·H)), T > Tb",
        where={
            "x": means("蒸气质量分数", "mass fraction of vapour", "1"),
            "Tb": "boiling_temperature",
            "c": "liquid_heat_capacity",
            "T": "temperature",
            "H": "latent_heat",
            "u": means("射流速度", "speed of the jet", "m/s"),
        },
    ),
    neglects=(Text("不可逆损失、液滴雨落、孔口前的压头", "losses, rain-out and the pressure head before the hole"),),
    cases=("two_phase_leak_flashing",),
    tier=Tier.PEER,
)
def isentropic_flash(
    temperature: Kelvins, boiling_temperature: Kelvin, liquid_heat_capacity: JoulePerKilogramKelvin,
    latent_heat: JoulePerKilogram,
) -> FlashedJet:  # fmt: skip
    """The jet; nothing flashes and nothing moves by it at or below the boiling point."""
    hot = np.maximum(temperature, boiling_temperature)
    share = np.clip(
        boiling_temperature * liquid_heat_capacity * np.log(hot / boiling_temperature) / latent_heat, 0.0, 1.0
    )
    drop = liquid_heat_capacity * (hot - boiling_temperature) - share * latent_heat
    return FlashedJet(
        vapour_fraction=share, temperature=boiling_temperature, velocity=np.sqrt(2 * np.maximum(drop, 0.0))
    )  # fmt: skip
