"""How far zones of fires and blasts may reach otherwise, by what is published: the ends are named, none is ours.

Either the method was held against measurements, and the zones are those of both ends of that ratio; or another
published method, or another value of an input with a published range, gives other distances. Where nothing of the kind
is at hand there is no band, and that is said.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from core.errors import OneMapError
from core.texts import Text
from core.units import Degree, Kelvin, Metre, Pascal
from emergency.chain import ROUND, part_of
from emergency.chain.blast import TNT_ENERGY
from emergency.chain.heat import FARTHEST, burns, outlines
from emergency.chain.part import Part
from emergency.chain.wind import reference_wind
from emergency.chemicals import Substance, substance
from emergency.field import BurningField
from emergency.models.explosion.reach import blast_distance
from emergency.models.explosion.tnt import tnt_equivalent
from emergency.models.explosion.vessel_burst import Expansion, burst_energy
from emergency.models.fire.fireball import fireball_aloha, fireball_tno
from emergency.models.fire.flame import mudan_power
from emergency.models.fire.pool_fire import pool_flame
from emergency.reach import reach
from emergency.releases import CloudExplosion, Fireball, JetFire, PoolFire, VesselBurst
from emergency.scenario import Scenario
from emergency.zones import Ends, Zone, circle_zone, downwind_zone, with_band

Floats = NDArray[np.float64]
NONE = Text(
    "无不确定带(无来源):没有可引用的误差或输入范围", "no band: no published error or range of an input is at hand"
)
"""What is said where nothing published tells how far a zone may reach otherwise."""
EXPLAINED = frozenset({"fireball", "pool-fire", "jet-fire", "vapour-cloud-explosion", "vessel-burst", "tnt"})
"""Kinds of release of which it is told here; clouds have the band of the wind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A ratio or a value that is published, with where it stands."""

    low: float
    high: float
    title: Text
    source: str


@cache
def published() -> dict[str, Published]:
    """Every one by its name."""
    rows = csv.DictReader((files("emergency") / "data" / "spreads.csv").read_text("utf-8").splitlines())
    return {
        row["id"]: Published(low=float(row["low"]), high=float(row["high"]), title=Text(row["zh"], row["en"]),
                             source=row["source"])
        for row in rows
    }  # fmt: skip


def with_ends(scenario: Scenario, zones: Sequence[Zone], spread: Degree) -> tuple[tuple[Zone, ...], Text | None]:
    """The zones with their ends and with the farther one as band, or why there is none.

    What leans with the wind is turned by `spread` degrees on either side as well.
    """
    kind, wind = scenario.release.kind, scenario.weather.wind_from
    if kind not in EXPLAINED:
        return tuple(zones), None
    found = _ENDS[kind](scenario, part_of(scenario), zones) if kind in _ENDS else None
    if found is None:
        return tuple(zones), NONE
    if kind in ROUND:
        return found, None
    farther = (replace(one, shape=one.band or one.shape, distance=max(one.distance, one.ends.most if one.ends else 0.0))
               for one in found)  # fmt: skip
    turned = [with_band(one, wind, spread).band for one in farther]
    return tuple(replace(one, band=band) for one, band in zip(found, turned, strict=True)), None


def _round(zones: Sequence[Zone], others: Sequence[Callable[[float], Metre]], basis: Text) -> tuple[Zone, ...]:
    """Circles between the least and the most of what each method says a level reaches."""
    found = []
    for zone in zones:
        told = [zone.distance, *(far(zone.level.value) for far in others)]
        least, most = min(told), max(told)
        ends = Ends(least=least, most=most, basis=basis)
        band = circle_zone(zone.level, zone.source, most, model=zone.model).shape
        found.append(replace(zone, ends=ends, band=band))
    return tuple(found)


def _fireball(scenario: Scenario, part: Part, zones: Sequence[Zone]) -> tuple[Zone, ...] | None:
    """ALOHA's fireball beside TNO's at the vapour pressure of the air's temperature, and at the critical one."""
    release, air, fuel = scenario.release, scenario.weather, substance(scenario.chemical)
    assert isinstance(release, Fireball)
    pressures = _pressures(fuel, air.ambient_temperature)
    if not pressures:
        return None

    def far(pressure: float) -> Callable[[float], Metre]:
        def flux(distance: Floats) -> Floats:
            return np.asarray(
                fireball_tno(
                    distance=distance, mass=release.mass, heat_of_combustion=burns(fuel), vapour_pressure=pressure,
                    relative_humidity=air.relative_humidity, ambient_temperature=air.ambient_temperature,
                ).heat_flux
            )  # fmt: skip

        return lambda level: min(reach(flux, level, near=1.0, far=FARTHEST), FARTHEST)

    told, said = (mark.join(f"{one / 1e6:.2f} MPa" for one in pressures) for mark in ("、", ", "))
    card = fireball_aloha.card.title, fireball_tno.card.title
    basis = Text(
        f"两种已发表方法之间:{card[0].zh}与{card[1].zh}(辐射份额取蒸气压 {told}:气温下的饱和蒸气压和临界压力);"
        "后一方法未与实测比较",
        f"between two published methods: {card[0].en} and {card[1].en} at vapour pressures of {said} "
        "(of the air's temperature, and critical); the second was held against no measurement",
    )
    return _round(zones, [far(one) for one in pressures], basis)


def _pressures(fuel: Substance, temperature: Kelvin) -> list[Pascal]:
    """The vapour's pressure at a temperature and at the critical point, as far as they are known."""
    known: list[Callable[[], float]] = [
        lambda: float(np.asarray(fuel.vapour_pressure(temperature))),
        lambda: fuel.constant("critical_pressure"),
    ]
    found = []
    for ask in known:
        try:
            found.append(ask())
        except OneMapError:
            continue
    return [one for one in found if np.isfinite(one) and one > 0.0]


def _cloud_blast(scenario: Scenario, part: Part, zones: Sequence[Zone]) -> tuple[Zone, ...] | None:
    """The yield a person gave beside the one EPA takes for the worst case."""
    release, fuel = scenario.release, substance(scenario.chemical)
    assert isinstance(release, CloudExplosion)
    worst = published()["blast-yield"]
    equal = tnt_equivalent(
        mass=release.mass, heat_of_combustion=fuel.heat_of_combustion, blast_yield=worst.high, tnt_energy=TNT_ENERGY
    )

    def far(level: float) -> Metre:
        found = float(blast_distance(overpressure=level, tnt_mass=equal))
        return found if np.isfinite(found) else 0.0

    basis = Text(
        f"爆炸效率在给定的 {release.blast_yield:.0%} 与 {worst.high:.0%}(EPA 550-B-99-009 最坏情形)之间",
        f"yield between the {release.blast_yield:.0%} given and {worst.high:.0%} (EPA 550-B-99-009, worst case)",
    )
    return _round(zones, [far], basis)


def _burst(scenario: Scenario, part: Part, zones: Sequence[Zone]) -> tuple[Zone, ...] | None:
    """Brode's energy, which is drawn, beside what an isentropic expansion gives: distances go by its cube root."""
    release, air, gas = scenario.release, scenario.weather, substance(scenario.chemical)
    assert isinstance(release, VesselBurst)
    ratio = float(np.asarray(gas.heat_capacity_ratio(release.upstream_temperature or air.ambient_temperature)))
    brode, isentropic = (
        float(burst_energy(
            burst_pressure=release.burst_pressure, gas_volume=release.vessel_volume, heat_capacity_ratio=ratio,
            ambient_pressure=air.ambient_pressure, expansion=one,
        ))
        for one in (Expansion.BRODE, Expansion.ISENTROPIC)
    )  # fmt: skip
    if not brode > 0.0:
        return None
    share = (isentropic / brode) ** (1 / 3)
    basis = Text(
        "爆破能量在 Brode 式与等熵膨胀式之间(Crowl 2003,式 B-1、B-2);两者之外的误差没有来源",
        "energy between Brode's and that of an isentropic expansion (Crowl 2003, B-1 and B-2); no other error is known",
    )
    found = []
    for zone in zones:
        ends = Ends(least=min(zone.distance, share * zone.distance), most=zone.distance, basis=basis)
        found.append(replace(zone, ends=ends, band=zone.shape))
    return tuple(found)


def _jet(scenario: Scenario, part: Part, zones: Sequence[Zone]) -> tuple[Zone, ...] | None:
    ratio = published()["jet-fire"]
    assert isinstance(scenario.release, JetFire)
    basis = Text(
        f"{ratio.title.zh}为 {ratio.low:g}–{ratio.high:g}(Johnson 1994,天然气水平喷射 20 个测点)",
        f"{ratio.title.en} is {ratio.low:g} to {ratio.high:g} (Johnson 1994, jets of natural gas, 20 radiometers)",
    )
    return _leaning(scenario, part, zones, 1.0 / ratio.high, 1.0 / ratio.low, basis)


def _pool(scenario: Scenario, part: Part, zones: Sequence[Zone]) -> tuple[Zone, ...] | None:
    """As much as measured LNG fires outshine the method, down to a smoky flame by Mudan or as much below."""
    release, fuel = scenario.release, substance(scenario.chemical)
    assert isinstance(release, PoolFire)
    ratio, figures = published()["pool-fire"], {one.name: one.value for one in part.figures}
    diameter = figures["pool_diameter"]
    flame = pool_flame(diameter, figures["burning_flux"], burns(fuel), reference_wind(scenario)[0])
    smoky = mudan_power(diameter) / flame.emissive_power
    basis = Text(
        f"表面辐射上限为预测的 {1 / ratio.low:g} 倍(实测 LNG 池火),下限为 1/{ratio.high:g} 或多烟池火(Mudan)的较小者",
        f"emissive power at most {1 / ratio.low:g} times the method's (measured LNG pools), at least a "
        f"{ratio.high:g}th of it or that of a smoky pool (Mudan)",
    )
    return _leaning(scenario, part, zones, min(1.0 / ratio.high, smoky), 1.0 / ratio.low, basis)


def _leaning(
    scenario: Scenario, part: Part, zones: Sequence[Zone], low: float, high: float, basis: Text
) -> tuple[Zone, ...] | None:
    """What leans with the wind, where the heat is so many times what the method says; the band is the far end."""
    field = part.field
    if not isinstance(field, BurningField):
        return None
    longest = max((zone.distance for zone in zones), default=0.0)
    if not longest > 0.0:
        return None
    height = field.drawn_at

    def flux(downwind: Floats, crosswind: Floats) -> Floats:
        return np.asarray(field.steady(downwind, crosswind, height))

    values = [zone.level.value / times for times in (low, high) for zone in zones]
    near = 0.5005 * _diameter(part) if isinstance(scenario.release, PoolFire) else 0.01 * longest
    rings = outlines(flux, values, near, 12.0 * longest)
    found = []
    for zone, inner, outer in zip(zones, rings[: len(zones)], rings[len(zones) :], strict=True):
        ends_at = [
            downwind_zone(zone.level, zone.source, scenario.weather.wind_from, one, model=zone.model)
            for one in (inner, outer)
        ]
        whole = ends_at[1].shape if ends_at[1].reached else zone.shape
        ends = Ends(
            least=min(ends_at[0].distance, zone.distance), most=max(ends_at[1].distance, zone.distance), basis=basis
        )
        found.append(replace(zone, ends=ends, band=whole.union(zone.shape)))
    return tuple(found)


def _diameter(part: Part) -> Metre:
    return next(one.value for one in part.figures if one.name == "pool_diameter")


_ENDS: dict[str, Callable[[Scenario, Part, Sequence[Zone]], tuple[Zone, ...] | None]] = {
    "fireball": _fireball, "vapour-cloud-explosion": _cloud_blast, "vessel-burst": _burst, "jet-fire": _jet,
    "pool-fire": _pool,
}  # fmt: skip
