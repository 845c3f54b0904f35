"""The warning desk: drafts, what a second person approves, what stands published, and the area of each on a map."""

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import OWN_BASE_MAP, Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame: the list, the paper that is open, and the map at the right."""
    lang = caller.lang
    title = Text("预警发布台", "Warning desk").of(lang)
    tiles = dl.TileLayer(url=screens.root_path + OWN_BASE_MAP.url.replace("{theme}", "day"), maxNativeZoom=18)
    container = dl.MapContainer(
        [tiles],
        id="warn-leaflet",
        center=[33.2, 121.9],
        zoom=10,
        zoomControl=False,
        attributionControl=False,
        trackViewport=False,
        maxZoom=18,
        zoomSnap=0.25,
        style={"width": "100%", "height": "100%"},
    )
    ground = html.Section(
        [
            html.Div([container, html.Div(id="warn-over", className="risk-over")], className="risk-map fades"),
            html.Div(id="warn-draw", className="warn-draw"),
        ],
        className="panel warn-map-panel",
        **{"aria-label": Text("预警范围", "Where it may reach").of(lang)},
    )
    parts = [
        office.head(screens, caller, "warnings"),
        office.lost(lang),
        html.Div([html.H2(title), html.Div(id="warn-bar")], className="risk-head"),
        html.Div(
            [
                html.Section(id="warn-list", className="panel", **{"aria-label": Text("预警", "Warnings").of(lang)}),
                html.Section(
                    id="warn-one",
                    className="panel",
                    **{"aria-live": "polite", "aria-label": Text("文稿", "Paper").of(lang)},
                ),
                ground,
            ],
            className="warn-grid",
        ),
        html.Div(id="office-dialog"),
    ]
    attributes = {"data-screen": "warnings", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office risk warn", **attributes)
