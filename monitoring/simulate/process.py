"""What goes on in the park when nothing is wrong: tanks filled and drawn down, sun and night, vapour pressure, wind.

Invented, never measured, and drawn to stay inside the limits, so that an alarm without an event is a false one.
"""

import numpy as np
from numpy.typing import NDArray

from monitoring.simulate.noise import Floats, Ids, ids, uniform, wander, white
from monitoring.simulate.park import GAS, Park

HOUR = 3600.0
SECOND = 1_000_000
CHINA_HOURS = 8
WARMTH_OF_VAPOUR = 0.022
"""Of vapour pressure to the degree: about what liquefied ammonia, chlorine and propane gain each, near 25 °C."""

NOISE = {"level": 0.0006, "pressure": 0.0015, "temperature": 0.0008, "combustible": 0.002, "toxic": 0.002}
"""Deviation of an instrument's noise as part of its span."""
OTHER_NOISE = 0.001

_WIND = ids(["wind"])


def _day(seconds: Floats, lag: float) -> Floats:
    """-1 before dawn to 1 in the afternoon, behind the air by some hours."""
    return np.sin(((seconds / HOUR + CHINA_HOURS) % 24 - 9 - lag) / 24 * 2 * np.pi)


class _Tanks:
    """The hidden state of each tank: how full, how warm; shape (time, tank)."""

    def __init__(self, seed: int, tanks: Ids, seconds: Floats) -> None:
        drawn = [uniform(seed + salt, tanks) for salt in range(1, 6)]
        saw = (seconds / HOUR / (30 + 90 * drawn[1]) + drawn[0]) % 1.0
        self.filling = saw < 0.4
        full = np.where(self.filling, saw / 0.4, (1 - saw) / 0.6)
        bottom, top = 0.14 + 0.2 * drawn[2], 0.74 + 0.16 * drawn[3]
        self.full = bottom + (top - bottom) * full
        self.usual = 6 + 20 * drawn[4]
        self.warm = self.usual + 3.5 * _day(seconds, 3.0) + wander(seed + 6, tanks, seconds, 5 * HOUR)


def wind(seed: int, seconds: Floats) -> tuple[Floats, Floats]:
    """Speed in m/s and the degrees the wind blows towards, shape of `seconds`; one wind for the whole park."""
    steady = uniform(seed + 20, _WIND) * 360
    speed = np.clip(3.2 + 0.8 * wander(seed + 21, _WIND, seconds, HOUR), 1.0, None)
    return speed, (steady + 18 * wander(seed + 22, _WIND, seconds, HOUR)) % 360


def ordinary(park: Park, seed: int, at: NDArray[np.int64], chosen: NDArray[np.int64]) -> Floats:
    """The process at some points and times (microseconds), shape (time, point), without the instruments' noise."""
    seconds = (at / SECOND)[:, None]
    value = np.empty((len(at), len(chosen)))
    tank_ids, of = park.tank_ids, park.tanks[chosen]
    used, column = np.unique(of[of >= 0], return_inverse=True)
    tanks = _Tanks(seed, tank_ids[used], seconds) if len(used) else None
    where = np.full(len(chosen), -1)
    where[of >= 0] = column
    codes = park.kind_codes[chosen]
    for code in np.unique(codes):
        mine = np.flatnonzero(codes == code)
        kind = str(park.kinds[chosen[mine[0]]])
        for held in (True, False):
            part = mine[(where[mine] >= 0) == held]
            if len(part):
                held_in = tanks if held else None
                value[:, part] = _of_kind(kind, park, seed, seconds, chosen[part], held_in, where[part])
    return value


def _of_kind(
    kind: str, park: Park, seed: int, seconds: Floats, chosen: NDArray[np.int64], tanks: _Tanks | None,
    tank: NDArray[np.int64],
) -> Floats:  # fmt: skip
    top, points, salt = park.top[chosen], park.ids[chosen], uniform(seed + 10, park.ids[chosen])
    slow = wander(seed + 11, points, seconds, 0.5 * HOUR)
    if kind in GAS:
        return top * (0.012 * np.abs(slow) + 0.02 * salt)
    if kind == "oxygen":
        return 20.9 + 0.04 * slow
    if tanks is None:
        if kind == "temperature":
            return 6 + 20 * salt + 4 * _day(seconds, 1.0) + 0.5 * slow
        return top * (0.3 + 0.3 * salt + 0.02 * _day(seconds, 0.0) + 0.02 * slow)
    if kind == "level":
        low = np.nan_to_num(park.limits["low"][chosen])
        return low + (top - low) * tanks.full[:, tank]
    if kind == "temperature":
        return tanks.warm[:, tank] + 0.2 * slow
    if kind == "flow":
        return top * np.where(tanks.filling[:, tank], 0.55 + 0.02 * slow, 0.004 * np.abs(slow))
    if kind == "pressure":
        vapour = np.exp(WARMTH_OF_VAPOUR * (tanks.warm - tanks.usual)[:, tank])
        squeezed = 1 + 0.03 * tanks.filling[:, tank]
        return top * (0.36 + 0.24 * salt) * vapour * squeezed * (1 + 0.004 * slow)
    return top * (0.3 + 0.3 * salt + 0.02 * slow)


def noise(park: Park, seed: int, at: NDArray[np.int64], chosen: NDArray[np.int64]) -> Floats:
    """What the instruments add, shape (time, point)."""
    shares = np.array([NOISE.get(str(kind), OTHER_NOISE) for kind in np.unique(park.kinds)])
    share = shares[park.kind_codes[chosen]]
    return np.asarray(white(seed + 30, park.ids[chosen], (at // 1000)[:, None]) * share * park.span[chosen])
