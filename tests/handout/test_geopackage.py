"""The scenario as a GeoPackage: whole, styled, and opened by GDAL and QGIS."""

import json
import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from lxml import etree

from core.scope import Scope, Sensitivity
from core.texts import Lang
from dashboards.handout.contents import LIMITS, Handout
from dashboards.handout.geopackage import geopackage
from dashboards.handout.looks import LOOKS, OGC, SE, SLD, sld
from layers.catalogue import CATALOGUE
from tests.handout.conftest import BLAST, CHLORINE, Bench
from tests.handout.opened import gdal, python
from tests.ogc.schemas import compiled, schema_folder

DRAWN = ("zones", "bands", "releases", "targets", "hazards", "roads")
PLAIN = ("figures", "curves", "checks", "methods", "data", "receipt")


@pytest.fixture(scope="module")
def file(both: Handout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "plan.gpkg"
    path.write_bytes(geopackage(both, CATALOGUE))
    return path


def asked(file: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(file)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


@pytest.mark.system
def test_gdal_reads_every_table_in_cgcs2000(both: Handout, file: Path) -> None:
    told = gdal("ogrinfo", "-ro", "-so", "-al", file)
    parts = dict(re.findall(r"^Layer name: (\w+)\n(.*?)(?=^Layer name: |\Z)", told, re.MULTILINE | re.DOTALL))
    assert set(parts) == {*DRAWN, *PLAIN, "layer_styles"}
    assert all('ID["EPSG",4490]]' in parts[name] for name in DRAWN)
    zones = sum(len(side.result.zones) for side in both.sides)
    assert f"Feature Count: {zones}\n" in parts["zones"]
    points = sum(len(curve.x) for side in both.sides for curve in side.result.curves)
    assert f"Feature Count: {points}\n" in parts["curves"]


@pytest.mark.system
def test_qgis_draws_it_by_its_own_styles_with_doubt_hatched(file: Path) -> None:
    told = json.loads(
        python(
            f"""
import json, os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
found = {{}}
for name in {DRAWN!r}:
    layer = QgsVectorLayer("{file}|layername=" + name, name, "ogr")
    symbols = [rule.symbol() for rule in layer.renderer().rootRule().children()]
    found[name] = {{
        "valid": layer.isValid(), "count": layer.featureCount(), "labels": layer.labelsEnabled(),
        "rules": [[rule.filterExpression(), rule.symbol().symbolLayerCount()]
                  for rule in layer.renderer().rootRule().children()],
    }}
print(json.dumps(found))
"""
        )
    )
    assert all(one["valid"] and one["count"] for one in told.values())
    assert {name for name, one in told.items() if one["labels"]} == {"zones", "targets", "hazards"}
    rules = dict(told["zones"]["rules"])
    assert rules['"severity" = 1 AND NOT "verified"'] == rules['"severity" = 1 AND "verified"'] + 1


def test_the_styles_are_valid_by_the_schema_of_the_standard(test_data: Path) -> None:
    folder = schema_folder(test_data)
    files = {
        SLD: "sld/1.1.0/StyledLayerDescriptor.xsd",
        SE: "se/1.1.0/FeatureStyle.xsd",
        OGC: "filter/1.1.0/filter.xsd",
    }
    schema = compiled(folder, *((space, str(folder / file)) for space, file in files.items()))
    for name in LOOKS:
        schema.assertValid(etree.fromstring(sld(name, Lang.ZH)))


def test_zones_say_how_far_how_many_and_what_is_doubtful(both: Handout, file: Path) -> None:
    rows = asked(file, "SELECT scenario, level, distance, residents, verified, cut, doubts, label FROM zones")
    assert len(rows) == sum(len(side.result.zones) for side in both.sides)
    for mark, level, distance, residents, verified, cut, doubts, label in rows:
        side = next(one for one in both.sides if one.mark == mark)
        (zone,) = [one for one in side.result.zones if one.level.name.zh == level]
        people = side.people(zone)
        assert people is not None
        assert (distance, residents, cut) == (zone.distance, people[0], zone.cut.value)
        assert verified == 0
        assert "未核实" in doubts
        assert "未核实" in label


def test_a_level_that_is_reached_nowhere_stays_as_a_row_without_a_place(chlorine: Handout, tmp_path: Path) -> None:
    side = chlorine.sides[0]
    worst, *others = side.result.zones
    nowhere = replace(worst, shape=shapely.Polygon(), band=shapely.Polygon(), distance=0.0, area=0.0)
    less = replace(chlorine, sides=(replace(side, result=replace(side.result, zones=(nowhere, *others))),))
    (tmp_path / "little.gpkg").write_bytes(geopackage(less, CATALOGUE))
    rows = asked(tmp_path / "little.gpkg", "SELECT reached, geom IS NULL FROM zones")
    assert rows == [(0, 1), (1, 0), (1, 0)]
    none = replace(side.result, zones=(nowhere,))
    (tmp_path / "none.gpkg").write_bytes(geopackage(replace(chlorine, sides=(replace(side, result=none),)), CATALOGUE))
    assert asked(tmp_path / "none.gpkg", "SELECT geom IS NULL FROM zones") == [(1,)]


def test_the_receipt_names_inputs_fingerprint_maker_and_limits(both: Handout, file: Path) -> None:
    for side in both.sides:
        said = dict(asked(file, f"SELECT name, words FROM receipt WHERE scenario = '{side.mark}'"))
        assert said["fingerprint"] == side.result.receipt.fingerprint
        assert json.loads(said["inputs"]) == side.result.receipt.given
        assert said["limits"] == LIMITS.zh
        assert said["made_by"] == "王立"
    ((text,),) = asked(file, "SELECT metadata FROM gpkg_metadata")
    assert json.loads(text)["scenarios"][1]["mark"] == "B"


def test_what_is_inside_is_listed_with_words_for_codes(both: Handout, file: Path) -> None:
    targets = both.sides[0].inside.targets
    assert targets is not None
    rows = asked(file, "SELECT key, kind, distance FROM targets WHERE scenario = 'A'")
    assert [row[0] for row in rows] == targets["key"].tolist()
    assert "幼儿园" in {row[1] for row in rows}


def test_a_kind_that_is_not_open_has_no_table_and_hidden_numbers_are_empty(bench: Bench, tmp_path: Path) -> None:
    public = Scope(areas=("",), clearance=Sensitivity.PUBLIC)
    (tmp_path / "public.gpkg").write_bytes(geopackage(bench.handout(CHLORINE, scope=public), CATALOGUE))
    tables = {name for (name,) in asked(tmp_path / "public.gpkg", "SELECT table_name FROM gpkg_contents")}
    assert "hazards" not in tables
    assert set(asked(tmp_path / "public.gpkg", "SELECT people_day FROM targets")) <= {(None,)}
    (left,) = asked(tmp_path / "public.gpkg", "SELECT words FROM receipt WHERE name = 'not_open'")
    assert "重大危险源" in left[0]


def test_every_kind_of_release_can_be_handed_on(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "blast.gpkg").write_bytes(geopackage(bench.handout(BLAST, lang=Lang.EN), CATALOGUE))
    assert asked(tmp_path / "blast.gpkg", "SELECT kind FROM releases") == [("Condensed explosive (as TNT)",)]
    assert asked(tmp_path / "blast.gpkg", "SELECT count(*) FROM bands") == [(0,)]
