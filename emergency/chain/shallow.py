"""What spreads, as SLAB is told of it: a pool, a flashed jet or a stream without a speed; and its course in time."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Metre, Metres, Seconds, SquareMetre
from emergency.chain.steady import Spreading
from emergency.chemicals import Substance
from emergency.field import Floats, Measure, Passage
from emergency.model import Check
from emergency.models.dispersion.slab import SlabSource, slab
from emergency.models.dispersion.slab_cloud import SlabCloud
from emergency.models.dispersion.slab_source import (
    SlabSubstance,
    drifting_area,
    expanded_area,
    flashed,
    slab_substance,
)
from emergency.scenario import Scenario

SLAB_TRIALS = Text(
    "SLAB 与外场试验相比:LNG 液池(Burro 7、8、9)爆炸下限距离为实测的 0.96–1.00 倍,Maplin Sands 27 的浓度为 0.5–0.9 倍"
    "(偏小);液氨喷射(Desert Tortoise 4)100 m 处 2.8 倍、800 m 处 0.8 倍、2.8 km 处 0.5 倍(偏小)",
    "SLAB against trials: LNG pools (Burro 7, 8, 9) reach the flammable limit at 0.96 to 1.00 of the distance "
    "measured, concentrations of Maplin Sands 27 are 0.5 to 0.9 of it (too little); a jet of liquid ammonia (Desert "
    "Tortoise 4) 2.8 times at 100 m, 0.8 at 800 m, 0.5 at 2.8 km (too little)",
)
DROPLETS = Text(
    "液化气体带液滴喷出:液滴蒸发吸热使混合气比空气重,即使气体本身较轻,按 SLAB 计算",
    "a liquefied gas leaves with droplets: their evaporation makes the mixture heavier than air even where the gas is "
    "light; SLAB reckons with it",
)
LIFTED = Text(
    "SLAB 的云团抬升离地:影响范围按任一高度上的最高浓度划定,不按地面浓度。液氢溢出试验表明 SLAB 抬升过高,按地面会偏小",
    "SLAB's cloud rises off the ground: zones are by the highest concentration at any height, not at the ground; "
    "SLAB lifts too much (spills of liquid hydrogen), so at the ground too little would be told",
)
LEAST = 1e-6
FAR: Metre = 10000.0
"""Below this part of volume, or farther than this, a cloud may rise as it likes."""

FOLLOWED = Text(
    "到达与离开时间取自 SLAB 云团自身的运动与长度,其间按所求平均时间的最大值",
    "it comes and goes as SLAB's own cloud moves and is long; between, the most that the averaging time sees",
)
COLDER = 0.5
"""Kelvin that two tables of a boiling point may differ by."""

KEPT = 16
"""Clouds kept, so that zones, curve and field of one answer are one run."""

_computed = lru_cache(maxsize=KEPT)(slab)


def runs() -> int:
    """How often SLAB was run since `forget`."""
    return _computed.cache_info().misses


def forget() -> None:
    """Nothing computed is kept any longer."""
    _computed.cache_clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlabField:
    """A SLAB cloud in time."""

    cloud: SlabCloud
    timing: Text = FOLLOWED
    measure: Measure = Measure.CONCENTRATION

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The most that passes, while the cloud is there."""
        at = self.cloud.height
        most = self.cloud.concentration(downwind, crosswind, at if at is None or height is None else height)
        if time is None:
            return most
        there = self.passage(downwind, crosswind)
        since = np.asarray(time, dtype=float)
        return np.where((since >= there.arrival) & (since <= there.departure), most, 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """By the arrival and length of the cloud on its axis."""
        x = np.broadcast_arrays(np.asarray(downwind, dtype=float), crosswind)[0]
        come = np.interp(x, self.cloud.distance, self.cloud.arrival)
        gone = come + np.interp(x, self.cloud.distance, self.cloud.passing)
        return Passage(first=come, arrival=come, departure=gone, last=gone)


def slab_cloud(scenario: Scenario, release: Spreading, gas: Substance) -> tuple[SlabCloud, tuple[Check, ...]]:
    """The cloud of what spreads, on the ground, or at whatever height most is where it rises off it.

    Raises BadInputError for vapour below its boiling point, which SLAB does not know, `SlabMissingError` without the
    library, `SlabFailedError` where it finds no cloud, NotFoundError for a property that is not known.
    """
    air, told = scenario.weather, slab_substance(gas)
    source = SlabSource.JET if release.pool_area is None else SlabSource.POOL
    cold = release.temperature or air.ambient_temperature
    if cold < told.boiling_temperature - COLDER:
        raise BadInputError(
            Text(
                f"SLAB 所计的蒸气不低于沸点:{cold:.0f} K 低于 {gas.name.zh} 的沸点 {told.boiling_temperature:.0f} K",
                f"SLAB knows no vapour below its boiling point: {cold:.0f} K is below the "
                f"{told.boiling_temperature:.0f} K of {gas.name.en}",
            ),
            field="model", value=scenario.model,
        )  # fmt: skip
    liquid = 0.0 if release.stored is None else flashed(gas, release.stored)
    given: dict[str, Any] = told.inputs | {
        "source": source, "source_area": _area(scenario, release, told, gas, liquid), "mass_rate": release.mass_rate,
        "duration": release.duration, "release_temperature": cold, "liquid_fraction": liquid,
        "release_height": release.release_height, "wind_speed": air.wind_speed, "wind_height": air.wind_height,
        "stability": air.stability, "ambient_temperature": air.ambient_temperature,
        "ambient_pressure": air.ambient_pressure, "relative_humidity": air.relative_humidity,
        "roughness": scenario.ground.roughness,
    }  # fmt: skip
    cloud = _computed(**given)
    return cloud.at_height(None) if cloud.lifted(release.release_height, LEAST, FAR) else cloud, slab.checks(**given)


def _area(scenario: Scenario, release: Spreading, told: SlabSubstance, gas: Substance, liquid: Fraction) -> SquareMetre:
    """Of the pool; of the jet when it has come to the air's pressure; else of a stream that the wind carries off."""
    if release.pool_area is not None:
        return release.pool_area
    air = scenario.weather
    weight = told.density(liquid, air.ambient_pressure)
    if release.stored is not None and release.hole_area is not None:
        return expanded_area(release.hole_area, float(gas.liquid_density(release.stored)), weight)
    if release.stored is None:
        weight *= told.boiling_temperature / (release.temperature or air.ambient_temperature)
    return drifting_area(release.mass_rate, weight, air.wind_speed)
