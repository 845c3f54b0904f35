"""Events on video: the list, and the one that is open with its picture, film, reasons and what is said of it."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

HOW = Text(
    "由视频分析按规则判定,须由人员查看画面后确认;明火、烟雾一律为疑似。查看画面和录像会留下记录。",
    "Found by rules in video; a person looks and decides. Fire and smoke are suspected only. Looking is recorded.",
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills it."""
    lang = caller.lang
    title = Text("视频事件", "Events on video").of(lang)
    body = html.Div(
        [
            html.Header([html.H2(title, className="adm-title")]),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(id="violations-counts", className="points-states", **{"aria-live": "polite"}),
            html.Div(id="violations-bar", className="adm-bar devices-bar"),
            html.Div(
                [
                    html.Section(id="violations-list", className="adm-card", **{"aria-label": title}),
                    html.Aside(id="violations-one", className="adm-side", hidden=True, **{"aria-live": "polite"}),
                ],
                className="adm-two",
            ),
        ],
        className="adm points-page violations",
    )
    parts = [office.head(screens, caller, "violations"), office.lost(lang), body, html.Div(id="office-dialog")]
    return html.Main(
        parts,
        className="screen office",
        **{"data-screen": "violations", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))},
    )
