"""A caller limited to enterprises reads and writes the rows of these, through whichever door of the store."""

from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import ConflictError, FaultsError, ForbiddenError, NotFoundError
from core.scope import Scope
from layers.catalogue.attachments import ATTACHMENTS
from layers.filters import Compare, Filter, In, Like, Missing, Not, Op
from layers.layer import Catalogue, Layer
from layers.record import Record
from store.attachments import Cabinet
from store.compile import where_clause
from store.feed import Change, Delete, Put
from store.merging import Desk, merge
from store.postgis.reading import compiler
from store.protocol import Store
from store.query import COUNT, EVERYTHING, Query
from store.unmerging import unmerge
from tests.store.cityscape import CITY, CLERK, Clock
from tests.store.firms import (
    CLINICS,
    COUNTY,
    CREWS,
    EAST,
    FIRMS,
    PLANTS,
    PLOTS,
    WEST,
    WORKS,
    Crew,
    Thing,
    firm,
    only,
    table_of,
    works,
)

OURS, NOBODYS = only("A"), only()


@pytest.fixture
def county(opened) -> Store:
    """Firms A, B and C with a plant each, one plant of nobody, and rows that are open to everybody."""
    store: Store = opened(COUNTY)
    put(store, FIRMS, *(firm(code) for code in "ABC"))
    put(store, WORKS, *(works(f"W{code}", code) for code in "ABC"), works("W0", ""))
    put(store, CREWS, Crew(code="TA", enterprise="A", area=EAST), Crew(code="TB", enterprise="B", area=EAST))
    put(store, CLINICS, Thing(code="H", area=WEST))
    put(store, PLOTS, Thing(code="P", area=EAST), Thing(code="Q", area=WEST))
    return store


def put(store: Store, layer: Layer, *records: Record, scope: Scope = CITY) -> None:
    store.commit([Put(layer=layer.id, record=one) for one in records], actor=CLERK, reason="test", scope=scope)


def delete(store: Store, layer: Layer, key: str, *, scope: Scope = CITY) -> None:
    store.commit([Delete(layer=layer.id, key=key)], actor=CLERK, reason="test", scope=scope)


def seen(store: Store, layer: Layer, scope: Scope, query: Query = EVERYTHING) -> list[str]:
    return sorted(store.read(layer, query, scope=scope)["code"].to_pylist())


def told(store: Store, scope: Scope, *, after: int = 0, limit: int = 1000) -> list[tuple[str, str]]:
    entries = store.feed(after=after, scope=scope, layers=frozenset({WORKS.id}), limit=limit)
    return [(entry.key, str(entry.change)) for entry in entries]


def test_the_enterprise_of_a_row_is_the_key_of_the_ledger_or_its_first_reference_there():
    assert [layer.enterprise_field for layer in COUNTY] == ["code", "enterprise", "enterprise", None, None]
    assert [layer.narrowed_by(OURS) for layer in COUNTY] == ["code", "enterprise", None, None, None]
    assert {layer.narrowed_by(CITY) for layer in COUNTY} == {None}


def test_a_scope_without_enterprises_asks_nothing_more(county):
    sql = compiler()
    assert where_clause(sql, WORKS, EVERYTHING, CITY) == "(sensitivity <= %s)"
    assert sql.params == [3]


def test_only_rows_of_their_own_enterprises_are_read_counted_and_found(county):
    assert seen(county, FIRMS, OURS) == ["A"]
    assert seen(county, WORKS, OURS) == ["WA"]
    assert seen(county, WORKS, only("A", "C", "nobody")) == ["WA", "WC"]
    assert county.count(WORKS, EVERYTHING, scope=OURS) == 1
    assert county.totals(WORKS, EVERYTHING, by=("enterprise",), of=(COUNT,), scope=OURS).to_pylist() == [
        {"enterprise": "A", "count": 1}
    ]
    assert {hit.key for hit in county.search("化工", scope=OURS)} == {"A", "WA"}
    assert county.get(WORKS, "WA", scope=OURS).record == works("WA", "A")
    for layer, key in ((FIRMS, "B"), (WORKS, "WB"), (WORKS, "W0")):
        with pytest.raises(NotFoundError):
            county.get(layer, key, scope=OURS)
    with county.snapshot() as moment:
        assert moment.count(WORKS, EVERYTHING, scope=OURS) == 1
        assert pa.Table.from_batches(moment.batches(WORKS, EVERYTHING, scope=OURS))["code"].to_pylist() == ["WA"]


def test_a_word_that_is_everywhere_still_finds_their_own(county, monkeypatch):
    for engine in ("embedded", "postgis"):
        monkeypatch.setattr(f"store.{engine}.words.RANKED", 5)
    county.load(WORKS, table_of(["B"] * 20), actor=CLERK, reason="", scope=CITY)
    put(county, WORKS, works("last", "A"))
    assert {hit.key for hit in county.search("化工", scope=OURS)} == {"A", "WA", "last"}


def test_rows_shared_or_of_no_enterprise_are_open_as_areas_say(county):
    assert seen(county, CREWS, OURS) == ["TA", "TB"]
    assert seen(county, CLINICS, OURS) == ["H"]
    assert seen(county, PLOTS, only("A", areas=(EAST,))) == ["P"]
    assert seen(county, WORKS, only("A", areas=(WEST,))) == []


def test_no_enterprise_at_all_sees_no_row_that_belongs_to_one(county):
    assert seen(county, FIRMS, NOBODYS) == seen(county, WORKS, NOBODYS) == []
    assert {hit.key for hit in county.search("化工", scope=NOBODYS)} == set()
    assert told(county, NOBODYS) == []
    assert seen(county, CLINICS, NOBODYS) == ["H"]


@pytest.mark.parametrize(
    "where",
    [
        Compare("enterprise", Op.EQ, "B"),
        Compare("enterprise", Op.NE, "A"),
        In("enterprise", ("B", "C", "")),
        Not(Compare("enterprise", Op.EQ, "A")),
        Like("enterprise", "B%"),
        Missing("enterprise"),
        Compare("code", Op.EQ, "WB"),
    ],
)
def test_no_filter_tells_of_the_rows_of_others(county, where: Filter):
    assert seen(county, WORKS, OURS, Query(where=where)) == []
    assert county.count(WORKS, Query(where=where), scope=OURS) == 0


def test_the_past_shows_what_was_theirs_then(county):
    before = county.head()
    put(county, WORKS, works("WB", "A"), works("WA", "B"))
    delete(county, WORKS, "WC")
    assert seen(county, WORKS, OURS) == ["WB"]
    assert seen(county, WORKS, OURS, Query(at_seq=before)) == ["WA"]
    assert seen(county, WORKS, only("C"), Query(at_seq=before)) == ["WC"]
    assert county.count(WORKS, Query(at_seq=before), scope=OURS) == 1


def test_of_a_row_that_changed_hands_each_owner_sees_their_own_versions(county):
    put(county, WORKS, works("WA", "B", size=2))
    put(county, WORKS, works("WA", "A", size=3))
    delete(county, WORKS, "WA")
    assert [one.version for one in county.versions(WORKS, "WA", scope=OURS)] == [1, 3]
    assert [one.version for one in county.versions(WORKS, "WA", scope=only("B"))] == [2]
    assert county.versions(WORKS, "WA", scope=only("C")) == ()
    assert county.versions(FIRMS, "B", scope=OURS) == ()


def test_the_feed_tells_of_their_rows_alone_and_of_one_that_left_only_that_it_left(county):
    start = county.head()
    assert told(county, OURS) == [("WA", "put")]
    put(county, WORKS, works("WB", "B", size=2), works("WA", "A", size=2), works("WB", "A"), works("WB", "B"))
    delete(county, WORKS, "WA")
    delete(county, WORKS, "WC")
    assert told(county, OURS, after=start) == [("WA", "put"), ("WB", "put"), ("WB", "delete"), ("WA", "delete")]
    assert told(county, only("C"), after=start) == [("WC", "delete")]
    left = county.feed(after=start, scope=OURS)[2]
    assert (left.new_version, left.row_hash, left.reason, left.chain) == (None, "", "", "")


def test_a_load_of_rows_that_belong_to_enterprises_is_told_without_anything_of_it(county):
    start = county.head()
    county.load(WORKS, table_of(["B", "B"]), actor=CLERK, reason="B 的装置", scope=CITY)
    county.load(CLINICS, pa.table({"code": ["H2"], "area": [EAST]}), actor=CLERK, reason="诊所", scope=CITY)
    works_told, clinics_told = county.feed(after=start, scope=OURS)
    assert (works_told.change, works_told.key, works_told.area) == (Change.LOAD, "", "")
    assert (works_told.rows, works_told.row_hash, works_told.reason, works_told.chain) == (0, "", "", "")
    assert (clinics_told.rows, clinics_told.reason, clinics_told.area) == (1, "诊所", EAST)
    own = only("A", areas=(EAST,))
    county.load(WORKS, table_of(["A"], 10), actor=CLERK, reason="A 的装置", scope=own)
    assert county.feed(after=county.head() - 1, scope=own)[0].reason == ""


def test_a_page_of_the_feed_is_full_however_much_of_others_lies_between(county, monkeypatch):
    monkeypatch.setattr("store.tailing.PAGE", 3)
    start = county.head()
    for turn in range(4):
        put(county, WORKS, *(works("WB", "B", size=turn * 10 + n) for n in range(7)), works(f"W{turn}", "A"))
    assert told(county, OURS, after=start, limit=2) == [("W0", "put"), ("W1", "put")]
    assert len(told(county, OURS, after=start)) == 4
    last = county.feed(after=start, scope=OURS, limit=2)[-1].seq
    assert told(county, OURS, after=last) == [("W2", "put"), ("W3", "put")]


def test_the_owner_of_an_old_version_is_read_under_the_name_it_was_written_with(opened):
    store: Store = opened(COUNTY)
    put(store, WORKS, works("WA", "A"), works("WB", "B"))
    put(store, WORKS, works("WA", "A", size=2), works("WB", "B", size=2))
    store = opened(Catalogue(FIRMS, PLANTS))
    assert PLANTS.enterprise_field == "firm"
    assert [v.version for v in store.versions(PLANTS, "WA", scope=OURS)] == [1, 2]
    assert store.versions(PLANTS, "WB", scope=OURS) == ()
    assert [(entry.key, entry.new_version) for entry in store.feed(after=0, scope=OURS)] == [
        ("WA", 1), ("WA", 2), ("", None),
    ]  # fmt: skip
    assert seen(store, PLANTS, OURS, Query(at_seq=2)) == ["WA"]


def test_rows_of_their_own_may_be_written_moved_among_them_and_deleted(county):
    put(county, WORKS, works("WA", "A", size=9), works("new", "A"), scope=OURS)
    put(county, WORKS, works("WA", "B"), scope=only("A", "B"))
    put(county, CREWS, Crew(code="TA", enterprise="A", area=WEST), scope=OURS)
    delete(county, WORKS, "new", scope=OURS)
    assert seen(county, WORKS, CITY, Query(where=Compare("enterprise", Op.EQ, "A"))) == []


@pytest.mark.parametrize(
    ("layer", "record"),
    [
        (WORKS, works("WB", "B")),
        (WORKS, works("WB", "A")),
        (WORKS, works("WA", "B")),
        (WORKS, works("WA", "")),
        (WORKS, works("new", "B")),
        (FIRMS, firm("B")),
        (FIRMS, firm("new")),
        (CREWS, Crew(code="TB", enterprise="B", area=EAST)),
        (CREWS, Crew(code="TB", enterprise="A", area=EAST)),
        (CLINICS, Thing(code="H", area=WEST)),
        (PLOTS, Thing(code="new", area=EAST)),
    ],
)
def test_no_row_of_others_is_written_taken_or_given_away(county, layer: Layer, record: Record):
    head = county.head()
    with pytest.raises(ForbiddenError, match=r"A 的数据|本企业的数据"):
        put(county, layer, record, scope=OURS)
    assert county.head() == head


def test_a_refusal_names_the_row_and_what_is_allowed_and_not_whose_it_is(county):
    with pytest.raises(ForbiddenError) as caught:
        county.commit(
            [Put(layer="works", record=works("WB", "A"), expected=0)], actor=CLERK, reason="", scope=only("A", "C")
        )
    assert str(caught.value) == (
        "“WB”不属于您的企业,您只能修改 A、C 的数据 / 'WB' is not of your enterprise; you may change rows of A, C only"
    )


def test_deleting_a_row_of_others_is_as_if_it_were_not_there(county):
    for key in ("WB", "W0", "never"):
        with pytest.raises(ConflictError, match=f"没有“{key}”可删"):
            delete(county, WORKS, key, scope=OURS)
    with pytest.raises(ForbiddenError, match="“TB”不属于您的企业"):
        delete(county, CREWS, "TB", scope=OURS)


def test_an_owner_one_may_not_see_stays_and_still_decides(county):
    blind = Scope(
        areas=("",), clearance=CITY.clearance, writable=None, hidden=frozenset({("works", "enterprise")}),
        enterprises=frozenset("A"),
    )  # fmt: skip
    put(county, WORKS, works("WA", "", size=4), scope=blind)
    assert county.get(WORKS, "WA", scope=CITY).record.enterprise == "A"
    with pytest.raises(ForbiddenError):
        put(county, WORKS, works("WB", "", size=4), scope=blind)


def test_a_load_holds_rows_of_their_own_before_and_after(county):
    assert county.load(WORKS, table_of(["A", "A"]), actor=CLERK, reason="", scope=OURS).rows == 2
    county.load(WORKS, table_of(["B"], 20), actor=CLERK, reason="", scope=CITY)
    head = county.head()
    stolen = table_of(["A"], 20)
    for rows, keep in ((table_of(["A", "B"], 30), ()), (stolen, ()), (stolen, ("enterprise", "name", "area"))):
        with pytest.raises(ForbiddenError, match=r"“L020”|“L031”"):
            county.load(WORKS, rows, actor=CLERK, reason="", scope=OURS, keep=keep)
    for layer in (CLINICS, PLOTS):
        with pytest.raises(ForbiddenError, match="不属于任何企业"):
            county.load(layer, pa.table({"code": ["X"]}), actor=CLERK, reason="", scope=OURS)
    with pytest.raises(ForbiddenError):
        county.load(CREWS, pa.table({"code": ["TB"], "enterprise": ["A"]}), actor=CLERK, reason="", scope=OURS)
    assert county.head() == head


def test_erasing_reaches_rows_that_were_theirs_in_every_version(county):
    put(county, WORKS, works("WA", "A", keeper="王芳"), works("WB", "B", keeper="李明"))
    put(county, WORKS, works("WC", "C", keeper="张伟"), works("WC", "A", keeper="张伟"))

    def erase(key: str, field: str = "keeper") -> int:
        return len(county.erase(WORKS, [key], [field], actor=CLERK, reason="申请", scope=OURS).entries)

    assert erase("WA") == 1
    with pytest.raises(NotFoundError):
        erase("WB")
    with pytest.raises(ForbiddenError, match="“WC”"):
        erase("WC")
    with pytest.raises(FaultsError, match="决定谁能看到本记录"):
        county.erase(WORKS, ["WA"], ["enterprise"], actor=CLERK, reason="", scope=CITY)
    assert county.verify().findings == ()
    assert told(county, OURS, after=county.head() - 1) == [("WA", "erase")]


def desk(store: Store, scope: Scope) -> Desk:
    return Desk(store=store, layer=FIRMS, actor=CLERK, scope=scope)


def test_a_merger_is_made_and_undone_by_who_may_write_for_both(county):
    for scope in (OURS, only("B")):
        with pytest.raises(NotFoundError):
            merge(desk(county, scope), "A", "B", reason="合并")
    both = only("A", "B")
    merge(desk(county, both), "A", "B", reason="合并")
    assert seen(county, WORKS, OURS) == ["WA", "WB"]
    assert seen(county, WORKS, only("B")) == []
    with pytest.raises(NotFoundError):
        unmerge(desk(county, OURS), "B", reason="撤销")
    unmerge(desk(county, both), "B", reason="撤销")
    assert (seen(county, WORKS, OURS), seen(county, WORKS, only("B"))) == (["WA"], ["WB"])


def test_files_go_with_the_records_of_their_own(opened, tmp_path: Path):
    store: Store = opened(Catalogue(FIRMS, WORKS, CREWS, CLINICS, PLOTS, ATTACHMENTS))
    put(store, WORKS, works("WA", "A"), works("WB", "B"))
    put(store, CLINICS, Thing(code="H", area=EAST))
    cabinet = Cabinet(store, tmp_path / "files", Clock(), largest=1000)

    def attach(layer: Layer, key: str, scope: Scope) -> str:
        with cabinet.draft([b"%PDF-1.7 x"], "plan.pdf") as draft:
            return cabinet.keep(layer, key, draft, actor=CLERK, scope=scope).record.id

    a, b, h = attach(WORKS, "WA", OURS), attach(WORKS, "WB", CITY), attach(CLINICS, "H", CITY)
    assert cabinet.find(a, scope=OURS).record.of_key == "WA"
    assert [one.record.id for one in cabinet.of(WORKS, "WA", scope=OURS)] == [a]
    assert [one.record.id for one in cabinet.of(CLINICS, "H", scope=OURS)] == [h]
    for missing in (b, "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(NotFoundError, match=f"没有附件“{missing}”"):
            cabinet.find(missing, scope=OURS)
    with pytest.raises(NotFoundError):
        cabinet.of(WORKS, "WB", scope=OURS)
    with pytest.raises(NotFoundError):
        attach(WORKS, "WB", OURS)
    with pytest.raises(ForbiddenError):
        attach(CLINICS, "H", OURS)
    with pytest.raises(ForbiddenError):
        cabinet.remove(h, actor=CLERK, reason="", scope=OURS)
    assert [cabinet.may_change(layer, key, scope=OURS) for layer, key in ((WORKS, "WA"), (CLINICS, "H"))] == [
        True,
        False,
    ]
    cabinet.remove(a, actor=CLERK, reason="", scope=OURS)


def test_the_register_of_files_is_met_through_records_only(opened):
    store: Store = opened(Catalogue(WORKS, ATTACHMENTS))
    assert ATTACHMENTS in store.catalogue.seen_by(CITY)
    assert ATTACHMENTS not in store.catalogue.seen_by(OURS)
    with pytest.raises(NotFoundError):
        store.read(ATTACHMENTS, EVERYTHING, scope=OURS)
