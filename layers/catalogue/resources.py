"""What helps in an emergency: teams, depots, materials, hospitals, shelters, fire stations."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.fields import Codes, Private, Refers, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment, Record

CALLED = Private(Sensitivity.INTERNAL)
BUREAU = Text("应急管理局", "Emergency management bureau")


class Team(Record):
    """A rescue team at its base."""

    code: Annotated[str, Title("队伍编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("队伍名称", "Name"), Field(min_length=1)]
    kind: Annotated[str, Title("队伍类别", "Kind"), Codes("team_kind")]
    people: Annotated[int, Title("人数", "People"), Field(ge=0)]
    vehicles: Annotated[int | None, Title("车辆数", "Vehicles"), Field(ge=0)] = None
    skills: Annotated[tuple[str, ...] | None, Title("专长", "Skills")] = None
    equipment: Annotated[tuple[str, ...] | None, Title("主要装备", "Equipment")] = None
    state: Annotated[str, Title("状态", "State"), Codes("team_state")] = "ready"
    contact: Annotated[str | None, Title("联系人", "Contact")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), CALLED] = None


class Depot(Record):
    """A store of emergency materials."""

    code: Annotated[str, Title("仓库编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("仓库名称", "Name"), Field(min_length=1)]
    level: Annotated[str | None, Title("级别", "Level"), Codes("area_level")] = None
    address: Annotated[str | None, Title("地址", "Address")] = None
    surface: Annotated[float | None, Title("库房面积", "Floor area"), Unit("m2"), Field(ge=0)] = None
    contact: Annotated[str | None, Title("联系人", "Contact")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), CALLED] = None


class Material(Record):
    """A stock of one material in one depot."""

    code: Annotated[str, Title("物资编码", "Code"), Field(min_length=1)]
    depot: Annotated[str, Title("仓库", "Depot"), Refers("depots")]
    name: Annotated[str, Title("物资名称", "Name"), Field(min_length=1)]
    kind: Annotated[str, Title("物资类别", "Kind"), Codes("material_kind")]
    quantity: Annotated[float, Title("数量", "Quantity"), Field(ge=0)]
    unit: Annotated[str, Title("单位", "Unit")]
    expiry: Annotated[date | None, Title("有效期至", "Good until")] = None
    counted_at: Annotated[Moment | None, Title("盘点时间", "Counted at")] = None
    contact: Annotated[str | None, Title("联系人", "Contact")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), CALLED] = None


class Hospital(Record):
    """A hospital or clinic."""

    code: Annotated[str, Title("机构编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    level: Annotated[str | None, Title("等级", "Level"), Codes("hospital_level")] = None
    beds: Annotated[int | None, Title("床位", "Beds"), Field(ge=0)] = None
    burn_beds: Annotated[int | None, Title("烧伤床位", "Burn beds"), Field(ge=0)] = None
    poison_treatment: Annotated[bool | None, Title("中毒救治", "Treats poisoning")] = None
    ambulances: Annotated[int | None, Title("救护车", "Ambulances"), Field(ge=0)] = None
    address: Annotated[str | None, Title("地址", "Address")] = None
    phone: Annotated[str | None, Title("急诊电话", "Emergency phone")] = None


class Shelter(Record):
    """A place people may be sent to."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    kind: Annotated[str | None, Title("类别", "Kind"), Codes("shelter_kind")] = None
    places: Annotated[int, Title("可容纳人数", "Places"), Field(ge=0)]
    indoor: Annotated[bool | None, Title("室内", "Indoor")] = None
    address: Annotated[str | None, Title("地址", "Address")] = None
    contact: Annotated[str | None, Title("联系人", "Contact"), CALLED] = None
    phone: Annotated[str | None, Title("电话", "Phone"), CALLED] = None


class FireStation(Record):
    """A fire and rescue station."""

    code: Annotated[str, Title("编码", "Code"), Field(min_length=1)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1)]
    kind: Annotated[str | None, Title("类别", "Kind"), Codes("fire_station_kind")] = None
    people: Annotated[int | None, Title("人数", "People"), Field(ge=0)] = None
    engines: Annotated[int | None, Title("消防车", "Engines"), Field(ge=0)] = None
    foam: Annotated[float | None, Title("泡沫储量", "Foam"), Unit("t"), Field(ge=0)] = None
    address: Annotated[str | None, Title("地址", "Address")] = None
    phone: Annotated[str | None, Title("电话", "Phone"), CALLED] = None


def _layer(layer_id: str, title: Text, about: Text, record: type[Record], symbol: str, *, internal: bool) -> Layer:
    search = ("code", "name", "address") if "address" in record.model_fields else ("code", "name")
    return Layer(
        id=layer_id,
        title=title,
        about=about,
        record=record,
        key="code",
        geometry=Geometry.POINT,
        owner=BUREAU,
        theme=Theme.RESOURCE,
        label="name",
        sensitivity=Sensitivity.INTERNAL if internal else Sensitivity.PUBLIC,
        shared=True,
        search=search,
        style=Style(symbol=symbol),
        frequency=Text("每季度核实", "Checked every quarter"),
    )


TEAMS = _layer("teams", Text("应急队伍", "Rescue teams"), Text("专业、企业与志愿救援队伍", "Professional, enterprise and volunteer rescue teams"), Team, "res-team", internal=True)  # fmt: skip  # noqa: E501
DEPOTS = _layer("depots", Text("物资库", "Depots"), Text("应急物资储备库", "Emergency material depots"), Depot, "res-depot", internal=True)  # fmt: skip  # noqa: E501
MATERIALS = _layer("materials", Text("应急物资", "Materials"), Text("各库应急物资存量", "Stocks of emergency materials"), Material, "res-depot", internal=True)  # fmt: skip  # noqa: E501
HOSPITALS = _layer("hospitals", Text("医院", "Hospitals"), Text("医疗救治机构", "Hospitals and clinics"), Hospital, "res-hospital", internal=False)  # fmt: skip  # noqa: E501
SHELTERS = _layer("shelters", Text("避难场所", "Shelters"), Text("应急避难场所", "Emergency shelters"), Shelter, "res-shelter", internal=False)  # fmt: skip  # noqa: E501
FIRE_STATIONS = _layer("fire_stations", Text("消防救援站", "Fire stations"), Text("消防救援站及车辆装备", "Fire stations with their engines"), FireStation, "res-engine", internal=False)  # fmt: skip  # noqa: E501
