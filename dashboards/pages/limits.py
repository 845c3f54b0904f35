"""Limits and legal numbers: what is shipped, and who held which against its printed source."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

HOW = Text(
    "影响区所用的限值和法定数值随系统提供,未经核实的在各处标“未核实”。核实须由两名市级具名人员各自查阅原件、录入所见数值;"
    "两次读数都与系统一致才算核实。系统数值一旦变动,核实即失效。",
    "Limits and legal numbers come with the system and are marked unverified wherever they are used. Two persons with "
    "city-wide posts each read the printed source and type what stands there; it counts when both agree with the "
    "system, and lapses when the number changes.",
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script lists the rows and opens one at the side."""
    lang = caller.lang
    title = Text("限值核实", "Verification of limits").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(id="limits-bar", className="adm-bar"),
            html.Div(
                [
                    html.Section(id="limits-list", className="adm-card", **{"aria-label": title}),
                    html.Aside(id="limits-one", className="adm-side", hidden=True, **{"aria-live": "polite"}),
                ],
                className="adm-two",
            ),
        ],
        className="adm limits",
    )
    parts = [office.head(screens, caller, "limits"), body, html.Div(id="office-dialog")]
    return html.Main(parts, className="screen office", **{"data-screen": "limits", "data-theme": "day"})
