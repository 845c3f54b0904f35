"""The second answer: a dense cloud computed again by the integral model, and by how much each zone moved."""

from dataclasses import dataclass

from core.texts import Text
from core.units import Metre
from emergency.models.dispersion.dense_plume import dense_plume
from emergency.result import Result
from emergency.scenario import Choice, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How far a level reaches by the first answer and by the second."""

    level: Text
    first: Metre
    second: Metre

    @property
    def text(self) -> Text:
        """One line for the reader."""
        return Text(
            f"{self.level.zh}:首算 {self.first:,.0f} m,积分模型 {self.second:,.0f} m",
            f"{self.level.en}: {self.first:,.0f} m at first, {self.second:,.0f} m by the integral model",
        )


def second_of(scenario: Scenario, first: Result) -> Scenario | None:
    """The same scenario for the integral model, where the first answer chose the algebraic dense plume by itself."""
    algebraic = any(zone.model == dense_plume.card.id for zone in first.zones)
    if scenario.model is not Choice.AUTO or not algebraic:
        return None
    return scenario.model_copy(update={"model": Choice.INTEGRAL})


def moved(first: Result, second: Result) -> tuple[Moved, ...]:
    """Level by level, worst first."""
    return tuple(
        Moved(level=one.level.name, first=one.distance, second=two.distance)
        for one, two in zip(first.zones, second.zones, strict=True)
    )
