"""The same scenario by each dispersion model that applies, side by side: where they differ nobody is averaged away."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import BadInputError
from core.texts import Text
from emergency.chain import computed
from emergency.result import Result
from emergency.scenario import Choice, Scenario

SPREADS = ("ppm", "mg/m3")
"""Units of levels that a dispersion model draws; heat and pressure have one model each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one model says, or why it says nothing."""

    model: Choice
    result: Result | None = None
    refused: Text | None = None


def opinions(scenario: Scenario, *, at: datetime, code_version: str) -> tuple[Opinion, ...]:
    """The automatic choice first, then every model by name; one alone where there is no choice of models.

    Raises BadInputError where the scenario cannot be computed at all.
    """
    auto = scenario.model_copy(update={"model": Choice.AUTO})
    first = computed(auto, at=at, code_version=code_version)
    told = [Opinion(model=Choice.AUTO, result=first)]
    if not any(zone.level.unit in SPREADS for zone in first.zones):
        return tuple(told)
    for choice in Choice:
        if choice is Choice.AUTO:
            continue
        try:
            asked = scenario.model_copy(update={"model": choice})
            told.append(Opinion(model=choice, result=computed(asked, at=at, code_version=code_version)))
        except BadInputError as refused:
            told.append(Opinion(model=choice, refused=refused.text))
    return tuple(told)
