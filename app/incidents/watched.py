"""What must not be in a zone unwarned: teams, posts, shelters, and whatever other rooms of the desk add.

A room adds a function to `WATCHERS`: it is given the store, the incident, the ground any zone may lie on and the
reader's scope, and tells what of its own is there.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.orders.watched import ordered
from core.scope import Scope
from emergency.duty.booking import OUT
from emergency.incidents.falling import Watched
from layers.catalogue import INCIDENT_LOG, RESOURCE_BOOKINGS, SHELTERS, TEAMS
from layers.catalogue.incidents import Incident
from layers.filters import And, Compare, In, Missing, Op, Spatial, SpatialOp
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

Watcher = Callable[[Store, Incident, BaseGeometry, Scope], Iterable[Watched]]
MOST = 500


def _rows(store: Store, layer: Layer, where: Any, scope: Scope, *fields: str) -> list[dict[str, Any]]:
    seen = store.catalogue.find(layer.id, scope)
    if seen is None:
        return []
    shown = tuple(name for name in fields if name in seen.fields_in(scope))
    found: list[dict[str, Any]] = store.read(
        seen, Query(where=where, fields=shown, limit=MOST), scope=scope
    ).to_pylist()
    return found


def shelters(store: Store, row: Incident, ground: BaseGeometry, scope: Scope) -> Iterator[Watched]:
    """Places people may be sent to."""
    for one in _rows(store, SHELTERS, Spatial(SpatialOp.INTERSECTS, ground), scope, "code", "name", "observed_at"):
        yield Watched(kind="shelter", layer=SHELTERS.id, key=one["code"], title=one["name"],
                      shape=shapely.from_wkb(one["geometry"]), at=one.get("observed_at"))  # fmt: skip


def teams(store: Store, row: Incident, ground: BaseGeometry, scope: Scope) -> Iterator[Watched]:
    """Teams that stand there; those called to this incident are said to be."""
    called: set[str] = set()
    if store.catalogue.find(RESOURCE_BOOKINGS.id, scope) is not None:
        where = And((Compare("incident", Op.EQ, row.code), In("state", OUT), Compare("of_layer", Op.EQ, TEAMS.id)))
        table = store.read(RESOURCE_BOOKINGS, Query(where=where, fields=("of_key",), geometry=False), scope=scope)
        called = set(table["of_key"].to_pylist())
    for one in _rows(store, TEAMS, Spatial(SpatialOp.INTERSECTS, ground), scope, "code", "name", "observed_at"):
        yield Watched(kind="called" if one["code"] in called else "team", layer=TEAMS.id, key=one["code"],
                      title=one["name"], shape=shapely.from_wkb(one["geometry"]),
                      at=one.get("observed_at"))  # fmt: skip


def posts(store: Store, row: Incident, ground: BaseGeometry, scope: Scope) -> Iterator[Watched]:
    """Places that lines of the log name as positions, command posts among them; struck ones no more."""
    where = And((Compare("incident", Op.EQ, row.code), Compare("kind", Op.EQ, "position"), Missing("struck_at")))
    for one in _rows(store, INCIDENT_LOG, where, scope, "code", "text", "at"):
        if one["geometry"] is not None:
            yield Watched(kind="post", layer=INCIDENT_LOG.id, key=one["code"], title=str(one["text"])[:40],
                          shape=shapely.from_wkb(one["geometry"]), at=one.get("at"))  # fmt: skip


WATCHERS: list[Watcher] = [teams, posts, shelters, ordered]
