"""The base map drawn from the city's own data: roads, buildings, water, land use."""

from typing import Annotated

from pydantic import Field

from core.texts import Text
from core.units import Metre, Unit
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import GROUND
from layers.record import Record


class Road(Record):
    """A stretch of road between two junctions, drawable and routable."""

    code: Annotated[str, Title("编号", "Code"), Header("osm_id"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("路名", "Name"), Header("道路名称")] = ""
    ref: Annotated[str, Title("路线编号", "Route number"), Header("道路编号")] = ""
    kind: Annotated[str, Title("道路等级", "Class"), Codes("road_kind"), Header("highway", "道路类型")]
    lanes: Annotated[int | None, Title("车道数", "Lanes"), Field(ge=1, le=20)] = None
    oneway: Annotated[bool, Title("单行", "One way"), Header("单行线")] = False
    speed_limit: Annotated[
        float | None, Title("限速", "Speed limit"), Unit("km/h"), Header("maxspeed"), Field(gt=0, le=200)
    ] = None
    bridge: Annotated[bool, Title("桥梁", "Bridge")] = False
    tunnel: Annotated[bool, Title("隧道", "Tunnel")] = False
    height_limit: Annotated[Metre | None, Title("限高", "Height limit"), Header("maxheight"), Field(gt=0, le=20)] = None
    hazchem_banned: Annotated[bool, Title("危化车辆禁行", "Closed to hazardous goods"), Header("hazmat")] = False


ROADS = Layer(
    id="roads",
    title=Text("道路", "Roads"),
    about=Text("公路、城市道路与园区道路", "Highways, city streets and park roads"),
    record=Road,
    key="code",
    label="name",
    geometry=Geometry.LINE,
    owner=Text("交通运输部门", "Transport"),
    theme=Theme.BASE,
    shared=True,
    search=("name", "ref"),
    style=Style(
        role="street",
        role_by="kind",
        roles={"motorway": "motorway", "trunk": "trunk", "primary": "trunk", "secondary": "trunk"},
    ),
    precision=GROUND,
)


class Building(Record):
    """The footprint of a building."""

    code: Annotated[str, Title("编号", "Code"), Header("osm_id", "osm_way_id"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("名称", "Name"), Header("建筑名称")] = ""
    kind: Annotated[str, Title("用途", "Use"), Codes("building_kind"), Header("building", "建筑用途")] = "other"
    floors: Annotated[int | None, Title("层数", "Floors"), Header("building:levels", "楼层数"), Field(ge=0, le=200)] = (
        None
    )
    height: Annotated[Metre | None, Title("高度", "Height"), Header("建筑高度"), Field(ge=0, le=1000)] = None
    address: Annotated[str, Title("地址", "Address")] = ""


BUILDINGS = Layer(
    id="buildings",
    title=Text("建筑物", "Buildings"),
    about=Text("建筑物轮廓与用途", "Footprints of buildings and their use"),
    record=Building,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("自然资源部门", "Natural resources"),
    theme=Theme.BASE,
    shared=True,
    search=("name", "address"),
    style=Style(role="building", min_zoom=14),
    precision=GROUND,
)


class Water(Record):
    """Sea, river, lake or reservoir."""

    code: Annotated[str, Title("编号", "Code"), Header("osm_id", "osm_way_id"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("名称", "Name"), Header("水体名称")] = ""
    kind: Annotated[str, Title("类别", "Kind"), Codes("water_kind"), Header("water")] = "lake"
    drinking: Annotated[bool, Title("饮用水水源", "Drinking water source")] = False


WATER = Layer(
    id="water",
    title=Text("水系", "Water"),
    about=Text("海域、河流、湖泊、水库", "Sea, rivers, lakes and reservoirs"),
    record=Water,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("水利部门", "Water affairs"),
    theme=Theme.BASE,
    shared=True,
    search=("name",),
    style=Style(role="sea"),
    precision=GROUND,
)


class LandUse(Record):
    """How a piece of land is used, for the base map and for land-use limits."""

    code: Annotated[str, Title("编号", "Code"), Header("osm_id", "osm_way_id"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("名称", "Name")] = ""
    kind: Annotated[str, Title("用地类别", "Use"), Codes("landuse_kind"), Header("landuse")]


LANDUSE = Layer(
    id="landuse",
    title=Text("用地", "Land use"),
    about=Text("陆地、建成区、工业区、化工园区、绿地", "Land, built-up, industrial, chemical park, green"),
    record=LandUse,
    key="code",
    label="name",
    geometry=Geometry.POLYGON,
    owner=Text("自然资源部门", "Natural resources"),
    theme=Theme.BASE,
    shared=True,
    search=("name",),
    style=Style(
        role="land",
        role_by="kind",
        roles={
            "land": "land",
            "urban": "urban",
            "industrial": "urban",
            "chemical_park": "urban",
            "port": "urban",
            "park": "park",
            "forest": "park",
            "farm": "land",
        },
    ),
    precision=GROUND,
)
