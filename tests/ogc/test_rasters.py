"""Rasters on maps: the same place in every system, cells as they are, absent for those who may not see them."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from lxml import etree
from PIL import Image

from app.imports.rasters import import_raster
from core.actors import SYSTEM_ACTOR
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.coverage import COVERAGES, coverage
from layers.ramps import steps
from ogc.kvp import KVP
from ogc.render.drawing import Drawing, Extent, RasterPass, Shading
from ogc.render.painting import painted
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sheet import parts
from ogc.render.sources import GeoPackageRows
from ogc.services import Response, Services
from ogc.wms import wms
from store.rasters import Provenance, RasterShelf
from tests.ogc.drawn_city import EVERYONE, PUBLIC, built
from tests.rasterfiles import geotiff

WEST, NORTH, STEP = 121.70, 33.175, 0.005
EAST, SOUTH = WEST + 20 * STEP, NORTH - 15 * STEP
URL = "https://map.example/ogc/k/KEY/wms"
ABOUT = Provenance(source="第七次人口普查", observed_at=datetime(2020, 10, 31, 16, tzinfo=UTC))


def people() -> np.ndarray:
    """Cells over every class, a row of nobody, a row without data."""
    cells = np.random.default_rng(3).choice(np.array([1, 20, 100, 500, 1500, 3000, 9000], np.int32), (15, 20))
    cells[4] = 0
    cells[9] = -1
    return cells


def hill() -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-1, 1, 20), np.linspace(-1, 1, 15))
    return (400 * np.clip(1 - np.hypot(x, y), 0, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("rasters")
    store = built(folder / "city.gpkg")
    shelf = RasterShelf(store, folder / "rasters", COVERAGES, utc_now)
    photo = np.stack([np.full((15, 20), v, np.uint8) for v in (200, 100, 50)])
    for name, cells in (("population", people()), ("terrain", hill()), ("imagery", photo)):
        nodata = -1 if name == "population" else None
        file = geotiff(folder / f"{name}.tif", cells, west=WEST, north=NORTH, step=STEP, nodata=nodata)
        import_raster(shelf, file, name, ABOUT, actor=SYSTEM_ACTOR)
    pool = DrawingPool(processes=1)
    renderer = MapnikRenderer(CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, pool, shelf)
    yield Services(catalogue=CATALOGUE, store=store, renderer=renderer, shelf=shelf)
    renderer.close()
    store.close()


def ask(services: Services, caller: Caller = EVERYONE, **parameters: str) -> Response:
    given = {"service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "population", "styles": "",
             "width": "400", "height": "300", "format": "image/png", "crs": "CRS:84", "transparent": "TRUE",
             "bbox": f"{WEST},{SOUTH},{EAST},{NORTH}", **parameters}  # fmt: skip
    return wms(KVP(given.items()), caller, services, URL)


def pixels(answer: Response) -> np.ndarray:
    assert answer.media_type.startswith("image/"), answer.content()[:300]
    return np.asarray(Image.open(io.BytesIO(answer.content())).convert("RGBA"), np.int16)


def code_of(answer: Response) -> str | None:
    found = etree.fromstring(answer.content()).find(".//{*}ServiceException")
    assert found is not None, answer.content()
    return found.get("code")


def box_in(code: int) -> tuple[float, float, float, float]:
    """A window well inside the raster, x first, in the units of an EPSG code."""
    there = pyproj.Transformer.from_crs(4490, code, always_xy=True)
    left, bottom = there.transform(WEST + 0.011, SOUTH + 0.011)
    right, top = there.transform(EAST - 0.011, NORTH - 0.011)
    return left, bottom, right, top


@pytest.mark.parametrize(
    ("code", "crs", "flipped"),
    [(4326, "EPSG:4326", True), (4490, "EPSG:4490", True), (4326, "CRS:84", False), (3857, "EPSG:3857", False),
     (4549, "EPSG:4549", True), (4550, "EPSG:4550", True)],
)  # fmt: skip
def test_every_system_shows_the_cell_that_rasterio_finds_there(
    services: Services, code: int, crs: str, flipped: bool
) -> None:
    one = next(raster for raster in services.rasters(SYSTEM_SCOPE) if raster.declared.id == "population")
    left, bottom, right, top = box_in(code)
    bbox = (bottom, left, top, right) if flipped else (left, bottom, right, top)
    picture = pixels(ask(services, crs=crs, bbox=",".join(map(repr, bbox)), width="640", height="480"))
    back = pyproj.Transformer.from_crs(code, 4490, always_xy=True)
    places = np.random.default_rng(1).integers((0, 0), (480, 640), (400, 2))
    x, y = left + (places[:, 1] + 0.5) * (right - left) / 640, top - (places[:, 0] + 0.5) * (top - bottom) / 480
    lon, lat = back.transform(x, y)
    inside = [np.abs(((v / STEP) % 1) - 0.5) < 0.45 for v in (lon - WEST, NORTH - lat)]
    clear_of_edges = inside[0] & inside[1]
    with rasterio.open(one.path) as raster:
        cells = np.array([v[0] for v in raster.sample(np.column_stack([lon, lat]))])
    lows = np.array([step.low for step in steps(one.declared, one.record, night=False)])
    colours = [step.colour for step in steps(one.declared, one.record, night=False)]
    compared = 0
    for (row, column), cell in zip(places[clear_of_edges], cells[clear_of_edges], strict=True):
        shown = picture[row, column]
        if cell <= 0:
            assert shown[3] == 0
            continue
        colour = colours[int(np.searchsorted(lows, cell, side="right")) - 1]
        assert [f"{v:02X}" for v in shown[:3]] == [colour[1:3], colour[3:5], colour[5:7]]
        compared += 1
    assert compared > 200


def test_a_map_in_111_puts_east_first(services: Services) -> None:
    left, bottom, right, top = box_in(4549)
    new = pixels(ask(services, crs="EPSG:4549", bbox=f"{bottom},{left},{top},{right}"))
    old = pixels(ask(services, version="1.1.1", srs="EPSG:4549", bbox=f"{left},{bottom},{right},{top}"))
    assert np.array_equal(new, old)


def test_zoomed_out_a_pixel_is_the_mean_of_its_cells_and_invents_nobody(tmp_path: Path) -> None:
    cells = np.zeros((64, 64), np.int32)
    cells[::2, ::2] = 400
    path = geotiff(tmp_path / "p.tif", cells, west=0, north=64, step=1)
    stops = ((0.0, "#000001"), (90.0, "#000002"), (110.0, "#000003"), (390.0, "#000004"))
    wanted = RasterPass(path=str(path), crs=4490, shading=Shading.CLASSES, stops=stops)
    whole = Extent(left=0, bottom=0, right=64, top=64)
    assert set(painted(wanted, whole, 32, 32)[..., 2].ravel()) == {2}
    assert set(painted(wanted, whole, 256, 256)[..., 2].ravel()) == {0, 4}


def test_a_slope_to_the_north_west_is_lit_and_the_sea_is_left_clear(services: Services) -> None:
    picture = pixels(ask(services, layers="terrain"))
    light = picture[..., :3].sum(axis=2)
    assert light[110, 160] > light[190, 240] + 20
    assert picture[2, 2, 3] == 0
    assert picture[150, 200, 3] == 255


def test_imagery_keeps_its_colours(services: Services) -> None:
    assert list(pixels(ask(services, layers="imagery"))[150, 200]) == [200, 100, 50, 255]


def test_beyond_its_edge_a_raster_is_clear(services: Services) -> None:
    wide = pixels(ask(services, layers="imagery", bbox=f"{WEST - 0.1},{SOUTH - 0.075},{EAST + 0.1},{NORTH + 0.075}"))
    assert wide[5, 5, 3] == 0
    assert wide[150, 200, 3] == 255
    assert (pixels(ask(services, bbox="10,10,11,10.75"))[..., 3] == 0).all()


def test_a_raster_lies_in_the_order_asked_for(services: Services) -> None:
    under = pixels(ask(services, layers="imagery,landuse", styles=","))
    over = pixels(ask(services, layers="landuse,imagery", styles=","))
    assert list(over[150, 200, :3]) == [200, 100, 50]
    assert list(under[150, 200, :3]) != [200, 100, 50]


def test_a_sheet_over_a_translucent_raster_leaves_its_colour(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "p.tif", np.full((4, 4), 5, np.int32), west=0, north=4, step=1)
    wanted = RasterPass(path=str(path), crs=4490, shading=Shading.CLASSES, stops=((0, "#C86432"),), opacity=0.5)
    with DrawingPool(processes=1) as pool:
        drawing = Drawing(
            parts=(wanted, *parts([], "epsg:4490")), extent=Extent(left=0, bottom=0, right=4, top=4), width=8, height=8
        )
        drawn = np.asarray(Image.open(io.BytesIO(pool.draw(drawing)[0])).convert("RGBA"), np.int16)
    assert np.abs(drawn[4, 4] - [200, 100, 50, 128]).max() <= 2


def test_capabilities_list_a_raster_with_its_source_date_and_extent(services: Services) -> None:
    for version in ("1.3.0", "1.1.1"):
        document = etree.fromstring(ask(services, request="GetCapabilities", version=version).content())
        names = [e.text for e in document.iterfind(".//{*}Layer/{*}Name")]
        assert {"population", "terrain", "imagery"} <= set(names)
        layer = next(e for e in document.iterfind(".//{*}Layer") if e.findtext("{*}Name") == "population")
        assert "第七次人口普查·2020-11-01" in layer.findtext("{*}Abstract")
        assert "未核实" in layer.findtext("{*}Abstract")
        assert layer.findtext("{*}Attribution/{*}Title") == "第七次人口普查"
        assert [e.text for e in layer.iterfind("{*}Style/{*}Name")] == ["default"]


def test_a_raster_beyond_the_clearance_is_absent_everywhere(services: Services) -> None:
    document = ask(services, PUBLIC, request="GetCapabilities").content()
    assert b"<Name>population</Name>" not in document
    assert b"<Name>terrain</Name>" in document
    assert code_of(ask(services, PUBLIC)) == "LayerNotDefined"
    assert code_of(ask(services, PUBLIC, request="GetLegendGraphic", layer="population")) == "LayerNotDefined"
    info = {"request": "GetFeatureInfo", "query_layers": "population", "i": "5", "j": "5", "layers": "terrain"}
    assert code_of(ask(services, PUBLIC, **info)) == "LayerNotDefined"
    limited = replace(EVERYONE, scope=replace(EVERYONE.scope, layers=frozenset({"enterprises", "coverages"})))
    assert code_of(ask(services, limited)) == "LayerNotDefined"


def test_the_group_of_everything_leaves_rasters_out(services: Services) -> None:
    plain = pixels(ask(services, layers="onemap"))
    assert list(plain[150, 200, :3]) != [200, 100, 50]


def info(services: Services, format_: str, layer: str, i: int, j: int) -> Response:
    return ask(
        services, request="GetFeatureInfo", layers=layer, query_layers=layer, info_format=format_, i=str(i), j=str(j)
    )


@pytest.mark.parametrize("format_", ["text/plain", "text/html", "application/vnd.ogc.gml"])
def test_feature_info_says_the_cell_its_unit_date_and_source(services: Services, format_: str) -> None:
    value = people()[7, 10]
    text = info(services, format_, "population", 10 * 20 + 10, 7 * 20 + 10).content().decode()
    assert f"{value} 人/格" in text
    for part in ("人/km²", "2020-11-01", "第七次人口普查", "未核实"):
        assert part in text


def test_feature_info_as_geojson_carries_the_number(services: Services) -> None:
    answer = json.loads(info(services, "application/geo+json", "population", 210, 150).content())
    (feature,) = answer["features"]
    assert feature["properties"]["value"] == people()[7, 10]
    assert feature["properties"]["unit"] == "{people}"
    assert feature["geometry"]["coordinates"] == pytest.approx([WEST + 10.525 * STEP, NORTH - 7.525 * STEP], abs=1e-6)


def test_feature_info_over_no_data_says_nothing(services: Services) -> None:
    assert "此处无要素" in info(services, "text/plain", "population", 210, 9 * 20 + 10).content().decode()
    assert json.loads(info(services, "application/json", "population", 210, 190).content())["features"] == []


@pytest.mark.parametrize("name", ["population", "terrain", "imagery"])
def test_a_legend_is_drawn_for_each(services: Services, name: str) -> None:
    day = pixels(ask(services, request="GetLegendGraphic", layer=name))
    night = pixels(ask(services, request="GetLegendGraphic", layer=name, theme="night"))
    assert day.shape == night.shape
    assert not np.array_equal(day, night)
    if name != "imagery":
        one = next(raster for raster in services.rasters(SYSTEM_SCOPE) if raster.declared.id == name)
        found = {tuple(colour) for colour in day[..., :3].reshape(-1, 3)}
        for step in steps(coverage(name), one.record, night=False):
            assert tuple(int(step.colour[i : i + 2], 16) for i in (1, 3, 5)) in found


def test_slopes_shade_the_base_map_where_a_public_terrain_is_in_use(services: Services) -> None:
    assert isinstance(services.renderer, MapnikRenderer)
    shaded = pixels(ask(services, layers="basemap"))
    services.renderer.relief = False
    try:
        flat = pixels(ask(services, layers="basemap"))
    finally:
        services.renderer.relief = True
    difference = (shaded - flat)[..., :3].sum(axis=2)
    slope_lit, slope_dark = (105, 152), (205, 255)
    assert difference[slope_lit] > difference[slope_dark] + 5
    assert difference[slope_dark] < -5
    assert difference[2, 2] == 0
    assert np.abs(difference).max() < 250


def test_a_new_terrain_makes_base_tiles_old(services: Services, tmp_path: Path) -> None:
    assert isinstance(services.renderer, MapnikRenderer)
    assert services.shelf is not None
    before = services.renderer.base_head()
    file = geotiff(tmp_path / "t.tif", hill() / 2, west=WEST, north=NORTH, step=STEP, nodata=None)
    import_raster(services.shelf, file, "terrain", ABOUT, actor=SYSTEM_ACTOR)
    assert services.renderer.base_head() > before


def test_slopes_fade_out_towards_the_edge_of_the_terrain(tmp_path: Path) -> None:
    """A line where the terrain ends would read as an edge of the city."""
    ramp = np.tile(np.arange(40)[::-1] * 300.0, (40, 1)).astype(np.float32)
    file = geotiff(tmp_path / "t.tif", ramp, west=WEST, north=NORTH, step=STEP, nodata=None)
    wide = RasterPass(path=str(file), crs=4490, shading=Shading.SHADE)
    extent = Extent(left=WEST, right=WEST + 40 * STEP, top=NORTH, bottom=NORTH - 40 * STEP)
    shade = painted(wide, extent, 400, 400)[..., 3].astype(int)
    assert shade[200, 200] > 40
    assert max(shade[0].max(), shade[-1].max(), shade[:, 0].max(), shade[:, -1].max()) <= 4
    assert np.abs(np.diff(shade[5:-5, 200])).max() <= 8
