"""Complaints to 12350: what was reported, how it was handled; who reported lies sealed in a layer of its own."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, CaseRow, Person
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Refers, Standard, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

LAW_73 = Standard("安全生产法 第七十三条")
LAW_76 = Standard("安全生产法 第七十六条")
Money = Annotated[float | None, Unit("CNY")]


class Complaint(CaseRow):
    """One complaint. Who is accused stands in `accused`: the row belongs to no enterprise, so that none reads it."""

    state: Annotated[str, Title("办理状态", "State"), Codes("complaint_state")] = "received"
    kind: Annotated[str, Title("举报类别", "Kind"), Codes("complaint_kind")] = "danger"
    channel: Annotated[str, Title("举报渠道", "Channel"), Codes("complaint_channel")] = "phone"
    accused: Annotated[
        str, Title("被举报单位代码", "Enterprise complained of", Text("查实单位后填写", "once it is known which")),
        Refers("enterprises"),
    ] = ""  # fmt: skip
    accused_name: Annotated[str, Title("被举报单位", "Complained of"), Field(max_length=120)] = ""
    place: Annotated[str, Title("事发地点", "Where"), Field(max_length=200)] = ""
    happened_on: Annotated[date | None, Title("发生日期", "When")] = None
    description: Annotated[
        Words,
        Title("举报内容", "What is reported", Text("不写举报人姓名、电话", "without the reporter's name or phone")),
    ] = ""
    deaths: Annotated[bool, Title("涉及人员死亡", "People died"), LAW_73] = False
    supplement: Annotated[Words, Title("补充材料", "More of it")] = ""
    supplements: Annotated[tuple[str, ...], Title("已补充的材料", "What was added")] = ()
    accepted_at: Annotated[Moment | None, Title("受理时间", "Accepted at")] = None
    close_by: Annotated[date | None, Title("办结期限", "To be closed by")] = None
    extended: Annotated[bool, Title("已延期", "Extended")] = False
    same_as: Annotated[
        str, Title("重复举报的首件编号", "First complaint of the same matter"), Field(max_length=20)
    ] = ""  # fmt: skip
    transferred_to: Annotated[str, Title("转交部门", "Handed on to"), LAW_73, Field(max_length=120)] = ""
    handler: Annotated[str, Title("承办单位", "Handled by"), Field(max_length=120)] = ""
    government: Annotated[
        str, Title("组织核查的人民政府", "Government that verifies", Text("涉及人员死亡的须填写", "where people died")),
        LAW_73, Field(max_length=120),
    ] = ""  # fmt: skip
    check_by: Annotated[date | None, Title("核查检查期限", "To be checked by")] = None
    outcome: Annotated[str, Title("核查结论", "Outcome"), Codes("complaint_outcome")] = ""
    finding: Annotated[Words, Title("核查情况", "What was found"), LAW_73] = ""
    approved_by: Annotated[Person, Title("签字负责人", "Signed by the head"), LAW_73] = ""
    urged: Annotated[int, Title("催办次数", "Times urged"), Field(ge=0)] = 0
    urged_at: Annotated[Moment | None, Title("最近催办时间", "Last urged")] = None
    answer: Annotated[Words, Title("答复举报人的内容", "Answer to the reporter")] = ""
    replied_at: Annotated[Moment | None, Title("答复时间", "Answered at")] = None
    notice: Annotated[
        Words, Title("公开内容", "What is published", Text("不得出现举报人线索", "nothing that points to the reporter"))
    ] = ""
    published_at: Annotated[Moment | None, Title("公开时间", "Published at")] = None
    reward_basis: Annotated[str, Title("奖励类别", "Kind of reward"), Codes("complaint_reward"), LAW_76] = ""
    reward_fine: Annotated[
        Money, Title("查实后的罚款数额", "Fine that followed", Text("未罚款的不填", "blank where there was none")),
        Field(ge=0),
    ] = None  # fmt: skip
    reward_deaths: Annotated[int | None, Title("查实的瞒报谎报死亡人数", "Deaths concealed"), Field(ge=1, le=999)] = (
        None
    )
    reward: Annotated[Money, Title("奖励金额", "Reward"), LAW_76, Field(ge=0)] = None
    rewarded_at: Annotated[Moment | None, Title("决定奖励时间", "Reward decided at")] = None
    claimed_at: Annotated[Moment | None, Title("申领时间", "Claimed at")] = None
    paid_at: Annotated[Moment | None, Title("兑付时间", "Paid at")] = None
    voucher: Annotated[str, Title("兑付凭证号", "Voucher of the payment"), Field(max_length=80)] = ""
    archive_no: Annotated[str, Title("档案号", "File number"), Field(max_length=60)] = ""
    followed: Annotated[tuple[str, ...], Title("由此立项的案件", "Cases that followed")] = ()


COMPLAINTS = Layer(
    id="complaints", title=Text("举报投诉", "Complaints"), record=Complaint, key="code", label="title",
    about=Text("12350 举报投诉的受理、分办、核查、答复和奖励;不含举报人信息", "Complaints, without who reported"),
    time="opened_at", geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.SENSITIVE, search=("code", "title", "accused_name", "place"), counted=(*COUNTED, "kind"),
    style=Style(symbol="complaint"),
    lineage=Text("公众网上举报或受理人员登记,逐环节留痕", "Filed by the public or taken down by an officer"),
)  # fmt: skip


class ComplaintReporter(Record):
    """Who reported, sealed; and the mark by which the code a reporter holds is known again."""

    code: Annotated[str, Title("举报编号", "Complaint"), Field(pattern=CASE_NO)]
    mark: Annotated[str, Title("查询码标记", "Mark of the code"), Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    sealed: Annotated[str, Title("举报人(密封)", "Reporter, sealed"), Field(max_length=4000)] = ""
    payee: Annotated[str, Title("领奖方式(密封)", "How to pay, sealed"), Field(max_length=4000)] = ""
    at: Annotated[Moment, Title("登记时间", "Registered at")]


COMPLAINT_REPORTERS = Layer(
    id="complaint_reporters", title=Text("举报人信息(密封)", "Reporters, sealed"), record=ComplaintReporter, key="code",
    about=Text("举报人身份的密封件和查询码标记,只凭专门权限逐件拆阅并留痕", "Sealed; opened one by one, on record"),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.SECRET,
    publish=Publish.NONE, counted=("mark",), time="at",
)  # fmt: skip


class ComplaintResult(Record):
    """What the public is told of a complaint that was found true: no reporter, no exact place."""

    code: Annotated[str, Title("公开编号", "Number"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("公开内容", "Title"), Field(min_length=1, max_length=200)]
    kind: Annotated[str, Title("举报类别", "Kind"), Codes("complaint_kind")] = "danger"
    outcome: Annotated[str, Title("核查结论", "Outcome"), Codes("complaint_outcome")] = ""
    notice: Annotated[Words, Title("核查处理情况", "What was found and done")] = ""
    published_at: Annotated[Moment, Title("公开时间", "Published at")]


COMPLAINT_RESULTS = Layer(
    id="complaint_results", title=Text("举报核查公开", "Published results"), record=ComplaintResult, key="code",
    about=Text("查实举报的核查处理结果公开", "Results of complaints that were found true, as published"),
    made_by=Text("公开时由办理引擎写入", "the casework engine, on publishing"), label="title", time="published_at",
    geometry=Geometry.POINT, owner=BUREAU, theme=Theme.SUPERVISION, shared=True, style=Style(symbol="complaint"),
    search=("code", "title"), lineage=Text("依政府信息公开规定公开", "Published under the rules on disclosure"),
    precision=Precision(
        metres=BLOCK, reason=Text("公开到大致范围,以免由地点推知举报人", "The spot may tell who reported"),
    ),
)  # fmt: skip
