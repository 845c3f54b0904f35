"""Base geography: areas, grids, roads, buildings, water, land use, place names."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Metre
from layers.fields import Codes, Header, Private, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Record

SURVEY = Text("自然资源和规划局", "Natural resources bureau")


class Area(Record):
    """An administrative area: city, district or town."""

    code: Annotated[
        str, Title("区划代码", "Area code"), Standard("GB/T 2260-2007"), Field(pattern=r"^\d{6}(\d{3})?(\d{3})?$")
    ]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    name_en: Annotated[str | None, Title("英文名称", "English name")] = None
    level: Annotated[str, Title("级别", "Level"), Codes("area_level")]
    parent: Annotated[str | None, Title("上级代码", "Parent code"), Header("cityCode")] = None
    population: Annotated[int | None, Title("常住人口", "Residents"), Field(ge=0)] = None


class Grid(Record):
    """A safety grid cell and its officer."""

    code: Annotated[str, Title("网格编码", "Grid code"), Field(min_length=1)]
    name: Annotated[str, Title("网格名称", "Name"), Field(min_length=1)]
    officer: Annotated[str | None, Title("网格员", "Officer")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), Private(Sensitivity.SENSITIVE)] = None


class Road(Record):
    """A stretch of road."""

    code: Annotated[str, Title("道路编码", "Code"), Field(min_length=1)]
    name: Annotated[str | None, Title("路名", "Name")] = None
    kind: Annotated[str, Title("等级", "Class"), Codes("road_class")]
    lanes: Annotated[int | None, Title("车道数", "Lanes"), Field(ge=1)] = None
    one_way: Annotated[bool, Title("单行", "One way")] = False
    speed_limit: Annotated[int | None, Title("限速 km/h", "Speed limit, km/h"), Field(gt=0)] = None
    bridge: Annotated[bool, Title("桥", "Bridge")] = False
    layer: Annotated[int, Title("层次", "Level above ground")] = 0


class Building(Record):
    """A building footprint."""

    code: Annotated[str, Title("建筑编码", "Code"), Field(min_length=1)]
    name: Annotated[str | None, Title("名称", "Name")] = None
    kind: Annotated[str | None, Title("用途", "Use"), Codes("building_use")] = None
    floors: Annotated[int | None, Title("层数", "Floors"), Field(ge=0)] = None
    height: Annotated[Metre | None, Title("高度", "Height"), Field(ge=0)] = None


class Water(Record):
    """A river, lake or the sea."""

    code: Annotated[str, Title("水系编码", "Code"), Field(min_length=1)]
    name: Annotated[str | None, Title("名称", "Name")] = None
    kind: Annotated[str, Title("类别", "Kind"), Codes("water_kind")]


class LandUse(Record):
    """A patch of land with one use."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str | None, Title("名称", "Name")] = None
    kind: Annotated[str, Title("类别", "Kind"), Codes("land_use")]


class Place(Record):
    """A name to write on the map."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("地名", "Name"), Field(min_length=1)]
    name_en: Annotated[str | None, Title("英文名称", "English name")] = None
    kind: Annotated[str, Title("类别", "Kind"), Codes("place_kind")]


def _layer(
    layer_id: str,
    title: Text,
    about: Text,
    record: type[Record],
    geometry: Geometry,
    style: Style,
    owner: Text = SURVEY,
) -> Layer:
    return Layer(
        id=layer_id,
        title=title,
        about=about,
        record=record,
        key="code",
        geometry=geometry,
        owner=owner,
        theme=Theme.BASE,
        label="name",
        shared=True,
        search=("name",),
        style=style,
        frequency=Text("每年更新", "Yearly"),
    )


AREAS = _layer(
    "areas", Text("行政区划", "Administrative areas"), Text("市、区县、镇街行政区划", "City, districts, towns"), Area,
    Geometry.POLYGON, Style(role="boundary", role_by="level", roles={"district": "boundary", "town": "boundaryMinor"}),
    Text("民政局", "Civil affairs bureau"),
)  # fmt: skip
GRIDS = Layer(
    id="grids",
    title=Text("安全网格", "Safety grids"),
    about=Text("安全生产监管网格及网格员", "Safety supervision grid cells with their officers"),
    record=Grid,
    key="code",
    geometry=Geometry.POLYGON,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.SUPERVISION,
    label="name",
    sensitivity=Sensitivity.INTERNAL,
    search=("name", "officer"),
    style=Style(role="grid", min_zoom=12),
)
ROADS = _layer(
    "roads", Text("道路", "Roads"), Text("道路中心线", "Road centre lines"), Road, Geometry.LINE,
    Style(role="street", role_by="kind", roles={"motorway": "motorway", "trunk": "trunk", "primary": "trunk"}),
)  # fmt: skip
BUILDINGS = _layer(
    "buildings", Text("建筑物", "Buildings"), Text("建筑物轮廓", "Building footprints"), Building, Geometry.POLYGON,
    Style(role="building", min_zoom=14),
)  # fmt: skip
WATER = _layer(
    "water",
    Text("水系", "Water"),
    Text("海域、河流、湖泊", "Sea, rivers and lakes"),
    Water,
    Geometry.POLYGON,
    Style(role="sea"),
)
LANDUSE = _layer(
    "landuse", Text("土地利用", "Land use"), Text("陆地、建成区、公园、工业用地", "Land, built-up, parks, industry"),
    LandUse, Geometry.POLYGON,
    Style(role="urban", role_by="kind", roles={"land": "land", "park": "park", "urban": "urban", "industrial": "park"}),
)  # fmt: skip
PLACES = _layer(
    "places", Text("地名", "Place names"), Text("地图注记用地名", "Names written on the map"), Place, Geometry.POINT,
    Style(role="label"),
)  # fmt: skip
