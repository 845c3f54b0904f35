"""Orders of an incident: numbered, addressed, with the time and the name of each receipt (decision 0016)."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Metre, Second
from layers.catalogue.incidents import CODE, DESK, ENTRY, OWNER, STREAM, Person, Short
from layers.fields import Codes, Private, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

ORDER = r"^(SJ|YL)[0-9]{8}-[0-9]{4}/[0-9]{3,4}$"
LONGEST_WAY = 24_000


class IncidentOrder(Record):
    """One order as it stands. Where it leads is its geometry; each step has its time and who took it."""

    code: Annotated[str, Title("指令编号", "Order"), Field(pattern=ORDER)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    number: Annotated[int, Title("序号", "Number", Text("事件内编号", "within its incident")), Field(ge=1, le=9999)]
    action: Annotated[
        str, Title("内容", "What to do", Text("动词短语", "a verb phrase")), Field(min_length=1, max_length=200)
    ]
    details: Annotated[str, Title("要求", "Details"), Field(max_length=1000)] = ""
    to_kind: Annotated[str, Title("对象类别", "Addressed to"), Codes("order_to")]
    to_name: Annotated[str, Title("对象", "To"), Field(min_length=1, max_length=80)]
    to_phone: Annotated[str, Title("对象电话", "Phone"), Private(Sensitivity.SENSITIVE), Field(max_length=40)] = ""
    team: Annotated[str, Title("队伍", "Team"), Refers("teams")] = ""
    booking: Annotated[str, Title("调用编号", "Booking"), Refers("resource_bookings")] = ""
    place_name: Annotated[Short, Title("去向", "Where to")] = ""
    way: Annotated[
        str, Title("路线", "Way", Text("经纬度折线", "a line of lon,lat")), Field(max_length=LONGEST_WAY)
    ] = ""
    way_time: Annotated[Second | None, Title("预计行车时间", "Driving time"), Field(ge=0)] = None
    way_length: Annotated[Metre | None, Title("路线长度", "Length of the way"), Field(ge=0)] = None
    way_avoids: Annotated[bool | None, Title("路线避开影响区", "The way keeps out of zones")] = None
    way_said: Annotated[str, Title("路线说明", "What is said of the way"), Field(max_length=2000)] = ""
    state: Annotated[str, Title("状态", "State"), Codes("order_state")] = "issued"
    at: Annotated[Moment, Title("下达时间", "Given at")]
    by: Annotated[Person, Title("下达人", "Given by")]
    account: Annotated[Person, Title("下达账号", "Account")] = ""
    entry: Annotated[str, Title("日志记录", "Entry"), Field(pattern=ENTRY)]
    received_at: Annotated[Moment | None, Title("签收时间", "Received at")] = None
    received_by: Annotated[Person, Title("签收人", "Received by")] = ""
    left_at: Annotated[Moment | None, Title("出发时间", "Left at")] = None
    left_by: Annotated[Person, Title("出发登记人", "Left, told by")] = ""
    acting_at: Annotated[Moment | None, Title("开始执行时间", "Begun at")] = None
    acting_by: Annotated[Person, Title("执行登记人", "Begun, told by")] = ""
    arrived_at: Annotated[Moment | None, Title("到达时间", "Arrived at")] = None
    arrived_by: Annotated[Person, Title("到达登记人", "Arrived, told by")] = ""
    ended_at: Annotated[Moment | None, Title("办结时间", "Ended at")] = None
    ended_by: Annotated[Person, Title("办结登记人", "Ended by")] = ""
    said: Annotated[str, Title("结果或原因", "What came of it"), Field(max_length=500)] = ""
    eta: Annotated[Moment | None, Title("预计到达", "Expected at")] = None
    urged: Annotated[int, Title("催办次数", "Times urged"), Field(ge=0, le=999)] = 0
    urged_at: Annotated[Moment | None, Title("最近催办", "Last urged at")] = None


INCIDENT_ORDERS = Layer(
    id="incident_orders",
    title=Text("指令", "Orders"),
    about=Text("事件中下达的指令和回执", "Orders given in incidents, and their receipts"),
    record=IncidentOrder,
    key="code",
    label="action",
    time="at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    counted=("incident",),
    style=Style(symbol="res-post"),
    stream=STREAM,
    whose="team",
)  # fmt: skip

PLAIN = tuple(name for name, spec in INCIDENT_ORDERS.fields.items() if spec.sensitivity < Sensitivity.SENSITIVE)
"""All of an order but the telephone, for those who do not ring anybody."""
