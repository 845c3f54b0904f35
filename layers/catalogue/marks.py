"""What is drawn on the map of an incident: command post, staging points, cordons, blocked roads, arrows, words."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.incidents import CODE, DESK, ENTRY, OWNER, STREAM, Person
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.record import Moment, Record

MARK = r"^(SJ|YL)[0-9]{8}-[0-9]{4}/B[0-9]{3,4}$"


class IncidentMark(Record):
    """One drawing. Its geometry is where it stands, its line what was drawn; taken off, it stays with who and why."""

    code: Annotated[str, Title("标绘编号", "Mark"), Field(pattern=MARK)]
    incident: Annotated[str, Title("事件", "Incident"), Field(pattern=CODE)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    number: Annotated[int, Title("序号", "Number"), Field(ge=1, le=9999)]
    kind: Annotated[str, Title("标绘类型", "Kind"), Codes("mark_kind")]
    title: Annotated[str, Title("说明", "Words"), Field(max_length=100)] = ""
    line: Annotated[str, Title("折线", "Line", Text("经纬度", "of lon,lat")), Field(max_length=8000)] = ""
    at: Annotated[Moment, Title("标绘时间", "Drawn at")]
    by: Annotated[Person, Title("标绘人", "Drawn by")]
    team: Annotated[str, Title("队伍", "Team"), Refers("teams")] = ""
    entry: Annotated[str, Title("日志记录", "Entry"), Field(pattern=ENTRY)]
    removed_at: Annotated[Moment | None, Title("撤除时间", "Taken off at")] = None
    removed_by: Annotated[Person, Title("撤除人", "Taken off by")] = ""
    removed_why: Annotated[str, Title("撤除原因", "Why taken off"), Field(max_length=400)] = ""


INCIDENT_MARKS = Layer(
    id="incident_marks",
    title=Text("标绘", "Marks"),
    about=Text(
        "事件现场标绘:指挥部、集结点、警戒线、封路等", "What is drawn of a scene: posts, cordons, blocked roads"
    ),
    record=IncidentMark,
    key="code",
    label="title",
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
)
