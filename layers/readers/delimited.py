"""CSV: text in columns, whole or with the rows named that do not fit."""

import codecs
import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from core.errors import BadInputError, Fault
from core.texts import Text
from layers.cells import unguarded
from layers.readers.delivery import MOST_ROWS, Stated, faults_table
from layers.readers.formats import refused
from layers.validation.faults import Rule

DELIMITERS = ",\t;|"
LONGEST_FIELD = 16_000_000
BLOCK = 1 << 25
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Progress = Callable[[int], None]


def lines(path: Path, stated: Stated, progress: Progress) -> tuple[pa.Table, pa.Array, pa.Table, list[Text]]:
    """Text columns by heading, the number of each row, the rows that do not fit, and what was seen."""
    data, notes = _utf8(path, stated.encoding)
    names, delimiter, width = _headings(path, data, stated.heading_row)
    _complete(path, data, delimiter)
    ragged: list[tuple[int, int]] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        ragged.append((row.number, row.actual_columns))
        return "skip"

    columns = [f"c{i}" for i in range(width)]
    reader = pyarrow.csv.open_csv(
        pa.BufferReader(data),
        read_options=pyarrow.csv.ReadOptions(column_names=columns, block_size=BLOCK, use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        ),
    )
    batches, count = [], 0
    try:
        for batch in reader:
            batches.append(_trimmed(batch))
            count += batch.num_rows
            progress(count)
            if count > MOST_ROWS + 1:
                raise refused(path, f"超过 {MOST_ROWS:,} 行,请分批导入", f"has more than {MOST_ROWS:,} rows; split it")
    except pa.ArrowInvalid as error:
        raise refused(path, f"不是完整的 CSV:{error}", f"is not a complete CSV: {error}") from error
    table = pa.Table.from_batches(batches)
    numbers = np.setdiff1d(np.arange(1, count + len(ragged) + 1), [number for number, _ in ragged], assume_unique=True)
    rows = pa.array(numbers - stated.heading_row, pa.int64())
    table, rows = _body(table, rows)
    rule = Text(f"应有 {width} 列", f"must have {width} columns")
    wrong = [
        Fault(field="*", value=str(found), rule=rule, row=number - stated.heading_row)
        for number, found in ragged
        if number > stated.heading_row
    ]
    return named(path, table, names), rows, faults_table(wrong, Rule.TYPE), notes


def _trimmed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Without blanks at either end and without guards, with no text for empty text."""
    columns = [unguarded(pc.utf8_trim_whitespace(column)) for column in batch.columns]
    columns = [pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column) for column in columns]
    return pa.record_batch(columns, names=batch.schema.names)


def _body(table: pa.Table, rows: pa.Array) -> tuple[pa.Table, pa.Array]:
    """Rows below the headings that are not blank; not copied where that is all of them."""
    first = int(np.searchsorted(rows.to_numpy(), 1))
    table, rows = table.slice(first), rows.slice(first)
    filled = np.zeros(table.num_rows, bool)
    for column in table.columns:
        filled |= pc.is_valid(column).to_numpy()
        if filled.all():
            return table, rows
    keep = pa.array(filled)
    return table.filter(keep), rows.filter(keep)


def named(path: Path, table: pa.Table, names: list[str]) -> pa.Table:
    """The columns under their headings; a column without one is dropped when it is empty and refused when not."""
    kept = []
    for place, name in enumerate(names):
        if name:
            kept.append(place)
        elif table.column(place).null_count < table.num_rows:
            raise refused(path, f"第 {place + 1} 列有内容但没有表头", f"has no heading over column {place + 1}")
    used = [names[place] for place in kept]
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        raise refused(path, f"的表头重复:{'、'.join(twice)}", f"has repeated headings: {', '.join(twice)}")
    if len(used) < 2:
        raise refused(path, "没有表头或只有一列", "has no heading row, or one column only")
    return table.select(kept).rename_columns(used)


def _utf8(path: Path, encoding: str | None) -> tuple[bytes, list[Text]]:
    """The file in UTF-8 without a mark: as it is, or from the encoding stated, else from GB18030."""
    data = path.read_bytes()
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    tried = [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]
    where = ""
    for name in tried:
        try:
            found, nul = recoded(data, name)
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n")
            if encoding is None and name.startswith("utf-8") and not data[: error.start].rpartition(b"\n")[0].isascii():
                raise _mixed(path, row) from error
            where = f"第 {row} 行" if row else "表头"
            continue
        except LookupError as error:
            known = "UTF-8、GB18030"
            raise refused(path, f"的编码“{name}”无法识别,可用 {known}", f"has an unknown encoding {name!r}") from error
        if nul:
            raise refused(
                path, "含空字符,既不是文本也不是可识别的格式", "holds NUL characters: neither text nor a known format"
            )
        notes = [] if name.startswith("utf-8") else [Text(f"编码:{name.upper()}", f"encoding: {name.upper()}")]
        return found, notes
    known = "、".join(name.upper().removesuffix("-SIG") for name in tried)
    hint = "请用 --encoding 说明" if encoding is None else "请核对 --encoding"
    raise refused(path, f"不是 {known} 编码({where}),{hint}", f"is not {known} (at {where}); check --encoding")


def _mixed(path: Path, row: int) -> BadInputError:
    """Whole lines of Chinese in UTF-8 and then none: GB18030 would read the first as nonsense."""
    return refused(
        path,
        f"第 {row} 行起不是 UTF-8,文件混用了编码;请另存为同一种编码后再导入",
        f"is not UTF-8 from row {row} on: it mixes encodings; save it in one and import again",
    )


def recoded(data: bytes, encoding: str) -> tuple[bytes, bool]:
    """The text in UTF-8 without a mark, and whether it holds NUL; UTF-8 itself is only checked, piece by piece."""
    if codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
        text = data.decode(encoding).removeprefix("\ufeff")
        return text.encode(), "\x00" in text
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), BLOCK):
        held = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + BLOCK], final=start + BLOCK >= len(data))
        except UnicodeDecodeError as error:
            at = start - held + error.start
            raise UnicodeDecodeError(encoding, data, at, at + 1, error.reason) from error
    return data.removeprefix(codecs.BOM_UTF8), b"\x00" in data


def _headings(path: Path, data: bytes, heading_row: int) -> tuple[list[str], str, int]:
    start = data[:1_000_000].decode("utf-8", "ignore")
    first = start.splitlines()[heading_row - 1 :][:1]
    rows: list[list[str]] = []
    delimiter = max(DELIMITERS, key=(first or [""])[0].count)
    for row in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter):
        rows.append([name.strip() for name in row])
        if len(rows) == heading_row:
            break
    if len(rows) < heading_row or len(rows[-1]) < 2:
        raise refused(path, "的表头行没有分隔符,不是表格", "has no delimiter in its heading row: not a table")
    names = rows[-1]
    if sum(map(bool, names)) < 2:
        raise refused(
            path, "首行只有一个单元格,像是表名;请用 --heading-row 说明表头在第几行",
            "has one cell in its first row, a title perhaps; say with --heading-row where the headings are",
        )  # fmt: skip
    return names, delimiter, len(names)


def _complete(path: Path, data: bytes, delimiter: str) -> None:
    """Quotes that never close, or close in the middle of a value, would swallow rows in silence."""
    if b'"' not in data:
        return
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=delimiter, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error as error:
        row = reader.line_num
        raise refused(
            path,
            f"不是完整的 CSV:第 {row} 行附近引号不成对({error})",
            f"is not a complete CSV near line {row}: {error}",
        ) from error
