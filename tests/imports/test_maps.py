"""Shapefiles, GeoPackages and GeoJSON: read by the reading process as they were written, in whatever system."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from app.imports.tables import Wish
from core.errors import BadInputError
from gis.datum import wgs84_to_bd09, wgs84_to_gcj02
from layers.readers.delivery import Delivery, Stated
from layers.readers.process import read
from layers.record import Datum
from tests.imports.conftest import Take
from tests.imports.maps import NAMES, POINTS, feature, frame, geojson, geopackage, shapefile


def shapes(found: Delivery) -> np.ndarray:
    return np.asarray(shapely.from_wkb(found.table["geometry"].to_numpy()))


def close(found: Delivery, to: float = 1e-7) -> bool:
    return bool(shapely.equals_exact(shapes(found), np.array(POINTS), to).all())


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("UTF-8", True), ("GB18030", True), ("GB18030", False), ("UTF-8", False)]
)
def test_a_shapefiles_chinese_is_read_whether_or_not_it_says_its_encoding(tmp_path: Path, encoding: str, cpg: bool):
    found = read(shapefile(tmp_path / "避难场所.shp", frame(), encoding, cpg), Stated())
    assert found.table["名称"].to_pylist() == list(NAMES)
    assert close(found)
    assert found.table["source_datum"].to_pylist() == ["CGCS2000"] * 2


def test_a_shapefile_may_come_in_an_archive_and_is_chosen_by_name(tmp_path: Path):
    for name in ("甲", "乙"):
        shapefile(tmp_path / f"{name}.shp", frame())
    one, both = tmp_path / "one.zip", tmp_path / "both.zip"
    for target, names in ((one, "甲"), (both, "甲乙")):
        with zipfile.ZipFile(target, "w") as archive:
            for part in tmp_path.glob("*.*"):
                if part.stem in names and part.suffix != ".zip":
                    archive.write(part, f"数据/{part.name}")
    assert close(read(one, Stated()))
    with pytest.raises(BadInputError, match=r"乙.*--table"):
        read(both, Stated())
    assert close(read(both, Stated(table="乙")))


@pytest.mark.parametrize("code", [4499, 4528, 4549, 3857])
def test_projected_maps_come_back_to_degrees(tmp_path: Path, code: int):
    found = read(shapefile(tmp_path / "a.shp", frame().to_crs(code)), Stated())
    assert close(found)
    kinds = {3857: "WGS84"}
    assert set(found.table["source_datum"].to_pylist()) == {kinds.get(code, "CGCS2000-GK")}


def test_a_map_without_a_system_is_asked_about_and_never_guessed(tmp_path: Path):
    path = shapefile(tmp_path / "a.shp", frame().to_crs(4528))
    path.with_suffix(".prj").unlink()
    with pytest.raises(BadInputError, match=r"缺 \.prj"):
        read(path, Stated())
    assert close(read(path, Stated(crs="EPSG:4528")))
    assert close(read(path, Stated(datum=Datum.GAUSS_KRUGER)))  # zone 40 is in the eastings


def test_a_system_that_needs_local_parameters_is_refused(tmp_path: Path):
    path = shapefile(tmp_path / "a.shp", frame(crs=4610))
    with pytest.raises(BadInputError, match="1980 西安坐标系"):
        read(path, Stated())


@pytest.mark.parametrize(("datum", "shift"), [(Datum.GCJ02, wgs84_to_gcj02), (Datum.BD09, wgs84_to_bd09)])
def test_shifted_lines_and_polygons_come_back_corner_by_corner(tmp_path: Path, datum: Datum, shift):  # type: ignore[no-untyped-def]
    ring = shapely.Polygon(
        [(121.8, 33.1), (121.81, 33.1), (121.81, 33.11)], [[(121.805, 33.102), (121.807, 33.102), (121.807, 33.104)]]
    )
    line = shapely.LineString([(121.8, 33.1), (121.9, 33.2), (122.0, 33.1)])
    moved = [shapely.transform(s, lambda xy: np.column_stack(shift(xy[:, 0], xy[:, 1]))) for s in (ring, line)]
    path = geojson(tmp_path / "a.geojson", [feature(shape, 编码=str(n)) for n, shape in enumerate(moved)])
    found = read(path, Stated(datum=datum))
    assert shapely.equals_exact(shapes(found), np.array([ring, line]), 2e-6).all()
    assert found.table["source_datum"].to_pylist() == [datum.value] * 2


def test_a_geopackage_is_read_and_its_layer_chosen(tmp_path: Path):
    path = geopackage(tmp_path / "a.gpkg", frame())
    assert close(read(path, Stated()))
    geopackage(path, frame().to_crs(4549), "别的")
    with pytest.raises(BadInputError, match="shelters、别的"):
        read(path, Stated())
    found = read(path, Stated(table="别的"))
    assert close(found)
    assert found.table["人数"].to_pylist() == [1200, 800]


def test_geojson_is_degrees_and_may_come_line_by_line(tmp_path: Path):
    features = [
        feature(point, 编码=f"S{n}", 名称=name) for n, (point, name) in enumerate(zip(POINTS, NAMES, strict=True))
    ]
    whole = read(geojson(tmp_path / "a.geojson", features), Stated())
    (tmp_path / "a.geojsonl").write_text("\n".join(json.dumps(f, ensure_ascii=False) for f in features))
    lines = read(tmp_path / "a.geojsonl", Stated())
    (tmp_path / "b.geojsons").write_text("".join(f"\x1e{json.dumps(f)}\n" for f in features))
    separated = read(tmp_path / "b.geojsons", Stated())
    for found in (whole, lines, separated):
        assert close(found)
        assert found.table["名称"].to_pylist() == list(NAMES)


def test_a_name_given_twice_in_one_object_is_refused(tmp_path: Path):
    twice = '{"type":"Feature","properties":{"名称":"甲","名称":"乙"},"geometry":null}'
    (tmp_path / "a.geojson").write_text(f'{{"type":"FeatureCollection","features":[{twice}]}}')
    with pytest.raises(BadInputError, match="“名称”出现两次"):
        read(tmp_path / "a.geojson", Stated())


def test_json_that_stops_is_refused_where_it_stops(tmp_path: Path):
    geojson(tmp_path / "a.geojson", [feature(POINTS[0], 编码="S1")])
    whole = (tmp_path / "a.geojson").read_text()
    (tmp_path / "a.geojson").write_text(whole[:-20])
    with pytest.raises(BadInputError, match="第 1 行第"):
        read(tmp_path / "a.geojson", Stated())


def test_features_of_another_kind_are_refused_one_by_one(take: Take, tmp_path: Path):
    mixed = [*POINTS, shapely.box(121, 33, 122, 34), shapely.GeometryCollection([POINTS[0]])]
    rows = [feature(shape, 编码=f"S{n}", 名称=f"第{n}", 容纳人数=5) for n, shape in enumerate(mixed)]
    outcome = take("shelters", geojson(tmp_path / "a.geojson", rows), Wish(good_only=True))
    assert [(f.row, f.field) for f in outcome.done.checked.listed() if f.severity == "error"] == [
        (3, "geometry"),
        (4, "geometry"),
    ]
    assert outcome.loaded.new == 2


BOW = shapely.Polygon([(121, 33), (121.1, 33.1), (121.1, 33), (121, 33.1)])
AREA = Wish(constants={"area": "330211"})


def sites(path: Path, shape: shapely.Geometry) -> Path:
    return geojson(path, [feature(shape, 厂区编码="P1", 厂区名称="一厂", 统一社会信用代码="91330211M590830151")])


def test_a_broken_ring_is_named_and_mended_only_when_that_is_asked_for(take: Take, tmp_path: Path):
    path = sites(tmp_path / "a.geojson", BOW)
    refused = take("sites", path, AREA)
    assert [(f.row, f.rule.en) for f in refused.done.checked.listed()] == [(1, "invalid geometry: Self-intersection")]
    mended = take("sites", path, AREA, Stated(repair=True))
    assert (mended.status, [str(f.severity) for f in mended.done.checked.listed()]) == (0, ["warning"])
    kept = shapely.from_wkb(mended.done.checked.good["geometry"][0].as_py())
    assert kept.is_valid
    assert kept.area == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (shapely.Point(33.1, 121.8), "疑似颠倒"),
        (shapely.Point(40668000, 3664000), "--crs"),
        (shapely.Point(2.3, 48.9), "允许范围"),
    ],
)
def test_a_wrong_datum_is_seen_in_the_coordinates(take: Take, tmp_path: Path, shape: shapely.Point, said: str):
    path = geojson(tmp_path / "a.geojson", [feature(shape, 编码="S1", 名称="甲", 容纳人数=5)])
    outcome = take("shelters", path)
    assert outcome.status == 1
    assert said in next(iter(outcome.done.checked.listed())).rule.zh


def test_headings_a_shapefile_has_cut_off_are_recognised(take: Take, tmp_path: Path):
    columns = {"统一社会信": ["91330211M590830151"], "企业名称": ["甲"], "监管行业": ["危化"]}
    rows = gpd.GeoDataFrame(columns, geometry=[POINTS[0]], crs=4490)
    outcome = take("enterprises", shapefile(tmp_path / "a.shp", rows, "GB18030"), AREA)
    assert outcome.status == 0, list(outcome.done.checked.listed())
    assert outcome.done.headings.fields["uscc"] == "统一社会信"


def test_a_real_national_boundary_file_is_read_as_gdal_reads_it(test_data: Path):
    path = test_data / "boundaries/giswqs_chn_admin_level2.zip"
    found = read(path, Stated())
    script = (
        "import sys, pyogrio, json; f = pyogrio.read_dataframe('/vsizip/' + sys.argv[1]);"
        "print(json.dumps([len(f), sorted(f.columns), f.geometry.area.sum(), list(f.total_bounds)]))"
    )
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    rows, columns, area, bounds = json.loads(said.stdout)
    assert found.table.num_rows == rows == 361
    assert set(columns) <= set(found.table.column_names)
    assert shapely.area(shapes(found)).sum() == pytest.approx(area, rel=1e-9)
    assert list(shapely.total_bounds(shapes(found))) == pytest.approx(bounds)


def test_a_geopackage_with_a_view_or_a_trigger_of_its_own_is_refused(tmp_path: Path):
    for number, (sql, said) in enumerate((
        ("CREATE VIEW v AS SELECT * FROM sqlite_master", "含视图“v”"),
        ("CREATE TRIGGER t AFTER INSERT ON shelters BEGIN DELETE FROM shelters; END", "含触发器“t”"),
        ("CREATE VIRTUAL TABLE f USING fts5(x)", "含虚拟表“f”"),
        (
            "CREATE TRIGGER rtree_shelters_geom_insert2 AFTER INSERT ON shelters BEGIN DELETE FROM shelters; END",
            "含触发器",
        ),
    )):  # fmt: skip
        path = geopackage(tmp_path / f"{number}.gpkg", frame())
        with sqlite3.connect(path) as database:
            database.execute(sql)
        database.close()
        with pytest.raises(BadInputError, match=said):
            read(path, Stated())
