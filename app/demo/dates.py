"""Moves the demo city to the day it is loaded: times, the dates that count from now, and names that say a date."""

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from core.clock import CHINA
from layers.layer import Layer

FIXED = frozenset({"founded"})
"""Facts of the calendar: a firm was founded when it was. Validity, assessment and stock-taking count from today."""

DATED_NAME = r"^(?P<before>.*“)\d{1,2}·\d{1,2}(?P<after>”.*)$"
YEARLY_CODE = r"^(?P<before>[A-Z]+)\d{4}(?P<after>\d+)$"
YEARLY = frozenset({"accidents"})
"""Layers numbered by the year of the event."""


def moved(layer: Layer, table: pa.Table, days: timedelta) -> pa.Table:
    """The rows of a layer, whole days later; the date in a name and the year in a number follow the row's own time."""
    for place, field in enumerate(table.schema):
        if pa.types.is_temporal(field.type) and field.name not in FIXED:
            later = pc.add(table.column(place).cast(pa.timestamp("us")), pa.scalar(days, pa.duration("us")))
            table = table.set_column(place, field, _as(later, field.type))
    return _named(layer, table) if layer.time in table.column_names else table


def _as(naive: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return pc.assume_timezone(naive, kind.tz).cast(kind) if getattr(kind, "tz", None) else naive.cast(kind)


def _named(layer: Layer, table: pa.Table) -> pa.Table:
    local = table[str(layer.time)].cast(pa.timestamp("us", str(CHINA)))
    day = _joined(_word(pc.month(local)), "·", _word(pc.day(local)))
    if layer.label is not None and layer.label in table.column_names:
        table = _rewritten(table, layer.label, DATED_NAME, day)
    if layer.id in YEARLY:
        table = _rewritten(table, layer.key, YEARLY_CODE, _word(pc.year(local)))
    return table


def _rewritten(table: pa.Table, name: str, pattern: str, said: pa.ChunkedArray) -> pa.Table:
    """What stands between the two groups of the pattern replaced row by row; other texts stay."""
    parts = pc.extract_regex(table[name], pattern)
    written = _joined(pc.struct_field(parts, "before"), said, pc.struct_field(parts, "after"))
    place = table.schema.get_field_index(name)
    return table.set_column(place, table.schema.field(name), pc.coalesce(written, table[name]))


def _word(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    return numbers.cast(pa.string())


def _joined(*parts: pa.ChunkedArray | str) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*parts, "")
