"""A park that reports: batches of readings for any span of time, the same whenever and wherever the run begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from monitoring.simulate.events import WRONG_BY, Event, EventKind, applied, event
from monitoring.simulate.noise import Floats
from monitoring.simulate.park import Park
from monitoring.simulate.process import SECOND, noise, ordinary

MOMENT = pa.timestamp("us", "UTC")
BATCH = pa.schema(
    [("key", pa.dictionary(pa.int32(), pa.string())), ("at", MOMENT), ("value", pa.float64()), ("quality", pa.int8())]
)
HOUR = 3600 * SECOND
TAIL = 10 * 60 * SECOND
"""After its end an event may still show for so long: gas blows away, a tripped process comes back."""
DRAWN = tuple(EventKind)
DECIMALS = 3


def microseconds(moment: datetime) -> int:
    """Since 1970."""
    return round(moment.timestamp() * 1e6)


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """A park, a seed, and what goes wrong: events that are given, and so many an hour that the seed draws."""

    park: Park
    seed: int = 1
    events: tuple[Event, ...] = ()
    drawn_per_hour: float = 0.0
    _kept: dict[int, list[Event]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def batch(self, start: datetime, end: datetime) -> pa.Table:
        """Every reading with start <= at < end, by the time it was taken; a wrong clock says another in `at`."""
        begin, until = microseconds(start), microseconds(end)
        running = self.during(begin, until)
        parts = [
            self._readings(self._ticks(int(every), begin, until), np.flatnonzero(self.park.every == every), running)
            for every in np.unique(self.park.every)
        ]
        taken, at, place, value = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(taken, kind="stable")
        return pa.table(
            {
                "key": pa.DictionaryArray.from_arrays(pa.array(place[order].astype(np.int32)), self._words),
                "at": pa.array(at[order], pa.int64()).cast(MOMENT),
                "value": np.round(value[order], DECIMALS),
                "quality": np.zeros(len(order), dtype=np.int8),
            },
            schema=BATCH,
        )

    def stream(self, start: datetime, end: datetime, step: float) -> Iterator[tuple[datetime, pa.Table]]:
        """Batches of `step` seconds each, with the time each ends."""
        begin, until, width = microseconds(start), microseconds(end), int(step * SECOND)
        for first in range(begin, until, width):
            last = min(first + width, until)
            ends = datetime.fromtimestamp(last / 1e6, start.tzinfo)
            yield ends, self.batch(datetime.fromtimestamp(first / 1e6, start.tzinfo), ends)

    @cached_property
    def _words(self) -> pa.Array:
        return pa.array(self.park.keys.tolist(), pa.string())

    def during(self, begin: int, until: int) -> list[Event]:
        """What is wrong within a span, its after-effects counted in."""
        hours = range((begin - TAIL) // HOUR, (until - 1) // HOUR + 1) if self.drawn_per_hour > 0 else ()
        for hour in hours:
            if hour not in self._kept:
                self._kept[hour] = self._drawn(hour)
        every = [*self.events, *(one for hour in hours for one in self._kept[hour])]
        return [one for one in every if one.start < until and one.end + TAIL >= begin]

    def process(self, at: NDArray[np.int64], chosen: NDArray[np.int64], running: list[Event]) -> Floats:
        """What the points (sorted) would show without noise, shape (time, point)."""
        value = ordinary(self.park, self.seed, at, chosen)
        for one in running:
            columns = np.searchsorted(chosen, one.points)
            found = chosen[np.minimum(columns, len(chosen) - 1)] == one.points
            mine, columns = np.flatnonzero(found), columns[found]
            if len(mine):
                value[:, columns] = applied(one, self.park, self.seed, at, value[:, columns], mine)
        return value

    def _ticks(self, every: int, begin: int, until: int) -> NDArray[np.int64]:
        return np.arange(-(-begin // every) * every, until, every, dtype=np.int64)

    def _readings(
        self, at: NDArray[np.int64], chosen: NDArray[np.int64], running: list[Event]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
        """Taken at, said at, place of the point, value; each flat."""
        value = self.process(at, chosen, running)
        added = noise(self.park, self.seed, at, chosen)
        said, heard = np.repeat(at[:, None], len(chosen), axis=1), np.ones(value.shape, dtype=bool)
        for one in running:
            touched = np.isin(chosen, one.points) & ((at >= one.start) & (at < one.end))[:, None]
            if one.kind is EventKind.STUCK:
                added[touched] = 0.0
            elif one.kind is EventKind.LINK:
                heard &= ~touched
            elif one.kind is EventKind.CLOCK:
                said[touched] += WRONG_BY
        value = self._shown(value + added, chosen)
        taken = np.broadcast_to(at[:, None], value.shape)
        places = np.broadcast_to(chosen[None], value.shape)
        return taken[heard], said[heard], places[heard], value[heard]

    def _shown(self, value: Floats, chosen: NDArray[np.int64]) -> Floats:
        """No instrument shows more than its range, and no gas is less than none."""
        low = np.where(self.park.gas[chosen], 0.0, self.park.limits["range_low"][chosen])
        return np.fmin(np.fmax(value, low), self.park.limits["range_high"][chosen])

    def _drawn(self, hour: int) -> list[Event]:
        """The events of one hour: they begin and end in it, no two at one enterprise."""
        rng = np.random.default_rng([self.seed, 7, hour])
        park, found, taken = self.park, list[Event](), set[str]()
        for _ in range(rng.poisson(self.drawn_per_hour)):
            kind = DRAWN[int(rng.integers(len(DRAWN)))]
            place, begins, lasts = int(rng.integers(len(park))), rng.uniform(0, 0.4), rng.uniform(0.1, 0.4)
            size = rng.uniform(0.8, 1.2)
            home = str(park.enterprises[place]) or str(park.keys[place])
            place = self._fitting(kind, place)
            if place < 0 or home in taken:
                continue
            taken.add(home)
            start = hour * HOUR + int(begins * 3600) * SECOND
            end = start + (int(park.every[place]) if kind is EventKind.SPIKE else int(lasts * 3600) * SECOND)
            found.append(_made(park, kind, place, start, end, float(size)))
        return found

    def _fitting(self, kind: EventKind, place: int) -> int:
        """The point itself or another of its enterprise that the event can show at; -1 for none."""
        park = self.park
        near = park.neighbours(place)
        near = near[np.argsort(near != place, kind="stable")]
        if kind is EventKind.LEAK:
            near = near[park.gas[near]]
        elif kind not in (EventKind.LINK, EventKind.CLOCK, EventKind.STUCK):
            near = near[~np.isnan(park.limits["high"][near])]
        return int(near[0]) if len(near) else -1


def _made(park: Park, kind: EventKind, place: int, start: int, end: int, size: float) -> Event:
    grave = kind in (EventKind.FLOOD, EventKind.TRIP, EventKind.LEAK)
    return event(park, kind, str(park.keys[place]), start, end, max(size, 1.05) if grave else size)
