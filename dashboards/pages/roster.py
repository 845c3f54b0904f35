"""The page of duty: roster, hand-over, call log, phone book as tabs; the map of calls stays at the right."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens

TABS = (
    ("month", Text("排班", "Roster")),
    ("handover", Text("交接班", "Hand-over")),
    ("resources", Text("资源调用", "Resources")),
    ("calls", Text("电话记录", "Calls")),
    ("book", Text("通讯录", "Phone book")),
)
"""The tabs in the order of how often they are needed."""


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the scripts fill it, one for each tab."""
    lang = caller.lang
    title = Text("应急值守", "Duty").of(lang)
    tabs = [
        html.Button(
            words.of(lang),
            id=f"roster-tab-{name}",
            type="button",
            role="tab",
            **{"data-tab": name, "aria-selected": "false", "aria-controls": "roster-body"},
        )
        for name, words in TABS
    ]
    sheet = html.Section(
        html.Div(
            [ground(screens, "roster-leaflet", zoom=11), html.Div(id="roster-over", className="risk-over")],
            className="risk-map fades",
        ),
        id="roster-map",
        className="panel roster-map",
        **{"aria-label": Text("来电地点", "Where calls were about").of(lang)},
    )
    side = html.Aside(id="roster-one", className="panel roster-one", hidden=True, **{"aria-live": "polite"})
    body = [
        html.Div(
            [
                html.H2(title),
                html.Div(tabs, className="roster-tabs", role="tablist", **{"aria-label": title}),
                html.Div(id="roster-now", className="roster-now", **{"aria-live": "polite"}),
            ],
            className="roster-head",
        ),
        html.Div(
            [
                html.Section(id="roster-body", className="roster-body", role="tabpanel"),
                html.Div([sheet, side], className="roster-right"),
            ],
            className="roster-grid",
        ),
        html.Div(id="roster-keys", className="roster-keys"),
    ]
    return html.Main(
        [office.head(screens, caller, "roster"), office.lost(lang), *body, html.Div(id="office-dialog")],
        className="screen office roster",
        **{"data-screen": "roster", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))},
    )
