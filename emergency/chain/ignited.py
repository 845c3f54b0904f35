"""What can burn of what escaped: the cloud, where it is above its lower limit, and how much of it is between both."""

from dataclasses import dataclass

from core.texts import Text
from core.units import Fraction, Kilogram, KilogramPerCubicMetre, Second
from emergency.chain.cloud import Chosen, chosen_cloud
from emergency.chain.greater import Greater
from emergency.chain.leaks import gas_source, liquid_source
from emergency.chain.pools import pool_source
from emergency.chain.puff import chosen_puff, cloud_at_once, pool_at_once
from emergency.chain.source import DURATION, Source, constant, said
from emergency.chain.toxic_levels import parts
from emergency.chemicals import Flammability, Substance, flammability, substance
from emergency.model import Card, Check
from emergency.models.dispersion.dense_plume import DensePlume
from emergency.models.dispersion.dense_puff import DensePuff
from emergency.models.dispersion.gaussian_puff import Puff
from emergency.models.dispersion.momentum_jet import momentum_jet
from emergency.models.dispersion.zone import Scaled, reaches
from emergency.models.fire.flammable_cloud import flammable_cloud
from emergency.models.fire.flammable_puff import flammable_puff
from emergency.models.sources.given import direct
from emergency.releases import Direct, GasHole, Ignited, Instantaneous, LiquidHole, Pool
from emergency.result import Curve, Figure
from emergency.scenario import Scenario

FLASH: Second = 18.75
"""What a flammable concentration is averaged over, as Phast does; so is the rate that spreads."""

AVERAGED = Text(
    "可燃浓度按 18.75 秒平均(被动烟羽);重气方法不注明平均时间,无法换算",
    "flammable concentrations of a passive plume are averaged over 18.75 s; the dense methods do not say theirs",
)
BY_ITSELF = Text(
    "影响范围未计射流动量,通常偏大;射流自身可燃长度另列作对照",
    "zones leave out the momentum of the jet, which mostly makes them too large; the flammable length of the jet "
    "itself stands beside them",
)
LIFTED = Text(
    "影响范围按地面浓度;高于地面释放时,空中的可燃云可能更远",
    "zones are by the concentration at the ground; above it the cloud of an elevated release may burn farther out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flammable:
    """A cloud and what of it can burn; `mass` is the most at any time."""

    gas: Substance
    chosen: Chosen
    limits: Flammability
    mass: Kilogram
    models: tuple[Card, ...]
    checks: tuple[Check, ...]
    notes: tuple[Text, ...]
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...]


def flammable(scenario: Scenario, release: Ignited) -> Flammable:
    """The cloud of what escapes. Raises BadInputError for what has no flammability limits, by name."""
    gas = substance(scenario.chemical)
    limits = flammability(gas)
    escape = release.escape
    whole = parts(gas, scenario.weather)
    source: Source | None = None
    match escape:
        case Instantaneous() if (source := pool_at_once(scenario, escape, gas)) is None:
            cloud = cloud_at_once(scenario, escape, gas)
            chosen, mass, figures = chosen_puff(scenario, cloud, gas, escape), escape.mass, cloud.figures
        case Direct():
            source = Source(
                course=constant(escape.mass_rate, escape.duration), models=(direct.card,),
                release_height=escape.release_height, temperature=escape.release_temperature,
            )  # fmt: skip
        case GasHole():
            source = gas_source(scenario, escape)
        case LiquidHole():
            source = liquid_source(scenario, escape)
        case Pool():
            source = pool_source(scenario, escape)
    notes: tuple[Text, ...] = (AVERAGED,)
    models: tuple[Card, ...] = ()
    checks: tuple[Check, ...] = ()
    curves: tuple[Curve, ...] = ()
    if source is not None:
        spreads = source.spreading(FLASH)
        chosen, mass = chosen_cloud(scenario, spreads, gas, FLASH), source.course.total
        rate = Figure(
            name="mass_rate", title=Text("泄漏速率", "mass rate"), value=spreads.mass_rate, unit="kg/s",
            model=source.models[0].id,
        )  # fmt: skip
        lasts = Figure(
            name="duration", title=DURATION, value=source.course.duration, unit="s", model=source.models[0].id
        )
        figures = (rate, lasts, *source.figures)
        notes = (*source.notes, *said(source, spreads, FLASH), *notes)
        models, checks, curves = source.models, source.checks, source.curves
        if source.exit_velocity is not None:
            jet = _by_itself(scenario, source, gas, limits)
            figures, models, notes = (*figures, jet), (*models, momentum_jet.card), (*notes, BY_ITSELF)
    if getattr(escape, "release_height", 0.0) > 0.0:
        notes = (*notes, LIFTED)
    burning = min(_between(chosen, mass, limits, whole), mass)
    return Flammable(
        gas=gas, chosen=chosen, limits=limits, mass=burning, models=(*chosen.models, *models),
        checks=(*chosen.checks, *checks), notes=(*chosen.notes, *notes), curves=curves,
        figures=(*figures, *_told(limits, burning, chosen)),
    )  # fmt: skip


def _by_itself(scenario: Scenario, source: Source, gas: Substance, limits: Flammability) -> Figure:
    """How far a jet under pressure burns where no wind takes it: it mixes faster than a plume does."""
    assert source.exit_velocity is not None
    jet = momentum_jet(
        mass_rate=source.course.sustained(FLASH), exit_velocity=source.exit_velocity, molar_mass=gas.molar_mass,
        ambient_temperature=scenario.weather.ambient_temperature, ambient_pressure=scenario.weather.ambient_pressure,
    )  # fmt: skip
    (edge,) = reaches(jet, (limits.lower,))
    return Figure(
        name="jet_reach", title=Text("射流自身可燃长度(无风)", "flammable length of the jet itself, no wind"),
        value=edge.distance, unit="m", model=momentum_jet.card.id,
    )  # fmt: skip


def _told(limits: Flammability, mass: Kilogram, chosen: Chosen) -> tuple[Figure, ...]:
    return (
        Figure(name="flammable_mass", title=Text("可燃质量(最大)", "flammable mass, the most at any time"), value=mass,
               unit="kg", model=chosen.models[0].id),
        Figure(name="lower_flammability", title=Text("爆炸下限", "lower flammability limit"), value=limits.lower,
               unit="1", model="given"),
        Figure(name="upper_flammability", title=Text("爆炸上限", "upper flammability limit"), value=limits.upper,
               unit="1", model="given"),
    )  # fmt: skip


def _between(chosen: Chosen, mass: Kilogram, limits: Flammability, whole: KilogramPerCubicMetre) -> Kilogram:
    """The most that is between both limits at one time, before it is held against what was released.

    A dense puff is the same all through, so all of it burns when it burns; a dense plume carries in each metre what
    the wind takes up of the release.
    """
    match chosen.cloud:
        case DensePuff() | Greater(clouds=(DensePuff(), *_)):
            return mass
        case Scaled(cloud=Puff() as puff):
            return flammable_puff(puff, limits.lower * whole, limits.upper * whole).mass
        case DensePlume() as plume:
            low, high = reaches(plume, (limits.lower, limits.upper))
            return (low.distance - high.distance) * plume.length**2 * whole / plume.warmth
    (edge,) = reaches(chosen.cloud, (limits.lower,))
    if edge.distance <= 0.0:
        return 0.0
    top: Fraction = min(limits.upper, 1.0)
    return flammable_cloud(
        lambda x, y, z: chosen.field.at(x, y, z) * whole, limits.lower * whole, top * whole, near=1e-3 * edge.distance,
        far=1.02 * edge.distance,
    ).mass  # fmt: skip
