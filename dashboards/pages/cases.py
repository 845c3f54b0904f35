"""Cases of the business systems: what is to be done first, the list, and the case that is open beside its map."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame: systems and views above, the list, the open case, and its place on the map."""
    lang = caller.lang
    title = Text("业务办理", "Casework")
    sheet = html.Section(
        [
            html.Div([ground(screens, "case-leaflet")], className="case-map"),
            html.Footer(
                [
                    html.Span(Text("底图 本市基础地理·CGCS2000", "Base map: city geography · CGCS2000").of(lang)),
                    *([html.Span(f"审图号 {screens.map_approval_no}")] if screens.map_approval_no else []),
                ],
                className="t3",
            ),
        ],
        id="case-place",
        className="panel case-place",
        **{"aria-label": Text("案件位置", "Where the case is").of(lang)},
    )
    parts = [
        office.head(screens, caller, "cases"),
        html.Div(
            [
                html.H2(title.of(lang)),
                html.Div(id="case-systems", className="case-systems"),
                html.Span(className="sp"),
                html.Div(id="case-bar", className="case-bar"),
            ],
            className="case-head",
        ),
        html.Ul(
            id="case-queue", className="case-queue", hidden=True,
            **{"aria-live": "polite", "aria-label": Text("待发送的办理", "Filings to be sent").of(lang)},
        ),
        html.P(id="case-away", className="case-away", hidden=True, role="status"),
        html.Div(
            [
                html.Section(id="case-list", className="panel case-list", **{"aria-label": title.of(lang)}),
                html.Section(
                    id="case-one", className="panel case-one",
                    **{"aria-live": "polite", "aria-label": Text("案件", "Case").of(lang)},
                ),
                html.Div([sheet, html.Section(id="case-side", className="panel case-side")], className="case-right"),
            ],
            className="case-grid",
        ),
        html.Div(id="office-dialog"),
    ]  # fmt: skip
    attributes = {
        "data-screen": "cases", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights)),
        "data-account": caller.account, **({"data-away": "1"} if screens.take_along else {}),
    }  # fmt: skip
    return html.Main(parts, className="screen office cases", **attributes)
