"""The planner's workbench: scenarios at the left, two maps of one view, comparison and curve, how a number came."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Lang, Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens

LIMITS = Text(
    "本页结果由公开发表的模型按所填条件算得,未经任何主管部门验证用于疏散决策;模型不计建筑、地形和时变风。"
    "现场处置以监测数据和指挥部决定为准。标“未核实”的限值尚未与原始文件核对。",
    "Results are computed by published models from what was typed in. No authority has validated them for evacuation "
    "decisions; buildings, terrain and changing wind are not modelled. On site, measurements and the command decide. "
    "Levels marked unverified have not been compared with their source.",
)


def _map(screens: Screens, side: str, lang: Lang) -> Component:
    container = ground(screens, f"plan-leaflet-{side.lower()}", zoom=11)
    label = Text(f"情景 {side} 地图", f"Map of scenario {side}").of(lang)
    return html.Section(
        [
            html.Header(
                [
                    html.Span(side, className=f"plan-side plan-{side.lower()}"),
                    html.H2(id=f"plan-title-{side.lower()}", className="el"),
                    html.Span(className="plan-state", id=f"plan-state-{side.lower()}"),
                ]
            ),
            html.Div(
                [container, html.Div(id=f"plan-over-{side.lower()}", className="plan-over")],
                className="plan-map",
            ),
        ],
        className="panel plan-map-panel",
        id=f"plan-map-{side.lower()}",
        **{"aria-label": label, "data-side": side},
    )


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script keeps the scenarios, asks for results and draws them."""
    lang = caller.lang
    scenarios = office.panel("plan-list", Text("情景", "Scenarios"), lang)
    compare = office.panel("plan-compare", Text("对比", "Comparison"), lang, skeleton=6)
    curve = office.panel("plan-curve", Text("随距离变化", "Against distance"), lang)
    inside = office.panel("plan-inside", Text("影响区内", "Inside the zones"), lang)
    explain = office.panel("plan-explain", Text("依据", "Basis"), lang)
    approval = screens.map_approval_no
    sheet = Text("底图 本市基础地理·CGCS2000", "Base map: city geography · CGCS2000").of(lang)
    foot = [
        html.P(
            [html.B(Text("适用限制  ", "Limits  ").of(lang)), LIMITS.of(lang)], className="plan-limits", role="note"
        ),
        html.Span(sheet + (f"·审图号 {approval}" if approval else ""), className="nw t3"),
    ]
    body = [
        office.head(screens, caller, "planner"),
        html.Div(
            [
                scenarios,
                html.Div([_map(screens, side, lang) for side in ("A", "B")], className="plan-maps"),
                html.Div([compare, html.Div([curve, inside], className="plan-more")], className="plan-under"),
                explain,
            ],
            className="plan-grid",
        ),
        html.Footer(foot, className="office-foot plan-foot"),
        html.Div(id="office-dialog"),
    ]
    attributes = {
        "data-screen": "planner",
        "data-theme": "day",
        "data-account": caller.account,
        "data-rights": " ".join(sorted(caller.rights)),
    }
    return html.Main(body, className="screen office planner", **attributes)
