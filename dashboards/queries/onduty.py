"""Who is on duty now, by post, as a page shows it: the reader's own posts, the highest first, then those above."""

import re
from datetime import datetime
from typing import Any

from core.clock import iso
from core.scope import Scope
from core.texts import Lang
from dashboards.queries.wording import code_label
from emergency.duty.roster import Watch, on_duty
from layers.catalogue import DUTY_SHIFTS
from store.protocol import Store

NAME_ENDS = re.compile("[,，、]")
"""A person is kept as name and unit."""


def posts_on_duty(store: Store, now: datetime, *, scope: Scope, lang: Lang) -> list[dict[str, Any]] | None:
    """Posts with their people; those of neither the reader's areas nor of one above are left out. None: not open."""
    if store.catalogue.find(DUTY_SHIFTS.id, scope) is None:
        return None
    posts: dict[tuple[bool, int, str, str], list[Watch]] = {}
    for one in on_duty(store, now, scope=scope):
        above, own = _stem(one.area), scope.covers(one.area)
        if own or any(area.startswith(above) for area in scope.areas):
            posts.setdefault((not own, len(above), one.area, one.post), []).append(one)
    return [
        {
            "post": post,
            "people": [
                {"name": NAME_ENDS.split(one.person)[0], "person": one.person, "role": one.role,
                 "role_word": code_label("duty_role", one.role, lang), "until": iso(one.ends_at)}
                for one in people
            ],
        }
        for (_, _, _, post), people in sorted(posts.items())
    ]  # fmt: skip


def _stem(area: str) -> str:
    """The code without the pairs of zeros that stand for all below it.

    >>> _stem("990100"), _stem("990106"), _stem("991000")
    ('9901', '990106', '9910')
    """
    while area.endswith("00"):
        area = area[:-2]
    return area
