"""How incidents and exercises were handled: a score sheet each, marked by criteria and filed."""

from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.incidents import CODE, DESK, OWNER, STREAM, Person, Words
from layers.fields import Codes, Standard, Title
from layers.layer import Geometry, Layer, Publish, Theme
from layers.record import Moment, Record


class Evaluation(Record):
    """The sheet of one incident: marks of persons while it is open, all of them with their ground once it is filed."""

    code: Annotated[str, Title("事件编号", "Incident"), Field(pattern=CODE)]
    title: Annotated[str, Title("事件名称", "Title"), Field(min_length=1, max_length=120)]
    exercise: Annotated[bool, Title("演练", "Exercise")] = False
    state: Annotated[str, Title("评估状态", "State"), Codes("evaluation_state")] = "open"
    marks: Annotated[
        tuple[str, ...], Title("评分", "Marks", Text("每项:评分项|分数|依据", "each: criterion|points|ground")),
        Standard("生产安全事故应急条例 第二十七条"),
    ] = ()  # fmt: skip
    points: Annotated[float | None, Title("得分", "Points", Text("归档后才有", "once it is filed"))] = None
    most: Annotated[float | None, Title("满分", "Of", Text("不适用的不计", "without what does not apply"))] = None
    summary: Annotated[Words, Title("总结", "Summary")] = ""
    filed_at: Annotated[Moment | None, Title("归档时间", "Filed at")] = None
    filed_by: Annotated[Person, Title("归档人", "Filed by")] = ""


EVALUATIONS = Layer(
    id="incident_evaluations",
    title=Text("处置评估", "Evaluations"),
    about=Text("事件和演练处置能力评分表,含依据", "Score sheets of incidents and exercises, each mark with its ground"),
    record=Evaluation,
    key="code",
    label="title",
    time="filed_at",
    geometry=Geometry.NONE,
    owner=OWNER,
    made_by=DESK,
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    publish=Publish.NONE,
    stream=STREAM,
)
