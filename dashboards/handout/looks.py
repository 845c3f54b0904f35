"""How the tables of a scenario's GeoPackage are drawn, as QGIS (QML) and as others (SLD 1.1) read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from core.texts import Lang, Text
from dashboards.handout.colours import BAND, GRADES, INK, TARGET
from dashboards.handout.contents import UNVERIFIED

SLD, SE, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/se", "http://www.opengis.net/ogc"
LEVEL_ANGLE, DOUBT_ANGLE = 45, 135
"""Degrees of the hatching that says the level again, and of the one across it that says nobody verified it."""


class Shape(StrEnum):
    """What is drawn, as QGIS calls it."""

    FILL = "fill"
    LINE = "line"
    MARKER = "marker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How rows of some values are drawn; no values means every row."""

    shape: Shape
    title: Text
    colour: str
    where: Mapping[str, int | bool]
    opacity: float = 0.0
    dashed: bool = False
    hatches: tuple[int, ...] = ()


def _zone_looks() -> tuple[Look, ...]:
    return tuple(
        Look(
            shape=Shape.FILL, colour=colour, where={"severity": severity, "verified": verified},
            title=Text(f"{severity} 级", f"level {severity}") if verified
            else Text(f"{severity} 级({UNVERIFIED.zh})", f"level {severity} ({UNVERIFIED.en})"),
            opacity=0.3 if verified else 0.15, dashed=not verified,
            hatches=(LEVEL_ANGLE,) if verified else (LEVEL_ANGLE, DOUBT_ANGLE),
        )
        for severity, colour in reversed(list(enumerate(GRADES[1:], start=1)))
        for verified in (True, False)
    )  # fmt: skip


LOOKS: dict[str, tuple[Look, ...]] = {
    "zones": _zone_looks(),
    "bands": (Look(shape=Shape.FILL, title=Text("风向带", "band of the wind"), colour=BAND, where={}, dashed=True),),
    "releases": (Look(shape=Shape.MARKER, title=Text("释放点", "release"), colour=GRADES[1], where={}),),
    "targets": (Look(shape=Shape.MARKER, title=Text("保护目标", "protection target"), colour=TARGET, where={}),),
    "hazards": (Look(shape=Shape.MARKER, title=Text("重大危险源", "hazard source"), colour=INK, where={}),),
    "roads": (Look(shape=Shape.LINE, title=Text("区内道路", "road inside"), colour=INK, where={}),),
}
LABELS = {"zones": "label", "targets": "name", "hazards": "name"}
"""The field written beside each feature in QGIS."""


def qml(table: str, lang: Lang) -> str:
    """The style as QGIS keeps it, rule by rule."""
    looks, label = LOOKS[table], LABELS.get(table)
    root = etree.Element("qgis", version="3.22", styleCategories="Symbology|Labeling", labelsEnabled=_bit(bool(label)))
    renderer = etree.SubElement(root, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0")
    rules = etree.SubElement(renderer, "rules", key="all")
    symbols = etree.SubElement(renderer, "symbols")
    for place, look in enumerate(looks):
        rule = etree.SubElement(rules, "rule", key=str(place), symbol=str(place), label=look.title.of(lang))
        if look.where:
            rule.set("filter", " AND ".join(_condition(name, value) for name, value in look.where.items()))
        symbol = etree.SubElement(symbols, "symbol", name=str(place), type=look.shape, alpha="1")
        _QML[look.shape](symbol, look)
    if label:
        settings = etree.SubElement(etree.SubElement(root, "labeling", type="simple"), "settings")
        style = etree.SubElement(settings, "text-style", fieldName=label, fontSize="9", textColor=_rgba(INK))
        etree.SubElement(style, "text-buffer", bufferDraw="1", bufferSize="1", bufferColor="255,255,255,255")
    return etree.tostring(root, encoding="unicode")


def _condition(name: str, value: int | bool) -> str:
    if isinstance(value, bool):
        return f'"{name}"' if value else f'NOT "{name}"'
    return f'"{name}" >= {value}' if value == len(GRADES) - 1 else f'"{name}" = {value}'


def _fill(symbol: etree._Element, look: Look) -> None:
    edge = "dash" if look.dashed else "solid"
    _layer(
        symbol, "SimpleFill", color=_rgba(look.colour, look.opacity), style="solid" if look.opacity else "no",
        outline_color=_rgba(look.colour), outline_style=edge, outline_width="0.6",
    )  # fmt: skip
    for place, angle in enumerate(look.hatches, start=1):
        ink = look.colour if angle == LEVEL_ANGLE else INK
        hatch = _layer(symbol, "LinePatternFill", angle=str(angle), distance="2.2" if angle == LEVEL_ANGLE else "3")
        line = etree.SubElement(hatch, "symbol", name=f"@{symbol.get('name')}@{place}", type="line", alpha="1")
        _layer(line, "SimpleLine", line_color=_rgba(ink, 0.8), line_width="0.25")


def _line(symbol: etree._Element, look: Look) -> None:
    _layer(symbol, "SimpleLine", line_color=_rgba(look.colour), line_width="0.8")


def _marker(symbol: etree._Element, look: Look) -> None:
    _layer(
        symbol, "SimpleMarker", name="circle", size="3", color=_rgba(look.colour), outline_color="255,255,255,255",
        outline_width="0.4",
    )  # fmt: skip


_QML = {Shape.FILL: _fill, Shape.LINE: _line, Shape.MARKER: _marker}


def _layer(symbol: etree._Element, kind: str, **said: str) -> etree._Element:
    layer = etree.SubElement(symbol, "layer", {"class": kind, "pass": "0", "enabled": "1", "locked": "0"})
    for name, value in said.items():
        etree.SubElement(layer, "prop", k=name, v=value)
    return layer


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _bit(holds: bool) -> str:
    return "1" if holds else "0"


def sld(table: str, lang: Lang) -> str:
    """The same in the style language of the standards; hatching by the marks that GeoServer and QGIS know."""
    root = etree.Element(f"{{{SLD}}}StyledLayerDescriptor", nsmap=_NAMES, version="1.1.0")
    named = etree.SubElement(root, f"{{{SLD}}}NamedLayer")
    _se(named, "Name", table)
    style = etree.SubElement(named, f"{{{SLD}}}UserStyle")
    _se(style, "Name", table)
    features = _se(style, "FeatureTypeStyle")
    for place, look in enumerate(LOOKS[table]):
        rule = _se(features, "Rule")
        _se(rule, "Name", f"{table}-{place}")
        _se(_se(rule, "Description"), "Title", look.title.of(lang))
        if look.where:
            _filter(rule, look.where)
        _SLD[look.shape](rule, look)
    return etree.tostring(root, encoding="unicode")


_NAMES: dict[str, str] = {None: SLD, "se": SE, "ogc": OGC}  # type: ignore[dict-item]  # as lxml takes it


def _se(parent: etree._Element, tag: str, words: str | None = None, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{SE}}}{tag}", attributes)
    made.text = words
    return made


def _filter(rule: etree._Element, where: Mapping[str, int | bool]) -> None:
    both = etree.SubElement(etree.SubElement(rule, f"{{{OGC}}}Filter"), f"{{{OGC}}}And")
    for name, value in where.items():
        last = not isinstance(value, bool) and value == len(GRADES) - 1
        how = "PropertyIsGreaterThanOrEqualTo" if last else "PropertyIsEqualTo"
        one = etree.SubElement(both, f"{{{OGC}}}{how}")
        etree.SubElement(one, f"{{{OGC}}}PropertyName").text = name
        etree.SubElement(one, f"{{{OGC}}}Literal").text = str(int(value))


def _polygons(rule: etree._Element, look: Look) -> None:
    drawn = _se(rule, "PolygonSymbolizer")
    if look.opacity:
        _painted(_se(drawn, "Fill"), {"fill": look.colour, "fill-opacity": f"{look.opacity:g}"})
    _stroke(drawn, look.colour, "2", dashed=look.dashed)
    for angle in look.hatches:
        ink, mark = (look.colour, "shape://slash") if angle == LEVEL_ANGLE else (INK, "shape://backslash")
        graphic = _se(_se(_se(_se(rule, "PolygonSymbolizer"), "Fill"), "GraphicFill"), "Graphic")
        shape = _se(graphic, "Mark")
        _se(shape, "WellKnownName", mark)
        _stroke(shape, ink, "1")
        _se(graphic, "Size", "8")


def _lines(rule: etree._Element, look: Look) -> None:
    _stroke(_se(rule, "LineSymbolizer"), look.colour, "3")


def _points(rule: etree._Element, look: Look) -> None:
    graphic = _se(_se(rule, "PointSymbolizer"), "Graphic")
    mark = _se(graphic, "Mark")
    _se(mark, "WellKnownName", "circle")
    _painted(_se(mark, "Fill"), {"fill": look.colour})
    _stroke(mark, "#FFFFFF", "1.5")
    _se(graphic, "Size", "9")


_SLD = {Shape.FILL: _polygons, Shape.LINE: _lines, Shape.MARKER: _points}


def _stroke(parent: etree._Element, colour: str, width: str, *, dashed: bool = False) -> None:
    said = {"stroke": colour, "stroke-width": width}
    _painted(_se(parent, "Stroke"), said | ({"stroke-dasharray": "6 4"} if dashed else {}))


def _painted(parent: etree._Element, said: Mapping[str, str]) -> None:
    for name, value in said.items():
        _se(parent, "SvgParameter", value, name=name)
