"""Scripts of exercises, exercises that are played, and the injects of each: apart from everything that is real."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Second
from layers.catalogue.incidents import DESK, DRILL, OWNER, Person, Short, Words
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

STREAM = "exercise"
SCRIPT = r"^[A-Z0-9][A-Z0-9-]{1,38}$"
Line = Annotated[str, Field(min_length=1, max_length=300)]


class ExerciseScript(Record):
    """What is to be played: where, what begins it, and how many injects it has."""

    code: Annotated[str, Title("脚本编号", "Script"), Field(pattern=SCRIPT)]
    title: Annotated[str, Title("演练名称", "Title"), Field(min_length=1, max_length=110)]
    kind: Annotated[str, Title("事件类型", "Kind"), Codes("incident_kind")]
    areas: Annotated[tuple[str, ...], Title("参演地区", "Areas"), Field(min_length=1)]
    hazard_source: Annotated[str, Title("假设事发危险源", "Hazard source"), Refers("hazard_sources")] = ""
    summary: Annotated[Words, Title("情景设定", "What is assumed")] = ""
    nature: Annotated[Short, Title("脚本来源", "Where it comes from")] = ""
    made_by: Annotated[Person, Title("编写人", "Written by")] = ""


class ScriptInject(Record):
    """One inject of a script: when, to whom, what, and what is expected within what time."""

    code: Annotated[str, Title("导调编号", "Inject"), Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,38}/[0-9]{2,3}$")]
    script: Annotated[str, Title("脚本", "Script"), Refers("exercise_scripts")]
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=999)]
    offset: Annotated[Second, Title("注入时刻", "Offset", Text("自演练开始", "since the beginning")), Field(ge=0)]
    to: Annotated[str, Title("接收单位", "To whom"), Field(min_length=1, max_length=80)]
    to_area: Annotated[str, Title("接收地区", "Area it goes to"), Field(min_length=2, max_length=12)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("inject_kind")]
    text: Annotated[Line, Title("内容", "Text")]
    expected: Annotated[Line, Title("预期处置", "Expected action")]
    within: Annotated[Second, Title("处置时限", "By when", Text("自注入起", "since it was fired")), Field(gt=0)]


class ExerciseRun(Record):
    """A script that is played, under the number of its exercise incident; pauses are no part of its time."""

    code: Annotated[str, Title("演练编号", "Exercise"), Field(pattern=DRILL)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = True
    script: Annotated[str, Title("脚本", "Script"), Refers("exercise_scripts")]
    title: Annotated[str, Title("演练名称", "Title"), Field(min_length=1, max_length=120)]
    areas: Annotated[tuple[str, ...], Title("参演地区", "Areas")] = ()
    state: Annotated[str, Title("状态", "State"), Codes("exercise_state")] = "ready"
    started_at: Annotated[Moment | None, Title("开始时间", "Started at")] = None
    paused_at: Annotated[Moment | None, Title("暂停时间", "Paused at")] = None
    pauses: Annotated[tuple[str, ...], Title("暂停时段", "Pauses", Text("起/止", "from/to"))] = ()
    ended_at: Annotated[Moment | None, Title("结束时间", "Ended at")] = None
    director: Annotated[Person, Title("导调人", "Director")] = ""


class ExerciseInject(Record):
    """One inject of an exercise, of the area that it is addressed to; what came of it is told by the log."""

    code: Annotated[str, Title("导调编号", "Inject"), Field(pattern=r"^YL[0-9]{8}-[0-9]{4}/[0-9]{2,3}$")]
    incident: Annotated[str, Title("演练编号", "Exercise"), Field(pattern=DRILL)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = True
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=999)]
    offset: Annotated[Second, Title("注入时刻", "Offset"), Field(ge=0)]
    to: Annotated[str, Title("接收单位", "To whom"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("inject_kind")]
    text: Annotated[Line, Title("内容", "Text")]
    expected: Annotated[Line, Title("预期处置", "Expected action")]
    within: Annotated[Second, Title("处置时限", "By when"), Field(gt=0)]
    fired_at: Annotated[Moment | None, Title("注入时间", "Fired at")] = None
    remark: Annotated[Short, Title("评估意见", "Evaluator's remark")] = ""
    remark_by: Annotated[Person, Title("评估员", "Evaluator")] = ""
    remark_at: Annotated[Moment | None, Title("评估时间", "Remarked at")] = None


EXERCISE_SCRIPTS = Layer(
    id="exercise_scripts",
    title=Text("演练脚本", "Scripts of exercises"),
    about=Text("演练的情景设定和参演地区,不是真实事件", "What exercises assume and who plays; nothing of it is real"),
    record=ExerciseScript, key="code", label="title", geometry=Geometry.NONE, owner=OWNER, theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL, shared=True, publish=Publish.NONE,
    lineage=Text("由演练组织单位编写,按格式导入", "Written by who holds the exercise, imported in form"), stream=STREAM,
)  # fmt: skip

SCRIPT_INJECTS = Layer(
    id="exercise_script_injects",
    title=Text("演练脚本导调信息", "Injects of scripts"),
    about=Text("脚本中的导调信息、预期处置和时限", "Injects of scripts with what is expected, and by when"),
    record=ScriptInject, key="code", label="text", geometry=Geometry.NONE, owner=OWNER, theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL, publish=Publish.NONE, counted=("script",),
    lineage=Text("由演练组织单位编写,按格式导入", "Written by who holds the exercise, imported in form"), stream=STREAM,
)  # fmt: skip

EXERCISE_RUNS = Layer(
    id="exercise_runs",
    title=Text("演练", "Exercises that are played"),
    about=Text("按脚本进行的演练,不是真实事件", "Scripts that are played; nothing of it is real"),
    record=ExerciseRun, key="code", label="title", geometry=Geometry.NONE, owner=OWNER, made_by=DESK,
    theme=Theme.EVENT, sensitivity=Sensitivity.INTERNAL, shared=True, publish=Publish.NONE, stream=STREAM,
)  # fmt: skip

EXERCISE_INJECTS = Layer(
    id="exercise_injects",
    title=Text("演练导调信息", "Injects of exercises"),
    about=Text("演练中注入各参演地区的信息,不是真实情况", "What exercises tell the areas that play; nothing is real"),
    record=ExerciseInject, key="code", label="text", geometry=Geometry.NONE, owner=OWNER, made_by=DESK,
    theme=Theme.EVENT, sensitivity=Sensitivity.INTERNAL, publish=Publish.NONE, counted=("incident",), stream=STREAM,
)  # fmt: skip
