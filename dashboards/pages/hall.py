"""The hall: a wall of 1920x1080 or 3840x1080, read-only, still unless something is new."""

from urllib.parse import parse_qs

import dash_leaflet as dl
from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from core.caller import Caller, Right, current_caller
from core.texts import Lang, Text
from dashboards.guarding import needs
from dashboards.panels import alarms as alarm_panels
from dashboards.panels import incidents as incident_panels
from dashboards.panels import wall as panels
from dashboards.panels.marks import COLOUR_WORDS, glyph, thousands
from dashboards.queries.alarmwall import AlarmWall
from dashboards.queries.hall import Wall, wall
from dashboards.queries.overview import Figures
from dashboards.queries.tree import GRADE_WORDS
from dashboards.queries.trend import Trend
from dashboards.queries.wording import area_word
from dashboards.screens import OWN_BASE_MAP, BaseMap, Screens

_HAZARD_WORDS = GRADE_WORDS["hazard_sources"]
_ACCIDENT_WORDS = GRADE_WORDS["accidents"]


def _title(screens: Screens, lang: Lang) -> list[Component]:
    tag = html.Span(Text("演示数据", "Demo data").of(lang), className="demo-tag")
    return [html.H1(screens.title.of(lang)), *([tag] if screens.demo else [])]


def head(screens: Screens, state: Wall, lang: Lang) -> Component:
    """Title, one state sentence, weather, date and link, clock; the amber bar lies over it when the link is lost."""
    dated = html.Div([html.Div(**{"data-today": "1"}), html.Div(**{"data-link-age": "1"})], className="pair")
    clock = html.Div("--:--:--", className="hall-clock", **{"data-clock": "1"})
    lost = html.Div(
        [
            *_title(screens, lang),
            html.Span(className="sp"),
            html.B(**{"data-lost-words": "1"}),
            html.Span(**{"data-lost-more": "1"}),
            html.Span(className="sp"),
            html.Div(_where_to_look(screens, lang), className="pair"),
            html.Div("--:--:--", className="hall-clock", **{"data-clock": "1"}),
        ],
        className="lost-bar",
        role="alert",
    )
    red = (
        next((row for row in state.alarms.rows if row["level"] == 1 and row["state"] == "raised"), None)
        if state.alarms
        else None
    )
    if state.alarms is not None and red is not None:
        return html.Header(
            [
                *alarm_panels.incident(state.alarms, red, lang),
                *panels.head_duty(state.on_duty, lang),
                dated,
                clock,
                lost,
            ],
            className="hall-head incident",
        )
    hand = [one for one in state.incidents or () if one["hand"]]
    if hand:
        beside = [*incident_panels.head_words(hand, state.alarms, lang), *panels.head_duty(state.on_duty, lang)]
        return html.Header([*beside, dated, clock, lost], className="hall-head in-hand")
    gap = html.Span(className="sp")
    said = (
        _sentence(state.enterprises, lang)
        if state.alarms is None
        else alarm_panels.alarm_sentence(state.alarms, state.at, lang)
    )
    waiting = [one for one in state.incidents or () if not one["hand"]]
    if waiting:
        said = incident_panels.unconfirmed(waiting, said if state.alarms and state.alarms.severe else [], lang)
    sentence = html.Div(said, className="hall-state")
    weather = panels.head_weather(state.weather, state.weather_open, lang)
    parts = [*_title(screens, lang), gap, sentence, html.Span(className="sp"), *panels.head_duty(state.on_duty, lang)]
    parts += [weather, dated, clock, lost]
    return html.Header(parts, className="hall-head")


def _where_to_look(screens: Screens, lang: Lang) -> list[Component]:
    words = [html.Div(Text("新情况请看值班台", "For news ask the duty desk").of(lang))]
    if screens.duty_phone:
        words.append(html.Div(Text(f"值班电话 {screens.duty_phone}", f"Duty phone {screens.duty_phone}").of(lang)))
    return words


def _sentence(firms: Figures | None, lang: Lang) -> list[Component | str]:
    """What the rated risk is, for whom alarms are not open to; it never says all is well."""
    if firms is None or not firms.grades:
        return [
            glyph(0),
            html.B(Text("公开视图", "Public view").of(lang)),
            Text("不含风险分级与报警", "without risk rating or alarms").of(lang),
        ]
    parts: list[Component | str] = [html.B(Text("风险分级", "Rated risk").of(lang))]
    for grade in (1, 2):
        parts += [
            glyph(grade),
            f"{COLOUR_WORDS[grade].of(lang)} {thousands(firms.grades.get(grade, 0))}{Text(' 家', '').of(lang)}",
        ]
    return [*parts, html.Span(Text("报警无权查看", "Alarms are not open to you").of(lang), className="t3")]


def band(state: Wall, lang: Lang) -> Component:
    """Six key figures, ten on the wide wall."""
    say = lambda zh, en: Text(zh, en).of(lang)  # noqa: E731
    tiles = []
    firms = state.enterprises
    if firms is None:
        tiles.append(panels.closed(say("在管企业", "Enterprises"), lang))
    else:
        below = panels.split(firms, (1, 2, 3), COLOUR_WORDS[1:], lang) if firms.grades else [say("在册", "registered")]
        tiles.append(panels.tile(say("在管企业", "Enterprises"), thousands(firms.rows), say("家", ""), below))
    if state.hazards is None:
        tiles.append(panels.closed(say("重大危险源", "Major hazards"), lang))
    else:
        below = panels.split(state.hazards, (1, 2), _HAZARD_WORDS, lang)
        tiles.append(
            panels.tile(say("重大危险源", "Major hazards"), thousands(state.hazards.rows), say("处", ""), below)
        )
    tiles.append(_sensors(state, lang))
    if state.alarms is None:
        tiles.append(panels.closed(say("当前报警", "Alarms now"), lang))
    else:
        below = alarm_panels.alarm_split(state.alarms, lang)
        count = thousands(state.alarms.total)
        tiles.append(panels.tile(say("当前报警", "Alarms now"), count, say("条", ""), below))
    tiles.append(_accidents(state.trend, lang))
    if state.teams is None:
        tiles.append(panels.closed(say("救援队伍", "Teams"), lang))
    else:
        below = [_summed(state.teams, "people", Text("{} 人", "{} people")).of(lang)]
        tiles.append(panels.tile(say("救援队伍", "Teams"), thousands(state.teams.rows), say("队", ""), below))
    registered, online = Text("在册", "registered"), state.cameras_online
    tiles += [_wide(label, counted, unit, below, lang) for label, counted, unit, below in (
        (Text("保护目标", "Protected"), state.targets, Text("处", ""),
         _shared(state, _summed(state.targets, "people_day", Text("昼间 {} 人", "{} by day")))),
        (Text("避难场所", "Shelters"), state.shelters, Text("处", ""),
         _shared(state, _summed(state.shelters, "places", Text("可容 {} 人", "{} places")))),
        (Text("储罐", "Tanks"), state.tanks, Text("座", ""), registered),
        (Text("视频", "Cameras"), state.cameras, Text("路", ""), Text(f"在线 {online:,} 路", f"{online:,} online")),
    )]  # fmt: skip
    return html.Section(tiles, id="hall-band", className="kpis fades", **{"aria-label": say("关键数字", "Key figures")})


def _summed(counted: Figures | None, key: str, words: Text) -> Text:
    """A sum in words; a field that is kept from the caller is no zero."""
    if counted is None or key not in counted.sums:
        return Text("人数无权查看", "numbers not open to you")
    found = thousands(counted.sums[key])
    return Text(words.zh.format(found), words.en.format(found))


def _shared(state: Wall, words: Text) -> Text:
    """A district sees these of the whole city, and is told so."""
    if not state.limited:
        return words
    return Text(f"{panels.WHOLE_CITY.zh}·{words.zh}", f"{panels.WHOLE_CITY.en}·{words.en}")


def _wide(label: Text, counted: Figures | None, unit: Text, below: Text, lang: Lang) -> Component:
    if counted is None:
        return panels.closed(label.of(lang), lang, wide=True)
    return panels.tile(label.of(lang), thousands(counted.rows), unit.of(lang), [below.of(lang)], wide=True)


def _sensors(state: Wall, lang: Lang) -> Component:
    label = Text("监测点", "Sensors").of(lang)
    if state.sensors is None:
        return panels.closed(label, lang)
    total = state.sensors.rows
    if state.fresh is None or total == 0:
        return panels.tile(
            label, thousands(total), Text("个", "").of(lang), [Text("读数尚未接入", "No readings yet").of(lang)]
        )
    share = f"{100 * state.fresh / total:.1f}%"
    words = Text(f"有新值 {share}", f"{share} with a fresh value").of(lang)
    return panels.tile(
        Text("监测点有新值", "Sensors reporting").of(lang), thousands(state.fresh), f"/ {thousands(total)}", [words]
    )


def _accidents(found: Trend | None, lang: Lang) -> Component:
    label = Text("近 12 月事故", "Accidents, 12 months").of(lang)
    if found is None:
        return panels.closed(label, lang)
    kept = Text("死亡人数无权查看", "deaths not open to you")
    deaths = kept if found.deaths is None else Text(f"亡 {found.deaths:,} 人", f"{found.deaths:,} dead")
    change = found.rows - found.before
    word = (
        Text("与上年同期持平", "as a year before")
        if change == 0
        else Text(f"比上年同期{'多' if change > 0 else '少'} {abs(change)}", f"{change:+} on last year")
    )
    below: list[Component | str] = [html.Span(deaths.of(lang)), html.Span(word.of(lang))]
    return panels.tile(label, thousands(found.rows), Text("起", "").of(lang), below)


def side(screens: Screens, state: Wall, lang: Lang) -> list[Component]:
    """The panels left and right of the map."""
    return [
        panels.districts(state.districts, lang),
        panels.accidents(state.recent, _ACCIDENT_WORDS, lang) if state.alarms is None else _alarms(state.alarms, lang),
        panels.trend(state.trend, lang),
        panels.video(state.cameras, state.cameras_online, screens.demo, lang),
        panels.parameters(state.parameters, screens.readings is not None, lang),
        panels.forces(state.forces, screens.root_path, lang),
        panels.weather(state.weather, state.weather_open, lang),
    ]


def _alarms(found: AlarmWall, lang: Lang) -> Component:
    waiting = Text(f"未接警 {found.waiting}", f"{found.waiting} unanswered").of(lang)
    body = panels.paged(alarm_panels.alarm_rows(found, lang))
    return panels.panel("hall-alarms", Text("当前报警", "Alarms").of(lang), body, more=waiting)


def _wall_tiles(base: BaseMap) -> str:
    """Double tiles of one zoom less: place names as large as the wall needs them, and sharp."""
    return base.url.replace("{theme}", "night").replace("{r}", "@2x")


def _map(area: str, lang: Lang) -> Component:
    """Without tiles: the script lays them a few at a time, for figures and alarms may not wait behind them."""
    container = dl.MapContainer(
        [],
        id="hall-leaflet",
        center=[34.0, 121.0],
        zoom=11,
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
    label = Text(f"{area}地图，各级数量见区县态势表", f"Map, {area}; counts by grade are in the districts panel")
    return html.Section(
        [container, html.Div(id="hall-furniture")], className="hall-map fades", **{"aria-label": label.of(lang)}
    )


def page(screens: Screens, caller: Caller) -> Component:
    """The whole wall."""
    lang = caller.lang
    state = wall(screens.store, screens.readings, screens.clock(), scope=caller.scope, lang=lang)
    body = [
        html.Div([head(screens, state, lang), band(state, lang)], id="hall-top"),
        html.Div(side(screens, state, lang), id="hall-side"),
        _map(state.area, lang),
    ]
    tiles = screens.root_path + _wall_tiles(OWN_BASE_MAP)
    attributes = {"data-form": "std", "data-screen": "hall", "data-area": state.area, "data-tiles": tiles}
    hall = html.Main(body, className="hall", **attributes)
    return html.Div(hall, className="hall-fit", **{"data-theme": "night"})


def of_exercises(search: str) -> bool:
    """The query asks for exercises."""
    asked = parse_qs(search.removeprefix("?"))
    return asked.get("exercise", [""])[-1] == "1" or asked.get("incident", [""])[-1].startswith("YL")


def of_the_past(search: str) -> bool:
    """The query asks for an incident as it was known at a time."""
    asked = parse_qs(search.removeprefix("?"))
    return bool(asked.get("at")) and bool(asked.get("incident"))


def apart(screens: Screens, caller: Caller, search: str) -> Component | None:
    """The wall of exercises, or of what was known at a time; none where the query asks for now and for what is real."""
    if of_the_past(search):
        return exercise_page(screens, caller, played=of_exercises(search), past=True)
    return exercise_page(screens, caller) if of_exercises(search) else None


def exercise_page(screens: Screens, caller: Caller, *, played: bool = True, past: bool = False) -> Component:
    """The wall of exercises, or of a time that is over: the same frame and map, no figure of what is real now."""
    lang = caller.lang
    area = area_word(screens.store, caller.scope, lang)
    clock = html.Div("--:--:--", className="hall-clock", **{"data-clock": "1"})
    words = (Text("回放", "Replay") if past else Text("演练大屏", "Wall of exercises")).of(lang)
    body = [
        html.Div(html.Header([html.H1(words), html.Span(className="sp"), clock], className="hall-head"), id="hall-top"),
        html.Div(id="hall-side"),
        _map(area, lang),
    ]
    tiles = screens.root_path + _wall_tiles(OWN_BASE_MAP)
    attributes = {"data-form": "std", "data-screen": "hall", "data-area": area, "data-tiles": tiles}
    attributes |= {"data-apart": "1", "data-mode": "incident"}
    attributes |= ({"data-exercise": "1"} if played else {}) | ({"data-replay": "1"} if past else {})
    return html.Div(html.Main(body, className="hall", **attributes), className="hall-fit", **{"data-theme": "night"})


def wire(app: Dash, screens: Screens) -> None:
    """Ask again when the page says that something changed."""

    @app.callback(
        Output("hall-top", "children"),
        Output("hall-side", "children"),
        Input("beat", "data"),
        prevent_initial_call=True,
    )
    @needs(Right.HALL)
    def refresh(_: object) -> tuple[list[Component], list[Component]]:
        caller = current_caller.get()
        state = wall(screens.store, screens.readings, screens.clock(), scope=caller.scope, lang=caller.lang)
        return [head(screens, state, caller.lang), band(state, caller.lang)], side(screens, state, caller.lang)
