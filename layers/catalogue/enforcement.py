"""On-site checks of enterprises: what was looked at, what was found, what was ordered and whether it was done."""

from datetime import date
from typing import Annotated

from pydantic import Field

from core.scope import Sensitivity
from core.texts import Text
from core.units import Unit
from layers.catalogue.casework import CASE_NO, COUNTED, ENGINE, INTERNAL, Person
from layers.catalogue.coercion import Seizure
from layers.catalogue.inquiries import Inquiry
from layers.fields import Codes, Refers, Standard, Title
from layers.layer import Geometry, Layer, Style, Theme
from layers.precision import BLOCK, Precision
from layers.record import Moment, Record

SAFETY = Standard("安全生产法 第六十五条")
PENALTY_LAW = Standard("行政处罚法 第四十二条")
SAFETY_78 = Standard("安全生产法 第七十八条")
DISCLOSURE = Standard("政府信息公开条例 第十五条")
PENALTY_LAW_44 = Standard("行政处罚法 第四十四条")
PENALTY_LAW_61 = Standard("行政处罚法 第六十一条")
SERVED_NOTE = Text(
    "留置的写明拒收情况和见证人,电子送达的写明确认书,公告的写明公告方式和期满日期",
    "who witnessed a refusal, the consent to electronic service, where and until when a public notice stood",
)
Place = Annotated[str, Field(max_length=200)]
PENALTY_LAW_56 = Standard("行政处罚法 第五十六条")
PENALTY_LAW_66 = Standard("行政处罚法 第六十六条")
PENALTY_LAW_59 = Standard("行政处罚法 第五十九条")
OWNER = Text("应急管理局", "Emergency management bureau")
Words = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0)]
PLAN_ITEM = r"^([A-Z]{2}[0-9]{4}-[0-9]{6}/[0-9]{2})?$"
Certificate = Annotated[str, Field(max_length=40)]


class SiteCheck(Seizure):
    """One on-site check: plan, visit, items, signature, order to rectify and its recheck."""

    state: Annotated[str, Title("办理状态", "State"), Codes("check_state")] = "planned"
    kind: Annotated[str, Title("检查类别", "Kind"), Codes("check_kind")] = "plan"
    draw: Annotated[
        str, Title("抽查批次", "Draw", Text("双随机抽取的由抽取写入", "written by the draw")), Field(max_length=40)
    ] = ""
    plan_item: Annotated[
        str, Title("计划项目", "Item of the plan", Text("计划编号/项目序号", "plan/number")), Field(pattern=PLAN_ITEM)
    ] = ""
    check_by: Annotated[date | None, Title("检查期限", "To be checked by")] = None
    planned_at: Annotated[Moment | None, Title("检查方案制定时间", "Inspection plan made at")] = None
    scope: Annotated[Words, Title("检查内容", "What is checked")] = ""
    lead: Annotated[Person, Title("主办执法人员", "Officer in charge"), INTERNAL, PENALTY_LAW] = ""
    lead_no: Annotated[Certificate, Title("主办执法证号", "Certificate of the officer in charge"), INTERNAL] = ""
    second: Annotated[Person, Title("协办执法人员", "Second officer"), INTERNAL, PENALTY_LAW] = ""
    second_no: Annotated[Certificate, Title("协办执法证号", "Certificate of the second officer"), INTERNAL] = ""
    arrived_at: Annotated[Moment | None, Title("到场时间", "Arrived at")] = None
    distance: Annotated[
        float | None,
        Title("到场位置距企业登记位置", "From the registered place", Text("按取得的位置计算", "of the position told")),
        Unit("m"), Field(ge=0),
    ] = None  # fmt: skip
    fix_accuracy: Annotated[
        float | None,
        Title("定位精度", "Accuracy of the position", Text("由本机定位时取得", "as the device told it")),
        Unit("m"), Field(ge=0),
    ] = None  # fmt: skip
    items: Annotated[
        tuple[str, ...], Title("检查项目", "Items", Text("每项:编号|结果|说明", "each: id|result|note")), SAFETY
    ] = ()
    conforming: Annotated[Count, Title("符合项数", "Items that conform")] = 0
    failing: Annotated[Count, Title("不符合项数", "Items that do not conform")] = 0
    findings: Annotated[Words, Title("检查情况", "What was found"), SAFETY] = ""
    party: Annotated[Person, Title("被检查单位现场负责人", "Person met at the enterprise"), INTERNAL] = ""
    recorded_by: Annotated[Person, Title("记录账号", "Account that wrote the record"), INTERNAL] = ""
    recorded_at: Annotated[Moment | None, Title("记录时间", "Recorded at")] = None
    photos: Annotated[
        tuple[str, ...], Title("现场照片", "Photographs", Text("照片文件的 SHA-256", "SHA-256 of each file"))
    ] = ()  # fmt: skip
    signature: Annotated[str, Title("签字情况", "Signature"), Codes("check_signature")] = ""
    party_signature: Annotated[
        str, Title("当事人手写签名", "Signature of the party", Text("在屏幕上签写的笔画", "drawn on the screen")),
        INTERNAL, Field(max_length=20_000, pattern=r"^[0-9,; ]*$"),
    ] = ""  # fmt: skip
    left_at: Annotated[
        Moment | None, Title("离开时间", "Left at", Text("不填时取签字时间", "left out: the time of the signature"))
    ] = None  # fmt: skip
    signature_note: Annotated[Words, Title("拒签或缺席情况说明", "Why there is no signature")] = ""
    signed_at: Annotated[Moment | None, Title("签字确认时间", "Signed at")] = None
    record_hash: Annotated[
        str, Title("检查记录哈希", "Hash of the record", Text("签字后不再改动", "fixed once signed")),
        Field(pattern=r"^([0-9a-f]{64})?$"),
    ] = ""  # fmt: skip
    on_spot: Annotated[Words, Title("现场处理措施", "Measures on the spot"), SAFETY] = ""
    order: Annotated[Words, Title("责令整改内容", "What was ordered"), SAFETY] = ""
    mend_by: Annotated[date | None, Title("整改期限", "To be mended by"), SAFETY] = None
    served_on: Annotated[date | None, Title("指令书送达日期", "Order served on")] = None
    served_how: Annotated[str, Title("送达方式", "How it was served"), Codes("service_way")] = ""
    served_to: Annotated[Person, Title("收件人", "Who received it"), INTERNAL] = ""
    served_place: Annotated[Place, Title("送达地点", "Where it was served")] = ""
    served_note: Annotated[Words, Title("送达备注", "Remarks on the service", SERVED_NOTE)] = ""
    mended: Annotated[Words, Title("整改情况", "What was done")] = ""
    mended_by: Annotated[Person, Title("整改完成申报账号", "Account that reported it mended"), INTERNAL] = ""
    recheck: Annotated[Words, Title("复查意见", "Finding of the recheck")] = ""
    rechecks: Annotated[Count, Title("复查次数", "Rechecks")] = 0
    danger_title: Annotated[str, Title("隐患名称", "Danger"), Field(max_length=100)] = ""
    danger_place: Annotated[str, Title("隐患部位", "Where in the works"), Field(max_length=200)] = ""
    followed: Annotated[tuple[str, ...], Title("由此立项的案件", "Cases that followed")] = ()
    from_case: Annotated[str, Title("来源案件", "Followed from"), Field(max_length=20)] = ""


SITE_CHECKS = Layer(
    id="site_checks",
    title=Text("现场检查", "On-site checks"),
    about=Text(
        "监管部门对企业的现场检查、责令限期整改和复查", "Checks of enterprises on site, orders to rectify, rechecks"
    ),
    record=SiteCheck,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name"),
    counted=(*COUNTED, "kind", "plan_item", "draw"),
    style=Style(symbol="check"),
    lineage=Text("执法人员现场记录,逐环节留痕", "Recorded on site by officers, step by step"),
)


Money = Annotated[float | None, Unit("CNY")]


class Penalty(Inquiry):
    """One penalty case: facts and basis, what the party was told and said, the decision, its service and payment."""

    state: Annotated[str, Title("办理状态", "State"), Codes("penalty_state")] = "opened"
    party: Annotated[str, Title("被处罚人类别", "Who is penalised"), Codes("penalty_party")] = "unit"
    person: Annotated[Person, Title("被处罚个人姓名", "Person penalised"), INTERNAL] = ""
    facts: Annotated[Words, Title("违法事实", "Facts")] = ""
    evidence: Annotated[Words, Title("证据", "Evidence")] = ""
    violated: Annotated[
        str, Title("违反的规定", "Provision violated", Text("法律、法规、规章及条款", "law and article")),
        PENALTY_LAW_59, Field(max_length=300),
    ] = ""  # fmt: skip
    basis: Annotated[str, Title("处罚依据", "Basis"), Codes("penalty_basis")] = ""
    kinds: Annotated[tuple[str, ...], Title("处罚种类", "Kinds of penalty"), Codes("penalty_kind")] = ()
    amount: Annotated[Money, Title("拟处罚款数额", "Fine proposed"), Field(ge=0)] = None
    details: Annotated[
        Words, Title("其他处罚的具体内容", "What the other penalties are in this case",
                     Text("没收的财物和数额、停业的范围和期限等", "what is confiscated, what is stopped and how long")),
    ] = ""  # fmt: skip
    discretion: Annotated[Words, Title("裁量理由", "Why this amount")] = ""
    lead: Annotated[Person, Title("主办执法人员", "Officer in charge"), INTERNAL, PENALTY_LAW] = ""
    lead_no: Annotated[Certificate, Title("主办执法证号", "Certificate of the officer in charge"), INTERNAL] = ""
    second: Annotated[Person, Title("协办执法人员", "Second officer"), INTERNAL, PENALTY_LAW] = ""
    second_no: Annotated[Certificate, Title("协办执法证号", "Certificate of the second officer"), INTERNAL] = ""
    complex: Annotated[bool, Title("重大、疑难、复杂案件", "Grave, difficult or complex")] = False
    investigated_by: Annotated[Person, Title("调查账号", "Account that investigated"), INTERNAL] = ""
    filed_at: Annotated[Moment | None, Title("立案时间", "Filed at")] = None
    told_at_law: Annotated[Moment | None, Title("告知时间", "Told at")] = None
    decide_by: Annotated[date | None, Title("决定期限", "To be decided by"), Standard("行政处罚法 第六十条")] = None
    extended: Annotated[bool, Title("已延长办案期限", "Time to decide was extended")] = False
    extend_to: Annotated[date | None, Title("延长至", "Extended to")] = None
    extend_why: Annotated[Words, Title("延长理由", "Why more time is needed")] = ""
    extend_rule: Annotated[
        str, Title("延长依据", "Rule that allows it", Text("写明规章和条款", "rule and article")), Field(max_length=200)
    ] = ""
    extend_by: Annotated[Person, Title("批准延长的负责人", "Who approved more time"), INTERNAL] = ""
    held: Annotated[Words, Title("先行登记保存的证据", "Evidence held"), PENALTY_LAW_56] = ""
    held_place: Annotated[Place, Title("证据保存地点", "Where it is held")] = ""
    held_approver: Annotated[Person, Title("批准保存的负责人", "Who approved the holding"), INTERNAL] = ""
    held_at: Annotated[Moment | None, Title("登记保存时间", "Held at"), PENALTY_LAW_56] = None
    held_until: Annotated[date | None, Title("证据处理期限", "Evidence to be decided on by"), PENALTY_LAW_56] = None
    held_outcome: Annotated[Words, Title("证据处理决定", "What was decided on the evidence")] = ""
    released_at: Annotated[Moment | None, Title("证据处理时间", "Evidence decided on at")] = None
    notice_on: Annotated[date | None, Title("告知书送达日期", "Notice served on"), PENALTY_LAW_44] = None
    notice_how: Annotated[str, Title("告知书送达方式", "How the notice was served"), Codes("service_way")] = ""
    notice_to: Annotated[Person, Title("告知书收件人", "Who received the notice"), INTERNAL] = ""
    notice_place: Annotated[Place, Title("告知书送达地点", "Where the notice was served")] = ""
    notice_note: Annotated[Words, Title("告知书送达备注", "Remarks on the service of the notice")] = ""
    hear_by: Annotated[
        date | None, Title("陈述申辩、要求听证期限至", "May be heard until", Text("自送达之日起算", "from service")),
        Standard("行政处罚法 第六十四条"),
    ] = None  # fmt: skip
    told_amount: Annotated[Money, Title("告知的罚款数额", "Fine told"), Field(ge=0)] = None
    hearing_right: Annotated[bool, Title("有权要求听证", "May ask for a hearing")] = False
    statement: Annotated[Words, Title("陈述申辩意见", "Statement and defence")] = ""
    considered: Annotated[Words, Title("陈述申辩复核意见", "How the statement was considered")] = ""
    waived: Annotated[bool, Title("书面放弃陈述申辩和听证", "Statement and hearing waived in writing")] = False
    hearing_on: Annotated[date | None, Title("听证日期", "Hearing on")] = None
    hearing_place: Annotated[str, Title("听证时刻和地点", "Hour and place of the hearing"), Field(max_length=120)] = ""
    hearing_by: Annotated[Person, Title("听证主持人", "Who holds the hearing"), INTERNAL] = ""
    hearing_held: Annotated[Words, Title("听证意见", "Finding of the hearing")] = ""
    hearing_report: Annotated[Words, Title("听证报告", "Report of the hearing")] = ""
    reviewed: Annotated[Words, Title("法制审核意见", "Legal review")] = ""
    discussed: Annotated[Words, Title("集体讨论意见", "Collective discussion")] = ""
    decided_at: Annotated[Moment | None, Title("决定时间", "Decided at")] = None
    simple: Annotated[bool, Title("当场处罚", "Decided on the spot")] = False
    served_on: Annotated[date | None, Title("送达日期", "Served on"), PENALTY_LAW_61] = None
    served_how: Annotated[str, Title("送达方式", "How it was served"), Codes("service_way"), PENALTY_LAW_61] = ""
    served_to: Annotated[Person, Title("收件人", "Who received it"), INTERNAL] = ""
    served_place: Annotated[Place, Title("送达地点", "Where it was served")] = ""
    served_note: Annotated[Words, Title("送达备注", "Remarks on the service", SERVED_NOTE)] = ""
    pay_by: Annotated[date | None, Title("缴款期限", "To be paid by")] = None
    delay_why: Annotated[Words, Title("延期分期缴纳理由", "Why it should be paid later"), PENALTY_LAW_66] = ""
    instalments: Annotated[
        tuple[str, ...], Title("分期缴纳安排", "Parts", Text("每行:日期|数额", "each: day|amount")), PENALTY_LAW_66
    ] = ()
    delay_to: Annotated[date | None, Title("延期(最后一期)至", "Put off to"), PENALTY_LAW_66] = None
    correction: Annotated[Words, Title("补正内容", "What is put right")] = ""
    corrected_at: Annotated[Moment | None, Title("补正时间", "Put right at")] = None
    revoked_why: Annotated[Words, Title("撤销理由", "Why it is revoked", Text("向社会公开", "told to the public"))] = ""
    reopened_at: Annotated[Moment | None, Title("归档后重新审查时间", "Taken up again at")] = None
    transfer_to: Annotated[str, Title("接受移送的机关", "Transferred to"), Field(max_length=120)] = ""
    transfer_list: Annotated[
        tuple[str, ...], Title("移送的材料", "What is handed over", Text("每行一项", "a line each"))
    ] = ()
    transfer_by: Annotated[Person, Title("批准移送的负责人", "Who approved the transfer"), INTERNAL] = ""
    revoked_at: Annotated[Moment | None, Title("撤销时间", "Revoked at")] = None
    suspended: Annotated[Count, Title("复议诉讼期间天数", "Days of review or suit")] = 0
    suspended_from: Annotated[date | None, Title("复议诉讼开始日期", "Review or suit from")] = None
    suspended_to: Annotated[date | None, Title("复议诉讼结束日期", "Review or suit until")] = None
    urged: Annotated[bool, Title("已催缴", "Reminded to pay")] = False
    paid_on: Annotated[date | None, Title("缴清日期", "Paid on")] = None
    paid: Annotated[Money, Title("已缴罚款", "Fine paid"), Field(ge=0)] = None
    paid_late: Annotated[Money, Title("已缴加处罚款", "Surcharge paid"), Field(ge=0)] = None
    late_why: Annotated[Words, Title("未按规定加处罚款的理由", "Why the surcharge differs")] = ""
    executed: Annotated[Words, Title("其他处罚执行情况", "How the rest was carried out")] = ""
    decision_no: Annotated[
        str, Title("决定书文号", "Number of the decision", Text("印发决定书时写入", "written as it is issued")),
        Field(max_length=80),
    ] = ""  # fmt: skip
    decided_by: Annotated[str, Title("作出决定的机关", "Decided by"), Field(max_length=80)] = ""
    public_summary: Annotated[
        str, Title("公开的违法事实", "Facts as published", Text("不写个人姓名、证件号和电话", "no person is named")),
        Field(max_length=400), DISCLOSURE,
    ] = ""  # fmt: skip
    published_at: Annotated[Moment | None, Title("公开时间", "Published at"), SAFETY_78] = None
    published_late: Annotated[bool, Title("逾期公开", "Published late"), SAFETY_78] = False
    public_until: Annotated[date | None, Title("公示期至", "Shown to the public until")] = None
    archive_no: Annotated[str, Title("案卷号", "File number"), Field(max_length=60)] = ""
    file_term: Annotated[
        str, Title("保管期限", "Term of retention", Text("按本机关档案规定填写", "by the organ's own rules")),
        Field(max_length=40),
    ] = ""  # fmt: skip
    from_case: Annotated[str, Title("来源案件", "Followed from"), Field(max_length=20)] = ""


PENALTIES = Layer(
    id="penalties",
    title=Text("行政处罚案件", "Penalty cases"),
    about=Text("安全生产行政处罚案件的立案、调查、告知、决定和执行", "Penalty cases from filing to the archive"),
    record=Penalty,
    key="code",
    label="title",
    time="opened_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=ENGINE,
    theme=Theme.SUPERVISION,
    sensitivity=Sensitivity.INTERNAL,
    search=("code", "title", "enterprise_name"),
    counted=(*COUNTED, "decided_at"),
    style=Style(symbol="penalty"),
    lineage=Text("执法人员立案登记,逐环节留痕", "Filed by officers, step by step"),
)


class PenaltyListing(Record):
    """A decision as the public is told of it: of a person no more than the family name, and neither firm nor place."""

    code: Annotated[str, Title("案件编号", "Number"), Field(pattern=CASE_NO)]
    title: Annotated[str, Title("公示内容", "Title"), Field(min_length=1, max_length=200)]
    party: Annotated[str, Title("当事人类别", "Kind of party"), Codes("penalty_party")] = "unit"
    party_name: Annotated[
        str, Title("当事人", "Party", Text("个人只公开姓氏", "of a person the family name alone")), DISCLOSURE,
        Field(max_length=120),
    ] = ""  # fmt: skip
    decision_no: Annotated[str, Title("决定书文号", "Number of the decision"), Field(max_length=80)] = ""
    organ: Annotated[str, Title("作出决定的机关", "Decided by"), Field(max_length=80)] = ""
    decided_on: Annotated[date, Title("决定日期", "Decided on")]
    summary: Annotated[str, Title("违法事实", "Facts"), Field(max_length=400)] = ""
    violated: Annotated[str, Title("违反的规定", "Provision violated"), Field(max_length=300)] = ""
    basis: Annotated[str, Title("处罚依据", "Basis"), Codes("penalty_basis")] = ""
    kinds: Annotated[tuple[str, ...], Title("处罚种类", "Kinds of penalty"), Codes("penalty_kind")] = ()
    amount: Annotated[Money, Title("罚款数额", "Fine"), Field(ge=0)] = None
    published_at: Annotated[Moment, Title("公开时间", "Published at"), SAFETY_78]
    public_until: Annotated[date | None, Title("公示期至", "Shown until")] = None
    withdrawn_at: Annotated[Moment | None, Title("撤回时间", "Withdrawn at")] = None
    withdrawn_why: Annotated[str, Title("撤回理由", "Why it was withdrawn"), Field(max_length=400)] = ""
    enterprise: Annotated[str, Title("企业代码", "Enterprise"), Refers("enterprises"), INTERNAL] = ""


PENALTY_LISTINGS = Layer(
    id="penalty_listings",
    title=Text("行政处罚公示", "Penalties published"),
    about=Text("公示期内的安全生产行政处罚决定", "Decisions on penalties while they are shown to the public"),
    record=PenaltyListing,
    key="code",
    label="title",
    time="published_at",
    geometry=Geometry.POINT,
    owner=OWNER,
    made_by=Text("公开、撤回、期满时由办理引擎写入", "the casework engine, on publishing, withdrawing and in time"),
    theme=Theme.SUPERVISION,
    shared=True,
    search=("code", "title", "party_name", "decision_no"),
    style=Style(symbol="penalty"),
    lineage=Text("依《安全生产法》第七十八条公开", "Published under article 78 of the Work Safety Law"),
    precision=Precision(
        metres=BLOCK,
        reason=Text("公示到单位,不公开确切点位", "The firm is named; its exact spot is not needed"),
    ),
)
