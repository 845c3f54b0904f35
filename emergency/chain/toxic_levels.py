"""The concentrations zones are drawn for: published limits of the substance, or the user's own."""

from core.errors import BadInputError
from core.texts import Text
from core.units import Fraction, KilogramPerCubicMetre
from emergency.chemicals import Status, Substance, guidance, levels
from emergency.chemicals.equations import GAS_CONSTANT
from emergency.chemicals.levels import Level as Limit
from emergency.result import DataUsed
from emergency.scenario import Scenario, Weather
from emergency.zones import Level

MINUTE = 60.0


def toxic_levels(scenario: Scenario, substance: Substance) -> tuple[Level, ...]:
    """Levels, the worst first.

    Raises BadInputError where the substance has no such limits, or a level of one's own is of heat or pressure.
    """
    if not isinstance(scenario.levels, str):
        return own_levels(scenario)
    found = _published(scenario.levels, substance)
    if not found:
        raise BadInputError(
            Text(
                f"{substance.name.zh} 没有 {scenario.levels.upper()} 限值数据,请在 levels 中自行给定",
                f"{substance.name.en} has no {scenario.levels.upper()} limits here; give levels of your own",
            ),
            field="levels", value=scenario.levels,
        )  # fmt: skip
    worst_first = sorted(found, key=lambda one: -(one.value or 0.0))
    return tuple(
        Level(
            name=_name(one), value=float(one.value or 0.0), unit=one.unit, severity=place, source=one.source,
            verified=one.status is Status.VERIFIED, averaging_time=one.averaging, row=one.row,
        )
        for place, one in enumerate(worst_first, start=1)
    )  # fmt: skip


def part_of_volume(level: Level, substance: Substance, weather: Weather) -> Fraction:
    """The level as a part of this air's volume."""
    if level.unit == "mg/m3":
        return level.value * 1e-6 / parts(substance, weather)
    return level.value * 1e-6


def parts(substance: Substance, weather: Weather) -> KilogramPerCubicMetre:
    """The density of the gas alone in this air, as an ideal gas: what a volume fraction is multiplied with."""
    return weather.ambient_pressure * substance.molar_mass / (GAS_CONSTANT * weather.ambient_temperature)


def levels_used(found: tuple[Level, ...]) -> DataUsed:
    """The limits as the receipt names them."""
    return DataUsed(
        name="toxicity-levels", title=Text("毒性限值", "toxicity levels"), observed_at=None,
        verified=all(one.verified for one in found), source="; ".join(dict.fromkeys(one.source for one in found)),
    )  # fmt: skip


def _published(scheme: str, substance: Substance) -> list[Limit]:
    if scheme == "aegl":
        return list(guidance(substance.cas))
    return [one for one in levels(substance.cas) if one.quantity.startswith("ERPG") and one.value is not None]


def _name(one: Limit) -> Text:
    value = f"{one.averaging / MINUTE:g}", f"{one.value:g} {one.unit}"
    return Text(f"{one.quantity} {value[0]} 分 {value[1]}", f"{one.quantity} {value[0]} min {value[1]}")


def own_levels(scenario: Scenario) -> tuple[Level, ...]:
    """Concentrations of one's own, the worst first. Raises BadInputError for one of heat or pressure."""
    wishes = [one for one in scenario.levels if not isinstance(one, str)]
    wrong = [one for one in wishes if one.unit not in ("ppm", "mg/m3")]
    if wrong or not wishes:
        said = wrong[0].unit if wrong else ""
        raise BadInputError(
            Text(
                f"扩散情景的限值单位应为 ppm 或 mg/m3,不是“{said}”",
                f"levels of a cloud are in ppm or mg/m3, not {said!r}",
            ),
            field="levels", value=said,
        )  # fmt: skip
    ordered = sorted(wishes, key=lambda one: -one.value)
    return tuple(
        Level(name=Text(one.name, one.name), value=one.value, unit=one.unit, severity=place, verified=False)
        for place, one in enumerate(ordered, start=1)
    )
