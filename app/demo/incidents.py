"""Incidents of the demo city: led by the desk itself at times of their own, one in hand, the rest over, one played."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.demo.alive import DEMO_ACTOR
from app.demo.orders import orders_of
from app.incidents.desk import By, IncidentDesk, Opening
from app.wiring import System
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from emergency.incidents.life import Step
from layers.catalogue import HAZARD_SOURCES, INCIDENTS
from store.protocol import Store
from store.query import EVERYTHING

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NONE = {"deaths": 0, "serious_injuries": 0, "missing": 0, "trapped": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One incident: where, what, when, and what was done how many minutes later."""

    name: str
    source: str
    kind: str
    title: str
    text: str
    ago: timedelta
    losses: dict[str, Any] = field(default_factory=dict)
    response: int = 4
    ends: bool = True
    false: str = ""
    exercise: bool = False


COURSES = (
    Course(name="open", source="H9901060001", kind="leak", title="云澜氯碱 2号液氯储罐 氯气泄漏", ago=24 * MINUTE,
           text="当班调度报告:2号液氯储罐出料管法兰泄漏,现场有黄绿色气体", response=2, ends=False,
           losses={"deaths": 0, "serious_injuries": 0, "minor_injuries": 3, "missing": 0}),
    Course(name="city-fire", source="H9901020008", kind="fire", title="浦口加油站 卸油口闪燃", ago=3 * DAY,
           text="群众报告:加油站卸油口起火,员工正在扑救",
           losses={**NONE, "minor_injuries": 1, "direct_loss": 42_000.0}),
    Course(name="city-false", source="H9901020023", kind="leak", title="云澜泰禾 丙烯腈罐区 异味", ago=6 * DAY,
           text="附近居民反映刺鼻异味", false="现场检测无检出,系邻厂沥青施工"),
    Course(name="tingtao", source="H9901040006", kind="leak", title="听涛冷链 液氨管线渗漏", ago=9 * DAY,
           text="冷库值班员报告氨浓度升高", response=3,
           losses={**NONE, "serious_injuries": 1, "minor_injuries": 4, "evacuated": 120, "direct_loss": 380_000.0}),
    Course(name="tingtao-traffic", source="H9901040016", kind="traffic", title="听涛大道 甲醇罐车侧翻", ago=15 * DAY,
           text="交警通报:甲醇罐车侧翻,罐体未泄漏", losses={**NONE, "minor_injuries": 1, "direct_loss": 160_000.0}),
    Course(name="qingyu", source="H9901210022", kind="equipment", title="石梁鑫安 环氧乙烷装卸臂脱开", ago=21 * DAY,
           text="装卸工报告:装卸臂脱开,已紧急切断", losses={**NONE, "direct_loss": 20_000.0}),
    Course(name="yangang", source="H9901060014", kind="explosion", title="德嘉石化 氯乙烯尾气管爆燃", ago=30 * DAY,
           text="企业报告:尾气管爆燃,两人受伤", response=3,
           losses={**NONE, "deaths": 1, "serious_injuries": 2, "minor_injuries": 5, "direct_loss": 2_600_000.0}),
    Course(name="played", source="H9901060013", kind="leak", title="德嘉石化 液氯储罐泄漏演练", ago=5 * DAY,
           text="导调组注入:液氯储罐根部阀泄漏", response=2, losses=NONE, exercise=True),
)  # fmt: skip


def tell_incidents(system: System) -> None:
    """The demo's incidents; nothing where there are some already."""
    if system.store.count(INCIDENTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    now = system.clock()
    for course in COURSES:
        _tell(system.store, course, now)


class _Watch:
    """A clock that stands where the tale is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _tell(store: Store, course: Course, now: datetime) -> None:
    watch = _Watch(now - course.ago)
    desk = IncidentDesk(store=store, clock=watch)
    officer = Actor(id=DEMO_ACTOR.id, name="周敏,市应急指挥中心", door=DEMO_ACTOR.door)
    by = By(actor=officer, scope=SYSTEM_SCOPE, account="demo-incidents")
    source: Any = store.get(HAZARD_SOURCES, course.source, scope=SYSTEM_SCOPE).record
    opening = Opening(
        origin="call", title=course.title, kind=course.kind, text=course.text, exercise=course.exercise,
        facts={"hazard_source": course.source, "occurred_at": watch.at - 6 * MINUTE, "summary": course.text,
               "address": source.name, "reporter": "企业当班调度",
               "unit_told_at": watch.at - 4 * MINUTE, "unit_reported_at": watch.at},
    )  # fmt: skip
    code = desk.open(opening, by=by, command=f"demo-{course.name}-open").code
    acts = _acts(course, desk, code, by)
    for minutes, act in acts:
        watch.at = min(now, now - course.ago + minutes * MINUTE)
        act()


def _acts(course: Course, desk: IncidentDesk, code: str, by: By) -> list[tuple[float, Callable[[], object]]]:
    def step(step: Step, why: str = "", response: int | None = None) -> Callable[[], object]:
        def act() -> object:
            version = desk.find(code, scope=by.scope).version
            return desk.step(
                code, version, step, by=by, command=f"demo-{course.name}-{step.value}", why=why, response=response
            )

        return act

    def note(n: int, kind: str, text: str, *refs: str) -> Callable[[], object]:
        return lambda: desk.note(code, kind, text, by=by, command=f"demo-{course.name}-note-{n}", refs=refs)

    def losses() -> object:
        version = desk.find(code, scope=by.scope).version
        return desk.correct(code, version, course.losses, by=by, command=f"demo-{course.name}-losses")

    if course.false:
        return [(12, note(1, "call", "通知属地现场核查")), (38, step(Step.FALSE, why=course.false))]
    begun: list[tuple[float, Callable[[], object]]] = [
        (
            2,
            note(1, "call", "回拨企业中控室核实,确认泄漏部位和风向标方向" if course.kind == "leak" else "回拨企业核实"),
        ),
        (3, step(Step.CONFIRM)),
        (5, step(Step.RESPOND, response=course.response)),
        (7, note(2, "order", "通知辖区消防救援站出动,企业应急队伍先期处置")),
        (12, losses),
    ]
    if not course.ends:
        ordered = orders_of(course.name, desk, code, by)
        last = (16, note(3, "note", "现场风向东北,人员从上风向撤离"))
        return sorted([*begun[:3], begun[4], *ordered, last], key=lambda one: one[0])
    return [
        *begun, (55, note(4, "report", "快报已报省应急管理厅", "report/flash")), (95, step(Step.CONTROL)),
        (150, note(5, "report", "终报已报省应急管理厅", "report/special")),
        (160, step(Step.CLOSE, why="险情消除,现场移交属地")),
    ]  # fmt: skip
