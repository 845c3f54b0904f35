"""A release that ends, as a plume cut at both ends by error functions (Palazzi and others)."""

from enum import StrEnum

import numpy as np

from core.texts import Text
from core.units import Concentrations, KilogramPerSecond, Metre, Metres, Second, Speed
from emergency.evidence import Tier
from emergency.formula import formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.dispersion.curves import Curves, along
from emergency.models.dispersion.gaussian_plume import VERTICAL, VERTICAL_WHERE, Plume
from emergency.models.dispersion.integrated_puff import ENDS, ENDS_WHERE, edge


class Along(StrEnum):
    """Where the spread along the wind is taken: at the receptor, at the ends of the cloud, or as in the Yellow Book."""

    RECEPTOR = "receptor"
    ENDS = "ends"
    YELLOW_BOOK = "yellow_book"


@model(
    id="palazzi",
    title=Text("Palazzi 短时释放", "Palazzi's release of short duration"),
    source=(
        "Palazzi and others (1982), Atmospheric Environment 16, 2785-2790, as quoted in GasDispersion.jl; Yellow Book "
        "equation 4.60b; peak time as in NOAA TM NOS OR&R 43 section 4.3"
    ),
    how=Text(
        "稳态烟羽乘以前后缘误差函数之差;某处浓度在云团中部经过时最大,即 t = x/u + 时长/2。",
        "The steady plume times the difference of error functions of its ends; a place has its highest concentration "
        "when the middle of the cloud passes, at t = x/u + duration/2.",
    ),
    formula=formula(
        *ENDS,
        "C = Q/(u·√(2·π)·σy)·exp(−y²/(2·σy²))·V·(erf((x − e)/(√(2)·σe)) − erf((x − s)/(√(2)·σs)))/2, x > 0",
        *VERTICAL[:1],
        where={
            **ENDS_WHERE,
            "σy": means("横风向扩散参数", "crosswind spread", "m"),
            "y": "crosswind",
            "x": "downwind",
            "σe": means(
                "后缘的顺风向扩散参数:取受体处,或按所选取两端处",
                "spread along the wind at the rear, or at the receptor",
                "m",
            ),
            "σs": means(
                "前缘的顺风向扩散参数:取受体处,或按所选取两端处",
                "spread along the wind at the front, or at the receptor",
                "m",
            ),
            **VERTICAL_WHERE,
            "hm": means("混合层高度,此处不设", "mixing height, none here", "m"),
        },
    ),
    valid={"downwind": (100.0, 10_000.0), "wind_speed": (1.0, 120.0), "duration": (0.0, 3600.0)},
    neglects=(Text("重气沉降", "weight of the cloud"),),
    cases=("palazzi_puff",),
    tier=Tier.IMPLEMENTATION,
)
def palazzi(
    downwind: Metres,
    crosswind: Metres,
    height: Metre,
    time: Second,
    mass_rate: KilogramPerSecond,
    duration: Second,
    wind_speed: Speed,
    stability: Stability,
    release_height: Metre = 0.0,
    curves: Curves = Curves.ALOHA_RURAL,
    along_wind: Along = Along.RECEPTOR,
) -> Concentrations:
    """Concentration at points at one time after the release began."""
    plume = Plume(
        mass_rate=mass_rate, wind_speed=wind_speed, stability=stability, curves=curves, release_height=release_height,
        height=height,
    )  # fmt: skip
    x = np.asarray(downwind, dtype=float)
    tail, head = wind_speed * max(time - duration, 0.0), wind_speed * time
    match along_wind:
        case Along.ENDS:
            at_tail, at_head = along(curves, tail, stability), along(curves, head, stability)
        case Along.YELLOW_BOOK if time >= duration:
            at_tail = at_head = along(curves, head, stability)
        case _:
            at_tail = at_head = along(curves, x, stability)
    return plume.at(x, crosswind) * (edge(x, tail, at_tail) - edge(x, head, at_head)) / 2


def peak_time(downwind: Metres, wind_speed: Speed, duration: Second) -> Metres:
    """When a place has its highest concentration: the middle of the cloud is there."""
    return downwind / wind_speed + duration / 2
