"""Every measuring point in use as it stands now: known, doubtful or unknown, why, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.clock import iso
from core.scope import Scope
from core.texts import Lang, Text
from dashboards.queries.curve import NEVER, QUALITIES, why_of
from dashboards.queries.wording import area_names, code_label, unit
from layers.catalogue import SENSORS
from layers.filters import And, Compare, Filter, In, Op, Under
from monitoring.quality import Flag, State, standing
from monitoring.quality.flags import BAD, GOOD, MISSING
from store.protocol import Store
from store.query import Query
from store.series import Series

PAGE = 100
FIELDS = ("code", "name", "kind", "unit", "enterprise", "area", "device", "interval_seconds")
BACK = timedelta(days=3)
"""So far back the beginning of a doubt is looked for; what began before is said to be older."""

REASONS = {flag.name.lower(): flag.label for flag in Flag if flag.name} | {
    "missing": QUALITIES[MISSING], "never": NEVER,
}  # fmt: skip
RANK = {State.UNKNOWN: 0, State.DOUBTFUL: 1, State.KNOWN: 2}
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which points are asked for; empty is any. `attention` leaves out those that are well."""

    state: str = ""
    why: str = ""
    kind: str = ""
    area: str = ""
    enterprise: str = ""
    words: str = ""
    attention: bool = False
    start: int = 0


def standings(store: Store, series: Series, where: Filter | None, *, now: datetime, scope: Scope) -> pa.Table | None:
    """The points in use under a filter with `at`, `value`, `said`, `age`, `state`, `flags`, `quality`; None: kept away.

    A point that never reported is unknown, with neither `at` nor `said`.
    """
    layer = store.catalogue.find(SENSORS.id, scope)
    if layer is None:
        return None
    used: Filter = Compare("in_use", Op.EQ, True)
    seen = tuple(name for name in FIELDS if name in layer.fields_in(scope))
    query = Query(where=used if where is None else And((used, where)), fields=seen, geometry=False)
    points = store.read(layer, query, scope=scope)
    latest = series.latest(layer, points["code"].to_pylist(), scope=scope)
    return _joined(points, latest.filter(pc.equal(latest["element"], "value")), now)


def _joined(points: pa.Table, latest: pa.Table, now: datetime) -> pa.Table:
    interval = points["interval_seconds"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    place = pc.index_in(points["code"], value_set=latest["key"].combine_chunks())
    own = pc.index_in(latest["key"], value_set=points["code"].combine_chunks()).to_numpy()
    found = standing(latest, np.asarray(interval, dtype=float)[own], now)
    columns = {name: points[name] for name in points.column_names}
    for name in ("at", "value", "said", "age", "state", "flags", "quality"):
        columns[name] = found[name].take(place.combine_chunks() if isinstance(place, pa.ChunkedArray) else place)
    columns["state"] = pc.fill_null(columns["state"], State.UNKNOWN.value)
    return pa.table(columns)


def reasons(table: pa.Table) -> dict[str, Mask]:
    """Which rows each reason holds of; a row may have several."""
    flags = pc.fill_null(table["flags"], 0).to_numpy()
    never = table["at"].is_null().to_numpy()
    found = {flag.name.lower(): (flags & flag) != 0 for flag in Flag if flag.name}
    missing = pc.fill_null(pc.equal(table["quality"], MISSING), False).to_numpy()
    return found | {"missing": missing, "never": never}


def condition(wish: Wish) -> Filter | None:
    """What of a wish the store can ask."""
    parts: list[Filter] = []
    if wish.kind:
        parts.append(Compare("kind", Op.EQ, wish.kind))
    if wish.area:
        parts.append(Under("area", wish.area))
    if wish.enterprise:
        parts.append(Compare("enterprise", Op.EQ, wish.enterprise))
    return And(tuple(parts)) if parts else None


def wall_of_points(
    store: Store, series: Series, wish: Wish, *, now: datetime, scope: Scope, lang: Lang
) -> dict[str, Any] | None:
    """Counts by state, reason, kind, district and enterprise, and a page of points, what is worst and newest first."""
    whole = standings(store, series, condition(wish), now=now, scope=scope)
    if whole is None:
        return None
    if wish.words:
        word = wish.words.lower()
        named = pc.or_(_holds(whole["name"], word), _holds(whole["code"], word))
        whole = whole.filter(named)
    state = whole["state"].to_numpy(zero_copy_only=False)
    why = reasons(whole)
    chosen = np.ones(whole.num_rows, dtype=bool)
    if wish.state:
        chosen &= state == wish.state
    if wish.attention:
        chosen &= state != State.KNOWN.value
    counted = {name: int((mask & chosen).sum()) for name, mask in why.items()}
    if wish.why:
        chosen &= why[wish.why]
    rows = _ordered(whole.filter(pa.array(chosen)))
    shown = rows.slice(wish.start, PAGE)
    areas = area_names(store, scope)
    return {
        "at": iso(now),
        "points": whole.num_rows,
        "states": [_count(one.value, one.label, int((state == one.value).sum()), lang) for one in State],
        "reasons": [_count(name, REASONS[name], count, lang) for name, count in counted.items() if count],
        "kinds": _by(whole["kind"], state, lambda code: code_label("sensor_kind", code, lang)),
        "districts": _by(pc.utf8_slice_codeunits(whole["area"], 0, 6), state, lambda code: areas.get(code, code)),
        "enterprises": _firms(store, whole, state, scope),
        "total": rows.num_rows,
        "from": wish.start,
        "rows": _rows(store, series, shown, areas, now, scope, lang),
    }


def _holds(column: pa.ChunkedArray, word: str) -> pa.ChunkedArray:
    return pc.match_substring(pc.utf8_lower(column), word)


def _count(code: str, title: Text, count: int, lang: Lang) -> dict[str, Any]:
    return {"code": code, "name": title.of(lang), "count": count}


def _ordered(rows: pa.Table) -> pa.Table:
    """Unknown before doubtful before known; within each the newest first, and what never reported last."""
    state = rows["state"].to_numpy(zero_copy_only=False)
    rank = np.select([state == one.value for one in RANK], list(RANK.values()), 9)
    ranked = rows.append_column("rank", pa.array(rank))
    return ranked.sort_by([("rank", "ascending"), ("at", "descending"), ("code", "ascending")]).drop_columns(["rank"])


def _by(codes: pa.ChunkedArray, state: NDArray[Any], name: Any) -> list[dict[str, Any]]:
    """How many points there are of each code, and how many of them are unknown or doubtful; the worst first."""
    words, place = np.unique(np.array(pc.fill_null(codes, "").to_pylist(), dtype=str), return_inverse=True)
    totals, kinds = np.bincount(place, minlength=len(words)), (State.UNKNOWN, State.DOUBTFUL)
    bad = [np.bincount(place[state == one.value], minlength=len(words)) for one in kinds]
    order = np.lexsort((words, -totals, -(bad[0] + bad[1])))
    return [
        {"code": str(words[k]), "name": name(str(words[k])), "points": int(totals[k]),
         "unknown": int(bad[0][k]), "doubtful": int(bad[1][k])}
        for k in order if words[k]
    ]  # fmt: skip


def _firms(store: Store, whole: pa.Table, state: NDArray[Any], scope: Scope) -> list[dict[str, Any]]:
    """The twelve enterprises with most points that are not known."""
    found = [one for one in _by(whole["enterprise"], state, str) if one["unknown"] or one["doubtful"]][:12]
    names = firm_names(store, [one["code"] for one in found], scope)
    return [one | {"name": names.get(one["code"], one["code"])} for one in found]


def firm_names(store: Store, codes: Sequence[str], scope: Scope) -> dict[str, str]:
    """What some enterprises are called, as far as the caller may know of them."""
    firms = store.catalogue.find("enterprises", scope)
    if firms is None or not codes:
        return {}
    query = Query(where=In(firms.key, tuple(dict.fromkeys(codes))), fields=(firms.key, "name"), geometry=False)
    table = store.read(firms, query, scope=scope)
    return dict(zip(table[firms.key].to_pylist(), table["name"].to_pylist(), strict=True))


def _rows(
    store: Store, series: Series, shown: pa.Table, areas: dict[str, str], now: datetime, scope: Scope, lang: Lang
) -> list[dict[str, Any]]:
    begun = _since(series, shown, now, scope)
    rows = shown.to_pylist()
    firms = firm_names(store, [row["enterprise"] for row in rows if row["enterprise"]], scope)
    return [
        {
            "code": row["code"], "name": row["name"], "kind": code_label("sensor_kind", row["kind"], lang),
            "unit": unit(row["unit"]), "enterprise": row["enterprise"] or "",
            "enterprise_name": firms.get(row["enterprise"], row["enterprise"]) if row["enterprise"] else "",
            "area": areas.get(row["area"] or "", row["area"] or ""), "device": row.get("device") or "",
            "at": None if row["at"] is None else iso(row["at"]), "value": _number(row["value"]),
            "said": _number(row["said"]), "age": row["age"], "state": row["state"],
            "state_title": State(row["state"]).label.of(lang), "since": since, "longer": longer,
            "why": [NEVER.of(lang)] if row["at"] is None else why_of(row["flags"], row["quality"], lang),
        }
        for row, (since, longer) in zip(rows, begun, strict=True)
    ]  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 4)


def _since(series: Series, shown: pa.Table, now: datetime, scope: Scope) -> list[tuple[str | None, bool]]:
    """When what is wrong with each began: the last reading where it is silent, else the first of the doubts that last.

    The second says that it began before what was looked through.
    """
    flags = pc.fill_null(shown["flags"], 0).to_numpy()
    ats, codes = shown["at"].to_pylist(), shown["code"].to_pylist()
    states = shown["state"].to_pylist()
    doubted = [code for code, flag, state in zip(codes, flags.tolist(), states, strict=True)
               if state != State.KNOWN.value and not flag & Flag.SILENT]  # fmt: skip
    begun: dict[str, tuple[datetime, bool]] = {}
    if doubted:
        past = series.read(SENSORS, doubted, start=now - BACK, end=now + timedelta(days=1), scope=scope)
        keys = np.array(past["key"].to_pylist(), dtype=str)
        quality, at = past["quality"].to_numpy(), past["at"].to_pylist()
        for code in set(doubted):
            own = np.flatnonzero(keys == code)
            good = np.flatnonzero(quality[own] == GOOD)
            first = good[-1] + 1 if len(good) else 0
            if first < len(own):
                begun[code] = (at[own[first]], not len(good))
    answer: list[tuple[str | None, bool]] = []
    for code, at_last, flag, state in zip(codes, ats, flags.tolist(), states, strict=True):
        if state == State.KNOWN.value or at_last is None:
            answer.append((None, False))
        elif flag & Flag.SILENT:
            answer.append((iso(at_last), False))
        else:
            since, longer = begun.get(code, (at_last, False))
            answer.append((iso(since), longer))
    return answer


def odd(points: pa.Table, latest: pa.Table, *, now: datetime) -> dict[str, list[str]]:
    """The codes a map marks: `fault` reported what cannot be, or nothing good; `stale` is silent or never reported.

    Of points with `code` and `interval_seconds`, and the newest reading of each as the series answers.
    """
    whole = _joined(points, latest.filter(pc.equal(latest["element"], "value")), now)
    flags = pc.fill_null(whole["flags"], 0).to_numpy()
    unknown = whole["state"].to_numpy(zero_copy_only=False) == State.UNKNOWN.value
    bad = pc.fill_null(pc.greater_equal(whole["quality"], BAD), False).to_numpy()
    fault = unknown & bad & ((flags & Flag.SILENT) == 0)
    codes = whole["code"]
    return {
        "fault": codes.filter(pa.array(fault)).to_pylist(),
        "stale": codes.filter(pa.array(unknown & ~fault)).to_pylist(),
    }
