"""Penalties: on the spot or by the general procedure, to payment, enforcement and the archive.

The rules of each step are in `casework.penalty_rules`, what its papers say in `casework.penalty_papers`.
"""

from casework.casetype import CaseType, Clock, Document, Guard, Role, Step
from casework.inquiry import INQUIRY_PAPERS, INQUIRY_STEPS, addressee, no_record_waits
from casework.penalty_papers import (
    DECISIONS,
    EVERY,
    Fill,
    came_from,
    carried_out,
    closed_on,
    decide_days,
    decided_on,
    decision,
    decision_number,
    grounds,
    hearing_days,
    hearing_told,
    in_the_file,
    is_of_a_person,
    is_of_a_unit,
    late_percent,
    outcome,
    owed_now,
    pay_days,
    penalties,
    penalties_line,
    published_on,
    reported_by,
)
from casework.penalty_rules import (
    State,
    adds_suspended_days,
    amount_is_in_range,
    asked_within_the_term,
    begins_suit,
    counts_the_days_to_pay,
    decides,
    decides_on_the_spot,
    files_case,
    has_no_fine,
    head_approves_the_transfer,
    hearing_day_has_come,
    hearing_is_held_by_another,
    hearing_was_held,
    may_ask_for_a_hearing,
    no_suit_is_pending,
    not_heavier_than_told,
    not_who_investigated,
    notice_of_hearing_is_early,
    other_penalties_are_described,
    overdue_and_urged,
    paid_in_full,
    party_is_named,
    reviewed_and_discussed,
    served_in_order,
    statement_is_considered,
    suit_has_days,
    suits_follow_each_other,
    takes_up_again,
    tells_party,
    term_is_over_or_waived,
    two_investigators,
    urges,
    who_acts_on_a_penalty,
    within_the_spot_limit,
)
from casework.publication import (
    due_after_deciding,
    is_not_published,
    is_published,
    penalty_listing,
    published_in_time,
    publishes,
    summary_names_nobody,
)
from casework.relief import (
    EVIDENCE,
    LATER,
    LONGER,
    another_approves_the_extension,
    another_approves_the_holding,
    decides_on_evidence,
    due_while_undecided,
    evidence_is_decided_on,
    extension_is_longer_and_within_the_rule,
    filed_on,
    gives_more_time,
    held_on,
    hold_days,
    holds_evidence,
    later_payment_adds_up,
    lets_pay_later,
    nothing_is_held,
    payment_is_not_overdue,
    payments,
    payments_line,
    puts_right,
    revokes,
    something_is_held,
)
from casework.reminders import ladders
from casework.service import (
    NOTICE,
    RECEIPT,
    SERVED,
    begins_to_be_heard,
    notice_is_served,
    notice_service_is_explained,
    notice_was_served_in_order,
    service_is_explained,
)
from core.texts import Text
from layers.catalogue.enforcement import PENALTIES, PENALTY_LISTINGS

OFFICER = (Role.OFFICER,)
BOTH = (Role.OFFICER, Role.ENTERPRISE)


def _law(article: str, number_: str) -> Text:
    return Text(f"《行政处罚法》{article}", f"Law on Administrative Penalties, art. {number_}")


WHO = ("lead", "lead_no", "second", "second_no")
CASE = ("party", "person", "facts", "evidence", "violated", "kinds", "basis", "amount", "discretion", "details", *WHO)
NEEDED = ("facts", "evidence", "violated", "kinds")
HEARING = ("hearing_on", "hearing_place", "hearing_by")
TRANSFER = ("transfer_to", "transfer_list", "transfer_by")
UNDECIDED = (State.INVESTIGATING, State.TOLD, State.HEARING, State.DECIDING)
DECIDED_SAID: tuple[Fill, ...] = (penalties, grounds, pay_days, late_percent)
LATE_SAID: tuple[Fill, ...] = (decision, decision_number, decided_on, owed_now)
OVER = (State.ARCHIVED, State.DISMISSED, State.TRANSFERRED, State.REVOKED)
DECIDED = (State.DECIDED, State.PAYING, State.ENFORCING, State.CLOSING)


KEPT_NUMBER = (("number", "decision_no"), ("organ", "decided_by"))


def _document(
    id: str, zh: str, en: str, *fills: Fill, when: Guard | None = None, into: tuple[tuple[str, str], ...] = (),
    form: str = "", ends: tuple[str, ...] = (),
) -> Document:  # fmt: skip
    return Document(id=id, title=Text(zh, en), form=form or id, fills=(*EVERY, *fills), when=when, into=into, ends=ends)


PENALTY = CaseType(
    id="penalty",
    title=Text("行政处罚", "Penalties"),
    about=Text(
        "立案、调查、告知、听证、决定、送达、缴款、强制执行、结案归档;当场处罚走简易程序",
        "From filing through investigation, telling, hearing and decision to payment; small ones on the spot",
    ),
    register=PENALTIES,
    states=State,
    start=State.OPENED,
    final=OVER,
    numbering="CF",
    law=Text("《行政处罚法》;《安全生产法》第六章", "Law on Administrative Penalties; Work Safety Law, chapter 6"),
    turn=who_acts_on_a_penalty,
    documents=(
        _document("case-filing", "立案审批表", "Approval to file a case", came_from, decide_days),
        _document("penalty-notice", "行政处罚告知书", "Notice before a penalty", penalties, grounds, hearing_days,
                  hearing_told),
        _document("hearing-right", "听证告知书", "Notice of the right to a hearing", penalties, hearing_days,
                  when=may_ask_for_a_hearing),
        _document("statement-record", "当事人陈述申辩笔录", "Record of statement and defence"),
        _document("hearing-notice", "听证会通知书", "Notice of a hearing"),
        _document("hearing-record", "听证笔录", "Record of a hearing", penalties),
        _document("case-approval", "案件处理呈批表", "Approval of how a case is handled", penalties_line, grounds),
        _document("panel-record", "行政处罚集体讨论记录", "Record of the collective discussion", penalties_line),
        _document("spot-penalty-unit", "行政(当场)处罚决定书(单位)", "Penalty decided on the spot (unit)",
                  *DECIDED_SAID, when=is_of_a_unit, into=KEPT_NUMBER),
        _document("spot-penalty-person", "行政(当场)处罚决定书(个人)", "Penalty decided on the spot (person)",
                  *DECIDED_SAID, when=is_of_a_person, into=KEPT_NUMBER),
        _document("penalty-unit", "行政处罚决定书(单位)", "Decision of administrative penalty (unit)", *DECIDED_SAID,
                  when=is_of_a_unit, into=KEPT_NUMBER),
        _document("penalty-person", "行政处罚决定书(个人)", "Decision of administrative penalty (person)",
                  *DECIDED_SAID, when=is_of_a_person, into=KEPT_NUMBER),
        _document("notice-receipt", "文书送达回执(告知书)", "Receipt of service (notice)", *RECEIPT,
                  form="service-receipt"),
        _document("service-receipt", "文书送达回执", "Receipt of service", *RECEIPT),
        _document("evidence-hold-approval", "先行登记保存证据审批表", "Approval to hold evidence"),
        _document("evidence-hold-notice", "先行登记保存证据通知书", "Notice of evidence held", hold_days),
        _document("evidence-handling-approval", "先行登记保存证据处理审批表", "Approval of what is done with evidence",
                  held_on),
        _document("evidence-handling", "先行登记保存证据处理决定书", "Decision on evidence held", held_on),
        _document("decision-extension", "延长办案期限审批表", "Approval of more time to decide", filed_on),
        _document("payment-delay-approval", "延期(分期)缴纳罚款审批表", "Approval of paying later", decision,
                  payments_line),
        _document("payment-delay", "延期(分期)缴纳罚款批准书", "Leave to pay later or in parts", decision, decided_on,
                  payments, late_percent),
        _document("decision-correction", "行政处罚决定补正书", "Decision put right", decision, decided_on),
        _document("penalty-revocation", "撤销行政处罚决定书", "Revocation of a penalty", decision, decided_on,
                  published_on, ends=DECISIONS),
        _document("payment-reminder", "罚款催缴通知书", "Reminder to pay a fine", *LATE_SAID),
        _document("enforcement-request", "强制执行申请书", "Request for enforcement by the court", *LATE_SAID),
        *INQUIRY_PAPERS,
        _document("hearing-report", "听证会报告书", "Report of a hearing", penalties_line, reported_by),
        _document("transfer-approval", "案件移送审批表", "Approval to transfer a case", came_from),
        _document("transfer-letter", "案件移送书", "Letter transferring a case", addressee),
        _document("file-cover", "案卷（首页）", "Case file, cover", outcome, closed_on, filed_on, decision_number,
                  penalties_line),
        _document("file-contents", "卷内目录", "Case file, contents", in_the_file),
        _document("case-closing", "结案审批表", "Approval to close a case", decision, decision_number, decided_on,
                  penalties_line, carried_out, published_on),
    ),
    reminders=ladders()["penalty"],
    public=PENALTY_LISTINGS,
    public_copy=penalty_listing,
    steps=(
        Step(
            name="open_penalty", title=Text("登记案源", "Register"), opens=True, source=(), target=State.OPENED,
            by=OFFICER, asks=("title", "enterprise", "facts"), needs=("title", "enterprise", "facts"),
        ),
        Step(
            name="decide_on_spot", title=Text("当场处罚", "Decide on the spot"), source=(State.OPENED,),
            target=State.PAYING, by=OFFICER, asks=CASE, needs=NEEDED, files=1, deadline=due_after_deciding,
            guards=(two_investigators, party_is_named, amount_is_in_range, within_the_spot_limit),
            sets=decides_on_the_spot, documents=("spot-penalty-unit", "spot-penalty-person"),
            law=_law("第五十一条、第五十二条", "51 and 52"),
        ),
        Step(
            name="file_case", title=Text("立案", "File the case"), source=(State.OPENED,), target=State.INVESTIGATING,
            by=OFFICER, asks=WHO, needs=WHO, guards=(two_investigators,), sets=files_case, limit="penalty-decide",
            documents=("case-filing",), law=_law("第五十四条、第六十条", "54 and 60"),
        ),
        Step(
            name="do_not_file", title=Text("不予立案", "Do not file"), source=(State.OPENED,),
            target=State.DISMISSED, by=OFFICER, reason=True,
        ),
        *INQUIRY_STEPS,
        Step(
            name="tell_party", title=Text("调查终结,告知", "Investigated: tell the party"),
            source=(State.INVESTIGATING, State.DECIDING), target=State.TOLD, by=OFFICER, asks=(*CASE, "complex"),
            needs=NEEDED, files=1, sets=tells_party, clock=Clock.KEEPS, documents=("penalty-notice", "hearing-right"),
            guards=(two_investigators, party_is_named, amount_is_in_range, other_penalties_are_described,
            evidence_is_decided_on, no_record_waits),
            law=_law("第四十四条、第六十三条", "44 and 63"),
        ),
        Step(
            name="serve_notice", title=Text("送达告知书", "Serve the notice"), source=(State.TOLD,), target=None,
            by=OFFICER, asks=NOTICE, needs=NOTICE[:4], files=1, sets=begins_to_be_heard, documents=("notice-receipt",),
            guards=(notice_was_served_in_order, notice_service_is_explained),
            law=_law("第四十四条、第六十一条", "44 and 61"),
        ),
        Step(
            name="state_defence", title=Text("陈述申辩", "Statement and defence"), source=(State.TOLD,), target=None,
            by=BOTH, asks=("statement",), needs=("statement",), documents=("statement-record",),
            law=_law("第四十五条", "45"),
        ),
        Step(
            name="ask_hearing", title=Text("要求听证", "Ask for a hearing"), source=(State.TOLD,),
            target=State.HEARING, by=BOTH, guards=(may_ask_for_a_hearing, asked_within_the_term), clock=Clock.KEEPS,
            law=_law("第六十三条、第六十四条", "63 and 64"),
        ),
        Step(
            name="end_telling", title=Text("告知期满,提请决定", "Term over: propose the decision"),
            source=(State.TOLD,), target=State.DECIDING, by=OFFICER, asks=("waived", "considered"),
            guards=(notice_is_served, term_is_over_or_waived, statement_is_considered), clock=Clock.KEEPS,
            documents=("case-approval",),
        ),
        Step(
            name="notify_hearing", title=Text("通知听证", "Give notice of the hearing"), source=(State.HEARING,),
            target=None, by=OFFICER, asks=HEARING, needs=HEARING, documents=("hearing-notice",),
            guards=(notice_of_hearing_is_early, hearing_is_held_by_another), law=_law("第六十四条", "64"),
        ),
        Step(
            name="hold_hearing", title=Text("举行听证", "Hold the hearing"), source=(State.HEARING,),
            target=State.DECIDING, by=OFFICER, asks=("hearing_held",), needs=("hearing_held",), files=1,
            guards=(hearing_day_has_come, not_who_investigated), clock=Clock.KEEPS, documents=("hearing-record",),
        ),
        Step(
            name="report_hearing", title=Text("提交听证报告", "Report of the hearing"), source=(State.DECIDING,),
            target=None, by=OFFICER, asks=("hearing_report",), needs=("hearing_report",),
            guards=(hearing_was_held, not_who_investigated), documents=("hearing-report",),
            law=_law("第六十五条", "65"),
        ),
        Step(
            name="review_law", title=Text("法制审核", "Legal review"), source=(State.DECIDING,), target=None,
            by=OFFICER, asks=("reviewed",), needs=("reviewed",), guards=(not_who_investigated,),
            law=_law("第五十八条", "58"),
        ),
        Step(
            name="discuss", title=Text("集体讨论", "Collective discussion"), source=(State.DECIDING,), target=None,
            by=OFFICER, asks=("discussed",), needs=("discussed",), documents=("panel-record",),
            law=_law("第五十七条", "57"),
        ),
        Step(
            name="decide_penalty", title=Text("作出处罚决定", "Decide"), source=(State.DECIDING,),
            target=State.DECIDED, by=OFFICER, asks=("amount", "discretion"), sets=decides, limit="penalty-serve",
            guards=(amount_is_in_range, not_heavier_than_told, reviewed_and_discussed, not_who_investigated),
            documents=("penalty-unit", "penalty-person"), law=_law("第五十七条", "57"),
        ),
        Step(
            name="hold_evidence", title=Text("先行登记保存证据", "Hold evidence"), source=(State.INVESTIGATING,),
            target=None, by=OFFICER, asks=EVIDENCE, needs=EVIDENCE, files=1, sets=holds_evidence,
            guards=(nothing_is_held, another_approves_the_holding), deadline=due_while_undecided,
            documents=("evidence-hold-approval", "evidence-hold-notice"), law=_law("第五十六条", "56"),
        ),
        Step(
            name="handle_evidence", title=Text("处理登记保存的证据", "Decide on the evidence held"), source=UNDECIDED,
            target=None, by=OFFICER, asks=("held_outcome",), needs=("held_outcome",), sets=decides_on_evidence,
            guards=(something_is_held,), deadline=due_while_undecided,
            documents=("evidence-handling-approval", "evidence-handling"), law=_law("第五十六条", "56"),
        ),
        Step(
            name="extend_decision", title=Text("延长办案期限", "More time to decide"), source=UNDECIDED, target=None,
            by=OFFICER, asks=LONGER, needs=LONGER, sets=gives_more_time, deadline=due_while_undecided,
            guards=(extension_is_longer_and_within_the_rule, another_approves_the_extension),
            documents=("decision-extension",), law=_law("第六十条", "60"),
        ),
        Step(
            name="impose_none", title=Text("不予处罚", "No penalty"), source=UNDECIDED, target=State.DISMISSED,
            by=OFFICER, reason=True, law=_law("第五十七条", "57"),
        ),
        Step(
            name="hand_to_justice", title=Text("移送司法机关", "Hand over to justice"), source=UNDECIDED,
            target=State.TRANSFERRED, by=OFFICER, asks=TRANSFER, needs=TRANSFER, reason=True,
            guards=(head_approves_the_transfer, no_record_waits, evidence_is_decided_on),
            documents=("transfer-approval", "transfer-letter"), law=_law("第二十七条、第五十七条", "27 and 57"),
        ),
        Step(
            name="hand_to_other", title=Text("移送其他部门", "Hand over to another authority"),
            source=(State.OPENED, *UNDECIDED), target=State.TRANSFERRED, by=OFFICER, asks=TRANSFER, needs=TRANSFER,
            reason=True, guards=(head_approves_the_transfer, no_record_waits, evidence_is_decided_on),
            documents=("transfer-approval", "transfer-letter"),
            law=Text("《安全生产法》第六十九条", "Work Safety Law, art. 69"),
        ),
        Step(
            name="serve", title=Text("送达", "Serve"), source=(State.DECIDED,), target=State.PAYING, by=OFFICER,
            asks=SERVED, needs=SERVED[:4], files=1, guards=(served_in_order, service_is_explained),
            sets=counts_the_days_to_pay, deadline=due_after_deciding, documents=("service-receipt",),
            law=_law("第六十一条", "61"),
        ),
        Step(
            name="publish_penalty", title=Text("公开处罚决定", "Publish the decision"), source=DECIDED, target=None,
            by=OFFICER, asks=("public_summary",), needs=("public_summary",), sets=publishes,
            guards=(is_not_published, summary_names_nobody), deadline=due_after_deciding,
            law=Text("《安全生产法》第七十八条:决定后七个工作日内", "Work Safety Law, art. 78: within 7 working days"),
        ),
        Step(
            name="ask_delay", title=Text("申请延期或分期缴纳", "Ask to pay later or in parts"), source=(State.PAYING,),
            target=None, by=BOTH, asks=("delay_why",), needs=("delay_why",), files=1, law=_law("第六十六条", "66"),
        ),
        Step(
            name="grant_delay", title=Text("批准延期或分期缴纳", "Let it be paid later"), source=(State.PAYING,),
            target=None, by=OFFICER, asks=LATER, needs=("delay_why", "delay_to"), sets=lets_pay_later,
            guards=(payment_is_not_overdue, later_payment_adds_up), deadline=due_after_deciding,
            documents=("payment-delay-approval", "payment-delay"), law=_law("第六十六条", "66"),
        ),
        Step(
            name="correct_decision", title=Text("补正处罚决定", "Put the decision right"),
            source=(*DECIDED, State.REOPENED), target=None, by=OFFICER, asks=("correction",), needs=("correction",),
            sets=puts_right, documents=("decision-correction",),
        ),
        Step(
            name="revoke_decision", title=Text("撤销处罚决定", "Revoke the decision"),
            source=(*DECIDED, State.REOPENED), target=State.REVOKED, by=OFFICER, asks=("revoked_why",),
            needs=("revoked_why",), reason=True, guards=(not_who_investigated,), sets=revokes,
            documents=("penalty-revocation",), law=_law("第四十八条、第七十五条", "48 and 75"),
        ),
        Step(
            name="begin_suit", title=Text("登记复议或诉讼", "A review or suit begins"),
            source=(State.PAYING, State.ENFORCING), target=None, by=OFFICER, asks=("suspended_from",),
            needs=("suspended_from",), guards=(suits_follow_each_other,), sets=begins_suit,
            law=_law("第七十三条", "73"),
        ),
        Step(
            name="end_suit", title=Text("复议或诉讼结束", "The review or suit is over"),
            source=(State.PAYING, State.ENFORCING), target=None, by=OFFICER, asks=("suspended_to",),
            needs=("suspended_to",), guards=(suit_has_days,), sets=adds_suspended_days, law=_law("第七十三条", "73"),
        ),
        Step(
            name="urge_payment", title=Text("催缴", "Remind to pay"), source=(State.PAYING,), target=None, by=OFFICER,
            files=1, sets=urges, documents=("payment-reminder",),
        ),
        Step(
            name="pay_fine", title=Text("登记缴清", "Register the payment"), source=(State.PAYING, State.ENFORCING),
            target=State.CLOSING, by=OFFICER, asks=("paid_on", "paid", "paid_late", "late_why"),
            needs=("paid_on", "paid"), files=1, deadline=published_in_time, guards=(no_suit_is_pending, paid_in_full),
            law=_law("第六十七条、第七十二条", "67 and 72"),
        ),
        Step(
            name="carry_out", title=Text("其他处罚执行完毕", "Carried out without a fine"), source=(State.PAYING,),
            target=State.CLOSING, by=OFFICER, asks=("executed",), needs=("executed",), guards=(has_no_fine,),
            deadline=published_in_time,
        ),
        Step(
            name="ask_court", title=Text("申请强制执行", "Ask the court to enforce"), source=(State.PAYING,),
            target=State.ENFORCING, by=OFFICER, guards=(overdue_and_urged, no_suit_is_pending), files=1,
            deadline=published_in_time,
            documents=("enforcement-request",), law=_law("第七十二条", "72"),
        ),
        Step(
            name="close_penalty", title=Text("结案归档", "Close and file away"), source=(State.CLOSING,),
            target=State.ARCHIVED, by=OFFICER, asks=("archive_no",), needs=("archive_no",), guards=(is_published,),
            documents=("case-closing",),
        ),
        Step(
            name="reopen", title=Text("归档后重新审查", "Take up again"), source=(State.ARCHIVED,),
            target=State.REOPENED, by=OFFICER, reason=True, guards=(not_who_investigated,), sets=takes_up_again,
            afterwards=True, law=_law("第七十五条", "75"),
        ),
        Step(
            name="keep_decision", title=Text("维持原决定,归档", "Keep the decision"), source=(State.REOPENED,),
            target=State.ARCHIVED, by=OFFICER, reason=True, guards=(not_who_investigated,),
            law=_law("第七十五条", "75"),
        ),
        Step(
            name="bind_file", title=Text("装订案卷", "Bind the file"), source=OVER, target=None, by=OFFICER,
            asks=("archive_no", "file_term"), needs=("archive_no", "file_term"), afterwards=True,
            documents=("file-cover", "file-contents"), law=_law("第四十七条", "47"),
        ),
    ),
)  # fmt: skip
