"""The guide for other agencies says nothing that does not work: the commands of docs/connect.md are run as they are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pyarrow.parquet as pq
import pytest

from tests.conftest import ROOT
from tests.server import PASSWORDS, Served, give_key

GUIDE = (ROOT / "docs" / "connect.md").read_text(encoding="utf-8")
CITY = ("city", PASSWORDS["city"])
ITEMS = "/ogc/api/collections/shelters/items"


def stored(layer: str) -> int:
    return pq.read_metadata(ROOT / "data" / "samples" / f"{layer}.parquet").num_rows


def commands(heading: str, language: str) -> str:
    """The blocks of a section in one language, one after the other."""
    section = GUIDE.split(f"\n{heading}\n", 1)[1]
    section = re.split(r"\n#{2,3} ", section, maxsplit=1)[0]
    found = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert found, heading
    return "\n".join(found)


def run(command: list[str], script: str, served: Served, folder: Path, **environment: str) -> str:
    given = {name: value for name, value in os.environ.items() if not name.startswith("GDAL_")} | environment
    done = subprocess.run(
        command, input=script.replace("http://127.0.0.1:8000", served.address), cwd=folder, env=given,
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shell(script: str, served: Served, folder: Path) -> str:
    return run(["bash", "-euo", "pipefail"], script, served, folder)


def test_a_key_in_the_path_a_bearer_key_and_a_password_open_the_same_door(written: Served, tmp_path: Path) -> None:
    out = shell(commands("## Address and key", "sh"), written, tmp_path)
    assert re.findall(r'numberMatched="(\d+)"', out) == [str(stored("hospitals"))] * 3


@pytest.mark.system
def test_gdal_reads_features_pages_coverages_and_tiles_as_the_guide_says(written: Served, tmp_path: Path) -> None:
    out = shell(commands("## GDAL", "sh"), written, tmp_path)
    hospitals, _, worst = out.partition("using driver `GPKG'")
    assert f"Feature Count: {stored('hospitals')}" in hospitals
    risks = pq.read_table(ROOT / "data" / "samples" / "enterprises.parquet", columns=["risk"])["risk"].to_pylist()
    assert f"Feature Count: {sum(risk is not None and risk <= 2 for risk in risks)}" in worst
    assert "Size is 800, 600" in out
    assert (tmp_path / "map.png").stat().st_size > 10_000, "the picture is not empty"
    assert float(re.search(r"STATISTICS_MAXIMUM=(\S+)", out)[1]) > 0  # type: ignore[index]
    crs = subprocess.run(
        ["ogrinfo", "-ro", "-so", "-al", str(tmp_path / "hospitals.gpkg")], capture_output=True, text=True
    )
    assert f"Feature Count: {stored('hospitals')}" in crs.stdout
    assert 'ID["EPSG",4549]' in crs.stdout


@pytest.mark.system
def test_gdal_adds_and_deletes_from_the_command_line(written: Served, tmp_path: Path) -> None:
    out = shell(commands("### Editing with GDAL", "sh"), written, tmp_path)
    assert "name (String) = 体育馆" in out
    assert "POINT (121.86 33.18)" in out
    assert httpx.get(f"{written.address}{ITEMS}/GDAL-1", auth=CITY).status_code == 404


@pytest.mark.system
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "2.0.0"])
def test_gdal_adds_changes_moves_and_deletes_a_feature_by_a_password_or_a_key_that_writes(
    written: Served, tmp_path: Path, version: str
) -> None:
    key, door, login = "gdal-writes-shelters", "/ogc/wfs", {"GDAL_HTTP_USERPWD": ":".join(CITY)}
    if version == "2.0.0":
        give_key(written.data, "city", key, writable=frozenset({"shelters"}))
        door, login = f"/ogc/k/{key}/wfs", {}
    layer = "shelters" if version == "1.1.0" else "onemap:shelters"  # its capabilities need no prefix
    script = f"""
from osgeo import gdal, ogr
ogr.UseExceptions()
source = gdal.OpenEx("WFS:{written.address}{door}?version={version}", gdal.OF_VECTOR | gdal.OF_UPDATE)
layer = source.GetLayerByName("{layer}")
new = ogr.Feature(layer.GetLayerDefn())
new["code"], new["name"], new["places"] = "GDAL-2", "GDAL 新建", 25
new.SetGeometry(ogr.CreateGeometryFromWkt("POINT (121.86 33.18)"))
layer.CreateFeature(new)
print("ID", new["gml_id"])
layer.SetAttributeFilter("code = 'GDAL-2'")
kept = layer.GetNextFeature()
print("ADDED", kept["name"], kept.GetGeometryRef().ExportToWkt())
kept["name"], kept["places"] = "GDAL 改名", 40
kept.SetGeometry(ogr.CreateGeometryFromWkt("POINT (121.87 33.19)"))
layer.SetFeature(kept)
layer.ResetReading()
kept = layer.GetNextFeature()
print("CHANGED", kept["name"], kept["places"], kept.GetGeometryRef().ExportToWkt())
wrong = ogr.Feature(layer.GetLayerDefn())
wrong["code"], wrong["name"], wrong["places"] = "GDAL-3", "x", -5
wrong.SetGeometry(ogr.CreateGeometryFromWkt("POINT (121.86 33.18)"))
try:
    layer.CreateFeature(wrong)
except RuntimeError as error:
    print("REFUSED", error)
source.ExecuteSQL("DELETE FROM {layer} WHERE code = 'GDAL-2'")
layer.ResetReading()
print("LEFT", layer.GetFeatureCount())
"""
    out = run(["/usr/bin/python3", "-"], script, written, tmp_path, **login)
    assert "ID shelters.GDAL-2" in out
    assert "ADDED GDAL 新建 POINT (121.86 33.18)" in out
    assert "CHANGED GDAL 改名 40 POINT (121.87 33.19)" in out
    assert "LEFT 0" in out
    if version == "1.0.0":  # of the others GDAL tells the status alone
        assert "共 1 处错误" in out, "the area is told from the place once the rest is right; it is no second fault"
        assert "places“-5”" in out
    else:
        assert "REFUSED" in out


def test_python_reads_as_the_guide_says(written: Served, tmp_path: Path) -> None:
    out = run([sys.executable, "-"], commands("## Python", "python"), written, tmp_path)
    risks = pq.read_table(ROOT / "data" / "samples" / "enterprises.parquet", columns=["risk"])["risk"].to_pylist()
    assert f"{risks.count(1)} enterprises of the highest risk, EPSG:4490" in out
    assert f"{stored('enterprises')} enterprises, {stored('enterprises')} keys" in out
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"


def test_curl_filters_downloads_and_writes_as_the_guide_says(written: Served, tmp_path: Path) -> None:
    out = shell(commands("## curl", "sh"), written, tmp_path)
    assert '"numberReturned":2' in out
    assert '"open_now":true' in out
    assert "ExceptionReport" not in out
    assert (tmp_path / "teams.csv").read_text(encoding="utf-8-sig").count("\n") == stored("teams") + 1
    assert (tmp_path / "teams.gpkg").read_bytes()[:6] == b"SQLite"
    assert (tmp_path / "map.png").read_bytes()[:4] == b"\x89PNG"
    assert httpx.get(f"{written.address}{ITEMS}/CURL-1", auth=CITY).status_code == 404


def test_refusals_look_as_the_guide_says(written: Served, tmp_path: Path) -> None:
    out = shell(commands("## What a refused request looks like", "sh"), written, tmp_path)
    assert re.findall(r"(\d{3})$", out, re.MULTILINE) == ["401", "400", "400", "403"]
