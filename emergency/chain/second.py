"""The second answer: a dense cloud computed again by a model that integrates, and by how much each zone moved."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.errors import BadInputError, NotFoundError
from core.texts import Text
from core.units import Metre, Second
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.models.dispersion.slab import slab
from emergency.models.sources.evaporating_pool import evaporating_pool
from emergency.models.sources.flashing_hole import flashing_flux
from emergency.models.sources.spilling_pool import spilling_pool
from emergency.models.sources.tank_flashing import tank_flashing
from emergency.result import Result
from emergency.scenario import Choice, Scenario

SUDDEN: Second = 60.0
"""A release of under a minute does not last: so short are ALOHA's, and trials speak against it (decision 0012)."""

STAYS = Text(
    "释放不足一分钟:保留首算。对 20 秒内泄出 9 吨液氯的试验(Jack Rabbit II 7),首算为实测的 0.9–3.1 倍,两种积分模型都"
    "明显偏小",
    "a release of under a minute keeps the first answer: of nine tonnes of chlorine in 20 s (Jack Rabbit II 7) it says "
    "0.9 to 3.1 times what was measured, and both models that integrate say far too little",
)
NAMES = {Choice.SLAB: "SLAB", Choice.INTEGRAL: "DEGADIS"}
FLASHED = frozenset({flashing_flux.card.id, tank_flashing.card.id})
"""Sources whose gas leaves with droplets, heavier than air whatever it weighs as vapour."""

POOLS = frozenset({evaporating_pool.card.id, spilling_pool.card.id})
"""Sources of vapour over a liquid; one that does not boil is nothing for SLAB, which says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How far a level reaches by the first answer and by the second."""

    level: Text
    first: Metre
    second: Metre
    model: str = ""

    @property
    def text(self) -> Text:
        """One line for the reader."""
        return Text(
            f"{self.level.zh}:首算 {self.first:,.0f} m,积分模型{self._named} {self.second:,.0f} m",
            f"{self.level.en}: {self.first:,.0f} m at first, {self.second:,.0f} m by the integral model{self._named}",
        )

    @property
    def _named(self) -> str:
        return f" ({self.model})" if self.model else ""


def second_of(scenario: Scenario, first: Result) -> Scenario | None:
    """The same scenario for the model that trials speak for, where the choice was automatic and the cloud is dense.

    SLAB for pools and for what leaves with droplets, of which there were trials; the model after DEGADIS for vapour.
    """
    if scenario.model is not Choice.AUTO or not _dense(first) or _lasts(scenario, first) < SUDDEN:
        return None
    model = Choice.SLAB if _by(first, FLASHED | POOLS) else Choice.INTEGRAL
    return scenario.model_copy(update={"model": model})


def improved(scenario: Scenario, first: Result, compute: Callable[[Scenario], Result]) -> Result:
    """What replaces the first answer; the model after DEGADIS where SLAB cannot, else the first stays, with why."""
    again = second_of(scenario, first)
    if again is None:
        kept = scenario.model is Choice.AUTO and _dense(first) and _lasts(scenario, first) < SUDDEN
        return replace(first, notes=(*first.notes, STAYS)) if kept else first
    told: tuple[Text, ...] = ()
    for model in dict.fromkeys((again.model, Choice.INTEGRAL)):
        try:
            second = compute(again.model_copy(update={"model": model}))
        except (BadInputError, NotFoundError) as fault:
            told = (*told, Text(f"未用{NAMES[model]}:{fault.text.zh}", f"not by {NAMES[model]}: {fault.text.en}"))
            continue
        lines = tuple(one.text for one in moved(first, second))
        return replace(second, notes=(*lines, *told, *second.notes))
    return replace(first, notes=(*first.notes, *told))


def moved(first: Result, second: Result) -> tuple[Moved, ...]:
    """Level by level, worst first."""
    model = NAMES[Choice.SLAB if _by(second, frozenset({slab.card.id})) else Choice.INTEGRAL]
    return tuple(
        Moved(level=one.level.name, first=one.distance, second=two.distance, model=model)
        for one, two in zip(first.zones, second.zones, strict=True)
    )


def _dense(first: Result) -> bool:
    return _by(first, FLASHED | {dense_plume.card.id})


def _by(first: Result, models: frozenset[str]) -> bool:
    return any(one.id in models for one in first.receipt.models)


def _lasts(scenario: Scenario, first: Result) -> Second:
    """How long it was released, as the chain found it or as it was said."""
    found = next((one.value for one in first.figures if one.name == "duration"), None)
    return float(found if found is not None else getattr(scenario.release, "duration", None) or 0.0)
