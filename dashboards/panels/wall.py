"""The wall's panels: band of figures, districts, accidents, parameters, forces, trend, weather, video."""

from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from core.clock import CHINA
from core.texts import Lang, Text
from dashboards.panels.marks import COLOUR_WORDS, age, bars, curve, glyph, middle, thousands
from dashboards.queries.overview import Figures
from dashboards.queries.trend import Trend
from dashboards.queries.wording import THIN

Children = list[Component | str]

WHOLE_CITY = Text("全市共用", "City-wide")
_KEPT = Text("无权查看", "Not open to you")
_RISK_KEPT = Text("企业风险分级无权查看", "Risk ratings are not open to you")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def panel(panel_id: str, title: str | Children, body: Children, *, more: Component | str = "") -> Component:
    """One wall panel: a head with its age or scope at the right, and a body."""
    said = title if isinstance(title, list) else [title]
    head = html.H2([*said, html.Span(more, className="m")], className="ph")
    return html.Section([head, html.Div(body, className="body")], id=panel_id, className="wall-panel fades")


def tile(label: str, value: str, unit: str, below: Children, *, wide: bool = False, missing: bool = False) -> Component:
    """A key figure; without data it says so instead of a number."""
    figure = html.Div([value, html.Small(unit) if unit else ""], className="v none" if missing else "v")
    parts = [html.Div(label, className="l"), figure, html.Div(below, className="a")]
    return html.Div(parts, className="kpi wide-only" if wide else "kpi", **{"data-figure": label})


def split(figures: Figures, grades: tuple[int, ...], words: tuple[Text, ...], lang: Lang) -> Children:
    """Counts of the worst grades with shape and word; in English three words would not fit: shapes alone."""
    worded = lang is Lang.ZH or len(grades) < 3
    colon = Text("", ":").of(lang)
    return [
        html.Span(
            [glyph(g, zero=not count), f"{words[g - 1].of(lang)}{colon} " if worded else "", html.B(thousands(count))],
            title=f"{words[g - 1].of(lang)} {count:,}",
        )
        for g, count in ((g, figures.grades.get(g, 0)) for g in grades)
    ]


def closed(label: str, lang: Lang, *, wide: bool = False) -> Component:
    """A tile whose layer this caller may not see."""
    return tile(label, _KEPT.of(lang), "", [""], wide=wide, missing=True)


def _said(words: Text, lang: Lang) -> Component:
    """The one row of a panel that has nothing to show: why."""
    return html.Div(words.of(lang), className="wall-row note")


def districts(rows: list[dict[str, Any]] | None, lang: Lang) -> Component:
    """Enterprises per risk grade in each district; zeros are grey."""
    if rows is None:
        return panel("hall-districts", Text("区县态势", "Districts").of(lang), [_said(_RISK_KEPT, lang)])
    body: Children = [
        html.Div(
            [
                html.Span(row["name"], className="name el"),
                *(_count(g, n, lang) for g, n in enumerate(row["counts"], start=1)),
            ],
            className="wall-row district",
        )
        for row in rows
    ] or [_said(Text("没有区县数据", "No districts on the record"), lang)]
    title = Text("区县态势", "Districts").of(lang)
    return panel("hall-districts", title, paged(body), more=Text("各级风险企业数", "Enterprises by risk").of(lang))


def _count(grade: int, number: int, lang: Lang) -> Component:
    word = COLOUR_WORDS[grade].of(lang)
    return html.Span(
        [glyph(grade, zero=number == 0), html.Span(thousands(number))],
        className="c zero" if number == 0 else "c",
        title=f"{word} {number}",
    )


def paged(body: Children) -> Children:
    """Rows that do not fit are counted and turned over by the page."""
    rest = html.Div(
        [html.Span(className="rest"), html.Span(className="sp"), html.Span(className="leaf")], className="wall-more"
    )
    return [html.Div(body, className="wall-rows", **{"data-paged": "true"}), rest]


def accidents(rows: list[dict[str, Any]] | None, words: tuple[Text, ...], lang: Lang) -> Component:
    """The newest accidents, level by shape and word; the name keeps its end, which tells it from others."""
    title = Text("近期事故", "Recent accidents").of(lang)
    if rows is None:
        return panel("hall-accidents", title, [_said(Text("事故无权查看", "Accidents are not open to you"), lang)])
    body: Children = [_accident(row, words, lang) for row in rows]
    body = body or [_said(Text("没有归档事故", "No accidents on the record"), lang)]
    return panel("hall-accidents", title, paged(body), more=Text("已归档", "On the record").of(lang))


def _accident(row: dict[str, Any], words: tuple[Text, ...], lang: Lang) -> Component:
    word = "" if row["level"] is None else words[row["level"] - 1].of(lang)
    sign = glyph(row["level"] or 0)
    name = html.Span(middle(row["title"], 26), className="nm")
    when = html.Span(age(row["at"], lang), className="ag")
    deaths = row["deaths"]
    if lang is Lang.ZH:
        lost = "" if deaths is None else f"·亡 {deaths} 人" if deaths else "·无死亡"
        level = html.Span([sign, word[:2]], className="lv")
        return html.Div(
            [level, name, html.Span(f"{row['kind']}{lost}", className="dt el"), when], className="wall-row accident"
        )
    dead = f"·{deaths} dead" if deaths else ""
    return html.Div(
        [
            name,
            html.Span([sign, f"{word}{dead}"], className="lv"),
            when,
            html.Span(row["kind"], className="dt el"),
        ],
        className="wall-row accident",
    )


def parameters(rows: list[dict[str, Any]] | None, connected: bool, lang: Lang) -> Component:
    """Key parameters: value, curve of the last day under its limit, age; an old value is grey and says so."""
    title = Text("重点参数", "Key parameters").of(lang)
    if not rows:
        why = (
            Text("监测读数无权查看", "Readings are not open to you")
            if rows is None
            else Text("没有带限值的读数", "No reading has a limit")
            if connected
            else Text("读数尚未接入", "Readings are not connected")
        )
        return panel("hall-parameters", title, [_said(why, lang)])
    more = Text("逐分钟点在前·近 24 小时", "Live first·24 h").of(lang)
    paged = html.Div([_parameter(row, lang) for row in rows], className="wall-rows", **{"data-paged": "true"})
    return panel("hall-parameters", title, [paged], more=more)


def _parameter(row: dict[str, Any], lang: Lang) -> Component:
    limit = "" if row["limit"] is None else Text(f"限 {row['limit']}·", f"≤ {row['limit']}·").of(lang)
    stale = Text("◷ 过期 ", "◷ stale ").of(lang)
    below = age(row["at"], lang, before=stale if row["stale"] else limit)
    name = html.Div([
        html.Div(middle(row["name"], 17), className="nm"),
        html.Div([row["value"], html.Small(row["unit"])], className="val"),
    ], className="p")  # fmt: skip
    drawn = curve(row["curve"], row["high"], row["name"]) if len(row["curve"]) > 1 else ""
    side = html.Div([drawn, html.Div(below, className="stale" if row["stale"] else "")], className="s")
    return html.Div([name, side], className=f"wall-row parameter{' old' if row['stale'] else ''}")


def forces(rows: list[dict[str, Any]], root: str, lang: Lang) -> Component:
    """Teams, stations, depots, hospitals, shelters: how many, what they bring, and which are the whole city's."""
    body: Children = [_force(row, root, lang) for row in rows]
    paged = html.Div(body, className="wall-rows", **{"data-paged": "true"})
    return panel(
        "hall-forces", Text("待命力量", "Resources").of(lang), [paged], more=Text("在册", "Registered").of(lang)
    )


def _force(row: dict[str, Any], root: str, lang: Lang) -> Component:
    below = "·".join(part for part in (WHOLE_CITY.of(lang) if row["shared"] else "", row["brings"]) if part)
    kept = row["count"] is None
    count = (
        html.Span(_KEPT.of(lang), className="t3")
        if kept
        else html.Span([thousands(row["count"]), html.Small(row["unit"]) if row["unit"] else ""], className="q")
    )
    return html.Div(
        [
            html.Img(src=f"{root}/api/symbols/{row['symbol']}.svg", alt="", width=34, height=34),
            html.Div([html.Div(row["title"]), *([html.Div(below, className="w")] if below else [])], className="what"),
            count,
        ],
        className="wall-row force",
    )


def trend(found: Trend | None, lang: Lang) -> Component:
    """Accidents per month against the same days a year before; the present month is said to end today."""
    title = Text("事故趋势", "Accident trend").of(lang)
    if found is None:
        return panel("hall-trend", title, [_said(Text("事故无权查看", "Accidents are not open to you"), lang)])
    first, last = found.months[0].number, found.months[-1].number
    now, before = [m.now for m in found.months], [m.before for m in found.months]
    words = Text(
        f"近 12 月 {found.rows} 起，上年同期 {found.before} 起，{last} 月截至今日",
        f"{found.rows} in 12 months, {found.before} in the same days a year before; {_MONTHS[last - 1]} to today",
    )
    this = Text(f"近 12 月 {found.rows} 起", f"12 months: {found.rows}").of(lang)
    last_year = Text(f"上年同期 {found.before} 起", f"year before: {found.before}").of(lang)
    key = html.Div(
        [html.Span([html.I(), this]), html.Span([html.I(className="before"), last_year])],
        className="key",
    )
    more = Text(f"{first} 月至 {last} 月截至今日", f"{_MONTHS[first - 1]} to today")
    whole = panel("hall-trend", title, [bars(now, before, words.of(lang)), key], more=more.of(lang))
    whole.className += " trend"
    return whole


def video(cameras: Figures | None, online: int, demo: bool, lang: Lang) -> Component:
    """Where pictures are turned by the page's script; while no camera has one it says so, and how many are known."""
    more = (
        "" if cameras is None else Text(f"{online} / {cameras.rows} 在线", f"{online} / {cameras.rows} online").of(lang)
    )
    title = Text("视频巡检", "Video").of(lang)
    if cameras is None:
        shut = html.B(Text("视频无权查看", "Video is not open to you").of(lang))
        return panel("hall-video", title, [html.Div([shut], className="slot")], more=more)
    words = Text("演示中没有视频流", "No stream in the demo") if demo else Text("没有视频画面", "No picture")
    below = Text("没有视频点纳入分析，此处不播放画面", "No camera is analysed; nothing is played here")
    told = [html.B(words.of(lang)), html.Span(below.of(lang), className="t3")]
    slot = html.Div(told, className="slot", hidden=True)  # shown by the script once the server answered that it is so
    eyes = html.Div(className="eyes", hidden=True, **{"data-eyes": "1"})
    places = html.Span(className="hall-places", **{"data-places": "1"})
    return panel("hall-video", [title, places], [slot, eyes], more=more)


def _no_weather(open_to_caller: bool) -> Text:
    return (
        Text("没有气象观测", "No weather observations")
        if open_to_caller
        else Text("气象无权查看", "Weather is not open to you")
    )


def weather(now: dict[str, Any] | None, open_to_caller: bool, lang: Lang) -> Component:
    """The newest observation in words and figures (wide wall only; the map carries the wind on both)."""
    title = Text("气象", "Weather").of(lang)
    if now is None:
        return panel("hall-weather", title, [_said(_no_weather(open_to_caller), lang)])
    pairs = [
        (Text("风", "Wind"), now["speed"], f"{now['direction']} ", "m/s"),
        (Text("阵风", "Gust"), now["gust"], "", "m/s"),
        (Text("气温", "Temperature"), now["temperature"], "", "℃"),
        (Text("湿度", "Humidity"), now["humidity"], "", "%"),
        (Text("气压", "Pressure"), now["pressure"], "", "hPa"),
        (Text("云量", "Cloud"), now["cloud"], "", Text("成", "tenths").of(lang)),
    ]
    grid = html.Dl(
        [
            html.Div([html.Dt(name.of(lang)), html.Dd(f"{before}{value:g}{THIN}{unit}")])
            for name, value, before, unit in pairs
            if value is not None
        ],
        className="weather-grid",
    )
    return panel("hall-weather", title, [grid], more=html.Span([_station(now, lang), " ", age(now["at"], lang)]))


def _station(now: dict[str, Any], lang: Lang) -> str:
    """Where it was observed, and that somebody entered it where no instrument did."""
    return f"{now['station']}({Text('人工', 'by hand').of(lang)})" if now["manual"] else str(now["station"])


def head_duty(posts: list[dict[str, Any]] | None, lang: Lang) -> list[Component]:
    """Who is on duty at the reader's own post, in the head; nothing where the roster is kept from them."""
    if posts is None:
        return []
    if not posts:
        words = [html.Div(Text("值班", "On duty").of(lang)), html.Div(Text("此刻无人在岗", "nobody now").of(lang))]
        return [html.Div(words, className="pair on-duty")]
    people = posts[0]["people"]
    names = Text("、", ", ").of(lang).join(one["name"] for one in people[:2])
    more = Text(f"等 {len(people)} 人", f" and {len(people) - 2} more").of(lang) if len(people) > 2 else ""
    until = min(datetime.fromisoformat(one["until"]) for one in people).astimezone(CHINA)
    words = [
        html.Div(Text(f"值班 至 {until:%H:%M}", f"Duty to {until:%H:%M}").of(lang)),
        html.Div([names, html.Span(more, className="more")]),
    ]
    return [html.Div(words, className="pair on-duty", title=posts[0]["post"])]


def head_weather(now: dict[str, Any] | None, open_to_caller: bool, lang: Lang) -> Component:
    """Weather in the head: wind, temperature, station and age."""
    if now is None:
        words = [html.Div(_no_weather(open_to_caller).of(lang))]
    else:
        wind = Text(f"{now['direction']}风", f"{now['direction']} wind").of(lang)
        figures = f"{wind} {now['speed']:g}{THIN}m/s" + (
            "" if now["temperature"] is None else f"·{now['temperature']:g}{THIN}℃"
        )
        words = [html.Div(figures), html.Div([_station(now, lang), " ", age(now["at"], lang)])]
    return html.Div(words, className="pair")
