"""From a scenario to its result: each kind of release by its own chain of models, with the receipt of the whole."""

from datetime import datetime

from core.errors import BadInputError
from core.texts import Text
from emergency.chain.blast import charge, cloud_explosion
from emergency.chain.cloud import direct
from emergency.chain.heat import burning_pool, fireball
from emergency.chain.jet import burning_jet
from emergency.chain.leaks import evaporating, gas_leak, liquid_leak
from emergency.chain.part import Chain
from emergency.result import Result, receipt
from emergency.scenario import Scenario

CHAINS: dict[str, Chain] = {
    "direct": direct,
    "liquid-hole": liquid_leak,
    "gas-hole": gas_leak,
    "pool": evaporating,
    "pool-fire": burning_pool,
    "jet-fire": burning_jet,
    "fireball": fireball,
    "vapour-cloud-explosion": cloud_explosion,
    "tnt": charge,
}


def computed(scenario: Scenario, *, at: datetime, code_version: str) -> Result:
    """The result of a scenario.

    Raises BadInputError for a kind of release that has no chain, `OutsideValidityError` for what cannot be computed.
    """
    chain = CHAINS.get(scenario.release.kind)
    if chain is None:
        allowed = ", ".join(CHAINS)
        raise BadInputError(
            Text(f"释放类型 {scenario.release.kind} 尚不能计算,可用 {allowed}",
                 f"a release of kind {scenario.release.kind} cannot be computed yet, only {allowed}"),
            field="release.kind", value=scenario.release.kind,
        )  # fmt: skip
    part = chain(scenario)
    title = Text(scenario.title, scenario.title)
    written = receipt(scenario.inputs(), code_version=code_version, computed_at=at, models=part.models, data=part.data)
    return Result(
        title=title, source=scenario.place.point, receipt=written, zones=part.zones, figures=part.figures,
        curves=part.curves, checks=part.checks, notes=part.notes,
    )  # fmt: skip


__all__ = ["CHAINS", "computed"]
