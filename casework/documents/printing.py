"""A filled DOCX as a page for paper: paragraphs, runs, tables, pictures and footers, set as HTML.

Forms may be changed by an administrator, so the PDF is made from the DOCX itself and not from a second template. What a
form holds beyond that (text boxes, fields, drawings) is not set; `left_out` names it, so that the form can be refused.
"""

import base64
import io
import re
from collections.abc import Callable, Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from docx.document import Document
    from docx.parts.story import StoryPart
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

SetType = Callable[[str], bytes]
"""Makes a PDF of a page of HTML that carries all it shows."""

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PLACE = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
POINTS = 12_700
"""English metric units in a point."""
ALIGNED = {"LEFT": "left", "CENTER": "center", "RIGHT": "right", "JUSTIFY": "justify", "DISTRIBUTE": "justify"}
UNSET = {
    f"{WORD}txbxContent": "text box",
    f"{WORD}pict": "old picture",
    f"{WORD}fldSimple": "field",
    f"{WORD}instrText": "field",
    f"{WORD}object": "embedded object",
    f"{PLACE}anchor": "floating picture",
}
_STYLES: "WeakKeyDictionary[StoryPart, dict[str | None, ParagraphStyle | None]]" = WeakKeyDictionary()
"""The styles of paragraphs by their names, of each document: to find the default one the library goes through all."""


def printed(docx: bytes, set_type: SetType, mark: str = "") -> bytes:
    """The document as PDF; `mark` lies across every page of one that is not to be used."""
    return set_type(page(docx, mark))


def left_out(docx: bytes) -> frozenset[str]:
    """What a form holds that paper would not show; a form with any of it is not taken."""
    return frozenset(UNSET[element.tag] for element in _open(docx).element.iter() if element.tag in UNSET)


def page(docx: bytes, mark: str = "") -> str:
    """The document as one HTML page: sizes in points, pictures inside, nothing to fetch."""
    document = _open(docx)
    section = document.sections[0]
    body = "".join(_blocks(document.iter_inner_content()))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>'
        f"@page{{size:{_pt(section.page_width)} {_pt(section.page_height)};margin:{_margins(section)};"
        f"{_foot(section)}"
        'body{font:12pt/1.6 "Noto Sans SC",sans-serif;margin:0}p{margin:0;min-height:1.6em;overflow-wrap:anywhere}'
        "table{border-collapse:collapse;width:100%}td{vertical-align:top;padding:2pt 5pt}"
        "table.ruled td{border:.75pt solid #000}img{vertical-align:middle}"
        ".mark{position:fixed;top:38%;left:0;right:0;text-align:center;font-size:110pt;line-height:1;"
        "color:#d9d9d9;transform:rotate(-30deg);z-index:-1}"
        f"</style></head><body>{f'<div class="mark">{escape(mark)}</div>' if mark else ''}{body}</body></html>"
    )


def _open(docx: bytes) -> "Document":
    from docx import Document

    return Document(io.BytesIO(docx))


def _blocks(inside: "Iterable[Paragraph | Table]") -> Iterator[str]:
    from docx.table import Table

    for block in inside:
        yield _table(block) if isinstance(block, Table) else _paragraph(block)


def _style(given: "Paragraph") -> "ParagraphStyle | None":
    known = _STYLES.setdefault(given.part, {})
    name = given._p.style
    if name not in known:
        known[name] = given.style
    return known[name]


def _paragraph(given: "Paragraph") -> str:
    base = _style(given)
    form, general = given.paragraph_format, base.paragraph_format if base else None
    style = []
    aligned = form.alignment if form.alignment is not None else general and general.alignment
    if aligned is not None:
        style.append(f"text-align:{ALIGNED.get(aligned.name, 'left')}")
    for name, value in (
        ("text-indent", form.first_line_indent),
        ("margin-left", form.left_indent),
        ("margin-right", form.right_indent),
        ("margin-top", form.space_before),
        ("margin-bottom", form.space_after),
    ):
        if value is not None:
            style.append(f"{name}:{_pt(value)}")
    if isinstance(form.line_spacing, int) and form.line_spacing > POINTS:  # a length, not so many lines
        style.append(f"line-height:{_pt(form.line_spacing)}")
    style += _borders(given)
    if form.page_break_before:
        style.append("break-before:page")
    if form.keep_with_next:
        style.append("break-after:avoid")
    inside = "".join(_run(run, given) for run in given.runs)
    return f'<p style="{";".join(style)}">{inside}</p>'


def _run(run: "Run", of: "Paragraph") -> str:
    out = []
    for part in run._r:
        if part.tag == f"{WORD}t":
            out.append(escape(part.text or "").replace("  ", "&#160; "))
        elif part.tag == f"{WORD}tab":
            out.append("&#8195;&#8195;")
        elif part.tag in (f"{WORD}br", f"{WORD}cr"):
            out.append("<br>")
        elif part.tag == f"{WORD}drawing":
            out.append(_picture(part, of))
    text = "".join(out)
    named = _style(of)
    font, base = run.font, named.font if named else None
    style = []
    size = font.size or (base and base.size)
    if size:
        style.append(f"font-size:{_pt(size)}")
    if font.bold or (font.bold is None and base and base.bold):
        style.append("font-weight:700")
    if font.underline:
        style.append("text-decoration:underline")
    if font.color is not None and font.color.rgb is not None:
        style.append(f"color:#{font.color.rgb}")
    return f'<span style="{";".join(style)}">{text}</span>' if style and text else text


def _picture(drawing: Any, of: "Paragraph") -> str:
    blip = next(drawing.iter(f"{DRAWING}blip"), None)
    extent = next(drawing.iter(f"{PLACE}extent"), None)
    if blip is None or extent is None:
        return ""
    image = of.part.related_parts[blip.get(LINK)]
    data = base64.b64encode(image.blob).decode()
    wide, high = _pt(int(extent.get("cx"))), _pt(int(extent.get("cy")))
    return f'<img alt="" style="width:{wide};height:{high}" src="data:{image.content_type};base64,{data}">'


def _table(given: "Table") -> str:
    ruled = bool(given.style and "Grid" in (given.style.name or ""))
    rows, grid, across = [], given._cells, given._column_count
    for number, row in enumerate(given.rows):
        cells, at = [], 0
        for cell in row._tr.tc_lst:
            span = cell.grid_span
            if cell.vMerge != "continue":
                cells.append(_cell(grid[number * across + at], span, _depth(given, number, at)))
            at += span
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table class="{"ruled" if ruled else ""}">{"".join(rows)}</table>'


def _cell(cell: "_Cell", wide: int, deep: int) -> str:
    width = f' style="width:{_pt(cell.width)}"' if cell.width else ""
    spans = f' colspan="{wide}"' * (wide > 1) + f' rowspan="{deep}"' * (deep > 1)
    return f"<td{spans}{width}>{''.join(_blocks(cell.iter_inner_content()))}</td>"


def _depth(table: "Table", row: int, column: int) -> int:
    """Over how many rows the cell that begins here reaches."""
    deep = 1
    for below in table.rows[row + 1 :] if row + 1 < len(table.rows) else ():
        at, found = 0, None
        for cell in below._tr.tc_lst:
            if at == column:
                found = cell
            at += cell.grid_span
        if found is None or found.vMerge != "continue":
            break
        deep += 1
    return deep


def _margins(section: "Section") -> str:
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    return " ".join(_pt(side) for side in sides)


def _borders(given: "Paragraph") -> list[str]:
    """Lines above and below a paragraph, in eighths of a point as Word has them."""
    found = []
    for border in given._p.iter(f"{WORD}pBdr"):
        for side in border:
            name = side.tag.removeprefix(WORD)
            width = int(side.get(f"{WORD}sz") or 4) / 8
            color = side.get(f"{WORD}color") or "000000"
            kind = "double" if side.get(f"{WORD}val") == "double" else "solid"
            if name in ("top", "bottom") and re.fullmatch("[0-9A-Fa-f]{6}", color):
                found.append(f"border-{name}:{width:g}pt {kind} #{color}")
    return found


def _foot(section: "Section") -> str:
    """What stands below each page: words in the middle, or the number of the page, outside as on paper of two sides."""
    if any(
        field.get(f"{WORD}instr", "").strip() == "PAGE" for field in section.footer._element.iter(f"{WORD}fldSimple")
    ):
        said = 'content:"— " counter(page) " —";font:14pt "Noto Sans SC"'
        return f"}}@page:right{{@bottom-right{{{said}}}}}@page:left{{@bottom-left{{{said}}}}}"
    return f'@bottom-center{{content:"{_footer(section)}";font:9pt "Noto Sans SC"}}}}'


def _footer(section: "Section") -> str:
    words = " ".join(one.text for one in section.footer.paragraphs).strip()
    return words.replace("\\", "").replace('"', "”").replace("<", "‹").replace("\n", " ")


def _pt(length: int | None) -> str:
    return f"{(length or 0) / POINTS:g}pt"
