import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import pyproj
import pytest
import shapely
from lxml import etree
from PIL import Image

from core.actors import SYSTEM_ACTOR
from core.caller import Caller
from core.scope import SYSTEM_SCOPE
from core.texts import Lang
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.fields import Title
from layers.layer import Catalogue
from ogc.kvp import KVP
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows
from ogc.services import Response, Services
from ogc.tiles.kept import KeptTiles
from ogc.tiles.matrix import CGCS2000_QUAD, SETS, WEB_MERCATOR_QUAD, MatrixSet
from ogc.tiles.pictures import TilePictures, drawn_by
from ogc.wmts import wmts
from ogc.wmts.asking import tile_ask
from ogc.wmts.service import Wmts
from store.feed import Put
from store.tilecache import TileCache
from tests.ogc.drawn_city import EVERYONE, ONE_DISTRICT, PUBLIC, SENSITIVE_LAYER, SOUTH, WEST, built
from tests.ogc.schemas import compiled, schema_folder
from tests.ogc.wells import WELLS, Well

URL = "https://map.example/one/ogc/k/KEY/wmts"
LEVEL = "14"
SPOT = (WEST + 0.02, SOUTH + 0.06)
EASTERN = (WEST + 0.09, SOUTH + 0.06)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wmts]:
    folder = tmp_path_factory.mktemp("wmts")
    store = built(folder / "city.gpkg")
    renderer = MapnikRenderer(CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, DrawingPool(processes=1))
    kept = KeptTiles(store, TileCache(folder / "tiles.db", largest=10_000_000, maker="test"))
    services = Services(catalogue=CATALOGUE, store=store, renderer=renderer)
    yield Wmts(services, TilePictures(renderer, kept))
    renderer.close()
    kept.close()
    store.close()


def ask(door: Wmts, caller: Caller = EVERYONE, **parameters: str) -> Response:
    return wmts(KVP({"service": "WMTS", **parameters}.items()), caller, door, URL)


def place(tiles: MatrixSet, lon: float, lat: float, level: str = LEVEL) -> dict[str, str]:
    """The tile a position lies in, counted here by hand."""
    matrix = tiles.levels[level]
    x, y = (
        (lon, lat)
        if tiles is CGCS2000_QUAD
        else pyproj.Transformer.from_crs(4490, 3857, always_xy=True).transform(lon, lat)
    )
    left, top = (-180.0, 90.0) if tiles is CGCS2000_QUAD else (-20037508.342789244, 20037508.342789244)
    span = matrix.cellSize * 256
    return {"tilematrixset": tiles.id, "tilematrix": level, "tilerow": str(int((top - y) / span)),
            "tilecol": str(int((x - left) / span))}  # fmt: skip


def tile_of(door: Wmts, at: dict[str, str], caller: Caller = EVERYONE, **parameters: str) -> Response:
    given = {"request": "GetTile", "version": "1.0.0", "layer": "enterprises", "style": "", "format": "image/png"}
    return ask(door, caller, **{**given, **at, **parameters})


def inked(answer: Response) -> int:
    assert answer.status == 200, answer.content()
    picture = np.asarray(Image.open(io.BytesIO(answer.content())).convert("RGBA"))
    assert picture.shape == (256, 256, 4)
    return int((picture[..., 3] > 0).sum())


def refusal(answer: Response) -> tuple[int, str | None, str | None]:
    found = etree.fromstring(answer.content())[0]
    return answer.status, found.get("exceptionCode"), found.get("locator")


def test_the_document_is_valid_and_tells_only_what_the_caller_sees(door: Wmts, test_data: Path) -> None:
    folder = schema_folder(test_data)
    response = folder / "wmts" / "1.0" / "wmtsGetCapabilities_response.xsd"
    schema = compiled(folder, ("http://www.opengis.net/wmts/1.0", str(response)))
    names = []
    for caller in (EVERYONE, PUBLIC):
        tree = etree.fromstring(ask(door, caller, request="GetCapabilities", theme="night", lang="en").content())
        schema.assertValid(tree)
        names.append({one.text for one in tree.iterfind(".//{*}Layer/{*}Identifier")})
        assert {one.get("template")[-24:] for one in tree.iterfind(".//{*}ResourceURL")} == {".png?lang=en&theme=night"}
    assert SENSITIVE_LAYER in names[0] - names[1]
    assert {"basemap", "onemap", "enterprises"} <= names[1]


def test_levels_are_those_tianditu_and_the_standard_publish() -> None:
    first = CGCS2000_QUAD.levels["1"]
    assert (first.matrixWidth, first.matrixHeight, first.cellSize, tuple(first.pointOfOrigin)) == (
        2,
        1,
        0.703125,
        (90, -180),
    )
    assert (CGCS2000_QUAD.levels["18"].matrixWidth, CGCS2000_QUAD.levels["18"].matrixHeight) == (262144, 131072)
    assert WEB_MERCATOR_QUAD.levels["0"].scaleDenominator == pytest.approx(559082264.0287178)


@pytest.mark.parametrize("tiles", SETS.values(), ids=list(SETS))
def test_a_place_lies_on_its_own_tile_and_not_two_tiles_off(door: Wmts, tiles: MatrixSet) -> None:
    at = place(tiles, *SPOT)
    assert inked(tile_of(door, at)) > 50
    assert inked(tile_of(door, {**at, "tilerow": str(int(at["tilerow"]) - 2)})) == 0
    info = {"request": "GetFeatureInfo", "version": "1.0.0", "layer": "enterprises", "style": "default",
            "format": "image/png", "infoformat": "application/json"}  # fmt: skip
    box = tiles.tile(LEVEL, int(at["tilerow"]), int(at["tilecol"])).bounds
    pixel = {"i": str(int((SPOT[0] - box.west) / (box.east - box.west) * 256)),
             "j": str(int((box.north - SPOT[1]) / (box.north - box.south) * 256))}  # fmt: skip
    assert b'"91990102000000001X"' in ask(door, **info, **at, **pixel).content()


def test_a_district_and_the_public_are_never_given_anothers_tile(door: Wmts) -> None:
    here, there = place(CGCS2000_QUAD, *SPOT), place(CGCS2000_QUAD, *EASTERN)
    for _ in range(2):  # drawn, then kept
        assert inked(tile_of(door, there)) > 50
        assert inked(tile_of(door, there, ONE_DISTRICT)) == 0
        assert inked(tile_of(door, here, ONE_DISTRICT)) > 50
        bodies = [tile_of(door, here, caller).content() for caller in (EVERYONE, PUBLIC)]
        assert bodies[0] != bodies[1]
    sensors = [tile_of(door, {**here, "layer": SENSITIVE_LAYER}, caller).status for caller in (EVERYONE, PUBLIC)]
    assert sensors == [200, 400]


def test_equal_scopes_share_a_tile_and_every_other_difference_keeps_them_apart(door: Wmts) -> None:
    kvp = KVP({"version": "1.0.0", "layer": "enterprises", "style": "default", "format": "image/png",
               **place(WEB_MERCATOR_QUAD, *SPOT)}.items())  # fmt: skip
    asked = tile_ask(kvp, EVERYONE)
    again = replace(EVERYONE, actor=SYSTEM_ACTOR, scope=replace(EVERYONE.scope))
    assert asked.name(again.scope) == asked.name(EVERYONE.scope)
    held = door.pictures.tile(asked, EVERYONE)
    assert door.pictures.at_hand(asked, again) is held
    blind = replace(EVERYONE.scope, hidden=frozenset({("enterprises", "risk")}))
    others = [
        asked.name(blind), asked.name(ONE_DISTRICT.scope), asked.name(PUBLIC.scope),
        replace(asked, lang=Lang.EN).name(EVERYONE.scope), replace(asked, style="shapes").name(EVERYONE.scope),
    ]  # fmt: skip
    assert len({asked.name(EVERYONE.scope), *others}) == 6


def test_a_moved_enterprise_leaves_its_old_tile_and_stands_on_its_new_one(door: Wmts) -> None:
    store, key = door.services.store, "91990102000000002X"
    old, new, far = (place(CGCS2000_QUAD, lon, SOUTH + 0.06, "17") for lon in (WEST + 0.03, WEST + 0.06, WEST + 0.01))
    before = [inked(tile_of(door, at)) for at in (old, new, far)]
    assert before[0] > 50
    assert before[1] == 0
    record = store.get(ENTERPRISES, key, scope=SYSTEM_SCOPE).record
    moved = record.model_copy(update={"geometry": shapely.Point(WEST + 0.06, SOUTH + 0.06)})
    seq = store.commit([Put(layer="enterprises", record=moved)], actor=SYSTEM_ACTOR, reason="t", scope=SYSTEM_SCOPE)[
        0
    ].seq
    kept = door.pictures._kept
    assert kept.follow() == seq
    asked = tile_ask(
        KVP({"version": "1.0.0", "layer": "enterprises", "style": "", "format": "image/png", **far}.items()), EVERYONE
    )
    assert kept.at_hand(asked.name(EVERYONE.scope)) is not None, "a tile far from the change stays"
    after = [inked(tile_of(door, at)) for at in (old, new, far)]
    assert after == [0, before[0], before[2]]


class Told(Well):
    """A well whose telephone is no secret."""

    phone: Annotated[str | None, Title("电话", "Phone")] = None


def test_another_declared_look_or_another_field_hidden_is_another_maker_of_tiles() -> None:
    styled = replace(WELLS, style=replace(WELLS.style, min_zoom=9))
    declared = (WELLS, replace(WELLS), styled, replace(WELLS, label="code"), replace(WELLS, record=Told))
    makers = [drawn_by(Catalogue(one)) for one in declared]
    assert makers[0] == makers[1]
    assert len(set(makers[1:])) == 4


def test_refusals_are_those_of_the_standard(door: Wmts) -> None:
    at = place(WEB_MERCATOR_QUAD, *SPOT)
    given = {"request": "GetTile", "version": "1.0.0", "layer": "enterprises", "style": "", "format": "image/png", **at}
    wrong: list[tuple[dict[str, str | None], tuple[int, str, str]]] = [
        ({"tilerow": "99999999"}, (400, "TileOutOfRange", "TileRow")),
        ({"tilecol": "-1"}, (400, "InvalidParameterValue", "TileCol")),
        ({"tilematrix": "77"}, (400, "InvalidParameterValue", "TileMatrix")),
        ({"tilematrixset": "x"}, (400, "InvalidParameterValue", "TileMatrixSet")),
        ({"layer": "nope"}, (400, "InvalidParameterValue", "Layer")),
        ({"style": "nope"}, (400, "InvalidParameterValue", "Style")),
        ({"format": "image/tiff"}, (400, "InvalidParameterValue", "Format")),
        ({"layer": None}, (400, "MissingParameterValue", "Layer")),
        ({"style": None}, (400, "MissingParameterValue", "Style")),
        ({"request": "GetStyles"}, (501, "OperationNotSupported", "Request")),
        ({"request": "GetFeatureInfo", "i": "256", "j": "0"}, (400, "PointIJOutOfRange", "I")),
    ]  # fmt: skip
    for change, expected in wrong:
        asked = {name: value for name, value in {**given, **change}.items() if value is not None}
        assert refusal(ask(door, **asked)) == expected, change
    assert refusal(ask(door, request="GetCapabilities", acceptversions="2.0.0"))[1] == "VersionNegotiationFailed"
