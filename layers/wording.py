"""Values of fields as people read them: code labels, units, numbers, dates."""

from datetime import date, datetime
from functools import cache
from typing import Any

from core.clock import CHINA
from core.texts import Lang, Text
from layers.codes import code_list
from layers.codes.further import further_codes
from layers.fields import FieldSpec, Kind

THIN = "\u2009"
_GLYPHS = "■▲◆● "
_UNITS = {"m2": "m²", "m3": "m³", "Cel": "℃", "deg": "°", "kg/m3": "kg/m³", "10*4.CNY": "10⁴ CNY"}

_IN_CHINESE = {"CNY": "元", "10*4.CNY": "万元"}


@cache
def _labels(list_id: str) -> dict[str, Text]:
    return {
        code.code: Text(code.title.zh.lstrip(_GLYPHS), code.title.en.lstrip(_GLYPHS)) for code in code_list(list_id)
    }


def code_label(list_id: str | None, value: object, lang: Lang) -> str:
    """What a code says, one that was added while the system runs too; the code itself where nobody knows it."""
    if list_id is None:
        return str(value)
    text = _labels(list_id).get(str(value)) or further_codes(list_id).get(str(value))
    return text.of(lang) if text is not None else str(value)


def unit(symbol: str | None, lang: Lang | None = None) -> str:
    """A unit as it is written on screen.

    >>> unit("m2"), unit("CNY", Lang.ZH), unit("CNY", Lang.EN)
    ('m²', '元', 'CNY')
    """
    if lang is Lang.ZH and symbol in _IN_CHINESE:
        return _IN_CHINESE[symbol]
    return "" if symbol is None else _UNITS.get(symbol, symbol)


def number(value: float) -> str:
    """Thousands with a comma, no more digits than the value carries (four behind the point at most)."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")


def shown(spec: FieldSpec, value: Any, lang: Lang) -> str:
    """One value of a field, with unit or label; empty text where nothing is known."""
    if value is None or value == "" or value == ():
        return ""
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no").of(lang)
    if spec.kind is Kind.LIST:
        return "、".join(code_label(spec.codes, part, lang) for part in value)
    if spec.codes is not None:
        return code_label(spec.codes, value, lang)
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return number(value) + (THIN + unit(spec.unit, lang) if spec.unit else "")
    return str(value)
