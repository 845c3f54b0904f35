"""The duty desk: calls and their forwards, the phone book, shifts, hand-overs."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Header, Private, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

INTERNAL = Private(Sensitivity.INTERNAL)
SENSITIVE = Private(Sensitivity.SENSITIVE)
CENTRE = Text("应急指挥中心", "Emergency command centre")
BY_DUTY = Text("值班人员在值班页登记", "the person on duty, on the page of duty")

Name = Annotated[str, Field(max_length=80)]
Phone = Annotated[str, Field(max_length=40)]
Prose = Annotated[str, Field(max_length=2000)]
Code = Annotated[str, Field(max_length=40)]


class DutyContact(Record):
    """A body or a person in the phone book, with how fresh the numbers are."""

    code: Annotated[str, Title("通讯录编号", "Contact"), Header("编号"), Field(min_length=1, max_length=40)]
    kind: Annotated[str, Title("类别", "Kind"), Codes("duty_contact_kind")] = "body"
    name: Annotated[str, Title("名称", "Name"), Header("姓名", "单位名称"), Field(min_length=1, max_length=80)]
    unit: Annotated[Name, Title("所属单位", "Unit"), Header("单位")] = ""
    post: Annotated[Name, Title("职务", "Post"), Header("岗位")] = ""
    duties: Annotated[str, Title("职责", "Duties"), Field(max_length=200)] = ""
    duty_phone: Annotated[Phone, Title("值班电话", "Duty phone"), INTERNAL, Header("电话")] = ""
    mobile_phone: Annotated[Phone, Title("手机", "Mobile phone"), SENSITIVE, Header("手机号", "手机号码")] = ""
    call_order: Annotated[
        int,
        Title("呼叫顺序", "Order of call", Text("小的先打", "the lower is called first")),
        Header("顺序"),
        Field(ge=1, le=999),
    ] = 100
    verified_on: Annotated[date | None, Title("核对日期", "Verified on"), Header("核实日期")] = None
    verified_by: Annotated[Name, Title("核对人", "Verified by")] = ""


DUTY_CONTACTS = Layer(
    id="duty_contacts", title=Text("应急通讯录", "Emergency phone book"), record=DutyContact, key="code", label="name",
    about=Text("值班用的单位和人员电话,标明核对日期", "Bodies and people to call, with when each was verified"),
    geometry=Geometry.NONE, owner=CENTRE, theme=Theme.RESOURCE, sensitivity=Sensitivity.INTERNAL, shared=True,
    publish=Publish.NONE, made_by=BY_DUTY, counted=("call_order",), search=("name", "unit", "post"),
    lineage=Text("值班部门登记维护", "Kept by those on duty"),
)  # fmt: skip


class DutyCall(Record):
    """A call as it was written down. It is struck through with a reason and never changed or erased."""

    code: Annotated[str, Title("电话编号", "Call"), Field(pattern=r"^DH[0-9]{8}-[0-9]{4}$")]
    direction: Annotated[str, Title("来去", "Direction"), Codes("call_direction")] = "in"
    at: Annotated[Moment, Title("通话时间", "Time of the call")]
    written_at: Annotated[Moment, Title("记录时间", "Written at")]
    written_by: Annotated[Name, Title("记录人", "Written by")]
    caller: Annotated[Name, Title("对方姓名", "Caller")] = ""
    caller_unit: Annotated[Name, Title("对方单位", "Caller's unit")] = ""
    caller_phone: Annotated[Phone, Title("对方电话", "Caller's number"), SENSITIVE] = ""
    what: Annotated[str, Title("内容", "What was said"), Field(min_length=1, max_length=2000)]
    place: Annotated[str, Title("地点", "Place"), Field(max_length=200)] = ""
    recording: Annotated[
        str, Title("录音编号", "Recording", Text("录音系统中的编号", "its number there")), Field(max_length=120)
    ] = ""
    call_back: Annotated[bool, Title("须回电", "To be called back")] = False
    called_back_at: Annotated[Moment | None, Title("回电时间", "Called back at")] = None
    called_back_by: Annotated[Name, Title("回电人", "Called back by")] = ""
    call_back_said: Annotated[Prose, Title("回电情况", "What was said then")] = ""
    incident: Annotated[Code, Title("关联事件", "Incident")] = ""
    state: Annotated[str, Title("状态", "State"), Codes("call_state")] = "logged"
    struck_at: Annotated[Moment | None, Title("划销时间", "Struck at")] = None
    struck_by: Annotated[Name, Title("划销人", "Struck by")] = ""
    struck_reason: Annotated[str, Title("划销原因", "Why struck"), Field(max_length=200)] = ""


DUTY_CALLS = Layer(
    id="duty_calls", title=Text("值班电话", "Duty calls"), record=DutyCall, key="code", label="code", time="at",
    about=Text("值班电话记录,只增不删,可划销", "Calls to the duty desk; struck through at most, never erased"),
    geometry=Geometry.POINT, owner=CENTRE, theme=Theme.EVENT, sensitivity=Sensitivity.INTERNAL, made_by=BY_DUTY,
    counted=("at",), search=("code", "what", "place", "caller_unit"), style=Style(symbol="duty-call"),
    lineage=Text("值班人员通话时记录", "Written down by the person on duty"), frequency=Text("实时", "As it happens"),
)  # fmt: skip


class DutyForward(Record):
    """That a call was passed on, and the receipt for it, with a clock."""

    code: Annotated[str, Title("转办编号", "Forward"), Field(min_length=1, max_length=40)]
    call: Annotated[str, Title("电话编号", "Call"), Refers("duty_calls")]
    contact: Annotated[Code, Title("通讯录编号", "Contact")] = ""
    to: Annotated[str, Title("转办对象", "To"), Field(min_length=1, max_length=80)]
    asked: Annotated[str, Title("办理要求", "Asked"), Field(min_length=1, max_length=400)]
    sent_at: Annotated[Moment, Title("转办时间", "Sent at")]
    sent_by: Annotated[Name, Title("转办人", "Sent by")]
    due_at: Annotated[Moment, Title("回执时限", "Receipt due")]
    state: Annotated[str, Title("状态", "State"), Codes("forward_state")] = "waiting"
    receipt_at: Annotated[Moment | None, Title("回执时间", "Receipt at")] = None
    receipt_from: Annotated[Name, Title("回执人", "Receipt from")] = ""
    receipt: Annotated[Prose, Title("回执内容", "Receipt")] = ""
    noted_by: Annotated[Name, Title("登记人", "Noted by")] = ""


DUTY_FORWARDS = Layer(
    id="duty_forwards", title=Text("值班转办", "Forwarded calls"), record=DutyForward, key="code", label="to",
    about=Text("值班电话转给谁办、何时回执", "To whom calls were passed on, and the receipts"), time="sent_at",
    geometry=Geometry.NONE, owner=CENTRE, theme=Theme.EVENT, sensitivity=Sensitivity.INTERNAL, publish=Publish.NONE,
    made_by=BY_DUTY, counted=("call",),
)  # fmt: skip


class DutyShift(Record):
    """Who keeps watch at a post, in which role, from when until when."""

    code: Annotated[str, Title("班次编号", "Shift"), Header("编号"), Field(min_length=1, max_length=40)]
    post: Annotated[
        str, Title("值班岗位", "Post of duty"), Header("岗位", "值班单位"), Field(min_length=1, max_length=80)
    ]
    role: Annotated[str, Title("值班角色", "Role"), Codes("duty_role"), Header("角色", "班次")] = "officer"
    person: Annotated[str, Title("值班人", "On duty"), Header("姓名", "值班人员"), Field(min_length=1, max_length=80)]
    account: Annotated[Code, Title("账号标识", "Account")] = ""
    duty_phone: Annotated[Phone, Title("值班电话", "Duty phone"), INTERNAL, Header("电话")] = ""
    starts_at: Annotated[Moment, Title("接班时间", "From"), Header("开始时间", "上班时间")]
    ends_at: Annotated[Moment, Title("交班时间", "Until"), Header("结束时间", "下班时间")]
    stands_in_for: Annotated[Name, Title("代班,原值班人", "Stands in for")] = ""
    asked_of: Annotated[Name, Title("请谁代班", "Asked to stand in")] = ""
    asked_account: Annotated[Code, Title("代班账号", "Account asked")] = ""
    asked_why: Annotated[str, Title("代班原因", "Why"), Field(max_length=200)] = ""
    asked_by: Annotated[Name, Title("提出人", "Asked by")] = ""


DUTY_SHIFTS = Layer(
    id="duty_shifts", title=Text("值班排班", "Duty roster"), record=DutyShift, key="code", label="person",
    about=Text("各岗位的班次,带班、值班、副班", "The shifts of each post: leader, officer, deputy"), time="starts_at",
    geometry=Geometry.NONE, owner=CENTRE, theme=Theme.RESOURCE, sensitivity=Sensitivity.INTERNAL, shared=True,
    publish=Publish.NONE, counted=("starts_at", "ends_at"), search=("person", "post"),
    lineage=Text("值班部门排定或导入", "Drawn up or imported by those who keep the roster"),
)  # fmt: skip


class DutyHandover(Record):
    """What one watch hands to the next, signed by both; after that nothing of it changes."""

    code: Annotated[str, Title("交接编号", "Hand-over"), Field(min_length=1, max_length=40)]
    post: Annotated[str, Title("值班岗位", "Post of duty"), Field(min_length=1, max_length=80)]
    due_at: Annotated[Moment | None, Title("应交接时间", "Due at")] = None
    drafted_at: Annotated[Moment, Title("汇总时间", "Drawn up at")]
    alarms: Annotated[tuple[str, ...], Title("未关闭报警", "Open alarms")] = ()
    incidents: Annotated[tuple[str, ...], Title("处置中事件", "Open incidents")] = ()
    calls: Annotated[tuple[str, ...], Title("须回电", "Calls to return")] = ()
    receipts: Annotated[tuple[str, ...], Title("待回执", "Receipts awaited")] = ()
    resources: Annotated[tuple[str, ...], Title("在用资源", "Resources out")] = ()
    devices: Annotated[Prose, Title("设备状况", "Devices")] = ""
    notes: Annotated[Prose, Title("交代事项", "Notes")] = ""
    state: Annotated[str, Title("状态", "State"), Codes("handover_state")] = "draft"
    out_name: Annotated[Name, Title("交班人", "Handed over by")]
    out_account: Annotated[Code, Title("交班账号", "Account of who hands over")]
    out_at: Annotated[Moment | None, Title("交班签字时间", "Signed by them at")] = None
    out_how: Annotated[str, Title("交班签字方式", "How they signed"), Field(max_length=20)] = ""
    in_name: Annotated[Name, Title("接班人", "Taken over by")] = ""
    in_account: Annotated[Code, Title("接班账号", "Account of who takes over")] = ""
    in_at: Annotated[Moment | None, Title("接班签字时间", "Signed by them at (taking over)")] = None
    in_how: Annotated[str, Title("接班签字方式", "How they signed (taking over)"), Field(max_length=20)] = ""
    late: Annotated[bool, Title("迟交", "Late")] = False


DUTY_HANDOVERS = Layer(
    id="duty_handovers", title=Text("交接班记录", "Hand-overs"), record=DutyHandover, key="code", label="post",
    about=Text("交接班内容和双方签字,签后不可更改", "What was handed over, signed by both and then unchanged"),
    time="drafted_at", geometry=Geometry.NONE, owner=CENTRE, theme=Theme.EVENT, sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE, made_by=BY_DUTY, counted=("drafted_at",),
)  # fmt: skip
