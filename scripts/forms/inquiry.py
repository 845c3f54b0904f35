"""The papers of an investigation: calls, records that others sign, samples, appraisals."""

from docx.document import Document as Made

from scripts.forms.layout import line, listed, only_if, say, signed, started, table
from scripts.forms.penalties import WIDTHS, addressed

CASE = (["案件编号", "{{ case_no }}"], ["案由", "{{ case_title }}"])
RECORD = (
    ["起止时间", "{{ began }} 至 {{ ended }}"],
    ["地点", "{{ record_place }}"],
    ["执法人员", "{{ officers }}"],
    ["记录人", "{{ recorder }}"],
)
TOLD = (
    "我们是{{ organ }}执法人员，现就“{{ case_title }}”依法进行{what}，已向你（单位）出示执法证件。依据《行政处罚法》第五十五条的规定，"
    "你（单位）应当如实回答询问并予以协助，不得拒绝或者阻挠。"
)


def signatures(form: Made) -> None:
    """Everybody who signed, each with the signature and when; who did not, with the reason."""
    line(form, "签字：", after=4)
    line(form, "{%p for one in signed_by %}")
    line(form, "{{ one.role }}（签名）：{{ one.mark }}　{{ one.at }}", after=2)
    line(form, "{%p if one.note %}")
    line(form, "（{{ one.note }}）", indent=True, after=2)
    line(form, "{%p endif %}")
    line(form, "{%p endfor %}")


def questioning_notice() -> Made:
    """询问通知书."""
    form = started("询问通知书")
    line(form, "{{ asked }}：", after=4)
    say(
        form,
        "因调查“{{ case_title }}”一案的需要，依据{{ law }}的规定，请你于{{ call_at }}到{{ call_place }}接受询问。",
        "询问事项：{{ call_about }}",
    )
    only_if(form, "call_bring", "请携带下列证件和材料：{{ call_bring }}")
    say(form, "如无法按时到达，请及时与本机关联系。")
    signed(form, "执法人员：{{ officers }}", "被通知人（签名）：")
    form.sections[0].footer.paragraphs[0].text = "本文书一式两份：一份由{{ organ }}备案，一份交被通知人"
    return form


def questioning_record() -> Made:
    """询问笔录."""
    form = started("询问笔录")
    table(
        form,
        [
            *CASE,
            ["被询问人", "{{ asked }}"],
            ["身份证件号码", "{{ asked_id }}"],
            ["单位和职务", "{{ asked_duty }}"],
            ["联系电话", "{{ asked_phone }}"],
            *RECORD,
        ],
        WIDTHS,
    )
    line(form, "")
    say(form, TOLD.replace("{what}", "询问").replace("你（单位）", "你"))
    only_if(form, "interpreter", "翻译人员：{{ interpreter }}")
    line(form, "{%p for item in answer_lines %}")
    line(form, "{{ item }}", indent=True, after=2)
    line(form, "{%p endfor %}")
    say(form, "以上笔录经被询问人核对。")
    signatures(form)
    signed(form, kept=True)
    return form


def survey_record() -> Made:
    """勘验笔录."""
    form = addressed("勘验笔录")
    table(form, [*CASE, *RECORD, ["当事人或在场人", "{{ met }}"]], WIDTHS)
    line(form, "")
    say(form, TOLD.replace("{what}", "勘验"), "勘验情况：")
    line(form, "{%p for item in survey_lines %}")
    line(form, "{{ item }}", indent=True, after=2)
    line(form, "{%p endfor %}")
    say(form, "勘验照片、录像和示意图附卷。以上笔录经当事人或者在场人核对。")
    signatures(form)
    signed(form)
    return form


def sampling() -> Made:
    """抽样取证凭证."""
    form = addressed("抽样取证凭证")
    table(form, [*CASE, *RECORD, ["当事人或在场人", "{{ met }}"]], WIDTHS)
    line(form, "")
    say(form, "依据《行政处罚法》第五十六条的规定，本机关对下列物品抽样取证：")
    listed(form, "sample_lines")
    say(form, "抽样方法和封样情况：{{ sample_way }}")
    signatures(form)
    signed(form)
    return form


def appraisal() -> Made:
    """鉴定委托书."""
    form = started("鉴定委托书")
    line(form, "{{ appraiser }}：", after=4)
    say(
        form,
        "因调查“{{ case_title }}”（案件编号 {{ case_no }}）的需要，本机关委托你单位对下列事项进行鉴定。",
        "送鉴材料：{{ appraise_what }}",
        "鉴定事项和要求：{{ appraise_ask }}",
        "请于{{ appraise_by }}前提交书面鉴定意见，由鉴定人签名并加盖鉴定机构印章，写明鉴定依据和使用的科学技术手段。",
    )
    signed(form, "执法人员：{{ officers }}", "经办人：{{ handled_by }}", kept=True)
    form.sections[0].footer.paragraphs[0].text = "本文书一式两份：一份由{{ organ }}备案，一份交鉴定机构"
    return form


INQUIRY = {
    "questioning-notice": questioning_notice,
    "questioning-record": questioning_record,
    "survey-record": survey_record,
    "sampling": sampling,
    "appraisal": appraisal,
}
