"""What of alarms a wall states: how many stand, which are the worst, and since when none is red or orange."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.wording import code_label, number, unit
from layers.catalogue.alarms import ALARMS
from layers.filters import Compare, In, Missing, Not, Op, every
from monitoring.alarms.life import STANDING, State
from store.protocol import Store
from store.query import Order, Query

LISTED = 40
SEVERE = 2
"""Red and orange: alarms of this level or a worse one end what is called calm."""

_FIELDS = (
    "code", "title", "condition", "level", "state", "raised_at", "last_raised_at", "value", "limit", "unit", "group",
    "acknowledged_by", "shelved_until", "unknown_since",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmWall:
    """Alarms that stand: counts by level, those nobody answered, the worst as rows, and since when none is severe."""

    total: int
    levels: dict[int, int]
    waiting: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    calm: datetime | None = None

    @property
    def severe(self) -> bool:
        """A red or an orange one stands."""
        return any(self.levels.get(level) for level in range(1, SEVERE + 1))


def alarm_wall(store: Store, *, scope: Scope, lang: Lang) -> AlarmWall | None:
    """None: alarms are not open to the caller."""
    layer = store.catalogue.find(ALARMS.id, scope)
    if layer is None:
        return None
    seen = tuple(name for name in _FIELDS if name in layer.fields_in(scope))
    table = store.read(layer, Query(where=In("state", STANDING), fields=seen, geometry=False), scope=scope)
    grades = np.asarray(table["level"].to_numpy(zero_copy_only=False), np.int64)
    counts = np.bincount(grades, minlength=5)
    return AlarmWall(
        total=table.num_rows,
        levels={level: int(counts[level]) for level in range(1, 5)},
        waiting=int(pc.sum(pc.equal(table["state"], State.RAISED.value)).as_py() or 0),
        rows=_rows(table, lang),
        calm=_calm(store, scope) if not counts[1] and not counts[2] else None,
    )


def _rows(table: pa.Table, lang: Lang) -> list[dict[str, Any]]:
    """Worst first, then newest; those of one cause are one, and a row whose group has one nobody answered is new."""
    if not table.num_rows:
        return []
    since = pc.coalesce(table["last_raised_at"], table["raised_at"])
    waits = pc.equal(table["state"], State.RAISED.value)
    order = [("level", "ascending"), ("waits", "descending"), ("since", "descending"), ("code", "ascending")]
    ranked = table.append_column("since", since).append_column("waits", waits.cast(pa.int8())).sort_by(order)
    groups = pc.if_else(pc.equal(ranked["group"], ""), ranked["code"], ranked["group"])
    names = groups.to_numpy(zero_copy_only=False).astype(str)
    _, first, belongs, sizes = np.unique(names, return_index=True, return_inverse=True, return_counts=True)
    waiting = np.bincount(belongs, weights=ranked["waits"].to_numpy(), minlength=len(first)).astype(int)
    heads = np.argsort(first)[:LISTED]
    picked = ranked.take(pa.array(first[heads])).to_pylist()
    return [_row(row, int(sizes[n]), int(waiting[n]), lang) for row, n in zip(picked, heads.tolist(), strict=True)]


def _row(row: dict[str, Any], members: int, waiting: int, lang: Lang) -> dict[str, Any]:
    measures = unit(row["unit"])
    value = "" if row["value"] is None else f"{number(round(row['value'], 2))} {measures}".replace(" %", "%").strip()
    return {
        "code": row["code"],
        "level": row["level"],
        "object": row["title"].rpartition(" ")[0] or row["title"],
        "what": "·".join(part for part in (value, code_label("alarm_condition", row["condition"], lang)) if part),
        "at": iso(row["since"]),
        "state": State.RAISED.value if waiting else row["state"],
        "by": row["acknowledged_by"],
        "until": row["shelved_until"],
        "unknown": row["unknown_since"] is not None,
        "members": members,
    }


def _calm(store: Store, scope: Scope) -> datetime | None:
    """When the last severe alarm cleared, None where there was none."""
    layer = store.catalogue[ALARMS.id]
    true = Not(Compare("state", Op.EQ, State.FALSE.value))
    where = every(Compare("level", Op.LE, SEVERE), Not(Missing("cleared_at")), true)
    order = (Order("cleared_at", descending=True),)
    query = Query(where=where, fields=("cleared_at",), order=order, limit=1, geometry=False)
    found = store.read(layer, query, scope=scope)["cleared_at"].to_pylist()
    return found[0] if found else None
