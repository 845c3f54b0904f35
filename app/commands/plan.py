"""`onemap plan …`: digital plans on the machine itself, and which fit an incident."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.commands.options import Data, settings_with
from app.incidents.desk import IncidentDesk
from app.plans.desk import PlanDesk
from core.clock import CHINA, utc_now
from core.scope import SYSTEM_SCOPE
from emergency.plans.matching import STANDING, Match, standing
from layers.catalogue import CATALOGUE
from layers.codes import code_list
from store.opening import open_store

Code = Annotated[str, typer.Argument(metavar="CODE", help="预案编号 / the plan's number")]
Incident = Annotated[str, typer.Argument(metavar="INCIDENT", help="事件编号 / number of the incident")]

plan = typer.Typer(no_args_is_help=True, help="应急预案 / emergency plans")


@plan.command("list")
def list_plans(data: Data = None) -> None:
    """列出预案:编号、版本、是否有效、行动数 / List plans with how they stand and how many steps they have.

    导入预案:onemap import plans.csv --layer emergency_plans,行动:--layer plan_steps。
    """
    with _desk(data) as desk:
        found = desk.plans(SYSTEM_SCOPE)
        steps = desk.steps([one.code for one in found], SYSTEM_SCOPE)
        today = desk.desk.clock().astimezone(CHINA).date()
    for one in found:
        count = sum(step.plan == one.code for step in steps)
        print(f"{one.code}  {one.title}  {one.edition}  {STANDING[standing(one, today)].zh}  {count} 项行动")
    print(f"共 / total {len(found)}")


@plan.command("show")
def show(code: Code, data: Data = None) -> None:
    """一个预案的行动步骤 / The steps of one."""
    with _desk(data) as desk:
        one, steps = desk.plan(code, SYSTEM_SCOPE), desk.steps([code], SYSTEM_SCOPE)
    print(f"{one.code}  {one.title}  {one.edition}  {one.source}")
    for step in steps:
        moment = code_list("plan_moment").label(step.moment)
        within = "不限时" if step.minutes is None else f"{moment}起 {step.minutes} 分"
        levels = "、".join("ⅠⅡⅢⅣ"[int(level) - 1] for level in step.levels) or "各级"
        print(f"  {step.number:02d} {levels}  {within}  {step.unit} {step.role}  {step.text}")


@plan.command("match")
def match(incident: Incident, data: Data = None) -> None:
    """与事件匹配的预案及理由;差一项的说明差在哪里 / Plans that fit an incident, and why others do not."""
    with _desk(data) as desk:
        found = desk.fitting(desk.desk.find(incident, scope=SYSTEM_SCOPE).row, SYSTEM_SCOPE)
    for title, ones in (
        ("匹配 / fits", found.fitting),
        ("匹配但无效 / lapsed", found.lapsed),
        ("差一项 / near", found.near),
    ):
        print(f"{title}: {len(ones)}")
        for one in ones:
            _print(one)


def _print(one: Match) -> None:
    print(f"  {one.plan.code}  {one.plan.title}  {STANDING[one.stands].zh}")
    for reason in one.reasons:
        mark = {"yes": "+", "no": "-", "unknown": "?"}.get(reason.says.value, " ")
        print(f"    {mark} {reason.words.zh}")


@contextmanager
def _desk(data: Path | None) -> Iterator[PlanDesk]:
    settings = settings_with(data=data)
    with closing(open_store(settings.data, settings.database_url, CATALOGUE, utc_now)) as store:
        yield PlanDesk(desk=IncidentDesk(store=store, clock=utc_now))
