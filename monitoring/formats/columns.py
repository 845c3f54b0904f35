"""From columns as they were sent to columns with types; a value that cannot be read takes out its row and is named."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.errors import BadInputError
from core.texts import Text
from monitoring.readings import FAULTS_SHOWN, MOMENT, MOST_ROWS, SENT, Faults, Sent

FIELDS = ("layer", "point", "element", "ts", "v", "q")
"""As a message names them; `layer`, `element` and `q` may be left out."""

LONGEST_CODE = 60

TEXT = Text("须为 1 至 60 个字符的文本", "must be a text of 1 to 60 characters")
TIME = Text(
    "须为带时区的 ISO 8601 时间(如 2026-11-28T20:00:00+08:00)或 1970 年以来的毫秒数",
    "must be an ISO 8601 time with its offset (2026-11-28T20:00:00+08:00) or milliseconds since 1970",
)
NUMBER = Text("须为有限的数值,无值时为空(null)", "must be a finite number, or null where there is none")
QUALITY = Text("须为 0 正常、1 可疑、2 错误、3 缺测之一", "must be 0 good, 1 suspect, 2 bad or 3 missing")

type Column = pa.Array | list[Any]


def too_many(count: int, most: int = MOST_ROWS) -> BadInputError:
    """A message with more rows than one may have."""
    return BadInputError(
        Text(f"一次最多 {most} 条读数(收到 {count})", f"at most {most} readings at once ({count} came)"),
        field="readings",
    )


def sent(
    columns: Mapping[str, Column], count: int, rows: NDArray[np.int32] | None = None, *, most: int = MOST_ROWS
) -> Sent:
    """The rows that can be read, of columns that are all `count` long; a missing column is empty."""
    if count > most:
        raise too_many(count, most)
    numbers = np.arange(1, count + 1, dtype=np.int32) if rows is None else rows
    faults = Faults()
    good = np.ones(count, dtype=bool)

    def typed(name: str, rule: Text, read: Callable[[Column], tuple[pa.Array, NDArray[np.bool_]]]) -> pa.Array:
        given = columns.get(name)
        found, wrong = read([None] * count if given is None else given)
        wrong = wrong & good
        at = np.flatnonzero(wrong)
        if len(at):
            values = [] if given is None else [_shown(given[int(n)]) for n in at[:FAULTS_SHOWN]]
            faults.note(name, rule, numbers[at].tolist(), values or [""] * len(at))
            good[at] = False
        return found

    key = typed("point", TEXT, lambda given: _texts(given, needed=True))
    layer = typed("layer", TEXT, lambda given: _texts(given, needed=False))
    element = typed("element", TEXT, lambda given: _texts(given, needed=False))
    at = typed("ts", TIME, _moments)
    value = typed("v", NUMBER, _numbers)
    quality = typed("q", QUALITY, _qualities)
    quality = pc.if_else(pc.and_(pc.is_null(value), pc.less(quality, 2)), pa.scalar(3, pa.int8()), quality)
    table = pa.table([pa.array(numbers), layer, key, element.fill_null("value"), at, value, quality], schema=SENT)
    return Sent(table if good.all() else table.filter(pa.array(good)), count, faults)


def _shown(value: object) -> object:
    return value.as_py() if isinstance(value, pa.Scalar) else value


def _array(given: Column) -> pa.Array | None:
    """A list as Arrow sees it, or None where its values are of several kinds."""
    if not isinstance(given, list):
        return given
    try:
        return pa.array(given)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return None


def _nothing(array: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False))


def _texts(given: Column, *, needed: bool) -> tuple[pa.Array, NDArray[np.bool_]]:
    array = _array(given)
    if array is not None and pa.types.is_null(array.type):
        return pa.nulls(len(array), pa.string()), np.full(len(array), needed)
    if array is None or not (
        pa.types.is_string(array.type) or pa.types.is_large_string(array.type) or pa.types.is_dictionary(array.type)
    ):
        plain = [one if isinstance(one, str) else None for one in _listed(given)]
        wrong = np.array([one is None and (needed or other is not None) for one, other in zip(plain, _listed(given))])  # noqa: B905
        text = pa.array(plain, pa.string())
    else:
        text = array.cast(pa.string())
        wrong = _nothing(text) if needed else np.zeros(len(text), dtype=bool)
    if not needed:
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    length = pc.utf8_length(text).fill_null(1).to_numpy(zero_copy_only=False)
    return text, wrong | (length < 1) | (length > LONGEST_CODE)


def _listed(given: Column) -> list[Any]:
    return given if isinstance(given, list) else given.to_pylist()


def _moments(given: Column) -> tuple[pa.Array, NDArray[np.bool_]]:
    array = _array(given)
    try:
        if array is not None and pa.types.is_timestamp(array.type) and array.type.tz is not None:
            return _whole(array.cast(MOMENT, safe=False))
        if array is not None and pa.types.is_integer(array.type):
            return _whole(pc.multiply_checked(array.cast(pa.int64()), 1000).cast(MOMENT))
        if array is not None and (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            return _whole(array.cast(MOMENT))
    except pa.ArrowInvalid:
        pass
    found = [_moment(one) for one in _listed(given)]
    return _whole(pa.array(found, MOMENT))


def _whole(array: pa.Array) -> tuple[pa.Array, NDArray[np.bool_]]:
    return array, _nothing(array)


def _moment(given: object) -> datetime | None:
    try:
        match given:
            case bool():
                return None
            case int() | float():
                return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=given)
            case str():
                read = datetime.fromisoformat(given.strip())
                return read.astimezone(UTC) if read.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return None


def _numbers(given: Column) -> tuple[pa.Array, NDArray[np.bool_]]:
    array = _array(given)
    if array is None or not (
        pa.types.is_floating(array.type) or pa.types.is_integer(array.type) or pa.types.is_null(array.type)
    ):
        listed = _listed(given)
        plain = [float(one) if isinstance(one, int | float) and not isinstance(one, bool) else None for one in listed]
        unread = np.array([one is None and other is not None for one, other in zip(plain, listed)])  # noqa: B905
        array = pa.array(plain, pa.float64())
    else:
        array, unread = array.cast(pa.float64()), np.zeros(len(array), dtype=bool)
    finite = pc.is_finite(array).fill_null(True).to_numpy(zero_copy_only=False)
    return array, unread | ~finite


def _qualities(given: Column) -> tuple[pa.Array, NDArray[np.bool_]]:
    array = _array(given)
    if array is None or not (pa.types.is_integer(array.type) or pa.types.is_null(array.type)):
        listed = _listed(given)
        plain = [
            one if isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= 3 else None for one in listed
        ]
        wrong = np.array([one is None and other is not None for one, other in zip(plain, listed)])  # noqa: B905
        return pa.array(plain, pa.int8()).fill_null(0), wrong
    numbers = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    wrong = (numbers < 0) | (numbers > 3)
    return pa.array(np.where(wrong, 0, numbers).astype(np.int8)), wrong
