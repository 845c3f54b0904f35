"""The fields of what administrators send: each refused by name, with the value and what is allowed."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

import orjson

from core.clock import CHINA, from_iso, iso
from core.errors import BadInputError
from core.texts import Text

Given = dict[str, Any]
MANY = 500
"""Names in one list."""


def refused(name: str, value: object, allowed: Text) -> BadInputError:
    """The error of one field."""
    words = orjson.dumps(value, default=str).decode()[:60]
    return BadInputError(
        Text(f"{name} 不能是 {words},应为{allowed.zh}", f"{name} cannot be {words}; it must be {allowed.en}"),
        field=name,
    )


def only(given: Given, *names: str) -> None:
    """Nothing but these fields: a misspelt one is said, not passed over."""
    unknown = next((name for name in given if name not in names), None)
    if unknown is not None:
        raise BadInputError(
            Text(
                f"没有字段“{unknown[:40]}”,可用:{'、'.join(names)}",
                f"no field {unknown[:40]!r}; there are: {', '.join(names)}",
            ),
            field=unknown[:40],
        )


def words(given: Given, name: str, *, longest: int, empty: bool = False) -> str:
    """A text without space around it and without control characters."""
    value = given.get(name, "" if empty else None)
    least = 0 if empty else 1
    text = value.strip() if isinstance(value, str) else ""
    fits = isinstance(value, str) and least <= len(text) <= longest and text.isprintable()
    if not fits:
        raise refused(
            name, value, Text(f" {least} 至 {longest} 个字的文本", f"a text of {least} to {longest} characters")
        )
    return text


def matching(given: Given, name: str, pattern: str, allowed: Text) -> str:
    """A text of a given form."""
    value = given.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise refused(name, value, allowed)
    return value


def one_of(given: Given, name: str, allowed: Collection[str]) -> str:
    """One word of a list."""
    value = given.get(name)
    if not isinstance(value, str) or value not in allowed:
        raise refused(name, value, _listed(allowed))
    return value


def flag(given: Given, name: str) -> bool:
    """True or false."""
    value = given.get(name)
    if not isinstance(value, bool):
        raise refused(name, value, Text(" true 或 false", "true or false"))
    return value


def number(given: Given, name: str, low: int, high: int) -> int:
    """A whole number between two."""
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise refused(name, value, Text(f" {low} 至 {high} 的整数", f"a whole number from {low} to {high}"))
    return value


def moment(given: Given, name: str, *, after: datetime | None = None) -> datetime | None:
    """A time with its offset, later than another; null or nothing is none."""
    value = given.get(name)
    if value is None or value == "":
        return None
    form = Text("带时区的时刻(2026-12-01T18:00:00+08:00)", "a time with offset (2026-12-01T18:00:00+08:00)")
    try:
        found = from_iso(value) if isinstance(value, str) else None
        _ = found and found.astimezone(CHINA)  # the last hours of year 9999 are none on our clock
    except (ValueError, OverflowError):
        found = None
    if found is None:
        raise refused(name, value, form)
    if after is not None and found <= after:
        raise refused(name, value, Text(f"晚于 {iso(after)} 的时刻", f"later than {iso(after)}"))
    return found


def several(given: Given, name: str, allowed: Collection[str]) -> frozenset[str]:
    """Words of a list; none of them twice."""
    value = given.get(name)
    if not isinstance(value, list) or len(value) > MANY or not all(isinstance(one, str) for one in value):
        raise refused(name, value, Text(f"至多 {MANY} 项的列表", f"a list of at most {MANY}"))
    strange = next((one for one in value if one not in allowed), None)
    if strange is not None:
        raise refused(name, strange, _listed(allowed))
    return frozenset(value)


def _listed(allowed: Collection[str]) -> Text:
    first = sorted(allowed)[:20]
    more = "…" if len(allowed) > len(first) else ""
    return Text("其中之一:" + "、".join(first) + more, "one of: " + ", ".join(first) + more)


def prose(given: Given, name: str, longest: int) -> str:
    """Words of several lines, without the space round them. Raises: BadInputError for what is none, or longer."""
    value = given.get(name)
    text = value.strip() if isinstance(value, str) else ""
    plain = text.replace("\n", "").replace("\r", "")
    if not isinstance(value, str) or len(text) > longest or not (plain.isprintable() or not plain):
        raise refused(name, value, Text(f"至多 {longest} 个字的文本", f"a text of at most {longest} characters"))
    return text
