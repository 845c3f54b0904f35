"""Evaporation from a pool into the wind by Brighton's boundary layer, as ALOHA has it."""

import numpy as np

from core.texts import Text
from core.units import Kelvin, KilogramPerMole, MassFluxes, Metre, Metres, Numbers, Pascal, Pascals, Speeds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.wind import Exponents, exponent
from emergency.models.sources.vapour import AIR_VISCOSITY, VAPOUR, VAPOUR_WHERE, flux, schmidt

KARMAN, TURBULENT_SCHMIDT, EULER = 0.4, 0.85, 0.577


@model(
    id="brighton-evaporation",
    title=Text("液池蒸发通量(Brighton)", "Evaporation from a pool (Brighton)"),
    source=(
        "Brighton (1985) as in NOAA TM NOS OR&R 43, 3.3.1, as quoted in HAZEL; the default roughness of 1 mm is "
        "HAZEL's, found there by comparing with runs of ALOHA"
    ),
    how=Text(
        "蒸气由液面饱和层扩散进入湍流边界层;无量纲传质系数由风廓线指数、粗糙度、施密特数与池径给出;摩擦速度 0.03U。",
        "Vapour diffuses from a saturated layer into the turbulent air; the dimensionless coefficient follows from the "
        "wind's exponent, roughness, Schmidt number and diameter, the friction velocity is 0.03 U.",
    ),
    formula=formula(
        "Dm = 2.39·10⁻⁵·√(0.018015/M)",
        "Sc = 1.5·10⁻⁵/Dm",
        "u* = 0.03·U",
        "Re = u*·z₀/(1.5·10⁻⁵)",
        "fs = (3.85·∛(Sc) − 1.3)² + 0.85/0.4·ln(0.13·Sc)",
        "fr = 7.3·max(Re, 2)^(1/4)·√(Sc) − 5·0.85",
        "f = fs + min(max((Re − 0.13)/(2 − 0.13), 0), 1)·(fr − fs)",
        "χ = 1/n + 1 + 2·ln(1 + n) − 2·0.577 + 0.4/0.85·(1 + n)·f + ln(n·0.4²·D/(0.85·z₀·exp(1/n)))",
        "G = 0.5 − arctan(χ/π)/π + (1 − 0.577)/(χ² + π²) + ((1 − 0.577)² + 1 + π²/6)·χ/(χ² + π²)²",
        "k = 0.4/0.85·(1 + n)·G·u*",
        *VAPOUR,
        where={
            "Dm": means("蒸气在空气中的扩散系数", "diffusivity of the vapour in air", "m2/s"),
            "M": "molar_mass",
            "Sc": means("施密特数", "Schmidt number", "1"),
            "u*": means("摩擦速度", "friction velocity", "m/s"),
            "U": "wind_speed",
            "Re": means("粗糙度雷诺数", "roughness Reynolds number", "1"),
            "z₀": "roughness",
            "fs": means("光滑面函数", "function of a smooth surface", "1"),
            "fr": means("粗糙面函数", "function of a rough surface", "1"),
            "f": means("液面函数", "function of the surface", "1"),
            "χ": means("对数项", "the logarithm", "1"),
            "n": means("风速幂指数(Havens-Spicer),按稳定度", "power of the wind (Havens and Spicer) by class", "1"),
            "D": "pool_diameter",
            "G": means("平均传质", "mean transfer", "1"),
            **VAPOUR_WHERE,
        },
    ),
    neglects=(
        Text("液面自身的起伏", "waves on the pool"),
        Text("粗糙度取值的独立依据", "grounds for the roughness: it was chosen by the case among others"),
    ),
    cases=("pool_evaporation",),
    tier=Tier.PEER,
)
def brighton(
    wind_speed: Speeds,
    pool_diameter: Metres,
    temperature: Kelvin,
    vapour_pressure: Pascals,
    molar_mass: KilogramPerMole,
    stability: Stability = Stability.D,
    roughness: Metre = 0.001,
    ambient_pressure: Pascal = 101_325.0,
) -> MassFluxes:
    """Vapour from each square metre of a pool at this temperature, in wind at 10 m."""
    transfer = coefficient(wind_speed, pool_diameter, molar_mass, stability, roughness)
    return flux(transfer, temperature, vapour_pressure, molar_mass, ambient_pressure)


def coefficient(
    wind_speed: Numbers, pool_diameter: Numbers, molar_mass: float, stability: Stability, roughness: float
) -> Numbers:
    """The coefficient of mass transfer, m/s."""
    n, friction = exponent(Exponents.HAVENS_SPICER, stability), 0.03 * np.asarray(wind_speed, dtype=float)
    ratio = KARMAN / TURBULENT_SCHMIDT
    surface = _surface(schmidt(molar_mass), friction * roughness / AIR_VISCOSITY)
    across = 1 / n + 1 + 2 * np.log(1 + n) - 2 * EULER + ratio * (1 + n) * surface
    reach = n * KARMAN**2 * pool_diameter / (TURBULENT_SCHMIDT * roughness * np.exp(1 / n))
    log = across + np.log(reach)
    square = log**2 + np.pi**2
    mean = 0.5 - np.arctan(log / np.pi) / np.pi + (1 - EULER) / square
    mean = mean + ((1 - EULER) ** 2 + 1 + np.pi**2 / 6) * log / square**2
    transfer: Numbers = ratio * (1 + n) * mean * friction
    return transfer


def _surface(number: float, reynolds: Numbers) -> Numbers:
    """Brutsaert's f(Sc): smooth below a roughness Reynolds number of 0.13, rough above 2, straight in between."""
    smooth = (3.85 * np.cbrt(number) - 1.3) ** 2 + TURBULENT_SCHMIDT / KARMAN * np.log(0.13 * number)
    rough = 7.3 * np.maximum(reynolds, 2.0) ** 0.25 * np.sqrt(number) - 5 * TURBULENT_SCHMIDT
    part = np.minimum(np.maximum((np.asarray(reynolds) - 0.13) / (2 - 0.13), 0.0), 1.0)
    between: Numbers = smooth + part * (rough - smooth)
    return between
