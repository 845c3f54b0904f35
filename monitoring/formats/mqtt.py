"""A message of a broker: `safety/ENTERPRISE/EQUIPMENT/POINT` with `{"ts": …, "v": …, "q": …}`, or several of them.

Where a reading names no point of its own, the last level of the topic is its point. No public standard says how
readings are put into MQTT; the topic is ours.
"""

from dataclasses import dataclass
from typing import Any

import orjson

from core.errors import BadInputError
from core.texts import Text

ROOT = "safety"
LONGEST = 1_000_000
"""Bytes of a message."""


@dataclass(frozen=True, slots=True)
class Told:
    """The rows of a message, and the enterprise whose topic it came by (None: another kind of topic)."""

    owner: str | None
    rows: list[dict[str, Any]]


def rows_of(topic: str, payload: bytes) -> Told:
    """The readings of a message."""
    if len(payload) > LONGEST:
        raise BadInputError(
            Text(f"消息超过 {LONGEST} 字节", f"a message of more than {LONGEST} bytes"), field="payload"
        )
    try:
        given = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise BadInputError(Text(f"不是有效的 JSON:{error}", f"not JSON: {error}"), field="payload") from error
    rows = given if isinstance(given, list) else [given]
    if not all(isinstance(row, dict) for row in rows):
        raise BadInputError(Text("须为读数或其列表", "must be a reading or a list of them"), field="payload")
    levels = topic.split("/")
    named = [row if isinstance(row.get("point"), str) else {**row, "point": levels[-1]} for row in rows]
    return Told(levels[1] if levels[0] == ROOT and len(levels) > 2 else None, named)
