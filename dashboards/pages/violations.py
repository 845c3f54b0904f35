"""The video desk: events, the evidence of the one that is open, its verdict; the phone has a layout of its own."""

import dash_leaflet as dl
from dash import html
from dash.development.base_component import Component

from core.caller import Caller
from core.texts import Lang, Text
from dashboards.queries.entries import doors
from dashboards.screens import Screens

SHOWN = ("home", "map", "hall", "alarms")
"""Ways from here to elsewhere; the desk has no room for all."""

HERE = (("violations", Text("复核", "Review")), ("violations/accuracy", Text("准确率", "Accuracy")))


def head(screens: Screens, caller: Caller, here: str) -> Component:
    """What both pages of video begin with."""
    lang = caller.lang
    tag = [html.Span(Text("演示数据", "Demo data").of(lang), className="demo-tag")] if screens.demo else []
    ways = [*HERE, *((path, title) for path, title in doors(caller) if path in SHOWN)]
    links = [
        html.A(
            title.of(lang),
            href=f"{screens.root_path}/{path}",
            **({"className": "here", "aria-current": "page"} if path == here else {}),
        )
        for path, title in ways
    ]
    return html.Header(
        [
            html.H1(Text("视频事件", "Events on video").of(lang)), *tag,
            html.Nav(links, **{"aria-label": Text("页面", "Pages").of(lang)}), html.Span(className="sp"),
            html.Span(className="link-age", **{"data-link-age": "1"}),
            html.Div(
                id="map-account", className="account", **{"data-name": caller.actor.name, "data-role": caller.role}
            ),
            html.Div("--:--:--", className="alarms-clock", **{"data-clock": "1"}),
        ],
        className="desk-head",
    )  # fmt: skip


def lost(lang: Lang) -> Component:
    """The amber bar of a lost link."""
    words = [html.B(**{"data-lost-words": "1"}), html.Span(**{"data-lost-more": "1"})]
    return html.Div(words, className="lost-bar desk-lost", role="alert", lang=lang.value)


def page(screens: Screens, caller: Caller) -> Component:
    """The frame; the page's own script fills list, evidence and verdict, and lays the tiles of the small map."""
    lang = caller.lang
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    small = dl.MapContainer(
        [], id="violations-leaflet", center=[34.0, 121.0], zoom=15, zoomControl=False, attributionControl=False,
        trackViewport=False, maxZoom=18, style={"width": "100%", "height": "100%"},
    )  # fmt: skip
    queue = html.Section(
        [
            html.Header(id="violations-filters"),
            html.Div(id="violations-list", className="violations-list", tabIndex=0),
            html.Footer(id="violations-foot"),
            html.Footer(id="violations-analysis", role="status"),
        ],
        className="violations-queue",
        **{"aria-label": say("事件", "Events")},
    )
    evidence = html.Section(
        id="violations-evidence", className="violations-evidence", **{"aria-label": say("证据", "Evidence")}
    )
    place = html.Section(
        [
            html.Header([html.H2(say("位置", "Place")), html.Span(id="violations-place-words", className="t3")]),
            html.Div([small, html.Div(id="violations-furniture", className="furniture-layer")], className="map-room"),
        ],
        id="violations-place",
        hidden=True,
    )
    side = html.Aside(
        [html.Div(id="violations-why"), place, html.Div(id="violations-verdict"), html.Div(id="violations-more")],
        id="violations-one",
        className="violations-one",
        **{"aria-label": say("判定", "Verdict")},
    )
    body = [
        head(screens, caller, "violations"), lost(lang),
        html.Div([queue, evidence, side], className="violations-body"),
        html.Footer(id="violations-keys", className="alarms-keys"), html.Div(id="office-dialog"),
    ]  # fmt: skip
    attributes = {
        "data-screen": "violations", "data-theme": "night", "data-rights": " ".join(sorted(caller.rights)),
        "data-tiles": screens.root_path + screens.base_maps[0].url.replace("{theme}", "night"),
    }  # fmt: skip
    return html.Main(body, className="screen desk alarms violations", **attributes)


def accuracy(screens: Screens, caller: Caller) -> Component:
    """The page of how well rules find what they look for; the script fills it."""
    lang = caller.lang
    title = Text("准确率", "Accuracy").of(lang)
    body = [
        head(screens, caller, "violations/accuracy"), lost(lang),
        html.Section(id="accuracy-body", className="accuracy-body", **{"aria-label": title}),
    ]  # fmt: skip
    attributes = {
        "data-screen": "accuracy", "data-theme": "night", "data-rights": " ".join(sorted(caller.rights)),
    }  # fmt: skip
    return html.Main(body, className="screen desk alarms violations accuracy", **attributes)
