"""The layout of official documents after GB/T 9704-2012, as read in a copy on the web."""

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from scripts.forms.layout import NAME, SMALL, line

THREE = Pt(16)
"""Size three, in which documents are set."""
RED = "C80000"


def official(mark: str) -> Made:
    """An official document by GB/T 9704-2012: type area 156 x 225 mm, 22 lines of size three, numbers of pages outside."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    document.settings.odd_and_even_pages_header_footer = True
    font = document.styles["Normal"].font
    font.name, font.size = "FangSong", THREE
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    for footer, align in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        paged(footer.paragraphs[0], align)
    line(document, "{{ urgent }}", size=THREE, bold=True)
    head = document.add_paragraph()
    head.alignment = ALIGN.CENTER
    head.paragraph_format.space_before, head.paragraph_format.space_after = Pt(24), Pt(18)
    run = head.add_run(f"{{{{ organ }}}}{mark}")
    run.font.size, run.bold, run.font.color.rgb = Pt(36), True, RGBColor.from_string(RED)
    return document


def paged(paragraph: Paragraph, align: ALIGN) -> None:
    """The number of the page between two dashes."""
    paragraph.alignment = align
    paragraph.add_run("— ").font.size = Pt(14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —").font.size = Pt(14)


def ruled(paragraph: Paragraph, side: str, color: str, eighths: int, kind: str = "single") -> None:
    """A line above or below a paragraph."""
    borders = OxmlElement("w:pBdr")
    border = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", str(eighths)), ("space", "4"), ("color", color)):
        border.set(qn(f"w:{name}"), value)
    borders.append(border)
    paragraph._p.get_or_add_pPr().append(borders)


def said(document: Made, text: str, *, indent: bool = True, right: float = 0) -> None:
    """A paragraph of the text: size three, 29 points from line to line, as 22 lines fill the page."""
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing, form.space_after = Pt(29), Pt(0)
    if indent:
        form.first_line_indent = Pt(32)
    if right:
        paragraph.alignment, form.right_indent = ALIGN.RIGHT, Pt(right)
    paragraph.add_run(text).font.size = THREE


def official_text(document: Made) -> None:
    """Title, addressees, text, annexes, seal, organ and date."""
    line(document, "{{ title }}", size=NAME, align=ALIGN.CENTER, bold=True, after=16)
    said(document, "{{ addressed }}", indent=False)
    said(document, "{%p for item in paragraphs %}", indent=False)
    said(document, "{{ item }}")
    said(document, "{%p endfor %}", indent=False)
    said(document, "{%p if annex_lines %}", indent=False)
    line(document, "")
    said(document, "{%p endif %}", indent=False)
    said(document, "{%p for item in annex_lines %}", indent=False)
    said(document, "{{ item }}")
    said(document, "{%p endfor %}", indent=False)
    said(document, "{{ seal }}", indent=False, right=64)
    said(document, "{{ organ }}", indent=False, right=64)
    said(document, "{{ dated }}", indent=False, right=64)
    document.paragraphs[-3].paragraph_format.keep_with_next = True
    document.paragraphs[-3].paragraph_format.line_spacing = None
    document.paragraphs[-2].paragraph_format.keep_with_next = True


def checked_by_anybody(document: Made) -> None:
    """The code by which anybody checks the paper, and how far its form was checked."""
    line(document, "{{ qr }}　扫码核验真伪；核验码 {{ code }}　{{ unverified }}", size=SMALL)


def official_document() -> Made:
    """公文（文件格式）."""
    form = official("文件")
    line(form, "{{ number }}{{ beside_the_number }}", size=THREE, align=ALIGN.CENTER, after=20)
    ruled(form.paragraphs[-1], "bottom", RED, 16)
    official_text(form)
    line(form, "", after=10)
    for text, side in (("{{ copied }}", "top"), ("{{ organ }}　　　{{ printed_on }}印发", "top"), ("", "top")):
        line(form, text, size=Pt(14))
        ruled(form.paragraphs[-1], side, "000000", 6)
    checked_by_anybody(form)
    return form


def official_letter() -> Made:
    """公文（信函格式）."""
    form = official("")
    ruled(form.paragraphs[-1], "bottom", RED, 24, "double")
    line(form, "{{ number }}{{ beside_the_number }}", size=THREE, align=ALIGN.RIGHT, after=16)
    official_text(form)
    said(form, "{{ copied }}", indent=False)
    checked_by_anybody(form)
    return form


OFFICIAL = {"official-document": official_document, "official-letter": official_letter}
