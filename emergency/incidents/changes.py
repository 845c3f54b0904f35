"""What has changed since a scenario was computed, held against limits that are data with their status."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from core.texts import Text
from emergency.incidents.tables import lines, status
from gis.measure import distances
from gis.shapes import LonLat
from layers.codes import Status

Value = float | str | LonLat | None
"""An input: a number in SI, a choice, a place; None where nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """From how much on an input counts as changed, or what is taken where nobody knows."""

    id: str
    value: float
    unit: str
    way: str
    title: Text
    source: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An input that is another now; `limit` None where any difference counts."""

    name: str
    before: Value
    after: Value
    limit: Limit | None = None


@cache
def chain_limits() -> Mapping[str, Limit]:
    """Every limit by its name."""
    return MappingProxyType(
        {
            row["id"]: Limit(
                id=row["id"], value=float(row["value"]), unit=row["unit"], way=row["way"],
                title=Text(row["zh"], row["en"]), source=row["source"], status=status(row),
            )
            for row in lines("chain_limits")
        }
    )  # fmt: skip


def changes(then: Mapping[str, Value], now: Mapping[str, Value]) -> tuple[Change, ...]:
    """What registers and stations say otherwise now than they did, by `part.field`.

    What they no longer say is not a change of what was true; what they say for the first time is one.
    """
    found = []
    for name, after in now.items():
        before = then.get(name)
        limit = chain_limits().get(name.rpartition(".")[2])
        if after is not None and (before is None or _differ(before, after, limit)):
            found.append(Change(name=name, before=before, after=after, limit=limit))
    return tuple(found)


def _differ(before: Value, after: Value, limit: Limit | None) -> bool:
    if isinstance(before, LonLat) and isinstance(after, LonLat):
        metres = float(distances(before, [after.lon], [after.lat])[0])
        return metres >= (limit.value if limit is not None else 0.0)
    if not isinstance(before, float | int) or not isinstance(after, float | int) or limit is None:
        return before != after
    if limit.way == "turn":
        return abs((after - before + 180.0) % 360.0 - 180.0) >= limit.value
    if limit.way == "share":
        return abs(after - before) >= limit.value * abs(before) and after != before
    return abs(after - before) >= limit.value
