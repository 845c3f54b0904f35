"""XLSX: one sheet a layer and a last one that says what the rows are."""

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from core.errors import BadInputError
from core.texts import Text
from layers.fields import FieldSpec
from layers.layer import Layer
from layers.writers.columns import Headings, columns, headings

MOST_ROWS = 1_048_575
LONGEST_CELL = 32_767
LONGEST_TITLE = 31
"""What a sheet holds below its headings, and a cell, by Excel's specification."""

ABOUT = "导出说明"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


class Workbook:
    """Layers as sheets of one workbook, saved when its context ends well."""

    def __init__(self, path: Path, *, headings: Headings) -> None:
        import openpyxl  # a server at rest has no use for its twelve megabytes

        self._path = path
        self._headings = headings
        self._book = openpyxl.Workbook(write_only=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if kind is None:
                with _on_disk():
                    self._book.save(self._path)
        finally:
            self._discard()

    def _discard(self) -> None:
        """Take away openpyxl's temporary files, which hold rows and would stay until the process ends."""
        for sheet in self._book.worksheets:
            if not sheet.closed:
                with suppress(OSError), _on_disk():
                    sheet.close()
            with suppress(FileNotFoundError):
                sheet._writer.cleanup()  # type: ignore[attr-defined]

    def write(self, layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> None:
        """Its rows on a sheet of its own, under headings that stay in sight."""
        sheet = self._book.create_sheet(layer.title.zh)
        sheet.freeze_panes = "A2"
        names = headings(layer, specs, self._headings)
        sheet.append(names)
        count = 0
        for batch in batches:
            count += batch.num_rows
            if count > MOST_ROWS:
                raise BadInputError(
                    Text(
                        f"图层“{layer.title.zh}”超过 {MOST_ROWS:,} 行,xlsx 放不下,请用 gpkg 或 csv",
                        f"layer {layer.id} has more rows than an xlsx sheet holds ({MOST_ROWS:,}); use gpkg or csv",
                    ),
                    field="format",
                )
            what = Text(f"图层“{layer.title.zh}”", f"layer {layer.id}")
            cells = [_cells(what, name, column) for name, column in zip(
                names, columns(layer, specs, batch, self._headings), strict=True
            )]  # fmt: skip
            with _on_disk():
                for row in zip(*cells, strict=True):
                    sheet.append(row)

    def table(self, title: Text, rows: pa.Table) -> None:
        """A table that is in words already, on a sheet of its own."""
        sheet = self._book.create_sheet(title.zh[:LONGEST_TITLE])
        sheet.freeze_panes = "A2"
        sheet.append(rows.column_names)
        columns = zip(rows.column_names, rows.columns, strict=True)
        cells = [_cells(title, name, column.combine_chunks()) for name, column in columns]
        with _on_disk():
            for row in zip(*cells, strict=True):
                sheet.append(row)

    def describe(self, said: Mapping[str, object]) -> None:
        """The last sheet: one line for each thing said."""
        sheet = self._book.create_sheet(ABOUT)
        for name, value in said.items():
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            sheet.append((name, *_pieces(text)))


@contextmanager
def _on_disk() -> Iterator[None]:
    """A full disk is the system's refusal, whichever library meets it."""
    try:
        yield
    except etree.SerialisationError as error:
        raise OSError(errno.EIO, str(error)) from error


def _pieces(text: str) -> list[str]:
    """Text over as many cells as it needs."""
    return [text[start : start + LONGEST_CELL] for start in range(0, len(text), LONGEST_CELL)]


def _cells(what: Text, heading: str, column: pa.Array) -> list[object]:
    """Values as a workbook keeps them; text it would cut is refused, control characters XML cannot hold are dropped."""
    if not pa.types.is_string(column.type):
        found: list[object] = column.to_pylist()
        return found
    if (pc.max(pc.utf8_length(column)).as_py() or 0) > LONGEST_CELL:
        raise BadInputError(
            Text(
                f"{what.zh}的“{heading}”有内容超过 {LONGEST_CELL:,} 字,xlsx 放不下,请用 gpkg 或 csv",
                f"{what.en}: {heading} has text longer than an xlsx cell ({LONGEST_CELL:,}); use gpkg or csv",
            ),
            field="format",
        )
    texts: list[object] = pc.replace_substring_regex(column, _CONTROL, "").to_pylist()
    return texts
