"""Rules of penalties: what the law asks of each step, and what follows from it.

Law on Administrative Penalties (行政处罚法, 2021) articles 42 to 73; amounts are the officer's, within the basis.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from casework.calendar import end_of
from casework.casetype import Role
from casework.engine import Asked
from casework.penalties import bases, number, surcharge
from casework.terms import last_day, local_day
from core.texts import Text
from layers.catalogue.enforcement import Penalty

Given = Asked[Penalty]
HEAVY = frozenset({"confiscation", "suspension", "revocation"})


class State(StrEnum):
    """Where a penalty case stands (code list `penalty_state`)."""

    OPENED = "opened"
    INVESTIGATING = "investigating"
    TOLD = "told"
    HEARING = "hearing"
    DECIDING = "deciding"
    DECIDED = "decided"
    PAYING = "paying"
    ENFORCING = "enforcing"
    CLOSING = "closing"
    ARCHIVED = "archived"
    DISMISSED = "dismissed"
    TRANSFERRED = "transferred"
    REOPENED = "reopened"
    REVOKED = "revoked"


def two_investigators(asked: Given) -> Text | None:
    """Two different officers with certificates (article 42)."""
    row = asked.row
    if row.lead and row.second and row.lead_no and row.second_no and row.lead != row.second:
        return (
            None if row.lead_no != row.second_no else Text("两人的执法证号不能相同", "their certificates must differ")
        )
    return Text("执法人员不得少于两人,须写明姓名和执法证号", "two officers at least, with names and certificates")


def party_is_named(asked: Given) -> Text | None:
    """A person who is penalised is named."""
    if asked.row.party != "person" or asked.row.person.strip():
        return None
    return Text("处罚个人的须填写姓名", "name the person")


def amount_is_in_range(asked: Given) -> Text | None:
    """A fine lies within what its basis allows for this kind of party, and says why this much."""
    row = asked.row
    if ("fine" in row.kinds) != bool(row.amount):
        return Text("选罚款的须填数额,未选的不填", "a fine has an amount, and nothing else has")
    if "fine" not in row.kinds:
        return None
    basis = bases().get(row.basis)
    if basis is None:
        return Text("罚款须选择处罚依据", "choose the basis of the fine")
    if basis.party != row.party:
        return Text("所选依据不适用于该类被处罚人", "that basis is for another kind of party")
    if row.amount is None or not basis.least <= row.amount <= basis.most:
        return Text(
            f"依据规定的罚款为 {basis.least:,.0f} 至 {basis.most:,.0f} 元",
            f"the basis allows {basis.least:,.0f} to {basis.most:,.0f} CNY",
        )
    return None if row.discretion.strip() else Text("须写明裁量理由", "say why this amount")


def other_penalties_are_described(asked: Given) -> Text | None:
    """What is confiscated, stopped or revoked is said in its particulars (article 59)."""
    if not HEAVY & set(asked.row.kinds) or asked.row.details.strip():
        return None
    return Text("没收、停产停业、吊销等处罚须写明具体内容", "say what is confiscated, stopped or revoked")


def hearing_is_held_by_another(asked: Given) -> Text | None:
    """A hearing is not held by whoever investigated (article 64)."""
    if asked.row.hearing_by.strip() not in (asked.row.lead, asked.row.second):
        return None
    return Text("听证主持人不能是本案调查人员", "whoever investigated cannot hold the hearing")


def within_the_spot_limit(asked: Given) -> Text | None:
    """On the spot only a warning, or a fine up to the limit of article 51."""
    row = asked.row
    most = number(f"spot-{row.party}", local_day(asked.at))
    if most is None or most.value is None:
        return Text(
            "现行当场处罚限额未收录,请适用普通程序", "the limit in force is not known: use the general procedure"
        )
    if set(row.kinds) <= {"warning", "fine"} and row.kinds and (row.amount or 0) <= most.value:
        return None
    return Text(
        f"当场处罚限于警告或 {most.value:,.0f} 元以下罚款({most.cited})",
        f"on the spot: a warning, or a fine of {most.value:,.0f} CNY at most ({most.cited})",
    )


def has_a_hearing_right(row: Penalty, on: date) -> bool:
    """Article 63; where the threshold in force is not known every fine counts as large."""
    most = number(f"hearing-{row.party}", on)
    large = bool(row.amount) and (most is None or most.value is None or (row.amount or 0) >= most.value)
    return large or bool(HEAVY & set(row.kinds))


def may_ask_for_a_hearing(asked: Given) -> Text | None:
    """A hearing may be asked for where the right to it was told."""
    return None if asked.row.hearing_right else Text("本案未达到听证条件", "there is no right to a hearing here")


def asked_within_the_term(asked: Given) -> Text | None:
    """A hearing is asked for within five working days of being told."""
    told = None if asked.row.notice_on is None else asked.row.told_at_law
    if told is None or asked.at < (end := asked.ends("penalty-hearing-ask", told)):
        return None
    return Text(f"要求听证的期限已于 {last_day(end)} 届满", f"the term to ask for it ended on {last_day(end)}")


def term_is_over_or_waived(asked: Given) -> Text | None:
    """Nothing is decided before the term to be heard is over, or was waived in writing."""
    told = asked.row.told_at_law
    if asked.row.waived or told is None or asked.at >= (end := asked.ends("penalty-hearing-ask", told)):
        return None
    return Text(
        f"陈述申辩和要求听证期限至 {last_day(end)},当事人未书面放弃的不得提前",
        f"the party may be heard until {last_day(end)}, unless waived in writing",
    )


def statement_is_considered(asked: Given) -> Text | None:
    """A statement is answered (article 45)."""
    if not asked.row.statement.strip() or asked.row.considered.strip():
        return None
    return Text("当事人陈述申辩的,须写明复核意见", "say how the statement was considered")


def notice_of_hearing_is_early(asked: Given) -> Text | None:
    """A hearing is told of seven working days before."""
    if asked.row.hearing_on is None:
        return None
    first = last_day(asked.ends("penalty-hearing-notice", asked.at)) + timedelta(days=1)
    if asked.row.hearing_on >= first:
        return None
    return Text(f"须在听证七个工作日前通知,最早 {first}", f"told seven working days ahead: {first} at the earliest")


def hearing_day_has_come(asked: Given) -> Text | None:
    """A hearing was told of and its day has come."""
    day = asked.row.hearing_on
    if day is not None and day <= local_day(asked.at):
        return None
    return Text("尚未通知听证或未到听证日期", "the hearing was not told of, or its day has not come")


def not_who_investigated(asked: Given) -> Text | None:
    """Hearing and legal review are not held by who investigated."""
    if asked.row.investigated_by != asked.who.account:
        return None
    return Text("听证主持人、法制审核人员不能是本案调查人员", "whoever investigated cannot do this")


def reviewed_and_discussed(asked: Given) -> Text | None:
    """After a hearing and in complex cases law is reviewed (article 58) and the case discussed (article 57)."""
    row = asked.row
    if not (row.complex or row.hearing_held.strip()):
        return None
    if not row.reviewed.strip():
        return Text("经过听证或重大复杂的案件须先经法制审核", "a legal review comes first")
    if row.complex and not row.discussed.strip():
        return Text("重大、复杂案件须经负责人集体讨论", "a collective discussion comes first")
    return None


def not_heavier_than_told(asked: Given) -> Text | None:
    """Whoever speaks up is not fined more for it (article 45)."""
    if (asked.row.amount or 0) <= (asked.row.told_amount or 0):
        return None
    return Text("罚款不得高于告知的数额,需加重的应重新告知", "no more than was told; tell the party again first")


def served_in_order(asked: Given) -> Text | None:
    """It is served on or after the day it was decided, and not in the future."""
    row = asked.row
    if row.served_on is None or row.decided_at is None:
        return None
    if local_day(row.decided_at) <= row.served_on <= local_day(asked.at):
        return None
    return Text("送达日期须在决定日期与今天之间", "served between the decision and today")


def owed_late(row: Penalty, paid_on: date) -> float | None:
    """The surcharge of a fine paid on a day; None where the rate in force is not known."""
    rate = number("late-rate", paid_on)
    if row.pay_by is None or rate is None or rate.value is None:
        return None
    return surcharge(row.amount or 0, row.pay_by, paid_on, row.suspended, rate.value)


def paid_in_full(asked: Given) -> Text | None:
    """The whole fine, and the surcharge of the law unless a reason is written."""
    row = asked.row
    if row.paid_on is None or row.paid is None:
        return None
    if row.paid_on > local_day(asked.at) or (row.served_on is not None and row.paid_on < row.served_on):
        return Text("缴清日期须在送达日期与今天之间", "paid between the service and today")
    if row.paid != row.amount:
        return Text(f"应缴罚款 {row.amount or 0:,.2f} 元", f"the fine is {row.amount or 0:,.2f} CNY")
    owed = owed_late(row, row.paid_on)
    if owed is None or (row.paid_late or 0) == owed or row.late_why.strip():
        return None
    return Text(
        f"逾期应加处罚款 {owed:,.2f} 元(每日百分之三,不超过罚款数额);不一致的须写明理由",
        f"the surcharge is {owed:,.2f} CNY (3 % a day, at most the fine); say why where it differs",
    )


def no_suit_is_pending(asked: Given) -> Text | None:
    """A review or suit that began has ended."""
    if asked.row.suspended_from is None or asked.row.suspended_to is not None:
        return None
    return Text("复议或诉讼尚未登记结束", "the review or suit has not ended")


def suits_follow_each_other(asked: Given) -> Text | None:
    """A review or suit begins by today, after the one before has ended."""
    start, before = asked.row.suspended_from, asked.before
    if start is None:
        return None
    if before is not None and before.suspended_from is not None:
        if before.suspended_to is None:
            return Text("上一次复议或诉讼尚未结束", "the one before has not ended")
        if start <= before.suspended_to:
            return Text(f"须在上一次结束日期 {before.suspended_to} 之后", f"begins after {before.suspended_to}")
    return None if start <= local_day(asked.at) else Text("开始日期不能晚于今天", "it cannot begin in the future")


def suit_has_days(asked: Given) -> Text | None:
    """A review or suit ends after it began, and by today."""
    start, end = asked.row.suspended_from, asked.row.suspended_to
    if start is None or end is None or start <= end <= local_day(asked.at):
        return None
    return Text("结束日期须在开始日期与今天之间", "it ends between its beginning and today")


def overdue_and_urged(asked: Given) -> Text | None:
    """The court is asked after the time is over and the party was reminded."""
    row = asked.row
    if row.pay_by is not None and end_of(row.pay_by) <= asked.at and row.urged:
        return None
    return Text("须缴款期限届满并已催缴", "the time to pay must be over, and the party reminded")


def has_no_fine(asked: Given) -> Text | None:
    """Nothing is to be paid."""
    return None if not asked.row.amount else Text("有罚款的须登记缴清", "the fine is to be paid")


def files_case(asked: Given) -> dict[str, Any]:
    """When it was filed, and by when it has to be decided."""
    return {"filed_at": asked.at, "decide_by": last_day(asked.ends("penalty-decide", asked.at))}


def tells_party(asked: Given) -> dict[str, Any]:
    """When, how much, and whether there is a right to a hearing."""
    row = asked.row
    return {
        "told_at_law": asked.at, "told_amount": row.amount, "investigated_by": asked.who.account, "waived": False,
        "hearing_right": has_a_hearing_right(row, local_day(asked.at)), "statement": "", "considered": "",
        "notice_on": None, "notice_how": "", "notice_to": "", "notice_place": "", "notice_note": "",
        "hear_by": None,
    }  # fmt: skip


def hearing_was_held(asked: Given) -> Text | None:
    """A report is of a hearing that was held."""
    return None if asked.row.hearing_held.strip() else Text("没有举行听证", "no hearing was held")


def head_approves_the_transfer(asked: Given) -> Text | None:
    """The head approves it, and nobody who investigates."""
    name = asked.row.transfer_by.strip()
    if not name or name not in (asked.row.lead, asked.row.second):
        return None
    return Text("须由负责人批准,不能是本案调查人员", "the head approves it, and nobody who investigates")


def takes_up_again(asked: Given) -> dict[str, Any]:
    """When."""
    return {"reopened_at": asked.at}


def decides(asked: Given) -> dict[str, Any]:
    """When it was decided."""
    return {"decided_at": asked.at}


def decides_on_the_spot(asked: Given) -> dict[str, Any]:
    """Decided and handed over at once."""
    today = local_day(asked.at)
    by = last_day(asked.ends("penalty-pay", asked.at))
    return {"decided_at": asked.at, "simple": True, "served_on": today, "pay_by": by}


def counts_the_days_to_pay(asked: Given) -> dict[str, Any]:
    """Fifteen days from the day of service."""
    day = asked.row.served_on
    assert day is not None
    return {"pay_by": last_day(asked.ends("penalty-pay", end_of(day) - timedelta(hours=1)))}


def begins_suit(_: Given) -> dict[str, Any]:
    """It has no end yet."""
    return {"suspended_to": None}


def adds_suspended_days(asked: Given) -> dict[str, Any]:
    """Days of the review or suit after the time to pay, which the surcharge does not count."""
    start, end, by = asked.row.suspended_from, asked.row.suspended_to, asked.row.pay_by
    if start is None or end is None or by is None:
        return {}
    first = max(start, by + timedelta(days=1))
    return {"suspended": asked.row.suspended + max(0, (end - first).days + 1)}


def urges(_: Given) -> dict[str, Any]:
    """The party was reminded."""
    return {"urged": True}


def who_acts_on_a_penalty(row: Penalty) -> Role:
    """The party pays once all is published; officers do the rest."""
    theirs = row.state == State.PAYING and row.published_at is not None
    return Role.ENTERPRISE if theirs else Role.OFFICER


def penalty_of_check(row: Any) -> dict[str, Any]:
    """The penalty case that an officer opens from a check."""
    return {
        "title": f"{row.enterprise_name}涉嫌安全生产违法"[:120],
        "enterprise": row.enterprise,
        "facts": row.findings,
    }
