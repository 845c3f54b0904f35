"""The yearly plan of inspections: drawn up by class and grade, reviewed, approved by the government, carried out.

Work Safety Law (安全生产法, 2021) article 62; how a plan is made up: 安监总政法〔2017〕150号, known second-hand.
"""

from enum import StrEnum
from typing import Any

from casework.casetype import CaseType, Document, Role, Step
from casework.engine import Asked
from casework.inspecting import MOST_ITEMS, PlanKind, plan_items, rule
from casework.reminders import ladders
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.inspections import INSPECTION_PLANS, InspectionPlan
from layers.codes import Status

OFFICER = (Role.OFFICER,)
Given = Asked[InspectionPlan]


class State(StrEnum):
    """Where a plan stands (code list `plan_state`)."""

    DRAFTING = "drafting"
    REVIEWING = "reviewing"
    APPROVING = "approving"
    IN_FORCE = "in_force"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


LAW_62 = Text("《安全生产法》第六十二条", "Work Safety Law, art. 62")
RULES = Text("《安全生产年度监督检查计划编制办法》(安监总政法〔2017〕150号)", "Order 150 of 2017 on yearly plans")


def plan_is_of_this_year_or_next(asked: Given) -> Text | None:
    """A plan is of the present year or the one that comes."""
    now = local_day(asked.at).year
    if asked.row.year in (now, now + 1):
        return None
    return Text(f"计划年度应为 {now} 或 {now + 1}", f"the year of a plan is {now} or {now + 1}")


def items_are_whole(asked: Given) -> Text | None:
    """Every item can be read, numbers are given once, and none lies outside the plan's area."""
    found, wrong = plan_items(asked.row.items)
    if wrong or len(found) > MOST_ITEMS:
        return Text(f"计划项目填写有误:{'、'.join(wrong)[:80]}", f"items that cannot be read: {', '.join(wrong)[:80]}")
    outside = [str(one.no) for one in found if not one.area.startswith(asked.row.area)]
    if outside:
        return Text(f"第 {'、'.join(outside)} 项不在计划区域内", f"outside the plan's area: items {', '.join(outside)}")
    return None


def days_add_up(asked: Given) -> Text | None:
    """Inspection, other enforcement and the rest are all working days there are."""
    row = asked.row
    parts = (row.check_days, row.other_days, row.idle_days)
    if row.work_days is None and all(one is None for one in parts):
        return None
    total = sum(one or 0 for one in parts)
    if row.work_days == total:
        return None
    return Text(
        f"监督检查、其他执法和非执法工作日之和为 {total},应等于总法定工作日 {row.work_days or 0}",
        f"the three kinds of days make {total}, and should make the {row.work_days or 0} working days there are",
    )


def share_is_reached_or_explained(asked: Given) -> Text | None:
    """Key inspections have the share of the rule, or it is said why not; a rule that nobody read says so."""
    told, share = rule("key-share", local_day(asked.at)), key_share(asked.row)
    if share is None or share >= told.value or len(asked.row.share_note.strip()) > 1:
        return None
    doubt = "" if told.status is Status.VERIFIED else "(未核对原文)"
    doubted = "" if told.status is Status.VERIFIED else " (text not read)"
    return Text(
        f"重点检查占 {share:.0f}%,低于 {told.value:.0f}%{doubt},须写明占比说明",
        f"key inspections are {share:.0f} %, below {told.value:.0f} %{doubted}: say why",
    )


def only_plan_of_its_year(asked: Given) -> Text | None:
    """One authority has one plan for a year; `others` are what the desk found."""
    others = (asked.facts or {}).get("others") or ()
    if not others:
        return None
    return Text(
        f"本区域 {asked.row.year} 年度已有计划 {others[0]}", f"this area has a plan for {asked.row.year}: {others[0]}"
    )


def reviewed_by_another(asked: Given) -> Text | None:
    """Whoever drew it up does not review it."""
    if asked.row.drafted_by != asked.who.account:
        return None
    return Text("编制人不能审核本人编制的计划", "whoever drew it up cannot review it")


def approved_by_now(asked: Given) -> Text | None:
    """An approval is not of a day to come."""
    if asked.row.approved_on is None or asked.row.approved_on <= local_day(asked.at):
        return None
    return Text("批准日期不能晚于今天", "the day of the approval cannot lie ahead")


def plan_is_over(asked: Given) -> Text | None:
    """A plan is closed when every unit was checked, or its year is over."""
    done = (asked.facts or {}).get("done")
    if done is None or done >= asked.row.planned or local_day(asked.at).year > asked.row.year:
        return None
    return Text(
        f"计划 {asked.row.planned} 家,已完成 {done} 家,年度未结束不能办结",
        f"{done} of {asked.row.planned} units are checked and the year is not over",
    )


def key_share(row: InspectionPlan) -> float | None:
    """How many of a hundred units planned are key inspections; None without items."""
    found, _ = plan_items(row.items)
    total = sum(one.units for one in found)
    return None if not total else 100 * sum(one.units for one in found if one.kind is PlanKind.KEY) / total


def counts_the_plan(asked: Given) -> dict[str, Any]:
    """How many units are planned, how many of them key, and who drew it up."""
    found, _ = plan_items(asked.row.items)
    share = key_share(asked.row)
    return {
        "planned": sum(one.units for one in found), "key_share": None if share is None else round(share, 1),
        "drafted_by": asked.who.account,
    }  # fmt: skip


def counts_what_was_done(asked: Given) -> dict[str, Any]:
    """How many of its checks were carried out, as counted from the checks themselves."""
    return {"done": int((asked.facts or {}).get("done", 0))}


def officers_plan(_: InspectionPlan) -> Role:
    """The authority's own matter."""
    return Role.OFFICER


NAMED = ("title", "year", "area", "organ")
WRITTEN = ("officers", "work_days", "check_days", "other_days", "idle_days", "items", "share_note", "basis")
RIGHT = (plan_is_of_this_year_or_next, items_are_whole, days_add_up)

INSPECTION_PLAN = CaseType(
    id="inspection-plan",
    title=Text("年度检查计划", "Yearly plans"),
    about=Text(
        "年度监督检查计划的编制、审核、政府批准和执行;进度按现场检查实际办理情况统计",
        "Yearly plans of inspection: drawn up, reviewed, approved by the government; progress is counted from checks",
    ),
    register=INSPECTION_PLANS,
    states=State,
    start=State.DRAFTING,
    final=(State.CLOSED, State.WITHDRAWN),
    numbering="JH",
    law=LAW_62,
    turn=officers_plan,
    documents=(Document(id="yearly-plan", title=Text("安全生产年度监督检查计划", "Yearly plan of inspections")),),
    reminders=ladders()["plan"],
    steps=(
        Step(
            name="draw_up", title=Text("编制计划", "Draw up a plan"), opens=True, source=(), target=State.DRAFTING,
            by=OFFICER, asks=(*NAMED, *WRITTEN), needs=NAMED, guards=RIGHT, sets=counts_the_plan, law=LAW_62,
        ),
        Step(
            name="revise", title=Text("修改计划", "Change the draft"), source=(State.DRAFTING,), target=State.DRAFTING,
            by=OFFICER, asks=("title", "organ", *WRITTEN), needs=("title", "organ"), guards=RIGHT,
            sets=counts_the_plan,
        ),
        Step(
            name="submit", title=Text("送审", "Send to review"), source=(State.DRAFTING,), target=State.REVIEWING,
            by=OFFICER, asks=("items", "share_note"), needs=("items",),
            guards=(items_are_whole, days_add_up, share_is_reached_or_explained, only_plan_of_its_year),
            sets=counts_the_plan, limit="plan-review", documents=("yearly-plan",), law=RULES,
        ),
        Step(
            name="return_plan", title=Text("退回修改", "Return for changes"),
            source=(State.REVIEWING, State.APPROVING), target=State.DRAFTING, by=OFFICER, reason=True,
        ),
        Step(
            name="review", title=Text("审核通过,报请批准", "Reviewed, ask for approval"), source=(State.REVIEWING,),
            target=State.APPROVING, by=OFFICER, asks=("opinion",), needs=("opinion",), guards=(reviewed_by_another,),
            law=RULES,
        ),
        Step(
            name="approve", title=Text("登记政府批准", "Register the approval"), source=(State.APPROVING,),
            target=State.IN_FORCE, by=OFFICER, asks=("government", "approval_no", "approved_on"),
            needs=("government", "approval_no", "approved_on"), files=1, guards=(approved_by_now,), law=RULES,
        ),
        Step(
            name="amend", title=Text("调整计划,重新报批", "Amend, ask again"), source=(State.IN_FORCE,),
            target=State.REVIEWING, by=OFFICER, asks=("items", "share_note"), needs=("items",), reason=True,
            guards=(items_are_whole, share_is_reached_or_explained), sets=counts_the_plan, limit="plan-review",
            law=RULES,
        ),
        Step(
            name="withdraw", title=Text("撤销草案", "Withdraw the draft"), source=(State.DRAFTING,),
            target=State.WITHDRAWN, by=OFFICER, reason=True,
        ),
        Step(
            name="close_plan", title=Text("年度总结,办结", "Sum up, close"), source=(State.IN_FORCE,),
            target=State.CLOSED, by=OFFICER, asks=("summary",), needs=("summary",), guards=(plan_is_over,),
            sets=counts_what_was_done, law=LAW_62,
        ),
    ),
)  # fmt: skip
