"""A pool evaporates in time: its temperature follows from what heats and cools it."""

import numpy as np

from core.texts import Text
from core.units import Degree, Fraction, Kelvin, Kilogram, Metre, Pascal, Second, Speed
from emergency.chemicals.substance import Substance
from emergency.evidence import Tier
from emergency.formula import formula
from emergency.model import model
from emergency.models.dispersion.air import Stability
from emergency.models.sources.ground import Ground
from emergency.models.sources.pool_heat import POOL, POOL_WHERE, Surroundings, Transfer, march
from emergency.models.sources.release import Release


@model(
    id="evaporating-pool",
    title=Text("液池蒸发随时间变化", "A pool evaporating in time"),
    source=(
        "balance of energy of NOAA TM NOS OR&R 43, 3.3.2-3.3.3 (Raphael 1962, Thibodeaux 1979, Brighton 1985), as "
        "quoted in HAZEL; mass transfer as in `brighton-evaporation` or `mackay-matsugu`"
    ),
    how=Text(
        "固定面积的液池;池温由日照、大气与自身长波辐射、地面导热、空气对流和蒸发冷却的平衡逐步求得;接近沸点时蒸发量"
        "等于得热除以汽化热。",
        "A pool of fixed area; its temperature follows from sun, sky, its own radiation, ground, air and evaporation, "
        "step by step; near the boiling point it evaporates what the heat suffices for.",
    ),
    formula=formula(
        "A = π/4·D²",
        *POOL,
        "dmp/dt = −m·A",
        where=POOL_WHERE
        | {
            "D": "pool_diameter",
            "mp": "mass",
        },
    ),
    neglects=(
        Text("铺展与面积变化、地面热史", "spreading, a changing area, the history of the ground's heat"),
        Text("溶解与渗漏", "solution and seepage"),
    ),
    cases=("pool_evaporation",),
    tier=Tier.PEER,
)
def evaporating_pool(
    substance: Substance,
    mass: Kilogram,
    pool_diameter: Metre,
    wind_speed: Speed,
    temperature: Kelvin,
    ambient_temperature: Kelvin,
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
    """Rates over time until the pool is gone or the limit is reached; the sun is below the horizon unless given."""
    around = Surroundings(
        wind_speed=wind_speed, ambient_temperature=ambient_temperature, stability=stability, ground=ground,
        ground_temperature=ground_temperature, relative_humidity=relative_humidity, cloud_cover=cloud_cover,
        solar_elevation=solar_elevation, transfer=transfer, roughness=roughness, ambient_pressure=ambient_pressure,
    )  # fmt: skip
    return march(substance, around, temperature, time_limit, mass=mass, area=float(np.pi / 4 * pool_diameter**2))
