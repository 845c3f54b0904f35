"""Incidents from the first report to their end, the log of each, what they came of, and orders (decision 0016)."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.fields import Codes, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

CODE = r"^(SJ|YL)[0-9]{8}-[0-9]{4}$"
REAL, DRILL = r"^SJ[0-9]{8}-[0-9]{4}$", r"^YL[0-9]{8}-[0-9]{4}$"
ENTRY = r"^(SJ|YL)[0-9]{8}-[0-9]{4}/[0-9]{4,6}$"
STREAM = "incident"
KEPT = "file/"
"""What a line of the log refers to a file of its incident by: its SHA-256."""
OWNER = Text("应急指挥中心", "Emergency command centre")
DESK = Text("值班台按事件处置流程写入", "the duty desk, step by step")
DECREE = Standard("国务院令第493号 第三条")
PERSONAL = Private(Sensitivity.SENSITIVE)
Person = Annotated[str, Field(max_length=80)]
Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Count = Annotated[int | None, Field(ge=0, le=1_000_000)]


class Incident(Record):
    """One incident as it stands. What nobody knows yet is none, never 0: a level is not counted from a guess."""

    code: Annotated[str, Title("事件编号", "Incident"), Field(pattern=REAL)]
    title: Annotated[str, Title("事件名称", "Title"), Field(min_length=1, max_length=120)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    state: Annotated[str, Title("处置状态", "State"), Codes("incident_state")] = "reported"
    kind: Annotated[str, Title("事件类型", "Kind"), Codes("incident_kind")]
    origin: Annotated[str, Title("来源渠道", "Came by"), Codes("incident_origin")]
    reported_at: Annotated[Moment, Title("接报时间", "Reported at")]
    reported_by: Annotated[Person, Title("接报人", "Taken by")] = ""
    reporter: Annotated[Short, Title("报告人", "Reporter"), PERSONAL] = ""
    reporter_phone: Annotated[str, Title("报告人电话", "Reporter's phone"), PERSONAL, Field(max_length=40)] = ""
    occurred_at: Annotated[Moment | None, Title("发生时间", "Occurred at")] = None
    unit_told_at: Annotated[
        Moment | None, Title("单位负责人接报时间", "Unit head told at"), Standard("国务院令第493号 第九条")
    ] = None
    unit_reported_at: Annotated[
        Moment | None, Title("单位报告时间", "Unit reported at"), Standard("国务院令第493号 第九条")
    ] = None
    confirmed_at: Annotated[Moment | None, Title("核实时间", "Confirmed at")] = None
    responding_at: Annotated[Moment | None, Title("启动响应时间", "Response began at")] = None
    controlled_at: Annotated[Moment | None, Title("险情控制时间", "Controlled at")] = None
    closed_at: Annotated[Moment | None, Title("结束时间", "Closed at")] = None
    closed_why: Annotated[Words, Title("结束、误报或合并说明", "Why it ended")] = ""
    response: Annotated[
        int | None,
        Title("响应级别", "Response level", Text("空为未启动", "none: not begun")),
        Standard("突发事件应对法 第七十一条"), Codes("response_level"), Field(ge=1, le=4),
    ] = None  # fmt: skip
    response_ended_at: Annotated[
        Moment | None, Title("终止响应时间", "Response ended at"), Standard("生产安全事故应急条例 第二十五条")
    ] = None
    enterprise: Annotated[str, Title("事发单位代码", "Enterprise"), Refers("enterprises")] = ""
    enterprise_name: Annotated[str, Title("事发单位", "Enterprise's name"), Field(max_length=120)] = ""
    hazard_source: Annotated[str, Title("重大危险源", "Hazard source"), Refers("hazard_sources")] = ""
    chemical: Annotated[str, Title("涉及物质", "Chemical", Text("CAS 号", "CAS number")), Field(max_length=40)] = ""
    chemical_name: Annotated[str, Title("物质名称", "Chemical's name"), Field(max_length=80)] = ""
    address: Annotated[Short, Title("事发地点", "Where")] = ""
    summary: Annotated[Words, Title("简要经过", "What happened")] = ""
    measures: Annotated[Words, Title("已采取的措施", "Measures taken")] = ""
    deaths: Annotated[Count, Title("死亡", "Deaths"), DECREE] = None
    missing: Annotated[Count, Title("失踪", "Missing")] = None
    serious_injuries: Annotated[
        Count, Title("重伤", "Serious injuries", Text("含急性工业中毒", "with acute poisoning")), DECREE
    ] = None
    minor_injuries: Annotated[Count, Title("轻伤", "Minor injuries")] = None
    trapped: Annotated[Count, Title("被困", "Trapped")] = None
    evacuated: Annotated[Count, Title("疏散转移", "Evacuated")] = None
    direct_loss: Annotated[
        float | None, Title("直接经济损失", "Direct loss"), DECREE, Unit("CNY"), Field(ge=0, le=1e13)
    ] = None
    level: Annotated[
        int | None,
        Title("事故等级", "Level", Text("按已知伤亡损失自动判定", "counted from what is known")),
        Codes("accident_level"), DECREE, Field(ge=1, le=4),
    ] = None  # fmt: skip
    accident_kind: Annotated[str, Title("事故类别", "Accident type"), Codes("accident_type"), Standard("GB 6441")] = ""
    merged_into: Annotated[str, Title("并入事件", "Merged into"), Field(max_length=20)] = ""
    scenario: Annotated[str, Title("现行情景", "Scenario"), Field(max_length=40)] = ""
    accident: Annotated[str, Title("事故登记", "Accident"), Field(max_length=40)] = ""


class ExerciseIncident(Incident):
    """An incident that is played: of another layer, with other numbers, so that no count or map of real ones has it."""

    code: Annotated[str, Title("演练编号", "Exercise"), Field(pattern=DRILL)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = True


INCIDENTS = Layer(
    id="incidents",
    title=Text("突发事件", "Incidents"),
    about=Text("接报、核实、响应、控制、结束的突发事件,不含演练", "Incidents from report to end, without exercises"),
    record=Incident,
    key="code",
    label="title",
    time="reported_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name", "chemical_name", "address"),
    style=Style(symbol="accident-4", by="level", symbols={
        "1": "accident-1", "2": "accident-2", "3": "accident-3", "4": "accident-4",
    }),
    lineage=Text("由值班人员接报登记", "Entered by who is on duty"),
    frequency=Text("随时", "As it happens"),
    stream=STREAM,
)  # fmt: skip

EXERCISES = Layer(
    id="exercise_incidents",
    title=Text("演练事件", "Incidents of exercises"),
    about=Text("演练中的事件,不计入统计,不上图", "Incidents that are played: not counted, on no map of real ones"),
    record=ExerciseIncident,
    key="code",
    label="title",
    time="reported_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    style=Style(symbol="accident-4"),
    stream="exercise",
)


class IncidentEntry(Record):
    """One line of an incident's log. It may be struck through, with who, when and why; its words stay."""

    code: Annotated[str, Title("记录编号", "Entry"), Field(pattern=ENTRY)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=999_999)]
    kind: Annotated[str, Title("记录类型", "Kind"), Codes("incident_entry")]
    at: Annotated[Moment, Title("记录时间", "Written at")]
    happened_at: Annotated[Moment, Title("发生时间", "Happened at")]
    by: Annotated[Person, Title("记录人", "Written by")]
    account: Annotated[Person, Title("记录账号", "Account")] = ""
    text: Annotated[str, Title("内容", "Text"), Field(min_length=1, max_length=2000)]
    refs: Annotated[tuple[str, ...], Title("关联对象", "Refers to", Text("图层/主键", "layer/key of each"))] = ()
    struck_at: Annotated[Moment | None, Title("划去时间", "Struck at")] = None
    struck_by: Annotated[Person, Title("划去人", "Struck by")] = ""
    struck_why: Annotated[Words, Title("划去原因", "Why struck")] = ""


INCIDENT_LOG = Layer(
    id="incident_log",
    title=Text("事件日志", "Log of incidents"),
    about=Text("事件处置全过程记录,可划去,不可删改", "All that was done and known; struck through, never erased"),
    record=IncidentEntry,
    key="code",
    label="text",
    time="happened_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    style=Style(symbol="accident-4"),
    stream=STREAM,
)


class IncidentLink(Record):
    """An alarm, event, complaint, call or message that an incident came of or that was merged into it: one at most."""

    code: Annotated[str, Title("来源对象", "Object", Text("图层/主键", "layer/key")), Field(max_length=160)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    of_layer: Annotated[str, Title("图层", "Layer"), Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    of_key: Annotated[str, Title("主键", "Key"), Field(min_length=1, max_length=100)]
    role: Annotated[str, Title("关系", "As"), Codes("incident_link")]
    title: Annotated[Short, Title("名称", "Title")] = ""
    at: Annotated[Moment, Title("关联时间", "Linked at")]
    by: Annotated[Person, Title("关联人", "Linked by")]


INCIDENT_LINKS = Layer(
    id="incident_links",
    title=Text("事件来源", "What incidents came of"),
    about=Text("立为事件或并入事件的报警、视频事件、举报等", "Alarms, events, complaints that are part of one"),
    record=IncidentLink,
    key="code",
    label="title",
    time="at",
    geometry=Geometry.NONE,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    stream=STREAM,
)


class IncidentCommand(Record):
    """A command under the key its sender made: sent again it is known, and done once."""

    code: Annotated[str, Title("命令标识", "Key of the command"), Field(min_length=1, max_length=160)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    entry: Annotated[str, Title("记录", "Entry"), Field(pattern=ENTRY)]
    what: Annotated[str, Title("命令", "Command"), Field(max_length=40)]
    at: Annotated[Moment, Title("时间", "At")]
    account: Annotated[Person, Title("账号", "Account")] = ""


INCIDENT_COMMANDS = Layer(
    id="incident_commands",
    title=Text("事件命令", "Commands to incidents"),
    about=Text(
        "客户端为每次提交生成的标识,同一标识只办理一次", "The key of each command; whoever sends it twice does it once"
    ),
    record=IncidentCommand,
    key="code",
    time="at",
    geometry=Geometry.NONE,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    stream=STREAM,
)
