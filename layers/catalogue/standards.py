"""Standardization of enterprises: self-assessment, review, announcement, a grade that stands three years."""

from typing import Annotated, ClassVar

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from layers.catalogue.casework import COUNTED, ENGINE
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Header, Title
from layers.layer import Geometry, Layer, Style, Theme

Grade = Annotated[int | None, Codes("standardization"), Field(ge=1, le=3)]
Score = Annotated[float | None, Field(ge=0, le=100)]


class StandardReview(Registered):
    """One application for a grade, and the grade that came of it."""

    TERMS: ClassVar[str] = "standard"

    state: Annotated[str, Title("办理状态", "State"), Codes("standard_state")] = "lodged"
    grade: Annotated[Grade, Title("标准化等级", "Grade"), Header("等级", "标准化级别")] = 3
    self_score: Annotated[Score, Title("自评得分", "Score of the self-assessment")] = None
    self_report: Annotated[Words, Title("自评情况", "Self-assessment")] = ""
    review_score: Annotated[Score, Title("评审得分", "Score of the review")] = None
    finding: Annotated[Words, Title("评审意见", "Finding of the review")] = ""
    announced: Annotated[Words, Title("公示情况", "What the announcement brought")] = ""


STANDARDS = Layer(
    id="standards", title=Text("安全生产标准化", "Standardization"), record=StandardReview, key="code", label="title",
    about=Text("企业安全生产标准化的申请、评审、公示和等级证书", "Applications for grades of standardization"),
    time="opened_at", geometry=Geometry.POINT, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, counted=(*COUNTED, "grade"),
    search=("code", "title", "enterprise_name", "number"),
    style=Style(symbol="permit-case", by="state", symbols={"standing": "permit", "ended": "permit-off"}),
    lineage=Text("企业自评申请,评审后公示发证", "Applied for after a self-assessment, reviewed, announced"),
)  # fmt: skip
