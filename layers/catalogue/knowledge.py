"""What is known of emergencies beyond one's own: cases with what they taught, and articles of laws and regulations."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.incidents import CODE, OWNER, Count, Short
from layers.fields import Codes, Header, Private, Standard, Title
from layers.layer import Geometry, Layer, Publish, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Record

INTERNAL = Private(Sensitivity.INTERNAL)
Prose = Annotated[str, Field(max_length=4000)]


class EmergencyCase(Record):
    """A case to learn from: what happened, how it was handled, what it taught. No person is named in it."""

    code: Annotated[str, Title("案例编号", "Case"), Header("编号"), Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,38}$")]
    title: Annotated[str, Title("案例名称", "Title"), Header("名称"), Field(min_length=1, max_length=120)]
    nature: Annotated[str, Title("案例性质", "Nature"), Codes("case_nature"), Header("性质")] = "real"
    kind: Annotated[str, Title("事件类型", "Kind"), Codes("incident_kind"), Header("类型")] = "other"
    occurred_on: Annotated[date | None, Title("发生日期", "Occurred on"), Header("日期")] = None
    place: Annotated[Short, Title("地点", "Where"), Header("地址")] = ""
    setting: Annotated[Short, Title("场所", "Setting", Text("如冷库、储罐区", "as a cold store"))] = ""
    chemicals: Annotated[tuple[str, ...], Title("涉及物质", "Chemicals", Text("CAS 号", "CAS numbers"))] = ()
    chemical_names: Annotated[tuple[str, ...], Title("物质名称", "Names of chemicals"), Header("化学品名称")] = ()
    level: Annotated[
        int | None, Title("事故等级", "Level"), Codes("accident_level"), Standard("国务院令第493号 第三条"),
        Field(ge=1, le=4),
    ] = None  # fmt: skip
    deaths: Annotated[Count, Title("死亡", "Deaths")] = None
    serious_injuries: Annotated[Count, Title("重伤", "Serious injuries")] = None
    minor_injuries: Annotated[Count, Title("轻伤", "Minor injuries")] = None
    evacuated: Annotated[Count, Title("疏散转移", "Evacuated")] = None
    direct_loss: Annotated[float | None, Title("直接经济损失", "Direct loss"), Unit("CNY"), Field(ge=0, le=1e13)] = None
    summary: Annotated[Prose, Title("基本情况", "What happened"), Header("经过")] = ""
    course: Annotated[Prose, Title("处置过程", "How it was handled"), Header("处置")] = ""
    cause: Annotated[Prose, Title("原因", "Cause"), Header("事故原因")] = ""
    lessons: Annotated[Prose, Title("经验教训", "Lessons"), Header("教训", "启示")] = ""
    reference: Annotated[Short, Title("资料出处", "Reference"), Header("出处")] = ""
    incident: Annotated[
        str, Title("来源事件", "Incident", Text("空为外来案例", "blank: from elsewhere")), INTERNAL,
        Field(pattern=rf"^$|{CODE}"),
    ] = ""  # fmt: skip


EMERGENCY_CASES = Layer(
    id="emergency_cases",
    title=Text("应急案例", "Cases"),
    about=Text(
        "应急处置案例:基本情况、处置过程、原因和经验教训;是否公开由各案例的敏感级别定",
        "Cases with what happened, how it was handled and what it taught; each is as public as its row says",
    ),
    record=EmergencyCase,
    key="code",
    label="title",
    time="occurred_on",
    geometry=Geometry.POINT,
    owner=OWNER,
    theme=Theme.EVENT,
    shared=True,
    counted=("kind",),
    search=("code", "title", "chemical_names", "setting", "place", "summary", "course", "cause", "lessons"),
    style=Style(symbol="incident-toxic", by="kind", symbols={"fire": "incident-fire", "explosion": "incident-blast"}),
    lineage=Text("由事件结案整理,或据公开资料摘编", "Drafted of incidents that are over, or of published sources"),
    precision=Precision(
        metres=BLOCK,
        reason=Text(
            "案例用于学习,公众须知大致地点,确切位置会指向具体单位和个人",
            "Cases are for learning; the exact spot would point at firms and persons",
        ),
    ),
)


class ExerciseCase(EmergencyCase):
    """A case of an exercise: of another layer, so that no map, service or count of cases has it."""


EXERCISE_CASES = Layer(
    id="exercise_cases",
    title=Text("演练案例", "Cases of exercises"),
    about=Text("由演练整理的案例,不是真实事件,不上图", "Drafted of exercises: nothing in them is real, on no map"),
    record=ExerciseCase,
    key="code",
    label="title",
    time="occurred_on",
    geometry=Geometry.NONE,
    owner=OWNER,
    made_by=Text("演练结束后由值班台起草", "drafted at the duty desk when an exercise is over"),
    theme=Theme.EVENT,
    sensitivity=Sensitivity.INTERNAL,
    shared=True,
    publish=Publish.NONE,
    search=EMERGENCY_CASES.search,
    stream="exercise",
)


class LawArticle(Record):
    """One article of a law or regulation, in the words of the text it was read from, with that text's date."""

    code: Annotated[str, Title("条文编号", "Article"), Header("编号"), Field(pattern=r"^[a-z0-9-]{2,40}/[0-9]{3}$")]
    title: Annotated[str, Title("条文名称", "Title"), Field(min_length=1, max_length=120)]
    law: Annotated[str, Title("法律法规", "Law"), Header("法规名称"), Field(min_length=1, max_length=100)]
    number: Annotated[int, Title("条序", "Number"), Field(ge=1, le=999)]
    chapter: Annotated[Short, Title("章节", "Chapter")] = ""
    text: Annotated[str, Title("条文", "Text"), Header("内容"), Field(min_length=1, max_length=6000)]
    dated: Annotated[
        date | None, Title("文本日期", "Date of the text", Text("公布或最近一次修改", "published or last amended"))
    ] = None
    status: Annotated[str, Title("核实状态", "Standing"), Codes("basis_status")] = "secondary"


LAW_ARTICLES = Layer(
    id="law_articles",
    title=Text("法规条文", "Articles of laws"),
    about=Text(
        "法律、行政法规条文,以文本日期的版本为准,现行文本可能已修改",
        "Articles of laws as of the date of their text; what is in force may be newer",
    ),
    record=LawArticle,
    key="code",
    label="title",
    geometry=Geometry.NONE,
    owner=OWNER,
    theme=Theme.PLANNING,
    shared=True,
    publish=Publish.NONE,
    counted=("law", "number"),
    search=("title", "text"),
    lineage=Text("取自公开的法律法规文本", "Taken from published texts"),
)
