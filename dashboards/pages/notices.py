"""Publishing: notices and the calendar of one's own areas, written, corrected and withdrawn."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

BOARDS = (
    ("notices", Text("通知公告", "Notices")),
    ("schedules", Text("日程", "Calendar")),
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame with its two boards; the script fills the one that is open."""
    lang = caller.lang
    tabs = [
        html.Button(
            title.of(lang),
            type="button",
            role="tab",
            id=f"board-tab-{name}",
            **{"data-board": name, "aria-controls": "board-body"},
        )
        for name, title in BOARDS
    ]
    title = Text("通知与日程发布", "Notices and calendar").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.Div(tabs, className="adm-tabs", role="tablist", **{"aria-label": title}),
            html.Div(id="board-body", role="tabpanel"),
        ],
        className="adm board",
    )
    parts = [office.head(screens, caller, "notices"), body, html.Div(id="office-dialog")]
    return html.Main(parts, className="screen office", **{"data-screen": "notices", "data-theme": "day"})
