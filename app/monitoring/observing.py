"""The newest readings of weather stations as the fields of their rows, which the map, the hall and the planner read.

A quantity that was not heard around the newest of its station is empty, and the row is of the time of its wind, so that
nothing old passes for the present. A clock that is ahead makes nothing younger: then it is the time of arrival.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pyarrow.compute as pc
from starlette.concurrency import run_in_threadpool

from app.repeating import Chore, Chores
from core.actors import SYSTEM_ACTOR
from core.errors import ConflictError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from core.units import Second
from layers.catalogue import WEATHER_STATIONS
from layers.filters import Compare, Op
from monitoring.quality.flags import BAD
from monitoring.register import OBSERVED
from store.feed import Put
from store.protocol import Store
from store.query import Query
from store.series import Series

EVERY: Second = 60.0
AROUND = timedelta(minutes=30)
"""Quantities of one station are one observation when they are no further apart."""
WIND = ("wind_speed", "wind_from")
"""What a plume is drawn by, and so what the age of a station is the age of."""

REASON = "气象站上报"
OBSERVED_ANEW = Chore(
    Text("更新气象站要素", "Rows of weather stations follow their readings"),
    "the rows of weather stations were not brought up to their readings",
)
_log = logging.getLogger(__name__)


def observe(store: Store, series: Series) -> int:
    """Bring the rows of stations up to what was last read; how many changed. What somebody entered stays as it is."""
    by_instrument = Query(
        where=Compare("kind", Op.NE, "manual"), fields=(WEATHER_STATIONS.key, "read_at"), geometry=False
    )
    rows = store.read(WEATHER_STATIONS, by_instrument, scope=SYSTEM_SCOPE).to_pylist()
    written = {row[WEATHER_STATIONS.key]: row["read_at"] for row in rows}
    if not written:
        return 0
    latest = series.latest(WEATHER_STATIONS, list(written), scope=SYSTEM_SCOPE)
    good = latest.filter(pc.and_(pc.less(latest["quality"], BAD), pc.is_valid(latest["value"])))
    found: dict[str, dict[str, Any]] = {}
    for row in good.to_pylist():
        if row["element"] in OBSERVED:
            seen = row["at"] if row["arrived"] is None else min(row["at"], row["arrived"])
            found.setdefault(row["key"], {})[row["element"]] = (seen, row["value"])
    changed = 0
    for code, read in found.items():
        newest = max(at for at, _ in read.values())
        before = written[code]
        if before is None or newest > before:
            fresh = {name: value for name, (at, value) in read.items() if newest - at <= AROUND}
            blown = max((read[name][0] for name in WIND if name in fresh), default=newest)
            changed += _written(store, code, dict.fromkeys(OBSERVED) | fresh | {"read_at": blown})
    return changed


def _written(store: Store, code: str, observed: dict[str, Any]) -> int:
    found = store.get(WEATHER_STATIONS, code, scope=SYSTEM_SCOPE)
    after = found.record.model_copy(update=observed)
    if after == found.record:
        return 0
    edit = Put(layer=WEATHER_STATIONS.id, record=after, expected=found.version)
    try:
        store.commit([edit], actor=SYSTEM_ACTOR, reason=REASON, scope=SYSTEM_SCOPE)
    except ConflictError:  # somebody else wrote the row; the next round sees what is left to say
        return 0
    return 1


async def keep_observing(store: Store, series: Series, chores: Chores, every: Second = EVERY) -> None:
    """Each minute; a failure is logged and tried anew the next."""
    while True:
        await asyncio.sleep(every)
        with chores.tried(_log, OBSERVED_ANEW):
            await run_in_threadpool(observe, store, series)
