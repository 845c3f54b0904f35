"""Things sealed or seized at a check, and what is decided on them before the check is over.

Work Safety Law (安全生产法, 2021) article 65(1)(4). How long they may be held is the law on coercion's (行政强制法),
whose text was not at hand: the officer writes the day.
"""

from typing import Any

from casework.casetype import Document, Role, Step
from casework.check_papers import handled_by, officers
from casework.documents.wording import day
from casework.engine import Asked
from casework.papers import Drafting
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.enforcement import SiteCheck

Given = Asked[SiteCheck]
Drawn = Drafting[SiteCheck]
OFFICER = (Role.OFFICER,)
SEIZED = ("seize_kind", "seized", "seize_why", "seize_place", "seize_until", "seize_approver")
LAW = Text("《安全生产法》第六十五条第一款第四项", "Work Safety Law, art. 65(1)(4)")


def nothing_is_seized(asked: Given) -> Text | None:
    """One seizure after the other."""
    return Text("已查封扣押的尚未处理", "what was seized is not decided on") if _open(asked.before) else None


def something_is_seized(asked: Given) -> Text | None:
    """Only of what is sealed or seized."""
    return None if _open(asked.row) else Text("没有待处理的查封扣押", "nothing is sealed or seized")


def seizure_is_decided_on(asked: Given) -> Text | None:
    """What is sealed or seized is decided on before the check is over."""
    return Text("查封扣押的须先作出处理决定", "decide first on what is sealed or seized") if _open(asked.row) else None


def things_are_told_apart(asked: Given) -> Text | None:
    """Every thing has a name, a model and an amount."""
    wrong = [one for one in asked.row.seized if len([part for part in one.split("|") if part.strip()]) != 3]
    if not wrong:
        return None
    told = wrong[0][:40]
    return Text(f"每行写:名称|规格型号|数量,有误:{told}", f"each: name|model|amount: {told}")


def seizure_ends_ahead(asked: Given) -> Text | None:
    """It ends on a day to come."""
    if asked.row.seize_until is None or asked.row.seize_until > local_day(asked.at):
        return None
    return Text("查封扣押期限须晚于今天", "it must end after today")


def head_approves_the_seizure(asked: Given) -> Text | None:
    """The head approves it, and not the two who check."""
    if asked.row.seize_approver.strip() not in (asked.row.lead, asked.row.second):
        return None
    return Text("须由负责人批准,不能是本次检查人员", "the head approves it, and nobody who checks")


def seizes(asked: Given) -> dict[str, Any]:
    """When, and that nothing is decided on it yet."""
    return {"seized_at": asked.at, "seize_outcome": "", "seize_done_at": None}


def decides_on_the_seized(asked: Given) -> dict[str, Any]:
    """Nothing is held any more."""
    return {"seize_done_at": asked.at}


def things(drafting: Drawn) -> tuple[str, ...]:
    """Each thing in words."""
    parts = (tuple(part.strip() for part in one.split("|")) for one in drafting.row.seized)
    return tuple(f"{name}，规格型号：{model}，数量：{amount}" for name, model, amount in parts)


def seized_on(drafting: Drawn) -> str:
    """When it was sealed or seized."""
    return day(drafting.row.seized_at)


def seizure_number(drafting: Drawn) -> str:
    """The number of the decision, where one was issued."""
    last = drafting.last("seizure")
    return "" if last is None else last.number


def _open(row: SiteCheck | None) -> bool:
    return row is not None and row.seized_at is not None and row.seize_done_at is None


SEIZURE_PAPERS = (
    Document(
        id="seizure",
        title=Text("查封扣押决定书", "Decision to seal or seize"),
        form="seizure",
        fills=(officers, things),
    ),
    Document(
        id="seizure-list",
        title=Text("查封扣押物品清单", "List of what was sealed or seized"),
        form="seizure-list",
        fills=(officers, things, handled_by),
    ),
    Document(
        id="seizure-handling",
        title=Text("查封扣押处理决定书", "Decision on what was sealed or seized"),
        form="seizure-handling",
        fills=(officers, things, seized_on, seizure_number),
    ),
)

SEIZURE_STEPS = (
    Step(
        name="seize", title=Text("查封、扣押", "Seal or seize"), source=("found", "mending", "rechecking"), target=None,
        by=OFFICER, asks=SEIZED, needs=SEIZED, files=1, sets=seizes, documents=("seizure", "seizure-list"), law=LAW,
        guards=(nothing_is_seized, things_are_told_apart, seizure_ends_ahead, head_approves_the_seizure),
    ),
    Step(
        name="decide_seized", title=Text("处理查封扣押的物品", "Decide on what is sealed or seized"),
        source=("found", "mending", "rechecking"), target=None, by=OFFICER, asks=("seize_outcome",),
        needs=("seize_outcome",), guards=(something_is_seized,), sets=decides_on_the_seized,
        documents=("seizure-handling",), law=LAW,
    ),
)  # fmt: skip
