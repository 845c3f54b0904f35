"""What the reader has narrowed the city down to, and the rows of any layer under it: map, counts and tables agree."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import CHINA
from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from layers.filters import And, Compare, During, Filter, In, Op, Or, Under, every
from layers.layer import Catalogue, Layer
from store.protocol import Store
from store.query import Order, Query

ENTERPRISES, HAZARDS, CHECKS = "enterprises", "hazard_sources", "site_checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """District, kind of supervision, industry, risk of the enterprise and grade of its hazard sources; empty is all.

    `since` and `until` are local days, both included, for layers that have a time of their own. `checks` narrows the
    inspections to those made or due on a day, or to those of one draw.
    """

    area: str = ""
    sector: tuple[str, ...] = ()
    industry: str = ""
    risk: tuple[int, ...] = ()
    hazard: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    checks: date | str = ""

    @property
    def about_enterprises(self) -> bool:
        """Rows of other layers have to be looked up through their enterprise."""
        return bool(self.sector or self.industry or self.risk or self.hazard)


EVERYTHING_SELECTED = Selection()


def _grades(text: str, name: str) -> tuple[int, ...]:
    parts = [part for part in text.split(",") if part]
    if any(part not in ("1", "2", "3", "4") for part in parts):
        rule = Text("只能是 1 至 4,以逗号分隔", "must be 1 to 4, separated by commas")
        raise BadInputError(Text(f"{name}={text}:{rule.zh}", f"{name}={text}: {rule.en}"), field=name, value=text)
    return tuple(sorted({int(part) for part in parts}))


def _code(text: str, name: str) -> str:
    if len(text) > 24 or not all(c.isalnum() or c in "-_" for c in text):
        rule = Text("不是代码", "is not a code")
        raise BadInputError(Text(f"{name}={text[:40]}:{rule.zh}", f"{name}={text[:40]}: {rule.en}"), field=name)
    return text


def _day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        rule = Text("须为年-月-日", "must be a date, year-month-day")
        shown = text[:20]
        raise BadInputError(Text(f"{name}={shown}:{rule.zh}", f"{name}={shown}: {rule.en}"), field=name) from error


def _checks(text: str) -> date | str:
    """A day, or the number of a draw."""
    if re.fullmatch(r"[A-Z]{2}[0-9]{4}-[0-9]{6}", text):
        return text
    return _day(text, "checks") or ""


def selection(asked: Mapping[str, str]) -> Selection:
    """The selection in a query string; BadInputError names the parameter that is wrong."""
    return Selection(
        area=_code(asked.get("area", ""), "area"),
        sector=tuple(_code(part, "sector") for part in asked.get("sector", "").split(",") if part),
        industry=_code(asked.get("industry", ""), "industry"),
        risk=_grades(asked.get("risk", ""), "risk"),
        hazard=_grades(asked.get("hazard", ""), "hazard"),
        since=_day(asked.get("since", ""), "since"),
        until=_day(asked.get("until", ""), "until"),
        checks=_checks(asked.get("checks", "")),
    )


def allowed(chosen: Selection, catalogue: Catalogue, scope: Scope) -> tuple[Selection, tuple[str, ...]]:
    """The selection without what is kept from this caller, and the names of what was taken out of it."""
    firms, hazards = catalogue.find(ENTERPRISES, scope), catalogue.find(HAZARDS, scope)
    open_firms = set() if firms is None else set(firms.fields_in(scope))
    open_hazards = set() if hazards is None else set(hazards.fields_in(scope))
    grade = None if hazards is None else hazards.style.grade
    kept = {
        "sector": "sector" not in open_firms,
        "industry": "industry_code" not in open_firms,
        "risk": "risk" not in open_firms,
        "hazard": grade not in open_hazards,
    }
    ignored = tuple(name for name, hidden in kept.items() if hidden and getattr(chosen, name))
    return replace(chosen, **{name: getattr(EVERYTHING_SELECTED, name) for name in ignored}), ignored


def reference(layer: Layer, to: str = ENTERPRISES) -> str | None:
    """The field that holds the key of another layer's row (its own key for that layer itself)."""
    if layer.id == to:
        return layer.key
    return next((name for name, spec in layer.fields.items() if spec.refers == to), None)


def _place(chosen: Selection) -> Filter | None:
    return Under("area", chosen.area) if chosen.area else None


def _span(layer: Layer, chosen: Selection) -> Filter | None:
    if layer.time is None or (chosen.since is None and chosen.until is None):
        return None
    start = None if chosen.since is None else _midnight(chosen.since)
    end = None if chosen.until is None else _midnight(chosen.until + timedelta(days=1))
    return During(layer.time, start, end)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _own(layer: Layer, chosen: Selection, scope: Scope) -> Filter | None:
    """What this layer's own columns can answer without a look-up."""
    seen = layer.fields_in(scope)
    parts: list[Filter | None] = [_place(chosen), _span(layer, chosen)]
    if layer.id == ENTERPRISES:
        parts.append(In("sector", chosen.sector) if chosen.sector and "sector" in seen else None)
        parts.append(Under("industry_code", chosen.industry) if chosen.industry and "industry_code" in seen else None)
        parts.append(In("risk", chosen.risk) if chosen.risk and "risk" in seen else None)
    if layer.id == CHECKS and chosen.checks:
        parts.append(_inspected(chosen.checks))
    if layer.id == HAZARDS and chosen.hazard and layer.style.grade in seen:
        parts.append(In(str(layer.style.grade), chosen.hazard))
    return every(*parts)


def _inspected(asked: date | str) -> Filter:
    """Inspections of one draw; or made on a day, or waiting with that day as their last."""
    if isinstance(asked, str):
        return Compare("draw", Op.EQ, asked)
    made = During("arrived_at", _midnight(asked), _midnight(asked + timedelta(days=1)))
    return Or((made, And((Compare("state", Op.EQ, "planned"), Compare("check_by", Op.EQ, asked)))))


def _enterprises(store: Store, chosen: Selection, scope: Scope) -> pa.ChunkedArray | None:
    """Keys of the enterprises selected, or None when the selection says nothing about enterprises."""
    firms, hazards = store.catalogue.find(ENTERPRISES, scope), store.catalogue.find(HAZARDS, scope)
    if firms is None or not chosen.about_enterprises:
        return None
    own = _own(firms, Selection(sector=chosen.sector, industry=chosen.industry, risk=chosen.risk), scope)
    keys = store.read(firms, Query(where=own, fields=(firms.key,), geometry=False), scope=scope)[firms.key]
    link = None if hazards is None else reference(hazards)
    if chosen.hazard and hazards is not None and link is not None:
        where = _own(hazards, Selection(hazard=chosen.hazard), scope)
        held = store.read(hazards, Query(where=where, fields=(link,), geometry=False), scope=scope)[link]
        keys = keys.filter(pc.is_in(keys, value_set=held.combine_chunks()))
    return keys


def _joining(layer: Layer, chosen: Selection, scope: Scope) -> str | None:
    """The field to look the enterprise up by, where the selection names something this layer does not hold itself.

    A layer whose rows keep their enterprise from this caller is not narrowed by enterprises: what it showed would tell.
    """
    link = reference(layer)
    if link is None or link not in layer.fields_in(scope):
        return None
    wanted = bool(chosen.hazard) if layer.id == ENTERPRISES else chosen.about_enterprises
    return link if wanted else None


def rows(
    store: Store,
    layer: Layer,
    chosen: Selection,
    *,
    scope: Scope,
    fields: tuple[str, ...] | None = None,
    geometry: bool = True,
    where: Filter | None = None,
    order: tuple[Order, ...] = (),
    limit: int | None = None,
    offset: int = 0,
) -> pa.Table:
    """Rows of one layer under the selection, with only the fields the scope shows."""
    seen = layer.fields_in(scope)
    named = None if fields is None else tuple(dict.fromkeys(f for f in fields if f in seen))
    condition = every(_own(layer, chosen, scope), where)
    link = _joining(layer, chosen, scope)
    if link is None:
        query = Query(where=condition, fields=named, geometry=geometry, order=order, limit=limit, offset=offset)
        return store.read(layer, query, scope=scope)
    keys = _enterprises(store, chosen, scope)
    wanted = named if named is None or link in named else (*named, link)
    table = store.read(layer, Query(where=condition, fields=wanted, geometry=geometry, order=order), scope=scope)
    if keys is not None:
        table = table.filter(pc.is_in(table[link], value_set=keys.combine_chunks()))
    return table.slice(offset, limit)


def condition(store: Store, layer: Layer, chosen: Selection, *, scope: Scope) -> Filter | None:
    """The selection as one filter over this layer; None when it takes nothing away."""
    own, link = _own(layer, chosen, scope), _joining(layer, chosen, scope)
    keys = None if link is None else _enterprises(store, chosen, scope)
    return own if keys is None or link is None else every(own, In(link, tuple(keys.to_pylist())))


def count(store: Store, layer: Layer, chosen: Selection, *, scope: Scope) -> int:
    """How many rows `rows` gives without a limit."""
    if _joining(layer, chosen, scope) is None:
        return store.count(layer, Query(where=_own(layer, chosen, scope)), scope=scope)
    return int(rows(store, layer, chosen, scope=scope, fields=(layer.key,), geometry=False).num_rows)
