"""What has happened: accidents, graded from their losses."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.fields import Codes, Header, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

INTERNAL = Private(Sensitivity.INTERNAL)


class Accident(Record):
    """A work accident; its level follows from deaths, serious injuries and direct loss."""

    code: Annotated[str, Title("事故编号", "Accident number"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("事故名称", "Name"), Header("名称"), Field(min_length=1, max_length=120)]
    kind: Annotated[
        str, Title("事故类别", "Type"), Codes("accident_type"), Standard("GB 6441"), Header("事故类型", "类别")
    ]
    level: Annotated[
        int,
        Title("事故等级", "Level"),
        Codes("accident_level"),
        Standard("国务院令第493号 第三条"),
        Header("等级"),
        Field(ge=1, le=4),
    ] = 4
    occurred_at: Annotated[Moment, Title("发生时间", "Occurred at"), Header("事故时间", "发生日期")]
    reported_at: Annotated[Moment | None, Title("接报时间", "Reported at"), INTERNAL] = None
    enterprise: Annotated[
        str, Title("事故单位代码", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")
    ] = ""
    enterprise_name: Annotated[str, Title("事故单位", "Enterprise's name"), Header("单位名称", "企业名称")] = ""
    sector: Annotated[str, Title("监管行业", "Sector"), Codes("sector")] = ""
    deaths: Annotated[int, Title("死亡", "Deaths"), Header("死亡人数"), Field(ge=0)] = 0
    missing: Annotated[int, Title("失踪", "Missing"), Header("失踪人数"), Field(ge=0)] = 0
    serious_injuries: Annotated[int, Title("重伤", "Serious injuries"), Header("重伤人数"), Field(ge=0)] = 0
    minor_injuries: Annotated[int, Title("轻伤", "Minor injuries"), Header("轻伤人数"), Field(ge=0)] = 0
    direct_loss: Annotated[
        float, Title("直接经济损失", "Direct loss"), Unit("CNY"), Header("经济损失"), Field(ge=0)
    ] = 0.0
    evacuated: Annotated[int | None, Title("疏散人数", "Evacuated"), Field(ge=0)] = None
    chemical: Annotated[str, Title("涉及物质", "Chemical"), Header("涉及化学品")] = ""
    address: Annotated[str, Title("地点", "Where"), Header("事故地点", "地址")] = ""
    summary: Annotated[str, Title("简要经过", "Summary"), Header("事故简况", "概述")] = ""
    cause: Annotated[str, Title("原因", "Cause"), INTERNAL, Header("事故原因")] = ""
    state: Annotated[str, Title("调查状态", "Investigation"), Codes("investigation_state"), INTERNAL] = "closed"


ACCIDENTS = Layer(
    id="accidents",
    title=Text("事故", "Accidents"),
    about=Text("生产安全事故:类别按 GB 6441,等级按死亡、重伤、直接经济损失", "Work accidents: type, losses and level"),
    record=Accident,
    key="code",
    label="name",
    time="occurred_at",
    geometry=Geometry.POINT,
    owner=Text("应急管理局调查评估处", "Investigation division"),
    theme=Theme.EVENT,
    search=("code", "name", "enterprise_name", "chemical", "address", "summary"),
    style=Style(
        symbol="accident-4",
        by="level",
        symbols={"1": "accident-1", "2": "accident-2", "3": "accident-3", "4": "accident-4"},
        grade="level",
    ),
    lineage=Text("事故快报与统计直报", "Accident reports"),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "公众须知事故大致地点,确切位置会指向具体住户和个人",
            "The public should know about where, while the exact spot would point at households and persons",
        ),
    ),
)
