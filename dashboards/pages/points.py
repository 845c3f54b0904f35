"""Measuring points as they stand: which are unknown or doubtful, why, since when; where to look next."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens
from layers.catalogue import DEVICES


def _registry(screens: Screens, caller: Caller) -> list[Component]:
    """The way to the registry of devices, for whom there is one."""
    if not DEVICES.visible(caller.scope):
        return []
    title = Text("监测设备", "Devices").of(caller.lang)
    return [html.A(title, href=f"{screens.root_path}/devices", className="link points-devices")]


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills it and keeps it fresh."""
    lang = caller.lang
    title = Text("测点状态", "Points as they stand").of(lang)
    body = html.Div(
        [
            html.Header(
                [
                    html.H2(title, className="adm-title"),
                    html.P(id="points-age", className="t3"),
                    *_registry(screens, caller),
                ]
            ),
            html.Div(id="points-states", className="points-states", **{"aria-live": "polite"}),
            html.Div(id="points-bar", className="adm-bar points-bar"),
            html.Div(
                [
                    html.Section(id="points-list", className="adm-card", **{"aria-label": title}),
                    html.Aside(id="points-side", className="adm-side points-side"),
                ],
                className="adm-two",
            ),
        ],
        className="adm points-page",
    )
    parts = [office.head(screens, caller, "points"), office.lost(lang), body, html.Div(id="office-dialog")]
    return html.Main(
        parts,
        className="screen office",
        **{
            "data-screen": "points",
            "data-theme": "day",
            "data-wrong-all": "1",
            "data-rights": " ".join(sorted(caller.rights)),
        },
    )
