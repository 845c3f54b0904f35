"""The double-random draw: prepared for an item of the plan, drawn by lot, checks opened for what was drawn.

国办发〔2015〕58号 (random units, random officers, results published; text not at hand); Law on Administrative Penalties
(行政处罚法, 2021) articles 42 and 43.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from casework.casetype import CaseType, Role, Step
from casework.drawing import METHOD, Inputs, drawn
from casework.engine import Asked
from casework.progress import Progress
from casework.reminders import ladders
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.inspections import RANDOM_DRAWS, RandomDraw

OFFICER = (Role.OFFICER,)
Given = Asked[RandomDraw]


class State(StrEnum):
    """Where a draw stands (code list `draw_state`)."""

    PREPARED = "prepared"
    DRAWN = "drawn"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    VOID = "void"


LAW = Text(
    "《安全生产法》第六十二条,《行政处罚法》第四十二条、第四十三条", "Work Safety Law art. 62, Penalties art. 42 and 43"
)


def item_can_be_drawn(asked: Given) -> Text | None:
    """The item is of a plan in force, and asks for as many units as are drawn."""
    facts = asked.facts or {}
    if asked.facts is None:
        return None
    found: Progress | None = facts.get("item")
    if found is None or not facts["in_force"]:
        return Text("计划项目不存在,或计划未在执行中", "the item is not there, or its plan is not in force")
    if asked.row.units > found.left:
        return Text(
            f"本项计划 {found.item.units} 家,尚可安排 {found.left} 家,不能抽取 {asked.row.units} 家",
            f"the item asks for {found.item.units} units, {found.left} are left: {asked.row.units} are too many",
        )
    return None


def drawn_for_days_to_come(asked: Given) -> Text | None:
    """Checks are not due before they are drawn."""
    if asked.row.check_by is None or asked.row.check_by >= local_day(asked.at):
        return None
    return Text("检查期限不能早于今天", "checks cannot be due on a day that is over")


def list_is_long_enough(asked: Given) -> Text | None:
    """Units enough may be drawn, each with two officers who do not avoid it."""
    if asked.facts is None:
        return None
    inputs: Inputs | None = asked.facts.get("inputs")
    if inputs is None:
        return Text("未取得抽取名单", "there is no list to draw from")
    standing, listed = len(inputs.standing), len(inputs.candidates)
    if standing >= inputs.units:
        return None
    return Text(
        f"名单 {listed} 家,可抽取 {standing} 家,不足 {inputs.units} 家",
        f"{listed} units are listed, {standing} may be drawn: fewer than {inputs.units}",
    )


def second_draw_says_why(asked: Given) -> Text | None:
    """Nobody draws again in silence."""
    earlier = (asked.facts or {}).get("earlier", 0)
    if not earlier or len(asked.reason) > 1:
        return None
    return Text(
        f"本计划项目此前已抽取 {earlier} 次,再次抽取须写明理由",
        f"this item was drawn {earlier} time(s) before: say why it is drawn again",
    )


def no_check_is_open(asked: Given) -> Text | None:
    """A draw is over when its checks are."""
    still = (asked.facts or {}).get("open", 0)
    return None if not still else Text(f"还有 {still} 件检查未办结", f"{still} of its checks are open")


def no_check_has_begun(asked: Given) -> Text | None:
    """What was begun stays of this draw."""
    begun = (asked.facts or {}).get("begun", 0)
    return None if not begun else Text(f"已有 {begun} 件检查实施,不能作废", f"{begun} of its checks have begun")


def something_was_checked(asked: Given) -> Text | None:
    """Nobody is named to the public before the check: the record of one unit at least is signed."""
    if asked.facts is None or asked.facts.get("done"):
        return None
    return Text("还没有检查完成的企业,不能公开", "no unit was checked yet: there is nothing to publish")


def results_are_published(asked: Given) -> Text | None:
    """Only what is public is withdrawn."""
    return None if asked.row.results else Text("没有公开的结果", "no results are public")


def publishes_results(asked: Given) -> dict[str, Any]:
    """When, and of how many units."""
    return {"results_at": asked.at, "results": int((asked.facts or {}).get("done", 0)), "results_why": ""}


def withdraws_results(asked: Given) -> dict[str, Any]:
    """Nothing is public any more, since when."""
    return {"results_at": asked.at, "results": 0}


def takes_from_the_item(asked: Given) -> dict[str, Any]:
    """Area, industry, risk and kind are the plan's."""
    found: Progress | None = (asked.facts or {}).get("item")
    if found is None:
        return {}
    item = found.item
    return {"area": item.area, "sector": item.sector, "risk": item.risk, "kind": item.kind.value}


def draws(asked: Given) -> dict[str, Any]:
    """What was drawn, from what, and by which seed."""
    facts = asked.facts or {}
    inputs: Inputs = facts["inputs"]
    return {
        "method": METHOD, "seed": facts["seed"], "inputs_hash": inputs.digest, "candidates": len(inputs.candidates),
        "standing": len(inputs.standing), "officers": len(inputs.officers), "earlier": facts["earlier"],
        "drawn": tuple(map(str, drawn(inputs, facts["seed"]))), "drawn_at": asked.at, "drawn_by": asked.who.name,
    }  # fmt: skip


def checks_drawn(row: RandomDraw, facts: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """One check for each unit drawn, with its two officers."""
    inputs: Inputs = facts["inputs"]
    names = {one.no: one.name for one in inputs.officers}
    units = {one.key: one.name for one in inputs.candidates}
    found = []
    for text in row.drawn:
        _, unit, first, second, *_ = text.split("|")
        found.append({
            "title": f"{units[unit]}双随机检查"[:120], "enterprise": unit, "kind": "random", "plan_item": row.plan_item,
            "check_by": row.check_by, "scope": row.scope, "lead": names[first], "lead_no": first,
            "second": names[second], "second_no": second, "draw": row.code,
        })  # fmt: skip
    return tuple(found)


def officers_draw(_: RandomDraw) -> Role:
    """The authority's own matter."""
    return Role.OFFICER


def named_by_the_item(known: Mapping[str, Any]) -> str:
    """After the item of the plan."""
    return f"双随机抽查(计划项目 {known.get('plan_item') or '未填'})"


RANDOM_DRAW = CaseType(
    id="random-draw",
    title=Text("双随机抽取", "Random draws"),
    about=Text(
        "对计划项目按风险权重随机抽取企业,随机选派执法人员,落实回避,种子和名单留存可复算",
        "Units of an item of the plan by weight and officers by lot, with avoidance; seed and list are kept",
    ),
    register=RANDOM_DRAWS,
    states=State,
    start=State.PREPARED,
    final=(State.CLOSED, State.CANCELLED, State.VOID),
    numbering="SJ",
    law=LAW,
    turn=officers_draw,
    named=named_by_the_item,
    reminders=ladders()["check"],
    steps=(
        Step(
            name="prepare", title=Text("准备抽取", "Prepare a draw"), opens=True, source=(), target=State.PREPARED,
            by=OFFICER, asks=("plan_item", "units", "check_by", "scope", "title"),
            needs=("plan_item", "units", "check_by"), guards=(drawn_for_days_to_come, item_can_be_drawn),
            sets=takes_from_the_item, until="check_by", law=LAW,
        ),
        Step(
            name="cancel_draw", title=Text("不再抽取", "Do not draw"), source=(State.PREPARED,),
            target=State.CANCELLED, by=OFFICER, reason=True,
        ),
        Step(
            name="draw", title=Text("随机抽取", "Draw"), source=(State.PREPARED,), target=State.DRAWN, by=OFFICER,
            guards=(drawn_for_days_to_come, item_can_be_drawn, list_is_long_enough, second_draw_says_why), sets=draws,
            until="check_by", law=LAW,
        ),
        Step(
            name="close_draw", title=Text("检查全部办结,归档", "All checks are over, close"), source=(State.DRAWN,),
            target=State.CLOSED, by=OFFICER, guards=(no_check_is_open,),
        ),
        Step(
            name="publish_results", title=Text("公开抽查结果", "Publish the results"),
            source=(State.DRAWN, State.CLOSED), target=None, by=OFFICER, guards=(something_was_checked,),
            sets=publishes_results, afterwards=True, law=LAW,
        ),
        Step(
            name="withdraw_results", title=Text("撤回公开的结果", "Withdraw the results"),
            source=(State.DRAWN, State.CLOSED), target=None, by=OFFICER, asks=("results_why",),
            needs=("results_why",), guards=(results_are_published,), sets=withdraws_results, afterwards=True,
        ),
        Step(
            name="void_draw", title=Text("作废本次抽取", "Void the draw"), source=(State.DRAWN,), target=State.VOID,
            by=OFFICER, reason=True, guards=(no_check_is_open, no_check_has_begun),
        ),
    ),
)  # fmt: skip
