"""Evaporation from a pool into the wind by Brighton's boundary layer, as ALOHA has it."""

import numpy as np

from core.texts import Text
from core.units import Kelvin, KilogramPerMole, MassFluxes, Metre, Metres, Numbers, Pascal, Pascals, Speeds
from emergency.evidence import Tier
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.wind import Exponents, exponent
from emergency.models.sources.vapour import AIR_VISCOSITY, flux, schmidt

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
