"""The script of the demo city's exercise, two areas and six injects, and one that was played by it two days ago.

Written for the demo and marked so; what was played is entered when the city is loaded, at times of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import orjson

from app.demo.alive import DEMO_ACTOR
from app.doors.exercises import script_of
from app.exercises.conducting import CLOCKWORK
from app.exercises.desk import ExerciseDesk
from app.incidents.desk import By, IncidentDesk
from app.wiring import System
from core.actors import Actor
from core.scope import SYSTEM_SCOPE
from emergency.exercises.course import Act
from emergency.incidents.life import Step
from layers.catalogue import EXERCISE_SCRIPTS
from store.query import EVERYTHING

SCRIPT = files("app.demo") / "data" / "exercise_chlorine.json"
AGO, MINUTE = timedelta(days=2), timedelta(minutes=1)
PORT, TOWN = "周敏,盐港新区应急管理局", "吴浩,云澜市区应急管理局"
REPLIES: tuple[tuple[float, str, int, bool, str], ...] = (
    (1.7, PORT, 1, True, "已接警,企业中控室确认1号罐根部阀泄漏"),
    (9.5, PORT, 2, True, "救护车和特勤站已派出,集结点在厂区北门上风向"),
    (6.0, TOWN, 3, False, "已通知学校,正在核实是否关闭通风"),
    (11.0, TOWN, 4, True, "影响范围已按北风重算,新增两个社区已通知"),
    (20.0, TOWN, 6, True, "已按统一口径答复记者,伤亡未核实不予说明"),
)
"""Minutes after the beginning, who, to which inject, whether the action was taken, in what words."""
STEPS: tuple[tuple[float, Step, int | None, str], ...] = (
    (3.0, Step.CONFIRM, None, ""), (5.0, Step.RESPOND, 2, ""), (24.0, Step.CONTROL, None, ""),
    (26.0, Step.CLOSE, None, "演练结束"),
)  # fmt: skip
ENDS = 25.0


def demo_script() -> dict[str, Any]:
    """As a file of a script gives it."""
    found: dict[str, Any] = orjson.loads(SCRIPT.read_bytes())
    return found


def tell_exercises(system: System) -> None:
    """Keep the script and play it once; nothing where there are scripts already."""
    if system.store.count(EXERCISE_SCRIPTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    at = [system.clock() - AGO]
    desk = ExerciseDesk(desk=IncidentDesk(store=system.store, clock=lambda: at[0]))
    by = _by(PORT)
    script, injects = script_of(demo_script(), by)
    desk.keep_script(script, injects, by=by)
    begun, code = at[0], desk.open(script.code, by=by, command="demo-exercise-open").code
    with CLOCKWORK:  # the server would inject now what was due two days ago
        for minutes, does in sorted(_acts(desk, code, by, [one.offset for one in injects]), key=lambda one: one[0]):
            at[0] = begun + minutes * MINUTE
            does(at[0])


def _acts(
    desk: ExerciseDesk, code: str, by: By, offsets: list[float]
) -> list[tuple[float, Callable[[datetime], object]]]:  # fmt: skip
    def act(what: Act) -> Callable[[datetime], object]:
        def does(_: datetime) -> object:
            version = desk.run(code, SYSTEM_SCOPE).version
            return desk.act(code, version, what, by=by, command=f"demo-exercise-{what.value}")

        return does

    def reply(who: str, n: int, done: bool, text: str) -> Callable[[datetime], object]:
        command = f"demo-exercise-reply-{n}"
        return lambda _: desk.reply(f"{code}/{n:02d}", text, done=done, by=_by(who), command=command)

    def step(what: Step, response: int | None, why: str) -> Callable[[datetime], object]:
        def does(_: datetime) -> object:
            version = desk.desk.find(code, scope=SYSTEM_SCOPE).version
            command = f"demo-exercise-{what.value}"
            return desk.desk.step(code, version, what, by=by, command=command, why=why, response=response)

        return does

    def losses(_: datetime) -> object:
        told = {"deaths": 0, "serious_injuries": 0, "minor_injuries": 2, "missing": 0, "trapped": 0}
        version = desk.desk.find(code, scope=SYSTEM_SCOPE).version
        return desk.desk.correct(code, version, told, by=by, command="demo-exercise-losses")

    def remark(_: datetime) -> object:
        text = "通知学校后没有核实是否关闭通风,按未完成计"
        return desk.remark(f"{code}/03", text, by=by, command="demo-exercise-remark")

    found: list[tuple[float, Callable[[datetime], object]]] = [(0.0, act(Act.START)), (22.0, losses), (23.0, remark)]
    found += [(offset / 60, desk.fire) for offset in offsets]
    found += [(minutes, reply(who, n, done, text)) for minutes, who, n, done, text in REPLIES]
    found += [(minutes, step(what, response, why)) for minutes, what, response, why in STEPS]
    return [*found, (ENDS, act(Act.STOP))]


def _by(name: str) -> By:
    actor = Actor(id=DEMO_ACTOR.id, name=name, door=DEMO_ACTOR.door)
    return By(actor=actor, scope=SYSTEM_SCOPE, account="demo-exercises")
