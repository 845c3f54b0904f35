"""Alarm rules: the list, the open rule with its points on a map, inhibitions, and the past judged again."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Lang, Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens

TABS = (
    ("rules", Text("规则", "Rules")),
    ("inhibitions", Text("抑制", "Inhibitions")),
    ("replay", Text("重放历史", "Replay of the past")),
)
HOW = Text(
    "监测点何时报警由规则决定。修改后新版本即时生效,旧版本、修改人和事由留存;规则不删除,只停用或到期。"
    "标“本系统自定”的参数没有外部依据,启用前请由工艺和安全人员共同确认。",
    "Rules decide when a reading is an alarm. A change holds at once; earlier versions, who and why are kept. "
    "Rules are never deleted: they are withdrawn or end. Numbers marked as our own have no outside source.",
)


def _map(screens: Screens, lang: Lang) -> Component:
    container = ground(screens, "rules-leaflet")
    label = Text("规则所涉监测点", "Points of the rule").of(lang)
    approval = screens.map_approval_no
    sheet = Text("底图 本市基础地理·CGCS2000", "Base map: city geography · CGCS2000").of(lang)
    foot = html.Div(
        [html.Span(sheet), *([html.Span(f"审图号 {approval}")] if approval else []), html.B(id="rules-map-said")],
        className="rules-sheet t3",
    )
    return html.Section(
        [html.Div(container, className="rules-map-box"), foot],
        id="rules-map", className="adm-card rules-map", **{"aria-label": label},
    )  # fmt: skip


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills the tab that is open."""
    lang = caller.lang
    title = Text("报警规则", "Alarm rules").of(lang)
    tabs = [
        html.Button(
            name.of(lang), type="button", role="tab", id=f"rules-tab-{tab}",
            **{"data-tab": tab, "aria-controls": f"rules-{tab}"},
        )
        for tab, name in TABS
    ]  # fmt: skip
    side = html.Aside(id="rules-one", className="adm-card rules-one", hidden=True, **{"aria-live": "polite"})
    rules = html.Div(
        [
            html.Div(id="rules-bar", className="adm-bar"),
            html.Div(
                [
                    html.Section(id="rules-list", className="adm-card", **{"aria-label": title}),
                    html.Div([_map(screens, lang), side], className="rules-side"),
                ],
                className="rules-two",
            ),
        ],
        id="rules-rules", role="tabpanel", **{"aria-labelledby": "rules-tab-rules"},
    )  # fmt: skip
    others = [
        html.Div(id=f"rules-{tab}", role="tabpanel", hidden=True, **{"aria-labelledby": f"rules-tab-{tab}"})
        for tab in ("inhibitions", "replay")
    ]
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(tabs, className="adm-tabs", role="tablist", **{"aria-label": title}),
            rules,
            *others,
        ],
        className="adm rules",
    )
    parts = [office.head(screens, caller, "rules"), body, html.Div(id="office-dialog")]
    attributes = {"data-screen": "rules", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office", **attributes)
