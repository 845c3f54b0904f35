"""What every form has: A4, organ, title and number above; seal, date, code and source of the form below."""

import io
import zipfile
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

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


def only_if(document: Made, name: str, *texts: str) -> None:
    """Paragraphs that are there only where a value is."""
    line(document, f"{{%p if {name} %}}")
    say(document, *texts)
    line(document, "{%p endif %}")


def signed(document: Made, *lines: str, kept: bool = False) -> None:
    """Who signs, the seal over the date, and the code anybody checks the paper by; what is `kept` leaves no copy."""
    for text in lines:
        line(document, text, after=4)
    line(document, "{{ seal }}", align=ALIGN.RIGHT)
    line(document, "{{ organ }}（印章）", align=ALIGN.RIGHT)
    line(document, "{{ date }}", align=ALIGN.RIGHT, after=10)
    line(document, "{{ qr }}")
    line(document, "扫码核验真伪；核验码 {{ code }}", size=SMALL)
    line(document, "{{ unverified }}", size=SMALL)
    copies = "本文书由{{ organ }}留存，不交当事人" if kept else "本文书一式两份：一份由{{ organ }}备案，一份交当事人"
    document.sections[0].footer.paragraphs[0].text = copies


def still(document: Made) -> bytes:
    """The bytes without the time of making."""
    made, out = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            kept.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
