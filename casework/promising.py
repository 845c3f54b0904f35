"""Rules of the promise of a day: numbers that fit each other, and the day it is for."""

from collections.abc import Mapping
from typing import Any

from casework.casetype import Role
from casework.engine import Asked
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.promises import SafetyPromise

Given = Asked[SafetyPromise]
LEAST = 10


def named_after_the_firm(known: Mapping[str, Any]) -> str:
    """What a promise is called: the enterprise's name."""
    return f"{known.get('enterprise_name') or '企业'}安全承诺"[:120]


def units_add_up(asked: Given) -> Text | None:
    """No more units run and stand than there are."""
    row = asked.row
    if row.running + row.stopped <= row.units:
        return None
    return Text(
        f"运行 {row.running} 套、停车 {row.stopped} 套,多于装置 {row.units} 套",
        f"{row.running} run and {row.stopped} stand: more than the {row.units} units",
    )


def promise_is_worded(asked: Given) -> Text | None:
    """A promise says what is promised."""
    if len(asked.row.promise.strip()) >= LEAST:
        return None
    return Text(f"承诺内容不少于 {LEAST} 个字", f"what is promised takes {LEAST} characters at least")


def is_for_today(asked: Given) -> dict[str, Any]:
    """It is for the day on which it is made."""
    return {"promised_on": local_day(asked.at)}


def nobody_acts_on_a_promise(row: SafetyPromise) -> Role:
    """Nobody is to act; who made it may withdraw it."""
    return Role.ENTERPRISE
