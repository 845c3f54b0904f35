"""The areas and enterprises of a post or wall screen: there, and inside the administrator's own."""

import re

from app.doors.admin.fields import Given, refused
from app.doors.admin.reach import OUTSIDE, Reach
from core.errors import ForbiddenError
from core.texts import Text

MOST = 200


def prefix(code: str) -> str:
    """What all codes of an area begin with: GB/T 2260 fills cities and provinces up with noughts.

    >>> prefix("990100"), prefix("990000"), prefix("990106"), prefix("")
    ('9901', '99', '990106', '')
    """
    return code if len(code) != 6 else code.removesuffix("00").removesuffix("00")


def areas_of(given: Given, reach: Reach) -> tuple[str, ...]:
    """One area or more, each inside the caller's own; "" is everywhere."""
    value = given.get("areas")
    if not isinstance(value, list) or not 1 <= len(value) <= MOST or not all(isinstance(one, str) for one in value):
        raise refused("areas", value, Text(f" 1 至 {MOST} 个区划代码的列表", f"a list of 1 to {MOST} area codes"))
    found = tuple(sorted({prefix(code) for code in value}))
    for code in found:
        known = not reach.areas or any(one.startswith(code) for one in reach.areas)
        if code and not (re.fullmatch(r"[0-9]{2,12}", code) and known):
            raise refused("areas", code, Text("本市已有的区划代码", "a code of an area there is"))
        if not reach.caller.scope.covers(code):
            raise ForbiddenError(
                Text(f"区划 {code or '全部'} {OUTSIDE.zh}", f"area {code or 'everywhere'} is {OUTSIDE.en}")
            )
    return found


def enterprises_of(given: Given, reach: Reach, *, needed: bool) -> frozenset[str] | None:
    """The enterprises a post is limited to, or None for no limit; who acts for enterprises must have some."""
    value, own = given.get("enterprises"), reach.caller.scope.enterprises
    if value is None and not needed and own is None:
        return None
    named = value if isinstance(value, list) and 1 <= len(value) <= MOST else [None]
    if not all(isinstance(one, str) and re.fullmatch(r"[0-9A-Za-z-]{2,40}", one) for one in named):
        form = Text(f" 1 至 {MOST} 个统一社会信用代码的列表", f"a list of 1 to {MOST} credit codes of enterprises")
        raise refused("enterprises", value, form)
    if own is not None and not frozenset(named) <= own:
        raise ForbiddenError(Text(f"企业{OUTSIDE.zh}", f"an enterprise is {OUTSIDE.en}"))
    return frozenset(named)
