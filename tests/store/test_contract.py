"""What every store promises, whichever engine keeps the rows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
import shapely

from core.errors import BadInputError, ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import Scope, Sensitivity
from gis.shapes import Bounds
from layers.filters import Compare, In, Like, Missing, Not, Op, Spatial, SpatialOp, Under
from store.feed import Change, Delete, Put
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Measure, Order, Query, Total
from tests.store.cityscape import (
    CITY,
    CLERK,
    DISTRICT,
    NOTES,
    PUBLIC,
    ROADS,
    SHOPS,
    TANKS,
    ZONES,
    Note,
    Road,
    Tank,
    Zone,
    many_shops,
    shop,
)

FULL = {
    "name": "海星液氨站",
    "risk": 1,
    "worth": 12.5,
    "open_now": True,
    "founded": date(2001, 2, 3),
    "checked_at": datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
    "goods": ("液氨", "硫酸"),
    "phone": "13800000000",
    "sensitivity": Sensitivity.INTERNAL,
}


def put(store: Store, *records: object, scope: Scope = CITY) -> None:
    named = {"Shop": "shops", "Tank": "tanks", "Road": "roads", "Zone": "zones", "Note": "notes"}
    store.commit(
        [Put(layer=named[type(r).__name__], record=r) for r in records],  # type: ignore[arg-type]
        actor=CLERK,
        reason="test",
        scope=scope,
    )


def keys(table: pa.Table) -> list[str]:
    return sorted(table.column("code").to_pylist())


def test_a_record_comes_back_as_it_was_put(store):
    given = shop(**FULL)
    put(store, given)
    got = store.get(SHOPS, "S1", scope=CITY)
    assert got.record == given
    assert (got.version, got.seq) == (1, 1)


def test_lines_and_polygons_come_back_as_multi_geometries(store):
    line = shapely.LineString([(121, 33), (121.1, 33.1)])
    put(store, Road(code="R1", geometry=line), Zone(code="Z1", geometry=shapely.box(121, 33, 121.2, 33.2)))
    assert store.get(ROADS, "R1", scope=CITY).record.geometry == shapely.MultiLineString([line])
    assert store.get(ZONES, "Z1", scope=CITY).record.geometry.geom_type == "MultiPolygon"


def test_a_register_without_geometry_is_kept_too(store):
    put(store, Note(code="N1", text="巡查正常"))
    assert store.read(NOTES, EVERYTHING, scope=CITY).column("text").to_pylist() == ["巡查正常"]


@pytest.mark.parametrize(
    "wrong",
    [
        shapely.LineString([(121, 33), (122, 34)]),
        shapely.Point(),
        shapely.Point(500_000, 3_600_000),
        shapely.Point(33, 121),
    ],
)
def test_a_geometry_the_layer_cannot_hold_is_refused(store, wrong):
    with pytest.raises(FaultsError, match="geometry"):
        put(store, shop().model_copy(update={"geometry": wrong}))


def test_every_version_is_kept_and_the_feed_says_who_made_it(store):
    put(store, shop(risk=1))
    put(store, shop(risk=2))
    store.commit([Delete(layer="shops", key="S1")], actor=CLERK, reason="关停", scope=CITY)
    versions = store.versions(SHOPS, "S1", scope=CITY)
    assert [(v.version, v.from_seq, v.to_seq) for v in versions] == [(1, 1, 2), (2, 2, 3)]
    assert b'"risk":1' in versions[0].body
    entries = store.feed(after=0, scope=CITY)
    assert [(e.change, e.old_version, e.new_version, e.actor) for e in entries] == [
        (Change.PUT, None, 1, "clerk"),
        (Change.PUT, 1, 2, "clerk"),
        (Change.DELETE, 2, None, "clerk"),
    ]
    put(store, shop(risk=3))
    assert store.get(SHOPS, "S1", scope=CITY).version == 3


def test_a_writer_who_saw_an_older_version_is_refused(store):
    put(store, shop())
    put(store, shop(risk=2))
    with pytest.raises(ConflictError, match="第 2 版"):
        store.commit([Put(layer="shops", record=shop(risk=3), expected=1)], actor=CLERK, reason="", scope=CITY)
    with pytest.raises(ConflictError):
        store.commit([Put(layer="shops", record=shop(risk=3), expected=0)], actor=CLERK, reason="", scope=CITY)


def test_a_commit_is_all_or_nothing(store):
    with pytest.raises(ConflictError):
        store.commit(
            [Put(layer="shops", record=shop()), Delete(layer="shops", key="nobody")], actor=CLERK, reason="", scope=CITY
        )
    assert store.head() == 0
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 0


def test_rows_of_other_areas_do_not_exist_for_a_district(store):
    put(store, shop("A", "330102001"), shop("B", "330105001"))
    assert keys(store.read(SHOPS, EVERYTHING, scope=DISTRICT)) == ["A"]
    assert store.count(SHOPS, EVERYTHING, scope=DISTRICT) == 1
    assert store.search("B", scope=DISTRICT) == ()
    with pytest.raises(NotFoundError):
        store.get(SHOPS, "B", scope=DISTRICT)
    assert [e.key for e in store.feed(after=0, scope=DISTRICT)] == ["A"]
    assert store.versions(SHOPS, "B", scope=DISTRICT) == ()
    for edit in (Put(layer="shops", record=shop("B", "330105001")), Put(layer="shops", record=shop("B", "330102001"))):
        with pytest.raises(ForbiddenError):
            store.commit([edit], actor=CLERK, reason="", scope=DISTRICT)


def test_shared_layers_are_seen_outside_their_area(store):
    put(store, Road(code="R1", area="330105001"))
    assert store.count(ROADS, EVERYTHING, scope=DISTRICT) == 1


def test_sensitive_rows_and_layers_do_not_exist_below_their_clearance(store):
    put(store, shop("A"), shop("B", sensitivity=Sensitivity.INTERNAL), Tank(code="T", area="330102001"))
    assert keys(store.read(SHOPS, EVERYTHING, scope=PUBLIC)) == ["A"]
    with pytest.raises(NotFoundError):
        store.read(TANKS, EVERYTHING, scope=PUBLIC)


def test_a_hidden_field_is_neither_read_nor_filtered_nor_ordered_nor_searched(store):
    put(store, shop(phone="13800000000"))
    assert store.get(SHOPS, "S1", scope=DISTRICT).record.phone == ""
    assert "phone" not in store.read(SHOPS, EVERYTHING, scope=DISTRICT).column_names
    for query in (Query(where=Compare("phone", Op.EQ, "13800000000")), Query(order=(Order("phone"),))):
        with pytest.raises(BadInputError, match="phone"):
            store.read(SHOPS, query, scope=DISTRICT)
    with pytest.raises(BadInputError, match="phone"):
        store.totals(SHOPS, EVERYTHING, by=("phone",), of=(COUNT,), scope=DISTRICT)
    assert store.search("13800000000", scope=DISTRICT) == ()
    assert len(store.search("13800000000", scope=CITY)) == 1
    assert b"138" not in store.versions(SHOPS, "S1", scope=DISTRICT)[0].body


def test_a_field_hidden_by_name_is_not_searched_either(store):
    put(store, shop(goods=("液氨",)))
    hidden = Scope(areas=("",), clearance=Sensitivity.SECRET, hidden=frozenset({("shops", "goods")}))
    assert store.search("液氨", scope=hidden) == ()


def test_a_writer_who_may_not_see_a_field_does_not_wipe_it(store):
    put(store, shop(phone="13800000000"))
    seen = store.get(SHOPS, "S1", scope=DISTRICT).record
    put(store, seen.model_copy(update={"risk": 4}), scope=DISTRICT)
    kept = store.get(SHOPS, "S1", scope=CITY).record
    assert (kept.risk, kept.phone) == (4, "13800000000")


def test_a_row_that_leaves_a_district_leaves_its_feed_as_deleted(store):
    put(store, shop(area="330102001"))
    put(store, shop(area="330105001"))
    told = store.feed(after=1, scope=DISTRICT)
    assert [(e.change, e.area, e.row_hash) for e in told] == [(Change.DELETE, "330102001", "")]


def test_of_a_load_elsewhere_a_district_learns_only_that_the_layer_changed(store):
    table = many_shops(10)
    store.load(SHOPS, table, actor=CLERK, reason="秘密", scope=CITY)
    (told,) = store.feed(after=0, scope=DISTRICT)
    assert (told.change, told.rows, told.reason, told.key) == (Change.LOAD, 0, "", "")


def test_a_box_finds_what_meets_it_exactly(store):
    put(store, shop("A", lon=121.0, lat=33.0), shop("B", lon=121.0000001, lat=33.0), shop("C", lon=122, lat=34))
    found = store.read(SHOPS, Query(bbox=Bounds(120.9, 32.9, 121.0, 33.0)), scope=CITY)
    assert keys(found) == ["A"]
    corner = shapely.Polygon([(0, 0), (1, 0), (0, 1)])
    put(store, Zone(code="Z", geometry=corner))
    assert store.count(ZONES, Query(bbox=Bounds(0.9, 0.9, 1, 1)), scope=CITY) == 0
    assert store.count(ZONES, Query(bbox=Bounds(0.4, 0.4, 1, 1)), scope=CITY) == 1


def test_within_a_distance_is_geodesic(store):
    put(store, shop("A", lon=121.0, lat=33.0), shop("B", lon=121.01, lat=33.0))
    for metres, expected in ((930.0, ["A"]), (940.0, ["A", "B"])):
        near = Spatial(SpatialOp.DWITHIN, shapely.Point(121.0, 33.0), metres)
        assert keys(store.read(SHOPS, Query(where=near), scope=CITY)) == expected
    beyond = Spatial(SpatialOp.BEYOND, shapely.Point(121.0, 33.0), 930.0)
    assert keys(store.read(SHOPS, Query(where=beyond), scope=CITY)) == ["B"]


def test_rows_without_geometry_stand_in_no_relation(store):
    put(store, shop("A").model_copy(update={"geometry": None}), shop("B"))
    where = Spatial(SpatialOp.INTERSECTS, shapely.box(0, 0, 1, 1))
    assert keys(store.read(SHOPS, Query(where=Not(where)), scope=CITY)) == ["B"]
    where = Spatial(SpatialOp.DISJOINT, shapely.box(0, 0, 1, 1))
    assert keys(store.read(SHOPS, Query(where=where), scope=CITY)) == ["B"]


def test_like_minds_case_unless_told_not_to(store):
    put(store, shop("a*b"), shop("A*B"), shop("acb"), shop("a_b"))
    for pattern, folding, expected in (
        ("a*%", False, ["a*b"]),
        ("a*%", True, ["A*B", "a*b"]),
        ("a_b", False, ["a*b", "a_b", "acb"]),
        ("a\\_b", False, ["a_b"]),
    ):
        found = store.read(SHOPS, Query(where=Like("code", pattern, folding)), scope=CITY)
        assert keys(found) == expected, pattern


def test_thousands_of_values_may_be_asked_for_at_once(store):
    store.load(SHOPS, many_shops(50), actor=CLERK, reason="", scope=CITY)
    codes = tuple(f"S{n:07d}" for n in range(0, 100_000, 2))
    assert store.count(SHOPS, Query(where=In("code", codes)), scope=CITY) == 25


def test_an_area_and_all_below_it_by_prefix(store):
    put(store, shop("A", "330102001"), shop("B", "330102"), shop("C", "330105"))
    assert keys(store.read(SHOPS, Query(where=Under("area", "330102")), scope=CITY)) == ["A", "B"]


def test_a_value_of_the_wrong_kind_is_said(store):
    with pytest.raises(BadInputError, match="risk"):
        store.read(SHOPS, Query(where=Compare("risk", Op.EQ, "高")), scope=CITY)
    with pytest.raises(BadInputError, match="nothing"):
        store.read(SHOPS, Query(where=Compare("nothing", Op.EQ, 1)), scope=CITY)


def test_pages_by_cursor_meet_every_row_once(store):
    from store.compile import cursor_of, order_by

    store.load(SHOPS, many_shops(95), actor=CLERK, reason="", scope=CITY)
    put(store, shop("X"), shop("Y"))
    order = order_by(SHOPS, (Order("risk", descending=True),), CITY)
    seen: list[str] = []
    after = None
    while True:
        page = store.read(SHOPS, Query(order=order, limit=10, after=after), scope=CITY)
        if not page.num_rows:
            break
        seen += page.column("code").to_pylist()
        after = cursor_of(order, page.slice(page.num_rows - 1).to_pylist()[0])
    assert len(seen) == len(set(seen)) == 97
    assert seen[-2:] == ["X", "Y"]
    assert seen == store.read(SHOPS, Query(order=order), scope=CITY).column("code").to_pylist()


def test_a_spoiled_cursor_is_refused(store):
    for spoiled in ("nonsense", "W10", "bnVsbA"):
        with pytest.raises(BadInputError):
            store.read(SHOPS, Query(after=spoiled), scope=CITY)


def test_totals_group_and_cut_areas_to_districts(store):
    store.load(SHOPS, many_shops(10), actor=CLERK, reason="", scope=CITY)
    of = (COUNT, Total("worst", Measure.MIN, "risk"), Total("first", Measure.MIN, "founded"))
    table = store.totals(SHOPS, EVERYTHING, by=("area:6",), of=of, scope=CITY)
    assert table.to_pylist() == [
        {"area": "330102", "count": 5, "worst": 2, "first": date(2000, 1, 2)},
        {"area": "330105", "count": 5, "worst": 1, "first": date(2000, 1, 1)},
    ]
    assert store.totals(SHOPS, EVERYTHING, of=of, scope=DISTRICT).to_pylist()[0]["count"] == 5


def test_counts_under_several_conditions_are_one_question_and_those_of_single_ones(store):
    store.load(SHOPS, many_shops(40), actor=CLERK, reason="", scope=CITY)
    views = {
        "red": Compare("risk", Op.EQ, 1),
        "old": Compare("founded", Op.LT, date(2000, 1, 9)),
        "none": Missing("name"),
    }
    of = (COUNT, *(replace(COUNT, name=name, where=where) for name, where in views.items()))
    of += (Total("first", Measure.MIN, "founded", views["red"]), Total("sum", Measure.SUM, "risk", views["old"]))
    for scope in (CITY, DISTRICT):
        (told,) = store.totals(SHOPS, EVERYTHING, of=of, scope=scope).to_pylist()
        assert told["count"] == store.count(SHOPS, EVERYTHING, scope=scope)
        for name, where in views.items():
            assert told[name] == store.count(SHOPS, Query(where=where), scope=scope)
        red = store.read(SHOPS, Query(where=views["red"]), scope=scope)
        assert told["sum"] == sum(store.read(SHOPS, Query(where=views["old"]), scope=scope)["risk"].to_pylist())
        assert told["first"] == min(red["founded"].to_pylist(), default=None)
    (by_area, *_) = store.totals(SHOPS, Query(where=views["old"]), by=("area:6",), of=of[:2], scope=CITY).to_pylist()
    assert (by_area["count"], by_area["red"]) == (4, 0)


def test_no_condition_of_a_count_asks_what_the_caller_may_not_see(store):
    put(store, shop("A"))
    for scope in (PUBLIC, replace(CITY, hidden=frozenset({("shops", "phone")}))):
        guess = replace(COUNT, where=Compare("phone", Op.EQ, "13800000000"))
        with pytest.raises(BadInputError, match="phone"):
            store.totals(SHOPS, EVERYTHING, of=(guess,), scope=scope)


def test_a_page_chosen_by_the_index_of_lists_is_the_page_of_all_rows(store):
    store.load(SHOPS, many_shops(40), actor=CLERK, reason="", scope=CITY)
    for order in ((Order("risk"),), (Order("founded", descending=True),), (Order("risk"), Order("founded"))):
        for where in (None, Compare("risk", Op.LE, 3)):
            whole = store.read(SHOPS, Query(where=where, order=order), scope=DISTRICT).to_pylist()
            page = store.read(SHOPS, Query(where=where, order=order, limit=5, offset=4), scope=DISTRICT).to_pylist()
            assert page == whole[4:9]


def test_the_past_can_be_asked_the_same_questions(store):
    put(store, shop("A", risk=1), shop("B", risk=1))
    put(store, shop("A", lon=122, risk=2))
    store.commit([Delete(layer="shops", key="B")], actor=CLERK, reason="", scope=CITY)
    here = Bounds(120.9, 32.9, 121.1, 33.1)
    assert keys(store.read(SHOPS, Query(at_seq=2, bbox=here), scope=CITY)) == ["A", "B"]
    assert keys(store.read(SHOPS, Query(at_seq=3, bbox=here), scope=CITY)) == ["B"]
    assert store.count(SHOPS, Query(at_seq=1), scope=CITY) == 1
    assert store.count(SHOPS, Query(at_seq=4, where=Compare("risk", Op.EQ, 2)), scope=CITY) == 1


def test_a_load_replaces_and_keeps_what_was_there(store):
    put(store, shop("S0000001", area="330105003", phone="1"))
    loaded = store.load(SHOPS, many_shops(3), actor=CLERK, reason="导入", scope=CITY)
    assert (loaded.rows, [e.rows for e in loaded.entries]) == (3, [3])
    assert [v.version for v in store.versions(SHOPS, "S0000001", scope=CITY)] == [1, 2]
    assert store.get(SHOPS, "S0000001", scope=CITY).record.name == "第1号化工商店"
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 3


def test_rows_read_and_loaded_again_stay_as_they_are(store):
    put(store, shop(**FULL))
    store.load(SHOPS, many_shops(20), actor=CLERK, reason="", scope=CITY)
    before, head = store.read(SHOPS, Query(order=(Order("code"),)), scope=CITY), store.head()
    loaded = store.load(SHOPS, before, actor=CLERK, reason="", scope=CITY)
    assert (loaded.rows, loaded.new, loaded.changed, loaded.unchanged, loaded.entries) == (0, 0, 0, 21, ())
    assert store.read(SHOPS, Query(order=(Order("code"),)), scope=CITY) == before
    assert store.head() == head
    assert len(store.versions(SHOPS, "S1", scope=CITY)) == 1


def test_a_load_writes_only_the_new_and_the_changed(store):
    table = many_shops(25)
    store.load(SHOPS, table.slice(0, 20), actor=CLERK, reason="", scope=CITY)
    names = table["name"].to_pylist()
    table = table.set_column(table.schema.get_field_index("name"), "name", pa.array(["改名", *names[1:]]))
    loaded = store.load(SHOPS, table, actor=CLERK, reason="更新", scope=CITY)
    assert (loaded.rows, loaded.new, loaded.changed, loaded.unchanged) == (6, 5, 1, 19)
    assert [entry.rows for entry in loaded.entries] == [6]
    assert [v.version for v in store.versions(SHOPS, "S0000000", scope=CITY)] == [1, 2]
    assert [v.version for v in store.versions(SHOPS, "S0000001", scope=CITY)] == [1]
    assert [hit.key for hit in store.search("改名", scope=CITY)] == ["S0000000"]


def test_a_key_that_comes_again_in_a_later_part_of_a_load_is_the_next_version(store):
    parts = [many_shops(3, 10), many_shops(3, 0), many_shops(3, 12), many_shops(1, 11)]
    named = [part.set_column(1, "name", [[f"{place}"] * len(part)]) for place, part in enumerate(parts)]
    loaded = store.load(SHOPS, iter([b for t in named for b in t.to_batches()]), actor=CLERK, reason="", scope=CITY)
    found = {key: store.get(SHOPS, f"S{key:07d}", scope=CITY) for key in (0, 10, 11, 12, 14)}
    assert [(row.record.name, row.version) for row in found.values()] == [
        ("1", 1), ("0", 1), ("3", 2), ("2", 2), ("2", 1),
    ]  # fmt: skip
    assert (loaded.rows, loaded.new) == (10, 8)
    assert store.verify().findings == ()


def test_a_load_that_fails_half_way_leaves_nothing(store):
    good, bad = many_shops(60_000), many_shops(10, 60_000)
    bad = bad.set_column(bad.schema.get_field_index("code"), "code", pa.array([*bad["code"].to_pylist()[:9], ""]))
    batches = iter([*good.to_batches(), *bad.to_batches()])
    with pytest.raises(FaultsError) as caught:
        store.load(SHOPS, batches, actor=CLERK, reason="", scope=CITY)
    assert [(f.field, f.row) for f in caught.value.faults] == [("code", 60_010)]
    assert store.head() == 0
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 0
    assert store.search("化工", scope=CITY) == ()


def test_a_load_names_every_fault(store):
    table = pa.table({"code": ["A", "B"], "risk": ["one", "two"], "colour": ["red", "blue"]})
    with pytest.raises(FaultsError) as caught:
        store.load(SHOPS, table, actor=CLERK, reason="", scope=CITY)
    assert sorted(f.field for f in caught.value.faults) == ["colour", "risk"]
    twice = pa.table({"code": ["A", "A"]})
    with pytest.raises(FaultsError, match="主键重复"):
        store.load(SHOPS, twice, actor=CLERK, reason="", scope=CITY)


def test_a_load_outside_the_district_is_refused(store):
    with pytest.raises(ForbiddenError):
        store.load(SHOPS, many_shops(10), actor=CLERK, reason="", scope=DISTRICT)
    assert store.head() == 0


def test_one_stream_does_not_chain_to_another(store):
    put(store, shop(), Note(code="N"), shop("S2"))
    streams = [e.stream for e in store.feed(after=0, scope=CITY)]
    assert streams == ["supervision", "event", "supervision"]


def test_two_character_words_single_characters_and_codes_are_found(store):
    put(store, shop("LT-201", name="海星液氨站", goods=("液氨", "硫酸")), shop("S9", name="氨水厂"))
    assert [h.key for h in store.search("液氨", scope=CITY)] == ["LT-201"]
    assert {h.key for h in store.search("氨", scope=CITY)} == {"LT-201", "S9"}
    assert [h.key for h in store.search("lt 20", scope=CITY)] == ["LT-201"]
    assert [h.key for h in store.search("硫酸 海星", scope=CITY)] == ["LT-201"]
    hit = store.search("液氨", scope=CITY)[0]
    assert (hit.layer, hit.label, hit.lon, hit.lat) == ("shops", "海星液氨站", 121.0, 33.0)
    assert store.search("硝酸", scope=CITY) == ()
    assert store.search(" *\"'", scope=CITY) == ()


def test_search_follows_every_change(store):
    put(store, shop(name="液氨站"))
    put(store, shop(name="硫酸站"))
    assert store.search("液氨", scope=CITY) == ()
    assert len(store.search("硫酸", scope=CITY)) == 1
    store.commit([Delete(layer="shops", key="S1")], actor=CLERK, reason="", scope=CITY)
    assert store.search("硫酸", scope=CITY) == ()


def test_batches_stream_the_same_rows_as_read(store):
    store.load(SHOPS, many_shops(1000), actor=CLERK, reason="", scope=CITY)
    parts = list(store.batches(SHOPS, EVERYTHING, scope=CITY, rows=300))
    assert [part.num_rows for part in parts] == [300, 300, 300, 100]
    empty = list(store.batches(SHOPS, Query(limit=0), scope=CITY))
    assert empty[0].schema == parts[0].schema
