"""In which administrative area a place lies, and which area an entry of the duty desk belongs to."""

from shapely import Point

from core.errors import BadInputError, ForbiddenError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from gis.shapes import LonLat
from layers.catalogue import AREAS
from layers.filters import Spatial, SpatialOp
from store.protocol import Store
from store.query import Query


def area_of(store: Store, point: LonLat) -> str:
    """The smallest area with a boundary around the place; "" outside all of them."""
    around = Spatial(SpatialOp.INTERSECTS, Point(point.lon, point.lat))
    found = store.read(AREAS, Query(where=around, fields=("code",), geometry=False), scope=SYSTEM_SCOPE)
    return max(found["code"].to_pylist(), key=lambda code: (len(code.rstrip("0")), code), default="")


def own_areas(store: Store, scope: Scope) -> dict[str, str]:
    """The areas of the caller by code with their names, the widest first."""
    table = store.read(AREAS, Query(fields=("code", "name"), geometry=False), scope=SYSTEM_SCOPE)
    named = zip(table["code"].to_pylist(), table["name"].to_pylist(), strict=True)
    own = sorted((code, name) for code, name in named if scope.covers(code))
    return dict(sorted(own, key=lambda one: (len(one[0].rstrip("0")), one[0])))


def area_for(store: Store, scope: Scope, *, given: str, point: LonLat | None) -> str:
    """Where an entry belongs: where it happened if that is the writer's own, else what they chose, else their own.

    Raises: ForbiddenError for an area that is not the writer's, BadInputError for one that there is not.
    """
    if given:
        if not scope.covers(given):
            raise ForbiddenError(Text(f"区划 {given} 不在您的辖区", f"area {given} is not yours"), area=given)
        known = own_areas(store, scope)
        if known and not any(code.startswith(given) for code in known):
            raise BadInputError(Text(f"没有区划“{given}”", f"there is no area {given!r}"), field="area", value=given)
        return given
    there = area_of(store, point) if point is not None else ""
    if there and scope.covers(there):
        return there
    own = next(iter(own_areas(store, scope)), "")
    if not own:
        raise ForbiddenError(Text("您没有可登记的辖区", "you have no area to enter anything for"))
    return own
