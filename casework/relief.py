"""Penalties out of the common course: evidence held, more time, later payment, decisions put right or revoked.

Law on Administrative Penalties (行政处罚法, 2021) articles 48, 56, 60, 66, 72 and 75.
"""

from datetime import date, datetime, timedelta
from typing import Any

from casework.casetype import Chosen
from casework.documents.wording import day
from casework.engine import Asked
from casework.limits import limit
from casework.papers import Drafting
from casework.penalties import number
from casework.penalty_papers import money
from casework.terms import last_day, local_day
from core.texts import Text
from layers.catalogue.enforcement import Penalty

Given = Asked[Penalty]
Drawn = Drafting[Penalty]
EVIDENCE = ("held", "held_place", "held_approver")
LONGER = ("extend_to", "extend_why", "extend_rule", "extend_by")
LATER = ("delay_why", "instalments", "delay_to")


def nothing_is_held(asked: Given) -> Text | None:
    """One holding of evidence after the other."""
    return None if _open(asked.before) is None else Text("已登记保存的证据尚未处理", "evidence is held already")


def something_is_held(asked: Given) -> Text | None:
    """Only of evidence that is held."""
    return Text("没有待处理的登记保存证据", "no evidence is held") if _open(asked.row) is None else None


def evidence_is_decided_on(asked: Given) -> Text | None:
    """What is held is decided on before the investigation ends (article 56)."""
    if _open(asked.row) is None:
        return None
    until = asked.row.held_until
    return Text(f"先行登记保存的证据须在 {until} 前作出处理决定", f"decide on the evidence held until {until} first")


def another_approves_the_holding(asked: Given) -> Text | None:
    """The head approves it, and not the two who investigate (article 56)."""
    return _another(asked.row.held_approver, asked.row)


def another_approves_the_extension(asked: Given) -> Text | None:
    """The same of more time."""
    return _another(asked.row.extend_by, asked.row)


def extension_is_longer_and_within_the_rule(asked: Given) -> Text | None:
    """More time than before, and no more than the rule in force gives; where none is known the officer cites one."""
    row = asked.row
    before = row.decide_by
    if row.extend_to is None or before is None:
        return None
    if row.extend_to <= before:
        return Text(f"须晚于原期限 {before}", f"it must end after {before}")
    known = number("extend-days", local_day(asked.at))
    if known is None or known.value is None or row.extend_to <= before + timedelta(days=known.value):
        return None
    return Text(
        f"延长不得超过 {known.value:.0f} 日({known.cited})", f"no more than {known.value:.0f} days ({known.cited})"
    )


def payment_is_not_overdue(asked: Given) -> Text | None:
    """What already costs a surcharge is not put off: that would undo it."""
    by = asked.row.pay_by
    if by is None or local_day(asked.at) <= by:
        return None
    return Text(f"缴款期限已于 {by} 届满,加处罚款已经产生", f"it was due on {by}: a surcharge has begun")


def later_payment_adds_up(asked: Given) -> Text | None:
    """The last day is later than before; parts follow each other, end on it and come to the fine."""
    row = asked.row
    if row.delay_to is None or row.pay_by is None:
        return None
    if row.delay_to <= row.pay_by:
        return Text(f"须晚于原缴款期限 {row.pay_by}", f"it must end after {row.pay_by}")
    if not row.instalments:
        return None
    parts = [_part(one) for one in row.instalments]
    sound = [one for one in parts if one is not None]
    days = [when for when, _ in sound]
    if len(sound) < len(parts) or days != sorted(set(days)) or days[0] < local_day(asked.at):
        return Text("分期每行写:日期|数额,按日期先后,不早于今天", "each part: day|amount, in order, from today on")
    if days[-1] != row.delay_to or round(sum(amount for _, amount in sound), 2) != row.amount:
        return Text(
            f"各期合计须为 {row.amount or 0:,.2f} 元,最后一期为 {row.delay_to}",
            f"the parts come to {row.amount or 0:,.2f} CNY and end on {row.delay_to}",
        )
    return None


def holds_evidence(asked: Given) -> dict[str, Any]:
    """When, and until when it has to be decided on."""
    return {
        "held_at": asked.at, "held_until": last_day(asked.ends("penalty-hold", asked.at)), "held_outcome": "",
        "released_at": None,
    }  # fmt: skip


def decides_on_evidence(asked: Given) -> dict[str, Any]:
    """Nothing is held any more."""
    return {"released_at": asked.at}


def gives_more_time(asked: Given) -> dict[str, Any]:
    """The decision is due on the new day."""
    return {"decide_by": asked.row.extend_to, "extended": True}


def lets_pay_later(asked: Given) -> dict[str, Any]:
    """The fine is due on the new day."""
    return {"pay_by": asked.row.delay_to}


def puts_right(asked: Given) -> dict[str, Any]:
    """When it was put right."""
    return {"corrected_at": asked.at}


def revokes(asked: Given) -> dict[str, Any]:
    """When it was revoked."""
    return {"revoked_at": asked.at}


def due_while_undecided(row: Penalty, _: datetime) -> Chosen:
    """Evidence held within seven working days; the decision within ninety days, or by the day it was extended to."""
    if _open(row) is not None:
        return Chosen(rule="penalty-hold", since=row.held_at, until="decide_by")
    return Chosen(until="decide_by") if row.extended else Chosen(rule="penalty-decide", since=row.filed_at)


def hold_days(drafting: Drawn) -> str:
    """How long the law gives to decide on evidence held."""
    return str(limit("penalty-hold", local_day(drafting.at)).term.count)


def held_on(drafting: Drawn) -> str:
    """When it was held."""
    return day(drafting.row.held_at)


def filed_on(drafting: Drawn) -> str:
    """When the case was filed."""
    return day(drafting.row.filed_at)


def payments(drafting: Drawn) -> tuple[str, ...]:
    """Each part of the fine with its day, or the one day."""
    row = drafting.row
    parts = [found for one in row.instalments if (found := _part(one)) is not None]
    return tuple(f"{day(when)}前缴纳{money(amount)}元" for when, amount in parts) or (
        f"{day(row.delay_to)}前缴纳{money(row.amount)}元",
    )


def payments_line(drafting: Drawn) -> str:
    """The same in one line."""
    return "；".join(payments(drafting))


def _open(row: Penalty | None) -> datetime | None:
    return None if row is None or row.released_at is not None else row.held_at


def _another(name: str, row: Penalty) -> Text | None:
    if not name.strip() or name.strip() not in (row.lead, row.second):
        return None
    return Text("须由负责人批准,不能是本案调查人员", "the head approves it, and nobody who investigates")


def _part(text: str) -> tuple[date, float] | None:
    when, _, amount = text.partition("|")
    try:
        found = date.fromisoformat(when.strip()), float(amount.replace(",", "").strip())
    except ValueError:
        return None
    return found if found[1] > 0 else None
