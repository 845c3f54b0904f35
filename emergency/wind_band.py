"""How far the wind may turn: from what a station itself has seen the wind do in the same time, at whatever season."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from core.units import Degree, Fraction, Second
from layers.catalogue.sensing import WEATHER_STATIONS
from store.series.readings import GOOD, Series

FEWEST = 100
"""Pairs of readings; a share of fewer is no share."""

Floats = npt.NDArray[np.float64]


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
