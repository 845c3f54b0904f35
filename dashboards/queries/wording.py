"""Places, areas and distances as people read them; values of fields are in `layers.wording`."""

from core.scope import Scope
from core.texts import Lang, Text
from layers.wording import THIN, code_label, number, shown, unit
from store.protocol import Store
from store.query import Query

__all__ = [
    "THIN",
    "area_names",
    "area_word",
    "code_label",
    "compass",
    "length",
    "number",
    "shown",
    "unit",
    "whole_city",
]

_POINTS = (
    Text("北", "N"), Text("东北", "NE"), Text("东", "E"), Text("东南", "SE"),
    Text("南", "S"), Text("西南", "SW"), Text("西", "W"), Text("西北", "NW"),
)  # fmt: skip


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
