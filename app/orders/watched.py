"""What orders put in harm's way: where they lead and the ways they carry, watched by the chain of the incident."""

from collections.abc import Iterator

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from core.scope import Scope
from emergency.incidents.falling import Watched
from emergency.orders.life import OPEN
from layers.catalogue import INCIDENT_ORDERS
from layers.catalogue.incidents import Incident
from layers.filters import And, Compare, In, Op
from store.protocol import Store
from store.query import Query

MOVING = ("issued", "received", "on_way")
"""States of an order whose team has its way before it."""


def ordered(store: Store, row: Incident, ground: BaseGeometry, scope: Scope) -> Iterator[Watched]:
    """Ways and places of orders that are open, under the number of the order."""
    layer = store.catalogue.find(INCIDENT_ORDERS.id, scope)
    if layer is None:
        return
    where = And((Compare("incident", Op.EQ, row.code), In("state", OPEN)))
    fields = ("code", "number", "to_name", "place_name", "way", "way_time", "left_at", "state", "at")
    for one in store.read(layer, Query(where=where, fields=fields), scope=scope).to_pylist():
        title = f"第 {one['number']} 号 {one['to_name']}"
        points = orjson.loads(one["way"]) if one["way"] else []
        if one["state"] in MOVING and len(points) > 1:
            yield Watched(kind="route", layer=layer.id, key=one["code"], title=f"{title} 路线",
                          shape=shapely.LineString(points), at=one["at"], leaves=one["left_at"],
                          lasts=one["way_time"])  # fmt: skip
        if one["geometry"] is not None:
            yield Watched(kind="post", layer=layer.id, key=one["code"], title=f"{title} {one['place_name']}".strip(),
                          shape=shapely.from_wkb(one["geometry"]), at=one["at"])  # fmt: skip
