"""From a scenario to its result: each kind of release by its own chain of models, with the receipt of the whole."""

from datetime import datetime

from core.errors import BadInputError
from core.texts import Text
from emergency.chain.blast import charge, cloud_explosion
from emergency.chain.burst import bursting
from emergency.chain.cloud import direct
from emergency.chain.flash import flash_fire
from emergency.chain.heat import burning_pool, fireball
from emergency.chain.jet import burning_jet
from emergency.chain.leaks import gas_leak, liquid_leak
from emergency.chain.part import Chain, Part
from emergency.chain.pools import evaporating
from emergency.chain.puff import instantaneous
from emergency.chain.second import improved, moved, second_of
from emergency.chain.vapour import vapour_cloud
from emergency.field import Field
from emergency.limits import NOBODY, Standing, with_standing
from emergency.result import DataUsed, Result, receipt
from emergency.scenario import Scenario
from emergency.wind_band import Turning
from emergency.zones import with_band

CHAINS: dict[str, Chain] = {
    "direct": direct,
    "instantaneous": instantaneous,
    "liquid-hole": liquid_leak,
    "gas-hole": gas_leak,
    "pool": evaporating,
    "pool-fire": burning_pool,
    "jet-fire": burning_jet,
    "fireball": fireball,
    "flash-fire": flash_fire,
    "vapour-cloud": vapour_cloud,
    "vapour-cloud-explosion": cloud_explosion,
    "vessel-burst": bursting,
    "tnt": charge,
}


ROUND = frozenset({"fireball", "vapour-cloud-explosion", "vessel-burst", "tnt"})
"""Kinds whose zones are the same whatever the wind does."""


def computed(scenario: Scenario, *, at: datetime, code_version: str, turning: Turning | None = None) -> Result:
    """The result of a scenario; with what a station saw of the wind, each zone has the band it may lie in.

    Raises BadInputError for a kind of release that has no chain, `OutsideValidityError` for what cannot be computed.
    """
    kind, part = scenario.release.kind, part_of(scenario)
    zones, data = tuple(part.zones), part.data
    if turning is not None and kind not in ROUND:
        zones = tuple(with_band(one, scenario.weather.wind_from, turning.spread) for one in zones)
        data = (*data, _winds(turning))
    written = receipt(scenario.inputs(), code_version=code_version, computed_at=at, models=part.models, data=data)
    return Result(
        title=Text(scenario.title, scenario.title), source=scenario.place.point, receipt=written, zones=zones,
        figures=part.figures, curves=part.curves, checks=part.checks, notes=part.notes,
    )  # fmt: skip


def part_of(scenario: Scenario) -> Part:
    """What the scenario's kind of release comes to. Raises BadInputError for a kind that has no chain."""
    chain = CHAINS.get(scenario.release.kind)
    if chain is None:
        allowed = ", ".join(CHAINS)
        raise BadInputError(
            Text(
                f"释放类型 {scenario.release.kind} 尚不能计算,可用 {allowed}",
                f"a release of kind {scenario.release.kind} cannot be computed yet, only {allowed}",
            ),
            field="release.kind", value=scenario.release.kind,
        )  # fmt: skip
    return chain(scenario)


def field_of(scenario: Scenario) -> Field:
    """The field a scenario's zones were cut from, computed anew: the same scenario has the same one.

    That of a result: `field_of(scenario(result.receipt.given))`, which is the one that answered.
    Raises BadInputError for a kind of release whose chain gives none.
    """
    return field_in(part_of(scenario), scenario)


def field_in(part: Part, scenario: Scenario) -> Field:
    """The field of a part. Raises BadInputError where its chain gives none."""
    if part.field is None:
        raise BadInputError(
            Text(
                f"释放类型 {scenario.release.kind} 没有可逐点查询的场",
                f"a release of kind {scenario.release.kind} has no field to ask for places and times",
            ),
            field="release.kind", value=scenario.release.kind,
        )  # fmt: skip
    return part.field


def answered(
    scenario: Scenario,
    *,
    at: datetime,
    code_version: str,
    turning: Turning | None = None,
    standing: Standing = NOBODY,
) -> Result:
    """The result to act on: for a dense cloud that of SLAB, with what moved since the first answer as notes.

    Levels that two persons have verified lose their mark.
    """
    first = computed(scenario, at=at, code_version=code_version, turning=turning)

    def again(other: Scenario) -> Result:
        return computed(other, at=at, code_version=code_version, turning=turning)

    return with_standing(improved(scenario, first, again), standing)


def _winds(turning: Turning) -> DataUsed:
    share, spread = f"{turning.share:.0%}", f"{turning.spread:.0f}°"
    return DataUsed(
        name="wind-turning",
        title=Text(
            f"风向带:该站风向 {turning.ahead / 60:.0f} 分内偏转不超过 ±{spread} 的占 {share}",
            f"band of the wind: within ±{spread} after {turning.ahead / 60:.0f} min in {share} of readings",
        ),
        observed_at=turning.until, verified=True, source=f"{turning.station}, {turning.pairs} pairs of readings",
    )  # fmt: skip


__all__ = ["CHAINS", "ROUND", "answered", "computed", "field_in", "field_of", "moved", "part_of", "second_of"]
