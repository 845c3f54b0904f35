"""Procedures as administrators see and write them: systems and versions, the diagram and the steps, the open part."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

HOW = Text(
    "在办案件按立项时的版本办完,新版本只用于此后立项的案件。规则(能否办理)按名称选用,期限取自期限表,各带来源和核实情况。"
    "程序更新带来的流程不替换管理员发布的版本,只在此列出差别。",
    "Cases that run end by the version they began with; a new one is for cases opened from then on. Rules are chosen "
    "by name, time limits from their table with source and status. What an update of the program brings replaces no "
    "version that an administrator published: its differences are shown here.",
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills systems, sheet and side."""
    lang = caller.lang
    title = Text("流程设计", "Procedures").of(lang)
    part = Text("所选部分", "The part that is open").of(lang)
    body = html.Div(
        [
            html.H2(title, className="adm-title"),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(
                [
                    html.Nav(id="design-systems", className="adm-card", **{"aria-label": title}),
                    html.Div(id="design-sheet", className="design-sheet"),
                    html.Aside(id="design-side", className="adm-card design-side", hidden=True, **{"aria-label": part}),
                ],
                className="design-grid",
            ),
        ],
        className="adm design",
    )
    parts = [office.head(screens, caller, "cases/design"), body, html.Div(id="office-dialog")]
    attributes = {"data-screen": "design", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office", **attributes)
