"""Open alarms in columns, quick for thousands: what stands, since when, who answered, and until when somebody must."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from core.clock import iso
from core.errors import ForbiddenError
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.compounds import compounds
from dashboards.queries.wording import area_names, code_label
from layers.catalogue.alarms import ALARMS
from layers.codes import code_list
from layers.filters import And, Compare, Filter, In, Missing, Not, Op, Or, every
from layers.layer import Layer
from monitoring.alarms.answering import held_of
from monitoring.alarms.escalation import TIERS, usual
from monitoring.alarms.flood import load
from monitoring.alarms.life import State
from monitoring.alarms.practice import practice
from monitoring.alarms.replies import replies
from store.protocol import Store
from store.query import Query

DAY = timedelta(days=1)
AT_ONCE = 500
"""Keys asked for at once."""

_TEXTS = ("code", "title", "point")
_WORDS = (
    "state", "condition", "unit", "enterprise", "area", "group", "acknowledged_by", "shelved_by", "shelved_why",
    "false_by", "false_why", "received_by", "answered_by",
)  # fmt: skip
_TIMES = (
    "raised_at", "last_raised_at", "acknowledged_at", "shelved_until", "cleared_at", "unknown_since", "told_at",
    "false_at", "received_at", "answered_at", "answer_until",
)  # fmt: skip
_FIGURES = ("value", "extreme", "limit")
_FIELDS = (*_TEXTS, *_WORDS, *_TIMES, *_FIGURES, "level", "raises", "first_out", "told")

Column = list[str] | NDArray[Any] | dict[str, Any]


def alarm_layer(store: Store, scope: Scope) -> Layer:
    """The layer of alarms; ForbiddenError for whom it is not there."""
    layer = store.catalogue.find(ALARMS.id, scope)
    if layer is None:
        raise ForbiddenError(Text("报警对您的岗位不开放", "alarms are not open to your role"))
    return layer


def queue(
    store: Store, now: datetime, *, scope: Scope, lang: Lang, codes: tuple[str, ...] = ()
) -> dict[str, Any]:  # fmt: skip
    """Open alarms of a scope, all or those named, with the words of their codes and the load of the day; beside them
    those that were declared false lately, so that it can be undone.

    Times are milliseconds since 1970, 0 for none; a column of repeated words is `of` (the words) and `at` (for each
    alarm the place of its own among them).
    """
    layer = alarm_layer(store, scope)
    listed = _listed(now)
    where = every(listed, In("code", codes)) if codes else listed
    seen = tuple(name for name in _FIELDS if name in layer.fields_in(scope))
    table = store.read(layer, Query(where=where, fields=seen), scope=scope)
    columns = _columns(table, now)
    told: dict[str, Any] = {"at": iso(now), "columns": columns, "names": _names(store, columns, scope)}
    if codes:
        return told
    return told | {
        "counts": _counts(table),
        "compounds": compounds(store, now, scope=scope, lang=lang, ended=timedelta()),
        "load": _load(store, layer, now, scope),
        "words": _code_words(lang),
        "shelve_longest": practice("shelve_longest", now.date()),
    }


def _listed(now: datetime) -> Filter:
    """Open alarms, and false ones that stand or were declared so lately."""
    lately = Compare("false_at", Op.GE, now - timedelta(seconds=practice("false_listed", now.date())))
    wrong = And((Compare("state", Op.EQ, State.FALSE.value), Or((Missing("cleared_at"), lately))))
    return Or((Not(In("state", (State.CLOSED.value, State.FALSE.value))), wrong))


def _columns(table: pa.Table, now: datetime) -> dict[str, Column]:
    columns: dict[str, Column] = {name: _text(table, name).to_pylist() for name in _TEXTS}
    columns |= {name: _words(_text(table, name)) for name in _WORDS}
    columns |= {name: _micros(table, name) // 1000 for name in _TIMES}
    columns |= {name: _numbers(table, name) for name in _FIGURES}
    columns |= {name: _whole(table, name) for name in ("level", "raises")}
    columns["version"] = table["_version"].to_numpy()
    columns["first_out"] = pc.fill_null(table["first_out"], False).to_numpy(zero_copy_only=False)
    columns["lon"], columns["lat"] = _places(table)
    level, moment = _whole(table, "level"), round(now.timestamp() * 1_000_000)
    still, resumed = held_of(
        level=level, received=_micros(table, "received_at"), until=_micros(table, "answer_until"), now=moment
    )
    begun = _later(_micros(table, "last_raised_at"), _micros(table, "raised_at"))
    found = replies(
        level=level,
        waiting=np.asarray(pc.equal(table["state"], State.RAISED.value)) & ~still,
        begun=np.maximum.reduce([begun, _micros(table, "shelved_until"), resumed]),
        told=np.asarray(pc.index_in(table["told"], pa.array([str(tier) for tier in TIERS])).fill_null(0)),
        now=moment,
        ladder=usual(),
    )
    columns["tier"] = {"of": [str(tier) for tier in TIERS], "at": found.tier}
    columns["due"] = found.due // 1000
    columns["held"] = still
    return columns


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    """A column of texts; one that is kept from the caller is empty."""
    if name not in table.column_names:
        return pa.chunked_array([pa.array([""] * table.num_rows, pa.string())])
    return pc.fill_null(table[name].cast(pa.string()), "")


def _words(column: pa.ChunkedArray) -> dict[str, Any]:
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    return {"of": coded.dictionary.to_pylist(), "at": coded.indices.to_numpy(zero_copy_only=False)}


def _micros(table: pa.Table, name: str) -> NDArray[np.int64]:
    if name not in table.column_names:
        return np.zeros(table.num_rows, np.int64)
    found = pc.fill_null(table[name].cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return np.asarray(found, np.int64)


def _numbers(table: pa.Table, name: str) -> NDArray[np.float64]:
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    return np.asarray(table[name].to_numpy(zero_copy_only=False), np.float64)


def _whole(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(table[name], 0).to_numpy(zero_copy_only=False), np.int64)


def _later(times: NDArray[np.int64], otherwise: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(times > 0, times, otherwise)


def _places(table: pa.Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude, NaN (in JSON null) for an alarm without a place."""
    if "geometry" not in table.column_names or not table.num_rows:
        return np.full(table.num_rows, np.nan), np.full(table.num_rows, np.nan)
    shapes = shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False))
    return shapely.get_x(shapes).round(6), shapely.get_y(shapes).round(6)


def _names(store: Store, columns: dict[str, Any], scope: Scope) -> dict[str, dict[str, str]]:
    """What enterprises and areas of these alarms are called."""
    named = area_names(store, scope)
    return {
        "enterprise": firm_names(store, tuple(code for code in columns["enterprise"]["of"] if code), scope),
        "area": {code: named.get(code, code) for code in columns["area"]["of"]},
        "district": {
            code: name for code, name in named.items() if len(code) == 6 and not code.endswith("00")
        },
    }  # fmt: skip


def firm_names(store: Store, codes: tuple[str, ...], scope: Scope) -> dict[str, str]:
    """Short names of enterprises by code, as far as they are open."""
    firms = store.catalogue.find("enterprises", scope)
    found: dict[str, str] = {}
    if firms is None:
        return {}
    for start in range(0, len(codes), AT_ONCE):
        where = In(firms.key, codes[start : start + AT_ONCE])
        query = Query(where=where, fields=(firms.key, "short_name", "name"), geometry=False, merged=True)
        table = store.read(firms, query, scope=scope)
        short = pc.if_else(pc.equal(table["short_name"], ""), table["name"], table["short_name"])
        found |= dict(zip(table[firms.key].to_pylist(), short.to_pylist(), strict=True))
    return found


def _counts(table: pa.Table) -> dict[str, dict[str, int]]:
    """How many of each level stand in each state; what there is none of is a zero."""
    states = [str(state) for state in State if state is not State.CLOSED]
    place = np.asarray(pc.index_in(table["state"], pa.array(states)).fill_null(0))
    flat = np.bincount(_whole(table, "level") * len(states) + place, minlength=5 * len(states))
    grid = flat[: 5 * len(states)].reshape(5, len(states))
    return {
        str(level): {state: int(grid[level, n]) for n, state in enumerate(states)}
        for level in range(1, 5)
    }  # fmt: skip


def _load(store: Store, layer: Layer, now: datetime, scope: Scope) -> dict[str, Any]:
    """What one position of this scope had to bear in the last day, beside what it is compared with."""
    where = Compare("raised_at", Op.GE, now - DAY)
    table = store.read(layer, Query(where=where, fields=("raised_at",), geometry=False), scope=scope)
    at, end = _micros(table, "raised_at"), round(now.timestamp() * 1_000_000)
    window = round(practice("flood_window", now.date()) * 1_000_000)
    found = load(at, begin=end - round(DAY.total_seconds() * 1_000_000), end=end + 1, on=now.date())
    lasts = bool(found.floods) and found.floods[-1].ends > end
    wrong = every(Compare("state", Op.EQ, State.FALSE.value), Compare("false_at", Op.GE, now - DAY))
    done = every(Compare("closed_at", Op.GE, now - DAY), Compare("late", Op.EQ, False))
    return {
        "day": found.alarms,
        "handled": store.count(layer, Query(where=done), scope=scope),
        "false": store.count(layer, Query(where=wrong), scope=scope),
        "window": int((at > end - window).sum()),
        "window_seconds": window // 1_000_000,
        "flood_since": found.floods[-1].starts // 1000 if lasts else 0,
        "acceptable_per_day": found.acceptable_per_day,
        "most_per_day": found.most_per_day,
        "acceptable_per_window": found.acceptable_per_window,
        "most_per_window": found.most_per_window,
    }


def _code_words(lang: Lang) -> dict[str, dict[str, str]]:
    lists = {"state": "alarm_state", "condition": "alarm_condition", "tier": "alarm_tier", "level": "risk"}
    return {
        name: {code.code: code_label(listed, code.code, lang) for code in code_list(listed)}
        for name, listed in lists.items()
    }  # fmt: skip
