"""Values as people read them: code labels, units, dates, and who may not see what."""

from datetime import date, datetime
from functools import cache
from typing import Any

from core.clock import CHINA
from core.scope import Scope
from core.texts import Lang, Text
from layers.codes import code_list
from layers.fields import FieldSpec, Kind
from store.protocol import Store
from store.query import Query

THIN = "\u2009"
_GLYPHS = "■▲◆● "
_POINTS = (
    Text("北", "N"), Text("东北", "NE"), Text("东", "E"), Text("东南", "SE"),
    Text("南", "S"), Text("西南", "SW"), Text("西", "W"), Text("西北", "NW"),
)  # fmt: skip
_UNITS = {"m2": "m²", "m3": "m³", "Cel": "℃", "deg": "°", "kg/m3": "kg/m³"}


@cache
def _labels(list_id: str) -> dict[str, Text]:
    return {
        code.code: Text(code.title.zh.lstrip(_GLYPHS), code.title.en.lstrip(_GLYPHS)) for code in code_list(list_id)
    }


def code_label(list_id: str | None, value: object, lang: Lang) -> str:
    """What a code says; the code itself where the list does not know it."""
    if list_id is None:
        return str(value)
    text = _labels(list_id).get(str(value))
    return text.of(lang) if text is not None else str(value)


def area_names(store: Store, scope: Scope) -> dict[str, str]:
    """Names of administrative areas by code."""
    areas = store.catalogue.find("areas", scope)
    if areas is None or areas.label is None:
        return {}
    table = store.read(areas, Query(fields=(areas.key, areas.label), geometry=False), scope=scope)
    return dict(zip(table[areas.key].to_pylist(), table[areas.label].to_pylist(), strict=True))


def whole_city(scope: Scope, named: dict[str, str]) -> bool:
    """The scope covers every district that has a name, and whatever enterprise."""
    if scope.enterprises is not None:
        return False
    districts = [code for code in named if len(code) == 6 and not code.endswith("00")]
    return scope.everywhere or (bool(districts) and all(scope.covers(code) for code in districts))


def area_word(store: Store, scope: Scope, lang: Lang) -> str:
    """What the caller's rows are called on screen: the city's, one area's by name, their areas' or enterprise's."""
    if scope.enterprises is not None:
        return Text("本企业", "Your enterprise").of(lang)
    named = area_names(store, scope)
    if whole_city(scope, named):
        return Text("全市", "City").of(lang)
    own = named.get(scope.areas[0]) if len(scope.areas) == 1 else None
    return own or Text("本辖区", "Your areas").of(lang)


def unit(symbol: str | None) -> str:
    """A unit as it is written on screen."""
    return "" if symbol is None else _UNITS.get(symbol, symbol)


def number(value: float) -> str:
    """Thousands with a comma, no more digits than the value carries (four behind the point at most)."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4f}".rstrip("0").rstrip(".")


def compass(degrees: float) -> Text:
    """The eight-point name of a direction, degrees clockwise from north.

    >>> compass(50.0).zh
    '东北'
    """
    return _POINTS[round(degrees / 45.0) % 8]


def length(metres: float) -> str:
    """A distance as on the map: metres below one kilometre, then two digits behind the point below ten."""
    if metres < 1000:
        return f"{round(metres)}{THIN}m"
    return f"{metres / 1000:.{2 if metres < 10_000 else 1}f}{THIN}km"


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
        return number(value) + (THIN + unit(spec.unit) if spec.unit else "")
    return str(value)
