"""What can be sent and where people can go: teams, depots, materials, hospitals, shelters, fire stations."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import SquareMetre
from layers.fields import Codes, Header, Private, Refers, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import FOUND
from layers.record import Record

INTERNAL = Private(Sensitivity.INTERNAL)
SENSITIVE = Private(Sensitivity.SENSITIVE)


class Team(Record):
    """A rescue team that can be called out."""

    code: Annotated[str, Title("队伍编码", "Team code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("队伍名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("队伍类型", "Kind"), Codes("team_kind"), Header("类型")]
    unit: Annotated[str, Title("所属单位", "Belongs to"), Header("主管单位")] = ""
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises")] = ""
    people: Annotated[int, Title("人数", "People"), Header("队员人数"), Field(ge=0)]
    on_duty: Annotated[int | None, Title("在位人数", "People on duty"), Field(ge=0)] = None
    vehicles: Annotated[int | None, Title("车辆", "Vehicles"), Header("车辆数"), Field(ge=0)] = None
    skills: Annotated[tuple[str, ...], Title("专长", "Skills"), Header("救援专长")] = ()
    equipment: Annotated[str, Title("主要装备", "Equipment"), Header("装备")] = ""
    state: Annotated[str, Title("状态", "State"), Codes("resource_state")] = "ready"
    turnout_minutes: Annotated[int | None, Title("出动时间(分)", "Turn-out, minutes"), Field(ge=0, le=240)] = None
    leader: Annotated[str, Title("队长", "Leader"), INTERNAL, Header("负责人")] = ""
    leader_phone: Annotated[str, Title("队长电话", "Leader's phone"), SENSITIVE] = ""
    duty_phone: Annotated[str, Title("值班电话", "Duty phone"), INTERNAL, Header("联系电话")] = ""
    address: Annotated[str, Title("驻地", "Address"), Header("地址")] = ""


TEAMS = Layer(
    id="teams",
    title=Text("救援队伍", "Rescue teams"),
    about=Text("综合、专业和企业救援队伍", "General, specialist and enterprise rescue teams"),
    record=Team,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急指挥中心", "Emergency command centre"),
    theme=Theme.RESOURCE,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,  # an enterprise in need asks the teams near it: 生产安全事故应急条例 art. 17
    search=("name", "unit", "skills", "address"),
    style=Style(
        symbol="res-team",
        by="kind",
        symbols={"drone": "res-drone", "medical": "res-ambulance", "command": "res-post"},
    ),
    frequency=Text("每季度核对", "Checked every quarter"),
)


class Depot(Record):
    """A store of emergency materials."""

    code: Annotated[str, Title("仓库编码", "Depot code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("仓库名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    level: Annotated[str, Title("级别", "Level"), Codes("regulation_level")] = ""
    unit: Annotated[str, Title("管理单位", "Kept by"), Header("主管单位")] = ""
    floor_area: Annotated[SquareMetre | None, Title("库房面积", "Floor area"), Field(ge=0)] = None
    keeper: Annotated[str, Title("保管员", "Keeper"), INTERNAL, Header("联系人")] = ""
    keeper_phone: Annotated[str, Title("保管员电话", "Keeper's phone"), SENSITIVE] = ""
    duty_phone: Annotated[str, Title("值班电话", "Duty phone"), INTERNAL, Header("联系电话")] = ""
    address: Annotated[str, Title("地址", "Address")] = ""


DEPOTS = Layer(
    id="depots",
    title=Text("物资储备库", "Depots"),
    about=Text("应急物资储备库", "Stores of emergency materials"),
    record=Depot,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局救灾处", "Relief division"),
    theme=Theme.RESOURCE,
    sensitivity=Sensitivity.INTERNAL,
    search=("name", "unit", "address"),
    style=Style(symbol="res-depot"),
)


class Material(Record):
    """A line of a depot's stock."""

    code: Annotated[str, Title("物资编码", "Material code"), Header("编号"), Field(min_length=1, max_length=60)]
    name: Annotated[str, Title("物资名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    depot: Annotated[str, Title("所在仓库", "Depot"), Refers("depots"), Header("仓库编码")]
    kind: Annotated[str, Title("物资类别", "Kind"), Codes("material_kind"), Header("类别")]
    model: Annotated[str, Title("规格型号", "Model"), Header("规格")] = ""
    quantity: Annotated[float, Title("数量", "Quantity"), Header("库存数量"), Field(ge=0)]
    unit: Annotated[str, Title("计量单位", "Counted in"), Header("单位"), Field(min_length=1, max_length=12)]
    reserved: Annotated[float, Title("已调用", "Reserved"), Field(ge=0)] = 0.0
    expiry: Annotated[date | None, Title("有效期至", "Expires"), Header("有效期")] = None
    checked_on: Annotated[date | None, Title("盘点日期", "Counted on")] = None


MATERIALS = Layer(
    id="materials",
    title=Text("应急物资", "Materials"),
    about=Text("各储备库的物资库存", "Stock of the depots"),
    record=Material,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局救灾处", "Relief division"),
    theme=Theme.RESOURCE,
    sensitivity=Sensitivity.INTERNAL,
    search=("name", "model"),
    style=Style(symbol="res-depot", min_zoom=15),
)


class Hospital(Record):
    """A hospital and what it can take."""

    code: Annotated[str, Title("机构编码", "Code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("医院名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    grade: Annotated[str, Title("等级", "Grade"), Codes("hospital_grade"), Header("医院等级")] = ""
    beds: Annotated[int | None, Title("床位", "Beds"), Header("床位数"), Field(ge=0)] = None
    icu_beds: Annotated[int | None, Title("重症床位", "Intensive care beds"), Field(ge=0)] = None
    burn_unit: Annotated[bool, Title("烧伤救治", "Burn unit")] = False
    poison_unit: Annotated[bool, Title("中毒救治", "Poisoning unit")] = False
    hyperbaric: Annotated[bool, Title("高压氧舱", "Hyperbaric chamber")] = False
    ambulances: Annotated[int | None, Title("救护车", "Ambulances"), Field(ge=0)] = None
    emergency_phone: Annotated[str, Title("急诊电话", "Emergency phone"), INTERNAL, Header("联系电话")] = ""
    address: Annotated[str, Title("地址", "Address")] = ""


HOSPITALS = Layer(
    id="hospitals",
    title=Text("医院", "Hospitals"),
    about=Text("可收治伤员的医疗机构", "Hospitals that take casualties"),
    record=Hospital,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("卫生健康部门", "Health"),
    theme=Theme.RESOURCE,
    shared=True,
    search=("name", "address"),
    style=Style(symbol="res-hospital"),
    precision=FOUND,
)


class Shelter(Record):
    """A place people may be sent to."""

    code: Annotated[str, Title("编码", "Code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("避难场所名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("shelter_kind")] = ""
    places: Annotated[int, Title("容纳人数", "Places"), Header("可容纳人数"), Field(ge=0)]
    indoor: Annotated[bool, Title("室内", "Indoors")] = False
    open_now: Annotated[bool, Title("已启用", "Open")] = False
    occupied: Annotated[int | None, Title("已安置", "Occupied"), Field(ge=0)] = None
    contact: Annotated[str, Title("联系人", "Contact"), INTERNAL] = ""
    contact_phone: Annotated[str, Title("联系电话", "Contact's phone"), SENSITIVE] = ""
    address: Annotated[str, Title("地址", "Address")] = ""


SHELTERS = Layer(
    id="shelters",
    title=Text("避难场所", "Shelters"),
    about=Text("应急避难场所与安置点", "Places people may be sent to"),
    record=Shelter,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局救灾处", "Relief division"),
    theme=Theme.RESOURCE,
    shared=True,
    search=("name", "address"),
    style=Style(symbol="res-shelter"),
    precision=FOUND,
)


class FireStation(Record):
    """A fire and rescue station with its engines."""

    code: Annotated[str, Title("编码", "Code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("消防站名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类型", "Kind"), Codes("fire_station_kind")] = ""
    people: Annotated[int | None, Title("执勤人数", "Crew"), Field(ge=0)] = None
    engines: Annotated[int | None, Title("消防车", "Engines"), Header("消防车数"), Field(ge=0)] = None
    foam: Annotated[float | None, Title("泡沫液(吨)", "Foam, tonnes"), Field(ge=0)] = None
    hazmat: Annotated[bool, Title("危化处置能力", "Hazmat capable")] = False
    duty_phone: Annotated[str, Title("值班电话", "Duty phone"), INTERNAL, Header("联系电话")] = ""
    address: Annotated[str, Title("地址", "Address")] = ""


FIRE_STATIONS = Layer(
    id="fire_stations",
    title=Text("消防站", "Fire stations"),
    about=Text("国家、专职和企业消防站", "State, full-time and enterprise fire stations"),
    record=FireStation,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("消防救援机构", "Fire and rescue"),
    theme=Theme.RESOURCE,
    shared=True,
    search=("name", "address"),
    style=Style(symbol="res-engine"),
    precision=FOUND,
)
