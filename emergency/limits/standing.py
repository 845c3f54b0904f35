"""What named persons have verified, as a result is marked by it: a confirmed row loses its mark, nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.texts import Text
from emergency.limits.checking import Check, State, state_of
from emergency.limits.rows import limit_rows
from emergency.result import DataUsed, Result

LEVELS = frozenset({"toxicity-levels", "effect-levels"})
"""The entries of a receipt that name the levels zones were drawn for."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The checks there are, by row."""

    checks: Mapping[str, Check] = field(default_factory=dict)

    def state(self, row: str) -> State:
        """What stands of a row; of one that is no row: open."""
        found = limit_rows().get(row)
        return State.OPEN if found is None else state_of(found, self.checks.get(row))

    def confirmed(self, row: str) -> bool:
        """Two persons have verified it as it is now."""
        return self.state(row) is State.CONFIRMED


NOBODY = Standing()


def with_standing(result: Result, standing: Standing) -> Result:
    """The same result with each level marked by what stands of its row; a level of one's own stays as it is."""
    rows = {one.level.row for one in result.zones if standing.confirmed(one.level.row)}
    if not rows:
        return result
    zones = tuple(
        replace(one, level=replace(one.level, verified=True)) if one.level.row in rows else one for one in result.zones
    )
    by = "; ".join(
        f"{row}: {check.first.name}, {check.second.name}, {check.second.at.date().isoformat()}"
        for row in sorted(rows)
        if (check := standing.checks[row]).second is not None
    )
    every = all(one.level.verified for one in zones)
    data = tuple(_told(one, every, by) if one.name in LEVELS else one for one in result.receipt.data)
    return replace(result, zones=zones, receipt=replace(result.receipt, data=data))


def _told(used: DataUsed, every: bool, by: str) -> DataUsed:
    """The entry of the receipt, with who verified which rows."""
    title = Text(f"{used.title.zh}(两人核实:{by})", f"{used.title.en} (verified by two: {by})")
    return replace(used, verified=every, title=title)
