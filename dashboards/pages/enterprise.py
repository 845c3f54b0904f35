"""一企一档: one enterprise on one page, its sites on a small map beside what is known of it."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.panels.ground import ground
from dashboards.queries.firmcases import Firm, registers
from dashboards.screens import Screens


def page(screens: Screens, caller: Caller) -> Component:
    """The frame: name and filters above, three columns below; narrower than 1280 they stack, map first."""
    lang = caller.lang
    sheet = html.Section(
        [
            html.Header([html.H2(Text("位置", "Where").of(lang)), html.Span(className="more", id="firm-map-more")]),
            html.Div([ground(screens, "firm-leaflet")], className="firm-map"),
            html.Footer(
                [
                    html.Span(Text("底图 本市基础地理·CGCS2000", "Base map: city geography · CGCS2000").of(lang)),
                    *([html.Span(f"审图号 {screens.map_approval_no}")] if screens.map_approval_no else []),
                ]
            ),
        ],
        className="panel firm-place",
        **{"aria-label": Text("企业位置", "Where the enterprise is").of(lang)},
    )
    parts = [
        office.head(screens, caller, "enterprise"),
        office.lost(lang),
        html.Div(id="firm-head", className="firm-head"),
        html.Div(id="firm-strip", className="firm-strip"),
        html.Div(
            [
                html.Div(id="firm-left", className="column"),
                html.Div(id="firm-middle", className="column"),
                html.Div([sheet, html.Div(id="firm-right", className="column")], className="column"),
            ],
            className="firm-grid",
        ),
        html.Div(id="office-dialog"),
    ]
    own = caller.scope.enterprises
    asking = Firm(store=screens.store, key="", now=screens.clock(), scope=caller.scope, lang=lang)
    attributes = {
        "data-screen": "enterprise", "data-theme": "day", "data-rights": " ".join(sorted(caller.rights)),
        "data-own": next(iter(own)) if own is not None and len(own) == 1 else "",
        "data-systems": "\n".join(f"{of.id}:{of.title.of(lang)}" for of, _, _ in registers(asking, screens.systems)),
    }  # fmt: skip
    return html.Main(parts, className="screen office firm", **attributes)
