"""Rules between the fields of one row, by layer."""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.texts import Text
from layers.codes.accidents import accident_level
from layers.validation.faults import Faults, Rule, Severity

Columns = Mapping[str, pa.Array]
RowRule = Callable[[Columns, Faults, date], None]


def _mask(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)


def limits_in_order(columns: Columns, faults: Faults, on: date) -> None:
    """A sensor's limits rise from LL to HH and lie inside its range."""
    order = ("range_low", "low_low", "low", "high", "high_high", "range_high")
    present = [name for name in order if name in columns]
    for i, lower in enumerate(present):
        for upper in present[i + 1 :]:
            strict = (lower, upper) in (("low", "high"), ("range_low", "range_high"))
            above = (pc.greater_equal if strict else pc.greater)(columns[lower], columns[upper])
            text = Text(f"限值次序有误:{lower} 高于 {upper}", f"limits out of order: {lower} above {upper}")
            faults.add(_mask(above), lower, columns[lower], Rule.CONSISTENCY, text)


def level_follows_from_losses(columns: Columns, faults: Faults, on: date) -> None:
    """An accident's level is that of the rule in force; another one is let in and listed."""
    if "level" not in columns or not {"deaths", "serious_injuries", "direct_loss"} & set(columns):
        return
    rows = len(columns["level"])
    zero = pa.array(np.zeros(rows))
    deaths, injuries, loss = (
        pc.fill_null(columns.get(name, zero).cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        for name in ("deaths", "serious_injuries", "direct_loss")
    )
    due = accident_level(deaths, injuries, loss, on)
    different = _mask(pc.not_equal(columns["level"], pa.array(due, pa.int64())))
    text = Text("与按死亡、重伤、损失核定的等级不符", "differs from the level that follows from the losses")
    faults.add(different, "level", columns["level"], Rule.CONSISTENCY, text, Severity.WARNING)


def reported_after_it_happened(columns: Columns, faults: Faults, on: date) -> None:
    """Nobody reports an accident before it happens."""
    if "reported_at" in columns and "occurred_at" in columns:
        early = _mask(pc.less(columns["reported_at"], columns["occurred_at"]))
        text = Text("接报时间早于发生时间", "reported before it occurred")
        faults.add(early, "reported_at", columns["reported_at"], Rule.CONSISTENCY, text)


ROW_RULES: dict[str, tuple[RowRule, ...]] = {
    "sensors": (limits_in_order,),
    "accidents": (level_follows_from_losses, reported_after_it_happened),
}
