"""Real files into a real store: what was in the file is in the store, or nothing is."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from app.commands.import_ import layer_named, pairs
from app.imports.rasters import import_raster
from app.imports.tables import Wish, import_table
from app.imports.telling import told
from core.actors import SYSTEM_ACTOR
from core.errors import BadInputError, FaultsError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.layer import Layer
from store.embedded import open_embedded
from store.protocol import Store
from store.query import EVERYTHING

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
RMP = {
    "code": "Facility Accident ID",
    "name": "NAICS Description",
    "occurred_at": "Date of Accident",
    "deaths": "Employee/Contractor Deaths",
    "minor_injuries": "Employee/Contractor Injuries",
    "evacuated": "Evacuated",
    "cause": "Initiating Event",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty city."""
    opened = open_embedded(tmp_path / "city.gpkg", CATALOGUE, lambda: NOW)
    yield opened
    opened.close()


def texts(path: Path) -> pa.Table:
    """A CSV with every column as text, as it is delivered."""
    headings = next(csv.reader(path.read_text("utf-8").splitlines()))
    types = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in headings}, strings_can_be_null=False)
    return pyarrow.csv.read_csv(
        path, convert_options=types, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True)
    )


def take(store: Store, layer: Layer, table: pa.Table, wish: Wish):  # type: ignore[no-untyped-def]
    return import_table(
        store, layer, table, wish, actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE, clock=lambda: NOW, name="file.csv"
    )


def test_the_accidents_of_a_real_register_are_kept_with_their_losses(store: Store, test_data: Path):
    path, layer = test_data / "accidents/rmp_accident_detailed.csv", CATALOGUE["accidents"]
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    outcome = take(store, layer, texts(path), Wish(stated=RMP, constants={"kind": "其他伤害"}, good_only=True))
    assert outcome.done.checked.typed.num_rows == len(rows) == 1554
    kept = store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
    assert outcome.kept == kept.num_rows == 1554 - outcome.done.checked.refused
    told_deaths = {row[RMP["code"]]: int(row[RMP["deaths"]] or 0) for row in rows}
    deaths = dict(zip(kept["code"].to_pylist(), kept["deaths"].to_pylist(), strict=True))
    assert deaths == {code: told_deaths[code] for code in deaths}


def test_the_districts_of_the_country_are_kept(store: Store, test_data: Path):
    stated = {"code": "code", "name": "name", "parent": "cityCode", "area": "code"}
    layer = CATALOGUE["areas"]
    outcome = take(
        store, layer, texts(test_data / "codes/modood_areas.csv"), Wish(stated=stated, constants={"level": "区县"})
    )
    assert (outcome.kept, outcome.status) == (2978, 0)
    kept = store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
    assert set(kept["area"].to_pylist()) == set(texts(test_data / "codes/modood_areas.csv")["code"].to_pylist())


FIRMS = pa.table(
    {
        "信用代码": ["91330211M590830151", "91330203M5260181XX", "91330206M661318633"],
        "企业名称": ["甲", "", "丙"],
        "行业": ["危化", "矿山", "面点"],
    }
)


def test_one_wrong_row_keeps_every_row_out(store: Store, tmp_path: Path):
    layer = CATALOGUE["enterprises"]
    outcome = take(store, layer, FIRMS, Wish(faults=tmp_path / "faults.csv"))
    assert (outcome.kept, outcome.status) == (0, 1)
    assert store.count(layer, EVERYTHING, scope=SYSTEM_SCOPE) == 0
    assert store.head() == 0
    lines = list(csv.reader((tmp_path / "faults.csv").read_text("utf-8-sig").splitlines()))
    assert {(line[0], line[2]) for line in lines[1:] if line[6] == "错误"} == {("2", "name"), ("3", "sector")}


def test_good_rows_are_kept_without_the_bad_ones_on_request(store: Store):
    layer = CATALOGUE["enterprises"]
    outcome = take(store, layer, FIRMS, Wish(good_only=True))
    assert (outcome.kept, outcome.status) == (1, 2)
    assert store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)["name"].to_pylist() == ["甲"]


def test_a_dry_run_keeps_nothing_and_says_what_it_would(store: Store):
    outcome = take(store, CATALOGUE["enterprises"], FIRMS.slice(0, 1), Wish(dry_run=True))
    assert (outcome.kept, outcome.status, outcome.done.checked.good.num_rows) == (0, 0, 1)
    lines = "\n".join(told(outcome))
    assert "信用代码 → 统一社会信用代码 (uscc)" in lines
    assert "共 1 行,合格 1,有误 0" in lines


def test_references_are_checked_against_what_the_store_has(store: Store):
    take(store, CATALOGUE["enterprises"], FIRMS.slice(0, 1), Wish())
    sites = pa.table({"code": ["S1", "S2"], "name": ["一厂", "二厂"], "enterprise": ["91330211M590830151", "nobody"]})
    outcome = take(store, CATALOGUE["sites"], sites, Wish())
    assert [(fault.row, fault.field) for fault in outcome.done.checked.listed() if fault.severity == "error"] == [
        (2, "enterprise")
    ]


def test_real_rasters_are_put_in_place_whole(test_data: Path, tmp_path: Path):
    source = test_data / "population/burundi_worldpop.tif"
    assert import_raster(source, "population", tmp_path).total == pytest.approx(9_131_486)
    assert [path.name for path in (tmp_path / "rasters").iterdir()] == ["population.tif"]
    assert (tmp_path / "rasters/population.tif").read_bytes() == source.read_bytes()
    import_raster(test_data / "dem/ASTGTMV003_N36E122_dem.tif", "terrain", tmp_path, dry_run=True)
    assert not (tmp_path / "rasters/terrain.tif").exists()


def test_a_refused_raster_leaves_the_old_one(test_data: Path, tmp_path: Path):
    import_raster(test_data / "population/burundi_worldpop.tif", "population", tmp_path)
    with pytest.raises(FaultsError):
        import_raster(test_data / "dem/ASTGTMV003_N36E122_dem.tif", "population", tmp_path)
    assert [path.name for path in (tmp_path / "rasters").iterdir()] == ["population.tif"]


def test_options_written_wrongly_are_said():
    assert pairs(["code=编号", "name = 名 称"], "--map") == {"code": "编号", "name": "名 称"}
    with pytest.raises(BadInputError, match="--map"):
        pairs(["code"], "--map")
    with pytest.raises(BadInputError, match="enterprises"):
        layer_named(CATALOGUE, "shoes")


def test_the_cas_numbers_of_a_real_chemical_list_have_right_check_digits(test_data: Path):
    from layers.identifiers import cas_is_valid

    cas = texts(test_data / "accidents/rmp_chemical.csv")["cas_number"]
    shaped = pc.match_substring_regex(cas, r"^[0-9]{2,7}-[0-9]{2}-[0-9]$")
    assert cas_is_valid(cas.filter(shaped).to_pylist()).all()
