"""Hidden dangers found at enterprises, from report to closing, and the public list of major ones under supervision."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, Person
from layers.catalogue.coercion import SupplyCut
from layers.fields import Codes, Header, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

LAW = Standard("安全生产法 第四十一条")
RULES = Standard("安全生产事故隐患排查治理暂行规定(原安监总局令第16号)")
OWNER = Text("应急管理局", "Emergency management bureau")
Words = Annotated[str, Field(max_length=2000)]
Level = Annotated[int, Field(ge=1, le=4)]


class Danger(SupplyCut):
    """A hidden danger: what and where it is, how it is graded, the plan of five, and what the recheck found."""

    state: Annotated[str, Title("办理状态", "State"), Codes("danger_state")] = "reported"
    kind: Annotated[str, Title("隐患类别", "Kind"), Codes("danger_kind"), Header("类别")] = "other"
    origin: Annotated[str, Title("发现方式", "Found by way of"), Codes("danger_origin")] = "self_check"
    found_at: Annotated[Moment, Title("发现时间", "Found at"), Header("排查时间")]
    found_by: Annotated[Person, Title("发现人", "Found by"), INTERNAL] = ""
    place: Annotated[str, Title("隐患部位", "Where in the works"), Field(min_length=1, max_length=200)]
    description: Annotated[Words, Title("现状及产生原因", "State and cause"), RULES] = ""
    harm: Annotated[Words, Title("危害程度和整改难易程度", "Possible harm, and how hard to mend"), RULES] = ""
    level: Annotated[Level | None, Title("隐患等级", "Grade"), Codes("danger_level"), RULES] = None
    major: Annotated[bool, Title("重大隐患", "Major"), LAW] = False
    criteria: Annotated[tuple[str, ...], Title("符合的判定情形", "Criteria met"), Codes("danger_criterion")] = ()
    graded_why: Annotated[Words, Title("定级说明", "Why graded so")] = ""
    measures: Annotated[Words, Title("整改措施", "Measures"), RULES] = ""
    funds: Annotated[float | None, Title("整改资金", "Funds"), Unit("CNY"), RULES, Field(ge=0)] = None
    person: Annotated[Person, Title("整改责任人", "Person in charge"), INTERNAL, RULES] = ""
    mend_by: Annotated[date | None, Title("整改时限", "To be mended by"), RULES] = None
    order_until: Annotated[
        date | None, Title("责令整改期限", "Ordered to be mended by"), Standard("安全生产法 第六十五条")
    ] = None
    contingency: Annotated[Words, Title("安全措施和应急预案", "Precautions and emergency plan"), RULES] = ""
    outcome: Annotated[Words, Title("整改情况", "What was done")] = ""
    mended_by: Annotated[Person, Title("整改完成申报账号", "Account that reported it mended"), INTERNAL] = ""
    recheck: Annotated[Words, Title("复查意见", "Finding of the recheck")] = ""
    rechecks: Annotated[int, Title("复查次数", "Rechecks"), Field(ge=0)] = 0
    extend_to: Annotated[date | None, Title("申请延期至", "Extension asked until")] = None
    extend_why: Annotated[Words, Title("延期理由", "Why an extension")] = ""
    stopped_work: Annotated[bool, Title("停产撤人", "Work stopped, people out"), Standard("安全生产法 第六十五条")] = (
        False
    )
    from_case: Annotated[str, Title("来源案件", "Followed from"), Field(max_length=20)] = ""
    listed_at: Annotated[Moment | None, Title("挂牌时间", "Listed at")] = None
    listed_by: Annotated[str, Title("督办单位", "Supervised by"), Field(max_length=120)] = ""
    delisted_at: Annotated[Moment | None, Title("摘牌时间", "Taken off the list at")] = None


DANGERS = Layer(
    id="dangers",
    title=Text("事故隐患", "Hidden dangers"),
    about=Text(
        "企业自查和执法检查发现的事故隐患及其治理", "Hidden dangers found at enterprises and how they are mended"
    ),
    record=Danger,
    key="code",
    label="title",
    time="found_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name", "place"),
    counted=(*COUNTED, "kind"),
    style=Style(symbol="danger", by="level", symbols={"1": "danger-1", "4": "danger"}, grade="level"),
    lineage=Text("企业自查上报、执法检查登记,逐环节留痕", "Reported by enterprises, registered at inspections"),
)


class DangerListing(Record):
    """A major hidden danger under listed supervision, as the public is told of it: no persons, no plant details."""

    code: Annotated[str, Title("隐患编号", "Number"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("公示内容", "Title"), Field(min_length=1, max_length=200)]
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises"), INTERNAL] = ""
    enterprise_name: Annotated[str, Title("企业名称", "Enterprise's name"), Field(max_length=120)] = ""
    kind: Annotated[str, Title("隐患类别", "Kind"), Codes("danger_kind")] = "other"
    level: Annotated[Level, Title("隐患等级", "Grade"), Codes("danger_level")] = 1
    supervisor: Annotated[str, Title("督办单位", "Supervised by"), Field(max_length=120)] = ""
    listed_at: Annotated[Moment, Title("挂牌时间", "Listed at")]
    mend_by: Annotated[date | None, Title("整改时限", "To be mended by")] = None
    delisted_at: Annotated[Moment | None, Title("摘牌时间", "Taken off the list at")] = None


DANGER_LISTINGS = Layer(
    id="danger_listings",
    title=Text("重大隐患挂牌督办", "Major dangers listed"),
    about=Text("挂牌督办的重大事故隐患公示", "Major hidden dangers under listed supervision, as published"),
    record=DangerListing,
    key="code",
    label="title",
    time="listed_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=Text("挂牌、摘牌时由办理引擎写入", "the casework engine, on listing and taking off"),
    theme=Theme.SUPERVISION,
    shared=True,
    search=("code", "title", "enterprise_name"),
    style=Style(symbol="danger-1", grade="level"),
    lineage=Text("依重大事故隐患治理督办制度公示", "Published under the rules on supervising major dangers"),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "公众须知哪些单位有重大隐患,隐患在厂内的确切部位不公开",
            "The public should know which firms have one, not where inside the works it lies",
        ),
    ),
)
