import io
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.actors import SYSTEM_ACTOR
from core.errors import BadInputError, BusyError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang, Text
from gis.crs import moved
from layers.catalogue import CATALOGUE, ENTERPRISES, LANDUSE
from layers.layer import Geometry, Layer
from ogc.basemap import DRAWING, BaseMap
from ogc.exceptions import ows_report, service_report
from ogc.kvp import KVP
from ogc.oapi.exchange import problem
from ogc.render import business, ground
from ogc.render.drawing import Drawing, Extent, Format
from ogc.render.palette import MapTheme, palette
from ogc.render.pool import DrawingFailedError, DrawingPool
from ogc.render.renderer import MapnikRenderer, drawable
from ogc.render.request import SHAPES_STYLE, LayerRequest, MapRequest
from ogc.render.sheet import parts
from ogc.render.sources import GeoPackageRows, literal, spelt_out
from ogc.render.symbols import shape_picture, symbol_picture
from ogc.tilefiles import HALF_WORLD
from ogc.wmts.service import refused as wmts_refused
from store.protocol import Store
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, SOUTH, WEST, built, multi, wkb

CITY = Extent(left=WEST, bottom=SOUTH, right=EAST, top=NORTH)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    found = built(tmp_path_factory.mktemp("render") / "city.gpkg")
    yield found
    found.close()


@pytest.fixture(scope="module")
def renderer(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MapnikRenderer]:
    folder = tmp_path_factory.mktemp("cache")
    path = store._connections.path  # type: ignore[attr-defined]
    found = MapnikRenderer(CATALOGUE, store, GeoPackageRows(path), folder, DrawingPool(processes=1))
    yield found
    found.close()


def picture(renderer: MapnikRenderer, *layers: str, extent: Extent = CITY, **more: object) -> np.ndarray:
    request = MapRequest(
        layers=tuple(LayerRequest(layer=name) for name in layers), extent=extent, crs=4490, width=400, height=300,
        scope=EVERYONE.scope, **more,
    )  # fmt: skip
    return np.asarray(Image.open(io.BytesIO(renderer.draw(request))).convert("RGBA"), np.int16)


@pytest.mark.parametrize("layer", [one for one in CATALOGUE if drawable(one)], ids=lambda layer: layer.id)
def test_no_picture_is_drawn_from_a_sensitive_field(layer: Layer) -> None:
    names = {name for lang in Lang for name in business.name_columns(layer, SYSTEM_SCOPE, lang)}
    names |= set(business.columns(layer, SYSTEM_SCOPE))
    assert not layer.holds(Sensitivity.SENSITIVE, names | set(ground.COLUMNS.get(layer.id, ())))


def test_a_layer_that_is_sensitive_as_a_whole_is_not_drawn() -> None:
    kept = {one.id for one in CATALOGUE if one.geometry is not Geometry.NONE and not drawable(one)}
    assert kept == {"complaints", "investigations"}


def test_each_grade_has_a_shape_of_its_own() -> None:
    for theme in MapTheme:
        masks = [np.asarray(shape_picture(grade, 32))[..., 3] > 128 for grade in palette(theme).grades]
        for i, one in enumerate(masks):
            for other in masks[i + 1 :]:
                assert (one != other).sum() > 60


def test_a_badge_leaves_the_symbol_centred_on_its_place() -> None:
    plain, badged = (
        symbol_picture("ent-hazchem", None, 24),
        symbol_picture("ent-hazchem", palette(MapTheme.DAY).grades[0], 24),
    )
    assert (badged.width - plain.width) % 2 == 0
    assert badged.size[0] == badged.size[1]


def test_the_worst_of_two_on_one_spot_is_on_top(renderer: MapnikRenderer, store: Store) -> None:
    spot = shapely.Point(EAST - 0.03, NORTH - 0.01)
    rows = pa.table({"uscc": ["9199010600000001AA", "9199010600000002AA"], "name": ["红", "蓝"], "risk": [1, 4],
                     "sector": ["trade", "trade"], "area": ["990106", "990106"],
                     "geometry": wkb(spot, spot)})  # fmt: skip
    store.load(ENTERPRISES, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    request = MapRequest(
        layers=(LayerRequest(layer="enterprises", style=SHAPES_STYLE),),
        extent=Extent(left=spot.x - 0.001, bottom=spot.y - 0.001, right=spot.x + 0.001, top=spot.y + 0.001),
        crs=4490, width=101, height=101, scope=EVERYONE.scope,
    )  # fmt: skip
    drawn = np.asarray(Image.open(io.BytesIO(renderer.draw(request))).convert("RGB"), np.int16)
    red = np.array([0xC5, 0x16, 0x2E])
    assert np.abs(drawn[50, 50] - red).sum() < 30


def test_a_chinese_name_is_drawn_with_its_halo(renderer: MapnikRenderer) -> None:
    drawn = picture(renderer, "places", theme=MapTheme.NIGHT)
    assert (drawn[..., 3] > 0).sum() > 300
    light = drawn[..., :3].sum(axis=2)
    assert light[drawn[..., 3] > 200].max() > 500 > 120 > light[drawn[..., 3] > 200].min()


def test_rows_written_after_a_sheet_was_parsed_are_drawn(renderer: MapnikRenderer, store: Store) -> None:
    far = Extent(left=122.5, bottom=34.0, right=122.6, top=34.075)
    before = picture(renderer, "landuse", extent=far)
    rows = pa.table(
        {"code": ["LX"], "kind": ["urban"], "area": ["9901"], "geometry": wkb(multi(122.5, 34.0, 122.6, 34.1))}
    )
    store.load(LANDUSE, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    after = picture(renderer, "landuse", extent=far)
    assert (before[..., 3] > 0).sum() == 0
    assert (after[..., 3] > 0).all()


def test_a_drawing_whose_process_dies_is_drawn_by_the_next(renderer: MapnikRenderer) -> None:
    picture(renderer, "landuse")
    (pid,) = renderer.pool.pids
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(picture, renderer, "landuse")
        os.kill(pid, signal.SIGKILL)
        assert (waiting.result()[..., 3] > 0).any()
    assert pid not in renderer.pool.pids


def test_a_drawing_that_every_process_dies_over_is_given_up(renderer: MapnikRenderer) -> None:
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(picture, renderer, "landuse")
        while not waiting.done():
            for pid in renderer.pool.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
        with pytest.raises(DrawingFailedError):
            waiting.result()
    assert (picture(renderer, "landuse")[..., 3] > 0).any()


def test_a_sheet_that_mapnik_refuses_is_an_error_and_the_process_lives() -> None:
    with DrawingPool(processes=1) as pool:
        good = Drawing(parts=parts([], "epsg:3857"), extent=CITY, width=8, height=8)
        pool.draw(good)
        pids = pool.pids
        with pytest.raises(DrawingFailedError):
            pool.draw(Drawing(parts=("<Map>",), extent=CITY, width=8, height=8))
        assert len(pool.draw(good)) == 1
        assert pool.pids == pids


def test_a_process_that_holds_too_much_is_replaced_after_its_answer() -> None:
    with DrawingPool(processes=1, memory=1) as pool:
        drawing = Drawing(parts=parts([], "epsg:3857"), extent=CITY, width=8, height=8)
        assert [len(pool.draw(drawing)) for _ in range(2)] == [1, 1]
        assert pool.pids == ()


def test_a_picture_over_sixteen_megapixels_is_refused_before_anything_is_drawn() -> None:
    with pytest.raises(BadInputError, match="megapixels"):
        Drawing(parts=(), extent=CITY, width=4097, height=4096)


def test_who_is_turned_away_is_told_when_to_come_again() -> None:
    said = Text("忙", "busy")
    for busy, told in ((BusyError(said), "2"), (BusyError(said, retry_after=7), "7")):
        for report in (
            service_report(None, busy, version="1.3.0"),
            ows_report(busy),
            wmts_refused(busy, KVP(()), EVERYONE),
            problem(busy, EVERYONE, "/ogc/api", {}, html=False),
        ):
            assert (report.status, report.headers["Retry-After"]) == (503, told)
    assert "Retry-After" not in wmts_refused(BadInputError(said), KVP(()), EVERYONE).headers


def test_a_full_queue_says_come_back() -> None:
    with DrawingPool(processes=1, waiting=0) as pool:
        taken = pool._take()
        with pytest.raises(BusyError, match="too many"):
            pool.draw(Drawing(parts=parts([], "epsg:3857"), extent=CITY, width=8, height=8))
        pool._idle.append(taken)


def test_base_tiles_of_both_themes_are_drawn_cached_and_renewed(
    renderer: MapnikRenderer, store: Store, tmp_path: Path
) -> None:
    tiles = BaseMap(renderer, tmp_path)
    z, x, y = 12, 3433, 1651
    for theme in MapTheme:
        body = tiles.base_tile(theme.value, z, x, y)
        assert Image.open(io.BytesIO(body)).size == (256, 256)
        assert tiles.base_tile(theme.value, z, x, y) == body
    assert Image.open(io.BytesIO(tiles.base_tile("day", z, x, y, 2))).size == (512, 512)
    assert len(list(tmp_path.glob("base/*"))) == 1
    head = renderer.base_head()
    rows = pa.table(
        {"code": ["LY"], "kind": ["park"], "area": ["9901"], "geometry": wkb(multi(122.7, 34.2, 122.71, 34.21))}
    )
    store.load(LANDUSE, rows, actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    tiles.base_tile("day", z, x, y)
    assert renderer.base_head() > head
    assert [folder.name for folder in (tmp_path / "base").iterdir()] == [f"{DRAWING}-{renderer.base_head()}"]


def test_a_base_map_drawn_ahead_is_there_before_it_is_asked(renderer: MapnikRenderer, tmp_path: Path) -> None:
    tiles, corners = BaseMap(renderer, tmp_path), moved(np.array([[WEST, SOUTH], [EAST, NORTH]]), 4490, 3857)
    (left, bottom), (right, top) = corners.tolist()
    tiles.ahead(MapTheme.NIGHT, Extent(left=left, bottom=bottom, right=right, top=top), 13)
    kept = {path.relative_to(tmp_path / "base").parts[1:] for path in tmp_path.glob("base/*/*/*/*/*")}
    span = 2 * HALF_WORLD / 2**13
    for east in np.linspace(left, right, 9):
        for north in np.linspace(bottom, top, 9):
            x, y = int((HALF_WORLD + east) // span), int((HALF_WORLD - north) // span)
            assert ("night@1", "13", str(x), str(y)) in kept
    assert len(kept) <= 16 * 4


def test_names_alone_are_where_the_base_map_has_them(renderer: MapnikRenderer, tmp_path: Path) -> None:
    tiles, place = BaseMap(renderer, tmp_path), (13, 6866, 3296)
    names, whole = (
        np.asarray(Image.open(io.BytesIO(draw("night", *place))).convert("RGBA"), np.int16)
        for draw in (tiles.names_tile, tiles.base_tile)
    )
    solid = names[..., 3] > 250
    assert 50 < solid.sum() < 0.2 * solid.size
    assert np.abs(names[solid][:, :3] - whole[solid][:, :3]).mean() < 12


@pytest.mark.parametrize(("z", "x", "y", "scale"), [(12, 4096, 0, 1), (-1, 0, 0, 1), (30, 0, 0, 1), (3, 0, 0, 3)])
def test_a_tile_that_does_not_exist_is_refused(
    renderer: MapnikRenderer, tmp_path: Path, z: int, x: int, y: int, scale: int
) -> None:
    with pytest.raises(BadInputError, match="no tile"):
        BaseMap(renderer, tmp_path).base_tile("day", z, x, y, scale)


def test_formats_name_their_media_types() -> None:
    assert Format.PNG8.media_type == Format.PNG.media_type == "image/png"


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_no_text_breaks_out_of_its_literal(text: str) -> None:
    spelt = literal(text)
    assert spelt[0] == spelt[-1] == "'"
    assert spelt[1:-1].replace("''", "") == text.replace("'", "")
    assert spelt_out("name = ?", [text]) == f"name = {spelt}"
