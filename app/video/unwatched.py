"""Which cameras an analysis has now, by what its workers tell; and what is said of those that none has any more."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from app.video.recording import Recorder
from app.video.standing import Standings
from core.clock import Clock
from core.scope import SYSTEM_SCOPE
from layers.catalogue import VIOLATIONS
from layers.filters import Compare, Op, every
from store.attachments import Cabinet
from store.protocol import Store
from store.query import Query
from video.live import SILENT, Gallery, of_now
from video.sources import Condition

GIVEN_UP = timedelta(minutes=1)
"""An analysis that told nothing for so long comes back no more: one that is started anew takes a few seconds."""


def watched(gallery: Gallery, cameras: Iterable[str], now: datetime, longest: timedelta = SILENT) -> frozenset[str]:
    """Those of the cameras that an analysis has now."""
    told = {one: gallery.told(one) for one in cameras}
    return frozenset(
        code
        for code, one in told.items()
        if one is not None and one.condition is not Condition.STOPPED and of_now(one.at, now, longest)
    )


def settle_unwatched(store: Store, cabinet: Cabinet, clock: Clock, live: Path) -> int:
    """Events and states that an analysis left standing which was killed, or has that camera no more: nobody knows
    whether they go on, so that they are told no longer as what is now. How many events."""
    gallery = Gallery(live, clock)
    where = every(Compare("state", Op.EQ, "standing"), Compare("origin", Op.EQ, "analysis"))
    rows = store.read(VIOLATIONS, Query(where=where, fields=("camera",), geometry=False), scope=SYSTEM_SCOPE)
    known = {*rows["camera"].to_pylist(), *gallery.left()}
    left = known - watched(gallery, known, clock(), GIVEN_UP)
    return Recorder(store, cabinet, clock, states=Standings(store)).settle(sorted(left)) if left else 0
