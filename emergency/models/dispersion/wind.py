"""Wind at another height by a power law; the table of exponents is named, because it moves the answer."""

from enum import StrEnum

from core.texts import Text
from core.units import Fraction, Metre, Metres, Speed, Speeds
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability


class Exponents(StrEnum):
    """Published tables of exponents; the one used is kept with every result."""

    HAVENS_SPICER = "havens_spicer"
    IRWIN_RURAL = "irwin_rural"
    IRWIN_URBAN = "irwin_urban"
    ISC3_URBAN = "isc3_urban"


TABLES: dict[Exponents, tuple[Fraction, ...]] = {
    Exponents.HAVENS_SPICER: (0.108, 0.112, 0.12, 0.142, 0.203, 0.253),
    Exponents.IRWIN_RURAL: (0.07, 0.07, 0.10, 0.15, 0.35, 0.55),
    Exponents.IRWIN_URBAN: (0.15, 0.15, 0.20, 0.25, 0.40, 0.60),
    Exponents.ISC3_URBAN: (0.15, 0.15, 0.20, 0.25, 0.30, 0.30),
}
"""By class from A to F."""


def exponent(table: Exponents, stability: Stability) -> Fraction:
    """The exponent of one class in one table."""
    return TABLES[table]["ABCDEF".index(stability)]


@model(
    id="wind-power-law",
    title=Text("风速幂律廓线", "Wind by a power law"),
    source=(
        "Havens and Spicer (1985) as ALOHA's table 7 (NOAA TM NOS OR&R 43); Irwin (1979) as in CCPS (1999) table 2.11; "
        "ISC3 urban as in EPA-454/B-95-003b: all as quoted in HAZEL and GasDispersion.jl"
    ),
    how=Text(
        "某高度风速等于参考高度风速乘以高度比的幂;指数按稳定度取自所选表。",
        "The wind at a height is the wind at the reference height times a power of their ratio, the exponent by class "
        "from the table chosen.",
    ),
    formula=formula(
        "u = U·(z/zm)^p",
        where={
            "u": means("所求高度的风速", "wind at the height asked", "m/s"),
            "U": "wind_speed",
            "z": "height",
            "zm": "wind_height",
            "p": means("指数,按所选表与稳定度", "power by table and class", "1"),
        },
    ),
    neglects=(Text("粗糙度随地点的变化", "that roughness changes from place to place"),),
    cases=("wind_power_law",),
    tier=Tier.IMPLEMENTATION,
)
def wind_at(
    wind_speed: Speed,
    wind_height: Metre,
    height: Metres,
    stability: Stability,
    exponents: Exponents = Exponents.HAVENS_SPICER,
) -> Speeds:
    """The speed at `height`, given that at `wind_height`."""
    return wind_speed * (height / wind_height) ** exponent(exponents, stability)
