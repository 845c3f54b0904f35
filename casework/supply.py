"""Power or explosives cut off from a firm that defies the stop of a major danger, and given back once it is obeyed.

Work Safety Law (安全生产法, 2021) article 70: approved by the head, in writing, told twenty-four hours ahead where it
is power and no emergency, and ended as soon as the danger is gone.
"""

from typing import Any

from casework.casetype import Document, Role, Step
from casework.documents.wording import day, moment
from casework.engine import Asked
from casework.papers import Drafting
from core.texts import Text
from layers.catalogue.dangers import Danger
from layers.codes import code_list

Given = Asked[Danger]
Drawn = Drafting[Danger]
OFFICER = (Role.OFFICER,)
STOPPED = ("listing", "planning", "mending", "extending", "rechecking")
CUT = ("cut_kind", "cut_supplier", "cut_from", "cut_urgent", "cut_why", "cut_approver")
LAW = Text("《安全生产法》第七十条", "Work Safety Law, art. 70")


def a_stop_is_defied(asked: Given) -> Text | None:
    """Only where a major danger stopped the work, and the supply is not cut off already."""
    if not (asked.row.major and asked.row.stopped_work):
        return Text("须为重大隐患且已责令停产撤人", "a major danger must have stopped the work")
    return Text("已停止供应", "it is cut off already") if _cut(asked.before) else None


def cut_is_told_a_day_ahead(asked: Given) -> Text | None:
    """Power is cut off twenty-four hours after the firm is told, but for emergencies; nothing in the past."""
    row = asked.row
    if row.cut_from is None:
        return None
    first = asked.ends("danger-power-notice", asked.at) if row.cut_kind == "power" and not row.cut_urgent else asked.at
    if row.cut_from >= first:
        return None
    return Text(f"停止供应时间最早为 {moment(first)}", f"it is cut off at {moment(first)} at the earliest")


def supply_is_cut(asked: Given) -> Text | None:
    """There is something to give back."""
    return None if _cut(asked.row) else Text("没有停止供应", "nothing is cut off")


def supply_is_back(asked: Given) -> Text | None:
    """Work goes on once supply was given back: the measure ends with the danger."""
    return Text("须先通知恢复供应", "give the supply back first") if _cut(asked.row) else None


def cuts_supply(asked: Given) -> dict[str, Any]:
    """When it was decided."""
    return {"cut_at": asked.at, "back_at": None, "back_why": ""}


def gives_supply_back(asked: Given) -> dict[str, Any]:
    """When it was given back."""
    return {"back_at": asked.at}


def supply(drafting: Drawn) -> str:
    """What is cut off."""
    return next((one.title.zh for one in code_list("supply_kind") if one.code == drafting.row.cut_kind), "")


def emergency(drafting: Drawn) -> str:
    """Whether it was told less than a day ahead."""
    return "是" if drafting.row.cut_urgent else ""


def stop_number(drafting: Drawn) -> str:
    """The number of the decision that is defied, where one was issued."""
    last = drafting.last("stop")
    return "" if last is None else last.number


def cut_on(drafting: Drawn) -> str:
    """When it was decided."""
    return day(drafting.row.cut_at)


def addressee(drafting: Drawn) -> str:
    """Who supplies it."""
    return drafting.row.cut_supplier


def _cut(row: Danger | None) -> bool:
    return row is not None and row.cut_at is not None and row.back_at is None


SUPPLY_PAPERS = (
    Document(
        id="power-cut",
        title=Text("停止供电(供应民用爆炸物品)决定书", "Decision to stop supply"),
        form="power-cut",
        fills=(supply, stop_number, emergency),
    ),
    Document(
        id="power-cut-notice",
        title=Text("停止供电(供应民用爆炸物品)通知书", "Notice to stop supply"),
        form="power-cut-notice",
        fills=(supply, addressee),
    ),
    Document(
        id="power-back",
        title=Text("恢复供电(供应民用爆炸物品)通知书", "Notice to resume supply"),
        form="power-back",
        fills=(supply, cut_on),
    ),
)

SUPPLY_STEPS = (
    Step(
        name="cut_supply", title=Text("停止供电或供应民用爆炸物品", "Cut off power or explosives"), source=STOPPED,
        target=None, by=OFFICER, asks=CUT, needs=(*CUT[:3], *CUT[4:]), sets=cuts_supply, law=LAW,
        guards=(a_stop_is_defied, cut_is_told_a_day_ahead), documents=("power-cut", "power-cut-notice"),
    ),
    Step(
        name="give_supply_back", title=Text("通知恢复供应", "Give the supply back"), source=STOPPED, target=None,
        by=OFFICER, asks=("back_why",), needs=("back_why",), guards=(supply_is_cut,), sets=gives_supply_back,
        documents=("power-back",), law=LAW,
    ),
)  # fmt: skip
