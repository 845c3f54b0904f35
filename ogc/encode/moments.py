"""Moments as ISO 8601 spells them, a column at a time: the digits of all rows at once, not a calendar for each."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SECOND = 1_000_000
_WHOLE = len("2026-01-01T00:00:00")
_LONGEST = _WHOLE + len(".000000Z")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - spelt with Z behind it
_PAIRS = np.frombuffer("".join(f"{number:02}" for number in range(100)).encode(), np.uint8).reshape(100, 2)


def moment_texts(column: pa.Array) -> pa.Array:
    """Moments in UTC to the microsecond, without the fractions that are nothing.

    >>> moment_texts(pa.array([0, 1_500_000, None], pa.timestamp("us", "UTC"))).to_pylist()
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:01.5Z', None]
    """
    numbers = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    if len(column) == 1 and not column.null_count:
        return _one(numbers[0].as_py()) or _one_by_one(column)
    there = None if not column.null_count else np.asarray(column.is_valid())
    us = pc.fill_null(numbers, 0).to_numpy() if there is not None else numbers.to_numpy()
    days = us.view("M8[us]").astype("M8[D]")
    years = days.astype("M8[Y]").astype(np.int64) + 1970
    if len(us) and (years.min() < 0 or years.max() > 9999):
        return _one_by_one(column)
    months = days.astype("M8[M]")
    rest = us - days.astype(np.int64) * (86_400 * SECOND)
    whole = rest // SECOND
    seconds = whole.astype(np.int32)
    said = np.empty((len(us), _LONGEST), np.uint8)
    said[:] = np.frombuffer(b"0000-00-00T00:00:00.000000Z", np.uint8)
    minutes = seconds // 60
    hours = minutes // 60
    for place, pair in (
        (0, years // 100),
        (2, years % 100),
        (5, months.astype(np.int64) % 12 + 1),
        (8, (days - months.astype("M8[D]")).astype(np.int64) + 1),
        (11, hours),
        (14, minutes - hours * 60),
        (17, seconds - minutes * 60),
    ):
        said[:, place : place + 2] = _PAIRS[pair]
    fraction = rest - whole * SECOND
    kept = np.ones(said.shape, bool)
    if not fraction.any():
        kept[:, _WHOLE:-1] = False
    else:
        for place, unit in ((1, 10_000), (3, 100), (5, 1)):
            said[:, _WHOLE + place : _WHOLE + place + 2] = _PAIRS[fraction // unit % 100]
        more = said[:, _WHOLE + 1 : -1] != ord("0")
        kept[:, _WHOLE + 1 : -1] = np.logical_or.accumulate(more[:, ::-1], axis=1)[:, ::-1]
        kept[:, _WHOLE] = kept[:, _WHOLE + 1]
    if there is not None:
        kept[~there] = False
    offsets = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int32)
    texts = pa.StringArray.from_buffers(len(us), pa.py_buffer(offsets), pa.py_buffer(said[kept]))
    return texts if there is None else pc.if_else(pa.array(there), texts, None)


def _one(us: int) -> pa.Array | None:
    """A single moment, as of a column in which all are the same; None of a year the calendar does not know."""
    try:
        text = (_EPOCH + timedelta(microseconds=us)).isoformat()
    except OverflowError:
        return None
    return pa.array([(text.rstrip("0") if "." in text else text) + "Z"], pa.string())


def _one_by_one(column: pa.Array) -> pa.Array:
    """Years of other lengths, as the library spells them."""
    texts = pc.strftime(column.cast(pa.timestamp("us", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
    return pc.replace_substring_regex(texts, r"\.?0+Z$", "Z")
