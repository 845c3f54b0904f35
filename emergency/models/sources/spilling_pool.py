"""Liquid runs out, spreads and evaporates while more comes."""

import numpy as np

from core.texts import Text
from core.units import Degree, Fraction, Kelvin, KilogramPerSecond, Metre, Pascal, Second, Speed, SquareMetre
from emergency.chemicals.substance import Substance
from emergency.formula import STANDARD_GRAVITY, formula, means
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.sources.ground import Ground
from emergency.models.sources.pool_heat import POOL, POOL_WHERE, Surroundings, Transfer, march
from emergency.models.sources.release import Release


@model(
    id="spilling-pool",
    title=Text("泄漏液体铺展并蒸发", "Spilt liquid spreading and evaporating"),
    source=(
        "NOAA TM NOS OR&R 43, 3.4.4.2-3.4.4.3 (Briscoe and Shaw 1980), as quoted in HAZEL; evaporation as in "
        "`evaporating-pool`"
    ),
    how=Text(
        "液体以给定速率流入,按 dr/dt = √(2gd) 铺展,到围堰面积或 5 mm 厚为止;新湿地面按接触时间分环给热;"
        "池温与蒸发量由热平衡求得。",
        "Liquid arrives at the rate given and spreads by dr/dt = √(2 g d) up to the bund's area or 5 mm; the ground "
        "heats it ring by ring, by how long each has been wet; temperature and evaporation follow from the heat.",
    ),
    formula=formula(
        "dr/dt = √(2·g·V/(π·r²)), V/(π·r²) > 0.005 ∧ π·r² < Am",
        "dmp/dt = q − m·A, t ≤ τ",
        "dmp/dt = −m·A, t > τ",
        *POOL,
        where=POOL_WHERE
        | {
            "r": means("液池半径", "radius of the pool", "m"),
            "t": "time",
            "g": STANDARD_GRAVITY,
            "V": means("池中液体体积 mp/ρl", "volume of the pool, mp/ρl", "m3"),
            "Am": means("围堰面积,池的最大面积", "area of the bund, the most it covers", "m2"),
            "q": "mass_rate",
            "τ": "duration",
        },
    ),
    neglects=(Text("地面坡度、渗漏与溶解", "slope of the ground, seepage and solution"),),
)
def spilling_pool(
    substance: Substance,
    mass_rate: KilogramPerSecond,
    duration: Second,
    wind_speed: Speed,
    temperature: Kelvin,
    ambient_temperature: Kelvin,
    pool_area: SquareMetre | None = None,
    stability: Stability = Stability.D,
    ground: Ground = Ground.SOIL,
    ground_temperature: Kelvin | None = None,
    relative_humidity: Fraction = 0.5,
    cloud_cover: Fraction = 0.5,
    solar_elevation: Degree = 0.0,
    transfer: Transfer = Transfer.BRIGHTON,
    roughness: Metre = 0.001,
    ambient_pressure: Pascal = 101_325.0,
    time_limit: Second = 3600.0,
) -> Release:
    """Vapour over time from a steady inflow; `pool_area` is the most it may cover, a bund's."""
    around = Surroundings(
        wind_speed=wind_speed, ambient_temperature=ambient_temperature, stability=stability, ground=ground,
        ground_temperature=ground_temperature, relative_humidity=relative_humidity, cloud_cover=cloud_cover,
        solar_elevation=solar_elevation, transfer=transfer, roughness=roughness, ambient_pressure=ambient_pressure,
    )  # fmt: skip
    come = (np.array([0.0, duration]), np.array([0.0, mass_rate * duration]))
    most = np.inf if pool_area is None else pool_area
    return march(substance, around, temperature, time_limit, inflow=come, most_area=most)


def pool_under(
    leak: Release, substance: Substance, around: Surroundings, temperature: Kelvin, most_area: SquareMetre = np.inf,
    limit: Second = 3600.0,
) -> Release:  # fmt: skip
    """Vapour over time from the pool that a leak in time feeds."""
    come = (np.asarray(leak.time, dtype=float), np.asarray(leak.released, dtype=float))
    return march(substance, around, temperature, limit, inflow=come, most_area=most_area)
