"""Alarms on the wall: the list, the figure, and the one sentence of the head."""

from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from core.clock import hour_of, utc_now
from core.texts import Lang, Text
from dashboards.panels.marks import COLOUR_WORDS, age, glyph, middle, thousands
from dashboards.queries.alarmwall import AlarmWall

Children = list[Component | str]


def state_words(row: dict[str, Any], lang: Lang) -> str:
    """Where an alarm stands, in a few characters."""
    if row["state"] == "raised":
        return Text("新", "New").of(lang)
    if row["state"] == "shelved" and row["until"] is not None:
        until: datetime = row["until"]
        when = hour_of(until, utc_now())
        return Text(f"搁置至 {when}", f"Shelved to {when}").of(lang)
    who = str(row["by"]).replace("，", ",").partition(",")[0]
    return Text(f"已接警 {who}".strip(), f"{who} has it" if who else "Answered").of(lang)


def alarm_row(row: dict[str, Any], lang: Lang) -> Component:
    """Glyph over the word, object, what; age over the state."""
    merged = (
        Text(f"同因 {row['members']} 条·", f"{row['members']} of one cause · ").of(lang) if row["members"] > 1 else ""
    )
    lost = Text("◷ 失联 ", "◷ unknown ").of(lang) if row["unknown"] else ""
    state = html.Span([lost, state_words(row, lang)], className=f"st{' new' if row['state'] == 'raised' else ''}")
    return html.Div(
        [
            html.Span([glyph(row["level"]), COLOUR_WORDS[row["level"]].of(lang)], className="lv"),
            html.Div([html.Span(middle(row["object"], 22), className="nm", title=row["object"]), age(row["at"], lang)]),
            html.Div([html.Span(f"{merged}{row['what']}", className="dt el"), state]),
        ],
        className="wall-row wall-alarm",
        **{"data-alarm": row["code"]},
    )


def alarm_rows(found: AlarmWall, lang: Lang) -> Children:
    """The rows, or that there is none."""
    if not found.rows:
        return [html.Div(Text("没有报警", "No alarm stands").of(lang), className="wall-row note")]
    return [alarm_row(row, lang) for row in found.rows]


def alarm_split(found: AlarmWall, lang: Lang) -> Children:
    """Counts by level with shapes; levels of which there is none are left out, but never all of them."""
    shown = [level for level in range(1, 5) if found.levels[level]]
    worded = len(shown) < 3
    return [
        html.Span(
            [
                glyph(level),
                f"{COLOUR_WORDS[level].of(lang)} " if worded else "",
                html.B(thousands(found.levels[level])),
            ],
            title=COLOUR_WORDS[level].of(lang),
        )
        for level in shown
    ] or [Text("红橙黄蓝均无", "none of any level").of(lang)]


def alarm_sentence(found: AlarmWall, now: datetime, lang: Lang) -> Children:
    """Calm since when, or how many of the severe ones stand."""
    if not found.severe:
        since = "" if found.calm is None else _span(now - found.calm, lang)
        words = Text(f"无红色、橙色报警{since}", f"No red or orange alarm{since}")
        return [glyph(0), html.B(Text("平稳", "Calm").of(lang)), words.of(lang)]
    parts: Children = [html.B(Text("报警", "Alarms").of(lang))]
    for level in (1, 2):
        if found.levels[level]:
            parts += [glyph(level), f"{COLOUR_WORDS[level].of(lang)} {thousands(found.levels[level])}"]
    waiting = Text(f"未接警 {found.waiting}", f"{found.waiting} unanswered").of(lang)
    return [*parts, html.Span(waiting, className="t3")] if found.waiting else parts


def _span(passed: Any, lang: Lang) -> str:
    minutes = max(0, int(passed.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if hours > 24 * 99:
        return ""
    return Text(f"，已 {hours} 小时 {rest:02d} 分", f" for {hours} h {rest:02d} min").of(lang)


def incident(found: AlarmWall, red: dict[str, Any], lang: Lang) -> Children:
    """The head while a red alarm waits: level, what, where, and how many others stand."""
    rest = found.total - red["members"]
    worst = next((level for level in range(1, 5) if found.levels[level] > (red["members"] if level == 1 else 0)), 0)
    others: Children = [Text(f"其他报警 {rest}", f"{rest} other alarms").of(lang)]
    if rest and worst:
        others += [Text("，最高 ", ", worst ").of(lang), glyph(worst), COLOUR_WORDS[worst].of(lang)]
    return [
        html.Span([glyph(1), Text("红色", "Red").of(lang)], className="word"),
        html.H1(red["object"]),
        html.Span(red["what"], className="what"),
        html.Span(age(red["at"], lang), className="what"),
        html.Span(className="sp"),
        html.Div([html.Div(Text("待接警", "Unanswered").of(lang)), html.Div(others)], className="pair"),
    ]
