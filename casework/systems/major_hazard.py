"""Major hazard sources: filed after an assessment, with the numbers of GB 18218, reviewed in three years, noted off."""

from datetime import datetime, time
from typing import Any

from casework.casetype import CaseType, Copied, Document
from casework.engine import Asked
from casework.registering import Registration, office_checks, register_steps
from casework.reminders import ladders
from casework.terms import local_day
from core.clock import CHINA
from core.texts import Text
from layers.catalogue.hazardfilings import HAZARD_FILINGS, HazardFiling
from layers.catalogue.hazards import HAZARD_SOURCES

ASKS = ("title", "hazard", "enterprise", "assessed_on", "assessor")
Given = Asked[HazardFiling]


def reaches_the_threshold(asked: Given) -> Text | None:
    """A source is major where S of GB 18218 is 1 or more, and is graded by R."""
    row = asked.row
    if row.s_value is None or row.r_value is None:
        return Text("危险源尚未按 GB 18218 辨识分级(缺 S 值或 R 值)", "the source has no S or R of GB 18218 yet")
    if row.s_value >= 1:
        return None
    return Text(f"S 值 {row.s_value:g} 小于 1,不构成重大危险源", f"S is {row.s_value:g}, below 1: it is none")


def assessed_in_time(asked: Given) -> Text | None:
    """An assessment lies behind, and is not so old that the review is due."""
    row, today = asked.row, local_day(asked.at)
    if row.assessed_on is None:
        return None
    if row.assessed_on > today:
        return Text("评估日期不能晚于今天", "it cannot have been assessed later than today")
    if asked.ends("hazard-valid", _morning(row)) > asked.at:
        return None
    return Text("评估已满三年,须重新评估", "the assessment is three years old: assess it again")


def notes_late_filing(asked: Given) -> dict[str, Any]:
    """Whether it was filed later than the rule has it after the assessment; a late one is taken and marked."""
    late = asked.row.assessed_on is not None and asked.at > asked.ends("hazard-lodge", _morning(asked.row))
    return {"late": late}


def _morning(row: HazardFiling) -> datetime:
    assert row.assessed_on is not None
    return datetime.combine(row.assessed_on, time(9), CHINA)


MAJOR_HAZARD = CaseType(
    id="major-hazard",
    title=Text("重大危险源管理", "Major hazards"),
    about=Text(
        "评估后备案,级别取 GB 18218 辨识分级结果,三年复评,不再构成的核销",
        "Filed after an assessment with its grade by GB 18218, reviewed in three years, noted off when it is none",
    ),
    register=HAZARD_FILINGS,
    states=Registration,
    start=Registration.LODGED,
    standing=(Registration.STANDING,),
    final=(Registration.ENDED, Registration.REJECTED),
    numbering="WY",
    law=Text("《危险化学品重大危险源监督管理暂行规定》(原安监总局令第40号,未核对原文)", "Order 40 (text not at hand)"),
    turn=office_checks,
    documents=(Document(id="receipt", title=Text("重大危险源备案登记表", "Receipt of the filing")),),
    reminders=ladders()["register"],
    copied=Copied(
        field="hazard", layer=HAZARD_SOURCES,
        into=(
            ("enterprise", "enterprise"), ("name", "hazard_name"), ("main_chemical", "main_chemical"),
            ("s_value", "s_value"), ("r_value", "r_value"), ("grade", "grade"), ("geometry", "geometry"),
            ("exposed_people", "exposed_people"),
        ),
    ),
    steps=register_steps(
        ASKS, ("title", "hazard", "assessed_on"), guards=(reaches_the_threshold, assessed_in_time),
        lodges=notes_late_filing, checks=("checked",), checked=(reaches_the_threshold, assessed_in_time),
        papers=("receipt",), end_files=1,
        words=(Text("申报备案", "File"), Text("准予备案", "Accept the filing"), Text("核销", "Note off")),
    ),
)  # fmt: skip
