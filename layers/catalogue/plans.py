"""Digital plans: what a plan fits, its action steps as rows, and the tasks of an incident that come of them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.incidents import CODE, DESK, OWNER, STREAM, Person, Short
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

PLAN = r"^[A-Z0-9][A-Z0-9-]{1,38}$"
LAW = Standard("生产安全事故应急条例 第六条")
Words = Annotated[str, Field(max_length=1000)]


class EmergencyPlan(Record):
    """A plan with what it is for: its area, enterprise, chemicals, kinds of incidents and levels; blank is no limit."""

    code: Annotated[str, Title("预案编号", "Plan"), Header("编号"), Field(pattern=PLAN)]
    title: Annotated[str, Title("预案名称", "Title"), Header("名称"), Field(min_length=1, max_length=120)]
    kind: Annotated[str, Title("预案类别", "Kind"), Codes("emergency_plan_kind"), Header("类别"), LAW] = "special"
    nature: Annotated[
        str,
        Title("文本性质", "Nature of the text", Text("正式文本、摘编或演示内容", "official, extract, for a demo")),
        Codes("plan_nature"),
    ] = "extract"
    edition: Annotated[str, Title("版本", "Edition"), Header("版次"), Field(max_length=40)] = ""
    issuer: Annotated[str, Title("编制单位", "Issued by"), Header("发布单位"), Field(max_length=120)] = ""
    valid_from: Annotated[date | None, Title("施行日期", "In force from"), Header("实施日期", "发布日期")] = None
    valid_until: Annotated[
        date | None, Title("有效期至", "In force until", Text("空为未写明", "blank: the plan does not say")),
        Header("截止日期"),
    ] = None  # fmt: skip
    enterprise: Annotated[
        str, Title("适用单位代码", "Enterprise", Text("空为不限单位", "blank: of no enterprise alone")),
        Refers("enterprises"), Header("统一社会信用代码"),
    ] = ""  # fmt: skip
    enterprise_name: Annotated[str, Title("适用单位", "Enterprise's name"), Field(max_length=120)] = ""
    hazard_sources: Annotated[
        tuple[str, ...], Title("重大危险源", "Hazard sources", Text("空为不限", "blank: no limit"))
    ] = ()
    chemicals: Annotated[
        tuple[str, ...], Title("适用物质", "Chemicals", Text("CAS 号,空为不限", "CAS numbers; blank: no limit"))
    ] = ()
    chemical_names: Annotated[tuple[str, ...], Title("物质名称", "Names of chemicals"), Header("化学品名称")] = ()
    incident_kinds: Annotated[
        tuple[str, ...], Title("适用事件类型", "Kinds of incidents", Text("空为不限", "blank: no limit")),
        Codes("incident_kind"),
    ] = ()  # fmt: skip
    levels: Annotated[
        tuple[str, ...], Title("适用响应级别", "Response levels", Text("1 至 4,空为各级", "1 to 4; blank: all")),
        Codes("response_level"),
    ] = ()  # fmt: skip
    filing: Annotated[str, Title("备案编号", "Filing"), Refers("filings"), Field(max_length=40)] = ""
    summary: Annotated[Words, Title("适用范围", "What it is for"), Header("摘要")] = ""


EMERGENCY_PLANS = Layer(
    id="emergency_plans",
    title=Text("应急预案", "Emergency plans"),
    about=Text(
        "数字化预案:部门、专项、重点单位预案,及其适用的地区、单位、物质、事件类型和响应级别",
        "Plans of departments, special ones and of key units, with what each is for",
    ),
    record=EmergencyPlan,
    key="code",
    label="title",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.RESOURCE,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,  # whoever leads in a district works by the plans of the city and of its departments
    counted=("kind",),
    search=("code", "title", "issuer", "enterprise_name", "chemical_names", "summary"),
    lineage=Text("由预案编制单位提供,按格式导入", "Given by who wrote the plan, imported in form"),
)


class PlanStep(Record):
    """One action of a plan: who does what, within how many minutes of which moment, at which response levels."""

    code: Annotated[
        str, Title("行动编号", "Step", Text("预案编号/序号", "plan/number")), Header("编号"),
        Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,38}/[0-9]{2,3}$"),
    ]  # fmt: skip
    plan: Annotated[str, Title("预案编号", "Plan"), Refers("emergency_plans"), Header("预案")]
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=999)]
    phase: Annotated[str, Title("环节", "Phase"), Codes("plan_phase"), Header("阶段")]
    unit: Annotated[str, Title("责任单位", "Unit"), Header("单位"), Field(min_length=1, max_length=80)]
    role: Annotated[str, Title("责任岗位", "Role"), Header("岗位"), Field(max_length=80)] = ""
    text: Annotated[str, Title("行动", "Action"), Header("任务", "内容"), Field(min_length=1, max_length=200)]
    detail: Annotated[Words, Title("要求", "How"), Header("说明")] = ""
    levels: Annotated[
        tuple[str, ...], Title("响应级别", "Response levels", Text("1 至 4,空为各级", "1 to 4; blank: all")),
        Codes("response_level"),
    ] = ()  # fmt: skip
    minutes: Annotated[
        int | None, Title("时限(分)", "Within minutes", Text("空为不限时", "blank: no limit")), Header("时限"),
        Field(ge=0, le=100_000),
    ] = None  # fmt: skip
    moment: Annotated[str, Title("起算", "Counted from"), Codes("plan_moment"), Header("起算时刻")] = "responding"
    section: Annotated[str, Title("章节", "Section"), Field(max_length=40)] = ""


PLAN_STEPS = Layer(
    id="plan_steps",
    title=Text("预案行动", "Steps of plans"),
    about=Text(
        "数字化预案的行动步骤:谁、做什么、何时起几分钟内、哪一级响应",
        "Who does what, within how many minutes of when, at which response level",
    ),
    record=PlanStep,
    key="code",
    label="text",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.RESOURCE,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,
    counted=("plan", "number"),
    search=("text", "detail", "unit", "role"),
    lineage=Text("由预案编制单位提供,按格式导入", "Given by who wrote the plan, imported in form"),
)


class IncidentTask(Record):
    """A step of a plan as a task of one incident. Its words are those of the plan as it stood when it was taken up."""

    code: Annotated[str, Title("任务编号", "Task"), Field(pattern=r"^(SJ|YL)[0-9]{8}-[0-9]{4}/T[0-9]{3}$")]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=999)]
    plan: Annotated[str, Title("预案", "Plan"), Refers("emergency_plans")]
    plan_title: Annotated[str, Title("预案名称", "Title of the plan"), Field(max_length=120)]
    edition: Annotated[str, Title("预案版本", "Edition"), Field(max_length=40)] = ""
    step: Annotated[str, Title("预案行动", "Step"), Refers("plan_steps")]
    phase: Annotated[str, Title("环节", "Phase"), Codes("plan_phase")]
    unit: Annotated[str, Title("责任单位", "Unit"), Field(max_length=80)]
    role: Annotated[str, Title("责任岗位", "Role"), Field(max_length=80)] = ""
    owner: Annotated[Person, Title("承办人", "Owner", Text("空为未指定", "blank: nobody named"))] = ""
    text: Annotated[str, Title("行动", "Action"), Field(min_length=1, max_length=200)]
    detail: Annotated[Words, Title("要求", "How")] = ""
    response: Annotated[
        int, Title("下达时响应级别", "Level it was taken up at"), Codes("response_level"), Field(ge=1, le=4)
    ]
    minutes: Annotated[int | None, Title("时限(分)", "Within minutes"), Field(ge=0, le=100_000)] = None
    moment: Annotated[str, Title("起算", "Counted from"), Codes("plan_moment")] = "responding"
    since: Annotated[
        Moment | None,
        Title("响应起算时间", "Since", Text("下达时该级响应启动的时间", "when the response of that level began")),
    ] = None  # fmt: skip
    made_at: Annotated[Moment, Title("下达时间", "Taken up at")]
    made_by: Annotated[Person, Title("下达人", "Taken up by")]
    state: Annotated[str, Title("状态", "State"), Codes("task_state")] = "todo"
    state_at: Annotated[Moment | None, Title("状态时间", "State since")] = None
    state_by: Annotated[Person, Title("办理人", "Changed by")] = ""
    started_at: Annotated[Moment | None, Title("开始时间", "Begun at")] = None
    done_at: Annotated[Moment | None, Title("完成时间", "Done at")] = None
    why: Annotated[Short, Title("说明", "Why", Text("不适用须写明原因", "not needed: why"))] = ""


INCIDENT_TASKS = Layer(
    id="incident_tasks",
    title=Text("事件任务", "Tasks of incidents"),
    about=Text("由预案行动下达的事件任务,含承办、时限和状态", "Steps of plans as tasks: owner, clock, state"),
    record=IncidentTask,
    key="code",
    label="text",
    time="made_at",
    geometry=Geometry.NONE,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    stream=STREAM,
)
