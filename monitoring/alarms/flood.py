"""When alarms are too many: which belong together and which came first, which chatter, which stand, and the load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from monitoring.alarms.compiled import Bools, Ints, Micros
from monitoring.alarms.practice import practice

SECOND = 1_000_000


def groups(place: NDArray[np.str_], at: Ints, window: Micros) -> tuple[Ints, Bools]:
    """Alarms of one place, each no longer than `window` after the one before, are a group; the first one is first-out.

    The answer is a number for each alarm, counted from 0 in order of place and time, and whether it came first.
    """
    order = np.lexsort((at, place))
    begins = np.ones(len(at), bool)
    begins[1:] = (place[order][1:] != place[order][:-1]) | (np.diff(at[order]) > window)
    number, first = np.empty(len(at), np.int64), np.zeros(len(at), bool)
    number[order] = np.cumsum(begins) - 1
    first[order[begins]] = True
    return number, first


def chattering(line: NDArray[np.str_], at: Ints, count: int, window: Micros) -> frozenset[str]:
    """Lines raised `count` times or more within some stretch as long as the window."""
    if len(at) < count:
        return frozenset()
    order = np.lexsort((at, line))
    line, at = line[order], at[order]
    back = count - 1
    close = (line[back:] == line[: len(line) - back]) & (at[back:] - at[: len(at) - back] <= window)
    return frozenset(line[back:][close].tolist())


def standing(since: Ints, now: Micros, longest: Micros) -> Bools:
    """Of alarms that stand, those that do for longer."""
    return np.asarray(now - since > longest)


@dataclass(frozen=True, slots=True)
class Flood:
    """A stretch in which alarms came faster than a position can answer; `peak` is the most in one window."""

    starts: Micros
    ends: Micros
    alarms: int
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one position had to bear, beside the numbers it is compared with."""

    alarms: int
    per_day: float
    per_window: float
    peak: int
    in_flood: float
    floods: tuple[Flood, ...]
    acceptable_per_day: float
    most_per_day: float
    acceptable_per_window: float
    most_per_window: float


def load(at: Ints, *, begin: Micros, end: Micros, on: date, positions: int = 1) -> Load:
    """The alarms raised between two moments, shared by so many positions."""
    window = round(practice("flood_window", on) * SECOND)
    inside = np.sort(at[(at >= begin) & (at < end)])
    days, windows = (end - begin) / (86_400 * SECOND), (end - begin) / window
    ends = np.searchsorted(inside, inside + window, side="left")
    peak = int((ends - np.arange(len(inside))).max(initial=0))
    found = tuple(_floods(inside, window, positions, on))
    flooded = sum(min(one.ends, end) - one.starts for one in found)
    return Load(
        alarms=len(inside), per_day=len(inside) / days / positions, per_window=len(inside) / windows / positions,
        peak=peak, in_flood=flooded / (end - begin), floods=found, acceptable_per_day=practice("day_acceptable", on),
        most_per_day=practice("day_most", on), acceptable_per_window=practice("window_acceptable", on),
        most_per_window=practice("window_most", on),
    )  # fmt: skip


def _floods(at: Ints, window: Micros, positions: int, on: date) -> Iterator[Flood]:
    """A flood begins with the alarm that makes more than `flood_begins` in the window before it, and ends when fewer
    than `flood_ends` are left in it."""
    begins, ends = practice("flood_begins", on) * positions, practice("flood_ends", on) * positions
    counts = np.arange(len(at)) - np.searchsorted(at, at - window, side="right") + 1
    n = 0
    while n < len(at):
        if counts[n] <= begins:
            n += 1
            continue
        first = n - int(counts[n]) + 1
        last = n
        while True:
            falls = _falls_below(at, last, window, ends)
            if last + 1 >= len(at) or at[last + 1] > falls:
                break
            last += 1
        yield Flood(int(at[first]), falls, last - first + 1, int(counts[n : last + 1].max()))
        n = last + 1


def _falls_below(at: Ints, last: int, window: Micros, ends: float) -> Micros:
    """When, without further alarms after `last`, fewer than `ends` would be left in the window."""
    oldest_kept = max(0, last - int(np.ceil(ends)) + 1)
    return int(at[oldest_kept]) + window
