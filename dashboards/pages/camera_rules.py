"""Rules of a camera: zones drawn on its picture or on the map, what is watched for in them, and the calibration."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens

HOW = Text(
    "在画面或地图上画出区域,为区域设定规则。保存后正在运行的视频分析数秒内按新版本判定,旧版本、修改人和事由留存。"
    "标定把画面与地面对应起来:点出画面和地图上的同一地点,至少四对,六至八对为宜。",
    "Draw zones on the picture or the map and say what is watched for in them. Analysis that runs takes a new version "
    "up within seconds; earlier ones, who and why are kept. A calibration ties the picture to the ground: the same "
    "places in both, four pairs at least, six to eight are better.",
)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the script fills it."""
    lang = caller.lang
    title = Text("视频规则", "Rules of a camera").of(lang)
    sheet = Text("底图 本市基础地理·CGCS2000", "Base map: city geography · CGCS2000").of(lang)
    approval = screens.map_approval_no
    picture = html.Section(
        id="zones-picture", className="adm-card zones-picture",
        **{"aria-label": Text("画面", "Picture").of(lang)},
    )  # fmt: skip
    picture.children = html.Div(id="zones-told", className="zones-told")
    foot = [html.Span(sheet), *([html.Span(f"审图号 {approval}")] if approval else []), html.B(id="zones-map-said")]
    ground_map = html.Section(
        [
            html.Div(id="zones-map-tools", className="adm-tools"),
            html.Div(ground(screens, "zones-leaflet", zoom=17), className="zones-map-box"),
            html.Div(foot, className="rules-sheet t3"),
        ],
        className="adm-card zones-map", **{"aria-label": Text("地图", "Map").of(lang)},
    )  # fmt: skip
    side = [
        ground_map,
        html.Section(id="zones-pairs", className="adm-card"),
        html.Section(id="zones-history", className="adm-card"),
    ]
    body = html.Div(
        [
            html.Header(
                [html.H2(title, className="adm-title"), html.Div(id="zones-head", className="zones-head")],
                className="zones-top",
            ),
            html.P(HOW.of(lang), className="t3 limits-how"),
            html.Div(
                [
                    html.Div([picture, html.Section(id="zones-list", className="adm-card")], className="zones-main"),
                    html.Div(side, className="zones-side"),
                ],
                className="zones-two",
            ),
        ],
        className="adm zones",
    )
    parts = [office.head(screens, caller, "violations"), body, html.Div(id="office-dialog")]
    attributes = {"data-screen": "zones", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights))}
    return html.Main(parts, className="screen office", **attributes)
