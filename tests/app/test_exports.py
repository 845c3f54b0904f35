"""Layers taken out of the demo city: whole, of one moment, under rights, and readable by other people's software."""

import csv
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
import shapely

from app.auth.opening import open_identity
from app.demo.histories import samples
from app.demo_accounts import DEMO_ACCOUNTS, add_demo_accounts
from app.exports import Exported, Format, Wish, export
from app.imports.tables import Outcome, import_table
from app.imports.tables import Wish as Import
from core.actors import SYSTEM_ACTOR, Actor
from core.clock import utc_now
from core.errors import BadInputError, ConflictError
from core.scope import SYSTEM_SCOPE, Scope
from layers.catalogue import AREAS, CATALOGUE, ENTERPRISES, ROADS, SHELTERS
from layers.catalogue.resources import Shelter
from layers.importing import headings as understood_headings
from layers.layer import Geometry, Publish
from layers.readers.delivery import Stated
from layers.readers.process import read
from layers.writers.columns import Headings, headings
from layers.writers.delimited import Encoding
from store.audit import AuditLog
from store.feed import Delete, Put
from store.opening import open_audit, open_store
from store.postgis import open_postgis
from store.protocol import Store
from store.query import EVERYTHING, Order, Query
from tests.app.test_commands import onemap
from tests.conftest import ROOT
from tests.postgres import Emptied
from tests.readers import forked_readers

__all__ = ["forked_readers"]

pytestmark = pytest.mark.usefixtures("forked_readers")

SCOPES: dict[str, Scope] = {account.login: account.scope for account in DEMO_ACCOUNTS}
CLERK = Actor(id="clerk", name="王芳", door="job")


def published(scope: Scope = SYSTEM_SCOPE) -> list[str]:
    """What leaves the city: the register of attached files stays, like the files."""
    return [layer.id for layer in CATALOGUE.seen_by(scope) if layer.publish is not Publish.NONE]


@dataclass(frozen=True)
class City:
    data: Path
    store: Store
    audit: AuditLog

    def export(self, target: Path, *layers: str, scope: Scope = SYSTEM_SCOPE, **more: Any) -> Exported:
        progress = more.pop("progress", lambda done, total: None)
        form = more.pop("format", Format(target.suffix[1:]))
        wish = Wish(target=target, format=form, layers=layers, **more)
        return export(self.store, wish, scope=scope, actor=CLERK, clock=utc_now, audit=self.audit, progress=progress)

    def take_back(self, file: Path, layer: str) -> Outcome:
        delivery = read(file, Stated(preset=layer, table=layer if file.suffix == ".gpkg" else None))
        return import_table(
            self.store, CATALOGUE[layer], delivery, Import(), actor=SYSTEM_ACTOR, scope=SYSTEM_SCOPE, clock=utc_now,
            name=file.name,
        )  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city's layers and accounts, without its histories."""
    data = tmp_path_factory.mktemp("city") / "data"
    data.mkdir()
    store = open_store(data, None, CATALOGUE, utc_now)
    for layer in CATALOGUE:
        file = samples() / f"{layer.id}.parquet"
        if file.exists():
            store.load(layer, pq.read_table(file), actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    audit = open_audit(data, None)
    with closing(open_identity(data, None)) as identity:
        add_demo_accounts(identity, utc_now)
    yield City(data, store, audit)
    audit.close()
    store.close()


def gdal(program: str, *arguments: str) -> str:
    """GDAL in a process of its own, as the house rule demands; what it warns of is a failure."""
    if shutil.which(program) is None:
        pytest.fail("gdal-bin is missing; make test installs it")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def query(file: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(file)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def shelter(code: str, **more: object) -> Put:
    place = shapely.Point(121.8, 33.1)
    given = {"code": code, "name": code, "places": 100, "area": "990102001", "geometry": place}
    record = Shelter.model_validate(given | more)
    return Put(layer="shelters", record=record)


@pytest.mark.system
def test_gdal_reads_every_layer_with_the_stores_counts_extents_and_reference_system(city: City, tmp_path: Path) -> None:
    done = city.export(tmp_path / "city.gpkg")
    assert [one.layer.id for one in done.taken] == published()
    told = gdal("ogrinfo", "-ro", "-so", "-al", str(tmp_path / "city.gpkg"))
    parts = dict(re.findall(r"^Layer name: (\w+)\n(.*?)(?=^Layer name: |\Z)", told, re.MULTILINE | re.DOTALL))
    assert set(parts) == set(published())
    for layer in map(CATALOGUE.__getitem__, published()):
        rows = city.store.read(layer, EVERYTHING, scope=SYSTEM_SCOPE)
        assert f"Feature Count: {rows.num_rows}\n" in parts[layer.id], layer.id
        if layer.geometry is Geometry.NONE:
            assert "Geometry: None\n" in parts[layer.id]
            continue
        assert 'ID["EPSG",4490]]' in parts[layer.id]
        if rows.num_rows:
            bounds = shapely.total_bounds(shapely.from_wkb(rows["geometry"].to_numpy()))
            found = re.search(r"Extent: \(([\d.]+), ([\d.]+)\) - \(([\d.]+), ([\d.]+)\)", parts[layer.id])
            assert found, layer.id
            assert [float(n) for n in found.groups()] == pytest.approx(bounds.tolist(), abs=1e-6)


@pytest.mark.system
def test_longitude_comes_first_and_the_index_follows_edits_by_others(city: City, tmp_path: Path) -> None:
    file = tmp_path / "fire.gpkg"
    city.export(file, "fire_stations")
    listed = gdal("ogr2ogr", "-f", "CSV", "/vsistdout/", str(file), "fire_stations", "-lco", "GEOMETRY=AS_XY")
    rows = {row["code"]: (float(row["X"]), float(row["Y"])) for row in csv.DictReader(listed.splitlines())}
    kept = city.store.read(CATALOGUE["fire_stations"], EVERYTHING, scope=SYSTEM_SCOPE)
    for code, wkb in zip(kept["code"].to_pylist(), kept["geometry"].to_pylist(), strict=True):
        assert rows[code] == pytest.approx(shapely.get_coordinates(shapely.from_wkb(wkb))[0].tolist())
    code, (lon, lat) = next(iter(rows.items()))
    gdal(
        "ogrinfo", str(file), "-sql",
        f"UPDATE fire_stations SET geom = (SELECT geom FROM fire_stations WHERE code <> '{code}' LIMIT 1)"
        f" WHERE code = '{code}'",
    )  # fmt: skip
    box = [str(n) for n in (lon - 1e-7, lat - 1e-7, lon + 1e-7, lat + 1e-7)]
    assert "Feature Count: 0" in gdal("ogrinfo", "-ro", "-so", str(file), "fire_stations", "-spat", *box)
    assert query(file, "SELECT count(*) FROM rtree_fire_stations_geom") == [(len(rows),)]


@pytest.mark.system
def test_qgis_opens_the_geopackage_where_it_lies(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    done = city.export(file, "accidents", "grids")
    script = f"""
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
for name in ("accidents", "grids"):
    layer = QgsVectorLayer("{file}|layername=" + name, name, "ogr")
    print(name, layer.isValid(), sum(1 for _ in layer.getFeatures()), layer.crs().authid())
"""
    told = subprocess.run(["/usr/bin/python3", "-c", script], capture_output=True, text=True, check=False).stdout
    assert f"accidents True {done.taken[0].rows} EPSG:4490" in told
    assert f"grids True {done.taken[1].rows} EPSG:4490" in told


def test_the_geopackage_says_titles_codes_and_what_it_is(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    done = city.export(file, "enterprises")
    titles = dict(query(file, "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'enterprises'"))
    assert titles == {name: spec.title.zh for name, spec in ENTERPRISES.fields.items()}
    words = query(file, "SELECT description FROM gpkg_data_column_constraints WHERE constraint_name = 'sector'")
    assert ("危险化学品",) in words
    said = json.loads(query(file, "SELECT metadata FROM gpkg_metadata")[0][0])
    assert (said["head"], said["actor"]["id"]) == (city.store.head(), "clerk")
    assert said["layers"][0]["keys_sha256"] == done.taken[0].keys_hash
    assert query(file, "PRAGMA integrity_check") == [("ok",)]


def test_the_public_gets_fewer_layers_rows_and_fields(city: City, tmp_path: Path) -> None:
    seen = SCOPES["public"]
    phone = city.store.read(ENTERPRISES, EVERYTHING, scope=SYSTEM_SCOPE)["safety_head_phone"].to_pylist()[0]
    done = city.export(tmp_path / "public.gpkg", scope=seen)
    whole = city.export(tmp_path / "whole.gpkg")
    layers = {one.layer.id: one.rows for one in done.taken}
    tables = {name for (name,) in query(tmp_path / "public.gpkg", "SELECT table_name FROM gpkg_contents")}
    assert set(layers) == tables == set(published(seen)) < {x.layer.id for x in whole.taken}
    assert layers == {x: city.store.count(CATALOGUE[x], EVERYTHING, scope=seen) for x in layers}
    for name in layers:
        columns = {row[1] for row in query(tmp_path / "public.gpkg", f"PRAGMA table_info({name})")} - {"fid", "geom"}
        assert columns == set(CATALOGUE[name].fields_in(seen)), name
    assert len(phone) > 6
    assert phone.encode() in (tmp_path / "whole.gpkg").read_bytes()
    assert phone.encode() not in (tmp_path / "public.gpkg").read_bytes()
    with pytest.raises(BadInputError, match="sensors"):
        city.export(tmp_path / "no.csv", "sensors", scope=seen)
    with pytest.raises(BadInputError, match="safety_head_phone"):
        city.export(tmp_path / "no.csv", "enterprises", scope=seen, where="safety_head_phone = '1'")


def test_a_district_gets_its_own_area_and_shared_layers(city: City, tmp_path: Path) -> None:
    seen = SCOPES["district"]
    done = city.export(tmp_path / "d.gpkg", scope=seen)
    for one in done.taken:
        areas = {area for (area,) in query(tmp_path / "d.gpkg", f"SELECT DISTINCT area FROM {one.layer.id}")}
        assert one.layer.shared or all(area.startswith("990106") for area in areas), one.layer.id
    counts = {one.layer.id: one.rows for one in done.taken}
    assert 0 < counts["enterprises"] < city.store.count(ENTERPRISES, EVERYTHING, scope=SYSTEM_SCOPE)
    assert counts["roads"] == city.store.count(ROADS, EVERYTHING, scope=SYSTEM_SCOPE)


def test_filter_box_and_area_choose_rows_together(city: City, tmp_path: Path) -> None:
    chosen = {"where": "risk = 1", "bbox": "121.6,33.0,122.1,33.4", "area": "990106"}
    done = city.export(tmp_path / "red.csv", "enterprises", **chosen)
    rows = list(csv.DictReader((tmp_path / "red.csv").read_text("utf-8-sig").splitlines()))
    assert 0 < len(rows) == done.taken[0].rows
    assert {(row["风险等级"], row["行政区划"][:6]) for row in rows} == {("1", "990106")}
    (entry,) = city.audit.reads(limit=1)
    assert entry.where == "where=risk = 1; bbox=121.6,33.0,122.1,33.4; area=990106"
    for field, wrong in (("area", "99x"), ("bbox", "1,2"), ("where", "risk === 1"), ("where", "nothing = 1")):
        with pytest.raises(BadInputError, match=wrong.partition(" ")[0]):
            city.export(tmp_path / "no.csv", "enterprises", **{field: wrong})


def test_every_layer_read_is_recorded_with_the_hash_of_its_keys(city: City, tmp_path: Path) -> None:
    city.export(tmp_path / "two.xlsx", "roads", "areas", scope=SCOPES["city"])
    second, first = city.audit.reads(limit=2)
    assert [(x.actor, x.door, x.what, x.where) for x in (first, second)] == [
        ("clerk", "job", "roads", ""),
        ("clerk", "job", "areas", ""),
    ]
    keys = city.store.read(AREAS, Query(order=(Order("code"),)), scope=SCOPES["city"])["code"].to_pylist()
    assert (second.rows, second.keys_hash) == (len(keys), sha256("".join(f"{k}\n" for k in keys).encode()).hexdigest())


ROUND = ["enterprises", "accidents", "roads", "sites"]


@pytest.mark.parametrize(
    ("suffix", "how", "encoding"),
    [
        ("csv", Headings.ZH, Encoding.UTF8),
        ("csv", Headings.ID, Encoding.GB18030),
        ("xlsx", Headings.ZH, Encoding.UTF8),
        ("geojson", Headings.ZH, Encoding.UTF8),
        ("gpkg", Headings.ZH, Encoding.UTF8),
    ],
)
@pytest.mark.parametrize("layer", ROUND)
def test_an_import_takes_the_file_back_and_finds_nothing_changed(
    city: City, tmp_path: Path, layer: str, suffix: str, how: Headings, encoding: Encoding
) -> None:
    file = tmp_path / f"x.{suffix}"
    done = city.export(file, layer, headings=how, encoding=encoding)
    outcome = city.take_back(file, layer)
    unused = {"geojson": ("id",)}.get(suffix, ())
    assert outcome.done.headings.unused == unused
    assert outcome.done.checked.errors == 0
    turned = suffix == "geojson" and CATALOGUE[layer].geometry is Geometry.POLYGON
    assert outcome.loaded.unchanged + (outcome.loaded.changed if turned else 0) == done.taken[0].rows > 0
    assert outcome.loaded.new == 0


@pytest.mark.parametrize("how", list(Headings))
def test_the_headings_of_every_layer_are_understood_as_its_own_fields(how: Headings) -> None:
    for layer in CATALOGUE:
        specs = list(layer.fields.values())
        names = headings(layer, specs, how)
        found = understood_headings(layer, names)
        assert [found.fields.get(spec.name) for spec in specs] == names[: len(specs)], layer.id


EVIL = {
    "S-1": '=HYPERLINK("http://example.org","x")',
    "S-2": "+8613800000000",
    "S-3": "-",
    "S-4": "@SUM(1)",
    "S-5": "'=already guarded",
    "S-6": "'plain apostrophe",
    "S-7": 'comma, "quotes"\nand a new line',
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_cell_runs_in_a_spreadsheet_and_an_import_has_the_words_again(
    city: City, tmp_path: Path, suffix: str
) -> None:
    edits = [shelter(code, address=text) for code, text in EVIL.items()]
    city.store.commit(edits, actor=CLERK, reason="test", scope=SYSTEM_SCOPE)
    file = tmp_path / f"evil.{suffix}"
    try:
        city.export(file, "shelters", where="code LIKE 'S-%'")
        if suffix == "csv":
            cells = [cell for row in csv.reader(StringIO(file.read_text("utf-8-sig"))) for cell in row]
        else:
            book = openpyxl.load_workbook(file)
            cells = [cell.value for row in book.worksheets[0] for cell in row if isinstance(cell.value, str)]
            assert not [cell for row in book.worksheets[0] for cell in row if cell.data_type == "f"]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
        outcome = city.take_back(file, "shelters")
        assert outcome.loaded.unchanged == len(EVIL)
        taken = {code: city.store.get(SHELTERS, code, scope=SYSTEM_SCOPE).record.address for code in EVIL}  # type: ignore[attr-defined]
        assert taken == EVIL
    finally:
        gone = [Delete(layer="shelters", key=code) for code in EVIL]
        city.store.commit(gone, actor=CLERK, reason="test", scope=SYSTEM_SCOPE)


def test_geojson_is_as_rfc_7946_wants_it_and_says_what_its_degrees_are(city: City, tmp_path: Path) -> None:
    city.export(tmp_path / "a.geojson", "areas", scope=SCOPES["public"])
    found = json.loads((tmp_path / "a.geojson").read_text())
    assert "crs" not in found
    assert "CGCS2000" in found["onemap"]["crs"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in found["features"]]
    assert len(shapes) == found["onemap"]["layers"][0]["rows"] > 0
    assert all(part.exterior.is_ccw for shape in shapes for part in shape.geoms)
    west, _, east, _ = shapely.total_bounds(shapes)
    assert 121 < west < east < 123


@pytest.mark.parametrize("suffix", [form.value for form in Format])
def test_an_export_that_is_stopped_leaves_nothing_and_records_nothing(city: City, tmp_path: Path, suffix: str) -> None:
    class StoppedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == city.store.count(CATALOGUE["buildings"], EVERYTHING, scope=SYSTEM_SCOPE)
        if done:
            raise StoppedError

    before = city.audit.reads(limit=1)
    elsewhere = set(Path(gettempdir()).glob("openpyxl.*"))
    with pytest.raises(StoppedError):
        city.export(tmp_path / f"b.{suffix}", "buildings", progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert set(Path(gettempdir()).glob("openpyxl.*")) <= elsewhere
    assert city.audit.reads(limit=1) == before


@pytest.mark.parametrize("suffix", [form.value for form in Format])
def test_a_disk_without_room_is_said_and_nothing_is_left(city: City, tmp_path: Path, suffix: str) -> None:
    before = city.audit.reads(limit=1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
    try:
        with pytest.raises(BadInputError, match=f"b.{suffix}"):
            city.export(tmp_path / f"b.{suffix}", "buildings")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert city.audit.reads(limit=1) == before


def test_progress_ends_at_the_whole(city: City, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = city.export(tmp_path / "a.gpkg", "roads", "areas", progress=lambda *now: told.append(now))
    total = sum(one.rows for one in done.taken)
    assert (told[0], told[-1]) == ((0, total), (total, total))


def test_what_is_there_is_replaced_only_by_force(city: City, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.with_name("a.csv.json").write_text("mine")
    with pytest.raises(ConflictError, match="--force"):
        city.export(file, "areas")
    assert not file.exists()
    assert file.with_name("a.csv.json").read_text() == "mine"
    done = city.export(file, "areas", force=True)
    assert done.files == (file, file.with_name("a.csv.json"))
    assert json.loads(file.with_name("a.csv.json").read_text())["head"] == done.head
    with pytest.raises(BadInputError, match="nowhere"):
        city.export(tmp_path / "nowhere" / "a.csv", "areas")
    with pytest.raises(BadInputError, match="--layer"):
        city.export(tmp_path / "all.csv")


@pytest.mark.postgis
def test_either_engine_exports_the_same_file(city: City, tmp_path: Path, postgres_catalogue: Emptied) -> None:
    other = open_postgis(postgres_catalogue.url, CATALOGUE, utc_now, postgres_catalogue.schema)
    try:
        for name in ("enterprises", "roads"):
            file = samples() / f"{name}.parquet"
            other.load(CATALOGUE[name], pq.read_table(file), actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
            chosen = {"scope": SCOPES["district"], "bbox": "121.6,33.0,121.95,33.4"}
            ours = city.export(tmp_path / f"{name}.csv", name, **chosen)
            theirs = City(city.data, other, city.audit).export(tmp_path / f"{name}-2.csv", name, **chosen)
            assert theirs.taken == ours.taken
            assert ours.taken[0].rows > 0
            assert (tmp_path / f"{name}-2.csv").read_bytes() == (tmp_path / f"{name}.csv").read_bytes()
    finally:
        other.close()


COMMIT = """
import sys
from pathlib import Path
from tests.app.test_exports import CLERK, shelter
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.opening import open_store
store = open_store(Path(sys.argv[1]), None, CATALOGUE, utc_now)
store.commit([shelter("MEANWHILE")], actor=CLERK, reason="test", scope=SYSTEM_SCOPE)
store.close()
"""


def test_what_another_process_commits_meanwhile_is_not_in_the_file(city: City, tmp_path: Path) -> None:
    before = city.store.head()
    committed = False

    def meanwhile(done: int, total: int) -> None:
        nonlocal committed
        if done and not committed:
            command = [sys.executable, "-c", COMMIT, str(city.data)]
            subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT)
            committed = True

    done = city.export(tmp_path / "a.gpkg", "accidents", "shelters", progress=meanwhile)
    assert committed
    assert city.store.head() == before + 1
    assert done.head == before
    assert query(tmp_path / "a.gpkg", "SELECT code FROM shelters WHERE code = 'MEANWHILE'") == []
    city.store.commit([Delete(layer="shelters", key="MEANWHILE")], actor=CLERK, reason="test", scope=SYSTEM_SCOPE)


def test_the_command_exports_as_an_account_and_the_record_names_who_did_it(city: City, tmp_path: Path) -> None:
    there = ("--data", str(city.data))
    done = onemap("export", "--gpkg", str(tmp_path / "p.gpkg"), "--as", "public", *there)
    assert done.returncode == 0, done.stderr
    assert query(tmp_path / "p.gpkg", "SELECT count(*) FROM gpkg_contents WHERE table_name = 'sensors'") == [(0,)]
    told = onemap("audit", "reads", *there).stdout
    assert re.search(r"cli:\w+ as public cli enterprises \d+ 行", told)
    again = onemap("export", str(tmp_path / "p.gpkg"), *there)
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    for arguments, said in (
        (("x.gpkg", "--as", "nobody"), "nobody"),
        (("x.shp",), "--format"),
        ((str(city.data / "city.gpkg"), "--force"), "数据目录"),
        (("x.gpkg", "--gpkg", "y.gpkg"), "--gpkg"),
    ):
        refused = onemap("export", *arguments, *there)
        assert refused.returncode == 1, arguments
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr
    assert onemap("export", "x.gpkg", "--data", str(tmp_path / "none")).returncode == 1
    assert not (tmp_path / "none").exists()
