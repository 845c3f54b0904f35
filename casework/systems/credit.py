"""Credit: an enterprise is told, heard, listed for a time, and removed when it is over or earlier on application."""

from enum import StrEnum

from casework.casetype import CaseType, Document, Role, Step
from casework.listing import (
    credit_listing,
    had_time_to_answer,
    is_removed,
    may_ask_removal_now,
    period_is_over,
    puts_on_the_list,
    takes_the_reply,
    tells_the_firm,
)
from casework.registering import FIRM, OFFICER
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.credits import CREDIT_LISTINGS, CREDITS, CreditCase


class State(StrEnum):
    """Where a proposal to list stands (code list `credit_state`)."""

    PROPOSED = "proposed"
    TOLD = "told"
    LISTED = "listed"
    REMOVING = "removing"
    REMOVED = "removed"
    DROPPED = "dropped"


def office_lists(_: CreditCase) -> Role:
    """The office is to act; a firm that was told may answer or not."""
    return Role.OFFICER


CREDIT = CaseType(
    id="credit", title=Text("安全生产诚信管理", "Credit"),
    about=Text("严重失信主体:提出、告知、陈述申辩、列入公示、移出", "Told, heard, listed, removed"),
    register=CREDITS, states=State, start=State.PROPOSED, standing=(State.LISTED,), numbering="XY", turn=office_lists,
    final=(State.REMOVED, State.DROPPED), reminders=ladders()["register"], public=CREDIT_LISTINGS,
    public_copy=credit_listing,
    law=Text("安全生产严重失信主体名单管理办法(应急管理部令第11号,未核对原文)", "Order 11 (text not at hand)"),
    documents=(Document(id="notice", title=Text("列入告知书", "Notice of the intended listing")),
               Document(id="decision", title=Text("列入决定书", "Decision to list"))),
    steps=(
        Step(name="propose", title=Text("提出列入", "Propose"), opens=True, source=(), target=State.PROPOSED,
             by=OFFICER, asks=("title", "enterprise", "condition", "grounds", "decision"),
             needs=("title", "enterprise", "condition", "grounds"), limit="credit-tell"),
        Step(name="tell", title=Text("告知企业", "Tell the enterprise"), source=(State.PROPOSED,), target=State.TOLD,
             by=OFFICER, sets=tells_the_firm, limit="credit-reply", documents=("notice",)),
        Step(name="answer", title=Text("陈述申辩", "Answer"), source=(State.TOLD,), target=None, by=FIRM,
             asks=("reply",), needs=("reply",), sets=takes_the_reply),
        Step(name="list_firm", title=Text("列入名单", "List"), source=(State.TOLD,), target=State.LISTED, by=OFFICER,
             reason=True, guards=(had_time_to_answer,), sets=puts_on_the_list, until="listed_until",
             documents=("decision",)),
        Step(name="drop", title=Text("不予列入", "Drop"), source=(State.PROPOSED, State.TOLD), target=State.DROPPED,
             by=OFFICER, reason=True),
        Step(name="ask_removal", title=Text("申请提前移出", "Ask for removal"), source=(State.LISTED,), by=FIRM,
             target=State.REMOVING, asks=("removal_why",), needs=("removal_why",), guards=(may_ask_removal_now,),
             limit="credit-remove"),
        Step(name="keep_listed", title=Text("不同意移出", "Keep listed"), source=(State.REMOVING,),
             target=State.LISTED, by=OFFICER, reason=True, until="listed_until"),
        Step(name="remove", title=Text("同意提前移出", "Remove early"), source=(State.REMOVING,),
             target=State.REMOVED, by=OFFICER, reason=True, sets=is_removed),
        Step(name="expire", title=Text("期满移出", "Remove at the end"), source=(State.LISTED,), target=State.REMOVED,
             by=OFFICER, guards=(period_is_over,), sets=is_removed),
    ),
)  # fmt: skip
