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


def ordered(store: Store, row: Incident, ground: BaseGeometry, scope: Scope) -> Iterator[Watched]:
    """Ways and places of orders that are open, under the number of the order."""
    layer = store.catalogue.find(INCIDENT_ORDERS.id, scope)
    if layer is None:
        return
    where = And((Compare("incident", Op.EQ, row.code), In("state", OPEN)))
    fields = ("code", "number", "to_name", "place_name", "way", "at")
    for one in store.read(layer, Query(where=where, fields=fields), scope=scope).to_pylist():
        title = f"第 {one['number']} 号 {one['to_name']}"
        points = orjson.loads(one["way"]) if one["way"] else []
        if len(points) > 1:
            yield Watched(kind="route", layer=layer.id, key=one["code"], title=f"{title} 路线",
                          shape=shapely.LineString(points), at=one["at"])  # fmt: skip
        if one["geometry"] is not None:
            yield Watched(kind="post", layer=layer.id, key=one["code"], title=f"{title} {one['place_name']}".strip(),
                          shape=shapely.from_wkb(one["geometry"]), at=one["at"])  # fmt: skip
