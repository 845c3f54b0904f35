"""Whom a notice or a calendar entry is meant for: a choice of what to show, never a right."""

from typing import Any

from core.caller import UserClass
from core.scope import Scope


def reach(area: str) -> str:
    """The prefix that an area's own subordinates share.

    >>> reach("990100"), reach("990106"), reach("990106201")
    ('9901', '990106', '990106201')
    """
    return area[:4] if len(area) == 6 and area.endswith("00") else area


def meant_for(row: dict[str, Any], scope: Scope, user_class: UserClass) -> bool:
    """The row names the reader's class (or none), and an area that the reader's own lies in."""
    above = reach(row["area"])
    near = scope.everywhere or any(prefix.startswith(above) for prefix in scope.areas)
    return near and (not row["audience"] or user_class.value in row["audience"])
