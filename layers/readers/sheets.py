"""XLSX: one sheet as text columns. Formulas are not run and not believed: their rows are named."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import openpyxl
import pyarrow as pa
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import Fault
from core.texts import Text
from layers.cells import unguarded
from layers.readers.delimited import Progress, named
from layers.readers.delivery import Stated, faults_table
from layers.readers.formats import refused
from layers.validation.faults import Rule

WIDEST = 2_000
CHUNK = 20_000
FORMULA = Text("单元格为公式,请复制后选择性粘贴为数值", "is a formula; paste its value")


def sheet(path: Path, stated: Stated, progress: Progress) -> tuple[pa.Table, pa.Array, pa.Table, list[Text]]:
    """Text columns by heading, the number of each row, the rows with formulas, and what was seen."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=False)
    try:
        chosen, notes = _chosen(path, book, stated.table)
        rows = chosen.iter_rows(values_only=True, max_col=WIDEST)
        heading = next(islice(rows, stated.heading_row - 1, None), ())
        names = ["" if value is None else str(value).strip() for value in heading]
        if sum(map(bool, names)) < 2:
            raise refused(
                path, "的表头行不足两列;表头不在首行时请用 --heading-row 说明",
                "has fewer than two headings; say with --heading-row where they are",
            )  # fmt: skip
        chunks, numbers, faults = [], [], []
        first = 1
        for chunk in _chunks(rows):
            texts = [[_text(value) for value in row[: len(names)]] for row in chunk]
            faults += [
                Fault(field=names[c] or f"第 {c + 1} 列", value=value[:80], rule=FORMULA, row=first + r)
                for r, row in enumerate(texts)
                for c, value in enumerate(row)
                if value is not None and value.startswith("=")
            ]
            kept = [r for r, row in enumerate(texts) if any(value is not None for value in row)]
            numbers += [first + r for r in kept]
            width = len(names)
            columns = [[texts[r][c] if c < len(texts[r]) else None for r in kept] for c in range(width)]
            chunks.append(
                pa.table(
                    [unguarded(pa.array(column, pa.string())) for column in columns], [f"c{i}" for i in range(width)]
                )
            )
            first += len(chunk)
            progress(first - 1)
    finally:
        book.close()
    table = pa.concat_tables(chunks) if chunks else pa.table([pa.array([], pa.string())] * len(names), names)
    return named(path, table, names), pa.array(numbers, pa.int64()), faults_table(faults, Rule.TYPE), notes


def _chosen(path: Path, book: openpyxl.Workbook, wanted: str | None) -> tuple[Worksheet, list[Text]]:
    sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
    titles = "、".join(one.title for one in sheets)
    if wanted is not None:
        for one in sheets:
            if one.title == wanted:
                return one, []
        raise refused(path, f"没有工作表“{wanted}”,现有:{titles}", f"has no sheet {wanted!r}; there are: {titles}")
    if not sheets:
        raise refused(path, "没有可见的工作表", "has no visible sheet")
    notes = []
    if len(sheets) > 1:
        title = sheets[0].title
        notes.append(
            Text(f"读取工作表“{title}”;另有:{titles}", f"sheet {title!r} is read; --table chooses another of {titles}")
        )
    return sheets[0], notes


def _chunks(rows: Iterator[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _text(value: object) -> str | None:
    """A cell as a clerk sees it; whole numbers without a fraction, times in ISO form."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip() or None
