"""Tags of OpenStreetMap as values of ours, whole columns at once; what cannot be read gives no value."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Column = Callable[[pa.Table], pa.Array]

_FEET, _INCH, _MILE = 0.3048, 0.0254, 1.609344


def _tag(table: pa.Table, key: str) -> pa.Array:
    if key not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    column = table[key].combine_chunks()
    whole = column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)
    return pc.utf8_trim_whitespace(whole.cast(pa.string()))


def first(*keys: str | tuple[str, ...]) -> Column:
    """The first of several tags that is given; a tuple is joined by spaces from those of its parts that are."""

    def column(table: pa.Table) -> pa.Array:
        found = []
        for key in keys:
            if isinstance(key, str):
                found.append(_tag(table, key))
            else:
                parts = (pc.fill_null(_tag(table, part), "") for part in key)
                joined = pc.binary_join_element_wise(*parts, " ")
                joined = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, r"\s+", " "))
                found.append(pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined))
        return pc.coalesce(*found)

    return column


def given(key: str, value: str) -> Column:
    """The tag says just this."""
    return lambda table: pc.fill_null(pc.equal(pc.utf8_lower(_tag(table, key)), value), False)


def yes(key: str) -> Column:
    """The tag is given and does not say no: a bridge may be a viaduct."""
    return lambda table: pc.fill_null(pc.invert(pc.equal(_tag(table, key), "no")), False)


def implied_oneway(table: pa.Table) -> pa.Array:
    """One way because it says so, or because motorways and roundabouts are unless they say otherwise."""
    said = _tag(table, "oneway")
    implied = pc.or_(
        pc.fill_null(pc.is_in(_tag(table, "highway"), value_set=pa.array(["motorway", "motorway_link"])), False),
        pc.fill_null(pc.is_in(_tag(table, "junction"), value_set=pa.array(["roundabout", "circular"])), False),
    )
    stated = pc.is_in(said, value_set=pa.array(["yes", "true", "1", "-1", "reverse"]))
    return pc.if_else(pc.is_valid(said), stated, implied)


def backwards(table: pa.Table) -> np.ndarray:
    """Ways whose one direction is against the order of their points."""
    against = pc.is_in(_tag(table, "oneway"), value_set=pa.array(["-1", "reverse"]))
    return np.asarray(pc.fill_null(against, False).to_numpy(zero_copy_only=False), bool)


def number(key: str, *, most: int) -> Column:
    """A count from 0 to `most`; fractions are rounded down, as half a floor is no floor."""

    def column(table: pa.Table) -> pa.Array:
        return _within(pc.floor(_matched(_tag(table, key), r"^(?P<n>[0-9]{1,5}(?:\.[0-9]+)?)$")), most).cast(pa.int64())

    return column


def metres(key: str, *, most: float) -> Column:
    """A length in metres, the unit written or not, or in feet and inches."""

    def column(table: pa.Table) -> pa.Array:
        text = _tag(table, key)
        plain = _matched(text, r"^(?P<n>[0-9]{1,5}(?:\.[0-9]+)?)\s*m?$")
        feet = pc.multiply(_matched(text, r"^(?P<n>[0-9]{1,4}(?:\.[0-9]+)?)\s*(?:'|ft)"), _FEET)
        inches = pc.multiply(_matched(text, r"^[0-9]{1,4}'\s*(?P<n>[0-9]{1,2}(?:\.[0-9]+)?)(?:\"|'')$"), _INCH)
        return _within(pc.coalesce(plain, pc.add(feet, pc.fill_null(inches, 0.0))), most)

    return column


def speed(key: str) -> Column:
    """Kilometres an hour, from miles where it says so."""

    def column(table: pa.Table) -> pa.Array:
        text = _tag(table, key)
        plain = _matched(text, r"^(?P<n>[0-9]{1,3}(?:\.[0-9]+)?)\s*(?:km/h|kmh|kph)?$")
        miles = pc.multiply(_matched(text, r"^(?P<n>[0-9]{1,3}(?:\.[0-9]+)?)\s*mph$"), _MILE)
        return _within(pc.round(pc.coalesce(plain, miles), 1), 200.0)

    return column


def _matched(text: pa.Array, pattern: str) -> pa.Array:
    return pc.struct_field(pc.extract_regex(text, pattern), "n").cast(pa.float64())


def _within(column: pa.Array, most: float) -> pa.Array:
    return pc.if_else(pc.less_equal(column, most), column, pa.scalar(None, pa.float64()))
