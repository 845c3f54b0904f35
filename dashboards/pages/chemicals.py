"""Dangerous substances: found by number or name, and the card of one."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script lists what is found and opens a card."""
    lang = caller.lang
    title = Text("危险化学品", "Dangerous substances").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.Div(id="chemicals-bar", className="adm-bar"),
            html.Div(
                [
                    html.Section(id="chemicals-list", className="adm-card chem-list", **{"aria-label": title}),
                    html.Article(id="chemicals-card", className="adm-card chem-card", **{"aria-live": "polite"}),
                ],
                className="adm-two",
            ),
        ],
        className="adm chemicals",
    )
    parts = [office.head(screens, caller, "chemicals"), body, html.Div(id="office-dialog")]
    return html.Main(parts, className="screen office", **{"data-screen": "chemicals", "data-theme": "day"})
