"""A pool spreads under its own weight until it is thin."""

import numpy as np

from core.texts import Text
from core.units import CubicMetre, Metre, Metres, Seconds
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.sources.liquid_hole import GRAVITY


@model(
    id="pool-spreading",
    title=Text("液池铺展", "Spreading of a pool"),
    source="Briscoe and Shaw (1980) as in NOAA TM NOS OR&R 43, 3.4.4.2 (ends at 5 mm), as quoted in HAZEL",
    how=Text(
        "dr/dt = √(2gd),d 为均匀厚度;瞬时泄漏时 r² = 2t√(2gV/π),厚度降到给定最小值为止。",
        "dr/dt = √(2 g d) d the even thickness; of a spill at once r² = 2 t √(2 g V / π), until the least thickness.",
    ),
    formula=formula(
        "r = √(min(2·π·t·√(2·g·V/π), V/d)/π)",
        where={
            "r": means("液池半径", "radius of the pool", "m"),
            "t": "time",
            "g": STANDARD_GRAVITY,
            "V": "spill_volume",
            "d": "pool_thickness",
        },
    ),
    neglects=(Text("摩擦、蒸发损失、围堰与坡度", "friction, what evaporates meanwhile, bunds and slopes"),),
)
def spreading(time: Seconds, spill_volume: CubicMetre, pool_thickness: Metre = 0.005) -> Metres:
    """Radius of the pool of a volume spilt at once; `pool_thickness` is the least it thins to."""
    last = spill_volume / pool_thickness
    area = 2 * np.pi * np.asarray(time) * np.sqrt(2 * GRAVITY * spill_volume / np.pi)
    radius: Metres = np.sqrt(np.minimum(area, last) / np.pi)
    return radius
