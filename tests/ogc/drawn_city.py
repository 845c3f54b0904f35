"""A few rows of a small town in a real embedded store, for the tests that draw."""

from pathlib import Path

import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import AREAS, CATALOGUE, ENTERPRISES, LANDUSE, PLACES, ROADS, SENSORS, WATER
from layers.layer import Layer
from store.embedded import open_embedded
from store.protocol import Store

WEST, SOUTH, EAST, NORTH = 121.70, 33.10, 121.80, 33.175
EVERYONE = Caller(
    actor=Actor(id="t", name="测试", door="ogc"), scope=Scope(areas=("",), clearance=Sensitivity.SENSITIVE)
)
PUBLIC = Caller(actor=Actor(id="p", name="公众", door="ogc"), scope=Scope(areas=("",), clearance=Sensitivity.PUBLIC))
ONE_DISTRICT = Caller(
    actor=Actor(id="d", name="区县", door="ogc"), scope=Scope(areas=("990102",), clearance=Sensitivity.SENSITIVE)
)


def wkb(*shapes: shapely.Geometry) -> pa.Array:
    return pa.array([shapely.to_wkb(s) for s in shapes], pa.binary())


def multi(*box: float) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([shapely.box(*box)])


def load(store: Store, layer: Layer, **columns: object) -> None:
    store.load(layer, pa.table(columns), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)


def built(path: Path) -> Store:
    """Two districts, a river, a road, four enterprises graded 1 to 4 in the west and one ungraded in the east."""
    store = open_embedded(path, CATALOGUE, utc_now)
    middle = (WEST + EAST) / 2
    load(store, AREAS, code=["990102", "990106"], name=["西区", "东区"], level=["district", "district"],
         area=["990102", "990106"],
         geometry=wkb(multi(WEST, SOUTH, middle, NORTH), multi(middle, SOUTH, EAST, NORTH)))  # fmt: skip
    load(store, LANDUSE, code=["L1", "L2"], kind=["land", "urban"], area=["9901", "9901"],
         geometry=wkb(multi(WEST, SOUTH, EAST, NORTH),
                      multi(WEST + 0.01, SOUTH + 0.01, middle, NORTH - 0.03)))  # fmt: skip
    load(store, WATER, code=["W1"], kind=["river"], area=["9901"],
         geometry=wkb(multi(WEST, SOUTH + 0.05, EAST, SOUTH + 0.055)))  # fmt: skip
    load(store, ROADS, code=["R1"], name=["盐港大道"], kind=["motorway"], area=["9901"],
         geometry=wkb(shapely.MultiLineString([[(WEST, SOUTH + 0.02), (EAST, SOUTH + 0.02)]])))  # fmt: skip
    load(store, PLACES, code=["P1"], name=["云澜市区"], kind=["district"], rank=[1], area=["990102"],
         geometry=wkb(shapely.Point(WEST + 0.025, SOUTH + 0.0375)))  # fmt: skip
    spots = [shapely.Point(WEST + 0.01 + 0.01 * i, SOUTH + 0.06) for i in range(4)]
    load(store, ENTERPRISES, uscc=[f"9199010200000000{i}X" for i in range(5)],
         name=["甲", "乙", "丙", "丁", "东区化工厂"], sector=["hazchem"] * 5, risk=[1, 2, 3, 4, None],
         area=["990102001"] * 4 + ["990106001"],
         geometry=wkb(*spots, shapely.Point(EAST - 0.01, SOUTH + 0.06)))  # fmt: skip
    return store


SENSITIVE_LAYER = SENSORS.id
