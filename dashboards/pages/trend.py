"""The trend of up to six measuring points over one time axis."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script reads the points and the range from the address."""
    lang = caller.lang
    title = Text("监测曲线", "Trend").of(lang)
    points = Text("监测点", "Points").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.Div(
                [
                    html.Section(id="trend-chart", className="adm-card", **{"aria-label": title}),
                    html.Aside(
                        [
                            html.H3(points),
                            html.Div(id="trend-points", **{"aria-live": "polite"}),
                            html.Div(id="trend-find", className="search"),
                        ],
                        className="adm-side",
                        **{"aria-label": points},
                    ),
                ],
                className="adm-two",
            ),
        ],
        className="adm trend-page",
    )
    parts = [office.head(screens, caller, "trend"), office.lost(lang), body, html.Div(id="office-dialog")]
    return html.Main(
        parts,
        className="screen office",
        **{"data-screen": "trend", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))},
    )
