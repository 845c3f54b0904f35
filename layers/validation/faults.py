"""Faults of many rows as one table, and as a file a clerk can mend them from."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import Fault
from core.texts import Lang, Text
from layers.cells import escaped
from layers.fields import FieldSpec


class Severity(StrEnum):
    """An error keeps a row out; a warning lets it in and is listed."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """What kind of rule was broken; the quality report counts by it."""

    MISSING = "missing"
    TYPE = "type"
    RANGE = "range"
    LENGTH = "length"
    PATTERN = "pattern"
    CODE = "code"
    CHECK_DIGIT = "check-digit"
    REFERENCE = "reference"
    AREA = "area"
    DUPLICATE = "duplicate"
    GEOMETRY = "geometry"
    OUTSIDE = "outside"
    CONSISTENCY = "consistency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Fault):
    """A fault with the kind of rule and whether it keeps the row out."""

    kind: Rule
    severity: Severity


SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("key", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("zh", pa.string()),
        ("en", pa.string()),
    ]
)


@dataclass
class Faults:
    """Gathers the rows that break each rule, column by column."""

    keys: pa.Array
    _tables: list[pa.Table] = field(default_factory=list)
    _refused: list[np.ndarray] = field(default_factory=list)

    def add(
        self,
        mask: np.ndarray,
        name: str,
        values: pa.Array | None,
        kind: Rule,
        text: Text,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Every row under the mask breaks this rule."""
        at = np.flatnonzero(mask)
        if not len(at):
            return
        rows = pa.array(at)
        shown = pa.repeat(pa.scalar("", pa.string()), len(at)) if values is None else _words(values.take(rows))
        same = [name, kind.value, severity.value, text.zh, text.en]
        name_, kind_, severity_, zh, en = (pa.repeat(pa.scalar(word, pa.string()), len(at)) for word in same)
        self._tables.append(
            pa.Table.from_arrays(
                [pc.add(rows, 1), self.keys.take(rows), name_, shown, kind_, severity_, zh, en], schema=SCHEMA
            )
        )
        if severity is Severity.ERROR:
            self._refused.append(at)

    def refuse(self, mask: np.ndarray) -> None:
        """Keep rows out whose fault is told elsewhere."""
        self._refused.append(np.flatnonzero(mask))

    def table(self) -> pa.Table:
        """Every fault, by row."""
        tables = pa.concat_tables(self._tables) if self._tables else SCHEMA.empty_table()
        return tables.sort_by([("row", "ascending")])

    def good(self, rows: int) -> np.ndarray:
        """Which rows have no error."""
        good = np.ones(rows, bool)
        for at in self._refused:
            good[at] = False
        return good


def _words(values: pa.Array) -> pa.Array:
    if pa.types.is_list(values.type):
        values = pc.binary_join(pc.cast(values, pa.list_(pa.string())), "、")
    if pa.types.is_binary(values.type):
        return pa.repeat(pa.scalar("", pa.string()), len(values))
    return pc.utf8_slice_codeunits(pc.fill_null(pc.cast(values, pa.string()), ""), 0, 200)


def findings(table: pa.Table, limit: int | None = None) -> Iterator[Finding]:
    """Faults one by one, for an error message or a screen."""
    for row in (table if limit is None else table.slice(0, limit)).to_pylist():
        yield Finding(
            field=row["field"],
            value=row["value"],
            rule=Text(row["zh"], row["en"]),
            row=row["row"],
            key=row["key"] or None,
            kind=Rule(row["rule"]),
            severity=Severity(row["severity"]),
        )


_WORDS = {
    Severity.ERROR: Text("错误", "error"),
    Severity.WARNING: Text("提醒", "warning"),
}
_HEADINGS = (
    Text("行号", "Row"),
    Text("主键", "Key"),
    Text("字段", "Field"),
    Text("字段名", "Field title"),
    Text("值", "Value"),
    Text("规则", "Rule"),
    Text("级别", "Severity"),
)


def write_faults(table: pa.Table, specs: dict[str, FieldSpec], file: Path, lang: Lang = Lang.ZH) -> None:
    """The file of faults: `.xlsx`, or CSV with a byte order mark so that spreadsheets read the Chinese."""
    lines = _lines(table, specs, lang)
    if file.suffix.lower() == ".xlsx":
        import openpyxl  # late: every process that checks rows would pay for it

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(Text("错误清单", "Faults").of(lang))
        for line in lines:
            sheet.append(line)
        book.save(file)
        return
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out).writerows(lines)


def _lines(table: pa.Table, specs: dict[str, FieldSpec], lang: Lang) -> Iterator[list[str | int]]:
    yield [heading.of(lang) for heading in _HEADINGS]
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [batch.column(name).to_pylist() for name in ("row", "key", "field", "value", lang.value, "severity")]
        for row, key, name, value, rule, severity in zip(*columns, strict=True):
            title = specs[name].title.of(lang) if name in specs else name
            words = (key or "", name, title, value, rule, _WORDS[Severity(severity)].of(lang))
            yield [row, *(escaped(word) for word in words)]
