"""Other agencies' software reads the services: OWSLib, GDAL, QGIS and a bare HTTP client, with the demo key."""

import json
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import httpx
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from owslib.wfs import WebFeatureService
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

from tests.conftest import ROOT
from tests.server import PASSWORDS

KEY = "/ogc/k/demo-agency"
BOX = "121.7,33.05,122.0,33.3"


def stored(layer: str) -> int:
    return pq.read_metadata(ROOT / "data" / "samples" / f"{layer}.parquet").num_rows


def run(*command: str, timeout: float = 120) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def hits(url: str, layer: str, **options: object) -> int:
    query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "resultType": "hits"}
    answer = httpx.get(url, params={**query, "typeNames": f"onemap:{layer}"}, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return int(ElementTree.fromstring(answer.content).get("numberMatched", "-1"))


def test_owslib_lists_and_draws_the_layers(server: str) -> None:
    service = WebMapService(server + KEY + "/wms", version="1.3.0")
    assert {"enterprises", "hazard_sources", "roads", "hospitals"} <= set(service.contents)
    picture = service.getmap(
        layers=["enterprises"], srs="EPSG:4490", bbox=(121.7, 33.05, 122.0, 33.3), size=(300, 250), format="image/png"
    )
    assert picture.read()[:8] == b"\x89PNG\r\n\x1a\n"


def test_owslib_and_gdal_find_the_same_tiles_in_both_matrix_sets(server: str, tmp_path: Path) -> None:
    service = WebMapTileService(server + KEY + "/wmts")
    assert {"enterprises", "basemap", "onemap"} <= set(service.contents)
    pictures = []
    for tiles in ("WebMercatorQuad", "CGCS2000Quad"):
        matrix = service.tilematrixsets[tiles].tilematrix["3"]
        tile = service.gettile(layer="basemap", tilematrixset=tiles, tilematrix="3", row=1, column=6).read()
        assert tile[:8] == b"\x89PNG\r\n\x1a\n"
        assert (matrix.matrixwidth, matrix.tilewidth) == (8, 256)
        out = tmp_path / f"{tiles}.tif"
        source = f"WMTS:{server}{KEY}/wmts,layer=enterprises,style=shapes,tilematrixset={tiles}"
        box = ("-te", "121.7", "33.05", "121.9", "33.2", "-te_srs", "EPSG:4490", "-t_srs", "EPSG:4490")
        run("gdalwarp", "-q", *box, "-ts", "200", "150", "-r", "average", source, str(out))
        raster = run("gdal_translate", "-q", "-of", "XYZ", "-b", "4", str(out), "/vsistdout/").split()[2::3]
        pictures.append(np.array(raster, float).reshape(150, 200) > 0)
    first, second = pictures
    assert first.sum() > 200
    assert (first & second).sum() > 0.8 * min(first.sum(), second.sum())


@pytest.mark.parametrize("layer", ["enterprises", "hazard_sources", "roads", "hospitals", "accidents"])
def test_counts_over_wfs_agree_with_what_was_loaded(server: str, layer: str) -> None:
    assert hits(server + KEY + "/wfs", layer) == stored(layer)


def test_owslib_reads_features_as_geojson(server: str) -> None:
    service = WebFeatureService(server + KEY + "/wfs", version="2.0.0")
    assert "onemap:hospitals" in service.contents
    body = service.getfeature(typename="onemap:hospitals", outputFormat="application/json", maxfeatures=5).read()
    features = json.loads(body)["features"]
    assert len(features) == 5
    lon, lat = features[0]["geometry"]["coordinates"]
    assert 121 < lon < 123, "GeoJSON is longitude first"
    assert 32 < lat < 34


@pytest.mark.system
def test_gdal_reads_every_feature_with_the_right_axis_order(server: str) -> None:
    if shutil.which("ogrinfo") is None:
        pytest.fail("gdal-bin is missing; make test installs it")
    out = run("ogrinfo", "-ro", "-so", f"WFS:{server}{KEY}/wfs", "onemap:hospitals")
    assert f"Feature Count: {stored('hospitals')}" in out
    rows = run(
        "ogr2ogr", "-f", "CSV", "/vsistdout/", f"WFS:{server}{KEY}/wfs", "onemap:hospitals", "-lco", "GEOMETRY=AS_XY"
    ).splitlines()
    assert len(rows) == stored("hospitals") + 1
    lon, lat = (float(v) for v in rows[1].split(",")[:2])
    assert 121 < lon < 123
    assert 32 < lat < 34


@pytest.mark.system
@pytest.mark.parametrize("written", ["application/json", "application/gml+xml; version=3.2"])
def test_gdal_puts_a_hospital_at_one_place_whatever_the_system_is_called(
    server: str, tmp_path: Path, written: str
) -> None:
    names = (
        "", "EPSG:4326", "EPSG:4490", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4490",
        "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/gml/srs/epsg.xml#4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:3857", "urn:ogc:def:crs:EPSG::3857",
    )  # fmt: skip
    places = {name: gdal_places(server, tmp_path, written, name) for name in names}
    table = pq.read_table(ROOT / "data" / "samples" / "hospitals.parquet", columns=["geometry"])
    kept = shapely.get_coordinates(shapely.from_wkb(table["geometry"].to_pylist()))
    for name, found in places.items():
        apart = np.abs(found[:, None] - kept[None]).max(axis=2)
        assert len(found) == len(kept), name
        assert apart.min(axis=1).max() < 1e-6, name
        assert apart.min(axis=0).max() < 1e-6, name


def gdal_places(server: str, folder: Path, written: str, name: str) -> np.ndarray:
    """Where GDAL finds the hospitals of one answer, as longitude and latitude of WGS 84, by a process of its own."""
    query = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typeNames": "onemap:hospitals"}
    named = {"srsName": name} if name else {}
    answer = httpx.get(
        server + KEY + "/wfs", params={**query, **named, "outputFormat": written, "propertyName": "geometry"}
    )
    assert answer.status_code == 200, answer.text
    file = folder / ("answer.json" if "json" in written else "answer.gml")
    file.write_bytes(answer.content)
    file.with_suffix(".gfs").unlink(missing_ok=True)
    options = ("-lco", "GEOMETRY=AS_XY", "-t_srs", "OGC:CRS84")
    rows = run("ogr2ogr", "-f", "CSV", "/vsistdout/", str(file), *options).splitlines()[1:]
    return np.array([[float(number) for number in row.split(",")[:2]] for row in rows])


@pytest.mark.system
def test_qgis_opens_features_maps_tiles_and_coverages(server: str) -> None:
    script = f"""
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsRasterLayer, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
source = "url='{server}{KEY}/wfs' typename='onemap:hospitals' version='2.0.0' srsname='EPSG:4326'"
features = QgsVectorLayer(source, "h", "WFS")
print("WFS", features.isValid(), sum(1 for _ in features.getFeatures()))
items = QgsVectorLayer("url='{server}{KEY}/api' typename='hospitals'", "h", "OAPIF")
print("OAPIF", items.isValid(), sum(1 for _ in items.getFeatures()))
for source in ("/vsicurl/{server}{KEY}/api/collections/terrain/coverage?f=tiff",
               "WCS:{server}{KEY}/wcs?version=2.0.1&coverage=terrain"):
    raster = QgsRasterLayer(source, "t", "gdal")
    print("RASTER", raster.isValid(), raster.crs().authid(), raster.width())
picture = QgsRasterLayer("url={server}{KEY}/wms&layers=enterprises&styles=&format=image/png&crs=EPSG:3857", "e", "wms")
print("WMS", picture.isValid())
for tiles in ("WebMercatorQuad", "CGCS2000Quad"):
    source = "url={server}{KEY}/wmts/1.0.0/WMTSCapabilities.xml&layers=enterprises&styles=default&format=image/png"
    source += "&tileMatrixSet=" + tiles
    layer = QgsRasterLayer(source + "&crs=" + ("EPSG:3857" if tiles[0] == "W" else "EPSG:4490"), "t", "wms")
    print("WMTS", layer.isValid(), layer.crs().authid())
"""
    out = run("/usr/bin/python3", "-c", script)
    assert "WMTS True EPSG:3857" in out
    assert "WMTS True EPSG:4490" in out
    assert f"WFS True {stored('hospitals')}" in out
    assert "WMS True" in out
    assert f"OAPIF True {stored('hospitals')}" in out
    assert out.count("RASTER True EPSG:4490 400") == 2


def test_the_public_account_sees_less_through_every_door(server: str) -> None:
    public = ("public", PASSWORDS["public"])
    for door, tag in (("wms", "Name"), ("wfs", "Name")):
        query = {"service": door.upper(), "request": "GetCapabilities"}
        seen = []
        for address, options in ((server + KEY, {}), (server + "/ogc", {"auth": public})):
            answer = httpx.get(f"{address}/{door}", params=query, **options)  # type: ignore[arg-type]
            tree = ElementTree.fromstring(answer.content)
            seen.append({element.text for element in tree.iter() if element.tag.endswith("}" + tag)})
        assert seen[1] < seen[0], door
        assert not any("sensors" in (name or "") for name in seen[1])
    query = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": "onemap:enterprises",
        "count": "1",
    }
    answer = httpx.get(server + "/ogc/wfs", params={**query, "outputFormat": "application/json"}, auth=public)
    properties = answer.json()["features"][0]["properties"]
    assert "principal_phone" not in properties
    assert "risk" not in properties
    hidden = {**query, "typeNames": "onemap:sensors"}
    assert "InvalidParameterValue" in httpx.get(server + "/ogc/wfs", params=hidden, auth=public).text


def test_a_district_counts_only_its_own_through_wfs(server: str) -> None:
    own = hits(server + "/ogc/wfs", "enterprises", auth=("district", PASSWORDS["district"]))
    whole = hits(server + "/ogc/wfs", "enterprises", auth=("city", PASSWORDS["city"]))
    assert 0 < own < whole == stored("enterprises")
    shared = hits(server + "/ogc/wfs", "hospitals", auth=("district", PASSWORDS["district"]))
    assert shared == stored("hospitals"), "hospitals are shared"


def test_the_same_place_in_three_reference_systems(server: str) -> None:
    base = {
        "service": "WMS",
        "version": "1.3.0",
        "request": "GetMap",
        "layers": "roads",
        "styles": "",
        "format": "image/png",
    }
    size = {"width": "240", "height": "200"}
    west, south, east, north = BOX.split(",")
    flipped = f"{south},{west},{north},{east}"
    pictures = [
        httpx.get(server + KEY + "/wms", params={**base, **size, "crs": crs, "bbox": box}).content
        for crs, box in (("CRS:84", BOX), ("EPSG:4326", flipped), ("EPSG:4490", flipped))
    ]
    assert pictures[0][:4] == b"\x89PNG"
    assert pictures[0] == pictures[1] == pictures[2]


def test_every_link_of_the_ogc_api_leads_somewhere(server: str) -> None:
    base = server + KEY + "/api"
    told = httpx.get(base + "/collections", params={"f": "json"}, timeout=60).json()
    kinds = {"enterprises", "sensors", "weather_stations", "terrain", "records"}
    links = [*told["links"], *(link for one in told["collections"] if one["id"] in kinds for link in one["links"])]
    places = sorted({link["href"] for link in links})
    assert len(places) > 40
    with httpx.Client(timeout=60) as client:
        answers = {place: client.get(place).status_code for place in places}
    assert {place: code for place, code in answers.items() if code != 200} == {}
