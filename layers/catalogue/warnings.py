"""Early warnings: the papers in hand, and what was published."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Standard, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.precision import Precision
from layers.record import Moment, Record

LAW = Standard("突发事件应对法 第六十四条")
KEY = r"^YJ[0-9]{8}-[0-9a-z]{4,12}$"
OWNER = Text("应急指挥中心", "Emergency command centre")
Person = Annotated[str, Field(max_length=80)]
Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]


class EarlyWarning(Record):
    """One early warning with the eight items the law asks for, in Chinese, and in English where there is any."""

    code: Annotated[str, Title("预警编号", "Warning"), Header("编号"), Field(pattern=KEY)]
    title: Annotated[str, Title("标题", "Title"), Field(min_length=1, max_length=120)]
    kind: Annotated[str, Title("预警类别", "Kind"), LAW, Codes("warning_kind"), Header("类别")]
    level: Annotated[int, Title("预警级别", "Level"), LAW, Codes("risk"), Header("级别"), Field(ge=1, le=4)]
    starts_at: Annotated[Moment | None, Title("起始时间", "Starts at"), LAW] = None
    ends_at: Annotated[Moment | None, Title("预计结束时间", "Expected to end")] = None
    extent: Annotated[Words, Title("可能影响的范围", "Where it may reach"), LAW] = ""
    cautions: Annotated[Words, Title("警示事项", "Cautions"), LAW] = ""
    measures: Annotated[Words, Title("应当采取的措施", "Measures to take"), LAW] = ""
    issuer: Annotated[Short, Title("发布单位", "Issued by"), LAW] = ""
    issued_at: Annotated[Moment | None, Title("发布时间", "Issued at"), LAW] = None
    title_en: Annotated[Short, Title("英文标题", "Title in English")] = ""
    extent_en: Annotated[Words, Title("英文影响范围", "Extent in English")] = ""
    cautions_en: Annotated[Words, Title("英文警示事项", "Cautions in English")] = ""
    measures_en: Annotated[Words, Title("英文措施", "Measures in English")] = ""
    issuer_en: Annotated[Short, Title("英文发布单位", "Issuer in English")] = ""
    areas: Annotated[tuple[str, ...], Title("涉及区划", "Areas"), Standard("GB/T 2260")] = ()
    responses: Annotated[tuple[str, ...], Title("公众应对", "What people should do"), Codes("warning_response")] = ()
    contact: Annotated[Short, Title("咨询求助方式", "Where to ask")] = ""
    state: Annotated[str, Title("状态", "State"), Codes("warning_state")] = "draft"
    revision: Annotated[int, Title("发布次数", "Revision", Text("0 为未发布", "0: not yet")), Field(ge=0)] = 0
    messages: Annotated[
        tuple[str, ...], Title("已发消息", "Messages sent", Text("编号与时间", "identifier and time of each"))
    ] = ()
    lifted_at: Annotated[Moment | None, Title("解除时间", "Lifted at")] = None
    lifted_why: Annotated[Words, Title("解除事由", "Why lifted")] = ""


class WarningPaper(EarlyWarning):
    """A warning as it is worked on: what it rests on, who drafted and who approved it."""

    basis: Annotated[Words, Title("研判依据", "What it rests on")] = ""
    drafted_by: Annotated[Person, Title("拟稿人", "Drafted by")] = ""
    drafted_account: Annotated[Person, Title("拟稿账号", "Drafter's account")] = ""
    approved_by: Annotated[Person, Title("审批人", "Approved by")] = ""
    approved_account: Annotated[Person, Title("审批账号", "Approver's account")] = ""
    approved_at: Annotated[Moment | None, Title("审批时间", "Approved at")] = None


PLAYED = r"^YLYJ[0-9]{8}-[0-9]{4}$"


class ExerciseWarning(EarlyWarning):
    """A warning that is played: of another layer, with other numbers, told to nobody outside."""

    code: Annotated[str, Title("演练预警编号", "Warning of an exercise"), Field(pattern=PLAYED)]


class ExercisePaper(WarningPaper):
    """The paper of a warning that is played."""

    code: Annotated[str, Title("演练预警编号", "Warning of an exercise"), Field(pattern=PLAYED)]


WARNING_PAPERS = Layer(
    id="warning_papers",
    title=Text("预警文稿", "Warnings in hand"),
    about=Text(
        "预警的拟稿、审批和变更,未发布的只在此处", "Warnings drafted, approved, changed; the unpublished ones too"
    ),
    record=WarningPaper,
    key="code",
    label="title",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    style=Style(role="boundary", grade="level"),
    lineage=Text("由值守人员拟稿,经他人审批", "Drafted by who is on duty, approved by another person"),
)

WARNINGS = Layer(
    id="warnings",
    title=Text("预警", "Warnings"),
    about=Text("已发布和已解除的预警,含法定八项内容", "Warnings published and lifted, with the eight items of the law"),
    record=EarlyWarning,
    key="code",
    label="title",
    time="issued_at",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    made_by=Text("预警经审批发布时写入", "written when an approved warning is published"),
    theme=Theme.EVENT,
    shared=True,
    search=("code", "title", "extent"),
    style=Style(role="boundary", grade="level"),
    lineage=Text("按突发事件应对法发布", "Issued under the Emergency Response Law"),
    frequency=Text("随时", "As needed"),
    precision=Precision(
        metres=0.0,
        reason=Text("公众须知自己是否在预警范围内", "The public must know whether they are inside"),
    ),
)

EXERCISE_PAPERS = Layer(
    id="exercise_warning_papers",
    title=Text("演练预警文稿", "Warnings in hand of exercises"),
    about=Text("演练中拟制的预警文稿,不对外", "Drafted, approved and changed in exercises; told to nobody outside"),
    record=ExercisePaper,
    key="code",
    label="title",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    style=Style(role="boundary", grade="level"),
    lineage=Text("演练中由值守人员拟稿,经他人审批", "Drafted in an exercise, approved by another person"),
    stream="exercise",
)

EXERCISE_WARNINGS = Layer(
    id="exercise_warnings",
    title=Text("演练预警", "Warnings of exercises"),
    about=Text("演练中模拟发布的预警,不上图、不推送", "Published in play alone: on no map, sent to nobody"),
    record=ExerciseWarning,
    key="code",
    label="title",
    time="issued_at",
    geometry=Geometry.POLYGON,
    owner=OWNER,
    made_by=Text(
        "演练预警经审批模拟发布时写入", "written when an approved warning of an exercise is published in play"
    ),
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    style=Style(role="boundary", grade="level"),
    stream="exercise",
)
