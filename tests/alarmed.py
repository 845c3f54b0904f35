"""Alarms put into a data folder as the engine would tell them, beside a server that runs or before it starts."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.filters import Compare, Filter, Op, every
from monitoring.alarms.desk import Desk
from monitoring.alarms.machine import TRANSITIONS
from store.opening import open_store
from store.query import Order, Query


class Told(NamedTuple):
    """One change: of which point, how long ago, what it became."""

    point: str
    level: int = 2
    condition: str = "HH"
    ago: float = 60.0
    to: str = "raised"
    value: float = 91.2
    limit: float = 85.0
    unit: str = "%"


def sensors_of(data: Path, *, area: str = "", count: int = 12, kind: str = "level", enterprise: str = "") -> list[str]:
    """The first points in use of a demo city, of one district, one kind and one enterprise."""
    where: Filter | None = every(
        Compare("in_use", Op.EQ, True), Compare("kind", Op.EQ, kind) if kind else None,
        Compare("enterprise", Op.EQ, enterprise) if enterprise else None,
    )  # fmt: skip
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        query = Query(where=where, fields=("code", "area"), geometry=False, order=(Order("code"),))
        table = store.read(CATALOGUE["sensors"], query, scope=SYSTEM_SCOPE)
    return [row["code"] for row in table.to_pylist() if row["area"].startswith(area)][:count]


def transitions(told: Iterable[Told], now: datetime) -> pa.Table:
    """What the engine would say of them, oldest first."""
    rows = [
        {
            "rule": f"T{one.level}", "point": one.point, "condition": one.condition, "level": one.level,
            "at": now - timedelta(seconds=one.ago), "from": "normal" if one.to == "raised" else "raised",
            "to": one.to, "value": one.value, "extreme": one.value, "limit": one.limit, "unit": one.unit,
            "cause": "", "inhibition": "",
        }
        for one in sorted(told, key=lambda one: -one.ago)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, TRANSITIONS)


def tell(data: Path, told: Sequence[Told]) -> list[str]:
    """Write them; the numbers of the alarms they are of, in the order told."""
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        desk = Desk(store, utc_now)
        desk.apply(transitions(told, utc_now()))
        rows = {(one.record.point, one.record.condition, one.record.level): one.record.code for one in desk.rows()}
    return [rows[one.point, one.condition, one.level] for one in told]
