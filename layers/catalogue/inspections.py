"""Yearly plans of inspection, draws of units and officers by lot, the officers there are and whom they avoid."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, CaseRow, Person
from layers.catalogue.enforcement import PLAN_ITEM
from layers.catalogue.registered import BUREAU, Registered, Words
from layers.fields import Codes, Refers, Standard, Title
from layers.layer import Geometry, Layer, Theme
from layers.record import Moment, Record

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


class RandomDraw(CaseRow):
    """One draw for one item of a plan: what was asked, the seed, the hash of what it was drawn from, and who was drawn.

    Units drawn are texts `place|unit|certificate|certificate`; what it was drawn from is a file of the case.
    """

    state: Annotated[str, Title("办理状态", "State"), Codes("draw_state")] = "prepared"
    plan_item: Annotated[
        str, Title("计划项目", "Item of the plan", Text("计划编号/项目序号", "plan/number")), Field(pattern=PLAN_ITEM)
    ] = ""  # fmt: skip
    kind: Annotated[str, Title("检查类别", "Kind"), Codes("plan_kind")] = "general"
    risk: Annotated[str, Title("限定风险等级", "Risk asked for"), Codes("risk")] = ""
    units: Annotated[int, Title("抽取家数", "Units to draw"), Field(ge=1, le=500)]
    check_by: Annotated[date | None, Title("检查期限", "To be checked by")] = None
    scope: Annotated[Words, Title("检查内容", "What is checked")] = ""
    method: Annotated[str, Title("抽取方法", "Method"), Field(max_length=40)] = ""
    seed: Annotated[
        str, Title("随机种子", "Seed", Text("抽取时由系统生成", "made by the system as it draws")),
        Field(pattern=r"^([0-9a-f]{64})?$"),
    ] = ""  # fmt: skip
    inputs_hash: Annotated[
        str, Title("抽取名单哈希", "Hash of the inputs", Text("名单文件的 SHA-256", "SHA-256 of the file")),
        Field(pattern=r"^([0-9a-f]{64})?$"),
    ] = ""  # fmt: skip
    candidates: Annotated[int, Title("名单企业数", "Units listed"), Field(ge=0)] = 0
    standing: Annotated[int, Title("可抽取企业数", "Units that stood"), Field(ge=0)] = 0
    officers: Annotated[int, Title("执法人员数", "Officers listed"), Field(ge=0)] = 0
    earlier: Annotated[int, Title("此前抽取次数", "Draws before it", Text("同一计划项目", "of the same item"))] = 0
    drawn: Annotated[tuple[str, ...], Title("抽取结果", "Drawn")] = ()
    drawn_at: Annotated[Moment | None, Title("抽取时间", "Drawn at")] = None
    drawn_by: Annotated[Person, Title("抽取人", "Drawn by"), INTERNAL] = ""
    followed: Annotated[tuple[str, ...], Title("由此立项的案件", "Cases that followed")] = ()
    results_at: Annotated[Moment | None, Title("结果公开时间", "Results published at")] = None
    results: Annotated[int, Title("公开结果的企业数", "Units whose results are public"), Field(ge=0)] = 0
    results_why: Annotated[
        Words, Title("撤回公开的理由", "Why results are withdrawn", Text("向社会公开", "told to the public"))
    ] = ""


class DrawListing(Record):
    """What the public reads of one unit that was drawn and checked: when, what was looked at, what came of it."""

    code: Annotated[str, Title("检查编号", "Check"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("公示内容", "Title"), Field(min_length=1, max_length=200)]
    draw: Annotated[str, Title("抽查批次", "Draw"), Field(pattern=CASE_NO)]
    enterprise_name: Annotated[str, Title("被抽查单位", "Unit drawn"), Field(max_length=120)] = ""
    scope: Annotated[Words, Title("抽查内容", "What was checked")] = ""
    drawn_on: Annotated[date, Title("抽取日期", "Drawn on")]
    checked_on: Annotated[date | None, Title("检查日期", "Checked on")] = None
    result: Annotated[str, Title("抽查结果", "Result"), Field(max_length=200)] = ""
    published_at: Annotated[Moment, Title("公开时间", "Published at")]
    withdrawn_at: Annotated[Moment | None, Title("撤回时间", "Withdrawn at")] = None
    withdrawn_why: Annotated[Words, Title("撤回理由", "Why it was withdrawn")] = ""
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises"), INTERNAL] = ""


class Enforcer(Registered):
    """An officer of enforcement, by the certificate; the title is the name."""

    state: Annotated[str, Title("登记状态", "State"), Codes("register_state")] = "standing"
    sectors: Annotated[
        tuple[str, ...], Title("执法行业", "Industries", Text("不填为各行业", "left out: all")), Codes("sector")
    ] = ()
    unit: Annotated[str, Title("所在机构", "Works at"), Field(max_length=120)] = ""
    account: Annotated[
        Person, Title("登录账号", "Account", Text("本人办理检查的账号", "by which the officer takes steps")), INTERNAL
    ] = ""


class Avoidance(Registered):
    """An officer who stays away from an enterprise, and why."""

    state: Annotated[str, Title("登记状态", "State"), Codes("register_state")] = "standing"
    officer_no: Annotated[str, Title("执法证号", "Certificate"), INTERNAL, Field(max_length=40)] = ""
    avoided: Annotated[
        str, Title("回避单位代码", "Unit", Text("不向该单位公开", "the unit itself does not read it")), INTERNAL,
        Field(max_length=18),
    ] = ""  # fmt: skip
    relation: Annotated[str, Title("回避情形", "Why"), Codes("avoidance_kind"), INTERNAL] = "relative"
    note: Annotated[Words, Title("情况说明", "In words"), INTERNAL] = ""


RANDOM_DRAWS = Layer(
    id="random_draws", title=Text("双随机抽取", "Double-random draws"), record=RandomDraw, key="code", label="title",
    about=Text(
        "按风险权重随机抽取企业和执法人员,种子和名单留存,可复算",
        "Units and officers drawn by lot and weight; seed and list are kept, so that it can be done again",
    ),
    time="opened_at", geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL, search=("code", "title"), counted=(*COUNTED, "plan_item"),
    lineage=Text("由系统按公开的方法抽取", "Drawn by the system, by a published method"),
)  # fmt: skip

DRAW_LISTINGS = Layer(
    id="draw_listings", title=Text("双随机抽查结果公示", "Results of draws published"), record=DrawListing, key="code",
    about=Text(
        "随机抽取的企业检查之后向社会公开的结果",
        "What came of the checks of units drawn, told to the public after them",
    ),
    label="title", time="published_at", geometry=Geometry.NONE, owner=BUREAU,
    made_by=Text("公开、撤回时由办理引擎写入", "the casework engine, on publishing and withdrawing"),
    theme=Theme.SUPERVISION, shared=True, search=("code", "enterprise_name", "draw"),
    lineage=Text("按检查实际办理情况公开", "As the checks were carried out"),
)  # fmt: skip

ENFORCERS = Layer(
    id="enforcers", title=Text("执法人员", "Officers of enforcement"), record=Enforcer, key="code", label="title",
    about=Text("持执法证的人员及其区域和行业", "Officers with a certificate, their areas and industries"),
    geometry=Geometry.NONE, owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "number"), counted=COUNTED, lineage=Text("监管部门登记维护", "Kept by the authority"),
)  # fmt: skip

AVOIDANCES = Layer(
    id="avoidances", title=Text("执法回避", "Avoidances"), record=Avoidance, key="code", label="title",
    about=Text("执法人员应当回避的企业", "Enterprises that officers stay away from"), geometry=Geometry.NONE,
    owner=BUREAU, made_by=ENGINE, theme=Theme.SUPERVISION, sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name"), counted=COUNTED,
    lineage=Text("执法人员申报或监管部门登记", "Declared by officers or entered by the authority"),
)  # fmt: skip
