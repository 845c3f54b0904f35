"""JSON that somebody sent, measured before it is read: what walks it or writes it again recurses as deep as it is."""

import re
from typing import Any

import numpy as np
import orjson

from core.errors import BadInputError
from core.texts import Text
from ogc.limits import LIMITS

MAX_NESTING = LIMITS.json_depth
"""As deep as the deepest filter allowed, whose every condition is an object in an array, with a shape in its middle."""

_QUOTED = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)

_NO_NUMBER = re.compile(rb'"([^"\\]{1,60})"\s*:\s*([-+]?(?:NaN|Infinity|[0-9][0-9.]*[eE][+]?[0-9]{3,})\b)')
"""A value that programs write and JSON does not have, or that is larger than any number is."""


def nesting(document: bytes) -> int:
    """How many objects and arrays lie in one another at the deepest place.

    >>> nesting(b'{"a": [1, "[[["]}')
    2
    """
    letters = np.frombuffer(_QUOTED.sub(b"", document), np.uint8)
    opened = (letters == ord("{")) | (letters == ord("["))
    closed = (letters == ord("}")) | (letters == ord("]"))
    depths = np.cumsum(opened.astype(np.int8) - closed.astype(np.int8), dtype=np.int32)
    return int(depths.max(initial=0))


def json_of(document: bytes, field: str = "body") -> Any:
    """What a document says. Raises BadInputError where it is nested too deeply or is no JSON."""
    if (deep := nesting(document)) > MAX_NESTING:
        raise BadInputError(
            Text(
                f"JSON 嵌套 {deep} 层,超过上限 {MAX_NESTING}",
                f"the JSON is nested {deep} deep, more than {MAX_NESTING}",
            ),
            field=field,
        )
    try:
        return orjson.loads(document)
    except orjson.JSONDecodeError as error:
        strange = _NO_NUMBER.search(document)
        if strange is not None and field == "body":
            name, said = (part.decode("utf-8", "replace") for part in strange.groups())
            rule = Text(f"{name} 不能是 {said},应为数", f"{name} is {said}, no number")
            raise BadInputError(rule, field=name) from error
        place = error.pos + 1
        raise BadInputError(
            Text(f"不是有效的 JSON(第 {place} 个字符处)", f"not JSON: {error.msg} at character {place}"), field=field
        ) from error
