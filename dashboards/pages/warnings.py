"""The warning desk: drafts, what a second person approves, what stands published, and the area of each on a map."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame: the list, the paper that is open, and the map at the right."""
    lang = caller.lang
    title = Text("预警发布台", "Warning desk").of(lang)
    container = ground(screens, "warn-leaflet")
    sheet = html.Section(
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
                sheet,
            ],
            className="warn-grid",
        ),
        html.Div(id="office-dialog"),
    ]
    attributes = {"data-screen": "warnings", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office risk warn", **attributes)
