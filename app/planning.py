"""Scenarios computed for somebody: under their rights, a few at once, and what each listed of the city recorded."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version

import anyio
import shapely
from anyio.to_thread import run_sync

from core.caller import Caller
from core.canonical import canonical_json, sha256
from core.clock import Clock
from core.errors import BadInputError, BusyError, Fault, FaultsError
from core.scope import Scope
from core.texts import Text
from core.units import Degree
from emergency.chain import answered, computed, second_of
from emergency.exposure import Exposure, People, exposure, people_inside
from emergency.limits import Standing, with_standing
from emergency.limits.kept import standing_of
from emergency.result import Result
from emergency.scenario import Scenario, scenario
from emergency.wind_band import Turning, Turnings
from emergency.wind_rose import Roses
from emergency.zones import Zone
from gis.shapes import LonLat
from store.audit import AuditEntry, Kind, by
from store.protocol import Store
from store.rasters import RasterShelf
from store.series.readings import Series

AT_ONCE, WAITING = 2, 16
"""Computations under way, and how many more may wait for them."""

Keep = Callable[[AuditEntry], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """A scenario, what it came to and who is inside; `again` where a better answer takes longer."""

    scenario: Scenario
    result: Result
    inside: Exposure
    again: bool = False


class Planning:
    """What the doors of the workbench share: the city, the winds it has seen, and room for so many at once."""

    def __init__(self, store: Store, shelf: RasterShelf | None, series: Series, clock: Clock, keep: Keep) -> None:
        self.store = store
        self.clock = clock
        self._shelf = shelf
        self.keep = keep
        self._winds = Turnings(store, series)
        self.roses = Roses(store, series)
        self._limiter = anyio.CapacityLimiter(AT_ONCE)

    async def run[T](self, work: Callable[[], T]) -> T:
        """The answer of some work, off the loop. Raises BusyError where too many wait already."""
        if self._limiter.statistics().tasks_waiting >= WAITING:
            raise BusyError(Text("推演计算繁忙,请稍后再试", "too many scenarios are being computed; try again soon"))
        return await run_sync(work, limiter=self._limiter)

    def computed(self, given: object, caller: Caller, *, first: bool = False) -> Computed:
        """The scenario that a request spells, as this caller may see what is inside; `first`: what is there at once."""
        wish = scenario(given)
        at = self.clock()
        turning = self._winds.near(wish.place.point, at=at, scope=caller.scope)
        standing = standing_of(self.store, caller.scope)
        result = _answered(wish, at, turning, standing, first=first)
        return self.told(wish, result, caller, again=first and second_of(wish, result) is not None)

    def told(self, wish: Scenario, result: Result, caller: Caller, *, again: bool = False) -> Computed:
        """A result that is there already, with who is inside now as this caller may see it."""
        inside = exposure(
            result.zones, result.source, store=self.store, shelf=self._shelf, scope=caller.scope,
            releasing=wish.hazard_source or "",
        )  # fmt: skip
        return Computed(scenario=wish, result=result, inside=inside, again=again)

    def at_most(self, zones: Sequence[Zone], scope: Scope) -> tuple[People, ...] | None:
        """Residents wherever each zone may lie when the wind turns, the worst zone first; None where none are open."""
        ranked = sorted(zones, key=lambda one: one.level.severity)
        whole = [one if one.band is None else replace(one, shape=shapely.union(one.shape, one.band)) for one in ranked]
        return people_inside(whole, self._shelf, scope)[0]

    def warm(self, place: LonLat, scope: Scope) -> None:
        """Learn what the winds there do: once a day, which takes a second that an answer has not got."""
        self._winds.near(place, at=self.clock(), scope=scope)

    def spread(self, place: LonLat, scope: Scope) -> Degree | None:
        """How far the wind there turns, by what a station has seen; None where none has enough of a past."""
        turning = self._winds.near(place, at=self.clock(), scope=scope)
        return None if turning is None else turning.spread

    def inside(self, zones: Sequence[Zone], caller: Caller, *, door: str) -> Exposure:
        """Who and what is inside zones of any origin, recorded as read."""
        found = exposure(zones, zones[0].source, store=self.store, shelf=self._shelf, scope=caller.scope)
        for layer, keys in _listed(found, with_roads=False):
            self.keep(by(caller, Kind.READ, at=self.clock(), what=layer, keys=keys, where=door))
        return found

    def record(self, one: Computed, caller: Caller, *, kind: Kind, door: str) -> None:
        """One entry for each layer whose rows the answer lists, under the fingerprint of what was computed.

        Where that is not of the scenario as it was asked, which chose no model, the fingerprint of that stands behind.
        """
        mark, asked = one.result.receipt.fingerprint, sha256(canonical_json(one.scenario.inputs()))
        where = f"{door}; {mark}" if mark == asked else f"{door}; {mark}; asked {asked}"
        for layer, keys in _listed(one.inside, with_roads=kind is Kind.EXPORT):
            self.keep(by(caller, kind, at=self.clock(), what=layer, keys=keys, where=where))


def _answered(wish: Scenario, at: datetime, turning: Turning | None, standing: Standing, *, first: bool) -> Result:
    """The result; what a chain refuses of one field is told as the form's own faults are."""
    code = version("onemap")
    with named():
        if first:
            return with_standing(computed(wish, at=at, code_version=code, turning=turning), standing)
        return answered(wish, at=at, code_version=code, turning=turning, standing=standing)


@contextmanager
def named() -> Iterator[None]:
    """What a chain refuses of one field is told as the form's own faults are."""
    try:
        yield
    except BadInputError as refused:
        field = refused.facts.get("field") or refused.facts.get("parameter")
        if isinstance(refused, FaultsError) or not field:
            raise
        value = str(refused.facts.get("value", ""))[:100]
        raise FaultsError([Fault(field=str(field), value=value, rule=refused.text)], refused.text) from refused


def _listed(inside: Exposure, *, with_roads: bool) -> list[tuple[str, list[str]]]:
    every = (inside.targets, inside.hazards, inside.roads if with_roads else None)
    tables = [table for table in every if table is not None and len(table)]
    return [(str(layer), rows["key"].tolist()) for table in tables for layer, rows in table.groupby("layer")]
