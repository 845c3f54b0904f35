"""A release whose rate changes, in time: its zones are of the rate that spreads, its hours of the rates there were."""

from dataclasses import dataclass, replace

import numpy as np

from core.texts import Text
from core.units import Fraction, KilogramPerSecond, Metres, Second, Seconds
from emergency.field import Field, Floats, Measure, Passage, PassingField, SteppedField
from emergency.models.sources.release import Release

FIRST: Second = 60.0
"""The first minute stands alone, four equal parts follow: a source in up to five steps (NOAA TM NOS OR&R 43, 3.1)."""

STEPS = Text(
    "速率随时间分五段,浓度按各段速率与所取速率之比折算;不给时刻时为影响范围所用的最高值",
    "the rate in five steps, concentrations in proportion to each step's rate; without a time the highest that zones "
    "are drawn by",
)


@dataclass(frozen=True, slots=True)
class Step:
    """A steady part of a release, as a share of the rate that zones are drawn by."""

    begin: Second
    duration: Second
    share: Fraction


@dataclass(frozen=True, slots=True)
class CourseField:
    """The cloud of the rate that spreads, step by step at what was left of it.

    No moment has more than the zones say: no step's rate is above theirs, and all steps together have their mass.
    """

    base: PassingField | SteppedField
    steps: tuple[Step, ...]

    @property
    def measure(self) -> Measure:
        """That of the cloud."""
        return self.base.measure

    @property
    def timing(self) -> Text:
        """How its times were come by."""
        return Text(f"{self.base.timing.zh};{STEPS.zh}", f"{self.base.timing.en}; {STEPS.en}")

    @property
    def averaging_time(self) -> Second | None:
        """That of the cloud's curves, where it says it."""
        return self.base.averaging_time if isinstance(self.base, PassingField) else None

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """What all steps together make of a place at a time; without a time what zones are drawn by."""
        if time is None:
            return self.base.at(downwind, crosswind, height)
        since = np.asarray(time, dtype=float)
        parts = [
            one.share * replace(self.base, duration=one.duration).at(downwind, crosswind, height, since - one.begin)
            for one in self.steps
        ]
        return np.asarray(sum(parts))

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """As long as anything is released."""
        last = self.steps[-1]
        return replace(self.base, duration=last.begin + last.duration).passage(downwind, crosswind)


def in_course(field: Field | None, course: Release, rate: KilogramPerSecond) -> Field | None:
    """The field of a course in time, of a cloud made for one rate of it; a field that has its own course stays."""
    if not isinstance(field, PassingField | SteppedField):
        return field
    time, released = np.asarray(course.time, dtype=float), np.asarray(course.released, dtype=float)
    end = float(time[np.searchsorted(released, released[-1] * (1 - 1e-9))])
    bounds = np.array([0.0, end]) if end <= 2 * FIRST else np.concatenate(([0.0], np.linspace(FIRST, end, 5)))
    means = np.diff(np.interp(bounds, time, released)) / np.diff(bounds)
    steps = zip(bounds[:-1], np.diff(bounds), np.minimum(means / rate, 1.0), strict=True)
    found = tuple(Step(float(begin), float(lasts), float(share)) for begin, lasts, share in steps if share > 0.0)
    return CourseField(field, found) if found else field
