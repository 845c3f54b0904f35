"""The audit's page: who signed in, saw, took out and changed what; asked by filters, counted, exported."""

from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.pages import office
from dashboards.screens import Screens
from layers.layer import Publish


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; its script asks `/api/audit` and fills it."""
    lang = caller.lang
    layers = {layer.id: layer.title.of(lang) for layer in screens.catalogue if layer.publish is not Publish.NONE}
    options = [html.Option(title, value=layer) for layer, title in layers.items()]
    title = html.H2(Text("审计", "Audit").of(lang), className="title")
    note = Text(
        "每次登录、查看敏感信息、导出和管理操作各留一条，前后相扣，改动可被发现。",
        "One entry for each sign-in, sensitive read, export and act of administration, chained so that changes show.",
    )
    body = [
        html.Div([title, html.P(note.of(lang), className="t3")], className="audit-head"),
        html.Datalist(options, id="audit-layers"),
        html.Section(id="audit-room", className="panel"),
    ]
    parts = [
        office.head(screens, caller, "audit"),
        html.Div(body, className="audit"),
        html.Div(id="office-dialog"),
    ]
    return html.Main(parts, className="screen office", **{"data-screen": "audit", "data-theme": "day"})
