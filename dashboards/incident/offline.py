"""An incident as one HTML document: map, zones, orders, warnings, what lies round about, log; no request to anywhere.

folium writes the map's script over our own copy of Leaflet; names are put in as text nodes by `kit.js`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from core.texts import Lang, Text
from dashboards.brief.carried import allowed, library, styles
from dashboards.brief.leaflet import MapParts
from dashboards.brief.signs import data_uri
from dashboards.brief.window import BasePicture, Window, box_of, window_round
from dashboards.incident.picture import Area, Pin
from gis.placing import sector
from gis.shapes import LonLat

HERE = Path(__file__).parent
_PARTS = 1e-5
NEAR = 1500.0
"""Metres round the incident that a second, closer base map shows."""
HEADS: dict[str, tuple[Text, ...]] = {
    "zones": (Text("级别", "Level"), Text("最远", "Reach"), Text("区内人口", "People inside"), Text("风向带", "Band"),
              Text("须注意", "Mind")),
    "orders": (Text("号", "No."), Text("时间", "At"), Text("对象", "To"), Text("内容", "What"),
               Text("回执", "Receipts")),
    "warnings": (Text("级别", "Level"), Text("预警", "Warning"), Text("区划", "Areas"), Text("状态", "State")),
    "log": (Text("号", "No."), Text("时间", "At"), Text("记录人", "By"), Text("内容", "Text")),
}  # fmt: skip

Row = Sequence[str | Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Objects of one layer, nearest first; `left` of them are not listed."""

    title: str
    count: int
    pins: Sequence[tuple[Pin, str]]
    left: int = 0
    colour: str = "#16202A"

    def rows(self, at: int) -> list[Row]:
        """Each with what shows it on the map."""
        return [[{"id": f"b{at}-{n}", "words": pin.words}, away] for n, (pin, away) in enumerate(self.pins)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """All the document says; what is drawn are areas, pins and blocks."""

    lang: Lang
    code: str
    title: str
    state: str
    city: str
    demo: bool
    approval: str
    played: bool
    maker: str
    made_at: str
    place: LonLat | None
    facts: Sequence[tuple[str, str]]
    zones_said: str
    zones: Sequence[Row]
    orders: Sequence[Row]
    warnings: Sequence[Row]
    log: Sequence[Row]
    areas: Sequence[Area]
    pins: Sequence[Pin]
    blocks: Sequence[Block]
    files: Sequence[str]
    reach: BaseGeometry


class _Told(MacroElement):
    """A call of `kit.js` about the map and a group or shape on it."""

    def __init__(self, call: str, facts: Any, on: folium.Element | None = None) -> None:
        super().__init__()
        self._name = "Told"
        self.facts, self.on = facts, on
        place = "{{ this._parent.get_name() }}, {% if this.on %}{{ this.on.get_name() }}, {% endif %}"
        self._template = Template(
            "{% macro script(this, kwargs) %}\nkit." + call + "(" + place + "{{ this.facts|tojson }});\n{% endmacro %}"
        )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader([HERE, HERE.parent / "brief"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def offline(kit: Kit, base: BasePicture | None) -> bytes:
    """The whole file."""
    lang = kit.lang
    windows = [window_round(kit.reach)]
    if kit.place is not None:
        windows.append(window_round(sector(kit.place, NEAR, 0.0, 360.0)))
    drawn = _map(kit, windows)
    scripts = [*library(HERE / "kit.js"), drawn.script]
    grounds = [] if base is None else [
        {"id": f"ground-{n}", "uri": data_uri(base(window, lang), "image/png")} for n, window in enumerate(windows)
    ]  # fmt: skip
    view = {name: getattr(kit, name) for name in (
        "code", "title", "state", "city", "demo", "approval", "played", "maker", "made_at", "facts", "zones_said",
        "zones", "orders", "warnings", "log", "files",
    )}  # fmt: skip
    view["blocks"] = [
        {"title": one.title, "count": one.count, "rows": one.rows(at), "left": one.left}
        for at, one in enumerate(kit.blocks)
    ]
    view["legend"] = [{"colour": one.colour, "words": one.title} for one in kit.blocks]
    return (
        _templates()
        .get_template("kit.html")
        .render(
            kit=view, zh=lang is Lang.ZH, say=lambda zh, en: Text(zh, en).of(lang), map=drawn, grounds=grounds,
            styles=styles(HERE.parent / "brief" / "brief.css", HERE / "kit.css"), scripts=scripts,
            hashes=" ".join(allowed(text) for text in scripts),
            heads={name: [one.of(lang) for one in heads] for name, heads in HEADS.items()},
        )
        .encode()
    )  # fmt: skip


def _map(kit: Kit, windows: Sequence[Window]) -> MapParts:
    def say(zh: str, en: str) -> str:
        return Text(zh, en).of(kit.lang)

    west, south, east, north = box_of(kit.reach)
    sheet = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_control=False, attribution_control=False,
        zoom_snap=0, max_zoom=20,
    )  # fmt: skip
    sheet.default_js, sheet.default_css = [], []
    shapes = folium.FeatureGroup(name=say("影响区和预警", "Zones and warnings")).add_to(sheet)
    for one in kit.areas:
        _drawn(sheet, one, shapes)
    named = [{"words": one.words, **_far(one.shape, kit.place)} for one in kit.areas if one.words]
    sheet.add_child(_Told("labels", named, shapes))
    led = folium.FeatureGroup(name=say("事发点、指令和位置", "Incident, orders, positions")).add_to(sheet)
    sheet.add_child(_Told("put", [_pin(one, big=True) for one in kit.pins], led))
    for at, block in enumerate(kit.blocks):
        group = folium.FeatureGroup(name=f"{block.title} {block.count}").add_to(sheet)
        facts = [_pin(pin, away, id=f"b{at}-{n}", title=block.title) for n, (pin, away) in enumerate(block.pins)]
        sheet.add_child(_Told("put", facts, group))
    folium.LayerControl(collapsed=True, position="topright").add_to(sheet)
    sheet.add_child(
        _Told(
            "frame",
            {
                "home": [[south, west], [north, east]],
                "grounds": [{"id": f"ground-{n}", "corners": one.corners} for n, one in enumerate(windows)],
                "base": say("底图", "base map"), "in": say("放大", "Zoom in"), "out": say("缩小", "Zoom out"),
                "layers": say("图层", "Layers"), "north": say("北", "N"),
                "label": say("事件图：同样的内容见下表", "Map of the incident; the tables say the same"),
            },
        )
    )  # fmt: skip
    figure = sheet.get_root()
    figure.render()
    return MapParts(element=figure.html.render(), script=figure.script.render())


def _drawn(sheet: folium.Map, one: Area, group: folium.FeatureGroup) -> None:
    style: dict[str, Any] = {"color": one.colour, "weight": 2, "fillOpacity": 0.15 if one.filled else 0.0}
    if one.dashed:
        style["dashArray"] = "7 4"
    feature = {
        "type": "Feature", "id": "0", "properties": {}, "geometry": mapping(shapely.simplify(one.shape, _PARTS)),
    }  # fmt: skip
    made = folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]}, style_function=lambda _: style, control=False,
        interactive=bool(one.words),
    )  # fmt: skip
    made.add_to(group)
    if one.words:
        sheet.add_child(_Told("zone", [one.words], made))


def _pin(one: Pin, *lines: str, id: str = "", title: str = "", big: bool = False) -> dict[str, Any]:
    said = [one.words, *(line for line in (title, *lines) if line)]
    return {"lon": one.place.lon, "lat": one.place.lat, "colour": one.colour, "lines": said, "id": id, "big": big}


def _far(shape: BaseGeometry, source: LonLat | None) -> dict[str, float]:
    corners = shapely.get_coordinates(shape)
    away = corners[:, 1] if source is None else np.hypot(corners[:, 0] - source.lon, corners[:, 1] - source.lat)
    lon, lat = corners[int(np.argmax(away))].tolist()
    return {"lon": lon, "lat": lat}
