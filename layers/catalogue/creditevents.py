"""The credit file of enterprises: what counted for or against them, by which rule, and what the grade was then."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import CASE_NO, ENGINE
from layers.catalogue.registered import BUREAU
from layers.fields import Codes, Refers, Title
from layers.layer import Geometry, Layer, Theme
from layers.record import Moment, Record

Score = Annotated[float | None, Field(ge=0, le=100)]


class CreditEvent(Record):
    """One entry of the file; never changed once written."""

    code: Annotated[
        str,
        Title("记录编号", "Entry", Text("案件编号/步骤序号,退还的加 -T", "case/step, with -T what is given back")),
        Field(pattern=CASE_NO[:-1] + r"/[0-9]{4}(-T)?$"),
    ]
    title: Annotated[str, Title("事项", "What"), Field(min_length=1, max_length=200)]
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises")]
    enterprise_name: Annotated[str, Title("企业名称", "Enterprise's name"), Field(max_length=120)] = ""
    rule: Annotated[str, Title("计分规则", "Rule"), Codes("credit_rule")]
    points: Annotated[float, Title("计分", "Points")]
    at: Annotated[Moment, Title("计分时间", "Counted at")]
    from_case: Annotated[str, Title("来源案件", "Case"), Field(max_length=20)] = ""
    score_before: Annotated[Score, Title("原得分", "Score before")] = None
    score: Annotated[
        Score, Title("现得分", "Score", Text("没有诚信等级的企业不计", "none where there is no grade"))
    ] = None
    grade_before: Annotated[str, Title("原诚信等级", "Grade before"), Codes("credit")] = ""
    grade: Annotated[str, Title("现诚信等级", "Grade"), Codes("credit")] = ""
    counts_until: Annotated[date | None, Title("计分有效期至", "Counts until")] = None
    gives_back: Annotated[str, Title("退还的记录", "Gives back"), Refers("credit_events")] = ""


CREDIT_EVENTS = Layer(
    id="credit_events", title=Text("诚信记录", "Credit file"), record=CreditEvent, key="code", label="title", time="at",
    about=Text(
        "处罚、达标、列入和移出名单引起的诚信计分和等级变化,以及计分期满和处罚撤销的退还",
        "What counted for or against enterprises, and what was given back",
    ),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name"), counted=("enterprise", "rule", "at"),
    lineage=Text("由引起计分的案件在同一事务中写入", "Written in the transaction of the case that brought it about"),
)  # fmt: skip
