"""On-site checks: planned, carried out by two officers with an item list, signed, what fails ordered to be mended.

Work Safety Law (安全生产法, 2021) articles 62, 65, 67; Law on Administrative Penalties (行政处罚法, 2021) article 42.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from casework.calendar import end_of
from casework.casetype import CaseType, Document, Role, Step
from casework.check_papers import (
    arranged_by,
    began,
    ended,
    findings,
    found,
    handled_by,
    measures_taken,
    officers,
    order,
    order_number,
    ordered_on,
    ordered_until,
    place,
    present,
    problems,
    record_lines,
    requirements,
)
from casework.checklists import Mark, answered, items_of
from casework.engine import Asked
from casework.progress import Progress
from casework.reminders import ladders
from casework.seizing import SEIZURE_PAPERS, SEIZURE_STEPS, seizure_is_decided_on
from casework.service import RECEIPT, SERVED, order_was_served_in_order, service_is_explained
from casework.signatures import is_drawn
from casework.terms import local_day
from core.canonical import canonical_json, sha256
from core.clock import iso
from core.texts import Text
from gis.measure import distances
from gis.shapes import LonLat
from layers.catalogue.enforcement import SITE_CHECKS, SiteCheck

OFFICER = (Role.OFFICER,)
ANYBODY = (Role.ENTERPRISE, Role.OFFICER)
Given = Asked[SiteCheck]
A_MINUTE = timedelta(minutes=1)
"""Times are filled in to the minute."""


class State(StrEnum):
    """Where a check stands (code list `check_state`)."""

    PLANNED = "planned"
    ON_SITE = "on_site"
    SIGNING = "signing"
    FOUND = "found"
    MENDING = "mending"
    RECHECKING = "rechecking"
    CLOSED = "closed"
    CANCELLED = "cancelled"


LAW_62 = Text("《安全生产法》第六十二条", "Work Safety Law, art. 62")
LAW_65 = Text("《安全生产法》第六十五条", "Work Safety Law, art. 65")
LAW_67 = Text("《安全生产法》第六十七条", "Work Safety Law, art. 67")
LAW_42 = Text("《行政处罚法》第四十二条", "Law on Administrative Penalties, art. 42")


def checked_from_today_on(asked: Given) -> Text | None:
    """A check is planned for today or later."""
    if asked.row.check_by is None or asked.row.check_by >= local_day(asked.at):
        return None
    return Text("检查期限不能早于今天", "a check cannot be planned for a day that is over")


def item_of_a_plan_in_force(asked: Given) -> Text | None:
    """The item named is there, of a plan in force, and asks for enterprises such as this one."""
    facts = asked.facts or {}
    if "item" not in facts:
        return None
    found: Progress | None = facts["item"]
    if found is None or not facts["in_force"]:
        return Text("计划项目不存在,或计划未在执行中", "the item is not there, or its plan is not in force")
    item = found.item
    if not asked.row.area.startswith(item.area) or (item.sector and item.sector != asked.row.sector):
        return Text("该企业不在此计划项目的区域或行业内", "the enterprise is not of the area or industry of this item")
    return None


def plan_is_made(asked: Given) -> Text | None:
    """A check that a draw opened has its inspection plan before anybody goes there."""
    if not asked.row.draw or asked.row.planned_at is not None:
        return None
    return Text("须先制定现场检查方案", "make the inspection plan first")


def makes_the_plan(asked: Given) -> dict[str, Any]:
    """When."""
    return {"planned_at": asked.at}


def two_officers(asked: Given) -> Text | None:
    """Two officers at least, each with a certificate (article 42)."""
    row = asked.row
    if not (row.lead and row.second and row.lead_no and row.second_no):
        return Text("执法人员不得少于两人,须写明姓名和执法证号", "two officers at least, with names and certificates")
    if row.lead == row.second or row.lead_no == row.second_no:
        return Text("主办和协办须为两个人,执法证号不能相同", "the two officers must be two people")
    return None


def position_is_told(asked: Given) -> Text | None:
    """Whoever arrives tells the place where they are."""
    before = asked.before
    if asked.row.geometry is not None and (before is None or asked.row.geometry != before.geometry):
        return None
    return Text("到场须取得现场位置,请点“取本机位置”或在图上点选", "tell where you are: use your position or pick it")


def every_item_is_answered(asked: Given) -> Text | None:
    """Every item of the industry's list is answered: conforms, does not, or not applicable."""
    found, wrong = answered(asked.row.items)
    begun = asked.row.arrived_at or asked.at
    listed = {one.id for one in items_of(asked.row.sector, local_day(begun))}
    given = [one.item for one in found]
    if wrong or len(set(given)) < len(given) or not set(given) <= listed:
        return Text("检查项目的填写有误,请重新打开表单", "the items are not well formed; open the form again")
    left = len(listed) - len(given)
    return None if not left else Text(f"还有 {left} 项未填写检查结果", f"{left} items have no answer")


def what_fails_is_described(asked: Given) -> Text | None:
    """An item that does not conform says what was found."""
    bare = [one.item for one in answered(asked.row.items)[0] if one.mark is Mark.FAILS and len(one.note) < 2]
    if not bare:
        return None
    return Text(f"不符合项须写明情况:{'、'.join(bare)}", f"say what was found of: {', '.join(bare)}")


def second_officer_signs(asked: Given) -> Text | None:
    """Whoever wrote the record does not confirm it: the second officer does."""
    if asked.row.recorded_by != asked.who.account:
        return None
    return Text("检查记录须由另一名执法人员以本人账号确认", "the other officer confirms the record by an own account")


def missing_signature_is_explained(asked: Given) -> Text | None:
    """A record that the party did not sign says why."""
    if asked.row.signature in ("", "signed") or asked.row.signature_note.strip():
        return None
    return Text("当事人拒签或不在场的,须写明情况", "say why the party did not sign")


def signature_is_there(asked: Given) -> Text | None:
    """A record said to be signed holds the signature: drawn on the screen, or photographed on paper."""
    if asked.row.signature != "signed" or asked.files or is_drawn(asked.row.party_signature):
        return None
    return Text("须由当事人在屏幕上签名,或附签字页照片", "let the party sign on the screen, or attach the page signed")


def left_after_the_record(asked: Given) -> Text | None:
    """Nobody leaves before the record was written, or later than now."""
    row = asked.row
    if row.left_at is None or ((row.recorded_at or row.left_at) <= row.left_at + A_MINUTE and row.left_at <= asked.at):
        return None
    return Text(
        "离开时间不能早于检查记录填写时间,也不能晚于现在", "the time of leaving lies between the record and now"
    )


def nothing_fails(asked: Given) -> Text | None:
    """Every item conforms or does not apply."""
    if asked.row.failing == 0:
        return None
    return Text(f"有 {asked.row.failing} 项不符合,不能按无问题办结", f"{asked.row.failing} items do not conform")


def something_fails(asked: Given) -> Text | None:
    """Something was found."""
    return None if asked.row.failing else Text("没有不符合项", "every item conforms")


def mended_after_today(asked: Given) -> Text | None:
    """The time to mend ends after today."""
    if asked.row.mend_by is None or asked.row.mend_by > local_day(asked.at):
        return None
    return Text("整改期限须晚于今天", "the time to mend must end after today")


def time_to_mend_grows(asked: Given) -> Text | None:
    """An extension ends later than the time it extends."""
    before = None if asked.before is None else asked.before.mend_by
    if before is None or asked.row.mend_by is None or asked.row.mend_by > before:
        return None
    return Text(f"延期后的日期须晚于原期限 {before}", f"the extension must end after {before}")


def time_to_mend_is_over(asked: Given) -> Text | None:
    """Nobody rechecks of office before the time to mend is over."""
    if asked.row.mend_by is None or end_of(asked.row.mend_by) <= asked.at:
        return None
    return Text(
        f"整改期限 {asked.row.mend_by} 尚未届满,可待企业申报或期满后复查",
        f"the time to mend runs until {asked.row.mend_by}: recheck when it is over or reported mended",
    )


def not_rechecked_by_who_mended(asked: Given) -> Text | None:
    """Whoever reported it mended does not recheck it."""
    if not asked.row.mended_by or asked.row.mended_by != asked.who.account:
        return None
    return Text("复查人不能是申报整改完成的人", "whoever reported it mended cannot recheck it")


def arrives(asked: Given) -> dict[str, Any]:
    """When, and how far from the registered place."""
    old = None if asked.before is None else asked.before.geometry
    new = asked.row.geometry
    if old is None or new is None:
        return {"arrived_at": asked.at}
    then, now = old.representative_point(), new.representative_point()
    metres = float(distances(LonLat(then.x, then.y), [now.x], [now.y])[0])
    return {"arrived_at": asked.at, "distance": round(metres, 1)}


def records(asked: Given) -> dict[str, Any]:
    """Who wrote the record and when, and how many items conform."""
    marks = [one.mark for one in answered(asked.row.items)[0]]
    return {
        "recorded_by": asked.who.account, "recorded_at": asked.at, "conforming": marks.count(Mark.CONFORMS),
        "failing": marks.count(Mark.FAILS), "photos": asked.attached,
    }  # fmt: skip


def signs(asked: Given) -> dict[str, Any]:
    """When it was signed, and the hash of all it says."""
    told = {"signed_at": asked.at, "left_at": asked.row.left_at or asked.at}
    return {**told, "record_hash": record_hash(asked.row.model_copy(update=told))}


def record_hash(row: SiteCheck) -> str:
    """The hash of what a signed record says."""
    said: dict[str, Any] = {
        "code": row.code, "enterprise": row.enterprise, "items": list(row.items), "findings": row.findings,
        "lead": row.lead, "lead_no": row.lead_no, "second": row.second, "second_no": row.second_no,
        "party": row.party, "signature": row.signature, "signature_note": row.signature_note,
        "arrived_at": None if row.arrived_at is None else iso(row.arrived_at),
        "recorded_at": None if row.recorded_at is None else iso(row.recorded_at),
    }  # fmt: skip
    if row.left_at is not None:  # records signed before leaving was written down are hashed without these
        said |= {
            "left_at": iso(row.left_at), "photos": list(row.photos), "fix_accuracy": row.fix_accuracy,
            "place": None if row.geometry is None else row.geometry.wkb_hex, "party_signature": row.party_signature,
            "signed_at": None if row.signed_at is None else iso(row.signed_at),
        }  # fmt: skip
    return sha256(canonical_json(said))


def remembers_who_reported(asked: Given) -> dict[str, Any]:
    """The account that may not recheck it."""
    return {"mended_by": asked.who.account}


def one_more_recheck(asked: Given) -> dict[str, Any]:
    """One more recheck."""
    return {"rechecks": asked.row.rechecks + 1}


def who_acts_on_a_check(row: SiteCheck) -> Role:
    """The enterprise mends; officers do the rest."""
    return Role.ENTERPRISE if row.state == State.MENDING else Role.OFFICER


def danger_of_check(row: SiteCheck) -> dict[str, Any]:
    """The hidden danger that an officer registers at a check."""
    return {
        "title": row.danger_title, "place": row.danger_place, "origin": "inspection", "enterprise": row.enterprise,
        "found_at": row.arrived_at, "found_by": row.lead, "description": row.findings, "geometry": row.geometry,
    }  # fmt: skip


OFFICERS = ("lead", "lead_no", "second", "second_no")

SITE_CHECK = CaseType(
    id="site-check",
    title=Text("现场检查", "On-site checks"),
    about=Text(
        "按计划或随机抽取到企业检查,逐项记录,签字确认,责令限期整改,复查",
        "Enterprises are checked by plan or draw, item by item; what fails is ordered to be mended and rechecked",
    ),
    register=SITE_CHECKS,
    states=State,
    start=State.PLANNED,
    final=(State.CLOSED, State.CANCELLED),
    numbering="JC",
    law=Text("《安全生产法》第六十二条、第六十五条", "Work Safety Law, art. 62 and 65"),
    turn=who_acts_on_a_check,
    documents=(
        Document(
            id="inspection-plan", title=Text("现场检查方案", "On-site inspection plan"), form="inspection-plan",
            fills=(officers, arranged_by),
        ),
        Document(
            id="site-record", title=Text("现场检查记录", "On-site inspection record"), form="site-record",
            fills=(officers, place, began, ended, present, record_lines),
        ),
        Document(
            id="site-measures", title=Text("现场处理措施决定书", "Decision on measures on the spot"),
            form="site-measures", fills=(officers, found, problems, measures_taken),
        ),
        Document(
            id="rectify-order", title=Text("责令限期整改指令书", "Order to rectify within a time limit"),
            form="rectify-order", fills=(officers, problems, requirements, ordered_until),
        ),
        Document(
            id="recheck-opinion", title=Text("整改复查意见书", "Opinion on rectification rechecked"),
            form="recheck-opinion", fills=(officers, findings, order, ordered_on, order_number),
        ),
        Document(
            id="service-receipt", title=Text("文书送达回执", "Receipt of service"), form="service-receipt",
            fills=(handled_by, *RECEIPT),
        ),
        *SEIZURE_PAPERS,
    ),
    reminders=ladders()["check"],
    steps=(
        Step(
            name="plan", title=Text("安排检查", "Plan a check"), opens=True, source=(), target=State.PLANNED,
            by=OFFICER, asks=("title", "enterprise", "kind", "plan_item", "check_by", "scope", *OFFICERS),
            needs=("title", "enterprise", "check_by"), guards=(checked_from_today_on, item_of_a_plan_in_force),
            until="check_by", documents=("inspection-plan",), law=LAW_62,
        ),
        Step(
            name="make_plan", title=Text("制定检查方案", "Make the inspection plan"), source=(State.PLANNED,),
            target=None, by=OFFICER, asks=("scope", *OFFICERS), needs=("scope", *OFFICERS), guards=(two_officers,),
            sets=makes_the_plan, documents=("inspection-plan",), law=LAW_62,
        ),
        Step(
            name="cancel", title=Text("不予实施", "Do not carry out"), source=(State.PLANNED,),
            target=State.CANCELLED, by=OFFICER, reason=True,
        ),
        Step(
            name="arrive", title=Text("到场亮证", "Arrive and show certificates"), source=(State.PLANNED,),
            target=State.ON_SITE, by=OFFICER, asks=("geometry", "fix_accuracy", *OFFICERS), needs=OFFICERS,
            guards=(plan_is_made, two_officers, position_is_told), sets=arrives, until="check_by", law=LAW_67,
        ),
        Step(
            name="record", title=Text("填写检查记录", "Write the record"), source=(State.ON_SITE,),
            target=State.SIGNING, by=OFFICER, asks=("items", "findings", "party"),
            needs=("items", "findings", "party"), files=1, guards=(every_item_is_answered, what_fails_is_described),
            sets=records, until="check_by", documents=("site-record",), law=LAW_65,
        ),
        Step(
            name="reopen_record", title=Text("退回修改记录", "Change the record"), source=(State.SIGNING,),
            target=State.ON_SITE, by=OFFICER, reason=True, until="check_by",
        ),
        Step(
            name="sign", title=Text("签字确认", "Sign"), source=(State.SIGNING,), target=State.FOUND, by=OFFICER,
            asks=("signature", "party_signature", "left_at", "signature_note"), needs=("signature",),
            guards=(second_officer_signs, missing_signature_is_explained, signature_is_there, left_after_the_record),
            sets=signs, limit="check-decide", law=LAW_42,
        ),
        Step(
            name="pass_check", title=Text("未发现问题,办结", "Nothing found, close"), source=(State.FOUND,),
            target=State.CLOSED, by=OFFICER, guards=(nothing_fails,),
        ),
        Step(
            name="correct_on_spot", title=Text("当场纠正,办结", "Put right on the spot, close"),
            source=(State.FOUND,), target=State.CLOSED, by=OFFICER, asks=("mended",), needs=("mended",), files=1,
            guards=(something_fails, seizure_is_decided_on), law=LAW_65,
        ),
        Step(
            name="take_measures", title=Text("现场处理措施", "Measures on the spot"), source=(State.FOUND,),
            target=None, by=OFFICER, asks=("on_spot",), needs=("on_spot",), guards=(something_fails,),
            documents=("site-measures",), law=LAW_65,
        ),
        *SEIZURE_STEPS,
        Step(
            name="register_danger", title=Text("登记为隐患", "Register a hidden danger"),
            source=(State.FOUND, State.MENDING, State.RECHECKING), target=None, by=OFFICER,
            asks=("danger_title", "danger_place"), needs=("danger_title", "danger_place"), guards=(something_fails,),
            law=LAW_65,
        ),
        Step(
            name="open_penalty_case", title=Text("立案处罚", "Open a penalty case"),
            source=(State.FOUND, State.RECHECKING), target=None, by=OFFICER, reason=True, guards=(something_fails,),
            law=LAW_65,
        ),
        Step(
            name="order", title=Text("责令限期整改", "Order to rectify"), source=(State.FOUND,),
            target=State.MENDING, by=OFFICER, asks=("order", "mend_by"), needs=("order", "mend_by"),
            guards=(something_fails, mended_after_today), until="mend_by", documents=("rectify-order",), law=LAW_65,
        ),
        Step(
            name="serve_order", title=Text("登记指令书送达", "Serve the order"),
            source=(State.MENDING, State.RECHECKING), target=None, by=OFFICER, asks=SERVED, needs=SERVED[:4], files=1,
            guards=(order_was_served_in_order, service_is_explained), documents=("service-receipt",),
        ),
        Step(
            name="extend_time", title=Text("延长整改期限", "Extend the time to mend"), source=(State.MENDING,),
            target=State.MENDING, by=OFFICER, asks=("mend_by",), needs=("mend_by",), reason=True,
            guards=(mended_after_today, time_to_mend_grows), until="mend_by",
        ),
        Step(
            name="report_mended", title=Text("申报整改完成", "Report mended"), source=(State.MENDING,),
            target=State.RECHECKING, by=ANYBODY, asks=("mended",), needs=("mended",), files=1,
            sets=remembers_who_reported, limit="check-recheck",
        ),
        Step(
            name="recheck_of_office", title=Text("期满复查", "Recheck after the time is over"),
            source=(State.MENDING,), target=State.RECHECKING, by=OFFICER, guards=(time_to_mend_is_over,),
            limit="check-recheck",
        ),
        Step(
            name="accept_mended", title=Text("复查合格,办结", "Mended, close"), source=(State.RECHECKING,),
            target=State.CLOSED, by=OFFICER, asks=("recheck",), needs=("recheck",), files=1,
            guards=(not_rechecked_by_who_mended, seizure_is_decided_on), sets=one_more_recheck,
            documents=("recheck-opinion",),
        ),
        Step(
            name="order_again", title=Text("复查不合格,再次责令整改", "Not mended, order again"),
            source=(State.RECHECKING,), target=State.MENDING, by=OFFICER, asks=("recheck", "mend_by"),
            needs=("recheck", "mend_by"), guards=(not_rechecked_by_who_mended, mended_after_today),
            sets=one_more_recheck, until="mend_by", documents=("recheck-opinion",),
        ),
    ),
)  # fmt: skip
