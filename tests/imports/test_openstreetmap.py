"""OpenStreetMap files into the layers they fill, counted and drawn as GDAL itself reads them, in its own process."""

import csv
import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app.imports.tables import Wish
from core.errors import BadInputError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.codes import code_list
from layers.readers.delivery import Delivery, Stated
from layers.readers.osm.presets import PRESETS, kinds, selected
from layers.readers.osm.tags import given, implied_oneway, metres, number, speed, yes
from layers.readers.process import read
from store.protocol import Store
from store.query import EVERYTHING
from tests.absent import absent
from tests.imports.conftest import Take

FILES = ("guixi_CN.osm", "baltimore.osm.pbf")
NOT_ROADS = (
    *("proposed", "planned", "abandoned", "razed", "platform", "bus_stop", "elevator", "rest_area", "services"),
    *("emergency_bay", "via_ferrata", "no"),
)
NOT_LAND = ["reservoir", "basin", "salt_pond", "aquaculture", "no"]
SCHOOLS = ["school", "college", "university", "kindergarten", "childcare", "nursing_home", "hospital"]
Objects = dict[str, shapely.Geometry]


TAGS = {
    "points": ("place", "other_tags"),
    "lines": ("highway", "waterway"),
    "multipolygons": ("building", "natural", "landuse", "leisure", "amenity", "other_tags"),
}


@cache
def gdal(file: Path, layer: str) -> list[dict[str, str]]:
    """Every object of one of GDAL's layers with some of its tags, by Debian's own GDAL and its own list of tags."""
    if shutil.which("ogr2ogr") is None:
        absent("gdal-bin")
    columns = ", ".join(("osm_id", *(("osm_way_id",) if layer == "multipolygons" else ()), *TAGS[layer]))
    said = subprocess.run(
        ["ogr2ogr", "-f", "CSV", "/vsistdout/", str(file), "-sql", f"SELECT {columns} FROM {layer}",
         "-lco", "GEOMETRY=AS_WKT"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    csv.field_size_limit(10_000_000)
    return list(csv.DictReader(io.StringIO(said)))


@cache
def delivered(file: Path, wanted: str) -> Delivery:
    """What the reading process finds for a layer, shared by the tests: for each it goes through the whole file."""
    return read(file, Stated(preset=wanted))


def key(row: dict[str, str], layer: str) -> str:
    if layer == "multipolygons":
        return "w" + row["osm_way_id"] if row["osm_way_id"] else "r" + row["osm_id"]
    return {"points": "n", "lines": "w"}[layer] + row["osm_id"]


def due(file: Path, wanted: str) -> Objects:
    """What the layer ought to hold, by GDAL's reading and the plain meaning of the tags."""
    found: Objects = {}
    for layer in PRESETS[wanted].sources:
        rows = [row for row in gdal(file, layer) if belongs(wanted, layer, row)]
        shapes = shapely.from_wkt([row["WKT"] for row in rows])
        found |= zip((key(row, layer) for row in rows), shapes, strict=True)
    if wanted == "water":  # GDAL's own list of tags has these closed ways as lines
        banks = [row for row in gdal(file, "lines") if row["waterway"] in ("riverbank", "dock")]
        found |= {"w" + row["osm_id"]: shapely.Polygon(shapely.from_wkt(row["WKT"])) for row in banks}
    return found


def belongs(wanted: str, layer: str, row: dict[str, str]) -> bool:
    other = dict(pair.split('"=>"') for pair in row.get("other_tags", "").strip('"').split('","') if '"=>"' in pair)
    amenity = row.get("amenity") or other.get("amenity", "")
    match wanted:
        case "roads":
            return bool(row["highway"]) and row["highway"] not in NOT_ROADS
        case "buildings":
            return row["building"] not in ("", "no")
        case "landuse":
            kept = bool(row["landuse"]) and row["landuse"] not in NOT_LAND
            green = row["leisure"] in ("park", "garden", "nature_reserve", "golf_course") or row["natural"] == "wood"
            return kept or (green and not row["landuse"])
        case "water":
            wet = row["natural"] in ("water", "bay", "strait") or row["landuse"] in ("reservoir", "basin")
            return wet or other.get("waterway") in ("riverbank", "dock")
        case "places":
            return row["place"] not in ("", "country", "state", "province", "region")
        case "hospitals":
            return amenity == "hospital" or other.get("healthcare") == "hospital"
        case "fire_stations":
            return amenity == "fire_station"
    return amenity in SCHOOLS or other.get("social_facility") in ("nursing_home", "assisted_living")


@pytest.mark.system
@pytest.mark.parametrize("name", FILES)
def test_every_layer_holds_what_gdal_reads(store: Store, take: Take, test_data: Path, name: str):
    file = test_data / "osm" / name
    for wanted, preset in PRESETS.items():
        outcome = take(wanted, delivered(file, wanted), Wish(good_only=True, anywhere=True))
        expected = due(file, wanted)
        typed = outcome.done.checked.typed
        codes, found = typed["code"].to_pylist(), shapely.from_wkb(typed["geometry"].to_numpy())
        assert sorted(codes) == sorted(expected), wanted
        by_gdal = np.array([expected[code] for code in codes], dtype=object)
        if preset.points:
            same = shapely.intersects(by_gdal, shapely.buffer(found, 1e-9))
        else:
            same = shapely.equals_exact(found, by_gdal, 1e-9)
            same[~same] = shapely.equals(found[~same], by_gdal[~same])
        assert same.all(), np.array(codes)[~same]
        kept = store.read(CATALOGUE[wanted], EVERYTHING, scope=SYSTEM_SCOPE)
        assert kept.num_rows == outcome.loaded.new == len(expected) - outcome.done.refused, wanted


def test_the_numbers_of_the_files_are_those_of_their_makers(take: Take, test_data: Path):
    """The manifest of the test data counts buildings, hospitals and fire stations by another tool."""
    for name, wanted, count in (
        ("guixi_CN.osm", "buildings", 165),
        ("baltimore.osm.pbf", "buildings", 1731),
        ("baltimore.osm.pbf", "hospitals", 10),
        ("baltimore.osm.pbf", "fire_stations", 10),
    ):
        file = test_data / "osm" / name
        assert take(wanted, delivered(file, wanted), Wish(dry_run=True, anywhere=True)).done.rows == count


def test_chinese_roads_keep_their_names_and_their_age(store: Store, take: Take, test_data: Path):
    take("roads", delivered(test_data / "osm" / "guixi_CN.osm", "roads"))
    roads = store.read(CATALOGUE["roads"], EVERYTHING, scope=SYSTEM_SCOPE)
    assert any("路" in name for name in roads["name"].to_pylist())
    assert roads["observed_at"].null_count == 0
    assert set(roads["source_datum"].to_pylist()) == {"WGS84"}
    assert all("ODbL" in source for source in roads["source"].to_pylist())
    assert set(roads["kind"].to_pylist()) <= set(code_list("road_kind").valid(roads["observed_at"][0].as_py().date()))


def test_a_layer_openstreetmap_knows_nothing_of_is_refused(test_data: Path):
    with pytest.raises(BadInputError, match="OpenStreetMap 不能装入“tanks”"):
        read(test_data / "osm/guixi_CN.osm", Stated(preset="tanks"))


@pytest.mark.parametrize("layer", list(PRESETS))
def test_every_code_of_the_table_is_a_code_of_its_list(layer: str):
    rows = kinds(layer)
    assert rows
    for row in rows:
        assert row["source"].startswith("https://wiki.openstreetmap.org/wiki/")
        if row["field"]:
            codes = CATALOGUE[layer].fields[row["field"]].codes
            assert codes is not None
            assert row["code"] == "" or row["code"] in {code.code for code in code_list(codes)}, row
    assert set(PRESETS[layer].fields) <= set(CATALOGUE[layer].fields)


def test_the_first_line_that_fits_decides():
    tags = pa.table({
        "water": ["river", None, None, None], "waterway": [None, None, "dock", None],
        "landuse": [None, "reservoir", None, "grass"], "natural": ["water", "water", None, None],
    })  # fmt: skip
    taken, codes = selected("water", tags)
    assert taken.tolist() == [True, True, True, False]
    assert codes is not None
    assert codes.to_pylist() == ["river", "reservoir", "canal"]


def tags(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def test_tags_become_si_or_nothing():
    assert speed("v")(tags(v=["60", "60 km/h", "30 mph", "walk", "none", None])).to_pylist() == [
        60.0, 60.0, 48.3, None, None, None,
    ]  # fmt: skip
    heights = metres("v", most=20)(tags(v=["4.5", "4.5 m", "12'", "12'6\"", "default", "99"])).to_pylist()
    assert heights[:2] == [4.5, 4.5]
    assert np.allclose(heights[2:4], [3.6576, 3.81])
    assert heights[4:] == [None, None]
    assert number("v", most=20)(tags(v=["2", "2.5", "many", "21", None])).to_pylist() == [2, 2, None, None, None]


def test_one_way_is_said_or_follows_from_the_road():
    roads = tags(
        highway=["motorway", "motorway", "primary", "primary", "residential"],
        oneway=[None, "no", "-1", None, "yes"],
        junction=[None, None, None, "roundabout", None],
    )
    assert implied_oneway(roads).to_pylist() == [True, False, True, True, True]


def test_bridges_are_bridges_whatever_their_kind_and_hazmat_no_is_a_ban():
    assert yes("bridge")(tags(bridge=["yes", "viaduct", "no", None])).to_pylist() == [True, True, False, False]
    assert given("hazmat", "no")(tags(hazmat=["no", "designated", None])).to_pylist() == [True, False, False]
