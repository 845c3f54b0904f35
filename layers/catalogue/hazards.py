"""What could be released: major hazard sources and the tanks in them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Celsius, Kilogram, Metre, Pascal, Unit
from layers.fields import Codes, Header, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Record

SENSITIVE = Private(Sensitivity.SENSITIVE)


class HazardSource(Record):
    """A unit that reaches the threshold of GB 18218, with the numbers it was graded by."""

    code: Annotated[str, Title("危险源编码", "Code"), Header("重大危险源编码"), Field(min_length=1, max_length=40)]
    name: Annotated[
        str, Title("名称", "Name"), Header("重大危险源名称", "危险源名称"), Field(min_length=1, max_length=120)
    ]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")]
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    kind: Annotated[str, Title("单元类型", "Kind of unit"), Codes("hazard_unit"), Header("单元类别")] = "storage"
    grade: Annotated[
        int,
        Title("级别", "Grade"),
        Codes("hazard_grade"),
        Standard("GB 18218"),
        Header("重大危险源级别", "危险源等级", "等级"),
        Field(ge=1, le=4),
    ]
    r_value: Annotated[float | None, Title("R 值", "R value"), Standard("GB 18218"), Field(ge=0)] = None
    s_value: Annotated[float | None, Title("S 值", "S value"), Standard("GB 18218"), Field(ge=0)] = None
    alpha: Annotated[
        float | None, Title("校正系数 α", "Correction alpha"), Standard("GB 18218"), Field(ge=0.5, le=2)
    ] = None
    exposed_people: Annotated[
        int | None, Title("厂外 500 米人数", "People within 500 m outside"), Header("暴露人员数"), Field(ge=0)
    ] = None
    main_chemical: Annotated[str, Title("主要物质", "Main substance"), Header("主要危险化学品")] = ""
    substances: Annotated[tuple[str, ...], Title("涉及物质", "Substances"), Header("危险化学品")] = ()
    cas_numbers: Annotated[tuple[str, ...], Title("CAS 号", "CAS numbers")] = ()
    quantities: Annotated[
        tuple[str, ...],
        Title("设计最大量", "Design amounts", Text("与物质逐一对应,千克", "One for each substance, kg")),
        Unit("kg"),
        SENSITIVE,
    ] = ()
    filing_no: Annotated[str, Title("备案编号", "Filing number"), Header("备案号")] = ""
    filed_on: Annotated[date | None, Title("备案日期", "Filed on")] = None
    assessed_on: Annotated[date | None, Title("评估日期", "Assessed on"), Header("安全评估日期")] = None
    chief: Annotated[str, Title("主要负责人", "Chief responsible"), Header("包保主要负责人")] = ""
    chief_phone: Annotated[str, Title("主要负责人电话", "Chief's phone"), SENSITIVE] = ""
    monitored: Annotated[bool | None, Title("在线监测", "Monitored online"), Header("是否接入监测")] = None


HAZARD_SOURCES = Layer(
    id="hazard_sources",
    title=Text("重大危险源", "Major hazard sources"),
    about=Text("按 GB 18218 辨识分级的危险化学品重大危险源", "Hazardous chemical units graded by GB 18218"),
    record=HazardSource,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局危化处", "Hazardous chemicals division"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "main_chemical", "substances", "cas_numbers", "filing_no"),
    style=Style(
        symbol="hazard-4",
        by="grade",
        symbols={"1": "hazard-1", "2": "hazard-2", "3": "hazard-3", "4": "hazard-4"},
        grade="grade",
    ),
    lineage=Text("企业评估备案", "Assessed and filed by enterprises"),
)


class Tank(Record):
    """A vessel: what it holds, how much by design and now."""

    code: Annotated[str, Title("储罐编码", "Tank code"), Header("储罐编号", "罐号"), Field(min_length=1, max_length=60)]
    name: Annotated[str, Title("储罐名称", "Name"), Field(min_length=1, max_length=80)]
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")]
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    hazard_source: Annotated[str, Title("所属重大危险源", "Hazard source"), Refers("hazard_sources")] = ""
    kind: Annotated[str, Title("罐型", "Kind of tank"), Codes("tank_kind"), Header("储罐类型")] = ""
    chemical: Annotated[str, Title("介质", "Chemical"), Header("储存介质", "物质名称"), Field(min_length=1)]
    cas: Annotated[
        str, Title("CAS 号", "CAS number"), Standard("CAS"), Field(pattern=r"^([0-9]{2,7}-[0-9]{2}-[0-9])?$")
    ] = ""
    un: Annotated[str, Title("UN 编号", "UN number"), Header("联合国编号"), Field(pattern=r"^([0-9]{4})?$")] = ""
    volume: Annotated[float, Title("容积", "Volume"), Unit("m3"), Header("设计容积"), Field(gt=0)]
    diameter: Annotated[Metre | None, Title("直径", "Diameter"), Field(gt=0)] = None
    height: Annotated[Metre | None, Title("高度", "Height"), Field(gt=0)] = None
    design_mass: Annotated[Kilogram | None, Title("设计储量", "Design mass"), SENSITIVE, Field(ge=0)] = None
    mass: Annotated[Kilogram | None, Title("现存量", "Present mass"), SENSITIVE, Header("当前储量"), Field(ge=0)] = None
    level: Annotated[float | None, Title("液位", "Level"), Unit("%"), Field(ge=0, le=100)] = None
    pressure: Annotated[Pascal | None, Title("工作压力", "Working pressure")] = None
    pressure_reference: Annotated[
        str,
        Title("压力基准", "Pressure is", Text("工作压力是表压还是绝压", "Whether it is gauge or absolute")),
        Codes("pressure_reference"),
        Header("压力类型", "表压或绝压", "压力性质"),
    ] = ""
    temperature: Annotated[Celsius | None, Title("工作温度", "Working temperature"), Field(ge=-273.15)] = None
    bund: Annotated[float | None, Title("围堰面积", "Bund area"), Unit("m2"), Field(ge=0)] = None


TANKS = Layer(
    id="tanks",
    title=Text("储罐", "Tanks"),
    about=Text("危险化学品储罐、气柜、球罐", "Vessels holding hazardous chemicals"),
    record=Tank,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局危化处", "Hazardous chemicals division"),
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "chemical", "cas", "un"),
    style=Style(symbol="tank", min_zoom=14),
)
