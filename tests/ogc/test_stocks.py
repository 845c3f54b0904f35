"""A tile or a page cut from a big layer's stock is what its rows make, for every caller and after every change."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from gis.shapes import Bounds
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.layer import Layer
from ogc.encode import mvt
from ogc.kvp import KVP
from ogc.render.plates import Plates
from ogc.services import Services
from ogc.tiles import vectors
from ogc.tiles.kept import KeptTiles
from ogc.tiles.stockrows import StockRows
from ogc.tiles.vectors import TileVectors
from ogc.wfs import wfs
from store.embedded import open_embedded
from store.feed import Delete, Put
from store.merging import Desk, merge
from store.postgis import open_postgis
from store.protocol import Store
from store.query import Query
from store.tilecache import TileCache
from tests.ogc.drawn_city import PUBLIC
from tests.ogc.test_plates import AREAS, enterprises
from tests.ogc.test_vector_tiles import holding, read
from tests.postgres import own_schema

WRITTEN = {"actor": SYSTEM_ACTOR, "reason": "test", "scope": SYSTEM_SCOPE}
INTERNAL = Scope(areas=("",), clearance=Sensitivity.INTERNAL)
DISTRICT = Scope(areas=("990102",), clearance=Sensitivity.INTERNAL)
NO_GRADE = Scope(areas=("",), clearance=Sensitivity.INTERNAL, hidden=frozenset({("enterprises", "risk")}))
SCOPES = (INTERNAL, DISTRICT, PUBLIC.scope, NO_GRADE)
TILE = holding(121.75, 33.14, "10")


@pytest.fixture(scope="module", params=["embedded", pytest.param("postgis", marks=pytest.mark.postgis)])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "embedded":
        found: Store = open_embedded(tmp_path_factory.mktemp("stocks") / "city.gpkg", CATALOGUE, utc_now)
        yield filled(found)
        found.close()
        return
    url = request.getfixturevalue("postgres_url")
    with own_schema(url) as schema, closing(open_postgis(url, CATALOGUE, utc_now, schema)) as found:
        yield filled(found)


def filled(store: Store) -> Store:
    rows = enterprises(0, 120, 1)
    levels = pa.array([[1, 0, 1][n % 3] for n in range(120)])
    risks = pa.array([None if n % 7 == 0 else n % 4 + 1 for n in range(120)])
    rows = rows.set_column(rows.column_names.index("sensitivity"), "sensitivity", levels)
    rows = rows.set_column(rows.column_names.index("risk"), "risk", risks)
    rows = rows.append_column("employees", pa.array([None if n % 5 == 0 else 300 * n for n in range(120)]))
    store.load(ENTERPRISES, rows, **WRITTEN)
    return store


@pytest.fixture
def doors(store: Store, tmp_path: Path) -> Iterator[tuple[TileVectors, TileVectors, Plates]]:
    """One that cuts, one that does not."""
    kept = KeptTiles(store, TileCache(tmp_path / "tiles.db", largest=0, maker="test"))
    stocks = Plates(store, tmp_path / "stocks", big=1, stocked=True)
    services = Services(catalogue=CATALOGUE, store=store)
    yield TileVectors(services, kept, stocks), TileVectors(services, kept), stocks
    stocks.close()
    kept.close()


def features(body: bytes, folder: Path) -> dict[str, dict[int, Any]]:
    found = read(body, TILE, folder)
    return {name: {one["properties"].get("mvt_id", 0): one for one in some} for name, some in found.items()}


def agree(doors: tuple[TileVectors, TileVectors, Plates], folder: Path, scopes: tuple[Scope, ...]) -> None:
    cutting, reading, stocks = doors
    for scope in scopes:
        stocks.settled(ENTERPRISES, scope)
        pages_agree(stocks, scope)
        cut = cutting._cut(ENTERPRISES, TILE, scope)
        assert cut is not None
        first, second = features(cut, folder), features(reading._made(ENTERPRISES, TILE, scope)[0], folder)
        assert len(second["enterprises"]) > 20
        assert first["enterprises"].keys() == second["enterprises"].keys()
        for number, one in first["enterprises"].items():
            assert one["properties"] == second["enterprises"][number]["properties"]
            places = [some["enterprises"][number]["geometry"]["coordinates"] for some in (first, second)]
            assert np.abs(np.subtract(*places)).max() <= 1.01 * (TILE.bounds.east - TILE.bounds.west) / mvt.EXTENT


BOXES = (Bounds(121.5, 33.0, 122.0, 33.3), Bounds(121.74, 33.13, 121.76, 33.15), Bounds(10.0, 10.0, 11.0, 11.0))


def pages_agree(stocks: Plates, scope: Scope) -> None:
    """Pages of boxes are those of the store: first and later ones, some fields, edges through rows, nothing there."""
    store, at_hand = stocks._store, StockRows(stocks, often=1)
    corners = store.read(ENTERPRISES, Query(bbox=BOXES[0], limit=1), scope=scope)["geometry"].to_pylist()
    edge = Bounds(*(shapely.from_wkb(corners[0]).coords[0] * 2))
    asked = (
        Query(bbox=BOXES[0], limit=1000),
        Query(bbox=BOXES[0], limit=7, offset=3, fields=("name", "risk")),
        Query(bbox=BOXES[1], limit=1000, geometry=False),
        Query(bbox=BOXES[2], limit=10),
        Query(bbox=edge, limit=10, fields=("name",)),
    )
    for query in asked:
        found = at_hand.page(ENTERPRISES, query, scope)
        assert found is not None
        rows = store.read(ENTERPRISES, query, scope=scope).drop_columns(["_version", "_seq"])
        assert found[0].schema.equals(rows.schema)
        assert found[0].equals(rows)
        assert found[1] == store.count(ENTERPRISES, query, scope=scope)


def test_wfs_answers_from_the_stock_byte_by_byte_what_it_answers_from_the_store(
    store: Store, doors: tuple[TileVectors, TileVectors, Plates]
) -> None:
    class Seen(StockRows):
        taken = 0

        def page(self, layer: Layer, query: Query, scope: Scope) -> tuple[pa.Table, int] | None:
            found = super().page(layer, query, scope)
            self.taken += found is not None
            return found

    doors[2].settled(ENTERPRISES)
    at_hand, clock = Seen(doors[2], often=3), utc_now()
    plain = Services(catalogue=CATALOGUE, store=store, clock=lambda: clock)
    quick = Services(catalogue=CATALOGUE, store=store, clock=lambda: clock, at_hand=at_hand)
    caller = Caller(actor=SYSTEM_ACTOR, scope=INTERNAL)
    asked = "service=WFS&version=2.0.0&request=GetFeature&typenames=enterprises"
    box = "&bbox=33.0,121.5,33.3,122.0"
    for more in (box, f"{box}&count=5&startindex=2", f"{box}&propertyname=name"):
        for output in ("application/gml%2Bxml; version=3.2", "application/json"):
            kvp = KVP.of_query(f"{asked}{more}&outputformat={output}")
            first, second = (wfs(kvp, b"", caller, services, "http://x/wfs") for services in (plain, quick))
            assert (first.status, second.content()) == (200, first.content())
    assert at_hand.taken == 4, "of a layer asked for often enough"
    for more in ("&count=5", "&cql_filter=risk=1 AND BBOX(geometry,121.5,33.0,122.0,33.3)", f"{box}&sortby=name"):
        assert wfs(KVP.of_query(asked + more), b"", caller, quick, "http://x/wfs").status == 200
    assert at_hand.taken == 4, "of anything but a box the store is asked"


def test_a_cut_tile_is_the_tile_of_the_rows_whatever_was_done_to_them(
    store: Store, doors: tuple[TileVectors, TileVectors, Plates], tmp_path: Path
) -> None:
    agree(doors, tmp_path, SCOPES)
    rows = [store.get(ENTERPRISES, f"9199{i:014d}", scope=SYSTEM_SCOPE).record for i in range(9)]
    new = [row.model_copy(update={"uscc": f"9198{n:014d}", "name": "新设"}) for n, row in enumerate(rows[:3])]
    moved = [row.model_copy(update={"geometry": shapely.Point(121.74, 33.15), "area": AREAS[2]}) for row in rows[3:6]]
    told = [row.model_copy(update={"risk": None, "name": "改名"}) for row in rows[6:8]]
    store.commit([Put(layer="enterprises", record=row) for row in (*new, *moved, *told)], **WRITTEN)
    store.commit([Delete(layer="enterprises", key=f"9199{i:014d}") for i in (0, 3, 20)], **WRITTEN)
    desk = Desk(store=store, layer=ENTERPRISES, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE)
    merge(desk, f"9199{30:014d}", f"9199{31:014d}", reason="同一企业")
    agree(doors, tmp_path, (DISTRICT, PUBLIC.scope))
    store.load(ENTERPRISES, enterprises(0, 25, 2).drop_columns(["sensitivity"]), keep=("sensitivity",), **WRITTEN)
    agree(doors, tmp_path, (INTERNAL,))


def test_a_cut_tile_that_does_not_hold_all_holds_the_worst_and_says_how_many_there_are(
    store: Store, doors: tuple[TileVectors, TileVectors, Plates], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST", 20)
    cutting, reading, stocks = doors
    stocks.settled(ENTERPRISES)
    cut, made = cutting._cut(ENTERPRISES, TILE, INTERNAL), reading._made(ENTERPRISES, TILE, INTERNAL)[0]
    assert cut is not None
    first, second = features(cut, tmp_path), features(made, tmp_path)
    grades = [sorted(one["properties"]["risk"] for one in some["enterprises"].values()) for some in (first, second)]
    assert grades[0] == grades[1]
    assert [one["properties"] for one in first[mvt.OMITTED].values()] == [
        one["properties"] for one in second[mvt.OMITTED].values()
    ]


def test_nothing_sensitive_is_in_a_stock_and_what_shows_it_is_not_cut(
    store: Store, doors: tuple[TileVectors, TileVectors, Plates], monkeypatch: pytest.MonkeyPatch
) -> None:
    cutting, _, stocks = doors
    at_hand = StockRows(stocks, often=1)
    row = store.get(ENTERPRISES, f"9199{50:014d}", scope=SYSTEM_SCOPE).record
    secret = row.model_copy(
        update={"uscc": f"9197{0:014d}", "name": "涉密单位甲", "sensitivity": Sensitivity.SENSITIVE,
                "principal_phone": "13900000001", "geometry": shapely.Point(121.75, 33.14)}
    )  # fmt: skip
    store.commit([Put(layer="enterprises", record=secret)], **WRITTEN)
    cleared = Scope(areas=("",), clearance=Sensitivity.SENSITIVE)
    personal = {spec.name for spec in ENTERPRISES.fields.values() if spec.sensitivity >= Sensitivity.SENSITIVE}
    hiding = Scope(
        areas=("",), clearance=Sensitivity.SENSITIVE, hidden=frozenset(("enterprises", name) for name in personal)
    )
    for settle in (True, False):
        source = stocks.settled(ENTERPRISES)
        assert source is not None
        files = [path for path in Path(source.base).rglob("*") if path.is_file()]
        written = b"".join(path.read_bytes() for path in files)
        assert "企业".encode() in written
        assert all(word not in written for word in ("涉密单位甲".encode(), b"13900000001"))
        assert cutting._cut(ENTERPRISES, TILE, cleared) is None, "telephone numbers are recorded"
        assert cutting._cut(ENTERPRISES, TILE, hiding) is None, "so is a sensitive row"
        assert cutting._cut(ENTERPRISES, TILE, INTERNAL) is not None
        everywhere = Query(bbox=BOXES[0], limit=10)
        pages = [at_hand.page(ENTERPRISES, everywhere, scope) for scope in (cleared, hiding, INTERNAL)]
        assert [page is None for page in pages] == [True, True, False]
        if settle:  # once as a change, once as written
            store.load(
                ENTERPRISES, enterprises(0, 1, 2).drop_columns(["sensitivity"]), keep=("sensitivity",), **WRITTEN
            )
    owner = Scope(areas=("",), clearance=Sensitivity.INTERNAL, enterprises=frozenset({f"9199{5:014d}"}))
    assert cutting._cut(ENTERPRISES, TILE, owner) is None, "whose a row is the stock does not know"
    assert at_hand.page(ENTERPRISES, everywhere, owner) is None


def test_a_small_layer_and_one_without_points_have_no_stock(store: Store, tmp_path: Path) -> None:
    stocks = Plates(store, tmp_path, stocked=True)
    layers: list[Layer] = [ENTERPRISES, CATALOGUE["roads"]]
    assert [stocks.settled(layer) for layer in layers] == [None, None]
    stocks.close()
