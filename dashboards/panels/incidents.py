"""Incidents in the head of the wall, in words: what is in hand, or what somebody should confirm."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from core.texts import Lang, Text
from dashboards.panels.marks import COLOUR_WORDS, age, glyph
from dashboards.queries.alarmwall import AlarmWall

Children = list[Component | str]


def head_words(hand: list[dict[str, Any]], alarms: AlarmWall | None, lang: Lang) -> Children:
    """The gravest one by name, its response, how many more there are, and the alarms beside it."""
    first, more = hand[0], len(hand) - 1
    response = first["response_word"] or Text("响应未启动", "no response yet").of(lang)
    parts: Children = [
        html.Span(first["state_word"], className="word"),
        html.H1(first["title"]),
        html.Span(response, className="what"),
        html.Span(age(first["at"], lang), className="what"),
        html.Span(className="sp"),
    ]
    beside: Children = []
    if more:
        beside.append(html.Div(Text(f"另有在办 {more} 起", f"{more} more in hand").of(lang)))
    if alarms is not None:
        worst = next((level for level in range(1, 5) if alarms.levels[level]), 0)
        said: Children = [Text(f"当前报警 {alarms.total}", f"{alarms.total} alarms").of(lang)]
        if worst:
            said += [Text("，最高 ", ", worst ").of(lang), glyph(worst), COLOUR_WORDS[worst].of(lang)]
        beside.append(html.Div(said))
    return [*parts, html.Div(beside, className="pair")] if beside else parts


def unconfirmed(waiting: list[dict[str, Any]], said: Children, lang: Lang) -> Children:
    """Somebody reported it and nobody confirmed it: one line, and never that all is calm."""
    first, more = waiting[0], len(waiting) - 1
    rest = Text(f" 等 {len(waiting)} 起", f" and {more} more").of(lang) if more else ""
    name = html.Span([first["title"], rest], className="el")
    return [
        html.B(Text("待核实", "Unconfirmed").of(lang)), name, html.Span(age(first["at"], lang), className="t3"), *said,
    ]  # fmt: skip
