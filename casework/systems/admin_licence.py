"""Administrative licensing: accepted or corrected once, reviewed, decided by another, certificate, renewal and end.

Administrative Licensing Law (行政许可法, 2019); the kinds, their limits and papers are data (`casework/permits.py`).
"""

from enum import StrEnum

from casework.casetype import CaseType, Clock, Copied, Document, Role, Step
from casework.licence_papers import licence_number, licensed_address, received_on
from casework.licensing import (
    accept_term,
    as_licensed,
    asked_before_it_ran_out,
    asks_corrections,
    before_it_runs_out,
    decision_term,
    ends_a_licence,
    extends_once,
    extension_term,
    forwarded_term,
    general_limit_runs,
    grants_a_licence,
    grounds_are_given,
    handled_here,
    holder_was_heard,
    is_accepted,
    is_corrected,
    is_decided,
    is_extended,
    is_numbered,
    is_received,
    is_reviewed,
    kind_can_be_renewed,
    kind_is_given,
    licence_can_be_ended,
    licence_is_given,
    licence_stands,
    limit_is_not_over,
    name_of_the_case,
    not_deemed_renewed,
    not_who_reviewed,
    officers_act_of_their_own,
    one_level,
    papers_are_there,
    papers_of_the_kind,
    preliminary_term,
    told_once,
    turn_of_licensing,
    two_check_the_place,
    two_levels,
    validity_fits,
    was_applied_for,
    was_not_applied_for,
    within_the_notice_term,
)
from casework.reminders import ladders
from core.texts import Text
from layers.catalogue.licences import LICENCE_CASES, LICENCES

ANYBODY = (Role.ENTERPRISE, Role.OFFICER)
OFFICER = (Role.OFFICER,)
FIRM = (Role.ENTERPRISE,)


class State(StrEnum):
    """Where a case of licensing stands (code list `licence_case_state`)."""

    LODGED = "lodged"
    CORRECTING = "correcting"
    PRELIMINARY = "preliminary"
    REVIEWING = "reviewing"
    EXAMINING = "examining"
    DECIDING = "deciding"
    DELIVERING = "delivering"
    GRANTED = "granted"
    ENDED = "ended"
    REFUSED = "refused"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


UNDECIDED = (State.LODGED, State.CORRECTING, State.PRELIMINARY, State.REVIEWING, State.EXAMINING, State.DECIDING)
LODGING = ("title", "matter", "kind", "licence", "enterprise", "address", "scope", "grounds", "site", "geometry")
REVIEW = ("findings", "checked", "checkers", "heard")
CERTIFICATE = ("valid_from", "valid_until", "issuer", "address", "scope")


def law(article: str, en: str) -> Text:
    """An article of the law."""
    return Text(f"《行政许可法》{article}", f"Administrative Licensing Law, {en}")


ADMIN_LICENCE = CaseType(
    id="admin-licence",
    title=Text("行政许可", "Licensing"),
    about=Text(
        "申请、受理或一次告知补正、审查、决定、制证送达;延续、变更、注销、撤销;各证照种类的期限按其专门规定",
        "Applied for, accepted or corrected once, reviewed, decided, delivered; renewed, changed, ended; each kind by "
        "the limits of its own rules",
    ),
    register=LICENCE_CASES,
    states=State,
    start=State.LODGED,
    final=(State.GRANTED, State.ENDED, State.REFUSED, State.REJECTED, State.WITHDRAWN),
    numbering="XK",
    law=Text("《行政许可法》及各证照种类的专门规定", "Administrative Licensing Law, and the rules of each kind"),
    turn=turn_of_licensing,
    documents=(
        Document(
            id="accepted", title=Text("受理通知书", "Notice of acceptance"), form="licence-accepted",
            fills=(received_on,),
        ),
        Document(
            id="corrections", title=Text("补正告知书", "Notice of corrections"), form="licence-corrections",
            fills=(received_on,),
        ),
        Document(
            id="rejected", title=Text("不予受理决定书", "Decision not to accept"), form="licence-rejected",
            fills=(received_on,),
        ),
        Document(
            id="granted", title=Text("准予许可决定书", "Decision to grant"), form="licence-granted",
            fills=(received_on, licensed_address),
        ),
        Document(
            id="refused", title=Text("不予许可决定书", "Decision to refuse"), form="licence-refused",
            fills=(received_on,),
        ),
        Document(
            id="certificate", title=Text("许可证", "Certificate"), form="licence-certificate",
            fills=(licence_number, licensed_address),
        ),
    ),
    reminders=ladders()["licence"],
    public=LICENCES,
    public_copy=as_licensed,
    copied=Copied(
        field="licence", layer=LICENCES, told=("kind", "number", "valid_until"),
        into=(
            ("enterprise", "enterprise"), ("kind", "kind"), ("state", "held_state"), ("valid_from", "held_from"),
            ("valid_until", "held_until"), ("number", "held_number"), ("address", "held_address"),
            ("scope", "held_scope"), ("issuer", "held_issuer"), ("first_from", "first_from"),
        ),
    ),
    choices=papers_of_the_kind,
    named=name_of_the_case,
    steps=(
        Step(
            name="lodge", title=Text("提出申请", "Apply"), opens=True, source=(), target=State.LODGED, by=ANYBODY,
            asks=LODGING, needs=("enterprise",), guards=(kind_is_given, licence_is_given, handled_here,
            officers_act_of_their_own, grounds_are_given, licence_stands, asked_before_it_ran_out,
            licence_can_be_ended, kind_can_be_renewed),
            sets=is_received, deadline=accept_term, law=law("第二十九条、第四十九条、第五十条", "art. 29, 49, 50"),
        ),
        Step(
            name="ask_corrections", title=Text("一次告知补正", "Ask for corrections"), source=(State.LODGED,),
            target=State.CORRECTING, by=OFFICER, asks=("missing", "corrections"), needs=("corrections",),
            guards=(was_applied_for, told_once, within_the_notice_term), sets=asks_corrections, clock=Clock.STOPS,
            documents=("corrections",), law=law("第三十二条第四项", "art. 32(4)"),
        ),
        Step(
            name="correct", title=Text("提交补正", "Correct"), source=(State.CORRECTING,), target=State.LODGED,
            by=ANYBODY, asks=("answer", "address", "scope"), needs=("answer",), files=1, sets=is_corrected,
            clock=Clock.RESUMES, law=law("第三十二条第五项", "art. 32(5)"),
        ),
        Step(
            name="reject", title=Text("不予受理", "Do not accept"), source=(State.LODGED,), target=State.REJECTED,
            by=OFFICER, reason=True, guards=(was_applied_for, within_the_notice_term), documents=("rejected",),
            law=law("第三十二条第一项、第二项", "art. 32(1), (2)"),
        ),
        Step(
            name="accept", title=Text("受理", "Accept"), source=(State.LODGED,), target=State.REVIEWING, by=OFFICER,
            guards=(was_applied_for, papers_are_there, one_level), sets=is_accepted, deadline=decision_term,
            documents=("accepted",), law=law("第三十二条第五项、第四十二条", "art. 32(5), 42"),
        ),
        Step(
            name="accept_first", title=Text("受理并初审", "Accept for preliminary review"), source=(State.LODGED,),
            target=State.PRELIMINARY, by=OFFICER, guards=(was_applied_for, papers_are_there, two_levels),
            sets=is_accepted, deadline=preliminary_term, documents=("accepted",),
            law=law("第三十五条、第四十三条", "art. 35, 43"),
        ),
        Step(
            name="forward", title=Text("报送初审意见", "Forward"), source=(State.PRELIMINARY,), target=State.REVIEWING,
            by=OFFICER, asks=("preliminary",), needs=("preliminary",), deadline=forwarded_term,
            law=law("第三十五条", "art. 35"),
        ),
        Step(
            name="begin_review", title=Text("立案审查", "Begin the review"), source=(State.LODGED,),
            target=State.REVIEWING, by=OFFICER, guards=(was_not_applied_for,), law=law("第六十九条、第七十条",
            "art. 69, 70"),
        ),
        Step(
            name="ask_experts", title=Text("组织专家评审", "Ask experts"), source=(State.REVIEWING,),
            target=State.EXAMINING, by=OFFICER, asks=("expert_days",), needs=("expert_days",), reason=True,
            clock=Clock.STOPS, law=law("第四十五条", "art. 45"),
        ),
        Step(
            name="hear_experts", title=Text("评审结束", "The experts are done"), source=(State.EXAMINING,),
            target=State.REVIEWING, by=OFFICER, reason=True, clock=Clock.RESUMES, deadline=before_it_runs_out,
            law=law("第四十五条", "art. 45"),
        ),
        Step(
            name="review", title=Text("提出审查意见", "Report the review"), source=(State.REVIEWING,),
            target=State.DECIDING, by=OFFICER, asks=REVIEW, needs=("findings",), guards=(two_check_the_place,
            holder_was_heard), sets=is_reviewed, clock=Clock.KEEPS, law=law("第三十四条、第三十六条", "art. 34, 36"),
        ),
        Step(
            name="review_again", title=Text("退回重审", "Return to review"), source=(State.DECIDING,),
            target=State.REVIEWING, by=OFFICER, reason=True, clock=Clock.KEEPS,
        ),
        Step(
            name="extend_limit", title=Text("延长决定期限", "Extend the limit"), source=(State.REVIEWING,
            State.DECIDING), target=None, by=OFFICER, reason=True, guards=(extends_once, general_limit_runs,
            limit_is_not_over), sets=is_extended, deadline=extension_term, law=law("第四十二条第一款", "art. 42(1)"),
        ),
        Step(
            name="grant", title=Text("准予许可", "Grant"), source=(State.DECIDING,), target=State.DELIVERING,
            by=OFFICER, asks=CERTIFICATE, needs=("valid_from", "valid_until", "issuer"), guards=(not_who_reviewed,
            grants_a_licence, licence_stands, validity_fits), sets=is_decided, limit="licence-deliver",
            documents=("granted",), law=law("第三十八条第一款、第四十四条", "art. 38(1), 44"),
        ),
        Step(
            name="refuse", title=Text("不予许可", "Refuse"), source=(State.DECIDING,), target=State.REFUSED,
            by=OFFICER, reason=True, guards=(not_who_reviewed, was_applied_for, not_deemed_renewed), sets=is_decided,
            documents=("refused",), law=law("第三十八条第二款", "art. 38(2)"),
        ),
        Step(
            name="end", title=Text("注销或撤销", "End the licence"), source=(State.DECIDING,), target=State.ENDED,
            by=OFFICER, reason=True, guards=(not_who_reviewed, ends_a_licence, licence_can_be_ended),
            sets=is_decided, law=law("第六十九条、第七十条", "art. 69, 70"),
        ),
        Step(
            name="drop", title=Text("终止审查", "Drop it"), source=(State.LODGED, State.REVIEWING, State.DECIDING),
            target=State.WITHDRAWN, by=OFFICER, reason=True, guards=(was_not_applied_for,),
        ),
        Step(
            name="deliver", title=Text("制证送达", "Deliver the certificate"), source=(State.DELIVERING,),
            target=State.GRANTED, by=OFFICER, asks=("number",), guards=(licence_stands,), sets=is_numbered,
            documents=("certificate",), law=law("第三十九条、第四十四条", "art. 39, 44"),
        ),
        Step(
            name="withdraw", title=Text("撤回申请", "Withdraw"), source=UNDECIDED, target=State.WITHDRAWN, by=FIRM,
            reason=True, guards=(was_applied_for,),
        ),
    ),
)  # fmt: skip
