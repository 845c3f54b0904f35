"""The portal: what I have to do, what is on today, where I can go, my ground, and what I am told."""

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from core.caller import Caller, Right
from core.clock import CHINA
from core.texts import Text
from dashboards.pages import office
from dashboards.queries.entries import BUSINESS
from dashboards.queries.wording import area_word
from dashboards.screens import OWN_BASE_MAP, Screens

_GREETINGS = (
    (5, Text("夜深了", "good night")),
    (9, Text("早上好", "good morning")),
    (12, Text("上午好", "good morning")),
    (14, Text("中午好", "good day")),
    (18, Text("下午好", "good afternoon")),
    (24, Text("晚上好", "good evening")),
)


def greeting(hour: int) -> Text:
    """How one says hello at that local hour.

    >>> greeting(14).zh, greeting(0).zh
    ('下午好', '夜深了')
    """
    return next(words for until, words in _GREETINGS if hour < until)


def _hello(screens: Screens, caller: Caller) -> Component:
    lang, root = caller.lang, screens.root_path
    person, unit = office.names(caller)
    hello = greeting(screens.clock().astimezone(CHINA).hour)
    area = area_word(screens.store, caller.scope, lang)
    who = "·".join(part for part in (unit, office.class_word(caller).of(lang), area) if part)
    joint = Text(f"{person}，{hello.zh}", f"{person}, {hello.en}")
    own = Text("业务办公", "Office") if caller.user_class in BUSINESS else Text("我的门户", "My portal")
    faces = [
        html.A(Text("公共服务", "Public service").of(lang), href=f"{root}/public"),
        html.A(own.of(lang), href=f"{root}/home", className="here", **{"aria-current": "page"}),
    ]
    if caller.may(Right.HALL):
        faces.append(html.A(Text("辅助决策", "Decision").of(lang), href=f"{root}/hall"))
    words = html.Div([html.H2(joint.of(lang)), html.P([who, html.Span(id="home-signed")], className="t2")])
    label = Text("三个门户面", "Faces of the portal").of(lang)
    return html.Div([words, html.Nav(faces, className="faces", **{"aria-label": label})], className="hello")


def _map(screens: Screens, caller: Caller) -> Component:
    lang = caller.lang
    tiles = dl.TileLayer(url=screens.root_path + OWN_BASE_MAP.url.replace("{theme}", "day"), maxNativeZoom=18)
    container = dl.MapContainer(
        [tiles],
        id="home-leaflet",
        center=[33.2, 121.9],
        zoom=10,
        zoomControl=False,
        attributionControl=False,
        trackViewport=False,
        dragging=False,
        scrollWheelZoom=False,
        doubleClickZoom=False,
        keyboard=False,
        zoomSnap=0.25,
        style={"width": "100%", "height": "100%"},
    )
    title = Text("一张图", "One map").of(lang)
    more = html.A(Text("打开大图", "Open the map").of(lang), href=f"{screens.root_path}/map", id="home-map-open")
    approval = screens.map_approval_no
    sheet = [html.Span("CGCS2000")] + ([html.Span(f"审图号 {approval}")] if approval else [])
    return html.Section(
        [
            html.Header([html.H2(title), *([html.Span(more, className="more")] if caller.may(Right.MAP) else [])]),
            html.Div([container, html.Div(sheet, className="map-sheet")], className="home-map fades"),
        ],
        className="panel map-panel",
        **{"aria-label": title},
    )


def page(screens: Screens, caller: Caller) -> Component:
    """The whole portal; every section is filled by the script and says so when it cannot be read."""
    lang = caller.lang
    panel = office.panel
    first = [
        panel("home-todos", Text("待办", "To do"), lang, skeleton=7),
        panel("home-documents", Text("收到的公文", "Documents received"), lang, skeleton=1),
        panel("home-today", Text("今天", "Today"), lang),
    ]
    second = [
        html.Section(
            [
                html.Header(
                    [html.H2(Text("业务系统", "Systems").of(lang)), html.Span(className="more", id="home-entries-more")]
                ),
                html.Div(id="home-entries-body", className="entries"),
            ],
            className="entry-room",
            **{"aria-label": Text("业务系统", "Systems").of(lang)},
        ),
        panel("home-state", Text("我的状态", "My state"), lang, skeleton=1),
    ]
    third = [
        _map(screens, caller),
        panel("home-notices", Text("通知", "Notices"), lang),
        panel("home-place", Text("辖区概况", "My ground"), lang),
    ]
    columns = [html.Div(parts, className="column") for parts in (first, second, third)]
    foot = [
        html.Span(**{"data-link-age": "1"}),
        html.Span(id="home-asof"),
        html.Span(className="sp"),
        html.A(Text("个人设置", "Profile").of(lang), href=f"{screens.root_path}/profile"),
    ]
    body = [
        office.head(screens, caller, "home"),
        office.lost(lang),
        html.Div([_hello(screens, caller), *columns], className="home-grid fades"),
        html.Footer(foot, className="office-foot"),
        html.Div(id="office-dialog"),
    ]
    attributes = {
        "data-screen": "home",
        "data-theme": "day",
        "data-class": caller.user_class.value,
        "data-role": office.class_word(caller).of(lang),
        "data-area": area_word(screens.store, caller.scope, lang),
        "data-rights": " ".join(sorted(caller.rights)),
    }
    return html.Main(body, className="screen office", **attributes)
