"""How far the wind may turn: from what a station itself has seen the wind do in the same time, at whatever season."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from core.units import Degree, Fraction, Metre, Second
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue.sensing import WEATHER_STATIONS
from store.protocol import Store
from store.query import Query
from store.series.readings import GOOD, Series

FEWEST = 100
"""Pairs of readings; a share of fewer is no share."""

Floats = npt.NDArray[np.float64]


NEAR: Metre = 50_000.0
"""A station farther away has another wind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """In `share` of `pairs` of readings the wind was, `ahead` seconds later, within `spread` degrees on either side."""

    spread: Degree
    share: Fraction
    ahead: Second
    pairs: int
    station: str
    since: datetime
    until: datetime


def turns(seconds: Floats, wind_from: Floats, ahead: Second) -> Floats:
    """By how many degrees, -180 to 180, the wind had turned `ahead` seconds after each reading.

    Readings in order of time; one without another at its later time, to a quarter of `ahead`, is left out.
    """
    later = np.searchsorted(seconds, seconds + ahead * 0.75)
    found = later < seconds.size
    later, first = later[found], np.flatnonzero(found)
    near = np.abs(seconds[later] - seconds[first] - ahead) <= ahead * 0.25
    turned: Floats = (wind_from[later[near]] - wind_from[first[near]] + 180.0) % 360.0 - 180.0
    return turned


def spread_of(turned: Floats, share: Fraction = 0.9) -> Degree:
    """The half angle that holds a share of the turns, whichever way they went."""
    if not 0.0 < share < 1.0:
        raise BadInputError(
            Text(f"份额 {share:g} 应在 0 与 1 之间", f"share {share:g} must be between 0 and 1"),
            field="share", value=share,
        )  # fmt: skip
    return float(np.quantile(np.abs(turned), share, method="higher"))


def station_turning(
    series: Series,
    station: str,
    *,
    until: datetime,
    scope: Scope,
    ahead: Second = 3600.0,
    share: Fraction = 0.9,
    window: timedelta = timedelta(days=90),
) -> Turning | None:
    """What a station's readings of the window before a moment say of the hour after it; None where they are too few."""
    since = until - window
    table = series.read(
        WEATHER_STATIONS, [station], start=since, end=until, scope=scope, element="wind_from"
    )  # fmt: skip
    table = table.filter(pc.and_(pc.equal(table["quality"], GOOD), pc.is_valid(table["value"])))
    seconds = pc.cast(table["at"], pa.int64()).to_numpy() / 1e6
    turned = turns(seconds, table["value"].to_numpy(), ahead)
    if turned.size < FEWEST:
        return None
    return Turning(
        spread=spread_of(turned, share), share=share, ahead=ahead, pairs=int(turned.size), station=station, since=since,
        until=until,
    )  # fmt: skip


class Turnings:
    """What the stations say, learnt once a day each: to read ninety days takes a second, an answer must not."""

    def __init__(self, store: Store, series: Series) -> None:
        self._store = store
        self._series = series
        self._learnt: dict[tuple[str, datetime], Turning | None] = {}

    def near(self, place: LonLat, *, at: datetime, scope: Scope) -> Turning | None:
        """Of the nearest station within 50 km that has enough readings up to that day; None where none has."""
        day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        asked = (self._of(station, day, scope) for station in self.nearest(place, scope))
        return next((one for one in asked if one is not None), None)

    def nearest(self, place: LonLat, scope: Scope) -> list[str]:
        """Stations within 50 km that the caller may see, the nearest first."""
        if not WEATHER_STATIONS.visible(scope):
            return []
        table = self._store.read(WEATHER_STATIONS, Query(fields=(WEATHER_STATIONS.key,)), scope=scope)
        table = table.filter(pc.is_valid(table["geometry"]))
        if not table.num_rows:
            return []
        places = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)))
        metres = distances(place, places[:, 0], places[:, 1])
        near = np.argsort(metres)[: int((metres <= NEAR).sum())]
        stations: list[str] = table[WEATHER_STATIONS.key].take(pa.array(near)).to_pylist()
        return stations

    def _of(self, station: str, day: datetime, scope: Scope) -> Turning | None:
        if (station, day) not in self._learnt:
            self._learnt = {key: one for key, one in self._learnt.items() if key[1] == day}
            self._learnt[station, day] = station_turning(self._series, station, until=day, scope=scope)
        return self._learnt[station, day]
