"""The papers of penalties, from the filing of the case to its closing."""

from collections.abc import Sequence

from docx.document import Document as Made

from scripts.forms.layout import line, listed, only_if, say, signed, started, table

WIDTHS = (45, 113)
PARTY = (
    ("当事人", "{{ party }}"),
    ("统一社会信用代码", "{{ party_code }}"),
    ("地址", "{{ address }}"),
    ("法定代表人（负责人）", "{{ head }}"),
)
PERSON = (("当事人", "{{ party }}"), ("所在单位", "{{ enterprise_name }}"), ("单位地址", "{{ address }}"))
SUIT = (
    "如果不服本决定，可以自收到本决定书之日起{{ review_days }}日内向{{ review_organ }}申请行政复议，或者在{{ suit_months }}个月内依法"
    "向{{ court }}提起行政诉讼。复议、诉讼期间本决定不停止执行，法律另有规定的除外。"
)
DEFENCE = (
    "你（单位）有权进行陈述和申辩，可以自收到本告知书之日起{{ hearing_days }}个工作日内向本机关提出。期限届满前，除你（单位）书面放弃外，"
    "本机关不作出处罚决定。本机关不因陈述、申辩而给予更重的处罚。"
)
BREACH = "上述行为违反了{{ violated }}的规定。"


def approval(title: str, rows: Sequence[Sequence[str]]) -> Made:
    """A table that stays with the organ: what the case is, what is proposed, who approved it."""
    form = started(title)
    head = [["案件编号", "{{ case_no }}"], ["案由", "{{ case_title }}"], *(list(one) for one in PARTY)]
    tail = [["承办人", "{{ officers }}"], ["审批人", "{{ handled_by }}"], ["审批日期", "{{ date }}"]]
    table(form, [*head, *(list(one) for one in rows), *tail], WIDTHS)
    line(form, "")
    signed(form, kept=True)
    return form


def addressed(title: str, *, person: bool | None = None) -> Made:
    """Begin a paper to the party: as a table where it is one kind of party's own."""
    form = started(title)
    if person is None:
        line(form, "{{ party }}：", after=4)
    else:
        table(form, [list(one) for one in (PERSON if person else PARTY)], WIDTHS)
        line(form, "")
    return form


def case_filing() -> Made:
    """立案审批表."""
    return approval(
        "立案审批表",
        [
            ["案件来源", "{{ came_from }}"],
            ["案情摘要", "{{ facts }}"],
            ["立案依据", "{{ law }}"],
            ["承办意见", "涉嫌违反安全生产有关规定，依法应当给予行政处罚，建议立案调查。"],
            ["审批意见", "同意立案。自立案之日起{{ decide_days }}日内作出处罚决定，期限至{{ until }}。"],
        ],
    )


def penalty_notice() -> Made:
    """行政处罚告知书."""
    form = addressed("行政处罚告知书")
    say(form, "经查，你（单位）有下列行为：{{ facts }}", "以上事实有下列证据证实：{{ evidence }}", BREACH)
    only_if(form, "discretion", "裁量理由：{{ discretion }}")
    say(form, "{% if grounds %}依据{{ grounds }}的规定，{% endif %}拟对你（单位）作出以下行政处罚：")
    listed(form, "penalties")
    say(form, "依据{{ law }}的规定，现予告知。" + DEFENCE)
    only_if(form, "hearing_told", "你（单位）有权要求听证，详见同时送达的听证告知书。")
    signed(form, "执法人员：{{ officers }}", "当事人（签名）：{{ party }}")
    return form


def hearing_right() -> Made:
    """听证告知书."""
    form = addressed("听证告知书")
    say(form, "经查，你（单位）有下列行为：{{ facts }}", BREACH, "本机关拟对你（单位）作出以下行政处罚：")
    listed(form, "penalties")
    say(
        form,
        "依据《行政处罚法》第六十三条、第六十四条的规定，你（单位）有权要求听证。要求听证的，应当自收到本告知书之日起{{ hearing_days }}个"
        "工作日内向本机关提出。听证费用由本机关承担。",
    )
    signed(form, "执法人员：{{ officers }}", "当事人（签名）：{{ party }}")
    return form


def statement_record() -> Made:
    """当事人陈述申辩笔录."""
    form = addressed("当事人陈述申辩笔录")
    table(
        form,
        [
            ["案件编号", "{{ case_no }}"],
            ["案由", "{{ case_title }}"],
            ["记录时间", "{{ date }}"],
            ["记录人", "{{ handled_by }}"],
        ],
        WIDTHS,
    )
    say(form, "陈述申辩的内容：", "{{ statement }}", "以上内容经当事人核对无误。")
    signed(form, "陈述申辩人（签名）：", "记录人（签名）：{{ handled_by }}")
    return form


def hearing_notice() -> Made:
    """听证会通知书."""
    form = addressed("听证会通知书")
    say(
        form,
        "根据你（单位）的要求，本机关决定就“{{ case_title }}”一案于{{ hearing_on }}{{ hearing_place }}举行听证。",
        "本次听证由{{ hearing_by }}主持，除涉及国家秘密、商业秘密或者个人隐私依法予以保密外公开举行。",
        "你（单位）可以亲自参加，也可以委托一至二人代理；认为主持人与本案有直接利害关系的，有权申请回避。无正当理由拒不出席或者未经许可中途"
        "退出的，视为放弃听证权利。",
    )
    signed(form, "经办人：{{ handled_by }}")
    return form


def hearing_record() -> Made:
    """听证笔录."""
    form = started("听证笔录")
    table(
        form,
        [
            ["案件编号", "{{ case_no }}"],
            ["案由", "{{ case_title }}"],
            ["当事人", "{{ party }}"],
            ["听证时间、地点", "{{ hearing_on }}{{ hearing_place }}"],
            ["听证主持人", "{{ hearing_by }}"],
            ["调查人员", "{{ officers }}"],
        ],
        WIDTHS,
    )
    say(form, "调查人员提出的违法事实：{{ facts }}", "证据：{{ evidence }}", "处罚建议：")
    listed(form, "penalties")
    say(form, "听证情况和意见：{{ hearing_held }}", "以上笔录经当事人或者其代理人核对无误。")
    signed(form, "当事人或者代理人（签名）：", "听证主持人（签名）：{{ hearing_by }}")
    return form


def case_approval() -> Made:
    """案件处理呈批表."""
    return approval(
        "案件处理呈批表",
        [
            ["违法事实", "{{ facts }}"],
            ["证据", "{{ evidence }}"],
            ["违反的规定", "{{ violated }}"],
            ["处罚依据", "{{ grounds }}"],
            ["拟处罚", "{{ penalties_line }}"],
            ["裁量理由", "{{ discretion }}"],
            ["陈述申辩意见", "{{ statement }}"],
            ["复核意见", "{{ considered }}"],
        ],
    )


def panel_record() -> Made:
    """行政处罚集体讨论记录."""
    form = started("行政处罚集体讨论记录")
    table(
        form,
        [
            ["案件编号", "{{ case_no }}"],
            ["案由", "{{ case_title }}"],
            ["当事人", "{{ party }}"],
            ["讨论日期", "{{ date }}"],
            ["承办人", "{{ officers }}"],
            ["记录人", "{{ handled_by }}"],
        ],
        WIDTHS,
    )
    say(form, "违法事实：{{ facts }}", "拟处罚：{{ penalties_line }}")
    only_if(form, "reviewed", "法制审核意见：{{ reviewed }}")
    say(form, "讨论意见：{{ discussed }}")
    signed(form, "参加人员（签名）：", kept=True)
    return form


def spot_penalty(*, person: bool) -> Made:
    """行政(当场)处罚决定书."""
    form = addressed(f"行政（当场）处罚决定书（{'个人' if person else '单位'}）", person=person)
    say(form, "经查，你（单位）有下列违法行为：{{ facts }}", "证据：{{ evidence }}", BREACH)
    say(form, "{% if grounds %}依据{{ grounds }}和{% else %}依据{% endif %}{{ law }}的规定，当场决定给予以下行政处罚：")
    listed(form, "penalties")
    paying(form)
    say(form, "执法人员已出示执法证件，告知你（单位）违法事实、理由、依据和陈述申辩权利，并当场交付本决定书。", SUIT)
    signed(form, "执法人员（签名）：{{ officers }}", "当事人（签名）：{{ party }}")
    return form


def penalty(*, person: bool) -> Made:
    """行政处罚决定书."""
    form = addressed(f"行政处罚决定书（{'个人' if person else '单位'}）", person=person)
    say(form, "经查，你（单位）有下列违法行为：{{ facts }}", "以上事实有下列证据证实：{{ evidence }}", BREACH)
    only_if(form, "statement", "你（单位）陈述申辩：{{ statement }}", "本机关复核意见：{{ considered }}")
    only_if(form, "hearing_held", "本机关于{{ hearing_on }}举行了听证。")
    only_if(form, "discretion", "裁量理由：{{ discretion }}")
    say(form, "{% if grounds %}依据{{ grounds }}的规定，{% endif %}决定给予以下行政处罚：")
    listed(form, "penalties")
    paying(form)
    say(form, SUIT)
    signed(form)
    return form


def paying(form: Made) -> None:
    """How and until when a fine is paid (articles 67 and 72)."""
    only_if(
        form,
        "amount",
        "请自收到本决定书之日起{{ pay_days }}日内，到指定的银行或者通过电子支付系统缴纳罚款。到期不缴纳的，每日按罚款数额的"
        "{{ late_percent }}加处罚款，加处罚款的数额不超出罚款的数额。",
    )


def payment_reminder() -> Made:
    """罚款催缴通知书."""
    form = addressed("罚款催缴通知书")
    say(
        form,
        "本机关于{{ decided_on }}对你（单位）作出{{ decision }}{% if decision_number %}（{{ decision_number }}）{% endif %}，"
        "处罚款{{ amount }}元，该决定已于{{ served_on }}送达，缴款期限至{{ pay_by }}。",
        "{{ owed_now }}",
        "请立即到指定的银行或者通过电子支付系统缴纳。逾期仍不缴纳的，本机关将依法申请人民法院强制执行。你（单位）有权陈述和申辩。",
    )
    signed(form, "经办人：{{ handled_by }}")
    return form


def enforcement_request() -> Made:
    """强制执行申请书."""
    form = started("强制执行申请书")
    line(form, "{{ court }}：", after=4)
    table(form, [["申请人", "{{ organ }}"], ["被申请人", "{{ party }}"], ["统一社会信用代码", "{{ party_code }}"],
                 ["地址", "{{ address }}"], ["法定代表人（负责人）", "{{ head }}"]], WIDTHS)  # fmt: skip
    line(form, "")
    say(
        form,
        "本机关于{{ decided_on }}对被申请人作出{{ decision }}{% if decision_number %}（{{ decision_number }}）{% endif %}，"
        "处罚款{{ amount }}元，于{{ served_on }}送达，缴款期限至{{ pay_by }}。经催缴，被申请人仍未缴纳。",
        "{{ owed_now }}",
        "依据{{ law }}的规定，特申请贵院强制执行罚款和加处罚款。",
    )
    signed(form, "经办人：{{ handled_by }}", kept=True)
    return form


def case_closing() -> Made:
    """结案审批表."""
    return approval(
        "结案审批表",
        [
            ["处罚决定", "{{ decision }} {{ decision_number }}"],
            ["决定日期", "{{ decided_on }}"],
            ["处罚内容", "{{ penalties_line }}"],
            ["送达日期", "{{ served_on }}"],
            ["执行情况", "{{ carried_out }}"],
            ["公开日期", "{{ published_on }}"],
            ["案卷号", "{{ archive_no }}"],
            ["审批意见", "处罚决定已执行完毕，同意结案归档。"],
        ],
    )


def service_receipt() -> Made:
    """文书送达回执."""
    form = started("文书送达回执")
    table(
        form,
        [
            ["受送达人", "{{ party }}"],
            ["送达文书名称、文号", "{{ served_paper }}"],
            ["送达方式", "{{ served_how }}"],
            ["送达地点", "{{ served_place }}"],
            ["送达日期", "{{ service_day }}"],
            ["收件人（签名或者盖章）", "{{ served_to }}"],
            ["送达人（签名）", "{{ handled_by }}"],
            ["备注", "{{ served_note }}"],
        ],
        (50, 108),
    )
    line(form, "")
    signed(form)
    return form


PENALTIES = {
    "case-filing": case_filing,
    "penalty-notice": penalty_notice,
    "hearing-right": hearing_right,
    "statement-record": statement_record,
    "hearing-notice": hearing_notice,
    "hearing-record": hearing_record,
    "case-approval": case_approval,
    "panel-record": panel_record,
    "spot-penalty-unit": lambda: spot_penalty(person=False),
    "spot-penalty-person": lambda: spot_penalty(person=True),
    "penalty-unit": lambda: penalty(person=False),
    "penalty-person": lambda: penalty(person=True),
    "payment-reminder": payment_reminder,
    "enforcement-request": enforcement_request,
    "case-closing": case_closing,
    "service-receipt": service_receipt,
}
