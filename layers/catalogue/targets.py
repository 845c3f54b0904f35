"""What must be protected, and what has happened."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.enterprises import SENSITIVE, USCC
from layers.fields import Codes, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment, Record


class ProtectionTarget(Record):
    """A place with people who cannot easily flee."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    kind: Annotated[str, Title("类别", "Kind"), Codes("target_kind")]
    people_day: Annotated[int | None, Title("昼间人数", "People by day"), Field(ge=0)] = None
    people_night: Annotated[int | None, Title("夜间人数", "People by night"), Field(ge=0)] = None
    address: Annotated[str | None, Title("地址", "Address")] = None
    contact: Annotated[str | None, Title("联系人", "Contact"), SENSITIVE] = None
    phone: Annotated[str | None, Title("电话", "Phone"), Private(Sensitivity.INTERNAL)] = None


PROTECTION_TARGETS = Layer(
    id="protection_targets",
    title=Text("保护目标", "Protection targets"),
    about=Text(
        "学校、养老机构、居民点等敏感保护目标", "Schools, nursing homes, residential areas and other sensitive places"
    ),
    record=ProtectionTarget,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.TARGET,
    label="name",
    shared=True,
    search=("name", "address"),
    style=Style(
        symbol="target-home",
        by="kind",
        symbols={"school": "target-school", "nursing": "target-nursing", "residential": "target-home"},
    ),
)


class Accident(Record):
    """A work accident on the record."""

    code: Annotated[str, Title("事故编号", "Accident number"), Field(min_length=1)]
    title: Annotated[str, Title("事故名称", "Title"), Field(min_length=1)]
    enterprise: Annotated[str | None, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)] = None
    kind: Annotated[str, Title("事故类别", "Type"), Codes("accident_type"), Standard("GB 6441-1986")]
    sector: Annotated[str | None, Title("监管行业", "Supervised sector"), Codes("sector")] = None
    occurred_at: Annotated[Moment, Title("发生时间", "Occurred at")]
    deaths: Annotated[int, Title("死亡人数", "Deaths"), Field(ge=0)] = 0
    serious_injuries: Annotated[int, Title("重伤人数", "Serious injuries"), Field(ge=0)] = 0
    minor_injuries: Annotated[int, Title("轻伤人数", "Minor injuries"), Field(ge=0)] = 0
    direct_loss: Annotated[float, Title("直接经济损失", "Direct loss"), Unit("10000 CNY"), Field(ge=0)] = 0.0
    level: Annotated[
        int, Title("事故等级", "Level"), Codes("accident_level"), Standard("国务院令第493号 第三条"), Field(ge=1, le=4)
    ]
    address: Annotated[str | None, Title("地点", "Place")] = None
    summary: Annotated[str | None, Title("简要经过", "Summary"), Private(Sensitivity.INTERNAL)] = None
    state: Annotated[str, Title("处理状态", "State"), Codes("accident_state")] = "closed"


ACCIDENTS = Layer(
    id="accidents",
    title=Text("事故", "Accidents"),
    about=Text("生产安全事故,等级按死亡、重伤、直接经济损失确定", "Work accidents, level by deaths, injuries and loss"),
    record=Accident,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.EVENT,
    label="title",
    time="occurred_at",
    search=("code", "title", "address"),
    style=Style(
        symbol="accident-4",
        by="level",
        symbols={"1": "accident-1", "2": "accident-2", "3": "accident-3", "4": "accident-4"},
        grade="level",
    ),
)
