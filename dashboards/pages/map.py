"""The map: a shell whose parts the page's own script fills; the layout of desk and phone is in the stylesheet."""

import json

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from core.caller import Caller, Right
from core.texts import Lang, Text
from dashboards.queries.wording import area_word
from dashboards.screens import Screens
from layers.catalogue import WEATHER_STATIONS


def _head(screens: Screens, caller: Caller) -> Component:
    lang = caller.lang
    tag = html.Span(Text("演示数据", "Demo data").of(lang), className="demo-tag")
    pages = html.Nav(
        [
            html.A(
                Text("地图", "Map").of(lang),
                href=f"{screens.root_path}/map",
                className="here",
                **{"aria-current": "page"},
            ),
            *(
                [html.A(Text("大厅", "Hall").of(lang), href=f"{screens.root_path}/hall")]
                if caller.may(Right.HALL)
                else []
            ),
        ],
        **{"aria-label": Text("页面", "Pages").of(lang)},
    )
    parts = [
        html.H1(screens.title.of(lang)),
        *([tag] if screens.demo else []),
        pages,
        html.Div(id="map-search", className="search"),
        html.Span(className="sp"),
        html.Div(id="map-weather", className="weather", **({"data-may-enter": "1"} if _may_enter_wind(caller) else {})),
        html.Span(className="link-age", **{"data-link-age": "1"}),
        html.Div(id="map-account", className="account", **{"data-name": caller.actor.name, "data-role": caller.role}),
    ]
    return html.Header(parts, className="desk-head")


def _may_enter_wind(caller: Caller) -> bool:
    return bool(caller.account) and caller.may(Right.EDIT) and caller.scope.may_write(WEATHER_STATIONS.id)


def _lost(lang: Lang) -> Component:
    words = [html.B(**{"data-lost-words": "1"}), html.Span(**{"data-lost-more": "1"})]
    return html.Div(words, className="lost-bar desk-lost", role="alert", lang=lang.value)


def _container(screens: Screens) -> Component:
    tiles = dl.TileLayer(url=screens.root_path + screens.base_maps[0].url.replace("{theme}", "night"), maxNativeZoom=18)
    return dl.MapContainer(
        [tiles],
        id="map-leaflet",
        center=[34.0, 121.0],
        zoom=11,
        zoomControl=False,
        attributionControl=False,
        trackViewport=False,
        maxZoom=19,
        style={"width": "100%", "height": "100%"},
    )


def page(screens: Screens, caller: Caller) -> Component:
    """Head, map with its tools, layer panel, table, card; all parts are named for the script and for screen readers."""
    lang = caller.lang
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    bases = [
        {"id": base.id, "title": base.title.of(lang), "url": base.url, "attribution": base.attribution}
        | {"approval": base.approval, "zoom": base.max_zoom}
        for base in screens.base_maps
    ]
    body = [
        _head(screens, caller),
        _lost(lang),
        html.Div(
            [
                html.Aside(
                    id="map-layers", className="drawer", **{"aria-label": say("图层与筛选", "Layers and filters")}
                ),
                html.Section(
                    [
                        _container(screens),
                        html.Div(id="map-furniture", className="furniture-layer"),
                        html.Div(
                            id="map-tools",
                            className="tools",
                            role="toolbar",
                            **{"aria-label": say("地图工具", "Map tools")},
                        ),
                    ],
                    className="map-room fades",
                    **{"aria-label": say("地图", "Map")},
                ),
                html.Aside(
                    id="map-card",
                    className="card-room",
                    hidden=True,
                    **{"aria-label": say("对象", "Object"), "aria-live": "polite"},
                ),
                html.Section(
                    id="map-table", className="table-room", hidden=True, **{"aria-label": say("列表", "Table")}
                ),
            ],
            className="map-body",
        ),
    ]
    attributes = {
        "data-screen": "map",
        "data-theme": "night",
        "data-area": area_word(screens.store, caller.scope, lang),
        "data-rights": " ".join(sorted(caller.rights)),
        "data-registers": " ".join(f"{layer}:{system}" for layer, system in screens.registers),
        "data-bases": json.dumps(bases, ensure_ascii=False),
        "data-approval": screens.map_approval_no,
    }
    return html.Main(body, className="screen desk", **attributes)
