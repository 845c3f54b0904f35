import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.caller import current_caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from gis.crs import moved
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.layer import Geometry, Layer
from ogc.encode import mvt
from ogc.services import Services
from ogc.tiles import vectors
from ogc.tiles.kept import KeptTiles
from ogc.tiles.matrix import SETS, WEB_MERCATOR_QUAD, MatrixSet, Tile
from ogc.tiles.vectors import TileVectors
from store.opening import open_audit
from store.postgis import open_postgis
from store.query import EVERYTHING
from store.recorded import RecordedStore
from store.tilecache import TileCache
from tests.ogc.drawn_city import EVERYONE, ONE_DISTRICT, PUBLIC, built
from tests.postgres import Emptied

TILE = WEB_MERCATOR_QUAD.tile("12", 1647, 3433)
"""Holds the whole of the drawn city's west, and its one enterprise in the east lies on the next one."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TileVectors]:
    folder = tmp_path_factory.mktemp("vectors")
    store = built(folder / "city.gpkg")
    audit = open_audit(folder, None)
    services = Services(catalogue=CATALOGUE, store=RecordedStore(store, audit, utc_now))
    kept = KeptTiles(store, TileCache(folder / "tiles.db", largest=10_000_000, maker="test"))
    yield TileVectors(services, kept)
    kept.close()
    store.close()
    audit.close()


@pytest.mark.postgis
def test_postgis_makes_the_same_tiles_as_the_encoder_within_as_many_corners(
    door: TileVectors, postgres_catalogue: Emptied, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = door._services.store
    kept_at = postgres_catalogue
    with closing(open_postgis(kept_at.url, CATALOGUE, utc_now, kept_at.schema)) as store:
        for layer in (ENTERPRISES, CATALOGUE["roads"], CATALOGUE["water"]):
            rows = mine.read(layer, EVERYTHING, scope=SYSTEM_SCOPE).drop_columns(["_version", "_seq"])
            store.load(layer, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
        audit = open_audit(tmp_path, None)
        kept = KeptTiles(store, TileCache(tmp_path / "tiles.db", largest=0, maker="test"))
        other = TileVectors(Services(catalogue=CATALOGUE, store=RecordedStore(store, audit, utc_now)), kept)
        asked = (("enterprises", EVERYONE), ("enterprises", PUBLIC), ("roads", PUBLIC), ("water", EVERYONE))
        for name, caller in asked:
            for tiles in SETS.values():
                tile = holding(121.72, 33.16, "7", tiles)
                first, second = (read(one.tile(name, tile, caller)[0].body, tile, tmp_path) for one in (door, other))
                assert first.keys() == second.keys() == {name}
                by_id = [{one["properties"]["mvt_id"]: one for one in found[name]} for found in (first, second)]
                assert by_id[0].keys() == by_id[1].keys()
                for number, one in by_id[0].items():
                    assert one["properties"] == by_id[1][number]["properties"]
                    shapes = [shapely.geometry.shape(each[number]["geometry"]) for each in by_id]
                    assert shapes[0].hausdorff_distance(shapes[1]) < 3 * (tile.bounds.east - tile.bounds.west) / 4096
        circle = shapely.to_wkb(shapely.MultiPolygon([shapely.Point(121.72, 33.16).buffer(0.3, 500)]))
        round_one = rows.slice(0, 1).set_column(rows.column_names.index("geometry"), "geometry", pa.array([circle]))
        store.load(CATALOGUE["water"], round_one, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
        tile, most = holding(121.72, 33.16, "7"), 100
        whole = corners(other._made(CATALOGUE["water"], tile, EVERYONE.scope)[0], tile, tmp_path)
        monkeypatch.setattr(mvt, "MOST_CORNERS", most)
        thinned = corners(other._made(CATALOGUE["water"], tile, EVERYONE.scope)[0], tile, tmp_path)
        assert 10 < thinned <= most < whole
        kept.close()
        audit.close()


def corners(body: bytes, tile: Tile, folder: Path) -> int:
    """How many corners the shapes of a tile have in all."""
    shapes = [shapely.geometry.shape(one["geometry"]) for some in read(body, tile, folder).values() for one in some]
    return int(shapely.get_num_coordinates(shapes).sum())


def holding(lon: float, lat: float, level: str = "12", tiles: MatrixSet = WEB_MERCATOR_QUAD) -> Tile:
    x, y = moved(np.array([[lon, lat]]), 4490, tiles.crs)[0]
    matrix = tiles.levels[level]
    left, top = tiles.origin(matrix)
    span = matrix.cellSize * 256
    return tiles.tile(level, int((top - y) / span), int((x - left) / span))


def read(body: bytes, tile: Tile, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The features of each layer of a tile, as GDAL reads it, in degrees."""
    path = folder / tile.level / str(tile.column) / f"{tile.row}.pbf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    listed = subprocess.run(["ogrinfo", "-q", f"MVT:{path}"], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in listed.splitlines():
        if not line.strip()[:1].isdigit():
            continue
        name = line.split(":")[1].split("(")[0].strip()
        out = folder / "out.geojson"
        out.unlink(missing_ok=True)
        options = ("-t_srs", "OGC:CRS84", "-oo", "CLIP=NO")
        subprocess.run(["ogr2ogr", "-f", "GeoJSON", *options, str(out), f"MVT:{path}", name], check=True)
        found[name] = json.loads(out.read_text())["features"]
    return found


def test_a_tile_holds_each_feature_of_its_ground_where_it_is_with_its_attributes(
    door: TileVectors, tmp_path: Path
) -> None:
    tile = holding(121.72, 33.16, "10")
    found = read(door.tile("enterprises", tile, EVERYONE)[0].body, tile, tmp_path)["enterprises"]
    stored = door._services.store.read(ENTERPRISES, EVERYTHING, scope=SYSTEM_SCOPE)
    rows = {row["uscc"]: row for row in stored.to_pylist()}
    box = tile.bounds
    inside = {key for key, row in rows.items() if box.polygon.intersects(shapely.from_wkb(row["geometry"]))}
    assert {one["properties"]["uscc"] for one in found} == inside
    assert len(inside) >= 4
    assert len({one["properties"]["mvt_id"] for one in found}) == len(found)
    for one in found:
        row = rows[one["properties"]["uscc"]]
        place = shapely.get_coordinates(shapely.from_wkb(row["geometry"]))[0]
        assert np.abs(np.array(one["geometry"]["coordinates"]) - place).max() < (box.east - box.west) / 4096
        assert (one["properties"]["name"], one["properties"].get("risk")) == (row["name"], row["risk"])


def test_a_district_and_the_public_meet_their_own_rows_and_fields_alone(door: TileVectors, tmp_path: Path) -> None:
    east = holding(121.79, 33.16)
    for _ in range(2):
        assert b"\xe4\xb8\x9c\xe5\x8c\xba" in door.tile("enterprises", east, EVERYONE)[0].body  # 东区
        assert b"\xe4\xb8\x9c\xe5\x8c\xba" not in door.tile("enterprises", east, ONE_DISTRICT)[0].body
        public = read(door.tile("enterprises", east, PUBLIC)[0].body, east, tmp_path)["enterprises"]
        assert {"risk", "principal_phone"}.isdisjoint(public[0]["properties"])
        assert public[0]["geometry"]["coordinates"] != [121.79, 33.16], "the public meets rounded places"


def test_what_is_recorded_is_read_each_time_and_nothing_else_is(door: TileVectors) -> None:
    tile = holding(121.72, 33.16)
    token = current_caller.set(EVERYONE)
    try:
        kept = [door.tile(layer, tile, EVERYONE)[1] for layer in ("enterprises", "enterprises", "roads")]
    finally:
        current_caller.reset(token)
    assert kept == [False, False, True], "enterprises have telephone numbers, roads have none"
    assert door.at_hand("enterprises", tile, EVERYONE) is None
    assert door.at_hand("roads", tile, EVERYONE) is not None
    assert door.tile("enterprises", tile, PUBLIC)[1]


def test_a_tile_that_does_not_hold_all_says_so_and_holds_the_worst(
    door: TileVectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MOST", 2)
    tile = holding(121.72, 33.16, "10")
    found = read(door.tile("enterprises", tile, EVERYONE)[0].body, tile, tmp_path)
    assert [one["properties"]["risk"] for one in found["enterprises"]] == [1, 2]
    [said] = found[mvt.OMITTED]
    assert said["properties"]["layer"] == "enterprises"
    assert (said["properties"]["shown"], said["properties"]["matched"] > 2) == (2, True)


def made(layer: Layer, shapes: list[shapely.Geometry]) -> bytes:
    keys = pa.array([f"k{number}" for number in range(len(shapes))])
    rows = pa.table({layer.key: keys, "geometry": pa.array(shapely.to_wkb(shapes), pa.binary())})
    return mvt.encoded(rows, layer, (layer.fields[layer.key],), TILE, matched=len(shapes))


def test_lines_and_polygons_with_holes_come_back_as_gdal_would_cut_them(tmp_path: Path) -> None:
    box = TILE.bounds
    middle, wide = box.centre, box.east - box.west
    circle = shapely.Point(middle.lon, middle.lat).buffer(wide / 5, 32)
    ring = shapely.MultiPolygon([circle.difference(shapely.Point(middle.lon, middle.lat).buffer(wide / 20, 32))])
    across = shapely.MultiPolygon([shapely.box(box.west - wide, middle.lat, box.east + wide, box.north)])
    speck = shapely.MultiPolygon([shapely.Point(middle.lon, middle.lat).buffer(wide * 1e-7)])
    areas = next(layer for layer in CATALOGUE if layer.geometry is Geometry.POLYGON)
    found = read(made(areas, [ring, across, speck]), TILE, tmp_path)[areas.id]
    by_key = {one["properties"][areas.key]: shapely.geometry.shape(one["geometry"]) for one in found}
    assert by_key.keys() == {"k0", "k1"}, "what is smaller than a unit of the tile is left out"
    assert by_key["k0"].is_valid
    assert by_key["k0"].symmetric_difference(ring).area < 0.01 * ring.area
    margin = wide * mvt.MARGIN / mvt.EXTENT
    assert by_key["k1"].bounds[0] == pytest.approx(box.west - margin, abs=wide / 4096)
    roads = next(layer for layer in CATALOGUE if layer.geometry is Geometry.LINE)
    north = [(middle.lon, box.north), (box.east, box.north)]
    line = shapely.MultiLineString([[(box.west, box.south), (middle.lon, middle.lat)], north])
    [one] = read(made(roads, [line]), TILE, tmp_path)[roads.id]
    assert shapely.geometry.shape(one["geometry"]).hausdorff_distance(line) < 2 * wide / 4096
