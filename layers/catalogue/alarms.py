"""What is judged of readings: the rules, what is taken out of them for a while, and the alarms that came of it."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Second, Unit
from layers.fields import Codes, Header, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

OWNER = Text("应急指挥中心", "Emergency command centre")
RULE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
POINTS = Text("监测点编码,气象站等多要素设备写作“站号/要素”", "point codes; of a device with elements: code/element")
OWN_LIMIT = Text("空为用监测点自身限值", "None: the point's own limit")
Level = Annotated[int, Field(ge=1, le=4)]
Person = Annotated[str, Field(max_length=80)]
Words = Annotated[str, Field(max_length=400)]


class AlarmRule(Record):
    """When a point is in alarm; the limits stay the sensor's own unless the rule gives others."""

    code: Annotated[str, Title("规则编号", "Rule"), Header("编号"), Field(pattern=RULE)]
    title: Annotated[str, Title("规则名称", "Title"), Header("名称"), Field(min_length=1, max_length=120)]
    kind: Annotated[str, Title("规则类型", "Kind"), Codes("alarm_rule_kind")]
    state: Annotated[str, Title("状态", "State"), Codes("alarm_rule_state")] = "draft"
    points: Annotated[tuple[str, ...], Title("监测点", "Points", POINTS)] = ()
    sensor_kind: Annotated[
        str, Title("监测类型", "Kind of sensor", Text("该类型全部在用监测点", "every point of it in use")),
        Codes("sensor_kind"),
    ] = ""  # fmt: skip
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    limits: Annotated[
        tuple[str, ...], Title("判断的限值", "Limits judged", Text("LL、L、H、HH", "of LL, L, H, HH")),
    ] = ("LL", "L", "H", "HH")  # fmt: skip
    low_low: Annotated[float | None, Title("低低报", "Low-low limit", OWN_LIMIT)] = None
    low: Annotated[float | None, Title("低报", "Low limit", OWN_LIMIT)] = None
    high: Annotated[float | None, Title("高报", "High limit", OWN_LIMIT)] = None
    high_high: Annotated[float | None, Title("高高报", "High-high limit", OWN_LIMIT)] = None
    level: Annotated[Level, Title("报警级别", "Level"), Codes("risk")] = 3
    level_outer: Annotated[
        Level | None, Title("LL、HH 级别", "Level of LL and HH", Text("空为同上", "None: the same")), Codes("risk")
    ] = None
    dead_band: Annotated[float | None, Title("死区", "Dead band"), Field(ge=0)] = None
    dead_band_percent: Annotated[
        float | None, Title("死区占量程", "Dead band, of the range"), Unit("%"), Field(ge=0, le=50)
    ] = None
    delay_on: Annotated[Second, Title("报警延时", "On-delay"), Field(ge=0, le=86400)] = 0.0
    delay_off: Annotated[Second, Title("恢复延时", "Off-delay"), Field(ge=0, le=86400)] = 0.0
    rate_up: Annotated[float | None, Title("每分钟上升限", "Rise a minute"), Field(gt=0)] = None
    rate_down: Annotated[float | None, Title("每分钟下降限", "Fall a minute"), Field(gt=0)] = None
    rate_window: Annotated[Second | None, Title("速率窗口", "Window of the rate"), Field(gt=0, le=86400)] = None
    terms: Annotated[
        tuple[str, ...],
        Title("组合条件", "Terms", Text("每条“监测点 限值 [数值]”,如 K-1 H 20", "each: point limit [value]")),
    ] = ()
    needed: Annotated[
        int | None, Title("成立条数", "Terms needed", Text("空为全部,1 为任一", "None: all; 1: any")), Field(ge=1)
    ] = None
    silence: Annotated[Second | None, Title("静默时限", "Silence"), Field(gt=0, le=604800)] = None
    silence_intervals: Annotated[
        float | None, Title("静默采集间隔数", "Silence, in sampling intervals"), Field(gt=0, le=1000)
    ] = None
    link_share: Annotated[
        float | None,
        Title("同一网关失联比例", "Silent of a gateway", Text("达到即合并为一条,空为逐点报警", "None: each by itself")),
        Unit("%"), Field(ge=1, le=100),
    ] = None  # fmt: skip
    link_gather: Annotated[
        Second | None,
        Title("合并等待", "Held back for", Text("单点失联等待同网关其他点", "a point waits for others of its gateway")),
        Field(ge=0, le=3600),
    ] = None  # fmt: skip
    schedule: Annotated[
        tuple[str, ...],
        Title("生效时段", "Schedule", Text("如 1-5 08:00-18:00,北京时间", "as 1-5 08:00-18:00, Beijing time")),
    ] = ()
    valid_from: Annotated[Moment | None, Title("有效期起", "Valid from")] = None
    valid_to: Annotated[Moment | None, Title("有效期止", "Valid until")] = None
    basis: Annotated[Words, Title("参数依据", "Basis of the numbers")] = ""
    basis_status: Annotated[str, Title("依据核实情况", "How far it is to be trusted"), Codes("basis_status")] = "own"


ALARM_RULES = Layer(
    id="alarm_rules",
    title=Text("报警规则", "Alarm rules"),
    about=Text("监测点何时报警:限值、死区、延时、速率、组合、静默、时段", "When readings are an alarm"),
    record=AlarmRule,
    key="code",
    label="title",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title"),
    publish=Publish.NONE,
)


class AlarmInhibition(Record):
    """Rules or points taken out for a while, because somebody works there; who answers for it, and why."""

    code: Annotated[str, Title("抑制编号", "Inhibition"), Field(min_length=1, max_length=60)]
    rule: Annotated[
        str, Title("规则", "Rule", Text("空为该点全部规则", "blank: every rule")), Refers("alarm_rules")
    ] = ""
    points: Annotated[tuple[str, ...], Title("监测点", "Points", Text("空为规则全部监测点", "none: every point"))] = ()
    starts: Annotated[Moment, Title("开始时间", "From")]
    ends: Annotated[Moment, Title("结束时间", "Until")]
    permit: Annotated[str, Title("作业票编号", "Work permit"), Field(max_length=60)] = ""
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    who: Annotated[Person, Title("批准人", "Approved by"), Field(min_length=1)]
    why: Annotated[Words, Title("事由", "Why"), Field(min_length=2)]


ALARM_INHIBITIONS = Layer(
    id="alarm_inhibitions",
    title=Text("报警抑制", "Alarm inhibitions"),
    about=Text("检修、特殊作业期间停用的报警规则", "Alarm rules out of service during work and maintenance"),
    record=AlarmInhibition,
    key="code",
    time="starts",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
)


class AlarmRow(Record):
    """One episode of one condition of a rule at one point, from raised to closed."""

    code: Annotated[str, Title("报警编号", "Alarm"), Header("编号"), Field(pattern=r"^BJ[0-9]{8}-[0-9a-f]{12}$")]
    title: Annotated[str, Title("报警内容", "Title"), Field(min_length=1, max_length=200)]
    point: Annotated[str, Title("监测点", "Point"), Refers("sensors")] = ""
    rule: Annotated[str, Title("规则", "Rule"), Refers("alarm_rules")] = ""
    condition: Annotated[str, Title("报警条件", "Condition"), Codes("alarm_condition")]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    level: Annotated[Level, Title("报警级别", "Level"), Codes("risk")]
    state: Annotated[str, Title("状态", "State"), Codes("alarm_state")] = "raised"
    raised_at: Annotated[Moment, Title("报警时间", "Raised at")]
    raises: Annotated[
        int, Title("报警次数", "Times raised", Text("含未关闭前的重复报警", "before it was closed")), Field(ge=1)
    ] = 1  # fmt: skip
    last_raised_at: Annotated[Moment | None, Title("最近报警时间", "Last raised at")] = None
    acknowledged_at: Annotated[Moment | None, Title("确认时间", "Acknowledged at")] = None
    acknowledged_by: Annotated[Person, Title("确认人", "Acknowledged by")] = ""
    received_at: Annotated[Moment | None, Title("企业接警时间", "Received by the enterprise at")] = None
    received_by: Annotated[Person, Title("企业接警人", "Received by")] = ""
    answered_at: Annotated[Moment | None, Title("企业答复时间", "Answered by the enterprise at")] = None
    answered_by: Annotated[Person, Title("企业答复人", "Answered by")] = ""
    answer_cause: Annotated[Words, Title("企业答复:原因", "Cause the enterprise gives")] = ""
    answer_measure: Annotated[Words, Title("企业答复:措施", "Measure the enterprise takes")] = ""
    answer_until: Annotated[Moment | None, Title("企业答复:预计结束", "End the enterprise expects")] = None
    shelved_at: Annotated[Moment | None, Title("搁置时间", "Shelved at")] = None
    shelved_until: Annotated[Moment | None, Title("搁置到期", "Shelved until")] = None
    shelved_by: Annotated[Person, Title("搁置人", "Shelved by")] = ""
    shelved_why: Annotated[Words, Title("搁置事由", "Why shelved")] = ""
    cleared_at: Annotated[Moment | None, Title("恢复时间", "Cleared at")] = None
    closed_at: Annotated[Moment | None, Title("关闭时间", "Closed at")] = None
    closed_by: Annotated[Person, Title("关闭人", "Closed by")] = ""
    outcome: Annotated[Words, Title("原因与处置", "Cause and what was done")] = ""
    false_at: Annotated[Moment | None, Title("判为误报时间", "Declared false at")] = None
    false_by: Annotated[Person, Title("误报判定人", "Declared false by")] = ""
    false_why: Annotated[Words, Title("误报原因", "Why it was false")] = ""
    value: Annotated[float | None, Title("报警时数值", "Value when raised")] = None
    extreme: Annotated[float | None, Title("最不利数值", "Worst value")] = None
    limit: Annotated[float | None, Title("限值", "Limit")] = None
    unit: Annotated[str, Title("计量单位", "Unit"), Field(max_length=16)] = ""
    unknown_since: Annotated[
        Moment | None, Title("失去有效数据时间", "Unknown since", Text("有值时现状未知", "set: its state is not known"))
    ] = None
    group: Annotated[str, Title("报警组", "Group"), Field(max_length=60)] = ""
    first_out: Annotated[bool, Title("首报", "First out")] = False
    late: Annotated[bool, Title("迟到补判", "Judged late", Text("由迟到数据补判", "of readings that came late"))] = (
        False
    )
    told: Annotated[str, Title("已告知层级", "Told up to"), Codes("alarm_tier")] = "enterprise"
    told_at: Annotated[Moment | None, Title("告知时间", "Told at")] = None


ALARMS = Layer(
    id="alarms",
    title=Text("报警", "Alarms"),
    about=Text("监测报警及其确认、搁置、恢复和关闭", "Alarms of measuring points, and what became of each"),
    record=AlarmRow,
    key="code",
    label="title",
    time="raised_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=Text("报警引擎按规则判定", "the alarm engine, by the rules"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "point"),
    style=Style(symbol="sensor-gas"),  # no grade: what is over would be drawn as if it stood
    lineage=Text(
        "由监测数据按报警规则判定,处置由值守人员登记", "Judged of readings by rules; handled by who is on duty"
    ),
    frequency=Text("实时", "As it happens"),
)
