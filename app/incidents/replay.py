"""The picture as it was known at a time: every row as of the last feed entry written by then, none that came later."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.incidents.desk import IncidentDesk
from core.clock import iso
from core.errors import NotFoundError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from emergency.incidents.clocks import Clock, clocks
from emergency.incidents.log import entered_afterwards, reports_in
from layers.catalogue import ALARMS, EXERCISES, INCIDENT_LOG, INCIDENTS, WARNINGS, scenario_layers
from layers.catalogue.incidents import Incident, IncidentEntry, IncidentLink
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from layers.record import Record
from store.protocol import Store
from store.query import Order, Query
from store.rows import record_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What was known of one incident at a moment; `seq` is the feed entry it stands at.

    `afterwards` is when it was entered where that was later than its own log says: then the log's times are followed,
    and nothing proves that it was known.
    """

    at: datetime
    seq: int
    row: Incident
    log: tuple[IncidentEntry, ...]
    links: tuple[IncidentLink, ...]
    alarms: tuple[Record, ...]
    scenario: Record | None
    warnings: tuple[Record, ...]
    clocks: tuple[Clock, ...]
    afterwards: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The feed entry that an incident is read at for a moment, and when it was entered where that was later.

    What was entered afterwards may have been entered out of order: `lines` is the entry its log is read at, of which
    the lines by then are taken.
    """

    seq: int
    afterwards: datetime | None = None
    lines: int | None = None


def known_at(store: Store, code: str, at: datetime) -> Known:
    """The last entry written by a moment.

    Of an incident that was entered afterwards that of the last line before the first one of what came later.
    """
    seq = position(store, at)
    newest = _line(store, code, Compare("at", Op.LE, at), last=True)
    if newest is None:
        return Known(seq=seq)
    lines = _written(store, newest)
    (entry,) = store.feed(after=lines - 1, scope=SYSTEM_SCOPE, limit=1)
    if lines <= seq or not entered_afterwards(newest["at"], entry.at):
        return Known(seq=seq)
    later = _line(store, code, Compare("at", Op.GT, at), last=False)
    if later is None or later["number"] > newest["number"]:
        return Known(seq=lines, afterwards=entry.at, lines=lines)
    before = _line(store, code, Compare("number", Op.LT, later["number"]), last=True)
    stood = _written(store, later) - 1 if before is None else _written(store, before)
    return Known(seq=stood, afterwards=entry.at, lines=lines)


def _line(store: Store, code: str, where: Compare, *, last: bool) -> dict[str, Any] | None:
    """The first or the last line of a log, by its number, of which something holds."""
    asked = Query(
        where=And((Compare("incident", Op.EQ, code), where)), fields=("code", "at", "number"), geometry=False,
        order=(Order("number", descending=last),), limit=1,
    )  # fmt: skip
    return next(iter(store.read(INCIDENT_LOG, asked, scope=SYSTEM_SCOPE).to_pylist()), None)


def _written(store: Store, line: dict[str, Any]) -> int:
    """The feed entry that a line came with."""
    return store.versions(INCIDENT_LOG, line["code"], scope=SYSTEM_SCOPE)[0].from_seq


def position(store: Store, at: datetime) -> int:
    """The last feed entry written by a moment, 0 before the first; found by halving, as entries stand in order."""
    low, high = 0, store.head()
    while low < high:
        middle = (low + high + 1) // 2
        found = store.feed(after=middle - 1, scope=SYSTEM_SCOPE, limit=1)
        if found and found[0].at <= at:
            low = middle
        else:
            high = middle - 1
    return low


def picture(desk: IncidentDesk, code: str, at: datetime, *, scope: Scope) -> Picture:
    """The incident, its log, its alarms, its scenario and the warnings as they stood at a time.

    NotFoundError where nobody had reported it by then. A line that was written later about what happened earlier is
    not there: it was not known. Of what was entered afterwards as a whole the log's own times are followed, and other
    layers (warnings) are left out: they stand as they did when it was entered.
    """
    store, known = desk.store, known_at(desk.store, code, at)
    seq = known.seq
    layer = EXERCISES if code.startswith("YL") else INCIDENTS
    found = _rows(store, layer, Query(where=Compare("code", Op.EQ, code), at_seq=seq), scope)
    if not found or not isinstance(found[0], Incident):
        raise NotFoundError(
            Text(f"{iso(at)} 时尚无事件“{code[:40]}”", f"no incident {code[:40]!r} was known at {iso(at)}")
        )
    row = found[0]
    log = tuple(desk.log(code, scope=scope, at_seq=seq if known.lines is None else known.lines))
    if known.afterwards is not None:
        log = tuple(one for one in log if one.at <= at)
    links = tuple(desk.links(code, scope=scope, at_seq=seq))
    keys = tuple(one.of_key for one in links if one.of_layer == ALARMS.id)
    alarms = _rows(store, ALARMS, Query(where=In("code", keys), at_seq=seq), scope) if keys else []
    scenarios = (
        _rows(
            store,
            scenario_layers(row.exercise)[0],
            Query(where=Compare("code", Op.EQ, row.scenario), at_seq=seq),
            scope,
        )
        if row.scenario
        else []
    )
    standing = Query(where=Compare("state", Op.EQ, "published"), at_seq=seq)
    return Picture(
        at=at, seq=seq, row=row, log=log, links=links, alarms=tuple(alarms),
        scenario=scenarios[0] if scenarios else None,
        afterwards=known.afterwards,
        warnings=() if row.exercise or known.afterwards is not None else tuple(_rows(store, WARNINGS, standing, scope)),
        clocks=clocks(row, reports_in(log), at),
    )  # fmt: skip


def _rows(store: Store, layer: Layer, query: Query, scope: Scope) -> list[Record]:
    seen = store.catalogue.find(layer.id, scope)
    if seen is None:
        return []
    return [record_of(seen, row, scope) for row in store.read(seen, query, scope=scope).to_pylist()]
