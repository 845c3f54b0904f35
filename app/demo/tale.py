"""What goes wrong in the served demo city: the same from the same start, a handful at first, then a few an hour.

Made with the events of the simulated park over the city's own curves; nothing was measured, and no real works is meant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.units import Second
from monitoring.simulate import Event, EventKind, Park, event
from monitoring.simulate.events import applied
from monitoring.simulate.process import SECOND
from monitoring.simulate.simulator import microseconds

SEED = 20261128
BUCKET: Second = 900.0
AN_HOUR = 5.0
"""Events drawn an hour after the first ones: each is an alarm or two, which one position can answer."""

OFTEN: Second = 60.0
"""Points that report as often are missed soon when their link is lost."""

GOES_ON: Second = 240.0
"""After its end a point goes on reporting as often, so that what it alarmed clears."""

Floats = NDArray[np.float64]
OPENING: tuple[tuple[EventKind, str, bool, Second, Second, float], ...] = (
    (EventKind.TRIP, "pressure", True, 15, 420, 0.9),
    (EventKind.LEAK, "toxic", True, 35, 540, 1.1),
    (EventKind.TRIP, "level", False, 50, 360, 0.97),
    (EventKind.DRIFT, "temperature", True, 20, 300, 0.9),
    (EventKind.LINK, "level", True, 60, 900, 1.0),
    (EventKind.CHATTER, "temperature", False, 90, 150, 1.0),
)
"""Kind, of what point, in the chemical park or elsewhere, after how long, for how long, how far."""

PARK_DISTRICT = "990106"
LATER: tuple[tuple[EventKind, float], ...] = (
    (EventKind.TRIP, 0.4),
    (EventKind.DRIFT, 0.3),
    (EventKind.LEAK, 0.15),
    (EventKind.LINK, 0.15),
)


@dataclass(frozen=True)
class Tale:
    """The events of one run of the demo over the points of a city."""

    park: Park
    areas: NDArray[np.str_]
    begun: datetime

    def running(self, begin: int, until: int) -> list[Event]:
        """What is wrong within a span of microseconds, or was lately."""
        start = microseconds(self.begun)
        buckets = range(1, max(1, int((until - start) / SECOND / BUCKET) + 1))
        every = [*self._opening, *(one for bucket in buckets for one in self._drawn(bucket))]
        return [one for one in every if one.start < until and one.end + GOES_ON * SECOND >= begin]

    def values(
        self, at: NDArray[np.int64], chosen: NDArray[np.int64], value: Floats
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Values (point, time) of some points (sorted) with all that is wrong, and which are heard at all."""
        heard = np.ones(value.shape, bool)
        for one in self.running(int(at[0]), int(at[-1]) + 1):
            columns = np.searchsorted(chosen, one.points)
            found = chosen[np.minimum(columns, len(chosen) - 1)] == one.points
            mine, columns = np.flatnonzero(found), columns[found]
            if not len(mine):
                continue
            if one.kind is EventKind.LINK:
                heard[columns] &= ~((at >= one.start) & (at < one.end))
            else:
                value[columns] = applied(one, self.park, SEED, at, value[columns].T, mine).T
        return value, heard

    def lively(self, begin: int, until: int) -> NDArray[np.int64]:
        """The points at which something is wrong: they report as often as the named ones meanwhile."""
        return np.unique(np.concatenate([np.zeros(0, np.int64), *(one.points for one in self.running(begin, until))]))

    @cached_property
    def _missed_soon(self) -> NDArray[np.bool_]:
        """The points that report often of the enterprise that has the fewest of them: its link is lost as a whole."""
        often = self.park.every <= OFTEN * SECOND
        homes, count = np.unique(self.park.enterprises[often], return_counts=True)
        home = str(homes[np.argmin(count)]) if len(homes) else ""
        return np.asarray(often & (self.park.enterprises == home), dtype=np.bool_)

    @cached_property
    def _opening(self) -> list[Event]:
        rng = np.random.default_rng([SEED, microseconds(self.begun) // (60 * SECOND)])
        taken: set[str] = set()
        made = [self._made(rng, kind, of, inside, after, lasts, size, taken)
                for kind, of, inside, after, lasts, size in OPENING]  # fmt: skip
        return [one for one in made if one is not None]

    def _drawn(self, bucket: int) -> list[Event]:
        rng = np.random.default_rng([SEED, microseconds(self.begun) // (60 * SECOND), bucket])
        kinds, shares = [kind for kind, _ in LATER], [share for _, share in LATER]
        taken: set[str] = set()
        found = []
        for _ in range(rng.poisson(AN_HOUR * BUCKET / 3600)):
            kind = kinds[int(rng.choice(len(kinds), p=shares))]
            of = "toxic" if kind is EventKind.LEAK else ("pressure", "level", "temperature")[int(rng.integers(3))]
            after, lasts = bucket * BUCKET + rng.uniform(0, BUCKET), rng.uniform(180, 600)
            found.append(self._made(rng, kind, of, bool(rng.random() < 0.6), after, lasts, 0.97, taken))
        return [one for one in found if one is not None]

    def _made(
        self, rng: np.random.Generator, kind: EventKind, of: str, inside: bool, after: Second, lasts: Second,
        size: float, taken: set[str],
    ) -> Event | None:  # fmt: skip
        """An event at a point drawn by lot; none where there is no such point, or its enterprise has enough trouble."""
        fits = (self.park.kinds == of) & (np.char.startswith(self.areas, PARK_DISTRICT) == inside)
        fits &= ~np.isin(self.park.enterprises, list(taken))
        if kind is EventKind.LINK and (fits & self._missed_soon).any():
            fits &= self._missed_soon
        if not fits.any():
            return None
        place = int(rng.choice(np.flatnonzero(fits)))
        taken.add(str(self.park.enterprises[place]))
        start = microseconds(self.begun + timedelta(seconds=after))
        end = start + int(lasts * SECOND)
        if kind is EventKind.LINK:
            lost = np.flatnonzero(self._missed_soon) if self._missed_soon[place] else np.array([place])
            return Event(kind=kind, points=lost, start=start, end=end)
        return event(self.park, kind, str(self.park.keys[place]), start, end, size)
