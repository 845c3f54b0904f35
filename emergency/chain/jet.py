"""From burning gas out of a hole to zones of heat, the jet lying along the wind."""

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from core.units import Metres
from emergency.chain.effects import drawn_levels, effects_used
from emergency.chain.heat import burns, heat_curve, outlines
from emergency.chain.part import Part
from emergency.chain.wind import reference_wind
from emergency.chemicals import substance
from emergency.field import BurningField
from emergency.models.fire.jet_fire import jet_fire
from emergency.models.sources.gas_hole import gas_hole
from emergency.releases import JetFire
from emergency.result import Figure
from emergency.scenario import Scenario
from emergency.zones import downwind_zone, nested

Floats = NDArray[np.float64]
ALONG = Text(
    "按水平、顺风喷射计算;方向不明时应按各方向都可能考虑",
    "a level jet along the wind; where its direction is not known, any direction is possible",
)
CHEST = 1.5
"""Metres above the ground at which heat is asked for."""


def burning_jet(scenario: Scenario) -> Part:
    """Gas that burns as it leaves a hole, level and along the wind, at its first rate."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, JetFire)
    fuel = substance(scenario.chemical)
    levels = drawn_levels(scenario, "heat_flux")
    wind, measured = reference_wind(scenario)
    ratio = float(fuel.heat_capacity_ratio(release.upstream_temperature))
    jet, checks = gas_hole.checked(
        hole_diameter=release.hole_diameter,
        upstream_pressure=release.upstream_pressure,
        upstream_temperature=release.upstream_temperature,
        gas_density=float(fuel.gas_density(release.upstream_temperature, release.upstream_pressure)),
        heat_capacity_ratio=ratio,
        ambient_pressure=air.ambient_pressure,
    )
    rate = float(np.asarray(jet.mass_rate))
    if rate <= 0.0:
        raise BadInputError(
            Text("容器内压力不高于大气压,没有喷射", "the pressure inside is not above that of the air: no jet"),
            field="release.upstream_pressure", value=release.upstream_pressure,
        )  # fmt: skip

    def flame(downwind: Metres, crosswind: Metres, height: Metres = CHEST) -> Floats:
        return np.asarray(
            jet_fire(
                downwind=downwind, crosswind=crosswind, mass_rate=rate, hole_diameter=release.hole_diameter,
                upstream_temperature=release.upstream_temperature, molar_mass=fuel.molar_mass,
                heat_capacity_ratio=ratio, heat_of_combustion=burns(fuel), wind=wind, elevation=0.0,
                height=height, release_height=release.release_height, relative_humidity=air.relative_humidity,
                ambient_temperature=air.ambient_temperature, ambient_pressure=air.ambient_pressure,
            ).heat_flux
        )  # fmt: skip

    burning, more = jet_fire.checked(
        downwind=10.0, crosswind=10.0, mass_rate=rate, hole_diameter=release.hole_diameter,
        upstream_temperature=release.upstream_temperature, molar_mass=fuel.molar_mass, heat_capacity_ratio=ratio,
        heat_of_combustion=burns(fuel), wind=wind, elevation=0.0,
    )  # fmt: skip
    length = float(burning.flame.length)
    rings = outlines(flame, [one.value for one in levels], 0.02 * length, length * 12)
    zones = [
        downwind_zone(level, scenario.place.point, air.wind_from, ring, model=jet_fire.card.id, checks=(*checks, *more))
        for level, ring in zip(levels, rings, strict=True)
    ]
    figures = (
        Figure(name="mass_rate", title=Text("泄漏速率", "mass rate"), value=rate, unit="kg/s", model=gas_hole.card.id),
        Figure(name="flame_length", title=Text("火焰长度", "flame length"), value=length, unit="m",
               model=jet_fire.card.id),
    )  # fmt: skip
    along = heat_curve(lambda distance: flame(distance, np.zeros_like(distance)), jet_fire.card.id)
    return Part(
        zones=nested(zones), figures=figures, curves=(along,), checks=(*checks, *more), notes=(ALONG,),
        models=(gas_hole.card, jet_fire.card, *measured), data=(effects_used("heat_flux", levels),),
        field=BurningField(steady=flame, drawn_at=CHEST),
    )  # fmt: skip
