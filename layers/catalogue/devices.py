"""What carries the measuring points: who makes it report, by which protocol, and until when it is calibrated."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Private, Refers, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Record


class Device(Record):
    """A device in the field; its key or password is kept with the accounts and can be read nowhere."""

    code: Annotated[
        str, Title("设备编码", "Device"), Header("编号"), Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")
    ]
    name: Annotated[str, Title("设备名称", "Name"), Header("名称"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("设备类型", "Kind"), Codes("device_kind")] = "gateway"
    enterprise: Annotated[str, Title("所属企业", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码")] = ""
    site: Annotated[str, Title("所属厂区", "Site"), Refers("sites")] = ""
    protocol: Annotated[str, Title("接入协议", "Protocol"), Codes("device_protocol")] = "http"
    mn: Annotated[
        str, Title("设备唯一标识(MN)", "MN", Text("HJ 212 数采仪的标识", "as HJ 212 knows it")), Field(max_length=40)
    ] = ""
    state: Annotated[str, Title("设备状态", "State"), Codes("device_state")] = "in_use"
    points: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=60)], ...],
        Title("所带点位", "Points", Text("监测点以其设备编码指向本设备的不必再列", "besides those that name it")),
    ] = ()
    calibrated_at: Annotated[date | None, Title("校准日期", "Calibrated on")] = None
    calibrated_until: Annotated[date | None, Title("校准有效期至", "Calibrated until")] = None
    calibrated_by: Annotated[str, Title("校准单位", "Calibrated by"), Field(max_length=80)] = ""
    note: Annotated[str, Title("备注", "Note"), Private(Sensitivity.SENSITIVE), Field(max_length=400)] = ""


DEVICES = Layer(
    id="devices",
    title=Text("设备", "Devices"),
    about=Text("监测点的采集、传输设备及其校准", "What carries the measuring points, and its calibration"),
    record=Device,
    key="code",
    label="name",
    geometry=Geometry.NONE,
    owner=Text("应急指挥中心", "Emergency command centre"),
    theme=Theme.MONITORING,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "name", "mn"),
    publish=Publish.NONE,  # nobody outside asks for a register of what reports how
    lineage=Text("由接入管理人员登记", "Registered by whoever connects them"),
    frequency=Text("随设备接入", "As devices are connected"),
)
