"""The public meets masked copies: no question to the store is answered by an exact place, on either engine."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import orjson
import pyarrow as pa
import pytest
import shapely

from core.errors import FaultsError, ForbiddenError
from core.scope import Scope, Sensitivity
from core.texts import Text
from gis.rounding import rounded
from gis.shapes import Bounds
from layers.filters import Filter, Not, Spatial, SpatialOp
from layers.layer import Catalogue
from layers.precision import BLOCK, FOUND, Precision
from store.feed import Delete, Put
from store.protocol import Store
from store.query import Query
from tests.store.cityscape import CITY, CLERK, DISTRICT, NOTES, PUBLIC, ROADS, SHOPS, TANKS, TOWN, ZONES, many_shops
from tests.store.cityscape import shop as a_shop
from tests.store.conftest import Opened

EXACT = (121.2345678, 33.2345678)
MIDDLE = tuple(float(v[0]) for v in rounded(np.array([EXACT[0]]), np.array([EXACT[1]]), BLOCK))
APART = 1e-5
"""Degrees: a box of a metre about one of them does not hold the other."""


@pytest.fixture
def town(store: Store) -> Store:
    store.commit([Put(layer="shops", record=a_shop("S1", lon=EXACT[0], lat=EXACT[1], name="液氨站"))],
                 actor=CLERK, reason="", scope=CITY)  # fmt: skip
    return store


def near(place: tuple[float, ...]) -> Bounds:
    return Bounds(place[0] - APART, place[1] - APART, place[0] + APART, place[1] + APART)


def places(store: Store, query: Query, scope: Scope) -> list[tuple[float, float]]:
    found = shapely.from_wkb(store.read(SHOPS, query, scope=scope).column("geometry").to_pylist())
    return [(one.x, one.y) for one in found]


def test_the_public_reads_the_middle_and_staff_the_place(town: Store) -> None:
    assert places(town, Query(), PUBLIC) == [MIDDLE]
    assert places(town, Query(), CITY) == places(town, Query(), DISTRICT) == [EXACT]
    for scope, place in ((PUBLIC, MIDDLE), (CITY, EXACT)):
        got = town.get(SHOPS, "S1", scope=scope).record.geometry
        assert (got.x, got.y) == place
        hit = town.search("液氨", scope=scope)[0]
        assert (hit.lon, hit.lat) == place


def test_no_box_tells_where_in_its_cell_a_place_is(town: Store) -> None:
    for scope, place, other in ((PUBLIC, MIDDLE, EXACT), (CITY, EXACT, MIDDLE)):
        for box, expected in ((near(place), 1), (near(other), 0)):
            assert town.count(SHOPS, Query(bbox=box), scope=scope) == expected
            assert len(places(town, Query(bbox=box), scope)) == expected


def relations(place: tuple[float, ...]) -> Iterator[tuple[Filter, bool]]:
    """Conditions with what they say of a shop at the place."""
    box, point = near(place).polygon, shapely.Point(place)
    for op in (SpatialOp.INTERSECTS, SpatialOp.WITHIN):
        yield Spatial(op, box), True
        yield Not(Spatial(op, box)), False
    yield Spatial(SpatialOp.DISJOINT, box), False
    yield Spatial(SpatialOp.EQUALS, point), True
    yield Spatial(SpatialOp.DWITHIN, point, 1.0), True
    yield Not(Spatial(SpatialOp.DWITHIN, point, 1.0)), False
    yield Spatial(SpatialOp.BEYOND, point, 1.0), False
    yield Spatial(SpatialOp.DWITHIN, box, 1.0), True


def test_no_relation_and_no_distance_tells_it_either(town: Store) -> None:
    for scope, place, other in ((PUBLIC, MIDDLE, EXACT), (CITY, EXACT, MIDDLE)):
        for where, met in relations(place):
            assert town.count(SHOPS, Query(where=where), scope=scope) == met, where
        for where, met in relations(other):
            assert town.count(SHOPS, Query(where=where), scope=scope) == (not met), where


def test_the_past_its_versions_and_the_feed_tell_no_more(town: Store) -> None:
    first = town.head()
    moved = a_shop("S1", lon=EXACT[0] + 0.1, lat=EXACT[1])
    town.commit([Put(layer="shops", record=moved)], actor=CLERK, reason="", scope=CITY)
    assert places(town, Query(at_seq=first), PUBLIC) == [MIDDLE]
    assert town.count(SHOPS, Query(at_seq=first, bbox=near(MIDDLE)), scope=PUBLIC) == 1
    assert town.count(SHOPS, Query(at_seq=first, bbox=near(EXACT)), scope=PUBLIC) == 0
    exact = {shapely.from_wkb(orjson.loads(v.body)["geometry"]) for v in town.versions(SHOPS, "S1", scope=CITY)}
    public = {shapely.from_wkb(orjson.loads(v.body)["geometry"]) for v in town.versions(SHOPS, "S1", scope=PUBLIC)}
    assert shapely.Point(EXACT) in exact
    assert shapely.Point(MIDDLE) in public
    assert not exact & public
    assert all(entry.row_hash == entry.chain == "" for entry in town.feed(after=0, scope=PUBLIC))
    assert all(entry.row_hash for entry in town.feed(after=0, scope=CITY))


def test_rows_loaded_replaced_and_taken_away_keep_the_copy_true(store: Store) -> None:
    table = many_shops(500)
    store.load(SHOPS, table, actor=CLERK, reason="", scope=CITY)
    store.commit([Put(layer="shops", record=a_shop("none").model_copy(update={"geometry": None}))],
                 actor=CLERK, reason="", scope=CITY)  # fmt: skip
    store.load(SHOPS, table.slice(0, 10).set_column(table.schema.get_field_index("geometry"), "geometry",
               table["geometry"].slice(100, 10)), actor=CLERK, reason="", scope=CITY)  # fmt: skip
    store.commit([Delete(layer="shops", key="S0000499")], actor=CLERK, reason="", scope=CITY)
    assert_true(store)


def assert_true(store: Store) -> None:
    """The copy is what the exact places round to, row by row."""
    exact = store.read(SHOPS, Query(limit=10_000), scope=CITY)
    public = store.read(SHOPS, Query(limit=10_000), scope=PUBLIC)
    assert exact["code"].equals(public["code"])
    shapes, copies = (shapely.from_wkb(t["geometry"].to_numpy(zero_copy_only=False)) for t in (exact, public))
    assert shapely.is_missing(copies).tolist() == shapely.is_missing(shapes).tolist()
    x, y = rounded(shapely.get_x(shapes), shapely.get_y(shapes), BLOCK)
    assert np.array_equal(np.c_[x, y], np.c_[shapely.get_x(copies), shapely.get_y(copies)], equal_nan=True)


def test_who_meets_rounded_places_writes_none(town: Store) -> None:
    writer = Scope(areas=("",), clearance=Sensitivity.PUBLIC, writable=None)
    record = town.get(SHOPS, "S1", scope=writer).record
    with pytest.raises(ForbiddenError, match="概略位置"):
        town.commit([Put(layer="shops", record=record)], actor=CLERK, reason="", scope=writer)
    with pytest.raises(ForbiddenError, match="概略位置"):
        town.load(SHOPS, many_shops(1), actor=CLERK, reason="", scope=writer)
    road = pa.table({"code": ["R1"]})
    assert town.load(ROADS, road, actor=CLERK, reason="", scope=writer).rows == 1


def declared(precision: Precision | None) -> Catalogue:
    return Catalogue(replace(SHOPS, precision=precision), TANKS, ROADS, ZONES, NOTES)


def test_a_store_of_before_gets_its_copies_when_it_is_opened(opened: Opened) -> None:
    store = opened(declared(None))
    store.load(store.catalogue["shops"], many_shops(300), actor=CLERK, reason="", scope=CITY)
    assert_true(opened(TOWN))
    assert opened(TOWN).verify().findings == ()


def test_another_precision_makes_the_copies_anew(opened: Opened) -> None:
    coarse = declared(Precision(metres=5000.0, reason=Text("测试", "Test")))
    store = opened(coarse)
    store.load(store.catalogue["shops"], many_shops(300), actor=CLERK, reason="", scope=CITY)
    opened(declared(FOUND)).commit([Put(layer="shops", record=a_shop("late", lon=EXACT[0], lat=EXACT[1]))],
                                   actor=CLERK, reason="", scope=CITY)  # fmt: skip
    assert_true(opened(TOWN))


def test_only_points_are_rounded_and_not_to_less_than_ten_metres() -> None:
    for layer, metres in ((ROADS, 500.0), (SHOPS, 9.0)):
        with pytest.raises(FaultsError, match="图层声明有误"):
            replace(layer, precision=Precision(metres=metres, reason=Text("测试", "Test")))
