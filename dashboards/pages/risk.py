"""The risk map: enterprises and areas by their index, always with how high it may be, and what drives each."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame: ranking at the left, map with its time below in the middle, drivers at the right."""
    lang = caller.lang
    title = Text("风险一张图", "Risk map")
    container = ground(screens, "risk-leaflet")
    sheet = html.Section(
        [
            html.Div([container, html.Div(id="risk-over", className="risk-over")], className="risk-map fades"),
            html.Div(id="risk-time", className="risk-time"),
        ],
        className="panel risk-map-panel",
        **{"aria-label": Text("风险地图", "Map of the risk").of(lang)},
    )
    parts = [
        office.head(screens, caller, "risk"),
        office.lost(lang),
        html.Div(
            [html.H2(title.of(lang)), html.Div(id="risk-bar"), html.Div(id="risk-standing", role="status")],
            className="risk-head",
        ),
        html.Div(
            [
                html.Section(id="risk-list", className="panel", **{"aria-label": Text("排名", "Ranking").of(lang)}),
                sheet,
                html.Aside(
                    id="risk-one",
                    className="panel",
                    **{"aria-live": "polite", "aria-label": Text("构成", "What it is made of").of(lang)},
                ),
            ],
            className="risk-grid",
        ),
        html.Div(id="office-dialog"),
    ]
    attributes = {"data-screen": "risk", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office risk", **attributes)
