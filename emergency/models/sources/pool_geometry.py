"""A pool of even thickness."""

from dataclasses import dataclass

import numpy as np

from core.texts import Text
from core.units import CubicMetres, Metres, SquareMetres
from emergency.evidence import Tier
from emergency.formula import formula
from emergency.model import model


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Area and the diameter of the circle of that area."""

    area: SquareMetres
    diameter: Metres


@model(
    id="pool-geometry",
    title=Text("等厚液池尺寸", "Size of a pool of even thickness"),
    source="TNO Yellow Book CPR 14E (2005) 6.6.3, as quoted in Petrolord's validation findings",
    how=Text("面积等于体积除以厚度,直径为等面积圆的直径。", "Volume by thickness; the diameter of a circle of it."),
    formula=formula(
        "A = V/d",
        "D = √(4·A/π)",
        where={
            "A": "pool_area",
            "V": "spill_volume",
            "d": "pool_thickness",
            "D": "pool_diameter",
        },
    ),
    neglects=(Text("地面坡度、围堰", "slope of the ground and bunds"),),
    cases=("pool_geometry",),
    tier=Tier.DOCUMENT,
)
def pool_of(spill_volume: CubicMetres, pool_thickness: Metres) -> Pool:
    """The pool."""
    area = spill_volume / pool_thickness
    return Pool(area=area, diameter=np.sqrt(4 * area / np.pi))
