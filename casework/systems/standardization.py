"""Standardization: self-assessment, review, announcement, certificate for three years, review again."""

from enum import StrEnum

from casework.casetype import CaseType, Clock, Document, Step
from casework.engine import Asked
from casework.registering import (
    ANYBODY,
    FIRM,
    GIVEN,
    OFFICER,
    begins_anew,
    ends_after_today,
    is_registered,
    office_checks,
    within_the_term_of_its_kind,
)  # fmt: skip
from casework.reminders import ladders
from casework.scores import least_score
from casework.terms import local_day
from core.texts import Text
from layers.catalogue.standards import STANDARDS, StandardReview


class State(StrEnum):
    """Where an application for a grade stands (code list `standard_state`)."""

    LODGED = "lodged"
    CORRECTING = "correcting"
    ANNOUNCING = "announcing"
    STANDING = "standing"
    ENDED = "ended"
    REJECTED = "rejected"


ASKS = ("title", "enterprise", "grade", "self_score", "self_report")
SCORED = ("grade", "self_score")
AGAIN = ("title", "grade", "self_score", "self_report")
NEEDS = ("title", "enterprise", "grade", "self_score")


def self_assessment_reaches_the_grade(asked: Asked[StandardReview]) -> Text | None:
    """Nobody applies for a grade that the own score does not reach."""
    return _reaches(asked, asked.row.self_score, Text("自评得分", "the own score"))


def review_reaches_the_grade(asked: Asked[StandardReview]) -> Text | None:
    """The grade announced is one that the score of the review reaches."""
    return _reaches(asked, asked.row.review_score, Text("评审得分", "the score of the review"))


def _reaches(asked: Asked[StandardReview], score: float | None, what: Text) -> Text | None:
    least = least_score(asked.row.grade, local_day(asked.at))
    if score is None or least is None or score >= least:
        return None
    return Text(
        f"{what.zh} {score:g} 分,不到所申请等级的 {least:g} 分(分数线未核实)",
        f"{what.en} is {score:g}, below the {least:g} of this grade (unverified)",
    )


STANDARDIZATION = CaseType(
    id="standardization",
    title=Text("安全生产标准化", "Standardization"),
    about=Text(
        "企业自评申请,评审,公示,发证,证书有效三年,到期复评",
        "Applied for after a self-assessment, reviewed, announced, certified for three years, reviewed again",
    ),
    register=STANDARDS,
    states=State,
    start=State.LODGED,
    standing=(State.STANDING,),
    final=(State.ENDED, State.REJECTED),
    numbering="BZ",
    law=Text("企业安全生产标准化评审办法(未核对原文)", "Rules on reviewing standardization (text not at hand)"),
    turn=office_checks,
    documents=(Document(id="certificate", title=Text("安全生产标准化证书", "Certificate of standardization")),),
    reminders=ladders()["register"],
    steps=(
        Step(name="lodge", title=Text("申请评审", "Apply"), opens=True, source=(), target=State.LODGED, by=ANYBODY,
             asks=ASKS, needs=NEEDS, guards=(self_assessment_reaches_the_grade,), limit="standard-check"),
        Step(name="send_back", title=Text("退回补正", "Return for correction"), source=(State.LODGED,),
             target=State.CORRECTING, by=OFFICER, reason=True, clock=Clock.STOPS),
        Step(name="correct", title=Text("补正", "Correct"), source=(State.CORRECTING,), target=State.LODGED, by=FIRM,
             asks=AGAIN, needs=SCORED, guards=(self_assessment_reaches_the_grade,), clock=Clock.RESUMES),
        Step(name="announce", title=Text("评审合格公示", "Announce"), source=(State.LODGED,), target=State.ANNOUNCING,
             by=OFFICER, asks=("grade", "review_score", "finding"), needs=("review_score", "finding"),
             guards=(review_reaches_the_grade,), limit="standard-announce"),
        Step(name="reject", title=Text("不予通过", "Refuse"), source=(State.LODGED, State.ANNOUNCING),
             target=State.REJECTED, by=OFFICER, reason=True),
        Step(name="register", title=Text("公告发证", "Certify"), source=(State.ANNOUNCING,), target=State.STANDING,
             by=OFFICER, asks=("announced", *GIVEN), needs=("announced",), sets=is_registered, until="valid_until",
             guards=(ends_after_today, within_the_term_of_its_kind), documents=("certificate",)),
        Step(name="renew", title=Text("申请复评", "Apply again"), source=(State.STANDING,), target=State.LODGED,
             by=ANYBODY, asks=AGAIN, needs=SCORED, guards=(self_assessment_reaches_the_grade,),
             sets=begins_anew, limit="standard-check"),
        Step(name="end", title=Text("撤销等级", "Withdraw the grade"), source=(State.STANDING,), target=State.ENDED,
             by=OFFICER, reason=True, sets=begins_anew),
    ),
)  # fmt: skip
