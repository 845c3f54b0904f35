"""A scenario for globes and phones: OGC KML 2.2, longitude before latitude, doubts in names and on the ground."""

import math
import re
from collections.abc import Iterator
from html import escape

import numpy as np
import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from core.clock import iso
from core.texts import Lang, Text
from dashboards.handout.colours import BAND, GRADES, INK, TARGET, grade
from dashboards.handout.contents import LIMITS, UNVERIFIED, WHOLE, Handout, Side, doubts, kind_of, named, speaker, wind
from dashboards.handout.hatching import hatched
from dashboards.queries.wording import THIN, compass, length
from emergency.zones import Zone

NAMESPACE = "http://www.opengis.net/kml/2.2"
PLAIN: dict[str, str] = {None: NAMESPACE}  # type: ignore[dict-item]  # what lxml takes, its stubs do not
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
DIGITS = 7
"""Behind the point of a degree: a centimetre."""

HATCHED = Text("斜线表示限值未与原始文件核对", "hatched: its level was not compared with its source")

_FILL, _FAINT = 0x66, 0x26


def k(tag: str, *parts: etree._Element | str, **attributes: str) -> etree._Element:
    """An element of KML with its parts in order."""
    made = etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap=PLAIN)
    for part in parts:
        if isinstance(part, str):
            made.text = _UNWRITABLE.sub("\ufffd", part)
        else:
            made.append(part)
    return made


def told(*lines: str) -> etree._Element:
    """A description of some lines; globes read it as HTML, so nothing in it may look like any."""
    return k("description", escape("\n".join(lines), quote=False))


def kml(handout: Handout) -> bytes:
    """The whole document."""
    lang = handout.lang
    document = k(
        "Document",
        k("name", handout.title),
        k("open", "1"),
        told(*_said(handout)),
        _view(handout),
        *_styles(),
        *(_folder(side, lang) for side in handout.sides),
    )
    return etree.tostring(k("kml", document), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _said(handout: Handout) -> list[str]:
    lang, say = handout.lang, speaker(handout.lang)
    lines = [
        LIMITS.of(lang),
        say(f"制作 {handout.maker},{iso(handout.made_at)}", f"made by {handout.maker}, {iso(handout.made_at)}"),
        say(f"权限 {handout.areas}·{handout.clearance}", f"rights {handout.areas} · {handout.clearance}"),
    ]
    if handout.demo:
        lines.append(say("演示数据:城市、企业、人员均为虚构", "demo data: city, firms and people are invented"))
    return [*lines, *(_receipt(side, lang) for side in handout.sides)]


def _receipt(side: Side, lang: Lang) -> str:
    receipt = side.result.receipt
    mark = "" if side.result.verified else f" {UNVERIFIED.of(lang)}"
    models = "; ".join(f"{one.id} {one.version}" for one in receipt.models)
    return Text(
        f"情景 {side.mark} {side.scenario.title}:输入指纹 {receipt.fingerprint},程序 {receipt.code_version},"
        f"计算于 {iso(receipt.computed_at)},模型 {models},{receipt.evidence.title.zh}{mark}",
        f"Scenario {side.mark} {side.scenario.title}: fingerprint {receipt.fingerprint}, code {receipt.code_version}, "
        f"computed {iso(receipt.computed_at)}, models {models}, {receipt.evidence.title.en}{mark}",
    ).of(lang)


def _view(handout: Handout) -> etree._Element:
    """From above, as far away as twice the widest zone."""
    source = handout.sides[0].result.source
    widest = max((zone.distance for side in handout.sides for zone in side.drawn), default=0.0)
    parts = {
        "longitude": f"{source.lon:.{DIGITS}f}", "latitude": f"{source.lat:.{DIGITS}f}", "altitude": "0",
        "heading": "0", "tilt": "0", "range": f"{max(1000.0, 2.5 * widest):.0f}",
    }  # fmt: skip
    return k("LookAt", *(k(name, value) for name, value in parts.items()))


def _styles() -> Iterator[etree._Element]:
    for place, colour in enumerate(GRADES[1:], start=1):
        yield _style(f"zone-{place}", colour, 2.0, _FILL)
        yield _style(f"zone-{place}-unverified", colour, 2.0, _FAINT)
    yield _style("hatch", INK, 1.0, 0)
    yield _style("band", BAND, 1.5, 0)
    yield _style("road", INK, 2.5, 0)
    for name, colour in (("source", GRADES[1]), ("target", TARGET), ("hazard", INK)):
        yield k(
            "Style",
            k("IconStyle", k("color", _abgr(colour, 0xFF)), k("scale", "1.1" if name == "source" else "0.8")),
            id=name,
        )


def _style(name: str, colour: str, width: float, fill: int) -> etree._Element:
    line = k("LineStyle", k("color", _abgr(colour, 0xFF)), k("width", f"{width:g}"))
    area = k("PolyStyle", k("color", _abgr(colour, fill)), k("fill", "1" if fill else "0"), k("outline", "1"))
    return k("Style", line, area, id=name)


def _abgr(colour: str, opacity: int) -> str:
    """KML spells colours the other way round, opacity first."""
    return f"{opacity:02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower()


def _folder(side: Side, lang: Lang) -> etree._Element:
    say = speaker(lang)
    where = side.result.source
    lines = [
        say(f"{side.chemical.zh} CAS {side.scenario.chemical}", f"{side.chemical.en}, CAS {side.scenario.chemical}"),
        kind_of(side, lang),
        wind(side, lang) + say(f",稳定度 {side.scenario.weather.stability}", f", {side.scenario.weather.stability}"),
        *(note.of(lang) for note in side.result.notes),
    ]
    source = k(
        "Placemark",
        k("name", say("释放点", "release")),
        told(*lines),
        k("styleUrl", "#source"),
        _shape(shapely.Point(where.lon, where.lat)),
    )
    unreached = [named(zone, lang) for zone in side.result.zones if not zone.reached]
    parts = [
        k("Folder", k("name", say("影响区", "Zones")), k("open", "1"), *_zones(side, lang)),
        k("Folder", k("name", say("风向带", "Band of the wind")), k("visibility", "0"), *_bands(side, lang)),
        *_inside(side, lang),
    ]
    kept = [part for part in parts if part.find(f"{{{NAMESPACE}}}Placemark") is not None]
    return k(
        "Folder",
        k("name", f"{side.mark} {side.scenario.title}"),
        k("open", "1"),
        told(*lines, *unreached),
        source,
        *kept,
    )


def _zones(side: Side, lang: Lang) -> Iterator[etree._Element]:
    for zone in side.drawn:
        style = f"zone-{grade(zone.level.severity)}" + ("" if zone.verified else "-unverified")
        name = named(zone, lang)
        yield k(
            "Placemark",
            k("name", name),
            told(*_explained(side, zone, lang)),
            k("styleUrl", "#" + style),
            _facts(side, zone, lang),
            _shape(zone.shape),
        )
        if not zone.verified:
            lines = k("MultiGeometry", *(_line(line) for line in hatched(zone.shape, zone.source)))
            if len(lines):
                yield k(
                    "Placemark",
                    k("name", f"{UNVERIFIED.of(lang)}·{zone.level.name.of(lang)}"),
                    told(HATCHED.of(lang)),
                    k("styleUrl", "#hatch"),
                    lines,
                )


def _explained(side: Side, zone: Zone, lang: Lang) -> list[str]:
    """How the zone came and how far to trust it, in lines."""
    say = speaker(lang)
    level, people = zone.level, side.people(zone)
    used = next((one for one in side.result.receipt.models if one.id == zone.model), None)
    lines = [*(one.of(lang) for one in doubts(zone))]
    if people is not None:
        least = "" if people[1] > WHOLE else say("至少 ", "at least ")
        count = f"{least}{round(people[0]):,}"
        lines.append(say(f"区内常住人口约 {count} 人", f"residents inside: {count}"))
    lines.append(say(f"限值 {level.value:g} {level.unit}", f"level {level.value:g} {level.unit}"))
    if level.averaging_time:
        minutes = f"{level.averaging_time / 60:g}"
        lines.append(say(f"平均时间 {minutes} 分", f"averaged over {minutes} min"))
    if level.source:
        lines.append(say(f"限值出处 {level.source}", f"source of the level: {level.source}"))
    if used is not None:
        lines.append(f"{used.title.of(lang)};{used.source};{used.tier.title.of(lang)}")
    for check in zone.checks:
        holds = "" if check.holds else say(",不适用", ", does not hold")
        ends = f"≥ {check.low:g}" if math.isinf(check.high) else f"{check.low:g}–{check.high:g}"
        lines.append(f"{check.title.of(lang)} {check.value:.4g}{THIN}{check.unit} ({ends}){holds}")
    return [*lines, LIMITS.of(lang)]


def _facts(side: Side, zone: Zone, lang: Lang) -> etree._Element:
    """The same for programs."""
    people = side.people(zone)
    facts: dict[str, object] = {
        "scenario": side.mark,
        "severity": zone.level.severity,
        "level": zone.level.name.of(lang),
        "value": f"{zone.level.value:g}",
        "unit": zone.level.unit,
        "distance_m": f"{zone.distance:.1f}",
        "area_m2": f"{zone.area:.0f}",
        "verified": str(zone.verified).lower(),
        "valid": str(zone.valid).lower(),
        "cut": zone.cut.value,
        "model": zone.model,
        "fingerprint": side.result.receipt.fingerprint,
        **({} if people is None else {"residents": round(people[0])}),
    }
    return k("ExtendedData", *(k("Data", k("value", str(value)), name=name) for name, value in facts.items()))


def _bands(side: Side, lang: Lang) -> Iterator[etree._Element]:
    for zone in side.drawn:
        if zone.band is not None and not zone.band.is_empty:
            name = Text("风向带", "band of the wind").of(lang)
            yield k(
                "Placemark", k("name", f"{name}·{zone.level.name.of(lang)}"), k("styleUrl", "#band"), _shape(zone.band)
            )


def _inside(side: Side, lang: Lang) -> Iterator[etree._Element]:
    inside = side.inside
    tables = (
        (inside.targets, "target", Text("保护目标", "Protection targets")),
        (inside.hazards, "hazard", Text("其他重大危险源", "Other hazard sources")),
        (inside.roads, "road", Text("区内道路", "Roads inside")),
    )
    for table, style, title in tables:
        if table is None:
            continue
        rows = zip(
            table["name"].tolist(),
            table["severity"].tolist(),
            table["distance"].tolist(),
            table["bearing"].tolist(),
            table.geometry.tolist(),
            strict=True,
        )
        levels = {zone.level.severity: zone.level.name.of(lang) for zone in side.result.zones}
        marks = [
            k(
                "Placemark",
                k("name", str(name)),
                told(f"{levels.get(worst, '')} · {length(metres)} · {compass(degrees).of(lang)}"),
                k("styleUrl", "#" + style),
                _shape(shape),
            )
            for name, worst, metres, degrees, shape in rows
        ]
        yield k("Folder", k("name", f"{title.of(lang)} {len(marks)}"), *marks)


def _shape(shape: BaseGeometry) -> etree._Element:
    """Polygons, lines and points; of many, a MultiGeometry."""
    parts = [_part(part) for part in shapely.get_parts(shape) if not part.is_empty]
    return parts[0] if len(parts) == 1 else k("MultiGeometry", *parts)


def _part(part: BaseGeometry) -> etree._Element:
    if isinstance(part, shapely.Polygon):
        rings = shapely.geometry.polygon.orient(part)  # outer rings against the clock, as the standard wants
        outer = k("outerBoundaryIs", k("LinearRing", _coordinates(rings.exterior)))
        inner = (k("innerBoundaryIs", k("LinearRing", _coordinates(ring))) for ring in rings.interiors)
        return k("Polygon", k("tessellate", "1"), outer, *inner)
    if isinstance(part, shapely.Point):
        return k("Point", _coordinates(part))
    return _line(part)


def _line(line: BaseGeometry) -> etree._Element:
    return k("LineString", k("tessellate", "1"), _coordinates(line))


def _coordinates(shape: BaseGeometry) -> etree._Element:
    pairs = np.round(shapely.get_coordinates(shape), DIGITS).tolist()
    return k("coordinates", " ".join(f"{lon:.{DIGITS}f},{lat:.{DIGITS}f}" for lon, lat in pairs))
