"""The embedded store's spatial index after a first load is one SQLite itself finds sound, and goes on from."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.shapes import Bounds
from layers.layer import Layer
from store.embedded import open_embedded
from store.embedded.packing import pack
from store.feed import Delete, Put
from store.protocol import Store
from store.query import EVERYTHING, Query
from tests.store.cityscape import CITY, CLERK, TOWN, Clock, many_shops, shop

SHOPS, ROADS, ZONES = TOWN["shops"], TOWN["roads"], TOWN["zones"]
GIVEN = {"actor": CLERK, "reason": "test", "scope": CITY}
HERE = Bounds(121.1, 33.1, 121.2, 33.3)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Store, Path]]:
    path = tmp_path / "city.gpkg"
    store = open_embedded(path, TOWN, Clock())
    yield store, path
    store.close()


def sound(path: Path, layer: Layer) -> int:
    """How many boxes a spatial index has, in which SQLite finds no fault."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute(f"SELECT rtreecheck('rtree_{layer.id}_geom')").fetchone() == ("ok",)
        return int(db.execute(f"SELECT count(*) FROM rtree_{layer.id}_geom").fetchone()[0])


def agrees(store: Store, layer: Layer) -> None:
    """What is read by a box is what meets it."""
    everything = store.read(layer, EVERYTHING, scope=CITY)
    meets = shapely.intersects(HERE.polygon, shapely.from_wkb(everything["geometry"].to_numpy(zero_copy_only=False)))
    found = store.read(layer, Query(bbox=HERE), scope=CITY)["code"].to_pylist()
    assert sorted(found) == sorted(np.array(everything["code"].to_pylist())[meets])


def shapes(count: int, kind: Layer) -> pa.Table:
    random = np.random.default_rng(3)
    west, south = random.uniform(121, 121.5, count), random.uniform(33, 33.5, count)
    east, north = west + random.uniform(0, 0.1, count), south + random.uniform(0, 0.1, count)
    if kind is ROADS:
        drawn = shapely.linestrings(np.stack([np.column_stack([west, south]), np.column_stack([east, north])], axis=1))
    else:
        drawn = shapely.box(west, south, east, north)
    codes = [f"R{number:05}" for number in range(count)]
    return pa.table({"code": codes, "area": ["330102001"] * count, "geometry": shapely.to_wkb(drawn).tolist()})


def test_a_first_load_of_points_lines_or_areas_leaves_a_sound_index(city: tuple[Store, Path], batch: int) -> None:
    store, path = city
    store.load(SHOPS, many_shops(8 * batch + 100), **GIVEN)  # boxes of boxes of boxes
    assert sound(path, SHOPS) == 8 * batch + 100
    agrees(store, SHOPS)
    for layer in (ROADS, ZONES):
        store.load(layer, shapes(3_000, layer), **GIVEN)
        assert sound(path, layer) == 3_000
        agrees(store, layer)
    assert store.unindexed() == ()
    assert store.verify().findings == ()


def test_rows_go_on_from_a_packed_index_and_it_is_packed_again_when_all_were_deleted(city: tuple[Store, Path]) -> None:
    store, path = city
    store.load(SHOPS, many_shops(500), **GIVEN)
    moved = [Put(layer="shops", record=shop(f"S{number:07d}", lon=121.15, lat=33.2)) for number in range(75)]
    store.commit([*moved, *(Delete(layer="shops", key=f"S{n:07d}") for n in range(250, 475))], **GIVEN)
    store.load(SHOPS, many_shops(500, 375), **GIVEN)
    assert sound(path, SHOPS) == store.count(SHOPS, EVERYTHING, scope=CITY)
    agrees(store, SHOPS)
    keys = store.read(SHOPS, EVERYTHING, scope=CITY)["code"].to_pylist()
    store.commit([Delete(layer="shops", key=key) for key in keys], **GIVEN)
    assert sound(path, SHOPS) == 0
    store.load(SHOPS, many_shops(500), **GIVEN)
    assert sound(path, SHOPS) == 500
    agrees(store, SHOPS)


def test_a_row_that_comes_twice_in_one_load_has_one_box_and_one_without_a_place_has_none(
    city: tuple[Store, Path],
) -> None:
    store, path = city
    again = many_shops(10, 5).set_column(7, "geometry", pa.nulls(10, pa.binary()))
    store.load(SHOPS, iter([*many_shops(100).to_batches(), *again.to_batches()]), **GIVEN)
    assert sound(path, SHOPS) == 90
    assert store.verify().findings == ()


NUMBERS = st.integers(-900, 900).map(lambda number: number / 5)


@settings(max_examples=25)
@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=200), st.integers(1, 9))
def test_any_boxes_make_an_index_without_fault(corners: list[tuple[float, float]], times: int) -> None:
    west, south = np.array(corners * times, float).reshape(-1, 2).T
    bounds = np.column_stack([west, south, west + 0.1, south + 1 / 3])
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE rtree_zones_geom USING rtree(id, minx, maxx, miny, maxy)")
        pack(db, ZONES, np.arange(1, len(bounds) + 1) * 3, bounds)
        assert db.execute("SELECT rtreecheck('rtree_zones_geom')").fetchone() == ("ok",)
        whole = db.execute("SELECT id, minx, miny, maxx, maxy FROM rtree_zones_geom ORDER BY id").fetchall()
    kept = np.array(whole, float).reshape(-1, 5)
    assert (kept[:, 1:3] <= bounds[:, :2]).all()
    assert (kept[:, 3:] >= bounds[:, 2:]).all()
    np.testing.assert_allclose(kept[:, 1:], bounds, rtol=2e-7)
