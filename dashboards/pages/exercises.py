"""Exercises: scripts, the one that is played with its injects and replies, its score sheet; all of it marked 演练."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills it."""
    lang = caller.lang
    title = Text("演练", "Exercises").of(lang)
    band = html.Div(
        [
            html.B(Text("演 练", "EXERCISE").of(lang)),
            html.Span(Text("本页所列均为演练，不是真实事件", "Nothing on this page is real").of(lang)),
            html.Span(className="sp"),
            html.A(
                Text("演练大屏", "Wall of exercises").of(lang), href=f"{screens.root_path}/hall?exercise=1",
                className="link",
            ),
            html.A(
                Text("演练值班台", "Desk of exercises").of(lang), href=f"{screens.root_path}/duty?exercise=1",
                className="link",
            ),
        ],
        className="ex-band",
    )  # fmt: skip
    body = html.Div(
        [
            band,
            html.Div(
                [
                    html.Section(id="exercises-list", className="adm-card", **{"aria-label": title}),
                    html.Section(id="exercises-one", className="ex-one", **{"aria-live": "polite"}),
                ],
                className="ex-two",
            ),
        ],
        className="adm ex-page",
    )
    parts = [office.head(screens, caller, "exercises"), office.lost(lang), body, html.Div(id="office-dialog")]
    return html.Main(
        parts,
        className="screen office",
        **{"data-screen": "exercises", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))},
    )
