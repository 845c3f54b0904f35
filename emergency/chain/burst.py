"""A vessel that bursts of the gas in it: circles of overpressure round it."""

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Metres
from emergency.chain.effects import drawn_levels, effects_used
from emergency.chain.part import Part
from emergency.chemicals import substance
from emergency.field import Floats, UntimedField
from emergency.models.explosion.vessel_burst import burst_energy, vessel_burst
from emergency.reach import reach
from emergency.releases import VesselBurst
from emergency.result import Curve, Figure
from emergency.scenario import Scenario
from emergency.zones import Cut, circle_zone, nested

NEAREST, FARTHEST = 0.5, 5000.0
AWAY = np.geomspace(1.0, FARTHEST, 200)
UPPER = Text(
    "超压取上包络(点源、贴地),近处偏大;未计碎片和液体闪蒸:碎片可飞得比超压影响范围更远",
    "overpressures are an upper envelope (a point source on the ground), too strong near the vessel; fragments and "
    "flashing liquid are not reckoned with, and fragments may fly farther than these zones reach",
)


def bursting(scenario: Scenario) -> Part:
    """The gas in a vessel, from its pressure at burst to that of the air."""
    release, air = scenario.release, scenario.weather
    assert isinstance(release, VesselBurst)
    gas = substance(scenario.chemical)
    levels = drawn_levels(scenario, "overpressure")
    if release.burst_pressure <= air.ambient_pressure:
        raise BadInputError(
            Text("爆破压力不高于大气压,不会爆破", "the pressure at burst is not above that of the air: nothing bursts"),
            field="release.burst_pressure", value=release.burst_pressure,
        )  # fmt: skip
    ratio = float(gas.heat_capacity_ratio(release.upstream_temperature or air.ambient_temperature))
    energy = burst_energy(
        burst_pressure=release.burst_pressure, gas_volume=release.vessel_volume, heat_capacity_ratio=ratio,
        ambient_pressure=air.ambient_pressure,
    )  # fmt: skip

    def pressure(distance: Metres) -> Floats:
        return np.asarray(
            vessel_burst(
                distance=np.maximum(np.asarray(distance, dtype=float), NEAREST), burst_pressure=release.burst_pressure,
                gas_volume=release.vessel_volume, heat_capacity_ratio=ratio, ambient_pressure=air.ambient_pressure,
            )
        )  # fmt: skip

    zones = []
    for level in levels:
        radius = reach(pressure, level.value, near=NEAREST, far=FARTHEST)
        cut = Cut.NONE if np.isfinite(radius) else Cut.MODEL_RANGE
        zones.append(
            circle_zone(level, scenario.place.point, min(radius, FARTHEST), model=vessel_burst.card.id, cut=cut)
        )
    figure = Figure(
        name="energy", title=Text("爆破能量", "energy of the burst"), value=float(energy), unit="J",
        model=burst_energy.card.id,
    )  # fmt: skip
    curve = Curve(
        name="overpressure", title=Text("超压上包络", "overpressure, upper envelope"), x_title=Text("距离", "distance"),
        x_unit="m", y_unit="Pa", x=tuple(AWAY.tolist()), y=tuple(pressure(AWAY).tolist()), model=vessel_burst.card.id,
    )  # fmt: skip
    return Part(
        zones=nested(zones), figures=(figure,), curves=(curve,), notes=(UPPER,),
        models=(vessel_burst.card, burst_energy.card), data=(effects_used("overpressure", levels),),
        field=UntimedField(peak=lambda x, y, z: pressure(np.hypot(np.hypot(np.asarray(x, dtype=float), y), z))),
    )  # fmt: skip
