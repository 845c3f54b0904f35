"""From a mass let go at once to what its cloud sweeps over: zones of the highest concentration at any time."""

from dataclasses import dataclass

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, Kelvin, Kilogram, KilogramPerCubicMetre, Second, Speed
from emergency.chain.cloud import OVERRULED, Chosen, toxic
from emergency.chain.greater import Greater, GreaterField
from emergency.chain.part import Part
from emergency.chain.passing_puff import DensePuffField, PuffField
from emergency.chain.pools import spilt
from emergency.chain.source import Source, constant, is_liquid, spread
from emergency.chain.toxic_levels import parts
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.field import Field
from emergency.model import Card, Check
from emergency.models.dispersion import zone as cut_out
from emergency.models.dispersion.aloha import CARRIED
from emergency.models.dispersion.dense_or_passive import AIR, density
from emergency.models.dispersion.dense_or_passive_puff import puff_choice
from emergency.models.dispersion.dense_puff import dense_puff
from emergency.models.dispersion.gaussian_puff import Puff, gaussian_puff
from emergency.models.dispersion.obukhov import surface_layer_wind
from emergency.models.sources.entrained_jet import entrained_jet
from emergency.models.sources.flash import flash_fraction
from emergency.models.sources.given import instantaneous as at_once
from emergency.releases import Instantaneous
from emergency.result import Figure
from emergency.scenario import Choice, Scenario

SUDDEN: Second = 1.0
"""How long it takes a spill at once to be there, of no consequence beside what it takes to spread."""

SWEPT = Text(
    "影响范围为云团移动过程中各处最高浓度的包络,并非某一时刻的云团;峰值持续时间可能远短于限值的平均时间,偏安全",
    "zones are what the cloud sweeps over, by the highest concentration at any time, not the cloud at one time; a peak "
    "may last far shorter than the level's averaging time, which is on the safe side",
)
TOO_LITTLE = Text(
    "在大规模短时释放的外场试验(Jack Rabbit II 7)中,此方法给出的浓度仅为实测的 0.1 至 0.25 倍,明显偏小",
    "in the trial of a great short release (Jack Rabbit II 7) this method said 0.1 to 0.25 of what was measured, far "
    "too little",
)
FARTHER = Text(
    "重气云团与同量被动烟团取影响范围大者:在外场试验(Jack Rabbit II 7)中重气云团仅为实测的 0.1 至 0.25 倍,被动烟团为 "
    "0.7 至 6 倍",
    "of the dense puff and a passive one of the same mass whatever reaches farther: in a trial (Jack Rabbit II 7) the "
    "dense one said 0.1 to 0.25 of what was measured, the passive one 0.7 to 6 times",
)
WHOLE = Text(
    "未计液滴落地成池:全部液体随闪蒸进入云团,偏安全",
    "no liquid is taken to rain out: all of it goes into the cloud with what flashes, which is on the safe side",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """What has entered the air at the start: `fraction` of its volume is the substance, the rest air drawn in."""

    mass: Kilogram
    volume: float
    density: KilogramPerCubicMetre
    temperature: Kelvin
    fraction: Fraction = 1.0
    models: tuple[Card, ...] = ()
    notes: tuple[Text, ...] = ()
    figures: tuple[Figure, ...] = ()


def instantaneous(scenario: Scenario) -> Part:
    """All of a mass at once, dense or carried by the air; a liquid that does not boil makes a pool first."""
    assert isinstance(scenario.release, Instantaneous)
    gas = substance(scenario.chemical)
    if (source := pool_at_once(scenario, scenario.release, gas)) is not None:
        return spread(scenario, source)
    cloud = cloud_at_once(scenario, scenario.release, gas)
    figure = Figure(
        name="mass", title=Text("云团质量", "mass of the cloud"), value=cloud.mass, unit="kg", model=at_once.card.id
    )
    return toxic(scenario, gas, chosen_puff(scenario, cloud, gas, scenario.release), (figure, *cloud.figures))


def pool_at_once(scenario: Scenario, release: Instantaneous, gas: Substance) -> Source | None:
    """What evaporates from a liquid let go at once, None where it boils or is gas."""
    stored = release.upstream_temperature
    if stored is None or stored > gas.boiling_temperature:
        return None
    return spilt(scenario, constant(release.mass / SUDDEN, SUDDEN), stored, release.pool_area, (at_once.card,))


def cloud_at_once(scenario: Scenario, release: Instantaneous, gas: Substance) -> Cloud:
    """Gas, or what a liquid stored under pressure has become when its last droplet is gone."""
    air, stored = scenario.weather, release.upstream_temperature
    if stored is None:
        warm = release.release_temperature or air.ambient_temperature
        weight = density(gas.molar_mass, warm, air.ambient_pressure)
        return Cloud(
            mass=release.mass, volume=release.mass / weight, density=weight, temperature=warm, models=(at_once.card,)
        )
    is_liquid(gas, stored)
    boiling = gas.boiling_temperature
    flashed = flash_fraction(
        temperature=stored,
        boiling_temperature=boiling,
        liquid_heat_capacity=gas.mean_liquid_heat_capacity(boiling, stored),
        latent_heat=float(gas.latent_heat(boiling)),
    )
    mixed = entrained_jet(
        substance=gas, temperature=stored, ambient_temperature=air.ambient_temperature,
        ambient_pressure=air.ambient_pressure,
    )  # fmt: skip
    share = Figure(
        name="flash_fraction", title=Text("闪蒸率", "flash fraction"), value=float(np.asarray(flashed)), unit="1",
        model=flash_fraction.card.id,
    )  # fmt: skip
    return Cloud(
        mass=release.mass,
        volume=release.mass * (1 + mixed.air_ratio) / mixed.density,
        density=mixed.density,
        temperature=mixed.temperature,
        fraction=mixed.mole_fraction,
        models=(at_once.card, flash_fraction.card, entrained_jet.card),
        notes=(WHOLE,),
        figures=(share,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A puff by one model."""

    cloud: cut_out.Cloud
    field: Field
    card: Card
    checks: tuple[Check, ...]
    notes: tuple[Text, ...] = ()


def chosen_puff(scenario: Scenario, cloud: Cloud, gas: Substance, release: Instantaneous) -> Chosen:
    """The puff in parts of volume: as asked for, or by its weight against the wind.

    A dense one chosen by itself goes with the passive one of the same mass: in the trial at hand the dense puff alone
    said far too little, so what reaches farther is drawn.
    """
    air = scenario.weather
    if scenario.model not in (Choice.AUTO, Choice.PASSIVE, Choice.DENSE):
        raise BadInputError(
            Text(
                "积分模型与 SLAB 在此只用于持续释放,瞬时释放请选 auto、passive 或 dense",
                "the integral models are for releases that last here: choose auto, passive or dense",
            ),
            field="model", value=scenario.model,
        )  # fmt: skip
    wind_speed, measured = reference_wind(scenario)
    thin = density(AIR, air.ambient_temperature, air.ambient_pressure)
    choice = puff_choice(
        mass=cloud.volume * cloud.density, gas_density=cloud.density, air_density=thin, wind_speed=wind_speed
    )
    dense = choice.dense if scenario.model is Choice.AUTO else scenario.model is Choice.DENSE
    made: tuple[Made, ...] = (_dense(scenario, cloud, wind_speed, thin),) if dense else ()
    if not dense or scenario.model is Choice.AUTO:
        made = (*made, _passive(scenario, cloud, gas, release, wind_speed))
    warned = () if not dense else (FARTHER,) if len(made) > 1 else (TOO_LITTLE,)
    notes = (choice.reason, SWEPT, *warned, *(note for one in made for note in one.notes), *cloud.notes)
    if dense != choice.dense:
        notes = (*notes, OVERRULED)
    one = made[0]
    return Chosen(
        cloud=one.cloud if len(made) == 1 else Greater(tuple(each.cloud for each in made)),
        field=one.field if len(made) == 1 else GreaterField(tuple(each.field for each in made)),
        models=(*(each.card for each in made), puff_choice.card, *measured, *cloud.models),
        checks=tuple(dict.fromkeys(check for each in made for check in each.checks)), notes=notes,
    )  # fmt: skip


def _dense(scenario: Scenario, cloud: Cloud, wind_speed: Speed, air_density: KilogramPerCubicMetre) -> Made:
    puff, checks = dense_puff.checked(
        cloud_volume=cloud.volume, gas_density=cloud.density, release_temperature=cloud.temperature,
        ambient_temperature=scenario.weather.ambient_temperature, wind_speed=wind_speed, air_density=air_density,
        initial_fraction=cloud.fraction,
    )  # fmt: skip
    notes = () if puff.outside is None else (puff.outside,)
    return Made(cloud=puff, field=DensePuffField(puff=puff), card=dense_puff.card, checks=checks, notes=notes)


def _passive(
    scenario: Scenario, cloud: Cloud, gas: Substance, release: Instantaneous, wind_speed: Speed
) -> Made:  # fmt: skip
    """Carried by the wind that carries a plume."""
    air, whole = scenario.weather, 1 / parts(gas, scenario.weather)
    carried = surface_layer_wind.method(
        wind_speed, 10.0, max(CARRIED, release.release_height), scenario.ground.roughness, air.stability
    )
    puff = Puff(
        mass=cloud.mass, wind_speed=carried, stability=air.stability, release_height=release.release_height,
        mixing_height=air.mixing_height,
    )  # fmt: skip
    checks = gaussian_puff.checks(
        downwind=100.0, crosswind=0.0, height=0.0, time=1.0, mass=cloud.mass, wind_speed=wind_speed,
        stability=air.stability,
    )  # fmt: skip
    return Made(
        cloud=cut_out.Scaled(puff, whole), field=PuffField(puff=puff, factor=whole), card=gaussian_puff.card,
        checks=checks,
    )  # fmt: skip
