"""Major hazard sources by GB 18218 and the tanks in them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Kilogram, Unit
from layers.catalogue.enterprises import SENSITIVE, USCC
from layers.fields import Codes, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Record

GB18218 = "GB 18218-2018"


class HazardSource(Record):
    """A unit that holds dangerous chemicals above the threshold, with its grade."""

    code: Annotated[str, Title("危险源编码", "Code"), Field(min_length=1)]
    enterprise: Annotated[str, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)]
    site: Annotated[str | None, Title("厂区", "Site"), Refers("sites")] = None
    name: Annotated[str, Title("危险源名称", "Name"), Field(min_length=1)]
    unit_kind: Annotated[str, Title("单元类别", "Unit kind"), Codes("hazard_unit"), Standard(GB18218)] = "storage"
    grade: Annotated[int, Title("等级", "Grade"), Codes("hazard_grade"), Standard(GB18218), Field(ge=1, le=4)]
    s_value: Annotated[float | None, Title("辨识值 S", "Identification value S"), Standard(GB18218), Field(ge=0)] = None
    r_value: Annotated[float | None, Title("分级值 R", "Grading value R"), Standard(GB18218), Field(ge=0)] = None
    alpha: Annotated[float | None, Title("校正系数 α", "Exposure factor α"), Standard(GB18218), Field(ge=0)] = None
    people_500m: Annotated[int | None, Title("厂外 500 米人数", "People within 500 m outside"), Field(ge=0)] = None
    chemicals: Annotated[tuple[str, ...], Title("危险化学品", "Chemicals")] = ()
    quantities: Annotated[tuple[str, ...], Title("设计最大量", "Design quantities, t")] = ()
    filing_no: Annotated[str | None, Title("备案编号", "Filing number")] = None
    assessed_on: Annotated[date | None, Title("评估日期", "Assessed on")] = None
    responsible: Annotated[str | None, Title("包保责任人", "Responsible person")] = None
    phone: Annotated[str | None, Title("联系电话", "Phone"), SENSITIVE] = None


HAZARD_SOURCES = Layer(
    id="hazard_sources",
    title=Text("重大危险源", "Major hazard sources"),
    about=Text("按 GB 18218 辨识、分级的重大危险源", "Major hazard sources identified and graded by GB 18218"),
    record=HazardSource,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "chemicals"),
    style=Style(
        symbol="hazard-4",
        by="grade",
        symbols={"1": "hazard-1", "2": "hazard-2", "3": "hazard-3", "4": "hazard-4"},
        grade="grade",
    ),
)


class Tank(Record):
    """One vessel: what is in it and how much."""

    code: Annotated[str, Title("储罐编码", "Tank code"), Field(min_length=1)]
    enterprise: Annotated[str, Title("企业", "Enterprise"), Refers("enterprises"), Standard(USCC)]
    hazard_source: Annotated[str | None, Title("所属危险源", "Hazard source"), Refers("hazard_sources")] = None
    name: Annotated[str, Title("储罐名称", "Name"), Field(min_length=1)]
    chemical: Annotated[str, Title("介质", "Chemical")]
    cas: Annotated[str | None, Title("CAS 号", "CAS number")] = None
    un: Annotated[str | None, Title("UN 编号", "UN number")] = None
    kind: Annotated[str | None, Title("储罐形式", "Tank kind"), Codes("tank_kind")] = None
    volume: Annotated[float | None, Title("容积", "Volume"), Unit("m3"), Field(gt=0)] = None
    design_mass: Annotated[Kilogram | None, Title("设计最大量", "Design mass"), Field(ge=0)] = None
    present_mass: Annotated[Kilogram | None, Title("现存量", "Present mass"), Field(ge=0)] = None


TANKS = Layer(
    id="tanks",
    title=Text("储罐", "Tanks"),
    about=Text("危险化学品储罐及介质、存量", "Chemical tanks with contents and amounts"),
    record=Tank,
    key="code",
    geometry=Geometry.POINT,
    owner=Text("企业", "Enterprises"),
    theme=Theme.SUPERVISION,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "chemical", "cas"),
    style=Style(symbol="sensor-level", min_zoom=14),
)
