"""The yearly plan of inspections: whom the authority checks in a year, how many, and by when."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import COUNTED, ENGINE, INTERNAL, CaseRow, Person
from layers.catalogue.registered import BUREAU, Words
from layers.fields import Codes, Standard, Title
from layers.layer import Geometry, Layer, Theme

LAW_62 = Standard("安全生产法 第六十二条")
Days = Annotated[int | None, Field(ge=0, le=1_000_000)]


class InspectionPlan(CaseRow):
    """One plan of one authority for one year; its items are texts `no|kind|area|sector|risk|units|quarter`."""

    state: Annotated[str, Title("办理状态", "State"), Codes("plan_state")] = "drafting"
    year: Annotated[int, Title("计划年度", "Year"), LAW_62, Field(ge=2000, le=2100)]
    organ: Annotated[str, Title("编制部门", "Drawn up by"), Field(max_length=120)] = ""
    officers: Annotated[int | None, Title("行政执法人员数", "Officers of enforcement"), Field(ge=0, le=100_000)] = None
    work_days: Annotated[Days, Title("总法定工作日", "Working days in all")] = None
    check_days: Annotated[Days, Title("监督检查工作日", "Days of inspection")] = None
    other_days: Annotated[Days, Title("其他执法工作日", "Days of other enforcement")] = None
    idle_days: Annotated[Days, Title("非执法工作日", "Days of no enforcement")] = None
    basis: Annotated[Words, Title("编制依据和说明", "Basis and remarks")] = ""
    items: Annotated[
        tuple[str, ...],
        Title(
            "计划项目", "Items", Text("序号|类别|区域|行业|风险|家数|季度", "no|kind|area|sector|risk|units|quarter")
        ),
        LAW_62,
    ] = ()
    planned: Annotated[int, Title("计划检查家数", "Units planned"), Field(ge=0)] = 0
    key_share: Annotated[
        float | None, Title("重点检查占比", "Share of key inspections"), Unit("%"), Field(ge=0, le=100)
    ] = None  # fmt: skip
    share_note: Annotated[Words, Title("占比说明", "Why this share")] = ""
    drafted_by: Annotated[Person, Title("编制账号", "Account that drew it up"), INTERNAL] = ""
    opinion: Annotated[Words, Title("审核意见", "Review")] = ""
    government: Annotated[str, Title("批准机关", "Approved by"), Field(max_length=120)] = ""
    approval_no: Annotated[str, Title("批准文号", "Number of the approval"), Field(max_length=80)] = ""
    approved_on: Annotated[date | None, Title("批准日期", "Approved on")] = None
    done: Annotated[int, Title("完成检查家数", "Units checked"), Field(ge=0)] = 0
    summary: Annotated[Words, Title("执行情况", "How it was carried out")] = ""


INSPECTION_PLANS = Layer(
    id="inspection_plans",
    title=Text("年度监督检查计划", "Yearly inspection plans"),
    about=Text(
        "应急管理部门按分类分级制定、经本级人民政府批准的年度监督检查计划",
        "Yearly plans of inspection by class and grade, approved by the people's government of the level",
    ),
    record=InspectionPlan, key="code", label="title", time="opened_at", geometry=Geometry.NONE, owner=BUREAU,
    made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "organ"), counted=(*COUNTED, "year"),
    lineage=Text("编制部门填报,逐环节留痕", "Drawn up by the authority, step by step"),
)  # fmt: skip
