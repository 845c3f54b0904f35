"""The duty desk: alarms and what comes in, the incident that is open, its map, log and chain; the phone has its own."""

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Text
from dashboards.queries.entries import doors
from dashboards.queries.wording import area_word
from dashboards.screens import Screens


def _head(screens: Screens, caller: Caller) -> Component:
    lang = caller.lang
    tag = [html.Span(Text("演示数据", "Demo data").of(lang), className="demo-tag")] if screens.demo else []
    shown = [(path, title) for path, title in doors(caller) if path in ("home", "map", "hall", "alarms", "duty")]
    pages = [
        html.A(
            title.of(lang),
            href=f"{screens.root_path}/{path}",
            **({"className": "here", "aria-current": "page"} if path == "duty" else {}),
        )
        for path, title in shown
    ]
    parts = [
        html.H1(screens.title.of(lang)),
        html.H1(Text("值班", "Duty").of(lang), className="phone-title"),
        *tag,
        html.Nav(pages, **{"aria-label": Text("页面", "Pages").of(lang)}),
        html.Span(className="sp"),
        html.Span(className="link-age", **{"data-link-age": "1"}),
        html.Button(
            [Text("消息", "Messages").of(lang), html.Span(id="office-unread", className="unread")],
            id="office-bell",
            type="button",
            className="duty-bell",
        ),
        html.Div(id="map-account", className="account", **{"data-name": caller.actor.name, "data-role": caller.role}),
        html.Div("--:--:--", className="alarms-clock", **{"data-clock": "1"}),
    ]
    return html.Header(parts, className="desk-head")


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the page's own script fills the queue, the bar, the chain, the map, the log and the side."""
    lang = caller.lang
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    lost = html.Div(
        [html.B(**{"data-lost-words": "1"}), html.Span(**{"data-lost-more": "1"})],
        className="lost-bar desk-lost", role="alert", **{"data-wrong-all": "1"},
    )  # fmt: skip
    queue = html.Section(
        [
            html.Header(id="duty-filters"),
            html.Div(id="duty-incoming", className="duty-incoming"),
            html.Div(id="duty-list", className="alarms-list", tabIndex=0, role="listbox"),
            html.Div(id="duty-card", className="alarms-card duty-card", **{"aria-live": "polite"}),
            html.Footer(id="duty-acts", className="duty-acts"),
        ],
        className="alarms-queue duty-queue fades", **{"aria-label": say("报警与来报", "Alarms and reports")},
    )  # fmt: skip
    ground = dl.MapContainer(
        [], id="duty-leaflet", center=[33.2, 121.9], zoom=12, zoomControl=False, attributionControl=False,
        trackViewport=False, maxZoom=18, style={"width": "100%", "height": "100%"},
    )  # fmt: skip
    room = html.Section(
        [ground, html.Div(id="duty-furniture", className="furniture-layer")],
        className="map-room duty-map fades", **{"aria-label": say("地图", "Map")},
    )  # fmt: skip
    body = [
        _head(screens, caller),
        lost,
        html.Section(id="duty-bar", className="duty-bar", **{"aria-label": say("当前事件", "Incident in hand")}),
        html.Div(
            [
                queue,
                html.Nav(id="duty-chain", className="duty-chain", **{"aria-label": say("处置步骤", "Steps")}),
                room,
                html.Section(id="duty-log", className="duty-log", **{"aria-label": say("事件日志", "Log")}),
                html.Aside(id="duty-side", className="duty-side", **{"aria-label": say("处置", "What is done")}),
            ],
            className="duty-body",
        ),
        html.Footer(id="duty-keys", className="alarms-keys"),
        html.Nav(id="duty-tabs", className="alarms-tabs", **{"aria-label": say("页面", "Pages")}),
    ]
    attributes = {
        "data-screen": "duty", "data-theme": "night", "data-area": area_word(screens.store, caller.scope, lang),
        "data-rights": " ".join(sorted(caller.rights)),
        "data-tiles": screens.root_path + screens.base_maps[0].url.replace("{theme}", "night"),
    }  # fmt: skip
    return html.Main(body, className="screen desk duty", **attributes)
