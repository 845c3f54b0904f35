"""The maps of an offline scenario: folium's Leaflet script over our own copy of the library, so nothing is fetched.

Zones, bands and the list of layers are folium's; marks, labels and popups are built by `handout.js` as text nodes.
"""

import math
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from dashboards.brief.leaflet import MapParts
from dashboards.brief.window import Window, box_of
from dashboards.handout.colours import GRADES, INK, TARGET, grade
from dashboards.handout.contents import Handout, Side, doubts, far, short, speaker, wind
from dashboards.handout.patterns import UNVERIFIED_FILL, level_fill
from dashboards.handout.views import SideView
from emergency.zones import Cut, Zone

MARGIN = 0.08
"""Of the extent, on each side: room for the labels at its ends."""

_PARTS = 1e-5
_NEAREST = 1e-3
_NEAR_EDGE = 0.7
"""A label farther to the side than this is written towards the middle."""


class _Told(MacroElement):
    """A call of `handout.js` about the map, and a group or layer on it."""

    def __init__(self, call: str, facts: Any, on: folium.Element | None = None) -> None:
        super().__init__()
        self._name = "Told"
        self.call, self.facts, self.on = call, facts, on
        place = "{{ this._parent.get_name() }}, {% if this.on %}{{ this.on.get_name() }}, {% endif %}"
        self._template = Template(
            "{% macro script(this, kwargs) %}\nhandout."
            + call
            + "("
            + place
            + "{{ this.facts|tojson }});\n{% endmacro %}"
        )


class _Tied(MacroElement):
    """The maps follow one another."""

    _template = Template("{% macro script(this, kwargs) %}\nhandout.tie();\n{% endmacro %}")

    def __init__(self) -> None:
        super().__init__()
        self._name = "Tied"


def home(handout: Handout) -> BaseGeometry:
    """All zones and bands of all sides with their releases, as a box with a margin."""
    shapes = [shape for side in handout.sides for zone in side.drawn for shape in (zone.shape, zone.band) if shape]
    points = [shapely.Point(side.result.source.lon, side.result.source.lat) for side in handout.sides]
    west, south, east, north = shapely.total_bounds([*shapes, *points]).tolist()
    wide, tall = max((east - west) * MARGIN, _NEAREST), max((north - south) * MARGIN, _NEAREST)
    whole: BaseGeometry = shapely.box(west - wide, south - tall, east + wide, north + tall)
    return whole


def leaflet_maps(handout: Handout, views: list[SideView], window: Window) -> list[MapParts]:
    """A map for each scenario, all of one extent."""
    box = home(handout)
    return [
        _map(handout, side, view, window, box, last=side is handout.sides[-1])
        for side, view in zip(handout.sides, views, strict=True)
    ]


def _map(handout: Handout, side: Side, view: SideView, window: Window, box: BaseGeometry, *, last: bool) -> MapParts:
    say = speaker(handout.lang)
    west, south, east, north = box_of(box)
    sheet = folium.Map(
        location=[(south + north) / 2, (west + east) / 2], tiles=None, zoom_control=False,
        attribution_control=False, zoom_snap=0, max_zoom=20,
    )  # fmt: skip
    sheet.default_js, sheet.default_css = [], []
    zones = folium.FeatureGroup(name=say("影响区", "Zones")).add_to(sheet)
    bands = folium.FeatureGroup(name=say("风向带", "Band of the wind")).add_to(sheet)
    objects = folium.FeatureGroup(name=say("保护目标和危险源", "Targets and hazards")).add_to(sheet)
    for zone in side.drawn:
        if zone.band is not None and not zone.band.is_empty:
            _drawn(zone.band, {"color": INK, "weight": 1.6, "dashArray": "6 5", "fillOpacity": 0.0}, bands)
        _zone(sheet, side, zone, zones)
    sheet.add_child(_Told("draw", _facts(handout, side, view), objects))
    folium.LayerControl(collapsed=True, position="topright").add_to(sheet)
    sheet.add_child(
        _Told(
            "frame",
            {
                "home": [[south, west], [north, east]],
                "ground": window.corners,
                "base": say("底图", "base map"),
                "in": say("放大", "Zoom in"),
                "out": say("缩小", "Zoom out"),
                "layers": say("图层", "Layers"),
                "north": say("北", "N"),
                "label": say(f"情景 {side.mark} 的影响区,内容同下表", f"Zones of {side.mark}; the tables say the same"),
                "wind": {
                    "from": side.scenario.weather.wind_from, "words": wind(side, handout.lang),
                    "title": say("箭头指向风去的方向", "The arrow points where the wind goes"),
                },
            },
        )
    )  # fmt: skip
    if last and len(handout.sides) > 1:
        sheet.add_child(_Tied())
    figure = sheet.get_root()
    figure.render()
    return MapParts(element=figure.html.render(), script=figure.script.render())


def _zone(sheet: folium.Map, side: Side, zone: Zone, group: folium.FeatureGroup) -> None:
    """The zone in its pattern, across it the hatching of doubt."""
    level = grade(zone.level.severity)
    edge = {"color": GRADES[level], "weight": 2, "fillColor": level_fill(level), "fillOpacity": 1.0}
    drawn = _drawn(zone.shape, edge | ({} if zone.verified else {"dashArray": "7 4"}), group, clickable=True)
    if not zone.verified:
        _drawn(zone.shape, {"stroke": False, "fillColor": UNVERIFIED_FILL, "fillOpacity": 1.0}, group)
    sheet.add_child(_Told("zone", f"{side.mark}-zone-{zone.level.severity}", drawn))


def _drawn(
    shape: BaseGeometry, style: dict[str, Any], group: folium.FeatureGroup, *, clickable: bool = False
) -> folium.GeoJson:
    feature = {"type": "Feature", "id": "0", "properties": {}, "geometry": mapping(shapely.simplify(shape, _PARTS))}
    made = folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]}, style_function=lambda _: style, control=False,
        interactive=clickable,
    )  # fmt: skip
    return made.add_to(group)


def _facts(handout: Handout, side: Side, view: SideView) -> dict[str, Any]:
    """Marks of what is inside, and a label at the far end of each zone."""
    objects = [
        {"id": row.id, "lon": row.lon, "lat": row.lat, "colour": TARGET if part.id.endswith("targets") else INK}
        for part in view.lists
        if part.drawn
        for row in part.rows
    ]
    source = side.result.source
    return {
        "objects": objects, "labels": [label(handout, side, zone) for zone in side.drawn],
        "source": [source.lon, source.lat],
    }  # fmt: skip


def label(handout: Handout, side: Side, zone: Zone) -> dict[str, Any]:
    """What is written at the far end of a zone, where, and to which side of it."""
    lon, lat = far_end(side, zone)
    marks = [one.of(handout.lang) for one in doubts(zone) if one is not zone.cut.text]
    words = " ".join([short(side, zone, handout.lang), far(zone, handout.lang), *marks])
    west, _, east, _ = home(handout).bounds
    share = (lon - west) / (east - west)
    side_of = "left" if share > _NEAR_EDGE else "right" if share < 1 - _NEAR_EDGE else ""
    return {"lon": lon, "lat": lat, "words": words, "look": f"{side_of}{' cut' if zone.cut is not Cut.NONE else ''}"}


def far_end(side: Side, zone: Zone) -> tuple[float, float]:
    """The corner of a zone that lies farthest from the release."""
    corners = shapely.get_coordinates(zone.shape)
    narrow = math.cos(math.radians(side.result.source.lat))
    away = np.hypot((corners[:, 0] - side.result.source.lon) * narrow, corners[:, 1] - side.result.source.lat)
    lon, lat = corners[int(away.argmax())].tolist()
    return lon, lat
