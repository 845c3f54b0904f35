"""Plans of the demo city, written for it and marked so; nobody's official text. The open incident works by one."""

import csv
from datetime import date, datetime, timedelta
from importlib.resources import files

from app.demo.alive import DEMO_ACTOR
from app.demo.cases import keep_rows
from app.incidents.desk import By, IncidentDesk
from app.plans.desk import Held, PlanDesk
from app.wiring import System
from core.actors import Actor
from core.clock import CHINA
from core.scope import SYSTEM_SCOPE, Sensitivity
from emergency.plans.tasks import Task
from layers.catalogue import EMERGENCY_PLANS, INCIDENTS, PLAN_STEPS
from layers.catalogue.incidents import Incident
from layers.catalogue.plans import EmergencyPlan, PlanStep
from layers.filters import Compare, Op
from store.query import EVERYTHING, Query
from store.rows import record_of

DATA = files("app.demo") / "data"
SOURCE = "演示数据:为演示城市编写,不是任何单位的正式预案"
MINUTE = timedelta(minutes=1)
COURSE = (
    (9, 1, Task.DONE, "当班班长 赵启", ""), (9, 2, Task.DONE, "", ""), (10, 3, Task.DONE, "", ""),
    (12, 4, Task.DOING, "疏散组 陈玉", ""), (15, 5, Task.DOING, "抢险组", ""), (17, 8, Task.DONE, "", ""),
)  # fmt: skip
"""What became of tasks of the open incident: minutes after its report, number, state, owner, why."""


def demo_plans(today: date) -> tuple[list[EmergencyPlan], list[PlanStep]]:
    """Every plan with its steps, valid around a day."""
    templates = _lines("plan_steps")
    plans, steps = [], []
    for row in _lines("plans"):
        plans.append(
            EmergencyPlan(
                code=row["code"], title=row["title"], kind=row["kind"], nature="demo", edition=row["edition"],
                issuer=row["issuer"], valid_from=date(today.year + int(row["from_year"]), 1, 1),
                valid_until=date(today.year + int(row["until_year"]), 12, 31), enterprise=row["enterprise"],
                enterprise_name=row["place"] if row["enterprise"] else "", hazard_sources=_list(row["hazard_sources"]),
                chemicals=_list(row["chemicals"]), chemical_names=_list(row["chemical_names"]),
                incident_kinds=_list(row["incident_kinds"]), levels=_list(row["levels"]), summary=row["summary"],
                area=row["area"], source=SOURCE, sensitivity=Sensitivity.INTERNAL,
            )
        )  # fmt: skip
        for step in templates:
            if step["family"] == row["family"]:
                number = int(step["number"])
                steps.append(
                    PlanStep(
                        code=f"{row['code']}/{number:02d}", plan=row["code"], number=number, phase=step["phase"],
                        unit=step["unit"].replace("{place}", row["place"]), role=step["role"], text=step["text"],
                        detail=step["detail"], levels=_list(step["levels"]), moment=step["moment"],
                        minutes=int(step["minutes"]) if step["minutes"] else None, section=step["section"],
                        area=row["area"], source=SOURCE, sensitivity=Sensitivity.INTERNAL,
                    )
                )  # fmt: skip
    return plans, steps


def tell_emergency_plans(system: System) -> None:
    """Keep them, and take one up in the incident in hand; nothing where there are some already."""
    if system.store.count(EMERGENCY_PLANS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    now = system.clock()
    plans, steps = demo_plans(now.astimezone(CHINA).date())
    keep_rows(system, EMERGENCY_PLANS, plans)
    keep_rows(system, PLAN_STEPS, steps)
    query = Query(where=Compare("state", Op.EQ, "responding"))
    rows = system.store.read(INCIDENTS, query, scope=SYSTEM_SCOPE).to_pylist()
    for row in (record_of(INCIDENTS, row, SYSTEM_SCOPE) for row in rows):
        if isinstance(row, Incident) and row.chemical == "7782-50-5":
            _work(system, row, now)


class _Watch:
    """A clock that stands where the tale is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _work(system: System, row: Incident, now: datetime) -> None:
    watch = _Watch(min(now, row.reported_at + 6 * MINUTE))
    desk = PlanDesk(desk=IncidentDesk(store=system.store, clock=watch))
    officer = Actor(id=DEMO_ACTOR.id, name="周敏,市应急指挥中心", door=DEMO_ACTOR.door)
    by = By(actor=officer, scope=SYSTEM_SCOPE, account="demo-plans")
    found = desk.fitting(row, SYSTEM_SCOPE).fitting
    if not found or row.response is None:
        return
    desk.take_up(row.code, found[0].plan.code, row.response, by=by, command="demo-plans-take")
    for minutes, number, state, owner, why in COURSE:
        watch.at = min(now, row.reported_at + minutes * MINUTE)
        held: dict[int, Held] = {one.task.number: one for one in desk.tasks(row.code, SYSTEM_SCOPE)}
        if number in held:
            one = held[number]
            desk.move(one.task.code, one.version, state, by=by, command=f"demo-plans-{number}-{state.value}", why=why,
                      owner=owner or None)  # fmt: skip


def _lines(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / f"{name}.csv").read_text("utf-8").splitlines()))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
