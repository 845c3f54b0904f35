"""JSON: a list of readings, or one object whose members are columns; a single value stands for all its rows.

[{"point": "P1", "ts": "2026-11-28T20:00:00+08:00", "v": 1.5, "q": 0}]
{"point": "P1", "ts": [1795824000000, 1795824001000], "v": [1.5, null]}
"""

from typing import Any

import numpy as np
import orjson

from core.errors import BadInputError
from core.texts import Text
from monitoring.formats.columns import FIELDS, sent, too_many
from monitoring.readings import MOST_ROWS, Sent

ROW = Text("须为对象,含 point、ts、v", "must be an object with point, ts and v")


def from_json(body: bytes, most: int = MOST_ROWS) -> Sent:
    """The readings of a document in UTF-8."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInputError(Text(f"不是有效的 JSON:{error}", f"not JSON: {error}"), field="body") from error
    if isinstance(given, list):
        return from_rows(given, most)
    if isinstance(given, dict):
        return _columns(given, most)
    raise BadInputError(
        Text("须为读数的数组,或以列表示的对象", "must be a list of readings, or an object of columns"), field="body"
    )


def from_rows(given: list[Any], most: int = MOST_ROWS) -> Sent:
    """The readings of rows as a document has them."""
    if len(given) > most:
        raise too_many(len(given), most)
    places = [n for n, row in enumerate(given, 1) if isinstance(row, dict)]
    rows = given if len(places) == len(given) else [row for row in given if isinstance(row, dict)]
    columns = {name: [row.get(name) for row in rows] for name in FIELDS}
    found = sent(columns, len(rows), np.array(places, dtype=np.int32), most=most)
    wrong = [(n, row) for n, row in enumerate(given, 1) if not isinstance(row, dict)] if rows is not given else []
    found.faults.note("reading", ROW, [n for n, _ in wrong], [row for _, row in wrong])
    return Sent(found.table, len(given), found.faults)


def _columns(given: dict[str, Any], most: int) -> Sent:
    lists = {name: column for name in FIELDS if isinstance(column := given.get(name), list)}
    lengths = {name: len(column) for name, column in lists.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise BadInputError(Text(f"各列长度须相同({said})", f"columns must be equally long ({said})"), field="body")
    count = max(lengths.values(), default=1)
    if count > most:
        raise too_many(count, most)
    return sent({name: lists.get(name, [given.get(name)] * count) for name in FIELDS}, count, most=most)
