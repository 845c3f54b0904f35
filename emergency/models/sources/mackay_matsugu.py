"""Evaporation from a pool into the wind by Mackay and Matsugu's correlation."""

from core.texts import Text
from core.units import Kelvin, KilogramPerMole, MassFluxes, Metres, Numbers, Pascal, Pascals, Speeds
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.sources.vapour import VAPOUR, VAPOUR_WHERE, flux, schmidt


@model(
    id="mackay-matsugu",
    title=Text("液池蒸发通量(Mackay-Matsugu)", "Evaporation from a pool (Mackay and Matsugu)"),
    source=(
        "Mackay and Matsugu (1973), km = 0.004786 U^0.78 D^-0.11 Sc^-0.67, from a secondary collection; Graham's "
        "law and the correction for volatile liquids of NOAA TM NOS OR&R 43, 3.3.1, as quoted in HAZEL"
    ),
    how=Text(
        "传质系数 km = 0.004786·U^0.78·D^-0.11·Sc^-0.67;通量 = km·Pv·M/(RT)·(-(Pa/Pv)·ln(1-Pv/Pa)),修正倍数不超过 4。",
        "Mass transfer km = 0.004786 U^0.78 D^-0.11 Sc^-0.67; flux = km Pv M / (R T) (-(Pa / Pv) ln(1 - Pv / Pa)), "
        "that correction at most 4.",
    ),
    formula=formula(
        "Dm = 2.39·10⁻⁵·√(0.018015/M)",
        "Sc = 1.5·10⁻⁵/Dm",
        "k = 0.004786·U^0.78·D^(−0.11)·Sc^(−0.67)",
        *VAPOUR,
        where={
            "Dm": means("蒸气在空气中的扩散系数", "diffusivity of the vapour in air", "m2/s"),
            "Sc": means("施密特数", "Schmidt number", "1"),
            "U": "wind_speed",
            "D": "pool_diameter",
            **VAPOUR_WHERE,
        },
    ),
    neglects=(Text("大气稳定度与粗糙度", "the stability of the air and roughness"),),
)
def mackay_matsugu(
    wind_speed: Speeds,
    pool_diameter: Metres,
    temperature: Kelvin,
    vapour_pressure: Pascals,
    molar_mass: KilogramPerMole,
    ambient_pressure: Pascal = 101_325.0,
) -> MassFluxes:
    """Vapour from each square metre of a pool at this temperature, in wind at 10 m."""
    transfer = coefficient(wind_speed, pool_diameter, molar_mass)
    return flux(transfer, temperature, vapour_pressure, molar_mass, ambient_pressure)


def coefficient(wind_speed: Numbers, pool_diameter: Numbers, molar_mass: float) -> Numbers:
    """The coefficient of mass transfer, m/s."""
    transfer: Numbers = 0.004786 * wind_speed**0.78 * pool_diameter**-0.11 * schmidt(molar_mass) ** -0.67
    return transfer
