"""Resources counted for the direct report: how many of each kind in each district, how much, and as of when.

What is counted in different units is never added; what nobody told, or a role does not meet, is counted as not told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.clock import CHINA
from core.scope import Scope
from layers.catalogue import DEPOTS, FIRE_STATIONS, HOSPITALS, MATERIALS, SHELTERS, TEAMS
from layers.layer import Layer
from store.protocol import Store
from store.query import Query

DISTRICT = 6
"""Digits of GB/T 2260 that name a district."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What of a layer is counted: by which field, how much of what in which unit, and what says as of when."""

    layer: Layer
    kind: str = ""
    amount: str = ""
    unit: str = ""
    unit_field: str = ""
    dated: str = "observed_at"


COUNTED = (
    Counted(layer=TEAMS, kind="kind", amount="people", unit="人"),
    Counted(layer=DEPOTS, kind="level"),
    Counted(layer=MATERIALS, kind="kind", amount="quantity", unit_field="unit", dated="checked_on"),
    Counted(layer=FIRE_STATIONS, kind="kind", amount="engines", unit="辆"),
    Counted(layer=HOSPITALS, kind="grade", amount="beds", unit="张"),
    Counted(layer=SHELTERS, kind="kind", amount="places", unit="人"),
)


@dataclass(slots=True, kw_only=True)
class Tally:
    """One line: of a district, a layer, a kind and a unit. `told` rows gave an amount, the rest did not."""

    area: str
    layer: str
    kind: str
    unit: str
    rows: int = 0
    told: int = 0
    amount: float = 0.0
    old: int = 0
    undated: int = 0
    newest: date | None = None
    oldest: date | None = None
    codes: str = field(default="")


def tallies(store: Store, today: date, stale: timedelta, *, scope: Scope) -> list[Tally]:
    """Every line the caller may count, by layer, district, kind and unit."""
    found: dict[tuple[str, ...], Tally] = {}
    for of in COUNTED:
        layer = store.catalogue.find(of.layer.id, scope)
        if layer is None:
            continue
        fields = layer.fields_in(scope)
        spec = fields.get(of.kind)
        for row in _rows(store, layer, of, scope):
            unit = of.unit if not of.unit_field else str(row.get(of.unit_field) or "")
            kind = str(row.get(of.kind) or "")
            key = (layer.id, str(row.get("area") or "")[:DISTRICT], kind, unit)
            one = found.setdefault(
                key,
                Tally(layer=key[0], area=key[1], kind=kind, unit=unit, codes=(spec.codes or "") if spec else ""),
            )
            _count(one, row.get(of.amount) if of.amount else None, _day(row.get(of.dated)), today, stale)
    order = {of.layer.id: n for n, of in enumerate(COUNTED)}
    return sorted(found.values(), key=lambda one: (order[one.layer], one.area, one.kind, one.unit))


def _rows(store: Store, layer: Layer, of: Counted, scope: Scope) -> Iterator[dict[str, Any]]:
    seen = layer.fields_in(scope)
    names = tuple(name for name in (of.kind, of.amount, of.unit_field, of.dated, "area") if name in seen)
    yield from store.read(layer, Query(fields=(layer.key, *names), geometry=False), scope=scope).to_pylist()


def _count(one: Tally, amount: float | None, day: date | None, today: date, stale: timedelta) -> None:
    one.rows += 1
    if amount is not None:
        one.told += 1
        one.amount += float(amount)
    if day is None:
        one.undated += 1
        return
    one.old += today - day > stale
    one.newest = day if one.newest is None else max(one.newest, day)
    one.oldest = day if one.oldest is None else min(one.oldest, day)


def _day(value: date | datetime | None) -> date | None:
    return value.astimezone(CHINA).date() if isinstance(value, datetime) else value
