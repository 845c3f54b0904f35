"""No row is kept where no account would see it: its area is told from its place or its enterprise, or it is refused."""

import random

import pyarrow as pa
import shapely

from app.imports.tables import Outcome, Wish
from app.imports.telling import told
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import CATALOGUE
from layers.validation import Finding
from store.protocol import Store
from store.query import EVERYTHING
from tests.imports.conftest import Take

DISTRICTS = {"330203": ("海曙区", 121.0, 121.5), "330206": ("北仑区", 121.5, 122.0)}
"""Two squares side by side, not the districts' true boundaries."""
KEYS = ["91330211M590830151", "91330206M661318633", "91330203M526018100"]


def areas(towns: bool = False) -> pa.Table:
    rows = [(code, name, "区县", shapely.box(w, 29, e, 30)) for code, (name, w, e) in DISTRICTS.items()]
    if towns:
        rows.append(("330206001", "新碶街道", "镇街", shapely.box(121.5, 29, 121.7, 30)))
    random.Random(7).shuffle(rows)
    names = ("区划代码", "名称", "级别", "geometry")
    return pa.table({n: [shapely.to_wkb(r[i]) if i == 3 else r[i] for r in rows] for i, n in enumerate(names)})


def firms(*places: float | None, **more: list[str]) -> pa.Table:
    shapes = [None if x is None else shapely.to_wkb(shapely.Point(x, 29.5)) for x in places]
    columns = {
        "信用代码": KEYS[: len(places)],
        "企业名称": list("甲乙丙")[: len(places)],
        "行业": ["危化"] * len(places),
    }
    return pa.table({**columns, "geometry": pa.array(shapes, pa.binary()), **more})


def kept(store: Store, layer: str = "enterprises") -> list[str]:
    table = store.read(CATALOGUE[layer], EVERYTHING, scope=SYSTEM_SCOPE).sort_by(CATALOGUE[layer].key)
    return list(table["area"].to_pylist())


def faults(outcome: Outcome, severity: str = "error") -> list[Finding]:
    return [fault for fault in outcome.done.checked.listed() if fault.severity == severity and fault.field == "area"]


def test_a_ledger_without_an_area_column_is_placed_by_its_points_and_seen_by_its_district(store: Store, take: Take):
    take("areas", areas())
    outcome = take("enterprises", firms(121.2, 121.7))
    assert outcome.status == 0
    assert "行政区划由坐标判定 2 行" in "\n".join(told(outcome))
    district = Scope(areas=("330206",), clearance=Sensitivity.INTERNAL)
    assert store.read(CATALOGUE["enterprises"], EVERYTHING, scope=district)["uscc"].to_pylist() == [KEYS[1]]


def test_towns_place_a_row_before_districts_do(store: Store, take: Take):
    take("areas", areas(towns=True))
    take("enterprises", firms(121.2, 121.6, 121.9))
    assert sorted(kept(store)) == ["330203", "330206", "330206001"]


def test_a_point_on_a_border_is_always_in_the_area_of_the_lower_code(store: Store, take: Take):
    take("areas", areas())
    take("enterprises", firms(121.5))
    assert kept(store) == ["330203"]


def test_empty_cells_are_filled_and_stated_ones_stay(store: Store, take: Take):
    take("areas", areas())
    outcome = take("enterprises", firms(121.2, 121.7, 行政区划代码=["", "330206"]))
    assert [(by.zh, rows) for by, rows in outcome.done.checked.areas] == [("坐标", 1)]
    assert sorted(kept(store)) == ["330203", "330206"]


def test_a_stated_area_the_position_contradicts_is_kept_and_both_are_named(store: Store, take: Take):
    take("areas", areas(towns=True))
    outcome = take("enterprises", firms(121.2, 121.6, 121.9, 行政区划代码=["330206", "330206", "330206001"]))
    assert [(f.row, f.rule.zh) for f in faults(outcome, "warning")] == [
        (1, "所填区划属北仑区330206,坐标却在海曙区330203")
    ]
    assert (outcome.status, kept(store).count("330206")) == (0, 2)


def test_on_a_border_neither_district_is_contradicted(take: Take):
    take("areas", areas())
    assert faults(take("enterprises", firms(121.5, 行政区划代码=["330206"])), "warning") == []


def test_rows_whose_area_cannot_be_told_are_refused_by_name(store: Store, take: Take):
    take("areas", areas())
    outcome = take("enterprises", firms(121.2, None, 120.1))
    assert [(f.row, f.key) for f in faults(outcome)] == [(2, KEYS[1]), (3, KEYS[2])]
    assert "无法判定行政区划,任何账号都将看不到此行" in faults(outcome)[0].rule.zh
    assert (outcome.status, kept(store)) == (1, [])
    assert take("enterprises", firms(121.2, None, 120.1), Wish(good_only=True)).loaded.rows == 1


def test_in_a_fresh_city_a_ledger_needs_its_areas_stated(store: Store, take: Take):
    refused = take("enterprises", firms(121.2))
    assert "先导入行政区划界线" in faults(refused)[0].rule.zh
    assert take("enterprises", firms(121.2), Wish(constants={"area": "330203"})).status == 0
    assert kept(store) == ["330203"]


def test_a_row_without_a_place_is_where_its_enterprise_is(store: Store, take: Take):
    take("areas", areas())
    take("enterprises", firms(121.2, 121.7))
    sites = pa.table({"code": ["S1", "S2"], "name": ["一厂", "二厂"], "enterprise": KEYS[:2]})
    outcome = take("sites", sites)
    assert (outcome.status, kept(store, "sites")) == (0, ["330203", "330206"])
    assert "行政区划由所属企业判定 2 行" in "\n".join(told(outcome))


def test_the_town_a_row_names_tells_its_area_too(store: Store, take: Take):
    take("areas", areas(towns=True))
    take("enterprises", firms(None, 镇街=["330206001"]))
    assert kept(store) == ["330206001"]


def test_shared_rows_of_a_fresh_city_are_kept_with_a_warning(store: Store, take: Take):
    line = shapely.to_wkb(shapely.LineString([(121.2, 29.2), (121.3, 29.3)]))
    road = pa.table({"code": ["R1"], "kind": ["trunk"], "geometry": pa.array([line], pa.binary())})
    outcome = take("roads", road)
    assert (outcome.status, len(faults(outcome, "warning")), kept(store, "roads")) == (0, 1, [""])
    take("areas", areas())
    assert take("roads", road).status == 0
    assert kept(store, "roads") == ["330203"]


def test_areas_themselves_are_asked_for_no_area(take: Take):
    outcome = take("areas", areas())
    assert (outcome.status, faults(outcome), faults(outcome, "warning")) == (0, [], [])


def test_a_later_delivery_without_areas_leaves_them(store: Store, take: Take):
    take("areas", areas())
    take("enterprises", firms(121.2, 行政区划代码=["330206"]))
    head = store.head()
    again = take("enterprises", firms(121.2))
    assert (again.loaded.unchanged, store.head(), kept(store)) == (1, head, ["330206"])
    assert len(faults(again, "warning")) == 1
    take("enterprises", pa.table({"信用代码": KEYS[:1], "从业人数": ["3"]}))
    assert kept(store) == ["330206"]
    take("enterprises", firms(121.2), Wish(replace=True))
    assert kept(store) == ["330203"]
