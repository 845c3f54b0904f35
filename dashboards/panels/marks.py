"""Small signs used on every panel: risk shapes, ages, curves drawn as pictures."""

from collections.abc import Sequence
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from core.texts import Lang, Text

LETTERS = ("n", "r", "o", "y", "b")
COLOUR_WORDS = (
    Text("未分级", "Unrated"),
    Text("红", "Red"),
    Text("橙", "Orange"),
    Text("黄", "Yellow"),
    Text("蓝", "Blue"),
)


def glyph(grade: int, *, zero: bool = False) -> Component:
    """The shape of a grade: square, triangle, diamond, circle."""
    return html.Span(className=f"g g-{LETTERS[grade]}{' g-zero' if zero else ''}", **{"aria-hidden": "true"})


def age(moment: str | None, lang: Lang, *, before: str = "") -> Component:
    """A time that the page keeps writing as an age."""
    if moment is None:
        return html.Span(Text("时间未知", "time unknown").of(lang))
    return html.Span(**{"data-at": moment, "data-before": before})


def thousands(number: float) -> str:
    """A whole number with commas."""
    return f"{round(number):,}"


def middle(text: str, most: int) -> str:
    """A text of at most so many Chinese widths, shortened in its middle because ends tell names apart.

    >>> middle("盐港丰润新材料有限公司1号苯乙烯罐液位", 14)
    '盐港丰润新材…苯乙烯罐液位'
    """
    if _widths(text) <= most:
        return text
    head, tail = "", ""
    for step in range(len(text)):
        grown = (head + text[step // 2], tail) if step % 2 == 0 else (head, text[-1 - step // 2] + tail)
        if _widths(grown[0] + "…" + grown[1]) > most:
            break
        head, tail = grown
    return f"{head}…{tail}"


def _widths(text: str) -> float:
    return sum(0.56 if letter.isascii() or letter in "“”·" else 1.0 for letter in text)


def _picture(svg: str, words: str, *, width: int, height: int) -> Component:
    return html.Img(src="data:image/svg+xml;utf8," + quote(svg), alt=words, width=width, height=height)


def curve(values: Sequence[float], limit: float | None, words: str, *, width: int = 166, height: int = 36) -> Component:
    """A short curve with its limit as a dashed line; breaks are not bridged because only one run is given."""
    low, high = min(values), max(values)
    if limit is not None:
        low, high = min(low, limit), max(high, limit)
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return round(height - 3 - (value - low) / span * (height - 6), 1)

    step = width / max(1, len(values) - 1)
    line = "L".join(f"{i * step:.1f} {y(v)}" for i, v in enumerate(values))
    dashed = (
        ""
        if limit is None
        else f'<path d="M0 {y(limit)}H{width}" stroke="#F18F01" stroke-width="1.5" stroke-dasharray="5 4"/>'
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">{dashed}'
        f'<path d="M{line}" fill="none" stroke="#BECAD4" stroke-width="2" stroke-linejoin="round"/></svg>'
    )
    return _picture(svg, words, width=width, height=height)


def _bar(left: float, width: float, share: float, height: int, paint: str) -> str:
    high = share * (height - 4)
    return f'<rect x="{left:.1f}" y="{height - high:.1f}" width="{width:.1f}" height="{high:.1f}" {paint}/>'


def bars(now: Sequence[int], before: Sequence[int], words: str, *, width: int = 368, height: int = 110) -> Component:
    """This year's months as solid bars, last year's as outlines behind them."""
    top = max([1, *now, *before])
    step = width / len(now)
    parts = []
    for i, (n, b) in enumerate(zip(now, before, strict=True)):
        tone = "#F3F7FA" if i == len(now) - 1 else "#BECAD4"
        parts.append(_bar(step * (i + 0.08), step * 0.5, b / top, height, 'fill="none" stroke="#4F6474"'))
        parts.append(_bar(step * (i + 0.36), step * 0.5, n / top, height, f'fill="{tone}"'))
    parts.append(f'<path d="M0 {height - 0.5}H{width}" stroke="#4F6474" stroke-width="1"/>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
        f"{''.join(parts)}</svg>"
    )
    return _picture(svg, words, width=width, height=height)
