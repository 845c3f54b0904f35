"""Makes the DOCX forms of official documents in casework/documents/templates; the same bytes each time."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FOLDER = Path(__file__).parents[1] / "casework" / "documents" / "templates"
BODY, SMALL, HEAD, NAME = Pt(14), Pt(10.5), Pt(18), Pt(22)
REMEDY = (
    "如果不服本指令，可以依法在{{ review_days }}日内向{{ review_organ }}申请行政复议，或者在{{ suit_months }}个月内依法向"
    "{{ court }}提起行政诉讼，但本指令不停止执行，法律另有规定的除外。"
)


def started(title: str) -> Made:
    """An empty form: A4, organ, title, number."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.left_margin, section.right_margin = Mm(27), Mm(25)
    font = document.styles["Normal"].font
    font.name, font.size = "FangSong", BODY
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    line(document, "{{ organ }}", size=HEAD, align=ALIGN.CENTER, bold=True)
    line(document, title, size=NAME, align=ALIGN.CENTER, bold=True)
    line(document, "{{ number }}", align=ALIGN.CENTER, after=10)
    return document


def line(
    document: Made,
    text: str,
    *,
    size: Pt = BODY,
    align: ALIGN = ALIGN.LEFT,
    bold: bool = False,
    after: float = 0,
    indent: bool = False,
) -> None:
    """One paragraph of one run."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(after)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(28)
    run = paragraph.add_run(text)
    run.font.size, run.bold = size, bold


def say(document: Made, *texts: str) -> None:
    """Paragraphs of the body, their first line set in."""
    for text in texts:
        line(document, text, indent=True, after=4)


def listed(document: Made, name: str) -> None:
    """One paragraph for each item of a list of texts."""
    line(document, f"{{%p for item in {name} %}}")
    line(document, "{{ loop.index }}．{{ item }}", indent=True, after=2)
    line(document, "{%p endfor %}")


def table(document: Made, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
    """A ruled table, widths in millimetres."""
    made = document.add_table(rows=0, cols=len(widths), style="Table Grid")
    for row in rows:
        cells = made.add_row().cells
        for cell, text, width in zip(cells, row, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].add_run(text).font.size = Pt(12)


def signed(document: Made, *lines: str) -> None:
    """Who signs, the seal over the date, and the code anybody checks the paper by."""
    for text in lines:
        line(document, text, after=4)
    line(document, "{{ seal }}", align=ALIGN.RIGHT)
    line(document, "{{ organ }}（印章）", align=ALIGN.RIGHT)
    line(document, "{{ date }}", align=ALIGN.RIGHT, after=10)
    line(document, "{{ qr }}")
    line(document, "扫码核验真伪；核验码 {{ code }}", size=SMALL)
    line(document, "{{ unverified }}", size=SMALL)
    document.sections[0].footer.paragraphs[0].text = "本文书一式两份：一份由{{ organ }}备案，一份交当事人"


def rectify_order() -> Made:
    """责令限期整改指令书."""
    form = started("责令限期整改指令书")
    line(form, "{{ party }}：", after=4)
    say(form, "经查，你单位存在下列问题：")
    listed(form, "problems")
    say(
        form,
        "现责令你单位对上述问题于{{ ordered_until }}前整改完毕，达到有关法律、法规、规章和标准规定的要求。由此造成事故的，依法追究有关人员的责任。",
        "整改期间，你单位应当采取措施，确保安全生产。对安全生产违法行为，将依法予以行政处罚。",
        REMEDY,
    )
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
    return form


def recheck_opinion() -> Made:
    """整改复查意见书."""
    form = started("整改复查意见书")
    line(form, "{{ party }}：", after=4)
    say(
        form,
        "{% if order_number %}本机关于{{ ordered_on }}作出了{{ order }}的决定（{{ order_number }}），{% endif %}"
        "经对你单位整改情况进行复查，提出如下意见：",
    )
    listed(form, "findings")
    signed(form, "被复查单位负责人（签名）：{{ head }}", "执法人员（签名）：{{ officers }}")
    return form


def site_measures() -> Made:
    """现场处理措施决定书."""
    form = started("现场处理措施决定书")
    line(form, "{{ party }}：", after=4)
    say(form, "经查，你单位存在下列重大事故隐患，排除前或者排除过程中无法保证安全：")
    listed(form, "problems")
    say(form, "{{ reason }}", "依据{{ law }}的规定，现作出以下现场处理措施决定：")
    listed(form, "measures_taken")
    say(form, "重大事故隐患排除后，经本机关审查同意，方可恢复生产经营和使用。", REMEDY.replace("本指令", "本决定"))
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位负责人（签名）：{{ head }}")
    return form


def danger_listing() -> Made:
    """重大事故隐患挂牌督办通知书."""
    form = started("重大事故隐患挂牌督办通知书")
    line(form, "{{ party }}：", after=4)
    say(form, "经核查，你单位存在下列重大事故隐患：")
    listed(form, "problems")
    table(
        form,
        [
            ["隐患编号", "{{ case_no }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["危害程度和整改难易程度", "{{ harm }}"],
            ["督办单位", "{{ listed_by }}"],
        ],
        (50, 108),
    )
    line(form, "")
    say(
        form,
        "依据{{ law }}的规定，决定对上述重大事故隐患挂牌督办并予以公示。请于{{ until }}前制定整改方案，落实整改措施、资金、责任人、"
        "时限和应急预案，整改完成后申报复查。",
        "整改期间，你单位应当采取措施，确保安全生产；无法保证安全的，应当停产停业、撤出作业人员。",
    )
    signed(form, "经办人（签名）：{{ officers }}")
    return form


def danger_closing() -> Made:
    """重大事故隐患治理销号通知书."""
    form = started("重大事故隐患治理销号通知书")
    line(form, "{{ party }}：", after=4)
    say(form, "本机关于{{ listed_on }}对你单位下列重大事故隐患挂牌督办（隐患编号 {{ case_no }}）：")
    listed(form, "problems")
    say(
        form,
        "整改情况：{{ outcome }}",
        "复查意见：{{ recheck }}",
        "经复查，该重大事故隐患已整改完毕，现予销号，解除挂牌督办。请举一反三，防止同类隐患再次发生。",
    )
    signed(form, "复查人员（签名）：{{ officers }}")
    return form


def site_record() -> Made:
    """现场检查记录."""
    form = started("现场检查记录")
    table(
        form,
        [
            ["被检查单位", "{{ party }}"],
            ["地址", "{{ address }}"],
            ["法定代表人（负责人）", "{{ head }}"],
            ["检查场所", "{{ place }}"],
            ["检查时间", "{{ began }} 至 {{ ended }}"],
            ["执法人员", "{{ officers }}"],
        ],
        (45, 113),
    )
    say(
        form,
        "我们是{{ organ }}执法人员，现依法对你单位进行现场检查，已出示执法证件，请予以配合。",
        "检查情况：",
    )
    listed(form, "findings")
    signed(form, "执法人员（签名）：{{ officers }}", "被检查单位现场负责人（签名）：{{ present }}")
    return form


def service_receipt() -> Made:
    """文书送达回执."""
    form = started("文书送达回执")
    table(
        form,
        [
            ["受送达人", "{{ party }}"],
            ["送达地点", "{{ place }}"],
            ["送达文书名称、文号", "{{ document }} {{ document_number }}"],
            ["送达方式", "{{ way }}"],
            ["收到日期", "{{ received }}"],
            ["收件人（签名）", "{{ receiver }}"],
            ["送达人（签名）", "{{ officers }}"],
            ["备注", "{{ remarks }}"],
        ],
        (50, 108),
    )
    signed(form)
    return form


def licence_form(title: str) -> Made:
    """Begin a paper of licensing: what was applied for, and when."""
    form = started(title)
    line(form, "{{ party }}：", after=4)
    return form


APPLIED = "你单位于{{ received_on }}提出的“{{ kind }}”（{{ matter }}）申请（办件编号 {{ case_no }}），"
SUIT = (
    "如果不服本决定，可以依法在{{ review_days }}日内向{{ review_organ }}申请行政复议，或者在{{ suit_months }}个月内依法向"
    "{{ court }}提起行政诉讼。"
)


def licence_accepted() -> Made:
    """受理通知书."""
    form = licence_form("行政许可受理通知书")
    say(
        form,
        APPLIED + "属于本机关职权范围，申请材料齐全、符合法定形式。依据{{ law }}的规定，决定予以受理。",
        "本环节办理期限至{{ until }}。依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在期限内。",
    )
    signed(form, "经办人：{{ officers }}")
    return form


def licence_corrections() -> Made:
    """补正告知书."""
    form = licence_form("行政许可申请材料补正告知书")
    say(form, APPLIED + "经审查，申请材料不齐全或者不符合法定形式。依据{{ law }}的规定，现一次告知需要补正的全部内容：")
    listed(form, "missing")
    say(form, "{{ corrections }}", "请按上述要求补正后提交本机关。")
    signed(form, "经办人：{{ officers }}")
    return form


def licence_rejected() -> Made:
    """不予受理决定书."""
    form = licence_form("行政许可不予受理决定书")
    say(form, APPLIED + "经审查，存在下列情形：", "{{ reason }}", "依据{{ law }}的规定，决定不予受理。", SUIT)
    signed(form, "经办人：{{ officers }}")
    return form


def licence_granted() -> Made:
    """准予许可决定书."""
    form = licence_form("准予行政许可决定书")
    say(form, APPLIED + "经审查，符合法定条件、标准。依据{{ law }}的规定，决定准予行政许可：")
    table(
        form,
        [
            ["许可种类", "{{ kind }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["许可地址", "{{ licensed_address }}"],
            ["许可范围", "{{ scope }}"],
            ["有效期", "{{ valid_from }} 至 {{ valid_until }}"],
        ],
        (45, 113),
    )
    line(form, "")
    say(form, "本机关将于{{ until }}前向你单位颁发、送达许可证件。", SUIT)
    signed(form)
    return form


def licence_refused() -> Made:
    """不予许可决定书."""
    form = licence_form("不予行政许可决定书")
    say(form, APPLIED + "经审查，不符合法定条件、标准，理由如下：", "{{ reason }}")
    say(form, "依据{{ law }}的规定，决定不予行政许可。", SUIT)
    signed(form)
    return form


def licence_certificate() -> Made:
    """许可证."""
    form = started("{{ kind }}")
    table(
        form,
        [
            ["证号", "{{ licence_number }}"],
            ["单位名称", "{{ party }}"],
            ["统一社会信用代码", "{{ party_code }}"],
            ["主要负责人", "{{ head }}"],
            ["许可地址", "{{ licensed_address }}"],
            ["许可范围", "{{ scope }}"],
            ["有效期", "{{ valid_from }} 至 {{ valid_until }}"],
            ["发证机关", "{{ issuer }}"],
        ],
        (45, 113),
    )
    signed(form)
    form.sections[0].footer.paragraphs[0].text = "证照状态以核验结果为准"
    return form


def still(document: Made) -> bytes:
    """The bytes without the time of making."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


FORMS = {
    "rectify-order": rectify_order,
    "recheck-opinion": recheck_opinion,
    "site-measures": site_measures,
    "danger-listing": danger_listing,
    "danger-closing": danger_closing,
    "site-record": site_record,
    "service-receipt": service_receipt,
    "licence-accepted": licence_accepted,
    "licence-corrections": licence_corrections,
    "licence-rejected": licence_rejected,
    "licence-granted": licence_granted,
    "licence-refused": licence_refused,
    "licence-certificate": licence_certificate,
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FORMS.items():
        (FOLDER / f"{name}.docx").write_bytes(still(make()))
