"""The papers that end a case: the report of a hearing, the transfer to another organ, cover and contents of the file."""

from docx.document import Document as Made

from scripts.forms.layout import line, listed, say, signed, started, table
from scripts.forms.penalties import PARTY, WIDTHS, approval


def hearing_report() -> Made:
    """听证会报告书."""
    form = started("听证会报告书")
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
    line(form, "")
    say(
        form,
        "调查人员提出的违法事实：{{ facts }}",
        "拟处罚：{{ penalties_line }}",
        "听证情况：{{ hearing_held }}",
        "听证报告意见：{{ hearing_report }}",
    )
    signed(form, "听证主持人（签名）：{{ reported_by }}", kept=True)
    return form


def transfer_approval() -> Made:
    """案件移送审批表."""
    return approval(
        "案件移送审批表",
        [
            ["案件来源", "{{ came_from }}"],
            ["案情摘要", "{{ facts }}"],
            ["移送理由", "{{ reason }}"],
            ["移送依据", "{{ law }}"],
            ["接受移送的机关", "{{ transfer_to }}"],
            ["批准的负责人", "{{ transfer_by }}"],
        ],
    )


def transfer_letter() -> Made:
    """案件移送书."""
    form = started("案件移送书")
    line(form, "{{ transfer_to }}：", after=4)
    say(
        form,
        "本机关办理的“{{ case_title }}”一案（案件编号 {{ case_no }}，当事人：{{ party }}），经查：{{ facts }}",
        "移送理由：{{ reason }}",
        "依据{{ law }}的规定，现将该案移送你机关处理，随案移送下列材料：",
    )
    listed(form, "transfer_list")
    say(form, "请将受理和处理结果函告本机关。")
    signed(form, "经办人：{{ handled_by }}", kept=True)
    form.sections[0].footer.paragraphs[0].text = "本文书一式两份：一份由{{ organ }}备案，一份交接受移送的机关"
    return form


def file_cover() -> Made:
    """案卷（首页）."""
    form = started("案卷（首页）")
    table(
        form,
        [
            ["案卷号", "{{ archive_no }}"],
            ["案件编号", "{{ case_no }}"],
            ["案由", "{{ case_title }}"],
            *(list(one) for one in PARTY),
            ["承办人", "{{ officers }}"],
            ["立案日期", "{{ filed_on }}"],
            ["办结日期", "{{ closed_on }}"],
            ["办理结果", "{{ outcome }}"],
            ["处罚决定书文号", "{{ decision_number }}"],
            ["处罚内容", "{{ penalties_line }}"],
            ["保管期限", "{{ file_term }}"],
            ["立卷人", "{{ handled_by }}"],
        ],
        WIDTHS,
    )
    line(form, "")
    signed(form, kept=True)
    return form


def file_contents() -> Made:
    """卷内目录."""
    form = started("卷内目录")
    say(form, "案卷号：{{ archive_no }}　案件编号：{{ case_no }}")
    widths = (13, 52, 48, 31, 14)
    table(
        form,
        [
            ["序号", "名称", "文号", "日期", "备注"],
            ["{%tr for one in in_the_file %}", "", "", "", ""],
            ["{{ one.no }}", "{{ one.name }}", "{{ one.number }}", "{{ one.day }}", "{{ one.note }}"],
            ["{%tr endfor %}", "", "", "", ""],
        ],
        widths,
    )
    line(form, "")
    signed(form, "立卷人：{{ handled_by }}", kept=True)
    return form


CLOSING = {
    "hearing-report": hearing_report,
    "transfer-approval": transfer_approval,
    "transfer-letter": transfer_letter,
    "file-cover": file_cover,
    "file-contents": file_contents,
}
