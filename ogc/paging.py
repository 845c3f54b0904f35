"""Where a page begins: behind a row, so that deep pages cost no more than the first and changed rows shift nothing.

A place says how many rows came before, by which order, and behind which values: `1000.5f3a9c01.WyJTMDAwMDA5OTkiXQ`.
"""

import math
from dataclasses import replace

import pyarrow as pa

from core.canonical import sha256
from core.errors import BadInputError
from core.scope import Scope, Sensitivity
from core.texts import Text, whole
from layers.fields import Kind
from layers.layer import Layer
from store.compile import cursor_of, order_by
from store.protocol import Store
from store.query import Order, Query

AFTER = "after"
"""The parameter that holds a place."""


def widened(layer: Layer, query: Query, scope: Scope) -> Query:
    """The query with the fields its order needs, so that the place behind its last row can be told."""
    if query.fields is None:
        return query
    needed = (item.field for item in order_by(layer, query.order, scope))
    return replace(query, fields=tuple(dict.fromkeys((*query.fields, *needed))))


def place_behind(layer: Layer, query: Query, scope: Scope, rows: pa.Table, passed: int) -> str | None:
    """The place behind the last of these rows, `passed` with them; None where its values may not stand in an address.

    They may not when they are sensitive, lists, or numbers that are none; such pages are counted.
    """
    order = order_by(layer, query.order, scope)
    names = [item.field for item in order]
    if not rows.num_rows or layer.holds(Sensitivity.SENSITIVE, names):
        return None
    if any(layer.fields[name].kind is Kind.LIST or name not in rows.column_names for name in names):
        return None
    last = rows.slice(rows.num_rows - 1).select(names).to_pylist()[0]
    if any(isinstance(value, float) and not math.isfinite(value) for value in last.values()):
        return None
    return f"{passed}.{_mark(order)}.{cursor_of(order, last)}"


def read_place(text: str, layer: Layer, query: Query, scope: Scope, passed: int | None) -> tuple[int, str]:
    """How many rows came before a place and the store's cursor; `passed` is what the request says of that, if it does.

    A place of another order, or one beside another number, is refused: it would be a wrong page without a word.
    """
    number, _, rest = text.partition(".")
    mark, _, cursor = rest.partition(".")
    found = whole(number)
    if found is None or found < 0 or not cursor or mark != _mark(order_by(layer, query.order, scope)):
        raise BadInputError(
            Text("翻页位置无效,请从第一页重新开始", "this place of a page is not valid; begin with the first page"),
            field=AFTER,
        )
    if passed is not None and passed != found:
        raise BadInputError(
            Text(
                f"after 与 {found} 行之后的位置相配,不可另指 {passed}", f"after stands behind row {found}, not {passed}"
            ),
            field=AFTER,
        )
    return found, cursor


def goes_on(
    store: Store, layer: Layer, query: Query, scope: Scope, *, full: bool, beyond: bool, place: str | None
) -> bool:
    """There is a page behind this one.

    A page that is not `full` is the last. Else more rows are `beyond` it by the count; but of pages that begin behind
    a row the count may be of rows that came or went on earlier ones, so where it says that this is the end it is asked.
    """
    if not full or beyond or query.after is None or place is None:
        return full and beyond
    cursor = place.rpartition(".")[2]
    one = replace(query, fields=(layer.key,), geometry=False, limit=1, offset=0, after=cursor)
    return bool(store.read(layer, one, scope=scope).num_rows)


def _mark(order: tuple[Order, ...]) -> str:
    said = ",".join(item.field + ("-" if item.descending else "") for item in order)
    return sha256(said.encode())[:8]
