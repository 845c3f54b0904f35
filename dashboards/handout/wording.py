"""SI numbers as people say them, the same as on the workbench's page."""

import math

from core.texts import Lang, Text
from dashboards.planner.choices import TITLES, word
from dashboards.queries.wording import THIN, length, unit
from emergency.quantities import QUANTITIES

_KILO = {"Pa": ("kPa", 1e3, 1e3), "W/m2": ("kW/m²", 1e3, 1e3), "kg": ("t", 1e3, 1e4), "s": ("min", 60.0, 120.0)}
"""What is said in a larger unit: which, how many of the smaller, and from where on."""


def rounded(value: float) -> str:
    """Three digits; powers of ten where a number would be long.

    >>> rounded(0.123456), rounded(1234.0), rounded(123456.0), rounded(0.00012345)
    ('0.123', '1230', '1.23e5', '1.23e-4')
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    short = float(f"{value:.3g}")
    if size >= 10_000 or 0 < size < 0.001:
        mantissa, exponent = f"{short:.2e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return f"{short:.10g}"


def said(value: float | None, symbol: str) -> str:
    """A number with its unit.

    >>> said(281.65, "K"), said(0.012, "m"), said(1800.0, "s"), said(None, "m")
    ('8.5\\u2009℃', '0.012\\u2009m', '30\\u2009min', '–')
    """
    if value is None:
        return "–"
    if symbol == "m":
        return length(value) if abs(value) >= 1 else f"{rounded(value)}{THIN}m"
    if symbol == "K":
        return f"{rounded(value - 273.15)}{THIN}℃"
    if symbol in _KILO and abs(value) >= _KILO[symbol][2]:
        larger, many, _ = _KILO[symbol]
        return f"{rounded(value / many)}{THIN}{larger}"
    return rounded(value) if symbol in ("1", "") else f"{rounded(value)}{THIN}{unit(symbol)}"


def between(low: float, high: float | None, symbol: str, lang: Lang) -> str:
    """A range of validity."""
    lowest = said(low, symbol)
    if high is None or math.isinf(high):
        return Text(f"不低于 {lowest}", f"at least {lowest}").of(lang)
    highest = said(high, symbol)
    return Text(f"{lowest} 至 {highest}", f"{lowest} to {highest}").of(lang)


def given(name: str, value: object, lang: Lang) -> tuple[str, str]:
    """A field of a scenario as title and value; choices in their words."""
    quantity = QUANTITIES.get(name)
    title = TITLES.get(name) or (quantity.title if quantity is not None else Text(name, name))
    if isinstance(value, float | int) and not isinstance(value, bool):
        return title.of(lang), said(float(value), "deg" if name == "wind_from" else quantity.unit if quantity else "")
    return title.of(lang), word(value, lang)
