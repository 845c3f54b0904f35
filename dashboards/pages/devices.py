"""The registry of devices: the list, the device that is open with its points, its secret and its history."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens

HOW = Text(
    "监测点由这些设备上报。密钥只在生成时显示一次;停用后密钥立即失效,已上报的数据保留。",
    "Measuring points are reported by these devices. A secret is shown once, when it is made; a device that is "
    "disabled loses it at once, and what it reported stays.",
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills it."""
    lang = caller.lang
    title = Text("监测设备", "Devices").of(lang)
    body = html.Div(
        [
            html.Header(
                [
                    html.H2(title, className="adm-title"),
                    html.P(id="devices-age", className="t3"),
                    html.Span(className="sp"),
                    html.A(
                        Text("测点状态", "Points as they stand").of(lang), href=f"{screens.root_path}/points",
                        className="link",
                    ),
                ]
            ),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(id="devices-counts", className="points-states", **{"aria-live": "polite"}),
            html.Div(id="devices-bar", className="adm-bar devices-bar"),
            html.Div(
                [
                    html.Section(id="devices-list", className="adm-card", **{"aria-label": title}),
                    html.Aside(id="devices-one", className="adm-side", hidden=True, **{"aria-live": "polite"}),
                ],
                className="adm-two",
            ),
        ],
        className="adm points-page devices",
    )  # fmt: skip
    parts = [office.head(screens, caller, "devices"), office.lost(lang), body, html.Div(id="office-dialog")]
    return html.Main(
        parts,
        className="screen office",
        **{"data-screen": "devices", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))},
    )
