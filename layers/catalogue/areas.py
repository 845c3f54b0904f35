"""Where everything is: administrative areas, the safety grid and place names."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Private, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import GROUND
from layers.record import Record


class Area(Record):
    """A city, district or town: the unit rights are scoped by and counts are kept by."""

    code: Annotated[
        str,
        Title("区划代码", "Area code"),
        Standard("GB/T 2260; GB/T 10114"),
        Header("行政区划代码", "区划编码", "adcode"),
        Field(min_length=2, max_length=12, pattern=r"^[0-9]+$"),
    ]
    name: Annotated[str, Title("名称", "Name"), Header("区划名称"), Field(min_length=1, max_length=60)]
    name_en: Annotated[str, Title("英文名称", "English name")] = ""
    level: Annotated[str, Title("级别", "Level"), Codes("area_level"), Header("行政级别")]
    parent: Annotated[str, Title("上级区划", "Parent area"), Refers("areas"), Header("上级区划代码", "上级代码")] = ""
    centre_lon: Annotated[float | None, Title("驻地经度", "Seat longitude"), Field(ge=-180, le=180)] = None
    centre_lat: Annotated[float | None, Title("驻地纬度", "Seat latitude"), Field(ge=-90, le=90)] = None
    residents: Annotated[int | None, Title("常住人口", "Residents"), Header("常住人口数"), Field(ge=0)] = None


AREAS = Layer(
    id="areas",
    title=Text("行政区划", "Administrative areas"),
    about=Text("市、区县、镇街的界线与代码", "Boundaries and codes of city, districts and towns"),
    record=Area,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("民政部门", "Civil affairs"),
    theme=Theme.BASE,
    shared=True,
    search=("code", "name", "name_en"),
    style=Style(role="boundary"),
    lineage=Text("民政部门区划库", "The civil affairs register of areas"),
    frequency=Text("区划调整时", "When areas change"),
    precision=GROUND,
)


class Grid(Record):
    """One cell of the safety grid with the officer who walks it."""

    code: Annotated[
        str, Title("网格编码", "Grid code"), Header("网格号", "网格编号"), Field(min_length=1, max_length=32)
    ]
    name: Annotated[str, Title("网格名称", "Name"), Field(min_length=1, max_length=60)]
    town: Annotated[str, Title("所属镇街", "Town"), Refers("areas"), Header("镇街代码")] = ""
    officer: Annotated[str, Title("网格员", "Grid officer"), Private(Sensitivity.INTERNAL), Header("网格员姓名")] = ""
    officer_phone: Annotated[
        str, Title("网格员电话", "Officer's phone"), Private(Sensitivity.SENSITIVE), Header("联系电话", "手机")
    ] = ""
    enterprises: Annotated[int | None, Title("企业数", "Enterprises"), Field(ge=0)] = None
    population: Annotated[int | None, Title("人口", "Population"), Field(ge=0)] = None


GRIDS = Layer(
    id="grids",
    title=Text("安全网格", "Safety grid"),
    about=Text("基层安全监管网格与网格员", "Cells of the safety grid and their officers"),
    record=Grid,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("镇街应急管理站", "Town emergency station"),
    theme=Theme.BASE,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "officer"),
    style=Style(role="boundary", min_zoom=13),
)


class Place(Record):
    """A name that is written on the map."""

    code: Annotated[str, Title("编号", "Code"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("地名", "Name"), Field(min_length=1, max_length=60)]
    name_en: Annotated[str, Title("英文名称", "English name")] = ""
    kind: Annotated[str, Title("类别", "Kind"), Codes("place_kind")]
    rank: Annotated[int, Title("标注级别", "Label rank"), Field(ge=1, le=6)] = 4


PLACES = Layer(
    id="places",
    title=Text("地名", "Place names"),
    about=Text("地图上标注的地名", "Names written on the map"),
    record=Place,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("民政部门", "Civil affairs"),
    theme=Theme.BASE,
    shared=True,
    search=("name", "name_en"),
    style=Style(role="label"),
    precision=GROUND,
)
