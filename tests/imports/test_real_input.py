"""Real files into a real store: what was in the file is in the store, or nothing is."""

import csv
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from app.commands.import_ import layer_named, pairs
from app.commands.options import one_of
from app.imports.rasters import import_raster
from app.imports.tables import Wish
from app.imports.telling import told
from core.actors import SYSTEM_ACTOR
from core.errors import BadInputError, FaultsError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES
from layers.record import Datum
from store.protocol import Store
from store.query import EVERYTHING, Query
from store.rasters import Provenance, RasterShelf
from tests.imports.conftest import NOW, Take

RMP = {
    "code": "Facility Accident ID",
    "name": "NAICS Description",
    "occurred_at": "Date of Accident",
    "deaths": "Employee/Contractor Deaths",
    "minor_injuries": "Employee/Contractor Injuries",
    "evacuated": "Evacuated",
    "cause": "Initiating Event",
}
DISTRICTS = {"code": "code", "name": "name", "parent": "cityCode", "area": "code"}


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def test_the_accidents_of_a_real_register_are_kept_with_their_losses(store: Store, take: Take, test_data: Path):
    path = test_data / "accidents/rmp_accident_detailed.csv"
    outcome = take(
        "accidents", path, Wish(stated=RMP, constants={"kind": "其他伤害", "area": "330211"}, good_only=True)
    )
    rows = rows_of(path)
    assert outcome.done.rows == len(rows) == 1554
    kept = store.read(CATALOGUE["accidents"], EVERYTHING, scope=SYSTEM_SCOPE)
    assert outcome.loaded.new == kept.num_rows == 1554 - outcome.done.refused
    told_deaths = {row[RMP["code"]]: int(row[RMP["deaths"]] or 0) for row in rows}
    deaths = dict(zip(kept["code"].to_pylist(), kept["deaths"].to_pylist(), strict=True))
    assert deaths == {code: told_deaths[code] for code in deaths}


def test_the_plain_register_of_accidents_is_kept_row_for_row(store: Store, take: Take, test_data: Path):
    path = test_data / "accidents/rmp_facility_accidents.csv"
    stated = {"code": "facility_accident_id", "name": "accident_id", "occurred_at": "date_of_accident"}
    wish = Wish(stated=stated, constants={"kind": "其他伤害", "area": "330211"}, good_only=True)
    outcome = take("accidents", path, wish)
    kept = store.read(CATALOGUE["accidents"], Query(fields=("code",)), scope=SYSTEM_SCOPE)
    assert outcome.done.rows == len(rows_of(path))
    assert set(kept["code"].to_pylist()) <= {row["facility_accident_id"] for row in rows_of(path)}
    assert kept.num_rows + outcome.done.refused == outcome.done.rows


def test_the_cas_numbers_of_a_real_chemical_list_are_checked_one_by_one(take: Take, test_data: Path):
    path = test_data / "accidents/rmp_chemical.csv"
    stated = {"code": "chemical_id", "name": "chemical_name", "chemical": "chemical_name", "cas": "cas_number"}
    constants = {"enterprise": "-", "volume": "1"}
    outcome = take("tanks", path, Wish(stated=stated, constants=constants, dry_run=True))
    rows = rows_of(path)
    wrong = {row["cas_number"] for row in rows if row["cas_number"] and not adds_up(row["cas_number"])}
    blamed = {fault.value for fault in outcome.done.checked.listed() if fault.field == "cas"}
    assert outcome.done.rows == len(rows) == 135
    assert blamed == wrong
    assert len(wrong) < 5


def adds_up(cas: str) -> bool:
    """The check digit by the rule itself, digit by digit."""
    if not re.fullmatch(r"[0-9]{2,7}-[0-9]{2}-[0-9]", cas):
        return False
    *digits, check = [int(digit) for digit in cas.replace("-", "")]
    return sum(n * digit for n, digit in enumerate(reversed(digits), 1)) % 10 == check


def test_the_divisions_of_the_country_are_kept_down_to_the_towns(store: Store, take: Take, test_data: Path):
    layer, codes = CATALOGUE["areas"], test_data / "codes"
    for name, parent, level in (("areas", "cityCode", "区县"), ("streets", "areaCode", "镇街")):
        wish = Wish(stated={**DISTRICTS, "parent": parent}, constants={"level": level})
        outcome = take("areas", codes / f"modood_{name}.csv", wish)
        assert (outcome.loaded.new, outcome.status) == (len(rows_of(codes / f"modood_{name}.csv")), 0)
        assert {fault.field for fault in outcome.done.checked.listed()} == {"geometry"}  # the list has no boundaries
    kept = store.read(layer, Query(fields=("code", "parent", "level"), geometry=False), scope=SYSTEM_SCOPE)
    assert kept.num_rows == 2978 + 41352
    towns = kept.filter(pc.equal(kept["level"], "town"))
    assert all(c.startswith(p) for c, p in zip(towns["code"].to_pylist(), towns["parent"].to_pylist(), strict=True))


def test_a_division_under_a_parent_it_cannot_have_is_refused(take: Take):
    table = pa.table({
        "区划代码": ["330203001", "330203002", "330000"], "名称": ["甲", "乙", "丙"], "级别": ["镇", "镇", "区县"],
        "上级代码": ["330203", "330204", ""],
    })  # fmt: skip
    found = take("areas", table).done.checked.listed()
    said = {(f.row, f.field, str(f.severity)) for f in found if f.field != "geometry"}
    assert said == {(2, "parent", "error"), (3, "level", "warning")}


FIRMS = pa.table(
    {
        "信用代码": ["91330211M590830151", "91330203M5260181XX", "91330206M661318633"],
        "企业名称": ["甲", "", "丙"],
        "行业": ["危化", "矿山", "面点"],
        "行政区划代码": ["330211", "330203", "330206"],
    }
)


def test_one_wrong_row_keeps_every_row_out(store: Store, take: Take, tmp_path: Path):
    outcome = take("enterprises", FIRMS, Wish(faults=tmp_path / "faults.csv"))
    assert (outcome.loaded.rows, outcome.status) == (0, 1)
    assert store.count(CATALOGUE["enterprises"], EVERYTHING, scope=SYSTEM_SCOPE) == 0
    assert store.head() == 0
    lines = list(csv.reader((tmp_path / "faults.csv").read_text("utf-8-sig").splitlines()))
    assert {(line[0], line[2]) for line in lines[1:] if line[6] == "错误"} == {("2", "name"), ("3", "sector")}


def test_good_rows_are_kept_without_the_bad_ones_on_request(store: Store, take: Take):
    outcome = take("enterprises", FIRMS, Wish(good_only=True))
    assert (outcome.loaded.rows, outcome.status) == (1, 3)
    assert store.read(CATALOGUE["enterprises"], EVERYTHING, scope=SYSTEM_SCOPE)["name"].to_pylist() == ["甲"]


def test_a_dry_run_keeps_nothing_and_says_what_it_would(store: Store, take: Take):
    outcome = take("enterprises", FIRMS.slice(0, 1), Wish(dry_run=True))
    assert (outcome.loaded.rows, outcome.status, outcome.done.checked.good.num_rows) == (0, 0, 1)
    assert store.head() == 0
    lines = "\n".join(told(outcome))
    assert "信用代码 → 统一社会信用代码 (uscc)" in lines
    assert "共 1 行,合格 1,有误 0" in lines
    assert "新增 1,已有 0" in lines


def test_a_second_delivery_says_what_is_new_changed_and_unchanged(store: Store, take: Take):
    ledger = pa.table({
        "信用代码": ["91330211M590830151", "91330203M5260181XX"], "企业名称": ["甲", "乙"], "行业": ["危化", "矿山"],
        "行政区划代码": ["330211", "330203"],
    })  # fmt: skip
    take("enterprises", ledger)
    later = pa.table({
        "信用代码": ["91330211M590830151", "91330203M5260181XX", "91330206M661318633"],
        "企业名称": ["甲", "乙改", "丙"], "行业": ["危化", "矿山", "商贸"],
        "行政区划代码": ["330211", "330203", "330206"],
    })  # fmt: skip
    outcome = take("enterprises", later)
    assert (outcome.loaded.new, outcome.loaded.changed, outcome.loaded.unchanged) == (1, 1, 1)
    assert "新增 1,更新 1;相同未动 1" in "\n".join(told(outcome))
    versions = [store.versions(CATALOGUE["enterprises"], k, scope=SYSTEM_SCOPE) for k in later["信用代码"].to_pylist()]
    assert [len(v) for v in versions] == [1, 2, 1]


def test_only_new_rows_are_taken_when_that_is_asked_for(store: Store, take: Take):
    take("enterprises", FIRMS.slice(0, 1))
    both = pa.table({
        "信用代码": ["91330211M590830151", "91330206M661318633"], "企业名称": ["改名", "丙"], "行业": ["危化", "商贸"],
        "行政区划代码": ["330211", "330206"],
    })  # fmt: skip
    refused = take("enterprises", both, Wish(only_new=True))
    assert (refused.status, [f.rule.en for f in refused.done.checked.listed() if f.severity == "error"]) == (
        1, ["this key is there already, and only new rows are taken"],
    )  # fmt: skip
    assert take("enterprises", both, Wish(only_new=True, good_only=True)).loaded.new == 1
    names = store.read(CATALOGUE["enterprises"], EVERYTHING, scope=SYSTEM_SCOPE)["name"].to_pylist()
    assert sorted(names) == ["丙", "甲"]


def test_references_are_checked_against_what_the_store_has(take: Take):
    take("enterprises", FIRMS.slice(0, 1))
    sites = pa.table({"code": ["S1", "S2"], "name": ["一厂", "二厂"], "enterprise": ["91330211M590830151", "nobody"]})
    outcome = take("sites", sites)
    errors = [(fault.row, fault.field) for fault in outcome.done.checked.listed() if fault.severity == "error"]
    assert errors == [(2, "enterprise")]


@pytest.fixture
def shelf(store: Store, tmp_path: Path) -> RasterShelf:
    return RasterShelf(store, tmp_path / "rasters", COVERAGES, lambda: NOW)


ABOUT = Provenance(source="WorldPop", observed_at=datetime(2020, 1, 1, tzinfo=UTC))
ELSEWHERE = """
import json, sys, rasterio
with rasterio.open(sys.argv[1], driver="GTiff") as raster:
    cells = raster.read(1, masked=True).astype("float64")
    whole = [float(cells.sum()), int(cells.count()), list(raster.bounds), float(cells.min()), float(cells.max())]
    print(json.dumps(whole))
"""


@pytest.mark.parametrize(
    ("name", "coverage"),
    [("population/burundi_worldpop.tif", "population"), ("dem/ASTGTMV003_N36E122_dem.tif", "terrain")],
)
def test_a_real_raster_is_kept_as_rasterio_reads_it(shelf: RasterShelf, test_data: Path, name: str, coverage: str):
    source = test_data / name
    facts = import_raster(shelf, source, coverage, ABOUT, actor=SYSTEM_ACTOR)
    said = subprocess.run([sys.executable, "-c", ELSEWHERE, str(source)], capture_output=True, text=True, check=True)
    total, cells, bounds, least, most = json.loads(said.stdout)
    assert (facts.cells, facts.least, facts.most, list(facts.bounds)) == (cells, least, most, bounds)
    assert facts.total == pytest.approx(total, rel=1e-12)
    shelved = shelf.find(coverage, scope=SYSTEM_SCOPE)
    assert shelved is not None
    assert shelved.path.read_bytes() == source.read_bytes()


def test_a_refused_raster_leaves_the_old_one(shelf: RasterShelf, test_data: Path):
    import_raster(shelf, test_data / "population/burundi_worldpop.tif", "population", ABOUT, actor=SYSTEM_ACTOR)
    before = shelf.find("population", scope=SYSTEM_SCOPE)
    with pytest.raises(FaultsError, match="nodata"):
        import_raster(shelf, test_data / "dem/ASTGTMV003_N36E122_dem.tif", "population", ABOUT, actor=SYSTEM_ACTOR)
    assert shelf.find("population", scope=SYSTEM_SCOPE) == before


def test_options_written_wrongly_are_said():
    assert pairs(["code=编号", "name = 名 称"], "--map") == {"code": "编号", "name": "名 称"}
    with pytest.raises(BadInputError, match="--map"):
        pairs(["code"], "--map")
    assert one_of(Datum, "--datum")("gcj-02") is Datum.GCJ02
    with pytest.raises(BadInputError, match="--datum 不能是“WGS72”,可用:CGCS2000、WGS84、GCJ-02、BD-09"):
        one_of(Datum, "--datum")("WGS72")
    with pytest.raises(BadInputError, match="enterprises"):
        layer_named(CATALOGUE, "shoes")
