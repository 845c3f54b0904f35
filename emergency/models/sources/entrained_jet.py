"""Where the last droplet of a flashed jet has evaporated: the source to hand to a dispersion model."""

from dataclasses import dataclass

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Kelvin, KilogramPerCubicMetre, Pascal
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.chemicals.substance import Substance
from emergency.evidence import Tier
from emergency.formula import MOLAR_GAS_CONSTANT, formula, means
from emergency.model import model

AIR_MOLAR_MASS, AIR_HEAT_CAPACITY = 0.028964, 1004.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrainedJet:
    """A mixture with air, just saturated; `air_ratio` is the mass of air to that of the substance."""

    temperature: Kelvin
    mole_fraction: Fraction
    air_ratio: Fraction
    density: KilogramPerCubicMetre


@model(
    id="flashing-jet-equivalent",
    title=Text("闪蒸射流等效源", "Equivalent source of a flashing jet"),
    source="adiabatic mixing until y P = Psat(T), as described in degali 0.1.0 (validation of flashing releases)",
    how=Text(
        "绝热卷吸空气,直至全部液滴恰好蒸发:能量平衡与 y·P = Psat(T) 联立求温度与摩尔分数。",
        "Air is entrained without heat from outside until all droplets have just evaporated: the balance of energy and "
        "y P = Psat(T) give temperature and mole fraction.",
    ),
    formula=formula(
        "w = max(H(Te) − c·(T − Te), 0)/(1004·(Ta − Te))",
        "y = 1/(1 + w·M/Ma)",
        "y·P = Ps(Te)",
        "ρ = P·(y·M + (1 − y)·Ma)/(R·Te)",
        where={
            "w": means("空气与物质的质量比", "mass of air by that of the substance", "1"),
            "H": means("汽化热", "latent heat", "J/kg"),
            "Te": means("混合物温度", "temperature of the mixture", "K"),
            "c": means(
                "液体在 Te 与 T 之间的平均比热容", "mean heat capacity of the liquid between Te and T", "J/(kg.K)"
            ),
            "T": "temperature",
            "Ta": "ambient_temperature",
            "y": means("摩尔分数", "mole fraction", "1"),
            "M": means("物质摩尔质量", "molar mass of the substance", "kg/mol"),
            "Ma": means("空气摩尔质量", "molar mass of air", "kg/mol", 0.028964),
            "P": "ambient_pressure",
            "Ps": means("饱和蒸气压", "saturation pressure", "Pa"),
            "ρ": means("混合物密度", "density of the mixture", "kg/m3"),
            "R": MOLAR_GAS_CONSTANT,
        },
    ),
    neglects=(
        Text("雨落、地面传热、空气中水汽凝结放热", "rain-out, heat from the ground, condensing moisture"),
        Text("射流动能", "the kinetic energy of the jet"),
    ),
    cases=("flashing_jet_equivalent_source",),
    tier=Tier.DOCUMENT,
)
def entrained_jet(
    substance: Substance, temperature: Kelvin, ambient_temperature: Kelvin, ambient_pressure: Pascal = 101_325.0
) -> EntrainedJet:
    """The mixture, from the temperature of the stored liquid and of the air.

    Raises `BadInputError` when air could not evaporate it above the lowest temperature of its vapour pressure.
    """
    curve = substance.curve("vapour_pressure")
    low, high = curve.low, min(substance.saturation_temperature(ambient_pressure), temperature, ambient_temperature)

    def saturated_less_mixed(at: float) -> float:
        return float(curve(at)) / ambient_pressure - _mole_fraction(
            substance, _air(substance, temperature, at, ambient_temperature)
        )

    if saturated_less_mixed(low) > 0:
        raise BadInputError(
            Text(
                f"{substance.name.zh} 的液滴在 {low:.0f} K 以上不能蒸发完",
                f"droplets of {substance.name.en} remain above {low:.0f} K",
            ),
            field="substance", value=substance.id,
        )  # fmt: skip
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if saturated_less_mixed(middle) > 0 else (middle, high)
    here = (low + high) / 2
    ratio = _air(substance, temperature, here, ambient_temperature)
    share = _mole_fraction(substance, ratio)
    mean = share * substance.molar_mass + (1 - share) * AIR_MOLAR_MASS
    return EntrainedJet(
        temperature=here, mole_fraction=share, air_ratio=ratio,
        density=ambient_pressure * mean / (GAS_CONSTANT * here),
    )  # fmt: skip


def _air(substance: Substance, stored: float, at: float, ambient: float) -> float:
    """Mass of air whose cooling to `at` evaporates the liquid, cooled to `at` itself."""
    needed = float(substance.latent_heat(at)) - substance.mean_liquid_heat_capacity(at, stored) * (stored - at)
    if needed <= 0.0:  # so hot that all of it has flashed: no air is needed
        return 0.0
    return needed / (AIR_HEAT_CAPACITY * (ambient - at)) if ambient > at else float("inf")


def _mole_fraction(substance: Substance, ratio: float) -> float:
    return 1 / (1 + ratio * substance.molar_mass / AIR_MOLAR_MASS)
