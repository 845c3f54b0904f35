"""What the risk index came to, of enterprises and of areas: a further version of a row whenever it changes."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

OURS = Text("按本系统模型计算,非法定公式", "by this system's own model, no legal formula")
OWNER = Text("应急指挥中心", "Emergency command centre")
UNKNOWN = Text("空为未知", "None: unknown")
WORST = Text("未知项按最不利计", "with what is unknown at its worst")

Score = Annotated[float | None, Field(ge=0, le=100)]
Grade = Annotated[int | None, Codes("risk"), Field(ge=1, le=4)]
Version = Annotated[str, Title("模型版本", "Model version"), Field(min_length=1, max_length=40)]


class RiskScore(Record):
    """The index of one enterprise as it stood from one change to the next, with every term of the sum."""

    enterprise: Annotated[str, Title("企业", "Enterprise"), Refers("enterprises"), Field(min_length=1, max_length=18)]
    name: Annotated[str, Title("单位名称", "Name"), Field(max_length=120)] = ""
    score: Annotated[Score, Title("风险指数", "Index", UNKNOWN)] = None
    grade: Annotated[Grade, Title("风险等级", "Grade", UNKNOWN)] = None
    highest: Annotated[Score, Title("最高可能指数", "Index at most", WORST)] = None
    grade_highest: Annotated[Grade, Title("最高可能等级", "Grade at most")] = None
    inherent: Annotated[Score, Title("固有危险性", "Inherent hazard", UNKNOWN)] = None
    dynamic: Annotated[float, Title("动态风险", "Dynamic risk"), Field(ge=0, le=100)] = 0.0
    discount: Annotated[float, Title("管理修正", "Correction for management")] = 0.0
    override: Annotated[str, Title("一票定级", "Decided by"), Codes("risk_override")] = ""
    unknown: Annotated[tuple[str, ...], Title("未知项", "Unknown terms"), Codes("risk_term")] = ()
    terms: Annotated[
        tuple[str, ...],
        Title(
            "计分项", "Terms", Text("每项为 JSON:项、分值、件数、来源", "each as JSON: term, points, count, sources")
        ),
    ] = ()
    model: Version
    label: Annotated[str, Title("模型性质", "What the model is"), Field(min_length=1, max_length=200)]
    computed_at: Annotated[Moment, Title("计算时间", "Computed at")]
    digest: Annotated[
        str, Title("结果指纹", "Digest", Text("不变则不另记", "the same: no new version")), Field(max_length=16)
    ] = ""


RISK_SCORES = Layer(
    id="risk_scores",
    title=Text("企业风险指数", "Risk of enterprises"),
    about=Text(f"企业风险指数及其构成,{OURS.zh}", f"The risk index of enterprises and its terms, {OURS.en}"),
    record=RiskScore,
    key="enterprise",
    label="name",
    time="computed_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=Text("系统按声明的模型计算", "computed by the declared model"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    style=Style(symbol="ent-hazchem"),  # no grade: it alone says blue where most terms are unknown
    lineage=Text(
        f"由报警、隐患、许可等数据计算,{OURS.zh}", f"Computed of alarms, dangers, permits and more, {OURS.en}"
    ),
    frequency=Text("变化时", "As it changes"),
)


class AreaRisk(Record):
    """The risk of a city, district, town or grid cell, of the enterprises in it."""

    code: Annotated[str, Title("区划或网格代码", "Area or grid code"), Field(min_length=1, max_length=32)]
    level: Annotated[str, Title("级别", "Level", Text("空为网格", "blank: a grid cell")), Codes("area_level")] = ""
    score: Annotated[Score, Title("风险指数", "Index", UNKNOWN)] = None
    grade: Annotated[Grade, Title("风险等级", "Grade", UNKNOWN)] = None
    highest: Annotated[Score, Title("最高可能指数", "Index at most", WORST)] = None
    grade_highest: Annotated[Grade, Title("最高可能等级", "Grade at most")] = None
    partly: Annotated[
        int, Title("有未知项企业数", "Enterprises partly unknown", Text("含未知企业", "the unknown too")), Field(ge=0)
    ] = 0
    enterprises: Annotated[int, Title("企业数", "Enterprises"), Field(ge=0)] = 0
    unknown: Annotated[int, Title("未知企业数", "Enterprises unknown"), Field(ge=0)] = 0
    red: Annotated[int, Title("红色企业数", "Red enterprises"), Field(ge=0)] = 0
    worst: Annotated[str, Title("风险最高企业", "Worst enterprise"), Field(max_length=18)] = ""
    model: Version
    label: Annotated[str, Title("模型性质", "What the model is"), Field(min_length=1, max_length=200)]
    computed_at: Annotated[Moment, Title("计算时间", "Computed at")]


AREA_RISKS = Layer(
    id="area_risks",
    title=Text("区域风险指数", "Risk of areas"),
    about=Text(f"市、区县、镇街、网格的风险指数,{OURS.zh}", f"The risk index of areas and grid cells, {OURS.en}"),
    record=AreaRisk,
    key="code",
    label="code",
    time="computed_at",
    geometry=Geometry.NONE,
    publish=Publish.NONE,
    owner=OWNER,
    made_by=Text("系统按声明的模型计算", "computed by the declared model"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    lineage=Text(f"由企业风险指数汇总,{OURS.zh}", f"Gathered from enterprises, {OURS.en}"),
    frequency=Text("变化时", "As it changes"),
)


class CompoundWarning(Record):
    """What is harmless alone and grave together, at one place, for as long as it lasts; the next time is a version."""

    code: Annotated[str, Title("复合预警编号", "Compound warning"), Field(min_length=1, max_length=120)]
    title: Annotated[str, Title("复合情形", "Title"), Field(min_length=1, max_length=120)]
    condition: Annotated[str, Title("情形", "Condition"), Codes("compound_condition")]
    level: Annotated[int, Title("级别", "Level"), Codes("risk"), Field(ge=1, le=4)]
    enterprise: Annotated[str, Title("企业", "Enterprise"), Refers("enterprises"), Field(max_length=18)] = ""
    anchor: Annotated[str, Title("所涉对象", "About", Text("作业票或监测点", "a ticket or a point"))] = ""
    cause: Annotated[str, Title("成因", "Cause"), Field(max_length=1000)] = ""
    cause_en: Annotated[str, Title("英文成因", "Cause in English"), Field(max_length=1000)] = ""
    sources: Annotated[
        tuple[str, ...], Title("依据", "Rests on", Text("作业票、监测点、预警编号", "codes of rows"))
    ] = ()
    since: Annotated[Moment, Title("开始时间", "Since")]
    ended_at: Annotated[Moment | None, Title("结束时间", "Ended at", Text("空为持续", "None: it lasts"))] = None
    label: Annotated[str, Title("规则性质", "What the rule is"), Field(max_length=200)] = ""


COMPOUNDS = Layer(
    id="compounds",
    title=Text("复合预警", "Compound warnings"),
    about=Text(f"单看不重、同时出现则重的情形及其成因,{OURS.zh}", f"What is grave together, and why, {OURS.en}"),
    record=CompoundWarning,
    key="code",
    label="title",
    time="since",
    geometry=Geometry.POINT,
    publish=Publish.NONE,
    owner=OWNER,
    made_by=Text("系统按声明的条件判定", "judged by declared conditions"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    style=Style(symbol="sensor-gas", grade="level"),
    lineage=Text(f"由报警、监测数据和预警判定,{OURS.zh}", f"Judged of alarms, readings and warnings, {OURS.en}"),
    frequency=Text("变化时", "As it changes"),
)
