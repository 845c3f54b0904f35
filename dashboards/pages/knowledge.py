"""Knowledge: one search over cases, substances, plans and laws at the left, what was opened at the right."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script asks and opens."""
    lang = caller.lang
    title = Text("应急知识", "Knowledge").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.Div(id="knowledge-bar", className="adm-bar"),
            html.Div(
                [
                    html.Section(id="knowledge-list", className="adm-card know-list", **{"aria-label": title}),
                    html.Article(id="knowledge-card", className="adm-card know-card", **{"aria-live": "polite"}),
                ],
                className="adm-two",
            ),
        ],
        className="adm knowledge",
    )
    parts = [office.head(screens, caller, "knowledge"), body, html.Div(id="office-dialog")]
    told = {"data-screen": "knowledge", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office", **told)
