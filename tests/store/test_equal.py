"""The two engines answer alike: the same rows, the same questions, the same answers in the same order."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from core.scope import Scope, Sensitivity
from gis.shapes import Bounds
from layers.filters import And, Between, Compare, Filter, In, Like, Missing, Not, Op, Or, Spatial, SpatialOp, Under
from store.embedded import open_embedded
from store.feed import Put
from store.postgis import open_postgis
from store.protocol import Store
from store.query import COUNT, Measure, Order, Query, Total
from tests.store.cityscape import (
    CITY,
    CLERK,
    DISTRICT,
    PUBLIC,
    ROADS,
    SHOPS,
    TOWN,
    ZONES,
    Clock,
    Road,
    Zone,
    many_shops,
)
from tests.store.cityscape import shop as a_shop

pytestmark = pytest.mark.postgis
TRIANGLE = shapely.Polygon([(121.05, 33.05), (121.4, 33.1), (121.2, 33.45)])
LINE = shapely.LineString([(121.0, 33.0), (121.5, 33.5)])

FILTERS: list[Filter] = [
    Compare("risk", Op.LE, 2),
    Compare("worth", Op.GT, 5e5),
    Compare("name", Op.GE, "第20号"),
    Compare("open_now", Op.EQ, True),
    Compare("founded", Op.LT, date(2000, 3, 1)),
    Between("worth", 1e5, 2e5),
    In("risk", (1, 3)),
    In("worth", (1, 2.5)),
    Missing("checked_at"),
    Like("name", "%7号%"),
    Like("code", "s00001%", ignore_case=True),
    Under("area", "330105"),
    And((Compare("risk", Op.EQ, 1), Not(Like("goods", "%氨%")))),
    Or((Compare("risk", Op.EQ, 4), Missing("worth"))),
    *(Spatial(op, TRIANGLE) for op in (SpatialOp.INTERSECTS, SpatialOp.DISJOINT, SpatialOp.WITHIN)),
    Not(Spatial(SpatialOp.WITHIN, TRIANGLE)),
    *(Spatial(SpatialOp.DWITHIN, shapely.Point(121.2, 33.2), metres) for metres in (500.0, 5_000.0, 12_345.6)),
    Spatial(SpatialOp.BEYOND, shapely.Point(121.2, 33.2), 20_000.0),
]
SHAPE_FILTERS: list[Filter] = [
    *(Spatial(op, TRIANGLE) for op in SpatialOp if op not in (SpatialOp.DWITHIN, SpatialOp.BEYOND)),
    Spatial(SpatialOp.DWITHIN, LINE, 3_000.0),
    Spatial(SpatialOp.INTERSECTS, LINE),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[tuple[Store, Store]]:
    """An embedded and a PostGIS store with the same rows."""
    folder: Path = tmp_path_factory.mktemp("equal")
    stores = (
        open_embedded(folder / "city.gpkg", TOWN, Clock()),
        open_postgis(postgres_url, TOWN, Clock(), "equal_answers"),
    )
    random = np.random.default_rng(5)
    zones = [
        Zone(code=f"Z{n}", geometry=shapely.box(x, y, x + w, y + w), area="330102")
        for n, (x, y, w) in enumerate(random.uniform((121, 33, 0.01), (121.4, 33.4, 0.1), (60, 3)))
    ]
    roads = [
        Road(code=f"R{n}", name=f"路{n}", geometry=shapely.LineString(random.uniform((121, 33), (121.5, 33.5), (4, 2))))
        for n in range(60)
    ]
    odd = [
        a_shop("甲1", name="液氨站", goods=("液氨", "硫酸"), phone="1390000", risk=1),
        a_shop("乙2", area="330105003", name="_%*?[", sensitivity=Sensitivity.INTERNAL),
        a_shop("a-low").model_copy(update={"geometry": None}),
        a_shop("Z-high", name=""),
    ]
    for store in stores:
        store.load(SHOPS, many_shops(3000), actor=CLERK, reason="", scope=CITY)
        edits = [Put(layer="zones", record=z) for z in zones] + [Put(layer="roads", record=r) for r in roads]
        store.commit(edits, actor=CLERK, reason="", scope=CITY)
        store.commit([Put(layer="shops", record=o) for o in odd], actor=CLERK, reason="", scope=CITY)
    yield stores
    for store in stores:
        store.close()


@pytest.mark.parametrize("where", FILTERS, ids=str)
@pytest.mark.parametrize("scope", [CITY, DISTRICT, PUBLIC], ids=["city", "district", "public"])
def test_the_same_question_has_the_same_answer(both: tuple[Store, Store], where: Filter, scope: Scope) -> None:
    order = (Order("risk", descending=True), Order("name"))
    answers = [store.read(SHOPS, Query(where=where, order=order), scope=scope) for store in both]
    assert answers[0].equals(answers[1])
    counts = {store.count(SHOPS, Query(where=where), scope=scope) for store in both}
    assert counts == {answers[0].num_rows}


@pytest.mark.parametrize("where", SHAPE_FILTERS, ids=str)
def test_lines_and_areas_stand_in_the_same_relations(both: tuple[Store, Store], where: Filter) -> None:
    for layer in (ZONES, ROADS):
        found = [store.read(layer, Query(where=where, limit=500), scope=CITY) for store in both]
        assert found[0].equals(found[1])


def test_boxes_pages_totals_and_the_past_are_the_same(both: tuple[Store, Store]) -> None:
    box = Bounds(121.1, 33.1, 121.3, 33.3)
    of = (
        COUNT, Total("worst", Measure.MIN, "risk"), Total("sum", Measure.SUM, "risk"),
        Total("newest", Measure.MAX, "founded"), Total("open", Measure.MAX, "open_now"),
    )  # fmt: skip
    for layer, query in (
        (SHOPS, Query(bbox=box, limit=2000)),
        (ZONES, Query(bbox=box, limit=2000)),
        (SHOPS, Query(order=(Order("worth"),), limit=20, offset=40)),
        (SHOPS, Query(order=(Order("founded", descending=True),), limit=3100)),
        (SHOPS, Query(at_seq=1, bbox=box, limit=2000)),
    ):
        found = [store.read(layer, query, scope=CITY) for store in both]
        assert found[0].equals(found[1])
    for by in ((), ("area:6",), ("area", "risk"), ("open_now",)):
        found = [store.totals(SHOPS, Query(), by=by, of=of, scope=CITY) for store in both]
        assert found[0].equals(found[1])


def test_entries_versions_and_finds_are_the_same(both: tuple[Store, Store]) -> None:
    for scope in (CITY, DISTRICT, PUBLIC):
        entries = [store.feed(after=0, scope=scope) for store in both]
        assert entries[0] == entries[1]
        for words in ("液氨", "氨", "化工 12", "s00000", "1390000", "路3"):
            found = [{(h.layer, h.key, h.label) for h in s.search(words, scope=scope, limit=5000)} for s in both]
            assert found[0] == found[1], words
    assert both[0].versions(SHOPS, "甲1", scope=CITY) == both[1].versions(SHOPS, "甲1", scope=CITY)
