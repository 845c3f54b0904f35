"""SLD: declared looks are told as SLD; what somebody sends is drawn within a closed list, or refused by name."""

import time
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from lxml import etree

from core.texts import Lang
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.layer import Geometry
from ogc.render.palette import MapTheme, palette
from ogc.services import Services
from ogc.wms.sld import read
from ogc.wms.styles import document, rules_of
from tests.ogc.drawn_city import EVERYONE, PUBLIC
from tests.ogc.schemas import Offline
from tests.ogc.test_wms import ask, code_of, drawn, map_of, pixels
from tests.ogc.test_wms import schemas as plain_schemas
from tests.ogc.test_wms import services as plain_services

services, schemas = plain_services, plain_schemas
HEAD = (
    '<StyledLayerDescriptor version="1.0.0" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:xlink="http://www.w3.org/1999/xlink">'
)
END = "</StyledLayerDescriptor>"
RED_SQUARE = (
    "<PointSymbolizer><Graphic><Mark><WellKnownName>square</WellKnownName>"
    "<Fill><CssParameter name='fill'>#ff0000</CssParameter></Fill></Mark><Size>20</Size></Graphic></PointSymbolizer>"
)
FIRST = (
    "<ogc:Filter><ogc:PropertyIsEqualTo><ogc:PropertyName>risk</ogc:PropertyName><ogc:Literal>1</ogc:Literal>"
    "</ogc:PropertyIsEqualTo></ogc:Filter>"
)


def sld(*rules: str, layer: str = "enterprises", before: str = "") -> str:
    told = "".join(f"<Rule>{rule}</Rule>" for rule in rules)
    style = f"<UserStyle><FeatureTypeStyle>{told}</FeatureTypeStyle></UserStyle>"
    return f"{HEAD}<NamedLayer><Name>{layer}</Name>{before}{style}</NamedLayer>{END}"


def red(picture: np.ndarray) -> int:
    return int(((picture[..., 0] > 240) & (picture[..., 1] < 20) & (picture[..., 2] < 20)).sum())


def test_a_sent_style_draws_its_own_shape_at_every_feature_or_at_those_it_chooses(services: Services) -> None:
    every = red(pixels(map_of(services, sld_body=sld(RED_SQUARE))))
    one = red(pixels(map_of(services, sld_body=sld(FIRST + RED_SQUARE))))
    others = red(pixels(map_of(services, sld_body=sld(FIRST, "<ElseFilter/>" + RED_SQUARE))))
    assert one > 150
    assert (every, others) == (5 * one, 4 * one)


def test_layers_come_from_the_document_where_none_are_named(services: Services) -> None:
    named = pixels(map_of(services, sld_body=sld(RED_SQUARE)))
    assert (pixels(map_of(services, layers="", sld_body=sld(RED_SQUARE))) == named).all()
    picked = f"{HEAD}<NamedLayer><Name>enterprises</Name><NamedStyle><Name>shapes</Name></NamedStyle></NamedLayer>{END}"
    assert (pixels(map_of(services, layers="", sld_body=picked)) == pixels(map_of(services, styles="shapes"))).all()


def test_a_rule_keeps_to_its_scales_and_a_layer_to_its_constraint(services: Services) -> None:
    far = "<MinScaleDenominator>1000000000</MinScaleDenominator>"
    assert red(pixels(map_of(services, sld_body=sld(far + RED_SQUARE)))) == 0
    narrowed = (
        f"<LayerFeatureConstraints><FeatureTypeConstraint>{FIRST}</FeatureTypeConstraint></LayerFeatureConstraints>"
    )
    one = red(pixels(map_of(services, sld_body=sld(FIRST + RED_SQUARE))))
    assert red(pixels(map_of(services, sld_body=sld(RED_SQUARE, before=narrowed)))) == one


def test_our_own_symbols_are_drawn_by_name(services: Services) -> None:
    def icon(href: str) -> str:
        picture = f"<OnlineResource xlink:href='{href}'/><Format>image/png</Format>"
        graphic = f"<ExternalGraphic>{picture}</ExternalGraphic><Size>24</Size>"
        return sld(f"<PointSymbolizer><Graphic>{graphic}</Graphic></PointSymbolizer>")

    plain = pixels(map_of(services, sld_body=icon("onemap:symbol/ent-hazchem")))
    assert drawn(plain) > 5 * 200
    same = pixels(map_of(services, sld_body=icon("https://x.example/wms?request=GetSymbol&amp;symbol=ent-hazchem")))
    assert (plain == same).all()
    for href in ("http://evil.example/a.png", "file:///etc/passwd", "onemap:symbol/../../etc/passwd"):
        assert code_of(map_of(services, sld_body=icon(href))) == "InvalidParameterValue"


@pytest.mark.parametrize("layer", [layer.id for layer in CATALOGUE if layer.geometry is not Geometry.NONE])
def test_what_is_told_of_a_declared_look_is_read_back_as_it_was(layer: str) -> None:
    one, scope = CATALOGUE[layer], EVERYONE.scope
    if not one.visible(scope):
        scope = PUBLIC.scope
    if not one.visible(scope):
        pytest.skip("beyond the clearance of the callers here")
    rules = rules_of(one, scope, Lang.ZH, palette(MapTheme.DAY))
    told = document([(one, [("default", "默认", rules)])], "https://x.example/wms?symbol=", Lang.ZH)
    (back,) = read(told, {one.id: one}, scope)
    assert len(back.rules) == len(rules)
    assert [rule.drawn for rule in back.rules] == [rule.drawn for rule in rules]
    assert [rule.otherwise for rule in back.rules] == [rule.otherwise for rule in rules]


def test_the_told_look_is_valid_sld_and_draws_what_the_style_draws(services: Services, schemas: Path) -> None:
    answer = ask(services, request="GetStyles", layers="enterprises,roads")
    assert answer.media_type == "application/vnd.ogc.sld+xml"
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Offline(schemas))
    schema = etree.XMLSchema(etree.parse(str(schemas / "sld/1.1.0/StyledLayerDescriptor.xsd"), parser))
    schema.assertValid(etree.fromstring(answer.content()))
    only = ask(services, request="GetStyles", layers="enterprises").content().decode()
    ours = pixels(map_of(services, styles="shapes"))
    shapes = only.replace("<sld:IsDefault>1", "<sld:IsDefault>0")
    back = pixels(
        map_of(
            services, sld_body=shapes[: shapes.index("<sld:UserStyle>")] + shapes[shapes.rindex("<sld:UserStyle>") :]
        )
    )
    assert drawn(back) == pytest.approx(drawn(ours), rel=0.35)


def test_a_hidden_layer_or_field_has_no_style_to_tell(services: Services) -> None:
    assert code_of(ask(services, PUBLIC, request="GetStyles", layers="sensors")) == "LayerNotDefined"
    assert code_of(map_of(services, PUBLIC, sld_body=sld(RED_SQUARE, layer="sensors"))) == "LayerNotDefined"
    hidden = next(name for name in ENTERPRISES.fields if name not in ENTERPRISES.fields_in(PUBLIC.scope))
    words = f"<TextSymbolizer><Label><ogc:PropertyName>{hidden}</ogc:PropertyName></Label></TextSymbolizer>"
    assert code_of(map_of(services, PUBLIC, sld_body=sld(words))) == "InvalidParameterValue"
    secret = FIRST.replace("risk", hidden)
    assert code_of(map_of(services, PUBLIC, sld_body=sld(secret + RED_SQUARE))) == "InvalidParameterValue"


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + sld(
    "<Title>&b;</Title>" + RED_SQUARE
)


@pytest.mark.parametrize(
    "body",
    [
        "no xml",
        BOMB,
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sld("<Title>&e;</Title>" + RED_SQUARE),
        "<a/>",
        HEAD + "</StyledLayerDescriptor>",
        sld(),
        sld(*[RED_SQUARE] * 51),
        sld("<Title>" + "x" * 70_000 + "</Title>" + RED_SQUARE),
        sld("<RasterSymbolizer/>"),
        sld(RED_SQUARE.replace("square", "http://evil")),
        sld(RED_SQUARE.replace("#ff0000", "url(#x)")),
        sld(RED_SQUARE.replace(">20<", ">2000<")),
        sld(RED_SQUARE.replace(">20<", ">nan<")),
        sld("<PolygonSymbolizer><Fill/></PolygonSymbolizer>"),
        sld("<TextSymbolizer><Label>[name]</Label></TextSymbolizer>"),
        sld("<PointSymbolizer uom='http://www.opengeospatial.org/se/units/metre'/>"),
        sld(FIRST.replace(">1<", ">' or 1=1 --<").replace("risk", "name") + RED_SQUARE),
        sld("<ogc:Filter><ogc:BBOX><ogc:PropertyName>geometry</ogc:PropertyName></ogc:BBOX></ogc:Filter>" + RED_SQUARE),
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused_at_once(services: Services, body: str) -> None:
    began = time.monotonic()
    assert code_of(map_of(services, sld_body=body)) in ("InvalidParameterValue", "StyleNotDefined")
    assert time.monotonic() - began < 5.0


def test_an_address_of_a_style_is_not_fetched(services: Services) -> None:
    answer = map_of(services, sld=quote("http://127.0.0.1:1/x.sld"))
    assert code_of(answer) == "InvalidParameterValue"
    assert b"SLD_BODY" in answer.content()
