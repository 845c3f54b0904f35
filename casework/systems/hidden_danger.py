"""Hidden dangers: self-check, grading, plan of five, mending, recheck, closing; listed supervision of major ones.

Work Safety Law (安全生产法, 2021) articles 41 and 65(3); 安全生产事故隐患排查治理暂行规定 (order 16 of the former
State Administration of Work Safety), of which second-hand texts were at hand.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from casework.calendar import end_of
from casework.casetype import CaseType, Clock, Document, Role, Step
from casework.documents.wording import day
from casework.engine import Asked
from casework.papers import Drafting
from casework.reminders import ladders
from casework.supply import SUPPLY_PAPERS, SUPPLY_STEPS, supply_is_back
from casework.terms import last_day, local_day
from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.dangers import DANGER_LISTINGS, DANGERS, Danger, DangerListing

ANYBODY = (Role.ENTERPRISE, Role.OFFICER)
OFFICER = (Role.OFFICER,)
FIRM = (Role.ENTERPRISE,)
Given = Asked[Danger]

MAJOR, GENERAL = 1, 4


class State(StrEnum):
    """Where a danger stands (code list `danger_state`)."""

    REPORTED = "reported"
    LISTING = "listing"
    CORRECTING = "correcting"
    PLANNING = "planning"
    MENDING = "mending"
    EXTENDING = "extending"
    RECHECKING = "rechecking"
    CLOSED = "closed"
    DISMISSED = "dismissed"


STANDING = (State.LISTING, State.PLANNING, State.MENDING, State.EXTENDING, State.RECHECKING)

LAW_41 = Text("《安全生产法》第四十一条", "Work Safety Law, art. 41")
LAW_65_1 = Text("《安全生产法》第六十五条第一款第二项", "Work Safety Law, art. 65(1)(2)")
LAW_65 = Text("《安全生产法》第六十五条第一款第三项", "Work Safety Law, art. 65(1)(3)")


def found_before_reported(asked: Given) -> Text | None:
    """Nobody reports what is yet to be found."""
    if asked.row.found_at <= asked.at:
        return None
    return Text("发现时间不能晚于现在", "it cannot have been found later than now")


def no_criterion_of_major_is_met(asked: Given) -> Text | None:
    """What meets a criterion of the standard is major, whoever grades it."""
    if not asked.row.criteria:
        return None
    return Text(
        f"已勾选 {len(asked.row.criteria)} 项重大事故隐患判定情形,不能定为一般隐患",
        f"it meets {len(asked.row.criteria)} criteria of a major danger and cannot be general",
    )


def criterion_or_reason(asked: Given) -> Text | None:
    """Graded major by the standard, or for a reason that is written down."""
    if asked.row.criteria or asked.row.graded_why.strip():
        return None
    return Text("请勾选符合的判定情形,或写明定级说明", "tick the criteria it meets, or write why it is major")


def major_ones_say_what_the_law_asks(asked: Given) -> Text | None:
    """A report of a major danger says its state and cause, and the harm it may do."""
    missing = [
        title
        for value, title in ((asked.row.description, "现状及产生原因"), (asked.row.harm, "危害程度和整改难易程度"))
        if not value.strip()
    ]
    if not asked.row.major or not missing:
        return None
    return Text(
        f"重大隐患须写明{'、'.join(missing)}",
        "of a major danger its state and cause, and the possible harm, are written",
    )


def time_lies_ahead(asked: Given) -> Text | None:
    """The time to mend ends after today."""
    if asked.row.mend_by is None or asked.row.mend_by > local_day(asked.at):
        return None
    return Text("整改时限须晚于今天", "the time to mend must end after today")


def within_the_longest_time(asked: Given) -> Text | None:
    """A listed danger is mended within the longest time of the rule."""
    return _within_longest(asked, asked.row.mend_by)


def extension_within_the_longest_time(asked: Given) -> Text | None:
    """Nor does an extension go beyond it."""
    return _within_longest(asked, asked.row.extend_to)


def _within_longest(asked: Given, day: date | None) -> Text | None:
    begun = asked.row.listed_at
    if day is None or begun is None:
        return None
    longest = asked.ends("danger-longest", begun)
    if end_of(day) <= longest:
        return None
    last, term = last_day(longest), asked.term("danger-longest")
    return Text(
        f"挂牌督办的重大隐患自挂牌起整改最长{term.zh},不得晚于 {last}(期限依据未核对原文)",
        f"a listed danger is mended within {term.en} of its listing, by {last} (a rule known second-hand)",
    )


def is_major(asked: Given) -> Text | None:
    """Only of a major one."""
    return None if asked.row.major else Text("只适用于重大隐患", "is for major dangers only")


def is_general(asked: Given) -> Text | None:
    """Only of a general one."""
    return None if not asked.row.major else Text("只适用于一般隐患", "is for general dangers only")


def work_may_go_on(asked: Given) -> Text | None:
    """People go back only after somebody has looked (article 65)."""
    if not asked.row.stopped_work:
        return None
    return Text("仍处于停产撤人状态,须先经审查同意恢复生产", "work is stopped; its resumption must be approved first")


def work_is_stopped(asked: Given) -> Text | None:
    """There is something to resume."""
    return None if asked.row.stopped_work else Text("没有停产撤人", "work is not stopped")


def work_is_not_stopped(asked: Given) -> Text | None:
    """It is not stopped twice."""
    return Text("已停产撤人", "work is stopped already") if asked.row.stopped_work else None


def not_checked_by_who_mended(asked: Given) -> Text | None:
    """Whoever reported it mended does not find it mended."""
    if not asked.row.mended_by or asked.row.mended_by != asked.who.account:
        return None
    return Text("复查人不能是申报整改完成的人", "whoever reported it mended cannot recheck it")


def own_and_general(asked: Given) -> Text | None:
    """An enterprise closes by itself only what it found itself and is general."""
    if asked.who.role is not Role.ENTERPRISE:
        return None
    if asked.row.major:
        return Text("重大隐患由监管部门复查销号", "a major danger is rechecked and closed by the authority")
    if asked.row.origin != "self_check":
        return Text("执法检查发现的隐患由监管部门复查销号", "what an inspection found is closed by the authority")
    return None


def enterprises_report_self_checks(asked: Given) -> Text | None:
    """Only officers register what an inspection or a complaint brought to light."""
    if asked.who.role is not Role.ENTERPRISE or asked.row.origin == "self_check":
        return None
    return Text("企业上报的发现方式须为企业自查", "what an enterprise reports was found by its own check")


def longer_than_before(asked: Given) -> Text | None:
    """An extension ends later than the time it extends."""
    now, then = asked.row.mend_by, asked.row.extend_to
    if now is None or then is None or then > now:
        return None
    return Text(f"申请延期的日期须晚于原整改时限 {now}", f"the extension must end after {now}")


def asked_in_time(asked: Given) -> Text | None:
    """A listed danger's extension is asked for so many working days before its time ends."""
    if asked.row.listed_at is None or asked.row.mend_by is None:
        return None
    last = asked.before_end("danger-extend-ask", end_of(asked.row.mend_by))
    if asked.at <= last:
        return None
    day, term = last_day(last), asked.term("danger-extend-ask")
    return Text(
        f"挂牌督办的隐患须在整改时限届满{term.zh}前申请延期,最迟 {day}(期限依据未核对原文)",
        f"an extension of a listed one is asked for {term.en} ahead, by {day} (a rule known second-hand)",
    )


def is_not_listed(asked: Given) -> Text | None:
    """It is not listed twice."""
    if asked.row.listed_at is None or asked.row.delisted_at is not None:
        return None
    return Text("已挂牌督办", "it is listed already")


def grades_general(_: Given) -> dict[str, Any]:
    """Level and mark of a general danger."""
    return {"level": GENERAL, "major": False, "criteria": ()}


def grades_major(_: Given) -> dict[str, Any]:
    """Level and mark of a major danger."""
    return {"level": MAJOR, "major": True}


def lists(asked: Given) -> dict[str, Any]:
    """On the list from now."""
    return {"listed_at": asked.at, "delisted_at": None}


def remembers_who_mended(asked: Given) -> dict[str, Any]:
    """The account that may not recheck it."""
    return {"mended_by": asked.who.account}


def counts_the_recheck(asked: Given) -> dict[str, Any]:
    """One more recheck."""
    return {"rechecks": asked.row.rechecks + 1}


def takes_off_the_list(asked: Given) -> dict[str, Any]:
    """One more recheck, and off the list when it was on it."""
    off = {} if asked.row.listed_at is None else {"delisted_at": asked.at}
    return counts_the_recheck(asked) | off


def extends(asked: Given) -> dict[str, Any]:
    """The time to mend is what was asked for."""
    return {"mend_by": asked.row.extend_to, "extend_to": None}


def does_not_extend(_: Given) -> dict[str, Any]:
    """The time to mend stays."""
    return {"extend_to": None}


def stops_work(_: Given) -> dict[str, Any]:
    """People are out."""
    return {"stopped_work": True}


def resumes_work(_: Given) -> dict[str, Any]:
    """People are back."""
    return {"stopped_work": False}


def within_what_was_ordered(asked: Given) -> Text | None:
    """A firm that was ordered to mend by a day plans no later one."""
    ordered, planned = asked.row.order_until, asked.row.mend_by
    if ordered is None or planned is None or planned <= ordered:
        return None
    return Text(
        f"整改时限不得晚于责令整改的期限 {ordered}", f"the time to mend may not end after the {ordered} ordered"
    )


def order_lies_ahead(asked: Given) -> Text | None:
    """Nobody is ordered to have mended before today."""
    if asked.row.order_until is None or asked.row.order_until > local_day(asked.at):
        return None
    return Text("责令整改的期限须晚于今天", "the day ordered must come after today")


def was_listed(asked: Given) -> Text | None:
    """Only of one that was listed."""
    return None if asked.row.listed_at is not None else Text("没有挂牌督办", "it was not listed")


def problems(drafting: Drafting[Danger]) -> tuple[str, ...]:
    """What was found, and where."""
    row = drafting.row
    seen = f"：{row.description.strip().rstrip('。；')}" if row.description.strip() else ""
    return (f"{row.place}，{row.title}{seen}。",)


def ordered_until(drafting: Drafting[Danger]) -> str:
    """By when the order wants it mended."""
    return day(drafting.row.order_until)


def findings(drafting: Drafting[Danger]) -> tuple[str, ...]:
    """What the recheck found, and what follows from it."""
    row = drafting.row
    done = f"整改情况：{row.outcome.strip()}" if row.outcome.strip() else ""
    follows = "整改合格，准予销号。" if row.state == State.CLOSED else f"整改不合格，须于{day(row.mend_by)}前整改完毕。"
    return tuple(one for one in (done, f"复查意见：{row.recheck.strip()}", follows) if one)


def order_number(drafting: Drafting[Danger]) -> str:
    """The order that is rechecked, where one was issued."""
    order = drafting.last("order")
    return "" if order is None else order.number


def ordered_on(drafting: Drafting[Danger]) -> str:
    """When it was issued."""
    order = drafting.last("order")
    return "" if order is None else day(order.issued_at)


def order(drafting: Drafting[Danger]) -> str:
    """What it is called."""
    found = drafting.last("order")
    return "" if found is None else found.title


def listed_on(drafting: Drafting[Danger]) -> str:
    """When it was listed."""
    return day(drafting.row.listed_at)


def measures_taken(drafting: Drafting[Danger]) -> tuple[str, ...]:
    """What has to be done at once (article 65)."""
    return ("从危险区域内撤出作业人员。", f"暂时停产停业或者停止使用{drafting.row.place}的相关设施、设备。")


def listing(row: Danger) -> DangerListing | None:
    """What the public is told of a listed danger: kind and firm, not the report."""
    if row.listed_at is None:
        return None
    return DangerListing(
        code=row.code, title=f"{row.enterprise_name or '某单位'}重大事故隐患", enterprise=row.enterprise,
        enterprise_name=row.enterprise_name, kind=row.kind, level=MAJOR, supervisor=row.listed_by,
        listed_at=row.listed_at, mend_by=row.mend_by, delisted_at=row.delisted_at, area=row.area,
        geometry=row.geometry, sensitivity=Sensitivity.PUBLIC,
    )  # fmt: skip


def whose_turn(row: Danger) -> Role:
    """Officers grade what they found, list, decide and recheck; the enterprise does the rest."""
    theirs = row.origin == "self_check" and not row.major
    if row.state in (State.LISTING, State.EXTENDING):
        return Role.OFFICER
    if row.state in (State.REPORTED, State.RECHECKING):
        return Role.ENTERPRISE if theirs else Role.OFFICER
    return Role.ENTERPRISE


REPORT = ("title", "kind", "origin", "enterprise", "found_at", "found_by", "place", "description", "harm", "geometry")
FIVE = ("measures", "funds", "person", "mend_by", "contingency")
GRADING = ("criteria", "graded_why", "description", "harm")

HIDDEN_DANGER = CaseType(
    id="hidden-danger",
    title=Text("隐患排查治理", "Hidden dangers"),
    about=Text(
        "企业自查上报或执法检查登记,定级,五落实整改,复查,销号;重大隐患挂牌督办并公示",
        "Reported by an enterprise or registered at an inspection, graded, mended by a plan, rechecked, closed; "
        "major ones are listed and published",
    ),
    register=DANGERS,
    states=State,
    start=State.REPORTED,
    final=(State.CLOSED, State.DISMISSED),
    numbering="YH",
    law=Text("《安全生产法》第四十一条、第六十五条;原安监总局令第16号", "Work Safety Law, art. 41 and 65; order 16"),
    turn=whose_turn,
    documents=(
        Document(
            id="order", title=Text("责令限期整改指令书", "Order to rectify"), form="rectify-order",
            fills=(problems, ordered_until),
        ),
        Document(
            id="review", title=Text("整改复查意见书", "Finding of the recheck"), form="recheck-opinion",
            fills=(findings, order, ordered_on, order_number),
        ),
        Document(
            id="listing", title=Text("重大事故隐患挂牌督办通知书", "Notice of listed supervision"),
            form="danger-listing", fills=(problems,),
        ),
        Document(
            id="stop", title=Text("现场处理措施决定书", "Decision on measures on the spot"), form="site-measures",
            fills=(problems, measures_taken),
        ),
        Document(
            id="closing", title=Text("重大事故隐患治理销号通知书", "Notice that a major danger is closed"),
            form="danger-closing", fills=(problems, listed_on), when=was_listed,
        ),
        *SUPPLY_PAPERS,
    ),
    reminders=ladders()["danger"],
    public=DANGER_LISTINGS,
    public_copy=listing,
    steps=(
        Step(
            name="report", title=Text("上报", "Report"), opens=True, source=(), target=State.REPORTED, by=ANYBODY,
            asks=REPORT, needs=("title", "enterprise", "found_at", "place"), law=LAW_41, limit="danger-grade",
            guards=(found_before_reported, enterprises_report_self_checks),
        ),
        Step(
            name="grade_general", title=Text("定为一般隐患", "Grade general"), source=(State.REPORTED,),
            target=State.PLANNING, by=ANYBODY, asks=GRADING, guards=(no_criterion_of_major_is_met,),
            sets=grades_general, limit="danger-plan",
        ),
        Step(
            name="grade_major", title=Text("定为重大隐患", "Grade major"), source=(State.REPORTED, State.PLANNING,
            State.MENDING), target=State.LISTING, by=ANYBODY, asks=GRADING, needs=("description", "harm"),
            guards=(criterion_or_reason, is_general), sets=grades_major, limit="danger-list", law=LAW_41,
        ),
        Step(
            name="dismiss", title=Text("不予认定", "Dismiss"), source=(State.REPORTED,), target=State.DISMISSED,
            by=OFFICER, reason=True,
        ),
        Step(
            name="return_report", title=Text("退回补正", "Return for correction"), source=(State.LISTING,),
            target=State.CORRECTING, by=OFFICER, reason=True, clock=Clock.STOPS,
        ),
        Step(
            name="correct", title=Text("补正", "Correct"), source=(State.CORRECTING,), target=State.LISTING, by=FIRM,
            asks=("description", "harm", "criteria", "graded_why"), needs=("description", "harm"),
            guards=(major_ones_say_what_the_law_asks, criterion_or_reason), clock=Clock.RESUMES,
        ),
        Step(
            name="regrade", title=Text("改定为一般隐患", "Regrade to general"), source=(State.LISTING,),
            target=State.PLANNING, by=OFFICER, reason=True, sets=grades_general, limit="danger-plan",
        ),
        Step(
            name="list", title=Text("挂牌督办", "List"), source=(State.LISTING,), target=State.PLANNING, by=OFFICER,
            asks=("listed_by",), needs=("listed_by",), guards=(is_major, is_not_listed,
            major_ones_say_what_the_law_asks), sets=lists, limit="danger-plan", documents=("listing",), law=LAW_41,
        ),
        Step(
            name="order", title=Text("责令限期整改", "Order to rectify"), source=(State.PLANNING,), target=None,
            by=OFFICER, asks=("order_until", "description"), needs=("order_until", "description"),
            guards=(order_lies_ahead,), documents=("order",), law=LAW_65_1,
        ),
        Step(
            name="plan", title=Text("落实整改方案", "Plan of five"), source=(State.PLANNING,), target=State.MENDING,
            by=ANYBODY, asks=FIVE, needs=FIVE, guards=(time_lies_ahead, within_the_longest_time,
            within_what_was_ordered), until="mend_by",
        ),
        Step(
            name="mend_at_once", title=Text("立即整改完毕", "Mended at once"), source=(State.PLANNING,),
            target=State.RECHECKING, by=ANYBODY, asks=("outcome",), needs=("outcome",), guards=(is_general,), files=1,
            sets=remembers_who_mended, limit="danger-recheck",
        ),
        Step(
            name="finish", title=Text("申报整改完成", "Report mended"), source=(State.MENDING,),
            target=State.RECHECKING, by=ANYBODY, asks=("outcome",), needs=("outcome",), files=1,
            sets=remembers_who_mended, limit="danger-recheck",
        ),
        Step(
            name="ask_extension", title=Text("申请延期", "Ask for an extension"), source=(State.MENDING,),
            target=State.EXTENDING, by=FIRM, asks=("extend_to", "extend_why"), needs=("extend_to", "extend_why"),
            guards=(longer_than_before, asked_in_time, extension_within_the_longest_time),
            limit="danger-extend-decide",
        ),
        Step(
            name="extend", title=Text("同意延期", "Extend"), source=(State.EXTENDING,), target=State.MENDING,
            by=OFFICER, sets=extends, until="mend_by",
        ),
        Step(
            name="refuse_extension", title=Text("不同意延期", "Refuse the extension"), source=(State.EXTENDING,),
            target=State.MENDING, by=OFFICER, reason=True, sets=does_not_extend, until="mend_by",
        ),
        Step(
            name="accept", title=Text("复查合格销号", "Accept and close"), source=(State.RECHECKING,),
            target=State.CLOSED, by=ANYBODY, asks=("recheck",), needs=("recheck",),
            guards=(own_and_general, not_checked_by_who_mended, work_may_go_on), sets=takes_off_the_list,
            documents=("review", "closing"),
        ),
        Step(
            name="mend_again", title=Text("复查不合格再整改", "Mend again"), source=(State.RECHECKING,),
            target=State.MENDING, by=ANYBODY, asks=("recheck", "mend_by"), needs=("recheck", "mend_by"),
            guards=(not_checked_by_who_mended, time_lies_ahead, within_the_longest_time), sets=counts_the_recheck,
            until="mend_by", documents=("review",),
        ),
        *SUPPLY_STEPS,
        Step(
            name="stop_work", title=Text("停产撤人", "Stop work"), source=STANDING, target=None, by=ANYBODY,
            reason=True, guards=(is_major, work_is_not_stopped), sets=stops_work, documents=("stop",), law=LAW_65,
        ),
        Step(
            name="resume_work", title=Text("同意恢复生产", "Approve resumption"), source=STANDING, target=None,
            by=OFFICER, reason=True, guards=(work_is_stopped, supply_is_back), sets=resumes_work, law=LAW_65,
        ),
    ),
)  # fmt: skip
