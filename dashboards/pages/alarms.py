"""The alarm desk: queue, map and card beside each other, keyboard first; the phone has a layout of its own."""

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
            **({"className": "here", "aria-current": "page"} if path == "alarms" else {}),
        )
        for path, title in shown
    ]
    parts = [
        html.H1(screens.title.of(lang)),
        html.H1(Text("报警", "Alarms").of(lang), className="phone-title"),
        *tag,
        html.Nav(pages, **{"aria-label": Text("页面", "Pages").of(lang)}),
        html.Span(className="sp"),
        html.Div(id="alarms-sound"),
        html.Span(className="link-age", **{"data-link-age": "1"}),
        html.Div(id="map-account", className="account", **{"data-name": caller.actor.name, "data-role": caller.role}),
        html.Div("--:--:--", className="alarms-clock", **{"data-clock": "1"}),
    ]
    return html.Header(parts, className="desk-head")


def _map() -> Component:
    """Without tiles: the script lays them, a few at a time, so that no act waits behind them."""
    return dl.MapContainer(
        [],
        id="alarms-leaflet",
        center=[34.0, 121.0],
        zoom=11,
        zoomControl=False,
        attributionControl=False,
        trackViewport=False,
        maxZoom=18,
        style={"width": "100%", "height": "100%"},
    )


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the page's own script fills the queue, the map and the card."""
    lang = caller.lang
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    lost = html.Div(
        [html.B(**{"data-lost-words": "1"}), html.Span(**{"data-lost-more": "1"})],
        className="lost-bar desk-lost",
        role="alert",
        **{"data-wrong-all": "1"},
    )
    queue = html.Section(
        [
            html.Header(id="alarms-filters"),
            html.Div(id="alarms-list", className="alarms-list", tabIndex=0, role="listbox"),
            html.Footer(id="alarms-load"),
        ],
        className="alarms-queue fades",
        **{"aria-label": say("报警队列", "Alarm queue")},
    )
    room = html.Section(
        [_map(), html.Div(id="alarms-furniture", className="furniture-layer")],
        className="map-room fades",
        **{"aria-label": say("地图", "Map")},
    )
    card = html.Aside(
        id="alarms-card", className="alarms-card", **{"aria-label": say("报警详情", "Alarm"), "aria-live": "polite"}
    )
    body = [
        _head(screens, caller),
        lost,
        html.Div(id="alarms-urgent", className="alarms-urgent", hidden=True),
        html.Div(id="alarms-compounds", className="alarms-compounds", hidden=True),
        html.Div([queue, room, card], className="alarms-body"),
        html.Footer(id="alarms-keys", className="alarms-keys"),
        html.Nav(id="alarms-tabs", className="alarms-tabs", **{"aria-label": say("页面", "Pages")}),
    ]
    attributes = {
        "data-screen": "alarms",
        "data-theme": "night",
        "data-area": area_word(screens.store, caller.scope, lang),
        "data-rights": " ".join(sorted(caller.rights)),
        "data-tiles": screens.root_path + screens.base_maps[0].url.replace("{theme}", "night"),
    }
    return html.Main(body, className="screen desk alarms", **attributes)
