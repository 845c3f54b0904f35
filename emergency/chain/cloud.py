"""From what is released each second to zones of concentration on the ground."""

from dataclasses import dataclass

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Second
from emergency.chain.drawn import CloudZones
from emergency.chain.part import Part
from emergency.chain.passing import of_heavy, of_plume
from emergency.chain.shallow import DROPLETS, LIFTED, SLAB_TRIALS, SlabField, slab_cloud
from emergency.chain.steady import Spreading
from emergency.chain.toxic_levels import levels_used, part_of_volume, parts, toxic_levels
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.field import Field, SteppedField
from emergency.model import Card, Check
from emergency.models.dispersion import zone as cut_out
from emergency.models.dispersion.aloha import aloha_plume
from emergency.models.dispersion.degadis import heavy_plume
from emergency.models.dispersion.dense_or_passive import AIR, choose, density, weighed
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.slab import slab
from emergency.releases import Direct
from emergency.result import Curve, Figure
from emergency.scenario import Choice, Scenario

TRIALS = heavy_plume.card.neglects[-1]
"""What the trials said of the integral model, on the unsafe side too: it goes with each of its results."""

AWAY = np.geomspace(10.0, cut_out.LIMIT, 200)
"""Metres of the curve on the axis."""

OVERRULED = Text("未采用自动选择:扩散模型由使用者指定", "the automatic choice was overruled: the model is the user's")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The cloud in parts of volume to cut zones from, which models made it and why these."""

    cloud: cut_out.Cloud
    field: Field
    models: tuple[Card, ...]
    checks: tuple[Check, ...]
    notes: tuple[Text, ...] = ()


def direct(scenario: Scenario) -> Part:
    """So much a second, for so long."""
    release = scenario.release
    assert isinstance(release, Direct)
    return spreading(
        scenario,
        Spreading(
            mass_rate=release.mass_rate,
            duration=release.duration,
            release_height=release.release_height,
            temperature=release.release_temperature,
        ),
    )


def spreading(scenario: Scenario, release: Spreading) -> Part:
    """Zones of the levels downwind of the source, and the concentration along the axis."""
    gas = substance(scenario.chemical)
    figure = Figure(
        name="mass_rate", title=Text("泄漏速率", "mass rate"), value=release.mass_rate, unit="kg/s", model="given"
    )
    return toxic(scenario, gas, chosen_cloud(scenario, release, gas), (figure,))


def toxic(scenario: Scenario, gas: Substance, chosen: Chosen, figures: tuple[Figure, ...]) -> Part:
    """A cloud cut at the levels of its substance, with the concentration along the axis."""
    found = toxic_levels(scenario, gas)
    aims = [part_of_volume(one, gas, scenario.weather) for one in found]
    drawn = CloudZones(
        chosen.cloud, found, aims, scenario.place.point, scenario.weather.wind_from, chosen.models[0].id, chosen.checks
    )
    return Part(
        zones=drawn, figures=figures, curves=(along_axis(chosen),), checks=chosen.checks, notes=chosen.notes,
        models=chosen.models, data=(levels_used(found),), field=chosen.field,
    )  # fmt: skip


def along_axis(chosen: Chosen) -> Curve:
    """Concentration against distance."""
    return Curve(
        name="concentration", title=Text("地面轴线浓度", "concentration on the axis at the ground"),
        x_title=Text("下风向距离", "downwind distance"), x_unit="m", y_unit="ppm", x=tuple(AWAY.tolist()),
        y=tuple((1e6 * chosen.cloud.centreline(AWAY)).tolist()), model=chosen.models[0].id,
    )  # fmt: skip


def chosen_cloud(
    scenario: Scenario, release: Spreading, gas: Substance, averaging_time: Second | None = None
) -> Chosen:
    """The cloud in parts of volume: as asked for, or by the gas's weight against the wind.

    Only the passive plume can be averaged over another time than its curves were; the dense ones do not say theirs.
    """
    air, ground = scenario.weather, scenario.ground
    wind_speed, measured = reference_wind(scenario)
    models = list(measured)
    cold = release.temperature or air.ambient_temperature
    chosen = weighed(
        mass_rate=release.mass_rate,
        molar_mass=gas.molar_mass,
        release_temperature=cold,
        ambient_temperature=air.ambient_temperature,
        wind_speed=wind_speed,
        pool_area=release.pool_area,
    )
    notes: tuple[Text, ...] = (chosen.reason,)
    dense = chosen.dense if scenario.model is Choice.AUTO else scenario.model is not Choice.PASSIVE
    weight = density(gas.molar_mass, cold, air.ambient_pressure)
    thin = density(AIR, air.ambient_temperature, air.ambient_pressure)
    cloud: cut_out.Cloud
    field: Field
    if scenario.model is Choice.SLAB:
        layer, checks = slab_cloud(scenario, release, gas)
        models, notes = [slab.card], (*notes, SLAB_TRIALS)
        if release.stored is not None:
            dense, notes = chosen.dense, (DROPLETS, SLAB_TRIALS)
        if layer.height is None:
            notes = (*notes, LIFTED)
        cloud, field = layer, SlabField(cloud=layer)
    elif scenario.model is Choice.INTEGRAL:
        if weight <= thin:
            raise BadInputError(
                Text(
                    f"{gas.name.zh} 不重于空气,不能用重气积分模型,请选 auto 或 passive",
                    f"{gas.name.en} is not heavier than air: choose auto or passive, not integral",
                ),
                field="model", value=scenario.model,
            )  # fmt: skip
        heavy, checks = heavy_plume.checked(
            mass_rate=release.mass_rate,
            molar_mass=gas.molar_mass,
            release_temperature=cold,
            ambient_temperature=air.ambient_temperature,
            wind_speed=wind_speed,
            stability=air.stability,
            roughness=ground.roughness,
            duration=release.duration,
            pool_diameter=None if release.pool_area is None else 2 * float(np.sqrt(release.pool_area / np.pi)),
        )
        models.append(heavy_plume.card)
        notes = (*notes, TRIALS)
        cloud, field = heavy, of_heavy(heavy, release.duration)
    elif dense:
        thick, checks = dense_plume.checked(
            mass_rate=release.mass_rate,
            gas_density=weight,
            release_temperature=cold,
            ambient_temperature=air.ambient_temperature,
            wind_speed=wind_speed,
            air_density=thin,
        )
        models.append(dense_plume.card)
        notes = (*notes, *(() if thick.outside is None else (thick.outside,)))
        cloud, field = thick, SteppedField(steady=thick.at, wind_speed=wind_speed, duration=release.duration)
    else:
        passive, checks = aloha_plume.checked(
            mass_rate=release.mass_rate,
            duration=release.duration,
            wind_speed=wind_speed,
            stability=air.stability,
            roughness=ground.roughness,
            release_height=release.release_height,
            pool_area=release.pool_area,
            mixing_height=air.mixing_height,
            averaging_time=averaging_time,
        )
        cloud = cut_out.Scaled(passive, 1 / parts(gas, air))
        models.append(aloha_plume.card)
        field = of_plume(passive, 1 / parts(gas, air))
    if dense != chosen.dense:
        notes = (*notes, OVERRULED)
    return Chosen(cloud=cloud, field=field, models=(models[-1], choose.card, *models[:-1]), checks=checks, notes=notes)
