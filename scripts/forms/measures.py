"""The papers of evidence held, of more time, and of decisions put right or revoked."""

from docx.document import Document as Made

from scripts.forms.layout import line, listed, only_if, say, signed, started
from scripts.forms.penalties import SUIT, approval


def evidence_hold_approval() -> Made:
    """先行登记保存证据审批表."""
    return approval(
        "先行登记保存证据审批表",
        [
            ["证据名称、数量", "{{ held }}"],
            ["保存地点", "{{ held_place }}"],
            ["理由", "证据可能灭失或者以后难以取得。"],
            ["依据", "{{ law }}"],
            ["批准的负责人", "{{ held_approver }}"],
        ],
    )


def evidence_hold_notice() -> Made:
    """先行登记保存证据通知书."""
    form = started("先行登记保存证据通知书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "因你（单位）涉嫌“{{ case_title }}”，相关证据可能灭失或者以后难以取得，依据{{ law }}的规定，决定对下列证据先行登记保存：",
        "{{ held }}",
        "保存地点：{{ held_place }}。",
        "本机关将在{{ hold_days }}个工作日内（至{{ held_until }}）作出处理决定。在此期间，当事人或者有关人员不得销毁或者转移证据。",
    )
    signed(form, "执法人员（签名）：{{ officers }}", "当事人（签名）：{{ party }}")
    return form


def evidence_handling_approval() -> Made:
    """先行登记保存证据处理审批表."""
    return approval(
        "先行登记保存证据处理审批表",
        [
            ["登记保存的证据", "{{ held }}"],
            ["登记保存时间", "{{ held_on }}"],
            ["处理期限", "{{ held_until }}"],
            ["处理意见", "{{ held_outcome }}"],
        ],
    )


def evidence_handling() -> Made:
    """先行登记保存证据处理决定书."""
    form = started("先行登记保存证据处理决定书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "本机关于{{ held_on }}对你（单位）下列证据先行登记保存：{{ held }}",
        "依据{{ law }}的规定，现决定作如下处理：{{ held_outcome }}",
        SUIT,
    )
    signed(form, "执法人员（签名）：{{ officers }}", "当事人（签名）：{{ party }}")
    return form


def decision_extension() -> Made:
    """延长办案期限审批表."""
    return approval(
        "延长办案期限审批表",
        [
            ["立案日期", "{{ filed_on }}"],
            ["延长至", "{{ extend_to }}"],
            ["延长的理由", "{{ extend_why }}"],
            ["延长的依据", "{{ extend_rule }}"],
            ["批准的负责人", "{{ extend_by }}"],
        ],
    )


def payment_delay_approval() -> Made:
    """延期(分期)缴纳罚款审批表."""
    return approval(
        "延期（分期）缴纳罚款审批表",
        [
            ["处罚决定", "{{ decision }} {{ decision_no }}"],
            ["罚款数额", "{{ amount }}元"],
            ["申请理由", "{{ delay_why }}"],
            ["缴款安排", "{{ payments_line }}"],
            ["依据", "{{ law }}"],
        ],
    )


def payment_delay() -> Made:
    """延期(分期)缴纳罚款批准书."""
    form = started("延期（分期）缴纳罚款批准书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "本机关于{{ decided_on }}对你（单位）作出{{ decision }}（{{ decision_no }}），处罚款{{ amount }}元。根据你（单位）的申请，"
        "依据{{ law }}的规定，同意按下列安排缴纳：",
    )
    listed(form, "payments")
    say(form, "到期不缴纳的，每日按罚款数额的{{ late_percent }}加处罚款，加处罚款的数额不超出罚款的数额。")
    signed(form, "经办人：{{ handled_by }}")
    return form


def decision_correction() -> Made:
    """行政处罚决定补正书."""
    form = started("行政处罚决定补正书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "本机关于{{ decided_on }}对你（单位）作出的{{ decision }}（{{ decision_no }}）有文字错误，现补正如下：",
        "{{ correction }}",
        "本补正书不改变处罚的种类、幅度和履行期限。",
    )
    signed(form, "经办人：{{ handled_by }}")
    return form


def penalty_revocation() -> Made:
    """撤销行政处罚决定书."""
    form = started("撤销行政处罚决定书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "本机关于{{ decided_on }}对你（单位）作出{{ decision }}（{{ decision_no }}）。经审查，{{ revoked_why }}",
        "现决定撤销该行政处罚决定。",
    )
    only_if(form, "paid", "已缴纳的罚款依法退还。")
    only_if(form, "published_on", "该处罚决定已于{{ published_on }}公开，现撤回公开的信息并公开说明理由。")
    signed(form, "经办人：{{ handled_by }}")
    return form


MEASURES = {
    "evidence-hold-approval": evidence_hold_approval,
    "evidence-hold-notice": evidence_hold_notice,
    "evidence-handling-approval": evidence_handling_approval,
    "evidence-handling": evidence_handling,
    "decision-extension": decision_extension,
    "payment-delay-approval": payment_delay_approval,
    "payment-delay": payment_delay,
    "decision-correction": decision_correction,
    "penalty-revocation": penalty_revocation,
}
