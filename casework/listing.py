"""Rules of listing an enterprise for dishonesty: told, heard, listed for a time, removed; what the public reads."""

from datetime import datetime
from typing import Any

from casework.calendar import end_of
from casework.engine import Asked
from casework.terms import last_day, local_day
from core.clock import CHINA
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.credits import CreditCase, CreditListing

Given = Asked[CreditCase]


def had_time_to_answer(asked: Given) -> Text | None:
    """Listed only after the enterprise answered or its time to answer is over."""
    told = asked.row.told_firm_at
    if asked.row.replied_at is not None or told is None or asked.at >= asked.ends("credit-reply", told):
        return None
    day, term = last_day(asked.ends("credit-reply", told)), asked.term("credit-reply")
    return Text(f"陈述申辩期({term.zh},至 {day})未满", f"it may answer until {day} ({term.en})")


def may_ask_removal_now(asked: Given) -> Text | None:
    """Early removal is asked for after a time on the list."""
    day = asked.row.listed_on
    ends = None if day is None else asked.ends("credit-early", datetime(day.year, day.month, day.day, 9, tzinfo=CHINA))
    if ends is None or asked.at >= ends:
        return None
    term = asked.term("credit-early")
    return Text(f"列入满{term.zh}后方可申请提前移出", f"early removal is asked for after {term.en} on the list")


def period_is_over(asked: Given) -> Text | None:
    """What is removed without an application has been listed its full time."""
    until = asked.row.listed_until
    if until is None or asked.at >= end_of(until):
        return None
    return Text(f"管理期限至 {until},尚未届满", f"it is listed until {until}")


def tells_the_firm(asked: Given) -> dict[str, Any]:
    """The time to answer runs from now."""
    return {"told_firm_at": asked.at, "reply": "", "replied_at": None}


def takes_the_reply(asked: Given) -> dict[str, Any]:
    """It has answered."""
    return {"replied_at": asked.at}


def puts_on_the_list(asked: Given) -> dict[str, Any]:
    """Listed from today for the time of the rule."""
    return {"listed_on": local_day(asked.at), "listed_until": last_day(asked.ends("credit-period", asked.at))}


def is_removed(asked: Given) -> dict[str, Any]:
    """Off the list from today."""
    return {"removed_on": local_day(asked.at)}


def credit_listing(row: CreditCase) -> CreditListing | None:
    """What the public reads while the enterprise is listed; a removed one is told to officers only."""
    if row.listed_on is None:
        return None
    off = row.removed_on is not None
    return CreditListing(
        code=row.code, title=f"{row.enterprise_name or '某单位'}列入严重失信主体名单", enterprise=row.enterprise,
        enterprise_name=row.enterprise_name, condition=row.condition, listed_on=row.listed_on,
        listed_until=row.listed_until, area=row.area, geometry=row.geometry,
        sensitivity=Sensitivity.INTERNAL if off else Sensitivity.PUBLIC,
    )  # fmt: skip
