"""Columns of text as files deliver them, turned into the types a layer keeps; what cannot be is marked, not guessed."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.texts import Text
from layers.fields import FieldSpec, Kind

ARROW: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.REAL: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("us", "UTC"),
    Kind.LIST: pa.list_(pa.string()),
}

EXPECTED: dict[Kind, Text] = {
    Kind.TEXT: Text("应为文本", "must be text"),
    Kind.INTEGER: Text("应为整数", "must be a whole number"),
    Kind.REAL: Text("应为数值", "must be a number"),
    Kind.BOOLEAN: Text("应为“是”或“否”", "must be yes or no"),
    Kind.DATE: Text("应为日期,如 2026-11-24", "must be a date such as 2026-11-24"),
    Kind.DATETIME: Text("应为时间,如 2026-11-24 13:42", "must be a time such as 2026-11-24 13:42"),
    Kind.LIST: Text("应为以顿号或分号分隔的清单", "must be a list separated by semicolons"),
}

_YES = ("是", "有", "true", "t", "yes", "y", "1", "√", "对", "1.0")
_NO = ("否", "无", "false", "f", "no", "n", "0", "×", "x", "没有", "0.0")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBER = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,400})?(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?$"
_DATE = r"^(?P<y>[0-9]{4})[-/.年](?P<m>[0-9]{1,2})[-/.月](?P<d>[0-9]{1,2})日?"
_CLOCK = r"[T\s]*(?P<h>[0-9]{1,2})[::时](?P<min>[0-9]{1,2})(?:[::分](?:(?P<s>[0-9]{1,2})秒?)?)?"
_TIME = rf"(?:{_CLOCK}(?:\.(?P<f>[0-9]{{1,6}})[0-9]*)?)?"
_ZONE = r"\s*(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})?$"


def converted(column: pa.Array, spec: FieldSpec) -> tuple[pa.Array, np.ndarray]:
    """The column in the field's type, and which rows could not be converted (null there); blank text is null."""
    target = ARROW[spec.kind]
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_string(column.type):
        return _from_typed(column, spec.kind, target)
    text = pc.utf8_trim_whitespace(column)
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    match spec.kind:
        case Kind.TEXT:
            return text, np.zeros(len(text), bool)
        case Kind.INTEGER | Kind.REAL:
            found = _numbers(text, whole=spec.kind is Kind.INTEGER)
        case Kind.BOOLEAN:
            found = _booleans(text)
        case Kind.DATE:
            found = _moments(text, local=False).cast(pa.date32())
        case Kind.DATETIME:
            found = _moments(text, local=True)
        case Kind.LIST:
            found = _lists(text)
    return found, _mask(pc.and_(pc.is_valid(text), pc.is_null(found)))


def _mask(column: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), bool)


def _from_typed(column: pa.Array, kind: Kind, target: pa.DataType) -> tuple[pa.Array, np.ndarray]:
    """Columns that already have a type; a type that means something else makes every value wrong."""
    none = np.zeros(len(column), bool)
    if kind is Kind.DATETIME and pa.types.is_timestamp(column.type) and column.type.tz is None:
        column = pc.assume_timezone(column, "Asia/Shanghai", ambiguous="earliest", nonexistent="latest")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
        if kind is Kind.INTEGER:
            whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 2.0**53))
            wrong = _mask(pc.invert(whole))
            return pc.if_else(whole, column, None).cast(target), wrong
        if kind is Kind.TEXT:
            whole = _mask(pc.equal(column, pc.floor(column)))
            numbers = pc.if_else(pa.array(whole), column, pa.scalar(None, column.type)).cast(pa.int64(), safe=False)
            return pc.coalesce(numbers.cast(target), column.cast(target)), none
    try:
        return column.cast(target), none
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.nulls(len(column), target), _mask(pc.is_valid(column))


def month_only(column: pa.Array, kind: Kind) -> np.ndarray:
    """Which texts name a month and no day; they are kept as its first day, and whoever checks says so."""
    if kind not in (Kind.DATE, Kind.DATETIME) or not pa.types.is_string(column.type):
        return np.zeros(len(column), bool)
    text = pc.utf8_trim_whitespace(column)
    return _mask(pc.and_(pc.is_valid(text), pc.not_equal(first_of_month(text), text)))


def first_of_month(text: pa.Array) -> pa.Array:
    """`2016年8月`, `2016-08`, `August 2016` and `Aug-16` as the first of the month.

    Two digits of a year mean 1969 to 2068, as POSIX has it.
    """
    found = pc.replace_substring_regex(text, r"^([0-9]{4})[-/.年]([0-9]{1,2})月?$", r"\1-\2-01")
    if not pc.any(pc.match_substring_regex(found, r"^[A-Za-z]{3}")).as_py():
        return found
    for number, name in enumerate(_MONTHS, 1):
        word = rf"(?i)^{name[:3]}(?:{name[3:]})?[-\s.]+"
        for year, century in ((r"([0-9]{4})", ""), (r"([0-5][0-9]|6[0-8])", "20"), (r"(69|[7-9][0-9])", "19")):
            found = pc.replace_substring_regex(found, word + year + "$", rf"{century}\1-{number:02d}-01")
    return found


def _numbers(text: pa.Array, *, whole: bool) -> pa.Array:
    bare = pc.replace_substring(text, "%", "")
    fits = pc.and_(pc.match_substring_regex(bare, _NUMBER), pc.match_substring_regex(bare, "[0-9]"))
    clean = pc.if_else(fits, pc.replace_substring(bare, ",", ""), pa.scalar(None, pa.string()))
    clean = pc.replace_substring_regex(clean, r"^\+", "")
    numbers = pc.cast(clean, pa.float64())
    if not whole:
        return numbers
    integral = pc.and_(pc.equal(numbers, pc.floor(numbers)), pc.less_equal(pc.abs(numbers), 2.0**53))
    return pc.if_else(integral, numbers, pa.scalar(None, pa.float64())).cast(pa.int64())


def _booleans(text: pa.Array) -> pa.Array:
    low = pc.utf8_lower(text)
    yes, no = pc.is_in(low, value_set=pa.array(_YES)), pc.is_in(low, value_set=pa.array(_NO))
    return pc.if_else(pc.or_(yes, no), yes, pa.scalar(None, pa.bool_()))


def _lists(text: pa.Array) -> pa.Array:
    even = pc.replace_substring_regex(text, r"\s*[;;、,,|]\s*", ";")
    return pc.split_pattern(pc.utf8_trim(even, characters=";"), ";")


def _moments(text: pa.Array, *, local: bool) -> pa.Array:
    """UTC times (or, for dates, midnight); a time without an offset is Chinese local time."""
    dashed = pc.replace_substring_regex(first_of_month(text), r"^([0-9]{4})([0-9]{2})([0-9]{2})(\D|$)", r"\1-\2-\3\4")
    parts = pc.extract_regex(dashed, _DATE + _TIME + _ZONE)

    def part(name: str, default: int) -> Any:
        word = pc.struct_field(parts, name)
        empty = pc.or_kleene(pc.is_null(word), pc.equal(word, ""))
        return pc.if_else(empty, str(default), word).cast(pa.int32()).to_numpy(zero_copy_only=False)

    found = _mask(pc.is_valid(parts))
    year, month, day = part("y", 1970), part("m", 1), part("d", 1)
    hour, minute, second = part("h", 0), part("min", 0), part("s", 0)
    first = ((np.clip(year, 1, 9999) - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("M8[M]")
    length = ((first + np.timedelta64(1, "M")).astype("M8[D]") - first.astype("M8[D]")).astype(int)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= length) & (year >= 1800)
    real &= (hour < 24) & (minute < 60) & (second < 60)
    seconds = hour * 3600 + minute * 60 + second
    when = (first.astype("M8[D]") + np.where(real, day - 1, 0).astype("m8[D]")).astype("M8[us]")
    when = when + seconds.astype("m8[s]")
    fraction = pc.struct_field(parts, "f")
    micros = pc.utf8_rpad(pc.if_else(pc.is_valid(fraction), fraction, ""), 6, "0").cast(pa.int64())
    when = when + micros.to_numpy(zero_copy_only=False).astype("m8[us]")
    moments = pa.array(when, pa.timestamp("us"), mask=~(found & real))
    if not local:
        return moments
    zone = pc.if_else(pc.is_valid(parts), pc.struct_field(parts, "z"), "")
    bare = _mask(pc.equal(pc.fill_null(zone, ""), ""))
    here = pc.assume_timezone(moments, "Asia/Shanghai", ambiguous="earliest", nonexistent="latest")
    signs = pc.replace_substring(pc.if_else(pc.equal(zone, "Z"), "+0000", zone), ":", "")
    signs = pc.if_else(pa.array(bare), "+0000", signs)
    minutes = pc.utf8_slice_codeunits(signs, 1, 3).cast(pa.int32()).to_numpy(zero_copy_only=False) * 60
    minutes = minutes + pc.utf8_slice_codeunits(signs, 3, 5).cast(pa.int32()).to_numpy(zero_copy_only=False)
    west = _mask(pc.starts_with(signs, "-"))
    shift = np.where(west, minutes, -minutes).astype("m8[m]")
    there = pa.array(when + shift, pa.timestamp("us", "UTC"), mask=~(found & real))
    return pc.if_else(pa.array(bare), here.cast(pa.timestamp("us", "UTC")), there)
