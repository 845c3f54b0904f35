"""Layers of other bodies that our map shows beside its own: which service, which layer of it, how fresh it must be."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Record


class RemoteLayer(Record):
    """One layer of a service elsewhere; the server fetches it from an allowed host, the browser never does."""

    code: Annotated[str, Title("编号", "Code"), Field(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Annotated[str, Title("名称", "Title"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("服务类型", "Kind of service"), Codes("remote_kind")]
    url: Annotated[str, Title("服务地址", "Address"), Field(min_length=8, max_length=400, pattern=r"^https?://")]
    name: Annotated[str, Title("图层标识", "Name of the layer there"), Field(min_length=1, max_length=200)]
    style: Annotated[str, Title("样式", "Style"), Field(max_length=80)] = ""
    matrix_set: Annotated[str, Title("瓦片方案", "Tile matrix set"), Field(max_length=80)] = ""
    template: Annotated[
        str,
        Title(
            "瓦片地址模板", "Template of its tiles", Text("读能力文档时记下", "Noted when its capabilities were read")
        ),
    ] = ""
    version: Annotated[str, Title("服务版本", "Version"), Field(max_length=12)] = ""
    crs: Annotated[str, Title("索取的坐标系", "System asked in"), Field(max_length=20)] = "EPSG:3857"
    attribution: Annotated[str, Title("数据提供单位", "Whose data"), Field(min_length=1, max_length=120)]
    fresh_seconds: Annotated[
        int,
        Title("有效时间", "Fresh for", Text("超过即重新读取", "Read again after")),
        Unit("s"),
        Field(ge=10, le=604_800),
    ] = 600
    west: Annotated[float | None, Title("西界", "West"), Unit("deg"), Field(ge=-180, le=180)] = None
    south: Annotated[float | None, Title("南界", "South"), Unit("deg"), Field(ge=-90, le=90)] = None
    east: Annotated[float | None, Title("东界", "East"), Unit("deg"), Field(ge=-180, le=180)] = None
    north: Annotated[float | None, Title("北界", "North"), Unit("deg"), Field(ge=-90, le=90)] = None


REMOTE_LAYERS = Layer(
    id="remote_layers",
    title=Text("外部图层登记", "Layers of others"),
    about=Text(
        "接入本图的外单位图层:服务地址、图层标识、提供单位与有效时间",
        "Layers of other bodies shown on this map: address, name, whose they are, how long they stay fresh",
    ),
    record=RemoteLayer,
    key="code",
    label="title",
    geometry=Geometry.NONE,
    owner=Text("应急管理部门信息中心", "Information centre"),
    theme=Theme.BASE,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,
    publish=Publish.NONE,
    lineage=Text("由有权修改的人员按地址接入", "Added by address by whoever may change the register"),
)
