"""Service of documents: how, when, to whom and where; a term that runs from service runs from the day registered here.

Law on Administrative Penalties (行政处罚法, 2021) article 61. The ways of service are those of the Civil Procedure Law,
whose text was not at hand.
"""

from datetime import timedelta
from typing import Any

from casework.calendar import end_of
from casework.documents.wording import day as day_words
from casework.engine import Asked
from casework.papers import Drafting
from casework.terms import last_day, local_day
from core.texts import Text
from layers.catalogue.enforcement import Penalty, SiteCheck
from layers.codes import code_list

EXPLAINED = frozenset({"left", "electronic", "notice", "entrusted"})
"""Ways of service that need more than a signature."""
NOTICE = ("notice_on", "notice_how", "notice_to", "notice_place", "notice_note")
SERVED = ("served_on", "served_how", "served_to", "served_place", "served_note")
NOTICES = ("penalty-notice", "hearing-right")
DECISIONS = ("penalty-unit", "penalty-person")


def service_is_explained(asked: Asked[Any]) -> Text | None:
    """What was left, published or sent electronically says how that was witnessed or agreed."""
    return _explained(asked.row.served_how, asked.row.served_note)


def notice_service_is_explained(asked: Asked[Penalty]) -> Text | None:
    """The same of the notice."""
    return _explained(asked.row.notice_how, asked.row.notice_note)


def notice_was_served_in_order(asked: Asked[Penalty]) -> Text | None:
    """The notice is served on or after the day it was made, and not in the future."""
    day = asked.row.notice_on
    if day is None or local_day(asked.row.state_since) <= day <= local_day(asked.at):
        return None
    return Text("告知书送达日期须在告知与今天之间", "the notice is served between its making and today")


def notice_is_served(asked: Asked[Penalty]) -> Text | None:
    """Nothing is decided before the notice was served, or everything was waived in writing."""
    if asked.row.notice_on is not None or asked.row.waived:
        return None
    return Text("告知书尚未登记送达", "the notice has not been served")


def order_was_served_in_order(asked: Asked[SiteCheck]) -> Text | None:
    """The order is served after the record was signed, and not in the future."""
    day, signed = asked.row.served_on, asked.row.signed_at
    if day is None or signed is None or local_day(signed) <= day <= local_day(asked.at):
        return None
    return Text("送达日期须在签字确认与今天之间", "served between the signature and today")


def begins_to_be_heard(asked: Asked[Penalty]) -> dict[str, Any]:
    """The party may be heard from the day of service."""
    day = asked.row.notice_on
    if day is None:
        return {}
    told = end_of(day) - timedelta(hours=1)
    return {"told_at_law": told, "hear_by": last_day(asked.ends("penalty-hearing-ask", told))}


def served_paper(drafting: Drafting[Any]) -> str:
    """Which documents were served, with their numbers."""
    names = NOTICES if drafting.document == "notice-receipt" else (*DECISIONS, "rectify-order")
    papers = [one for one in (drafting.last(name) for name in names) if one is not None]
    return "；".join(f"{one.title} {one.number}" for one in papers)


def service_day(drafting: Drafting[Any]) -> str:
    """When they were served."""
    day = drafting.row.notice_on if drafting.document == "notice-receipt" else drafting.row.served_on
    return day_words(day)


def served_how(drafting: Drafting[Any]) -> str:
    """How they were served."""
    way = _of(drafting, "how")
    return next((one.title.zh for one in code_list("service_way") if one.code == way), way)


def served_to(drafting: Drafting[Any]) -> str:
    """Who received them."""
    return _of(drafting, "to")


def served_place(drafting: Drafting[Any]) -> str:
    """Where they were served."""
    return _of(drafting, "place")


def served_note(drafting: Drafting[Any]) -> str:
    """What else there is to say."""
    return _of(drafting, "note")


def _of(drafting: Drafting[Any], what: str) -> str:
    of = "notice" if drafting.document == "notice-receipt" else "served"
    return str(getattr(drafting.row, f"{of}_{what}"))


def _explained(way: str, note: str) -> Text | None:
    if way not in EXPLAINED or note.strip():
        return None
    return Text(
        "留置、电子、委托、公告送达的须在备注中写明见证、确认书或者公告情况",
        "say in the remarks who witnessed it, what was agreed, or where the notice stood",
    )


RECEIPT = (served_paper, service_day, served_how, served_to, served_place, served_note)
"""What a receipt of service asks for."""
