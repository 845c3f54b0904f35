"""Whether a cloud let go at once sinks or is carried by the air, with the reason in words."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import Fraction, Kilogram, KilogramPerCubicMetre, Speed
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.dense_plume import GRAVITY

HEAVY: Fraction = 0.04
"""The Richardson number above which a release at once is of a heavy gas."""

NEAR: Fraction = 0.2
"""Of that number: so near it the standard wants both ways computed; how near, it does not say, this is ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PuffChoice:
    """Whether it is dense, by which number, and why in words."""

    dense: bool
    richardson: Fraction
    reason: Text


@model(
    id="dense-or-passive-puff",
    title=Text("瞬时释放被动/重气自动选择", "A cloud let go at once: dense or passive"),
    source=(
        "HJ 169-2018 附录 G.2 式(G.3): heavy where Ri > 0.04, as transcribed in a public calculation of that standard; "
        "the standard itself was not at hand"
    ),
    how=Text(
        "Ri = g(Q/ρrel)^(1/3)/U² ×(ρrel-ρa)/ρa,U 为 10 m 高风速;大于 0.04 且重于空气时按重气云团,否则按被动烟团。",
        "Ri = g (Q / ρrel)^(1/3) / U² (ρrel - ρa) / ρa with the wind at 10 m; dense above 0.04 and where heavier than "
        "air, else passive.",
    ),
    formula=formula(
        "Ri = g·∛(m/ρ)/u²·(ρ − ρa)/ρa",
        "Ri > Ric",
        where={
            "Ri": means("理查德森数;大于 Ric 时为重气云团", "Richardson number; above Ric the puff is dense", "1"),
            "g": means("重力加速度", "acceleration of gravity", "m/s2", 9.80616),
            "m": "mass",
            "ρ": "gas_density",
            "u": "wind_speed",
            "ρa": "air_density",
            "Ric": means("界限", "the limit", "1", 0.04),
        },
    ),
    neglects=(
        Text("液滴与气溶胶(按汽化并混合后的密度)", "droplets (the density is that of the cloud once they are gone)"),
        Text("由重气到被动扩散的过渡", "the passage from dense to passive"),
    ),
)
def puff_choice(
    mass: Kilogram, gas_density: KilogramPerCubicMetre, air_density: KilogramPerCubicMetre, wind_speed: Speed
) -> PuffChoice:
    """For the mass and density of the cloud as it enters the air."""
    heavier = (gas_density - air_density) / air_density
    number = float(GRAVITY * np.cbrt(mass / gas_density) / wind_speed**2 * heavier)
    dense = number > HEAVY
    return PuffChoice(dense=dense, richardson=number, reason=_reason(number, gas_density / air_density, dense=dense))


def _reason(number: Fraction, ratio: Fraction, *, dense: bool) -> Text:
    if ratio <= 1.0:
        return Text(
            f"云团密度为空气的 {ratio:.2f} 倍,不会贴地下沉:按被动烟团计算",
            f"The cloud weighs {ratio:.2f} of air and does not slump: a passive puff",
        )
    more = Text("", "")
    if abs(number / HEAVY - 1) < NEAR:
        more = Text(
            ";该值接近界限,宜再按另一种模型计算,取影响范围较大者",
            "; that is near the limit: compute the other way too and take what reaches farther",
        )
    if dense:
        return Text(
            f"理查德森数 {number:.3g} > {HEAVY}:按重气云团计算{more.zh}",
            f"Richardson number {number:.3g} > {HEAVY}: a dense puff{more.en}",
        )
    return Text(
        f"理查德森数 {number:.3g} ≤ {HEAVY}:按被动烟团计算{more.zh}",
        f"Richardson number {number:.3g} ≤ {HEAVY}: a passive puff{more.en}",
    )
