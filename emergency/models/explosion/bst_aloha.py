"""The vapour cloud explosion of ALOHA: Baker-Strehlow-Tang with its own fits and a fixed share of the cloud."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fraction, JoulePerKilogram, Kilograms, Metres, Numbers, Pascal, Pascals
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.explosion.baker_strehlow_tang import DETONATION, cloud_energy
from emergency.models.explosion.point_source import SACHS, sachs_distance


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Overpressure ratio `top` nearer than `knee`, then a b^(1/x) x^c."""

    mach: float
    a: float
    b: float
    c: float
    top: float
    knee: float


FITS = (
    Fit(mach=0.2, a=0.0335, b=0.8359, c=-1.1192, top=0.065, knee=0.35),
    Fit(mach=0.35, a=0.1041, b=0.8642, c=-1.0568, top=0.22, knee=0.32),
    Fit(mach=0.7, a=0.3764, b=0.7439, c=-1.2728, top=0.65, knee=0.3),
    Fit(mach=5.2, a=0.2932, b=1.399, c=-1.1591, top=20.0, knee=0.16),
)
"""ALOHA's technical documentation (NOAA OR&R 43) Table 15."""

DEFLAGRATING_SHARE = 0.2
"""Of what is between 90 % of the lower limit and the upper limit, what burns fast enough to count (AIChE 1994)."""


@model(
    id="baker-strehlow-tang-aloha",
    title=Text("蒸气云爆炸超压(ALOHA 的 BST 拟合)", "Vapour cloud explosion as in ALOHA"),
    source=(
        "ALOHA technical documentation (NOAA OR&R 43) ch. 5, Tables 14 and 15, as quoted in HAZEL "
        "(kociembadamian/HAZEL, js/engine/engineVce.js); between fits linear in Mach number, as there"
    ),
    how=Text(
        "参与质量为可燃质量(90% 爆炸下限至爆炸上限之间)的 20%,爆轰时为 100%;能量乘地面系数 2,按四条拟合曲线内插。",
        "20 % of the mass between 90 % of the lower limit and the upper limit takes part, all of it in a detonation; "
        "energy with the ground factor 2, between four fitted curves.",
    ),
    formula=formula(
        "η = 0.2, M < 5.2",
        "η = 1, M ≥ 5.2",
        "R = r·∛(P₀/(2·η·m·Hc))",
        "f = a·b^(1/R)·R^c, R ≥ k",
        "f = p, R < k",
        "e = A·B^(1/R)·R^C, R ≥ K",
        "e = q, R < K",
        "w = min(max((M − M₁)/(M₂ − M₁), 0), 1)",
        "P = P₀·((1 − w)·min(f, p) + w·min(e, q))",
        where={
            "η": means("参与爆炸的份额", "share that takes part", "1"),
            "M": "flame_mach",
            **SACHS,
            "m": "mass",
            "Hc": "heat_of_combustion",
            "f": means("较低马赫数拟合曲线的超压比", "ratio by the fit of the lower Mach number", "1"),
            "a": means("其系数", "its coefficient", "1"),
            "b": means("其底数", "its base", "1"),
            "c": means("其指数", "its power", "1"),
            "k": means("其近场界限", "where its near field ends", "1"),
            "p": means("其近场值", "its value in the near field", "1"),
            "e": means("较高马赫数拟合曲线的超压比", "ratio by the fit of the higher Mach number", "1"),
            "A": means("其系数", "its coefficient", "1"),
            "B": means("其底数", "its base", "1"),
            "C": means("其指数", "its power", "1"),
            "K": means("其近场界限", "where its near field ends", "1"),
            "q": means("其近场值", "its value in the near field", "1"),
            "w": means("两条曲线间的权重", "weight between both fits", "1"),
            "M₁": means("较低曲线的马赫数", "Mach number of the lower fit", "1"),
            "M₂": means("较高曲线的马赫数", "Mach number of the higher fit", "1"),
            "P": means("超压", "overpressure", "Pa"),
        },
    ),
    valid={"flame_mach": (0.2, 5.2)},
    neglects=(Text("可燃质量与云心位置由扩散模型另求", "mass and centre of the cloud come from a dispersion model"),),
    cases=("baker_strehlow_tang_cloud",),
    tier=Tier.PEER,
)
def cloud_overpressure(
    distance: Metres,
    mass: Kilograms,
    heat_of_combustion: JoulePerKilogram,
    flame_mach: Fraction,
    ambient_pressure: Pascal = 101_325.0,
) -> Pascals:
    """Overpressure at a distance from the centre of the cloud, of the flammable mass in it."""
    share = 1.0 if flame_mach >= DETONATION else DEFLAGRATING_SHARE
    scaled = sachs_distance(distance, cloud_energy(share * mass, heat_of_combustion), ambient_pressure)
    number = int(np.clip(np.searchsorted([fit.mach for fit in FITS], flame_mach), 1, len(FITS) - 1))
    low, high = FITS[number - 1], FITS[number]
    part = float(np.clip((flame_mach - low.mach) / (high.mach - low.mach), 0.0, 1.0))
    return ambient_pressure * ((1 - part) * fitted(scaled, low) + part * fitted(scaled, high))


def fitted(scaled: Numbers, fit: Fit) -> Numbers:
    """Overpressure over ambient pressure by one fit, never above its top."""
    x = np.maximum(np.asarray(scaled, dtype=float), fit.knee)
    curve = np.minimum(fit.a * fit.b ** (1 / x) * x**fit.c, fit.top)
    return np.where(np.asarray(scaled) < fit.knee, fit.top, curve)
