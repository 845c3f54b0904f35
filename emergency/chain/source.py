"""What enters the air in time, and the one rate of it that spreads."""

from dataclasses import dataclass, replace

import numpy as np

from core.errors import BadInputError
from core.texts import Text
from core.units import Kelvin, KilogramPerSecond, Metre, Second, Speed, SquareMetre
from emergency.chain.cloud import spreading
from emergency.chain.course import in_course
from emergency.chain.part import Part
from emergency.chain.steady import Spreading
from emergency.chemicals import Substance
from emergency.model import Card, Check
from emergency.models.sources.given import direct
from emergency.models.sources.release import Release
from emergency.result import Curve, Figure
from emergency.scenario import Scenario

MINUTE: Second = 60.0
"""What spreads is the greatest mean over a minute, as ALOHA's greatest sustained rate is (NOAA TM NOS OR&R 43)."""

DURATION, MASS = Text("泄漏时长", "duration"), Text("释放总量", "mass released")
STEADY = 1e-6
"""Rates that differ by less are one rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A release in time with the models it came from, the first of them what its rate is of.

    `temperature` is that of the gas as it spreads, None as warm as the air; a liquefied gas that flashes was `stored`
    at another and leaves a hole of `hole_area`; gas under pressure leaves its own at `exit_velocity`.
    """

    course: Release
    models: tuple[Card, ...]
    release_height: Metre = 0.0
    pool_area: SquareMetre | None = None
    temperature: Kelvin | None = None
    stored: Kelvin | None = None
    hole_area: SquareMetre | None = None
    exit_velocity: Speed | None = None
    checks: tuple[Check, ...] = ()
    notes: tuple[Text, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def steady(self) -> bool:
        """The rate is one and the same."""
        rates = np.asarray(self.course.rate)
        return bool(rates.max() - rates.min() <= STEADY * rates.max())

    def spreading(self, window: Second = MINUTE) -> Spreading:
        """The greatest mean over a window, for as long as the whole mass lasts at it."""
        rate = self.course.sustained(window)
        return Spreading(
            mass_rate=rate, duration=max(self.course.total / rate, 1.0), release_height=self.release_height,
            pool_area=self.pool_area, temperature=self.temperature, stored=self.stored,
            hole_area=self.hole_area,
        )  # fmt: skip

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The rate against time, where it changes."""
        if self.steady:
            return ()
        return (
            Curve(
                name="mass_rate", title=Text("泄漏速率", "mass rate"), x_title=Text("时间", "time"), x_unit="s",
                y_unit="kg/s", x=tuple(np.asarray(self.course.time).tolist()),
                y=tuple(np.asarray(self.course.rate).tolist()), model=self.models[0].id,
            ),
        )  # fmt: skip


def is_liquid(gas: Substance, stored: Kelvin) -> None:
    """Raises BadInputError where a substance is stored too warm to be liquid at any pressure."""
    critical = gas.constants.get("critical_temperature")
    if critical is not None and stored >= critical.value:
        raise BadInputError(
            Text(
                f"{gas.name.zh} 在 {stored:.1f} K 已超过临界温度 {critical.value:.1f} K,不会是液体,请按气体计算",
                f"{gas.name.en} at {stored:.1f} K is above its critical temperature of {critical.value:.1f} K and no "
                "liquid: take it as a gas",
            ),
            field="release.upstream_temperature", value=stored,
        )  # fmt: skip


def constant(rate: KilogramPerSecond, duration: Second) -> Release:
    """One rate from the start to the end."""
    return direct(mass_rate=rate, duration=duration)


def spread(scenario: Scenario, source: Source) -> Part:
    """The zones of what spreads, with its source's models, figures and curves in front."""
    release = source.spreading()
    part = spreading(scenario, release)
    first = source.models[0].id
    figures = (
        *(replace(one, model=first) if one.name == "mass_rate" else one for one in part.figures),
        *source.figures,
        Figure(
            name="duration", title=Text("泄漏时长", "duration"), value=source.course.duration, unit="s", model=first
        ),
        Figure(name="mass", title=Text("释放总量", "mass released"), value=source.course.total, unit="kg", model=first),
    )
    return replace(
        part, figures=figures, curves=(*source.curves, *part.curves), checks=(*source.checks, *part.checks),
        notes=(*source.notes, *said(source, release), *part.notes), models=(*source.models, *part.models),
        field=part.field if source.steady else in_course(part.field, source.course, release.mass_rate),
    )  # fmt: skip


def said(source: Source, release: Spreading, window: Second = MINUTE) -> tuple[Text, ...]:
    """Which rate of a changing one spreads."""
    if source.steady:
        return ()
    rate, lasts, first = release.mass_rate, release.duration, float(np.asarray(source.course.rate).max())
    return (
        Text(
            f"速率随时间变化(最大 {first:.3g} kg/s):取连续 {window:g} 秒的最大平均 {rate:.3g} kg/s,"
            f"持续 {lasts:,.0f} 秒,总量不变",
            f"the rate changes in time (at most {first:.3g} kg/s): its greatest mean over {window:g} s, {rate:.3g} "
            f"kg/s, spreads for {lasts:,.0f} s, of the same mass",
        ),
    )
