import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from core.caller import Caller
from core.scope import Sensitivity
from layers.catalogue import CATALOGUE
from layers.layer import Geometry, Publish
from ogc.kvp import KVP
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.render.sources import GeoPackageRows
from ogc.services import Response, Services
from ogc.wms import wms
from tests.absent import absent
from tests.ogc.drawn_city import EAST, EVERYONE, NORTH, ONE_DISTRICT, PUBLIC, SENSITIVE_LAYER, SOUTH, WEST, built

URL = "https://map.example/one/ogc/k/KEY/wms"
LON_LAT = f"{WEST},{SOUTH},{EAST},{NORTH}"
LAT_LON = f"{SOUTH},{WEST},{NORTH},{EAST}"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder = tmp_path_factory.mktemp("wms")
    store = built(folder / "city.gpkg")
    pool = DrawingPool(processes=1)
    renderer = MapnikRenderer(CATALOGUE, store, GeoPackageRows(folder / "city.gpkg"), folder, pool)
    yield Services(catalogue=CATALOGUE, store=store, renderer=renderer)
    renderer.close()
    store.close()


def ask(services: Services, caller: Caller = EVERYONE, **parameters: str) -> Response:
    given = {"service": "WMS", "version": "1.3.0", **parameters}
    return wms(KVP(given.items()), caller, services, URL)


def map_of(services: Services, caller: Caller = EVERYONE, **parameters: str) -> Response:
    given = {"request": "GetMap", "layers": "enterprises", "styles": "", "width": "400", "height": "300",
             "format": "image/png", "crs": "CRS:84", "bbox": LON_LAT}  # fmt: skip
    return ask(services, caller, **{**given, **parameters})


def pixels(answer: Response) -> np.ndarray:
    assert answer.media_type.startswith("image/"), answer.content()[:300]
    return np.asarray(Image.open(io.BytesIO(answer.content())).convert("RGBA"), np.int16)


def code_of(answer: Response) -> str | None:
    found = etree.fromstring(answer.content()).find(".//{*}ServiceException")
    assert found is not None, answer.content()
    return found.get("code")


def drawn(picture: np.ndarray) -> int:
    return int((np.abs(picture - picture[0, 0]).sum(axis=2) > 24).sum())


def test_4326_4490_crs84_and_111_draw_the_same_picture(services: Services) -> None:
    first = pixels(map_of(services))
    assert drawn(first) > 100
    for given in (
        {"crs": "EPSG:4326", "bbox": LAT_LON},
        {"crs": "EPSG:4490", "bbox": LAT_LON},
        {"version": "1.1.1", "srs": "EPSG:4326"},
        {"version": "1.1.1", "srs": "EPSG:4490"},
    ):
        assert np.abs(pixels(map_of(services, **given)) - first).mean() < 1


def test_a_gauss_kruger_window_puts_north_first_in_130_and_east_first_in_111(services: Services) -> None:
    new = pixels(map_of(services, crs="EPSG:4549", bbox="3664000,658000,3672000,668666"))
    old = pixels(map_of(services, version="1.1.1", srs="EPSG:4549", bbox="658000,3664000,668666,3672000"))
    assert drawn(new) > 100
    assert np.array_equal(new, old)


def test_web_mercator_shows_what_degrees_show(services: Services) -> None:
    box = "13547581.6,3908543.3,13558713.5,3918500"
    assert drawn(pixels(map_of(services, crs="EPSG:3857", bbox=box))) > 100


def test_an_area_scope_hides_the_other_district(services: Services) -> None:
    everyone, district = pixels(map_of(services)), pixels(map_of(services, ONE_DISTRICT))
    assert drawn(everyone[:, 300:]) > 20
    assert drawn(district[:, 300:]) == 0
    assert drawn(district[:, :200]) > 100


def test_a_layer_beyond_the_clearance_is_absent_everywhere(services: Services) -> None:
    capabilities = ask(services, PUBLIC, request="GetCapabilities").content()
    assert f"<Name>{SENSITIVE_LAYER}</Name>".encode() not in capabilities
    assert f"<Name>{SENSITIVE_LAYER}</Name>".encode() in ask(services, request="GetCapabilities").content()
    assert code_of(map_of(services, PUBLIC, layers=SENSITIVE_LAYER)) == "LayerNotDefined"
    legend = ask(services, PUBLIC, request="GetLegendGraphic", layer=SENSITIVE_LAYER, format="image/png")
    assert code_of(legend) == "LayerNotDefined"


@pytest.mark.parametrize(("version", "lang"), [("1.3.0", "zh"), ("1.1.1", "en")])
def test_the_capabilities_tell_each_legend_as_large_as_it_is(services: Services, version: str, lang: str) -> None:
    document = etree.fromstring(ask(services, version=version, request="GetCapabilities", lang=lang).content())
    told, drawn = [], []
    for one in document.iter("{*}LegendURL"):
        address = one.find("{*}OnlineResource").get("{http://www.w3.org/1999/xlink}href")
        answer = wms(KVP(parse_qsl(address.partition("?")[2])), EVERYONE, services, URL)
        told.append((int(one.get("width")), int(one.get("height"))))
        drawn.append(Image.open(io.BytesIO(answer.content())).size)
    assert told == drawn
    assert len(set(told)) > 10


def test_a_hidden_grade_is_neither_drawn_nor_in_the_legend(services: Services) -> None:
    blind = replace(EVERYONE, scope=replace(EVERYONE.scope, hidden=frozenset({("enterprises", "risk")})))
    red = np.array([0xC5, 0x16, 0x2E])

    def reds(picture: np.ndarray) -> int:
        return int((np.abs(picture[..., :3] - red).sum(axis=2) < 12).sum())

    assert reds(pixels(map_of(services))) > 10
    assert reds(pixels(map_of(services, blind))) == 0
    legend = {"request": "GetLegendGraphic", "layer": "enterprises", "format": "image/png"}
    assert len(pixels(ask(services, blind, **legend))) < len(pixels(ask(services, **legend)))


def test_transparent_and_background_are_obeyed(services: Services) -> None:
    far = "10,10,11,10.75"
    assert pixels(map_of(services, bbox=far, transparent="TRUE"))[5, 5, 3] == 0
    assert list(pixels(map_of(services, bbox=far, bgcolor="0xFF0000"))[5, 5]) == [255, 0, 0, 255]


@pytest.mark.parametrize("format_", ["image/png", "image/png; mode=8bit", "image/jpeg", "image/webp"])
def test_every_advertised_format_is_served(services: Services, format_: str) -> None:
    answer = map_of(services, format=format_)
    assert answer.media_type == format_.split(";")[0]
    assert drawn(pixels(answer)) > 100


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"layers": "nope"}, "LayerNotDefined"),
        ({"styles": "nope"}, "StyleNotDefined"),
        ({"crs": "EPSG:999999"}, "InvalidCRS"),
        ({"version": "1.1.1", "srs": "EPSG:999999"}, "InvalidSRS"),
        ({"format": "image/nope"}, "InvalidFormat"),
        ({"bbox": "1,1,1,1"}, "InvalidParameterValue"),
        ({"bbox": "nan,1,2,2"}, "InvalidParameterValue"),
        ({"bbox": "a,b,c,d"}, "InvalidParameterValue"),
        ({"width": "0"}, "InvalidParameterValue"),
        ({"width": "99999"}, "InvalidParameterValue"),
        ({"bgcolor": "red"}, "InvalidParameterValue"),
        ({"theme": "dusk"}, "InvalidParameterValue"),
        ({"request": "Nope"}, "OperationNotSupported"),
        ({"request": "GetStyles", "layers": ""}, "MissingParameterValue"),
    ],
)
def test_a_wrong_request_is_refused_with_the_code_of_the_standard(
    services: Services, given: dict[str, str], code: str
) -> None:
    assert code_of(map_of(services, **given)) == code


def test_blank_and_inimage_answer_pictures_of_the_size_asked_for(services: Services) -> None:
    blank = pixels(map_of(services, layers="nope", exceptions="BLANK"))
    words = pixels(map_of(services, layers="nope", exceptions="INIMAGE"))
    assert blank.shape == words.shape == (300, 400, 4)
    assert drawn(blank) == 0
    assert drawn(words) > 100


def info(
    services: Services, caller: Caller, format_: str, *, i: str = "40", j: str = "60", lang: str = "zh"
) -> Response:
    asked = {"request": "GetFeatureInfo", "query_layers": "enterprises", "info_format": format_}
    return map_of(services, caller, **asked, i=i, j=j, lang=lang)


@pytest.mark.parametrize(
    "format_",
    ["text/plain", "text/html", "application/json", "application/geo+json", "application/vnd.ogc.gml"],
)
def test_feature_info_names_what_lies_under_the_pixel(services: Services, format_: str) -> None:
    answer = info(services, EVERYONE, format_)
    assert answer.media_type.split(";")[0] == format_
    assert "甲" in answer.content().decode()
    assert "91990102" not in info(services, EVERYONE, format_, i="200", j="290").content().decode()


@pytest.mark.parametrize(("lang", "title", "word"), [("zh", "风险等级", "红"), ("en", "Risk level", "Red")])
def test_feature_info_for_people_is_in_words_of_the_language_asked_for(
    services: Services, lang: str, title: str, word: str
) -> None:
    for format_ in ("text/plain", "text/html"):
        told = info(services, EVERYONE, format_, lang=lang).content().decode()
        assert f"{title}: {word}" in told or f"<th>{title}</th><td>{word}</td>" in told, told
    for format_ in ("application/json", "application/vnd.ogc.gml"):
        told = info(services, EVERYONE, format_, lang=lang).content().decode()
        assert '"risk":1' in told or "<risk>1</risk>" in told, told


def test_feature_info_keeps_to_the_scope(services: Services) -> None:
    assert "东区化工厂" in info(services, EVERYONE, "application/json", i="360").content().decode()
    assert "东区化工厂" not in info(services, ONE_DISTRICT, "application/json", i="360").content().decode()


def test_a_pixel_outside_the_picture_is_an_invalid_point(services: Services) -> None:
    assert code_of(info(services, EVERYONE, "text/plain", i="4000")) == "InvalidPoint"


def test_addresses_in_the_capabilities_are_the_ones_the_client_used(services: Services) -> None:
    for version in ("1.3.0", "1.1.1"):
        document = etree.fromstring(ask(services, version=version, request="GetCapabilities").content())
        links = document.xpath("//@xlink:href", namespaces={"xlink": "http://www.w3.org/1999/xlink"})
        assert links
        assert all(link.startswith(URL + "?") for link in links)


def test_versions_are_negotiated(services: Services) -> None:
    def answered(version: str) -> str | None:
        given = {"version": version} if version else {}
        answer = wms(KVP({"service": "WMS", "request": "GetCapabilities", **given}.items()), EVERYONE, services, URL)
        return etree.fromstring(answer.content()).get("version")

    assert [answered(v) for v in ("", "9.9.9", "1.3.0", "1.1.1", "1.0.0")] == ["1.3.0"] * 3 + ["1.1.1"] * 2


def test_every_published_layer_with_a_shape_can_be_drawn_unless_it_is_sensitive_as_a_whole(services: Services) -> None:
    caller = replace(EVERYONE, scope=replace(EVERYONE.scope, clearance=Sensitivity.SECRET))
    for layer in CATALOGUE:
        if layer.geometry is Geometry.NONE or layer.publish is Publish.NONE:
            continue
        answer = map_of(services, caller, layers=layer.id)
        if layer.sensitivity >= Sensitivity.SENSITIVE:  # sensitive as a whole: a picture leaves no record of who looked
            assert code_of(answer) == "LayerNotDefined"
        else:
            assert pixels(answer).shape == (300, 400, 4)


def test_the_group_draws_the_base_map_and_the_rest(services: Services) -> None:
    picture = pixels(map_of(services, layers="onemap"))
    assert drawn(picture) > 10_000


def _schema(folder: Path, name: str) -> etree.XMLSchema:
    class Local(etree.Resolver):
        def resolve(self, url: str, public_id: str, context: object) -> object:
            for prefix in ("http://schemas.opengis.net/", "https://schemas.opengis.net/"):
                if url.startswith(prefix):
                    return self.resolve_filename(str(folder / url.removeprefix(prefix)), context)
            if "w3.org" in url:
                return self.resolve_filename(str(folder / "_w3c" / url.rsplit("/", 1)[1]), context)
            return None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    wrapper = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f'<xs:import namespace="http://www.opengis.net/wms" schemaLocation="{(folder / name).as_uri()}"/>'
        '<xs:import namespace="http://www.opengis.net/sld" '
        f'schemaLocation="{(folder / "sld/1.1.0/sld_capabilities.xsd").as_uri()}"/></xs:schema>'
    )
    return etree.XMLSchema(etree.parse(io.BytesIO(wrapper.encode()), parser))


@pytest.fixture(scope="module")
def schemas(test_data: Path) -> Path:
    folder = test_data.parent / "check" / "ogc" / "xsd"
    if not folder.is_dir():
        absent(f"the OGC schemas at {folder}")
    return folder


def test_capabilities_130_are_valid(services: Services, schemas: Path) -> None:
    schema = _schema(schemas, "wms/1.3.0/capabilities_1_3_0.xsd")
    for caller in (EVERYONE, PUBLIC):
        schema.assertValid(etree.fromstring(ask(services, caller, request="GetCapabilities").content()))


def test_capabilities_111_are_valid(services: Services, schemas: Path) -> None:
    with (schemas / "wms/1.1.1/WMS_MS_Capabilities.dtd").open() as source:
        dtd = etree.DTD(source)
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    answer = ask(services, version="1.1.1", request="GetCapabilities")
    assert dtd.validate(etree.fromstring(answer.content(), parser)), dtd.error_log
