"""Kingery-Bulmash: every parameter of the blast wave of TNT, on the ground or in free air, by scaled distance."""

from enum import StrEnum

from core.texts import Text
from core.units import Kilograms, ScaledDistances
from emergency.blast_curves import kingery_bulmash_curves
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.blast import Blast, dynamic_pressure


class Burst(StrEnum):
    """Where the charge is: on a hard ground, or in the air with nothing near."""

    SURFACE = "hemispherical"
    FREE_AIR = "spherical"


@model(
    id="kingery-bulmash",
    title=Text("TNT 爆炸波参数(Kingery-Bulmash 多项式)", "TNT blast wave, Kingery-Bulmash polynomials"),
    source=(
        "Kingery and Bulmash (1984) polynomials as in UFC 3-340-02 / ConWep, metric, as quoted in a public "
        "re-implementation; the constant of the second spherical duration curve corrected by continuity"
    ),
    how=Text(
        "按比距 Z=R/W^(1/3) 由分段对数多项式求入射与反射超压、冲量、到时、正压时间和波速;冲量与时间乘 W^(1/3)。",
        "Piecewise polynomials in log Z give incident and reflected overpressure and impulse, arrival, duration and "
        "speed; impulses and times are then multiplied by W^(1/3).",
    ),
    formula=formula(
        "U = a + b·log₁₀(Z)",
        "y = 10^(∑[i=0…n](cᵢ·U^i))",
        "v = y·∛(W)",
        "q = 5·P²/(2·(P + 7·P₀))",
        where={
            "U": means("变换后的比距", "transformed scaled distance", "1"),
            "a": means("系数,按参数、爆炸类型与分段", "coefficient by parameter, burst and piece", "1"),
            "b": means("系数,按参数、爆炸类型与分段", "coefficient by parameter, burst and piece", "1"),
            "Z": "scaled_distance",
            "y": means(
                "超压 kPa、波速 m/ms,或每 ∛W 的冲量 kPa·ms、时间 ms",
                "overpressure in kPa, speed in m/ms, or impulse in kPa·ms and time in ms for each ∛W",
            ),
            "n": means("多项式次数", "degree of the polynomial", "1"),
            "c": means("多项式系数", "coefficients of the polynomial", "1"),
            "v": means("冲量或时间", "an impulse or a time"),
            "W": "tnt_mass",
            "q": means("动压", "dynamic pressure", "Pa"),
            "P": means("入射超压", "incident overpressure", "Pa"),
            "P₀": means("环境气压", "ambient pressure", "Pa", 101_325.0),
        },
    ),
    valid={"scaled_distance": (0.2, 40.0)},
    neglects=(
        Text("地形、建筑物遮挡与反射", "ground shape, shielding and reflection by buildings"),
        Text(
            "Z<0.2 时正压时间取 Z=0.2 的值;球面爆炸除入射超压和波速外未与表核对",
            "below Z = 0.2 the duration keeps its value at 0.2; of free air only pressure and speed were checked",
        ),
    ),
    cases=("kingery_bulmash_spherical",),
    tier=Tier.SECONDARY,
)
def kingery_bulmash(scaled_distance: ScaledDistances, tnt_mass: Kilograms = 1.0, burst: Burst = Burst.SURFACE) -> Blast:
    """The blast wave at a scaled distance of a mass of TNT."""
    return blast_from(str(burst), scaled_distance, tnt_mass)


@model(
    id="kingery-simplified",
    title=Text("TNT 地面爆炸波参数(Swisdak 简化式)", "TNT surface burst, simplified Kingery (Swisdak)"),
    source=(
        "Swisdak (1994), Simplified Kingery Airblast Calculations (DTIC ADA526744), metric coefficients as in the "
        "package kingery-bulmash (MIT)"
    ),
    how=Text(
        "半球形地面爆炸:按比距由分段对数多项式求各参数,与原表相差不超过 0.2%。",
        "Surface burst: piecewise polynomials in ln Z, within 0.2 % of the published table.",
    ),
    formula=formula(
        "y = exp(∑[i=0…n](cᵢ·ln(Z)^i))",
        "v = y·∛(W)",
        "q = 5·P²/(2·(P + 7·P₀))",
        where={
            "y": means(
                "超压 kPa、波速 m/ms,或每 ∛W 的冲量 kPa·ms、时间 ms",
                "overpressure in kPa, speed in m/ms, or impulse in kPa·ms and time in ms for each ∛W",
            ),
            "n": means("多项式次数", "degree of the polynomial", "1"),
            "c": means("多项式系数,按参数与分段", "coefficients by parameter and piece", "1"),
            "Z": "scaled_distance",
            "v": means("冲量或时间", "an impulse or a time"),
            "W": "tnt_mass",
            "q": means("动压", "dynamic pressure", "Pa"),
            "P": means("入射超压", "incident overpressure", "Pa"),
            "P₀": means("环境气压", "ambient pressure", "Pa", 101_325.0),
        },
    ),
    valid={"scaled_distance": (0.2, 40.0)},
    neglects=(Text("地形、建筑物遮挡与反射", "ground shape, shielding and reflection by buildings"),),
    cases=("kingery_bulmash_hemispherical",),
    tier=Tier.DOCUMENT,
)
def simplified_kingery(scaled_distance: ScaledDistances, tnt_mass: Kilograms = 1.0) -> Blast:
    """The blast wave of a surface burst; overpressure to Z = 198.5, impulse to 158.7."""
    return blast_from("simplified", scaled_distance, tnt_mass)


def blast_from(curves: str, scaled_distance: ScaledDistances, tnt_mass: Kilograms) -> Blast:
    """Every parameter by the curves of one name, impulses and times scaled to the mass."""
    curve = kingery_bulmash_curves(curves)
    scale = tnt_mass ** (1 / 3)
    overpressure = curve["incident_overpressure"](scaled_distance)
    return Blast(
        incident_overpressure=overpressure,
        incident_impulse=curve["incident_impulse"](scaled_distance) * scale,
        reflected_overpressure=curve["reflected_overpressure"](scaled_distance),
        reflected_impulse=curve["reflected_impulse"](scaled_distance) * scale,
        arrival_time=curve["arrival_time"](scaled_distance) * scale,
        positive_duration=curve["positive_duration"](scaled_distance) * scale,
        shock_velocity=curve["shock_velocity"](scaled_distance),
        dynamic_pressure=dynamic_pressure(overpressure),
    )
