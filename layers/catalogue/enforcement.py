"""On-site checks of enterprises: what was looked at, what was found, what was ordered and whether it was done."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import COUNTED, ENGINE, INTERNAL, CaseRow, Person
from layers.fields import Codes, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.record import Moment

SAFETY = Standard("安全生产法 第六十五条")
PENALTIES = Standard("行政处罚法 第四十二条")
OWNER = Text("应急管理局", "Emergency management bureau")
Words = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0)]
Certificate = Annotated[str, Field(max_length=40)]


class SiteCheck(CaseRow):
    """One on-site check: plan, visit, items, signature, order to rectify and its recheck."""

    state: Annotated[str, Title("办理状态", "State"), Codes("check_state")] = "planned"
    kind: Annotated[str, Title("检查类别", "Kind"), Codes("check_kind")] = "plan"
    draw: Annotated[
        str, Title("抽查批次", "Draw", Text("双随机抽取的由抽取写入", "written by the draw")), Field(max_length=40)
    ] = ""
    check_by: Annotated[date | None, Title("检查期限", "To be checked by")] = None
    scope: Annotated[Words, Title("检查内容", "What is checked")] = ""
    lead: Annotated[Person, Title("主办执法人员", "Officer in charge"), INTERNAL, PENALTIES] = ""
    lead_no: Annotated[Certificate, Title("主办执法证号", "Certificate of the officer in charge"), INTERNAL] = ""
    second: Annotated[Person, Title("协办执法人员", "Second officer"), INTERNAL, PENALTIES] = ""
    second_no: Annotated[Certificate, Title("协办执法证号", "Certificate of the second officer"), INTERNAL] = ""
    arrived_at: Annotated[Moment | None, Title("到场时间", "Arrived at")] = None
    distance: Annotated[
        float | None,
        Title("到场位置距企业登记位置", "From the registered place", Text("按取得的位置计算", "of the position told")),
        Unit("m"), Field(ge=0),
    ] = None  # fmt: skip
    items: Annotated[
        tuple[str, ...], Title("检查项目", "Items", Text("每项:编号|结果|说明", "each: id|result|note")), SAFETY
    ] = ()
    conforming: Annotated[Count, Title("符合项数", "Items that conform")] = 0
    failing: Annotated[Count, Title("不符合项数", "Items that do not conform")] = 0
    findings: Annotated[Words, Title("检查情况", "What was found"), SAFETY] = ""
    party: Annotated[Person, Title("被检查单位现场负责人", "Person met at the enterprise"), INTERNAL] = ""
    recorded_by: Annotated[Person, Title("记录账号", "Account that wrote the record"), INTERNAL] = ""
    recorded_at: Annotated[Moment | None, Title("记录时间", "Recorded at")] = None
    signature: Annotated[str, Title("签字情况", "Signature"), Codes("check_signature")] = ""
    signature_note: Annotated[Words, Title("拒签或缺席情况说明", "Why there is no signature")] = ""
    signed_at: Annotated[Moment | None, Title("签字确认时间", "Signed at")] = None
    record_hash: Annotated[
        str, Title("检查记录哈希", "Hash of the record", Text("签字后不再改动", "fixed once signed")),
        Field(pattern=r"^([0-9a-f]{64})?$"),
    ] = ""  # fmt: skip
    on_spot: Annotated[Words, Title("现场处理措施", "Measures on the spot"), SAFETY] = ""
    order: Annotated[Words, Title("责令整改内容", "What was ordered"), SAFETY] = ""
    mend_by: Annotated[date | None, Title("整改期限", "To be mended by"), SAFETY] = None
    mended: Annotated[Words, Title("整改情况", "What was done")] = ""
    mended_by: Annotated[Person, Title("整改完成申报账号", "Account that reported it mended"), INTERNAL] = ""
    recheck: Annotated[Words, Title("复查意见", "Finding of the recheck")] = ""
    rechecks: Annotated[Count, Title("复查次数", "Rechecks")] = 0
    danger_title: Annotated[str, Title("隐患名称", "Danger"), Field(max_length=100)] = ""
    danger_place: Annotated[str, Title("隐患部位", "Where in the works"), Field(max_length=200)] = ""
    followed: Annotated[tuple[str, ...], Title("由此立项的案件", "Cases that followed")] = ()


SITE_CHECKS = Layer(
    id="site_checks",
    title=Text("现场检查", "On-site checks"),
    about=Text(
        "监管部门对企业的现场检查、责令限期整改和复查", "Checks of enterprises on site, orders to rectify, rechecks"
    ),
    record=SiteCheck,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name"),
    counted=(*COUNTED, "kind"),
    style=Style(symbol="check"),
    lineage=Text("执法人员现场记录,逐环节留痕", "Recorded on site by officers, step by step"),
)
