"""Licences and filings of enterprises: the certificates that stand, and the cases in which they are decided."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, CaseRow, Person
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

LAW = Standard("行政许可法")
OWNER = Text("应急管理局", "Emergency management bureau")
Words = Annotated[str, Field(max_length=2000)]


class Licence(Record):
    """One certificate as it stands: what is renewed or changed keeps its row."""

    code: Annotated[str, Title("证照编码", "Code"), Field(pattern=CASE_NO)]
    number: Annotated[str, Title("证号", "Number"), Header("证书编号", "许可证号"), Field(min_length=1, max_length=80)]
    kind: Annotated[str, Title("证照种类", "Kind"), Codes("permit_kind"), Header("许可证种类", "证书种类")]
    enterprise: Annotated[
        str, Title("企业代码", "Enterprise"), Refers("enterprises"), Header("统一社会信用代码", "所属企业"), INTERNAL
    ] = ""
    enterprise_name: Annotated[str, Title("持证单位", "Holder"), Header("企业名称"), Field(max_length=120)] = ""
    site: Annotated[str, Title("厂区编码", "Site"), Refers("sites"), INTERNAL] = ""
    address: Annotated[
        str, Title("许可地址", "Licensed address"), Header("生产地址", "经营地址"), Field(max_length=200), INTERNAL
    ] = ""
    scope: Annotated[Words, Title("许可范围", "Scope"), Header("经营范围", "许可内容")] = ""
    issuer: Annotated[str, Title("发证机关", "Issued by"), Field(max_length=120)] = ""
    valid_from: Annotated[date | None, Title("有效期自", "Valid from"), Header("发证日期")] = None
    valid_until: Annotated[date | None, Title("有效期至", "Valid until"), Header("有效期", "届满日期")] = None
    first_from: Annotated[date | None, Title("初次发证日期", "First issued")] = None
    state: Annotated[str, Title("证照状态", "State"), Codes("licence_state")] = "valid"
    ended_on: Annotated[date | None, Title("失效日期", "Ended on")] = None
    case: Annotated[str, Title("办理案件", "Case"), Refers("licence_cases"), INTERNAL] = ""
    reminded: Annotated[int, Title("已提醒次数", "Reminders sent"), Field(ge=0), INTERNAL] = 0
    told: Annotated[str, Title("到期提醒至", "Told up to"), Codes("case_tier"), INTERNAL] = "none"
    told_at: Annotated[Moment | None, Title("到期提醒时间", "Told at"), INTERNAL] = None


LICENCES = Layer(
    id="licences",
    title=Text("证照", "Licences"),
    about=Text("安全生产许可、备案证照台账:证号、单位、范围、有效期和状态", "Licences and filings that were issued"),
    record=Licence,
    key="code",
    label="number",
    geometry=Geometry.POINT,
    owner=OWNER,
    theme=Theme.SUPERVISION,
    search=("code", "number", "enterprise_name", "scope"),
    style=Style(
        symbol="permit", by="state",
        symbols={"soon": "permit-3", "expired": "permit-1", "revoked": "permit-off", "forfeited": "permit-off",
                 "cancelled": "permit-off", "suspended": "permit-3"},
    ),
    lineage=Text("许可办理发证时写入,此前签发的由台账导入", "Written as a case is granted; earlier ones are imported"),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "公众有权查阅许可决定,不必知其确切厂址和危险点位",
            "The public may look up what was licensed, not the exact spot of a dangerous works",
        ),
    ),
)  # fmt: skip


class LicenceCase(CaseRow):
    """An application or a decision of the authority's own about one licence."""

    state: Annotated[str, Title("办理状态", "State"), Codes("licence_case_state")] = "lodged"
    matter: Annotated[str, Title("许可事项", "Matter"), Codes("licence_matter"), LAW] = "new"
    kind: Annotated[
        str, Title("证照种类", "Kind", Text("首次申请时选择", "chosen for a first application")), Codes("permit_kind")
    ] = ""
    licence: Annotated[
        str, Title("证照编码", "Licence", Text("首次申请不填", "left out for a first one")), Refers("licences")
    ] = ""
    site: Annotated[str, Title("厂区编码", "Site"), Refers("sites")] = ""
    address: Annotated[str, Title("许可地址", "Licensed address"), Field(max_length=200)] = ""
    scope: Annotated[Words, Title("许可范围", "Scope")] = ""
    grounds: Annotated[Words, Title("事由", "Grounds", Text("变更、注销、撤销须写明", "of a change or an end"))] = ""
    received_at: Annotated[Moment | None, Title("收到申请时间", "Received at")] = None
    complete_at: Annotated[Moment | None, Title("材料收齐时间", "Papers complete at"), LAW] = None
    accepted_at: Annotated[Moment | None, Title("受理时间", "Accepted at"), LAW] = None
    late: Annotated[bool, Title("逾提前量申请延续", "Renewal asked for late")] = False
    missing: Annotated[tuple[str, ...], Title("须补正的材料", "Papers to correct"), Codes("licence_material"), LAW] = ()
    corrections: Annotated[Words, Title("补正内容", "What to correct"), LAW] = ""
    corrections_at: Annotated[Moment | None, Title("告知补正时间", "Corrections asked at")] = None
    answer: Annotated[Words, Title("补正说明", "Answer to the corrections")] = ""
    preliminary: Annotated[Words, Title("初步审查意见", "Preliminary finding")] = ""
    expert_days: Annotated[int | None, Title("评审所需天数", "Days the experts need"), LAW, Field(ge=1, le=365)] = None
    checked: Annotated[bool, Title("已实地核查", "Checked on the spot"), LAW] = False
    checkers: Annotated[str, Title("核查人员", "Who checked"), Field(max_length=200), INTERNAL] = ""
    heard: Annotated[Words, Title("听取陈述申辩情况", "What the holder said"), LAW] = ""
    findings: Annotated[Words, Title("审查意见", "Finding of the review")] = ""
    reviewed_by: Annotated[Person, Title("审查账号", "Account that reviewed it"), INTERNAL] = ""
    extended: Annotated[bool, Title("已延长期限", "Limit extended"), LAW] = False
    issuer: Annotated[str, Title("发证机关", "Issued by"), Field(max_length=120)] = ""
    valid_from: Annotated[date | None, Title("有效期自", "Valid from")] = None
    valid_until: Annotated[date | None, Title("有效期至", "Valid until")] = None
    number: Annotated[
        str, Title("证号", "Number", Text("不填时由系统编号", "left out: numbered here")), Field(max_length=80)
    ] = ""
    decided_at: Annotated[Moment | None, Title("决定时间", "Decided at")] = None
    held_state: Annotated[str, Title("原证状态", "State of the licence"), Codes("licence_state")] = ""
    held_from: Annotated[date | None, Title("原有效期自", "It ran from")] = None
    held_until: Annotated[date | None, Title("原有效期至", "It runs until")] = None
    held_number: Annotated[str, Title("原证号", "Its number"), Field(max_length=80)] = ""
    held_address: Annotated[str, Title("原许可地址", "Its address"), Field(max_length=200)] = ""
    held_scope: Annotated[Words, Title("原许可范围", "Its scope")] = ""
    held_issuer: Annotated[str, Title("原发证机关", "Its issuer"), Field(max_length=120)] = ""
    first_from: Annotated[date | None, Title("初次发证日期", "First issued")] = None


LICENCE_CASES = Layer(
    id="licence_cases",
    title=Text("行政许可", "Licensing"),
    about=Text("安全生产行政许可和备案的申请、审查与决定", "Applications for licences and filings, and how they went"),
    record=LicenceCase,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "kind", "matter"),
    search=("code", "title", "enterprise_name", "licence", "held_number", "number"),
    style=Style(symbol="permit-case"),
    lineage=Text("企业网上申报、窗口登记,逐环节留痕", "Lodged by enterprises or at the counter"),
)
