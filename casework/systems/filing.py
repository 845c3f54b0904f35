"""Filings: lodged, checked by the limit of their kind, standing until they are to be filed anew."""

from typing import Any

from casework.casetype import CaseType, Copied, Document
from casework.engine import Asked
from casework.filing_papers import accepted_on, filing_number, late_told, lodged_on
from casework.registering import WORDS, Registration, office_checks, register_steps, rule_of
from casework.reminders import ladders
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.filings import FILINGS, Filing
from layers.catalogue.intermediaries import INTERMEDIARIES

ASKS = ("title", "kind", "enterprise", "about", "basis_on", "agency", "geometry")


def agency_is_qualified(asked: Asked[Filing]) -> Text | None:
    """A report counts while its agency stands in the register and its qualification runs."""
    row, today = asked.row, local_day(asked.at)
    if not row.agency or (row.agency_state == "standing" and (row.agency_until or today) >= today):
        return None
    return Text(
        f"出具报告的机构“{row.agency_name}”资质已过期或不在册", f"the agency {row.agency_name!r} is not qualified now"
    )


def notes_lateness(asked: Asked[Filing]) -> dict[str, Any]:
    """Whether it was lodged after the time its kind has for it; a late one is taken and marked."""
    rule, day = rule_of(asked.row, "lodge"), asked.row.basis_on
    if rule is None or day is None:
        return {"late": False}
    begun = asked.at.replace(year=day.year, month=day.month, day=day.day)
    return {"late": asked.at > asked.ends(rule, begun)}


FILING = CaseType(
    id="filing",
    title=Text("备案登记", "Filings"),
    about=Text(
        "应急预案、建设项目安全设施、职业病危害等网上备案,按种类核对期限,到期重新备案",
        "Emergency plans, safety facilities of projects and occupational hazards, each checked by its own limit",
    ),
    register=FILINGS,
    states=Registration,
    start=Registration.LODGED,
    standing=(Registration.STANDING,),
    final=(Registration.ENDED, Registration.REJECTED),
    numbering="BA",
    law=Text("《生产安全事故应急预案管理办法》等(未核对原文)", "Rules on emergency plans (text not at hand)"),
    turn=office_checks,
    documents=(
        Document(
            id="receipt", title=Text("备案登记表", "Receipt of the filing"), form="filing-receipt", ends=("receipt",),
            fills=(filing_number, accepted_on, lodged_on, late_told),
        ),
    ),
    reminders=ladders()["register"],
    copied=Copied(
        field="agency", layer=INTERMEDIARIES,
        into=(("title", "agency_name"), ("state", "agency_state"), ("valid_until", "agency_until")),
    ),
    steps=register_steps(
        ASKS, ("title", "kind", "enterprise"), guards=(agency_is_qualified,), lodges=notes_lateness,
        checks=("checked",), checked=(agency_is_qualified,), papers=("receipt",),
        words=(Text("申报备案", "File"), Text("准予备案", "Accept the filing"), WORDS[2]),
    ),
)  # fmt: skip
