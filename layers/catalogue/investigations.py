"""Investigations of accidents: who investigates, the report, the reply of the government, what was put right."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import COUNTED, ENGINE, CaseRow, Person
from layers.catalogue.registered import Words
from layers.fields import Codes, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment

DECREE = "国务院令第493号 "
Count = Annotated[int | None, Field(ge=0, le=1_000_000)]
Level = Annotated[int | None, Field(ge=1, le=4)]
Short = Annotated[str, Field(max_length=120)]


class Investigation(CaseRow):
    """One investigation. The unit stands in `unit`: the row belongs to no enterprise, so that none reads it.

    What is known of the incident is read anew at each step; what the report finds stands beside it.
    """

    state: Annotated[str, Title("办理状态", "State"), Codes("inquiry_state")] = "filed"
    incident: Annotated[
        str, Title("突发事件编号", "Incident"), Refers("incidents"), Field(pattern=r"^SJ[0-9]{8}-[0-9]{4}$")
    ]
    incident_title: Annotated[Short, Title("事件名称", "Its title")] = ""
    occurred_at: Annotated[Moment | None, Title("发生时间", "Occurred at")] = None
    address: Annotated[str, Title("事发地点", "Where"), Field(max_length=200)] = ""
    unit: Annotated[str, Title("事故发生单位代码", "Unit"), Refers("enterprises")] = ""
    unit_name: Annotated[Short, Title("事故发生单位", "Its name")] = ""
    chemical_name: Annotated[str, Title("涉及物质", "Chemical"), Field(max_length=80)] = ""
    known_level: Annotated[
        Level, Title("接报时等级", "Level as known", Text("随事件更正而变", "as the incident is corrected")),
        Codes("accident_level"), Standard(DECREE + "第三条"),
    ] = None  # fmt: skip
    known_deaths: Annotated[Count, Title("接报死亡", "Deaths as known")] = None
    known_serious: Annotated[Count, Title("接报重伤", "Serious injuries as known")] = None
    known_minor: Annotated[Count, Title("接报轻伤", "Minor injuries as known")] = None
    group_by: Annotated[
        str, Title("负责调查的机关", "Who investigates"), Codes("inquiry_by"), Standard(DECREE + "第十九条")
    ] = ""
    group_organ: Annotated[Short, Title("机关名称", "Its name")] = ""
    group_head: Annotated[Person, Title("调查组组长", "Head of the group"), Standard(DECREE + "第二十四条")] = ""
    group_members: Annotated[
        Words, Title("调查组成员", "Members", Text("每行一名:姓名、单位", "one a line: name, body")),
        Standard(DECREE + "第二十二条"),
    ] = ""  # fmt: skip
    appraiser: Annotated[Short, Title("技术鉴定单位", "Appraised by"), Standard(DECREE + "第二十七条")] = ""
    appraisal: Annotated[Words, Title("技术鉴定结论", "Result of the appraisal")] = ""
    report_by: Annotated[
        date | None, Title("延长至", "Extended to", Text("不超过规定的延长期限", "within what the rule gives"))
    ] = None
    extended_from: Annotated[Moment | None, Title("延长前的期限", "It was due")] = None
    extended_by: Annotated[Short, Title("批准延长的人民政府", "Extended by")] = ""
    course: Annotated[Words, Title("事故发生经过和救援情况", "Course and rescue"), Standard(DECREE + "第三十条")] = ""
    direct_cause: Annotated[Words, Title("直接原因", "Direct cause"), Standard(DECREE + "第三十条")] = ""
    indirect_cause: Annotated[Words, Title("间接原因", "Indirect cause"), Standard(DECREE + "第三十条")] = ""
    nature: Annotated[str, Title("事故性质", "Nature"), Codes("inquiry_nature"), Standard(DECREE + "第三十条")] = ""
    responsibility: Annotated[
        Words, Title("责任认定和处理建议", "Responsibility and what is proposed"), Standard(DECREE + "第三十条")
    ] = ""
    prevention: Annotated[Words, Title("防范和整改措施", "Prevention"), Standard(DECREE + "第三十条")] = ""
    accident_kind: Annotated[str, Title("事故类别", "Accident type"), Codes("accident_type"), Standard("GB 6441")] = ""
    deaths: Annotated[Count, Title("死亡", "Deaths"), Standard(DECREE + "第三条")] = None
    serious_injuries: Annotated[Count, Title("重伤", "Serious injuries"), Standard(DECREE + "第三条")] = None
    minor_injuries: Annotated[Count, Title("轻伤", "Minor injuries")] = None
    direct_loss: Annotated[
        float | None,
        Title("直接经济损失", "Direct loss"),
        Unit("CNY"),
        Standard(DECREE + "第三条"),
        Field(ge=0, le=1e13),
    ] = None
    level: Annotated[
        Level, Title("认定等级", "Level found", Text("按报告的伤亡和损失判定", "counted from the report")),
        Codes("accident_level"), Standard(DECREE + "第三条"),
    ] = None  # fmt: skip
    submitted_at: Annotated[Moment | None, Title("报告提交时间", "Report submitted at")] = None
    late: Annotated[bool, Title("逾期提交", "Submitted late")] = False
    reply_extended: Annotated[bool, Title("批复已延长", "Reply extended")] = False
    reply_no: Annotated[str, Title("批复文号", "Number of the reply"), Field(max_length=80)] = ""
    reply_organ: Annotated[Short, Title("批复的人民政府", "Replied by"), Standard(DECREE + "第三十二条")] = ""
    reply_on: Annotated[date | None, Title("批复日期", "Replied on")] = None
    reply_text: Annotated[Words, Title("批复意见", "Reply")] = ""
    reply_late: Annotated[bool, Title("逾期批复", "Replied late")] = False
    transferred_to: Annotated[Short, Title("移送机关", "Handed to")] = ""
    transfer_list: Annotated[Words, Title("移送事项和材料", "What was handed over")] = ""
    transfers: Annotated[tuple[str, ...], Title("已移送", "Handed over")] = ()
    evaluation: Annotated[Words, Title("整改落实评估情况", "What was put right"), Standard("安全生产法 第八十六条")] = (
        ""
    )
    evaluated_by: Annotated[Short, Title("评估组织部门", "Evaluated by")] = ""
    evaluated_at: Annotated[Moment | None, Title("评估时间", "Evaluated at")] = None
    public_summary: Annotated[
        Words, Title("公布内容", "What is published", Text("不写个人姓名和号码", "no person's name or number")),
        Standard(DECREE + "第三十四条"),
    ] = ""  # fmt: skip
    published_at: Annotated[Moment | None, Title("公布时间", "Published at"), Standard(DECREE + "第三十四条")] = None
    study_course: Annotated[
        Words, Title("案例:处置过程", "Case: how it was handled", Text("不写个人姓名和号码", "names nobody"))
    ] = ""
    study_cause: Annotated[Words, Title("案例:原因", "Case: cause", Text("不写个人姓名和号码", "names nobody"))] = ""
    study_lessons: Annotated[
        Words, Title("案例:经验教训", "Case: lessons", Text("不写个人姓名和号码", "names nobody"))
    ] = ""
    studied_at: Annotated[Moment | None, Title("编为案例的时间", "Made a case at")] = None
    archive_no: Annotated[str, Title("档案号", "File number"), Field(max_length=60)] = ""


INVESTIGATIONS = Layer(
    id="investigations", title=Text("事故调查", "Investigations"), record=Investigation, key="code", label="title",
    about=Text(
        "事故调查的立项、调查组、技术鉴定、调查报告、批复、移送和整改评估",
        "Investigations of accidents: group, appraisal, report, reply, transfer, evaluation",
    ),
    time="opened_at", geometry=Geometry.POINT, owner=Text("应急管理局调查评估处", "Investigation division"),
    made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.SENSITIVE, counted=(*COUNTED, "known_level"),
    search=("code", "title", "unit_name", "incident", "chemical_name"), style=Style(symbol="accident-4"),
    lineage=Text("由突发事件立项,逐环节留痕", "Opened of an incident, each step kept"),
)  # fmt: skip
