"""What a scenario does at any place and moment: concentration, heat or pressure, for every kind of release.

Metres from the source, x downwind and y to the left of it; seconds from the start of the release.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.texts import Text
from core.units import Metre, Metres, Second, Seconds, Speed
from emergency.models.dispersion.integrated_puff import edge
from emergency.special import erf

Floats = NDArray[np.float64]
Steady = Callable[[Metres, Metres, Metres], Floats]
"""A value at places (downwind, crosswind, height) while the release goes on for ever."""

TAILS = 4.0
"""Standard deviations of spread along the wind after which next to nothing (3e-5) is left of a cloud's ends."""

PALAZZI = Text(
    "按 Palazzi 误差函数由稳态烟羽得随时间变化,前后缘以模型自身风速到达",
    "the steady plume times Palazzi's error functions; both ends come with the wind the model itself carries it by",
)
STEPPED = Text(
    "所用方法不给出到达时间:按 10 m 风速到达和离开、其间浓度不变;贴地重气云实际可能来得更晚、走得更晚",
    "the method gives no time of arrival: taken to come and go with the wind at ten metres, steady between; a dense "
    "cloud on the ground may come later and leave later",
)
BURNING = Text("火灾自起始时刻起按恒定计算", "the fire is taken to be steady from its start")
UNTIMED = Text(
    "点火时刻不定,方法也不给出到时:数值为任一时刻的上限",
    "when it is lit is not known and the method gives no arrival: values are upper bounds at any time",
)
SHOCK = Text("到时由爆炸波公式给出,数值为峰值", "the wave's own time of arrival; values are its peak")


class Measure(StrEnum):
    """What a field is of."""

    CONCENTRATION = "volume-fraction"
    HEAT = "heat-flux"
    PRESSURE = "overpressure"

    @property
    def unit(self) -> str:
        """Of its values."""
        return {"volume-fraction": "1", "heat-flux": "W/m2", "overpressure": "Pa"}[self.value]

    @property
    def text(self) -> Text:
        """For people."""
        return TITLES[self]


TITLES = {
    Measure.CONCENTRATION: Text("体积分数", "volume fraction"),
    Measure.HEAT: Text("热辐射通量", "heat flux"),
    Measure.PRESSURE: Text("入射超压", "incident overpressure"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """When it is at a place: between `first` and `last` there is anything, between `arrival` and `departure` its body.

    An arrival is when the middle of the front is there; infinite where nothing ends it.
    """

    first: Seconds
    arrival: Seconds
    departure: Seconds
    last: Seconds


class Field(Protocol):
    """A value for every place and time."""

    @property
    def measure(self) -> Measure:
        """What the values are of, and so their unit."""

    @property
    def timing(self) -> Text:
        """How its times were come by, for the reader."""

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """Values at places and times, by numpy's rules of broadcasting.

        Without a time the highest that passes; without a height at the one the zones are drawn for.
        """

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """When it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingField:
    """A cloud with ends blurred along the wind: a steady plume by Palazzi, whatever the plume is.

    `travel` is the time the middle of the front takes to a distance, `length` its spread along the wind there;
    `averaging_time` is that of the plume's curves, None where nobody says.
    """

    steady: Steady
    travel: Callable[[Metres], Seconds]
    length: Callable[[Metres], Metres]
    wind_speed: Speed
    duration: Second
    averaging_time: Second | None = None
    timing: Text = PALAZZI
    measure: Measure = Measure.CONCENTRATION

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The steady value times the part of it that is there: at most what half the release makes before and after."""
        steady = self.steady(downwind, crosswind, 0.0 if height is None else height)
        long = np.maximum(np.asarray(self.length(downwind), dtype=float), 1e-9)
        if time is None:
            return np.asarray(steady * erf(self.wind_speed * self.duration / (2 * np.sqrt(2) * long)))
        since = np.asarray(time, dtype=float)
        come = self.wind_speed * np.asarray(self.travel(downwind))
        tail = self.wind_speed * np.maximum(since - self.duration, 0.0)
        part = (edge(come - tail, 0.0, long) - edge(come - self.wind_speed * since, 0.0, long)) / 2
        return np.asarray(steady * np.maximum(part, 0.0))

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """By the middle of both ends, and four spreads along the wind before and after."""
        come = np.asarray(self.travel(downwind), dtype=float)
        blur = TAILS * np.asarray(self.length(downwind)) / self.wind_speed
        gone = come + self.duration
        return Passage(first=np.maximum(come - blur, 0.0), arrival=come, departure=gone, last=gone + blur)


@dataclass(frozen=True, slots=True, kw_only=True)
class SteppedField:
    """A cloud that is there or not: steady from its arrival for as long as the release lasts."""

    steady: Steady
    wind_speed: Speed
    duration: Second
    timing: Text = STEPPED
    measure: Measure = Measure.CONCENTRATION

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The steady value while the cloud is there."""
        steady = self.steady(downwind, crosswind, 0.0 if height is None else height)
        if time is None:
            return steady
        since, there = np.asarray(time, dtype=float), self.passage(downwind, crosswind)
        return np.where((since >= there.arrival) & (since <= there.departure), steady, 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """With the wind at ten metres; at once where it creeps upwind."""
        come = np.maximum(np.asarray(downwind, dtype=float), 0.0) / self.wind_speed
        return Passage(first=come, arrival=come, departure=come + self.duration, last=come + self.duration)


@dataclass(frozen=True, slots=True, kw_only=True)
class BurningField:
    """Heat at places, at once and the same until the fire ends; `duration` None: nobody knows when.

    `drawn_at` is the height of the zones.
    """

    steady: Steady
    duration: Second | None = None
    drawn_at: Metre = 0.0
    timing: Text = BURNING
    measure: Measure = Measure.HEAT

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The heat while it burns."""
        steady = self.steady(downwind, crosswind, self.drawn_at if height is None else height)
        if time is None:
            return steady
        since = np.asarray(time, dtype=float)
        return np.where((since >= 0.0) & (since <= (self.duration or np.inf)), steady, 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """From the start to the end, everywhere."""
        start = np.zeros(np.broadcast(downwind, crosswind).shape)
        end = start + (self.duration or np.inf)
        return Passage(first=start, arrival=start, departure=end, last=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class UntimedField:
    """The highest that can come over a place, by a method that does not say when."""

    peak: Steady
    timing: Text = UNTIMED
    measure: Measure = Measure.PRESSURE

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The peak, at any time as an upper bound."""
        peak = self.peak(downwind, crosswind, 0.0 if height is None else height)
        return peak if time is None else np.where(np.asarray(time, dtype=float) >= 0.0, peak, 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """At any time."""
        start = np.zeros(np.broadcast(downwind, crosswind).shape)
        ever = start + np.inf
        return Passage(first=start, arrival=start, departure=ever, last=ever)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlastField:
    """The peak of a wave that runs out the same in all directions, with its own arrival and positive phase."""

    peak: Callable[[Metres], Floats]
    arrival: Callable[[Metres], Floats]
    phase: Callable[[Metres], Floats]
    timing: Text = SHOCK
    measure: Measure = Measure.PRESSURE

    def at(
        self, downwind: Metres, crosswind: Metres, height: Metres | None = None, time: Seconds | None = None
    ) -> Floats:
        """The peak; at a time: the peak from its arrival to the end of the positive phase, as an upper bound."""
        peak = self.peak(_away(downwind, crosswind, 0.0 if height is None else height))
        if time is None:
            return peak
        since, there = np.asarray(time, dtype=float), self.passage(downwind, crosswind)
        return np.where((since >= there.arrival) & (since <= there.departure), peak, 0.0)

    def passage(self, downwind: Metres, crosswind: Metres) -> Passage:
        """By the curves of the wave."""
        away = _away(downwind, crosswind, 0.0)
        come = self.arrival(away)
        gone = come + self.phase(away)
        return Passage(first=come, arrival=come, departure=gone, last=gone)


def _away(downwind: Metres, crosswind: Metres, height: Metres) -> Floats:
    return np.asarray(np.hypot(np.hypot(np.asarray(downwind, dtype=float), crosswind), height))
