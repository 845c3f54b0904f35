"""The levels of heat or pressure a scenario is drawn for: the usual ones, or one's own in the effect's unit."""

from core.errors import BadInputError
from core.texts import Text
from emergency.effect_levels import effect_levels
from emergency.result import DataUsed
from emergency.scenario import Scenario
from emergency.zones import Level

UNITS = {"overpressure": "Pa", "heat_flux": "W/m2"}
TITLES = {
    "overpressure": Text("超压限值", "levels of overpressure"),
    "heat_flux": Text("热辐射限值", "levels of heat"),
}


def drawn_levels(scenario: Scenario, quantity: str) -> tuple[Level, ...]:
    """Levels, the worst first. Raises BadInputError for one of another unit."""
    if isinstance(scenario.levels, str):
        return effect_levels(quantity)
    unit = UNITS[quantity]
    if wrong := [one for one in scenario.levels if one.unit != unit]:
        raise BadInputError(
            Text(
                f"此情景的限值单位应为 {unit},“{wrong[0].name}”为 {wrong[0].unit}",
                f"levels of this scenario are in {unit}, {wrong[0].name!r} is in {wrong[0].unit}",
            ),
            field="levels", value=wrong[0].unit,
        )  # fmt: skip
    ordered = sorted(scenario.levels, key=lambda one: -one.value)
    return tuple(
        Level(name=Text(one.name, one.name), value=one.value, unit=unit, severity=place, verified=False)
        for place, one in enumerate(ordered, start=1)
    )


def effects_used(quantity: str, levels: tuple[Level, ...]) -> DataUsed:
    """The levels as the receipt names them."""
    return DataUsed(
        name="effect-levels", title=TITLES[quantity], observed_at=None, verified=all(one.verified for one in levels),
        source=next((one.source for one in levels), ""),
    )  # fmt: skip
