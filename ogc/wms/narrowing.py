"""TIME and CQL_FILTER: which rows of each layer a picture, or a question to it, is about."""

import re
from dataclasses import replace
from datetime import date, timedelta

from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError
from core.scope import Scope, Sensitivity
from core.texts import Text
from gis.shapes import Bounds
from layers.filters import And, Filter, In, Missing, Not, Op, Or, Spatial, every, fields_named
from layers.layer import Layer
from ogc.exceptions import OgcError
from ogc.filter.cql2 import cql2_text
from ogc.filter.temporal import Moment, compared, interval, moment
from ogc.kvp import KVP
from ogc.limits import LIMITS
from ogc.render.request import LayerRequest
from ogc.services import Services
from store.query import Order, Query

MOST_KEYS = LIMITS.map_condition_features
"""So many rows a spatial condition may choose for a picture, whose reader knows keys but no topology."""

MOST_TIMES = LIMITS.map_times
ALL_ROWS = "INCLUDE"

Span = tuple[Moment | None, Moment | None]

Narrowed = dict[str, Filter]
"""What narrows each layer asked for by its name; a layer without an entry is shown whole."""


def time_field(layer: Layer, scope: Scope) -> str | None:
    """The field TIME speaks of, where the caller may see it."""
    return layer.time if layer.time in layer.fields_in(scope) else None


def narrowed(kvp: KVP, services: Services, caller: Caller) -> Narrowed:
    """What TIME and CQL_FILTER leave of each layer of LAYERS (or QUERY_LAYERS), by layer id."""
    asked = kvp.items_of("layers") or kvp.items_of("query_layers")
    filters = _filters(kvp, asked)
    spans = _spans(kvp.text("time", ""))
    found: Narrowed = {}
    for name, text in zip(asked, filters, strict=True):
        layer = services.catalogue.find(name, caller.scope)
        if layer is None:
            if text:
                raise _refused(Text(f"“{name}”不能过滤", f"{name!r} cannot be filtered"))
            continue
        where = every(_cql(text, layer, caller.scope), _when(spans, layer, caller.scope))
        if where is not None:
            found[layer.id] = where
    return found


def _filters(kvp: KVP, names: tuple[str, ...]) -> tuple[str, ...]:
    """One condition a layer, as GeoServer writes them: parted by semicolons, INCLUDE where there is none."""
    text = kvp.text("cql_filter", "")
    if not text:
        return ("",) * len(names)
    parts = tuple(part.strip() for part in _parted(text))
    if len(parts) != len(names):
        raise _refused(
            Text(
                f"LAYERS 有 {len(names)} 项,CQL_FILTER 有 {len(parts)} 项,应一一对应(以分号分隔,无条件写 INCLUDE)",
                f"{len(names)} layers but {len(parts)} filters: give one for each, parted by ';', INCLUDE for none",
            )
        )
    return tuple("" if part.upper() == ALL_ROWS else part for part in parts)


def _parted(text: str) -> list[str]:
    """The text cut at the semicolons outside quotes."""
    parts, quote = [""], ""
    for letter in text:
        if letter == ";" and not quote:
            parts.append("")
            continue
        if letter in "'\"" and quote in ("", letter):
            quote = "" if quote else letter
        parts[-1] += letter
    return parts


def _cql(text: str, layer: Layer, scope: Scope) -> Filter | None:
    if not text:
        return None
    try:
        return cql2_text(text, layer, scope)
    except BadInputError as error:
        raise _refused(error.text) from error


def _spans(text: str) -> list[Span]:
    """The times of TIME. What is none is refused even where no layer has a time: who sends it expects it to count."""
    parts = text.split(",") if text else []
    if len(parts) > MOST_TIMES:
        raise _untimely(Text(f"TIME 最多 {MOST_TIMES} 项", f"at most {MOST_TIMES} times"))
    try:
        return [_span(part.strip()) for part in parts]
    except BadInputError as error:
        raise _untimely(error.text) from error


def _when(spans: list[Span], layer: Layer, scope: Scope) -> Filter | None:
    """The rows of the times asked for; a layer without a time of its own is shown whole, as the standard has it."""
    name = time_field(layer, scope)
    if not spans or name is None:
        return None
    spec = layer.fields[name]
    found: list[Filter] = []
    for low, high in spans:
        after = None if low is None else compared(spec, Op.GE, low)
        before = None if high is None else compared(spec, Op.LE, high)
        found.append(every(after, before) or Not(Missing(name)))
    return found[0] if len(found) == 1 else Or(tuple(found))


def _span(text: str) -> Span:
    """A year, month, day or instant, or the time between two of them; a period after them is its grid, not a limit."""
    ends = text.split("/")
    if len(ends) > 3 or not text:
        raise BadInputError(Text(f"时间“{text}”应为 起/止", f"time {text!r} must be start/end"), field="time")
    if len(ends) == 1:
        return _first(ends[0]), _last(ends[0])
    low, high = _first(ends[0]), _last(ends[1])
    interval((_told(low), _told(high)))
    return low, high


def _told(value: Moment | None) -> str:
    return ".." if value is None else value.isoformat()


def _first(text: str) -> Moment | None:
    if text in ("", ".."):
        return None
    short = re.fullmatch(r"\d{4}(-\d{2})?", text, re.ASCII)
    return moment(text if short is None else f"{text}-01" if short[1] else f"{text}-01-01")


def _last(text: str) -> Moment | None:
    """The end of what is written: of a year or month its last day."""
    if text in ("", ".."):
        return None
    first = _first(text)
    if len(text) == 4 and isinstance(first, date):
        return date(first.year, 12, 31)
    if len(text) == 7 and isinstance(first, date):
        return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first


def extent_of_time(layer: Layer, services: Services, scope: Scope) -> str | None:
    """From the first to the last time a caller may see, as WMS lists it; None where there is none."""
    name = time_field(layer, scope)
    if name is None:
        return None
    ends = []
    for descending in (False, True):
        query = Query(
            where=Not(Missing(name)), fields=(name,), geometry=False, order=(Order(name, descending),), limit=1
        )
        rows = services.store.read(layer, query, scope=scope)
        if not rows.num_rows:
            return None
        value = rows.column(name)[0].as_py()
        ends.append(value.isoformat() if type(value) is date else iso(value))
    return f"{ends[0]}/{ends[1]}/P0D" if ends[0] == ends[1] else f"{ends[0]}/{ends[1]}/P1D"


def default_time(extent: str) -> str:
    """What is shown where no TIME is asked for: everything, from the first time to the last.

    >>> default_time("2026-01-01/2026-02-01/P1D")
    '2026-01-01/2026-02-01'
    """
    return extent.rpartition("/")[0]


def warned(request: KVP, layers: tuple[LayerRequest, ...], services: Services, scope: Scope) -> dict[str, str]:
    """The header that tells a client which time was taken because it named none.

    In the form `99 Default value used: DIM_NAME=value units`, which implementers quote from WMS 1.1.1, C.5.1, and
    deegree writes too; the text of 1.1.1 and of 1.3.0 itself was not at hand. The value is an open span and not the
    `default` of the capabilities, whose two ends would be asked of every layer for every picture.
    """
    if request.get("time", "").strip():
        return {}
    found = (services.catalogue.find(one.layer, scope) for one in layers)
    timed = any(layer is not None and time_field(layer, scope) is not None for layer in found)
    return {"Warning": "99 Default value used: time=../.. ISO8601"} if timed else {}


def drawn(
    layers: tuple[LayerRequest, ...], where: Narrowed, services: Services, scope: Scope, window: Bounds | None
) -> tuple[LayerRequest, ...]:
    """The layers of a picture with their conditions, in a form the drawing process can read.

    What is sought by a sensitive field is asked of the store too, so that it is on record; a spatial condition becomes
    the keys it chooses inside the window.
    """
    found = []
    for one in layers:
        condition = every(one.where, where.get(one.layer))
        layer = services.catalogue.find(one.layer, scope)
        if condition is None or layer is None:
            found.append(one)
            continue
        if layer.holds(Sensitivity.SENSITIVE, fields_named(condition)):
            services.store.count(layer, Query(where=condition, bbox=window), scope=scope)
        if _topological(condition):
            condition = _chosen(layer, condition, services, scope, window)
        found.append(replace(one, where=condition))
    return tuple(found)


def _topological(where: Filter) -> bool:
    if isinstance(where, And | Or):
        return any(_topological(part) for part in where.parts)
    return _topological(where.part) if isinstance(where, Not) else isinstance(where, Spatial)


def _chosen(layer: Layer, where: Filter, services: Services, scope: Scope, window: Bounds | None) -> Filter:
    query = Query(where=where, bbox=window, fields=(layer.key,), geometry=False, limit=MOST_KEYS + 1)
    rows = services.store.read(layer, query, scope=scope)
    if rows.num_rows > MOST_KEYS:
        raise _refused(
            Text(
                f"空间条件在图幅内选中的要素超过 {MOST_KEYS} 个,请缩小范围",
                f"the spatial condition chooses more than {MOST_KEYS} features in this window; look closer",
            )
        )
    return In(layer.key, tuple(rows.column(layer.key).to_pylist()))


def _refused(text: Text) -> OgcError:
    return OgcError("InvalidParameterValue", text, locator="cql_filter")


def _untimely(text: Text) -> OgcError:
    return OgcError("InvalidDimensionValue", text, locator="time")
