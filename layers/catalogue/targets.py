"""Who must be protected: schools, homes, hospitals, crowds."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Private, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Record

INTERNAL = Private(Sensitivity.INTERNAL)
SENSITIVE = Private(Sensitivity.SENSITIVE)


class ProtectionTarget(Record):
    """A place with people who need warning or carrying out."""

    code: Annotated[str, Title("编码", "Code"), Header("编号"), Field(min_length=1, max_length=40)]
    name: Annotated[str, Title("名称", "Name"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("类别", "Kind"), Codes("target_kind"), Header("目标类型")]
    protection_class: Annotated[
        str, Title("防护目标类别", "Protection class"), Codes("protection_class"), Standard("GB 36894")
    ] = ""
    people_day: Annotated[int | None, Title("白天人数", "People by day"), INTERNAL, Header("人数"), Field(ge=0)] = None
    people_night: Annotated[int | None, Title("夜间人数", "People by night"), INTERNAL, Field(ge=0)] = None
    vulnerable: Annotated[int | None, Title("行动不便人数", "People who cannot walk"), INTERNAL, Field(ge=0)] = None
    contact: Annotated[str, Title("联系人", "Contact"), INTERNAL, Header("负责人")] = ""
    contact_phone: Annotated[str, Title("联系电话", "Contact's phone"), SENSITIVE] = ""
    address: Annotated[str, Title("地址", "Address")] = ""


PROTECTION_TARGETS = Layer(
    id="protection_targets",
    title=Text("保护目标", "Protection targets"),
    about=Text("学校、养老、居民点、医院等人员集中场所", "Schools, care homes, housing and other crowded places"),
    record=ProtectionTarget,
    key="code",
    label="name",
    geometry=Geometry.POINT,
    owner=Text("应急管理局", "Emergency management bureau"),
    theme=Theme.TARGET,
    shared=True,
    search=("name", "address"),
    style=Style(
        symbol="target-home",
        by="kind",
        symbols={
            "school": "target-school",
            "kindergarten": "target-school",
            "nursing": "target-nursing",
            "residential": "target-home",
            "hospital": "target-nursing",
        },
    ),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "脆弱人群集中场所的成套精确坐标不宜公开",
            "Exact places of all who are least able to flee are not for a public list",
        ),
    ),
)
