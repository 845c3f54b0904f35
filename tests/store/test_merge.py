"""Two rows that are one: merged and un-merged, references and all, on each engine."""

import pyarrow as pa
import pytest
import shapely

from core.errors import BadInputError, ConflictError, FaultsError, ForbiddenError
from core.scope import Scope, Sensitivity
from layers.filters import Compare, Op
from store.feed import Change, Delete, Put
from store.merging import Desk, Merge, merge, planned
from store.protocol import Store
from store.query import EVERYTHING, Query
from store.unmerging import unmerge
from tests.store.cityscape import CITY, CLERK, NOTES, SHOPS, TANKS, Tank, shop

KEEP, DROP = "S-KEEP", "S-DROP"


def desk(store: Store, scope: Scope = CITY) -> Desk:
    return Desk(store=store, layer=SHOPS, actor=CLERK, scope=scope)


def put(store: Store, *records: object) -> None:
    named = {"Shop": "shops", "Tank": "tanks"}
    edits = [Put(layer=named[type(r).__name__], record=r) for r in records]  # type: ignore[arg-type]
    store.commit(edits, actor=CLERK, reason="", scope=CITY)


def town(store: Store) -> None:
    """Two shops that are one, with three tanks: one of the kept shop, two of the other."""
    put(store, shop(KEEP, name="海星化工", phone=""), shop(DROP, name="海星化工有限公司", phone="139", risk=2))
    put(store, tank("T1", KEEP), tank("T2", DROP), tank("T3", DROP))


def tank(code: str, of: str, area: str = "330102001") -> Tank:
    return Tank(code=code, shop=of, area=area, geometry=shapely.Point(121, 33))


def shops_of_tanks(store: Store) -> dict[str, str]:
    table = store.read(TANKS, EVERYTHING, scope=CITY)
    return dict(zip(table["code"].to_pylist(), table["shop"].to_pylist(), strict=True))


def merged(store: Store, **more: object) -> Merge:
    return merge(desk(store), KEEP, DROP, reason="同一企业重复登记", **more)  # type: ignore[arg-type]


def test_references_follow_a_merge_and_history_stays(store: Store) -> None:
    town(store)
    done = merged(store)
    assert [(m.layer, m.key, m.fields) for m in done.moved] == [("tanks", "T2", ("shop",)), ("tanks", "T3", ("shop",))]
    assert shops_of_tanks(store) == {"T1": KEEP, "T2": KEEP, "T3": KEEP}
    assert [e.change for e in done.entries] == [Change.MERGE] * 4
    assert "同一企业重复登记" in done.entries[0].reason
    assert [v.version for v in store.versions(TANKS, "T2", scope=CITY)] == [1, 2]
    assert store.verify().findings == ()


def test_the_row_merged_away_is_found_but_no_longer_counted_nor_drawn(store: Store) -> None:
    town(store)
    merged(store)
    assert store.get(SHOPS, DROP, scope=CITY).record.merged_into == KEEP  # type: ignore[attr-defined]
    assert {hit.key for hit in store.search("海星", scope=CITY)} == {KEEP, DROP}
    assert store.read(SHOPS, EVERYTHING, scope=CITY)["code"].to_pylist() == [KEEP]
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 1
    assert store.count(SHOPS, Query(merged=True), scope=CITY) == 2
    assert store.count(SHOPS, Query(at_seq=5), scope=CITY) == 2


def test_the_kept_rows_values_stand_and_empty_ones_are_filled_only_when_asked(store: Store) -> None:
    town(store)
    assert planned(desk(store), KEEP, DROP, fill=True).done.filled == ("risk", "phone")
    assert merged(store).filled == ()
    assert store.get(SHOPS, KEEP, scope=CITY).record.phone == ""  # type: ignore[attr-defined]
    unmerge(desk(store), DROP, reason="重做")
    merged(store, fill=True)
    kept = store.get(SHOPS, KEEP, scope=CITY).record
    assert (kept.name, kept.phone, kept.risk) == ("海星化工", "139", 2)  # type: ignore[attr-defined]


def test_an_undone_merge_restores_exactly_what_it_moved(store: Store) -> None:
    town(store)
    merged(store, fill=True)
    put(store, tank("T4", KEEP))
    put(store, store.get(TANKS, "T3", scope=CITY).record.model_copy(update={"chemical": "液氨"}))
    done = unmerge(desk(store), DROP, reason="并非同一企业")
    assert shops_of_tanks(store) == {"T1": KEEP, "T2": DROP, "T3": DROP, "T4": KEEP}
    assert store.get(TANKS, "T3", scope=CITY).record.chemical == "液氨"  # type: ignore[attr-defined]
    kept = store.get(SHOPS, KEEP, scope=CITY).record
    assert (kept.phone, kept.risk) == ("", None)  # type: ignore[attr-defined]
    assert store.get(SHOPS, DROP, scope=CITY).record.merged_into == ""  # type: ignore[attr-defined]
    assert {e.change for e in done.entries} == {Change.UNMERGE}
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 2
    assert store.verify().findings == ()


def test_what_was_changed_again_or_deleted_since_is_left_alone(store: Store) -> None:
    town(store)
    put(store, shop("S-THIRD"))
    merged(store, fill=True)
    put(store, tank("T2", "S-THIRD"))
    put(store, store.get(SHOPS, KEEP, scope=CITY).record.model_copy(update={"phone": "110"}))
    store.commit([Delete(layer="tanks", key="T3")], actor=CLERK, reason="", scope=CITY)
    done = unmerge(desk(store), DROP, reason="")
    assert (done.moved, done.filled) == ((), ("risk",))
    assert shops_of_tanks(store) == {"T1": KEEP, "T2": "S-THIRD"}
    assert store.get(SHOPS, KEEP, scope=CITY).record.phone == "110"  # type: ignore[attr-defined]


@pytest.mark.parametrize("first", [DROP, KEEP])
def test_merges_on_top_of_merges_are_undone_in_either_order(store: Store, first: str) -> None:
    town(store)
    put(store, shop("S-BIG"))
    merged(store)
    merge(desk(store), "S-BIG", KEEP, reason="又一次")
    assert set(shops_of_tanks(store).values()) == {"S-BIG"}
    assert store.get(SHOPS, DROP, scope=CITY).record.merged_into == "S-BIG"  # type: ignore[attr-defined]
    for key in (first, KEEP if first == DROP else DROP):
        unmerge(desk(store), key, reason="")
    assert shops_of_tanks(store) == {"T1": KEEP, "T2": DROP, "T3": DROP}
    assert store.count(SHOPS, EVERYTHING, scope=CITY) == 3


def test_a_merge_is_refused_when_somebody_changed_a_row_first(store: Store) -> None:
    town(store)
    put(store, shop(DROP, name="改过"))
    with pytest.raises(ConflictError, match="第 2 版"):
        merged(store, seen={DROP: 1})
    with pytest.raises(BadInputError, match="自身"):
        merge(desk(store), KEEP, KEEP, reason="")
    with pytest.raises(ConflictError, match="没有并入"):
        unmerge(desk(store), DROP, reason="")
    merged(store)
    for keep, drop in ((KEEP, DROP), (DROP, KEEP)):
        with pytest.raises(ConflictError, match="请先撤销"):
            merge(desk(store), keep, drop, reason="")
    with pytest.raises(BadInputError, match="不能合并"):
        merge(Desk(store=store, layer=NOTES, actor=CLERK, scope=CITY), "A", "B", reason="")


def test_a_reference_made_while_the_merge_was_planned_follows_too(store: Store) -> None:
    town(store)
    stale = store.head()
    put(store, tank("T9", DROP))
    with pytest.raises(ConflictError, match="又有变更"):
        store.commit([Put(layer="shops", record=shop("X"))], actor=CLERK, reason="", scope=CITY, at_head=stale)
    merged(store)
    assert shops_of_tanks(store)["T9"] == KEEP


@pytest.mark.parametrize(
    "scope",
    [
        Scope(areas=("330102",), clearance=Sensitivity.SECRET, writable=None),
        Scope(areas=("",), clearance=Sensitivity.PUBLIC, writable=None),
        Scope(areas=("",), clearance=Sensitivity.SECRET, writable=frozenset({"shops"})),
        Scope(areas=("",), clearance=Sensitivity.SECRET, hidden=frozenset({("tanks", "shop")}), writable=None),
    ],
    ids=["another district", "clearance", "read only", "hidden reference"],
)
def test_nobody_merges_or_unmerges_what_refers_beyond_their_rights(store: Store, scope: Scope) -> None:
    town(store)
    put(store, tank("T9", DROP, area="330105001"))
    before = store.head()
    with pytest.raises(ForbiddenError):
        merge(desk(store, scope), KEEP, DROP, reason="")
    assert store.head() == before
    merged(store)
    with pytest.raises(ForbiddenError):
        unmerge(desk(store, scope), DROP, reason="")
    assert shops_of_tanks(store)["T2"] == KEEP


def test_a_merge_is_neither_undone_nor_feigned_by_writing_a_row(store: Store) -> None:
    town(store)
    with pytest.raises(FaultsError, match="合并操作"):
        put(store, shop(KEEP, merged_into=DROP))
    merged(store)
    with pytest.raises(FaultsError, match="已并入“S-KEEP”"):
        put(store, shop(DROP, name="海星"))
    with pytest.raises(FaultsError, match="已并入“S-KEEP”"):
        store.load(SHOPS, pa.table({"code": [DROP, "S-NEW"]}), actor=CLERK, reason="", scope=CITY)
    put(store, store.get(SHOPS, DROP, scope=CITY).record.model_copy(update={"name": "海星旧档"}))
    assert store.count(SHOPS, Query(where=Compare("code", Op.EQ, DROP)), scope=CITY) == 0
