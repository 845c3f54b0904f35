"""CSV for spreadsheets and for `onemap import`, with a file beside it that says what the rows are."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson
import pyarrow as pa
import pyarrow.csv

from layers.fields import FieldSpec
from layers.layer import Layer
from layers.writers.columns import Headings, columns, headings


class Encoding(StrEnum):
    """How text is spelt in bytes; UTF-8 carries a mark, by which spreadsheets know it."""

    UTF8 = "UTF-8"
    GB18030 = "GB18030"


BESIDE = ".json"
"""What the name of the file beside it ends in."""


class DelimitedFile:
    """One layer as CSV; closed with its context."""

    def __init__(self, path: Path, *, encoding: Encoding, headings: Headings) -> None:
        self._path = path
        self._codec = encoding.value.lower()
        self._headings = headings
        self._file = path.open("wb")
        if encoding is Encoding.UTF8:
            self._file.write(b"\xef\xbb\xbf")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def write(self, layer: Layer, specs: Sequence[FieldSpec], batches: Iterable[pa.RecordBatch]) -> None:
        """Its rows under a heading row."""
        names = headings(layer, specs, self._headings)
        first = True
        for batch in batches:
            table = pa.table(columns(layer, specs, batch, self._headings), names)
            self._append(table, first)
            first = False

    def _append(self, table: pa.Table, first: bool) -> None:
        sink = pa.BufferOutputStream()
        pyarrow.csv.write_csv(table, sink, pyarrow.csv.WriteOptions(include_header=first, quoting_style="needed"))
        text = sink.getvalue()
        self._file.write(text if self._codec == "utf-8" else str(text, "utf-8").encode(self._codec))

    def describe(self, said: Mapping[str, object]) -> None:
        """What the file is, in JSON beside it."""
        beside = self._path.with_name(self._path.name + BESIDE)
        beside.write_bytes(orjson.dumps(said, option=orjson.OPT_INDENT_2) + b"\n")
