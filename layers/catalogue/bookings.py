"""Who has asked for a team or for so much of a stock, what was granted, and what came back."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.fields import Codes, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record

CENTRE = Text("应急指挥中心", "Emergency command centre")
Name = Annotated[str, Field(max_length=80)]
Line = Annotated[str, Field(max_length=400)]


class ResourceBooking(Record):
    """A team, or so much of a stock, for a purpose: asked, booked, under way, given back; or refused."""

    code: Annotated[str, Title("调用编号", "Booking"), Field(pattern=r"^DY[0-9]{14}-[0-9a-f]{6}$")]
    of_layer: Annotated[str, Title("资源图层", "Layer"), Field(pattern=r"^(teams|materials|fire_stations)$")]
    of_key: Annotated[str, Title("资源编号", "Resource"), Field(min_length=1, max_length=60)]
    name: Annotated[str, Title("资源名称", "Name"), Field(min_length=1, max_length=80)]
    quantity: Annotated[float | None, Title("数量", "Quantity"), Field(gt=0)] = None
    unit: Annotated[str, Title("计量单位", "Counted in"), Field(max_length=12)] = ""
    purpose: Annotated[str, Title("用途", "For"), Field(min_length=1, max_length=400)]
    incident: Annotated[str, Title("关联事件", "Incident"), Field(max_length=40)] = ""
    state: Annotated[str, Title("状态", "State"), Codes("booking_state")] = "asked"
    asked_at: Annotated[Moment, Title("申请时间", "Asked at")]
    asked_by: Annotated[Name, Title("申请人", "Asked by")]
    asked_account: Annotated[str, Title("申请账号", "Account of who asks"), Field(max_length=64)] = ""
    decided_at: Annotated[Moment | None, Title("批复时间", "Decided at")] = None
    decided_by: Annotated[Name, Title("批复人", "Decided by")] = ""
    said: Annotated[Line, Title("批复意见", "What was said")] = ""
    ended_at: Annotated[Moment | None, Title("归还时间", "Given back at")] = None
    ended_by: Annotated[Name, Title("归还登记人", "Given back to")] = ""
    returned: Annotated[float | None, Title("归还数量", "Given back"), Field(ge=0)] = None
    steps: Annotated[tuple[str, ...], Title("经过", "Course")] = ()


RESOURCE_BOOKINGS = Layer(
    id="resource_bookings", title=Text("资源调用", "Bookings of resources"), record=ResourceBooking, key="code",
    about=Text("队伍和物资的申请、调用与归还", "Teams and stocks asked for, booked and given back"), label="name",
    geometry=Geometry.NONE, owner=CENTRE, theme=Theme.RESOURCE, time="asked_at", sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE, counted=("of_key", "asked_at"),
    made_by=Text("值班人员在资源调用中登记", "the person on duty, as they book"),
)  # fmt: skip
