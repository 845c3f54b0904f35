"""Flow of fireworks: consignments as registered by who sends and confirmed by who gets them."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE, CaseRow
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Style, Theme


class FireworkFlow(CaseRow):
    """One consignment of the enterprise: what, how many boxes, from or to whom, and what arrived."""

    state: Annotated[str, Title("办理状态", "State"), Codes("firework_state")] = "sent"
    kind: Annotated[str, Title("流向", "Direction"), Codes("firework_flow")] = "sale"
    product: Annotated[str, Title("产品名称", "Product"), Header("品名"), Field(max_length=120)] = ""
    grade: Annotated[str, Title("产品级别", "Grade"), Codes("firework_grade")] = ""
    batch: Annotated[str, Title("生产批号", "Batch"), Header("批号", "流向码"), Field(max_length=60)] = ""
    boxes: Annotated[int | None, Title("箱数", "Boxes"), Field(ge=1, le=1_000_000)] = None
    other: Annotated[str, Title("对方单位", "Other party"), Header("购买单位", "供货单位"), Field(max_length=120)] = ""
    permit: Annotated[str, Title("对方许可证号", "Other party's licence"), Field(max_length=80)] = ""
    moved_on: Annotated[date | None, Title("出入库日期", "Moved on")] = None
    vehicle: Annotated[str, Title("运输车号", "Vehicle"), Field(max_length=20)] = ""
    arrived: Annotated[int | None, Title("实收箱数", "Boxes that arrived"), Field(ge=0, le=1_000_000)] = None
    difference: Annotated[Words, Title("差异说明", "Why it differs")] = ""


FIREWORK_FLOWS = Layer(
    id="firework_flows", title=Text("烟花爆竹流向", "Flow of fireworks"), record=FireworkFlow, key="code",
    label="title", about=Text("烟花爆竹产品出入库和购销流向登记", "Consignments, out and in"), time="opened_at",
    geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind"), search=("code", "title", "enterprise_name", "batch", "other"),
    style=Style(symbol="ent-firework"), lineage=Text("企业登记,监管部门核对", "Registered by enterprises, checked"),
)  # fmt: skip
