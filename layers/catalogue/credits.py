"""Enterprises listed for serious dishonesty: told, heard, listed, removed; and what the public reads."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, CaseRow
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

RULES = Standard("安全生产严重失信主体名单管理办法(应急管理部令第11号)")


class CreditCase(CaseRow):
    """One proposal to list an enterprise, what it answered, and until when it is listed."""

    TERMS: ClassVar[str] = "credit"

    state: Annotated[str, Title("办理状态", "State"), Codes("credit_state")] = "proposed"
    condition: Annotated[str, Title("列入情形", "Condition"), Codes("credit_condition"), Header("失信行为")] = "other"
    grounds: Annotated[Words, Title("事实和依据", "Facts and grounds")] = ""
    decision: Annotated[str, Title("处罚决定书文号", "Number of the penalty"), Field(max_length=80)] = ""
    told_firm_at: Annotated[Moment | None, Title("告知时间", "Told at"), RULES] = None
    reply: Annotated[Words, Title("陈述申辩", "Reply"), RULES] = ""
    replied_at: Annotated[Moment | None, Title("陈述申辩时间", "Replied at")] = None
    listed_on: Annotated[date | None, Title("列入日期", "Listed on")] = None
    listed_until: Annotated[date | None, Title("管理期限至", "Listed until"), RULES] = None
    removal_why: Annotated[Words, Title("申请移出理由", "Why it should be removed")] = ""
    removed_on: Annotated[date | None, Title("移出日期", "Removed on")] = None


CREDITS = Layer(
    id="credits", title=Text("安全生产诚信", "Credit"), record=CreditCase, key="code", label="title", time="opened_at",
    about=Text("严重失信主体名单的告知、陈述申辩、列入和移出", "Listing for serious dishonesty, and removal"),
    geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    counted=(*COUNTED, "condition"), search=("code", "title", "enterprise_name", "decision"),
    style=Style(symbol="permit-case", by="state", symbols={"listed": "permit-1", "removed": "permit-off"}),
    lineage=Text("作出处罚的部门提出,告知并听取陈述申辩后列入", "Proposed by who punished, listed after hearing"),
)  # fmt: skip


class CreditListing(Record):
    """An enterprise on the list, as the public is told; once removed it is the public's no longer."""

    code: Annotated[str, Title("编号", "Number"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("公示内容", "Title"), Field(min_length=1, max_length=200)]
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises"), INTERNAL] = ""
    enterprise_name: Annotated[str, Title("企业名称", "Enterprise's name"), Field(max_length=120)] = ""
    condition: Annotated[str, Title("列入情形", "Condition"), Codes("credit_condition")] = "other"
    listed_on: Annotated[date | None, Title("列入日期", "Listed on")] = None
    listed_until: Annotated[date | None, Title("管理期限至", "Listed until")] = None


CREDIT_LISTINGS = Layer(
    id="credit_listings", title=Text("严重失信主体名单", "Listed for dishonesty"), record=CreditListing, key="code",
    about=Text("公示中的安全生产严重失信主体", "Enterprises listed for serious dishonesty, as published"),
    made_by=Text("列入、移出时由办理引擎写入", "the casework engine, on listing and removal"), label="title",
    geometry=Geometry.POINT, owner=BUREAU, theme=Theme.SUPERVISION, shared=True, style=Style(symbol="permit-1"),
    search=("code", "title", "enterprise_name"),
    lineage=Text("依严重失信主体名单管理办法公示", "Published under the rules on the list"),
    precision=Precision(
        metres=BLOCK,
        reason=Text("名单公示到单位,不公开确切点位", "The list names the firm; its exact spot is not needed"),
    ),
)  # fmt: skip
