"""Pools: one of a known area, or what a liquid that does not flash spreads to while it runs out; both evaporate."""

import numpy as np

from core.texts import Text
from core.units import Kelvin, Second, SquareMetre
from emergency.chain.part import Part
from emergency.chain.source import Source, spread
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.model import Card
from emergency.models.sources.evaporating_pool import evaporating_pool
from emergency.models.sources.pool_heat import Surroundings
from emergency.models.sources.release import Release
from emergency.models.sources.spilling_pool import pool_under, spilling_pool
from emergency.releases import Pool
from emergency.result import Figure
from emergency.scenario import Scenario

HOUR: Second = 3600.0
"""A spill is followed for an hour, and as long as it runs when that is longer."""

SPREADS = Text(
    "液体泄出时不闪蒸:铺展成池(至围堰面积或 5 mm 厚)后沸腾或蒸发,扩散的是池面蒸气",
    "the liquid does not flash as it leaves: it spreads to a pool (to the bund, or 5 mm thin), boils or evaporates "
    "there, and its vapour is what spreads",
)
NO_SUN = Text("未计日照:白天晴天蒸发更快", "no sun is reckoned with: on a clear day it evaporates faster")


def evaporating(scenario: Scenario) -> Part:
    """A pool of fixed area."""
    assert isinstance(scenario.release, Pool)
    return spread(scenario, pool_source(scenario, scenario.release))


def pool_source(scenario: Scenario, release: Pool) -> Source:
    """What evaporates from it in time."""
    gas, air = substance(scenario.chemical), scenario.weather
    found = evaporating_pool(
        substance=gas,
        mass=release.mass,
        pool_diameter=2 * float(np.sqrt(release.pool_area / np.pi)),
        wind_speed=reference_wind(scenario)[0],
        temperature=release.release_temperature or air.ambient_temperature,
        ambient_temperature=air.ambient_temperature,
        stability=air.stability,
        relative_humidity=air.relative_humidity,
        ambient_pressure=air.ambient_pressure,
        time_limit=release.duration,
    )
    return Source(
        course=found, models=(evaporating_pool.card,), pool_area=release.pool_area, temperature=_cold(gas, scenario),
        notes=(NO_SUN,),
    )  # fmt: skip


def spilt(
    scenario: Scenario, leak: Release, stored: Kelvin, bund: SquareMetre | None, models: tuple[Card, ...]
) -> Source:
    """What evaporates from the pool that a leak in time feeds; as wide as it is when most evaporates."""
    gas, air = substance(scenario.chemical), scenario.weather
    around = Surroundings(
        wind_speed=reference_wind(scenario)[0],
        ambient_temperature=air.ambient_temperature,
        stability=air.stability,
        relative_humidity=air.relative_humidity,
        ambient_pressure=air.ambient_pressure,
    )
    most = np.inf if bund is None else bund
    course = pool_under(leak, gas, around, stored, most_area=most, limit=max(HOUR, leak.duration))
    area = float(np.asarray(course.area)[np.asarray(course.rate).argmax()])
    figures = (
        Figure(name="spilt_mass", title=Text("泄出液体", "liquid spilt"), value=leak.total, unit="kg",
               model=models[0].id),
        Figure(name="pool_area", title=Text("蒸发最快时的池面积", "area of the pool when most evaporates"), value=area,
               unit="m2", model=spilling_pool.card.id),
    )  # fmt: skip
    return Source(
        course=course, models=(spilling_pool.card, *models), pool_area=area, temperature=_cold(gas, scenario),
        notes=(SPREADS, NO_SUN), figures=figures,
    )  # fmt: skip


def _cold(gas: Substance, scenario: Scenario) -> Kelvin | None:
    """A boiling liquid's vapour is as cold as it; another's as warm as the air."""
    return gas.boiling_temperature if gas.boiling_temperature < scenario.weather.ambient_temperature else None
