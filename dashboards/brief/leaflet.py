"""The map of a brief: folium's Leaflet script over our own copy of the library, so that nothing is fetched.

Of folium only layers, shapes and controls are used. Its popups and icons need jQuery and web fonts; marks and popups
are built by `brief.js` as text nodes, so that no name is ever read as HTML.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

from core.texts import Text
from dashboards.brief.contents import Block, Brief
from dashboards.brief.signs import data_uri
from dashboards.brief.window import Window, box_of

INK = "#16202A"
_PARTS = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class MapParts:
    """The map's element and the script that fills it; the library and `brief.js` have to be loaded before."""

    element: str
    script: str


class _Marks(MacroElement):
    """The objects of one layer in a group of their own."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        brief.put({{ this._parent.get_name() }}, {{ this.block|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, block: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Marks"
        self.block = block


class _Frame(MacroElement):
    """The first view, the controls in the reader's language and what print and the list need of the map."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        brief.frame({{ this._parent.get_name() }}, {{ this.facts|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Frame"
        self.facts = facts


def _positions(outline: shapely.Geometry) -> Iterable[list[list[float]]]:
    for part in shapely.get_parts(outline):
        if isinstance(part, shapely.Polygon):
            ring = shapely.get_coordinates(shapely.simplify(part.exterior, _PARTS))
            yield [[float(lat), float(lon)] for lon, lat in ring]


def _block(block: Block) -> dict[str, Any]:
    return {
        "layer": block.layer,
        "title": block.title,
        "names": block.names,
        "symbols": block.symbol,
        "grades": block.grade,
        "lon": block.lon,
        "lat": block.lat,
    }


def leaflet_map(brief: Brief, window: Window, picture: bytes | None) -> MapParts:
    """The map under its marks: picture, shape, centre, one switchable group for each layer."""
    reach, say = brief.reach, lambda zh, en: Text(zh, en).of(brief.lang)
    west, south, east, north = box_of(reach.outline)
    sheet = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        zoom_snap=0,
        max_zoom=20,
    )
    sheet.default_js, sheet.default_css = [], []
    if picture is not None:
        alt = say("底图", "base map")
        uri = data_uri(picture, "image/png")
        folium.raster_layers.ImageOverlay(
            uri, window.corners, pixelated=False, control=False, alt=alt, interactive=False
        ).add_to(sheet)
    style: dict[str, Any] = {"color": INK, "weight": 2, "interactive": False}
    for ring in _positions(reach.outline):
        folium.Polygon(ring, dash_array="7 5", fill=True, fill_opacity=0.03, **style).add_to(sheet)
    centre = [reach.centre.lat, reach.centre.lon]
    folium.CircleMarker(centre, radius=4, fill=True, fill_color="#FFFFFF", fill_opacity=1.0, **style).add_to(sheet)
    for block in brief.blocks:
        group = folium.FeatureGroup(name=f"{escape(block.title)} {len(block.names)}").add_to(sheet)
        group.add_child(_Marks(_block(block)))
    narrow = JsCode("window.innerWidth < 900")
    if brief.blocks:
        folium.LayerControl(collapsed=narrow, position="topright").add_to(sheet)
    sheet.add_child(
        _Frame(
            {
                "home": [[south, west], [north, east]],
                "ground": window.corners,
                "in": say("放大", "Zoom in"),
                "out": say("缩小", "Zoom out"),
                "layers": say("图层", "Layers"),
                "label": say("示意图：同样的内容见下面的清单", "Map: the lists below say the same"),
            }
        )
    )
    figure = sheet.get_root()
    figure.render()
    return MapParts(element=figure.html.render(), script=figure.script.render())
