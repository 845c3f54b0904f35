"""The wall's panels: band of figures, districts, accidents, parameters, forces, trend, weather, video."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from core.texts import Lang, Text
from dashboards.panels.marks import COLOUR_WORDS, age, bars, curve, glyph, thousands
from dashboards.queries.overview import Figures
from dashboards.queries.wording import THIN

Children = list[Component | str]

NO_ALARMS = Text("报警尚未接入", "Alarms not connected")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def panel(panel_id: str, title: str, body: Children, *, more: Component | str = "") -> Component:
    """One wall panel: a head with its age or scope at the right, and a body."""
    head = html.H2([title, html.Span(more, className="m")], className="ph")
    return html.Section([head, html.Div(body, className="body")], id=panel_id, className="wall-panel fades")


def tile(label: str, value: str, unit: str, below: Children, *, wide: bool = False, missing: bool = False) -> Component:
    """A key figure; without data it says so instead of a number."""
    figure = html.Div([value, html.Small(unit) if unit else ""], className="v none" if missing else "v")
    parts = [html.Div(label, className="l"), figure, html.Div(below, className="a")]
    return html.Div(parts, className="kpi wide-only" if wide else "kpi", **{"data-figure": label})


def split(figures: Figures, grades: tuple[int, ...], words: tuple[Text, ...], lang: Lang) -> Children:
    """Counts of the worst grades with shape and word; in English three words would not fit: shapes alone."""
    worded = lang is Lang.ZH or len(grades) < 3
    return [
        html.Span(
            [glyph(g, zero=not count), f"{words[g - 1].of(lang)} {count:,}" if worded else thousands(count)],
            title=f"{words[g - 1].of(lang)} {count:,}",
        )
        for g, count in ((g, figures.grades.get(g, 0)) for g in grades)
    ]


def closed(label: str, lang: Lang, *, wide: bool = False) -> Component:
    """A tile whose layer this caller may not see."""
    return tile(label, Text("无权查看", "Not open to you").of(lang), "", [""], wide=wide, missing=True)


def districts(rows: list[dict[str, Any]], lang: Lang) -> Component:
    """Enterprises per risk grade in each district; zeros are grey."""
    body: Children = [
        html.Div(
            [
                html.Span(row["name"], className="name el"),
                *(_count(g, n, lang) for g, n in enumerate(row["counts"], start=1)),
            ],
            className="wall-row district",
        )
        for row in rows
    ]
    title = Text("区县态势", "Districts").of(lang)
    return panel(
        "hall-districts", title, _paged(body, lang), more=Text("各级风险企业数", "Enterprises by risk").of(lang)
    )


def _count(grade: int, number: int, lang: Lang) -> Component:
    word = COLOUR_WORDS[grade].of(lang)
    return html.Span(
        [glyph(grade, zero=number == 0), html.Span(thousands(number))],
        className="c zero" if number == 0 else "c",
        title=f"{word} {number}",
    )


def _paged(body: Children, lang: Lang) -> Children:
    """Rows that do not fit are counted and turned over by the page."""
    rest = html.Div(
        [html.Span(className="rest"), html.Span(className="sp"), html.Span(className="leaf")], className="wall-more"
    )
    return [html.Div(body, className="wall-rows", **{"data-paged": "true"}), rest]


def accidents(rows: list[dict[str, Any]], words: tuple[Text, ...], lang: Lang) -> Component:
    """The newest accidents, level by shape and word."""
    body: Children = [
        html.Div(
            [
                html.Span(
                    [glyph(row["level"]), words[row["level"] - 1].zh[:2] if lang is Lang.ZH else ""], className="lv"
                ),
                html.Span(row["title"], className="nm el"),
                html.Span(_what_happened(row, words, lang), className="dt el"),
                html.Span(age(row["at"], lang), className="ag"),
            ],
            className="wall-row accident",
        )
        for row in rows
    ]
    if not body:
        body = [html.Div(Text("没有归档事故", "No accidents on the record").of(lang), className="wall-row note")]
    return panel(
        "hall-accidents",
        Text("近期事故", "Recent accidents").of(lang),
        _paged(body, lang),
        more=Text("已归档", "On the record").of(lang),
    )


def _what_happened(row: dict[str, Any], words: tuple[Text, ...], lang: Lang) -> str:
    """Kind and deaths; the English level word is too long to stand under its shape, so it opens this line."""
    deaths = row["deaths"]
    if lang is Lang.ZH:
        return f"{row['kind']}·" + (f"亡 {deaths} 人" if deaths else "无死亡")
    return "·".join([words[row["level"] - 1].en, *([f"{deaths} dead"] if deaths else []), row["kind"]])


def parameters(rows: list[dict[str, Any]], lang: Lang) -> Component:
    """Key parameters: value, curve of the last hour under its limit, age; an old value is grey and says so."""
    body: Children = [_parameter(row, lang) for row in rows]
    if not body:
        words = Text("没有可看的监测读数", "No readings open to you").of(lang)
        body = [html.Div(words, className="wall-row note")]
    more = Text("近 24 小时", "Last 24 hours").of(lang)
    paged = html.Div(body, className="wall-rows", **{"data-paged": "true"})
    return panel("hall-parameters", Text("重点参数", "Key parameters").of(lang), [paged], more=more)


def _parameter(row: dict[str, Any], lang: Lang) -> Component:
    limit = "" if row["limit"] is None else Text(f"限 {row['limit']}·", f"limit {row['limit']}·").of(lang)
    stale = Text("◷ 过期 ", "◷ stale ").of(lang)
    below = age(row["at"], lang, before=stale if row["stale"] else limit)
    name = html.Div([
        html.Div(row["name"], className="el"),
        html.Div([row["value"], html.Small(row["unit"])], className="val"),
    ], className="p")  # fmt: skip
    drawn = curve(row["curve"], row["high"], row["name"]) if len(row["curve"]) > 1 else ""
    side = html.Div([drawn, html.Div(below, className="stale" if row["stale"] else "")], className="s")
    return html.Div([name, side], className=f"wall-row parameter{' old' if row['stale'] else ''}")


def forces(rows: list[dict[str, Any]], root: str, lang: Lang) -> Component:
    """Teams, stations, depots, hospitals, shelters: how many, and how much they bring."""
    body: Children = [
        html.Div(
            [
                html.Img(src=f"{root}/api/symbols/{row['symbol']}.svg", alt="", width=34, height=34),
                html.Span(row["title"], className="nw"),
                html.Span(className="sp"),
                html.Span(row["brings"], className="w"),
                html.Span([thousands(row["count"]), html.Small(row["unit"])], className="q"),
            ],
            className="wall-row force",
        )
        for row in rows
    ]
    if not body:
        body = [html.Div(Text("无权查看应急力量", "Resources are not open to you").of(lang), className="wall-row note")]
    paged = html.Div(body, className="wall-rows", **{"data-paged": "true"})
    return panel(
        "hall-forces", Text("待命力量", "Resources").of(lang), [paged], more=Text("在册", "Registered").of(lang)
    )


def trend(months: list[dict[str, int]] | None, lang: Lang) -> Component:
    """Accidents per month against the same months a year before."""
    title = Text("事故趋势", "Accident trend").of(lang)
    if not months:
        return panel(
            "hall-trend", title, [html.Div(Text("无权查看", "Not open to you").of(lang), className="wall-row note")]
        )
    now, before = [m["now"] for m in months], [m["before"] for m in months]
    words = Text(
        f"近 12 个月 {sum(now)} 起,上年同期 {sum(before)} 起", f"{sum(now)} in 12 months, {sum(before)} the year before"
    )
    key = html.Div(
        [
            html.Span([html.I(), Text(f"近 12 月 {sum(now)} 起", f"12 months: {sum(now)}").of(lang)]),
            html.Span([html.I(className="before"), Text(f"上年 {sum(before)} 起", f"before: {sum(before)}").of(lang)]),
        ],
        className="key",
    )
    more = Text(
        f"{months[0]['month']} 月至 {months[-1]['month']} 月",
        f"{_MONTHS[months[0]['month'] - 1]} to {_MONTHS[months[-1]['month'] - 1]}",
    )
    whole = panel("hall-trend", title, [bars(now, before, words.of(lang)), key], more=more.of(lang))
    whole.className += " trend"
    return whole


def video(cameras: Figures | None, online: int, lang: Lang) -> Component:
    """Where the video round goes; without a stream it says so and how many cameras are known."""
    more = (
        "" if cameras is None else Text(f"{online} / {cameras.rows} 在线", f"{online} / {cameras.rows} online").of(lang)
    )
    kept = Text("无权查看视频", "Video is not open to you")
    words = kept if cameras is None else Text("无视频流", "No video stream")
    below = Text("视频流尚未接入,此处不播放画面", "Streams are not connected; nothing is played here")
    slot = html.Div([html.B(words.of(lang)), html.Span(below.of(lang), className="t3")], className="slot")
    return panel("hall-video", Text("视频巡检", "Video round").of(lang), [slot], more=more)


def weather(now: dict[str, Any] | None, lang: Lang) -> Component:
    """The newest observation in words and figures (wide wall only; the map carries the wind on both)."""
    title = Text("气象", "Weather").of(lang)
    if now is None:
        return panel(
            "hall-weather",
            title,
            [html.Div(Text("没有气象观测", "No weather observations").of(lang), className="wall-row note")],
        )
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
    return panel("hall-weather", title, [grid], more=html.Span([now["station"], " ", age(now["at"], lang)]))


def head_weather(now: dict[str, Any] | None, lang: Lang) -> Component:
    """Weather in the head: wind, temperature, station and age."""
    if now is None:
        words = [html.Div(Text("没有气象观测", "No weather").of(lang)), html.Div("—")]
    else:
        wind = Text(f"{now['direction']}风", f"{now['direction']} wind").of(lang)
        figures = f"{wind} {now['speed']:g}{THIN}m/s" + (
            "" if now["temperature"] is None else f"·{now['temperature']:g}{THIN}℃"
        )
        words = [html.Div(figures), html.Div([now["station"], " ", age(now["at"], lang)])]
    return html.Div(words, className="pair")
