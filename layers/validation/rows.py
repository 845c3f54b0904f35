"""Rules between the fields of one row, by layer."""

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.texts import Text
from layers.addresses import IN_AUTHORITY, IN_QUERY, with_authority, with_secret
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


_LEVELS = {2: "province", 4: "city", 6: "district", 9: "town", 12: "village"}


def significant(codes: pa.Array) -> pa.Array:
    """An area code without the zeros that only fill it up: 330000 is 33, 330200000000 is 3302."""
    short = pc.replace_substring_regex(codes, r"^([0-9]{9})000$", r"\1")
    twelve = pc.equal(pc.utf8_length(codes), 12)
    short = pc.if_else(twelve, pc.replace_substring_regex(short, r"^([0-9]{6})000$", r"\1"), short)
    return pc.replace_substring_regex(
        pc.replace_substring_regex(short, r"^([0-9]{4})00$", r"\1"), r"^([0-9]{2})00$", r"\1"
    )


def codes_nest(columns: Columns, faults: Faults, on: date) -> None:
    """An area's code starts with its parent's, and is as long as its level is deep (GB/T 2260, GB/T 10114)."""
    codes = significant(columns["code"])
    if "parent" in columns:
        parents = significant(columns["parent"])
        whole, start = (np.asarray(pc.fill_null(column, "").to_pylist(), "U12") for column in (codes, parents))
        stray = ~np.char.startswith(whole, start)
        text = Text("上级区划代码不是本代码的前段", "the parent's code is not the beginning of this one")
        faults.add(stray, "parent", columns["parent"], Rule.CONSISTENCY, text)
    if "level" in columns:
        lengths = pc.utf8_length(codes)
        due = pa.array(list(_LEVELS.values())).take(pc.index_in(lengths, value_set=pa.array(list(_LEVELS), pa.int32())))
        text = Text("级别与代码位数不符", "the level does not fit the length of the code")
        undivided = pc.and_(pc.equal(due, "city"), pc.equal(columns["level"], "district"))  # 441900 is both
        other = _mask(pc.and_(pc.not_equal(columns["level"], due), pc.invert(undivided)))
        faults.add(other, "level", columns["level"], Rule.CONSISTENCY, text, Severity.WARNING)


def no_secret_in_an_address(columns: Columns, faults: Faults, on: date) -> None:
    """A camera's address is kept in clear and sent to others: no password in it, nor in what is said of it."""
    if "stream" in columns:
        for found, text in (
            (with_authority(columns["stream"]), IN_AUTHORITY), (with_secret(columns["stream"]), IN_QUERY),
        ):  # fmt: skip
            faults.add(found, "stream", None, Rule.PATTERN, text)


ROW_RULES: dict[str, tuple[RowRule, ...]] = {
    "areas": (codes_nest,),
    "sensors": (limits_in_order,),
    "cameras": (no_secret_in_an_address,),
    "accidents": (level_follows_from_losses, reported_after_it_happened),
}
