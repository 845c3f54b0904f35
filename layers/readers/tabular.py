"""CSV and XLSX tables. Neither runs anything: formulas are refused, and no GDAL driver guesses at the file."""

import csv
import io
import zipfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import shapely

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from gis import datum as datums
from gis.crs import gauss_kruger_code, moved
from layers.importing import plain
from layers.record import Datum

LARGEST = 200_000_000
LARGEST_UNPACKED = 500_000_000
WORST_RATIO = 100
DELIMITERS = ",\t;|"
EAST = ("lon", "lng", "longitude", "经度", "x", "x坐标", "东坐标", "横坐标")
NORTH = ("lat", "latitude", "纬度", "y", "y坐标", "北坐标", "纵坐标")
XLSX_MARK = b"PK\x03\x04"


def read_table(path: Path, *, encoding: str | None = None, datum: Datum | None = None) -> pa.Table:
    """The rows of a CSV or XLSX file as text columns; coordinates become `geometry` and `source_datum`.

    Raises BadInputError when the file is none of the two, too large, wrongly encoded or has no usable heading.
    """
    if path.stat().st_size > LARGEST:
        raise _refused(path, f"超过 {LARGEST // 1_000_000} MB", f"is larger than {LARGEST // 1_000_000} MB")
    data = path.read_bytes()
    rows = _sheet(path, data) if data.startswith(XLSX_MARK) else _lines(path, data, encoding)
    if not rows or len(rows[0]) < 2:
        raise _refused(path, "没有表头或只有一列", "has no heading row, or one column only")
    names = [name.strip() for name in rows[0]]
    if len(set(names)) != len(names) or "" in names:
        raise _refused(path, "表头有空列名或重复列名", "has empty or repeated headings")
    width = len(names)
    ragged = [n for n, row in enumerate(rows[1:], 1) if len(row) != width and any(row)]
    if ragged:
        rule = Text(f"应有 {width} 列", f"must have {width} columns")
        raise FaultsError([Fault(field="*", value=str(len(rows[n])), rule=rule, row=n) for n in ragged[:1000]])
    body = [row for row in rows[1:] if any(row)]
    columns = list(zip(*body, strict=True)) if body else [()] * width
    table = pa.table(
        {
            name: pa.array([v.strip() or None for v in column], pa.string())
            for name, column in zip(names, columns, strict=True)
        }
    )
    return _placed(table, datum)


def _refused(path: Path, zh: str, en: str) -> BadInputError:
    return BadInputError(Text(f"文件 {path.name} {zh}", f"file {path.name} {en}"), field="file", value=path.name)


def _lines(path: Path, data: bytes, encoding: str | None) -> list[list[str]]:
    if data[:4096].lstrip()[:1] == b"<":
        raise _refused(path, "是 XML(如 VRT、KML),不是表格", "is XML (such as VRT or KML), not a table")
    if b"\x00" in data[:4096]:
        raise _refused(path, "不是文本,也不是 XLSX", "is neither text nor XLSX")
    text = _decoded(path, data, encoding)
    head = text[:65536].splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=head.count)
    if head.count(delimiter) == 0:
        raise _refused(path, "首行没有分隔符,不是表格", "has no delimiter in its first line: not a table")
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
    except csv.Error as error:
        raise _refused(path, f"不是完整的 CSV:{error}", f"is not a complete CSV: {error}") from error


def _decoded(path: Path, data: bytes, encoding: str | None) -> str:
    tried = (encoding,) if encoding else ("utf-8-sig", "gb18030")
    for name in tried:
        try:
            return data.decode(name)
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n")
            where = f"第 {row} 行" if row else "表头"
        except LookupError as error:
            raise _refused(path, f"的编码“{name}”无法识别", f"has an unknown encoding {name!r}") from error
    known = "、".join(tried)
    raise _refused(path, f"不是 {known} 编码({where})", f"is not {known} (at row {row})")


def _sheet(path: Path, data: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if "[Content_Types].xml" not in archive.namelist():
                raise _refused(path, "是压缩包,不是 XLSX", "is an archive, not XLSX")
    except zipfile.BadZipFile as error:
        raise _refused(path, "已损坏,无法打开", "is damaged") from error
    if unpacked > LARGEST_UNPACKED or unpacked > WORST_RATIO * max(len(data), 1):
        raise _refused(path, "解压后过大,已拒绝", "unpacks to too much and is refused")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    try:
        rows = list(islice(book.worksheets[0].iter_rows(values_only=True), 2_000_000))
    finally:
        book.close()
    formulas = [
        Fault(
            field=str(rows[0][c]),
            value=str(v)[:80],
            rule=Text("单元格为公式,请改为数值", "is a formula; paste values"),
            row=n,
        )
        for n, row in enumerate(rows[1:], 1)
        for c, v in enumerate(row)
        if isinstance(v, str) and v.startswith("=")
    ]
    if formulas:
        raise FaultsError(formulas[:1000])
    return [[_text(value) for value in row] for row in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _named(names: Iterable[str], wanted: tuple[str, ...]) -> str | None:
    return next((name for name in names if plain(name) in wanted), None)


def _placed(table: pa.Table, datum: Datum | None) -> pa.Table:
    east, north = _named(table.column_names, EAST), _named(table.column_names, NORTH)
    if east is None or north is None:
        return table
    x, y = (_numbers(table, name) for name in (east, north))
    if (zone := gauss_kruger_code(x, y)) is not None:
        degrees = moved(np.column_stack([x, y]), zone, 4490)
        x, y, datum = degrees[:, 0], degrees[:, 1], Datum.GAUSS_KRUGER
    elif datum is Datum.GCJ02:
        x, y = datums.gcj02_to_wgs84(x, y)
    elif datum is Datum.BD09:
        x, y = datums.bd09_to_wgs84(x, y)
    known = np.isfinite(x) & np.isfinite(y)
    shapes = np.full(len(x), None, dtype=object)
    shapes[known] = shapely.points(x[known], y[known])
    table = table.drop_columns([east, north])
    table = table.append_column("geometry", pa.array(shapely.to_wkb(shapes).tolist(), pa.binary()))
    if "source_datum" not in table.column_names:
        table = table.append_column("source_datum", pa.array([(datum or Datum.CGCS2000).value] * table.num_rows))
    return table


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    faults, found = [], np.full(table.num_rows, np.nan)
    for row, value in enumerate(table[name].to_pylist()):
        if value is None:
            continue
        try:
            found[row] = float(value)
        except ValueError:
            faults.append(Fault(field=name, value=value[:80], rule=Text("应为数字", "must be a number"), row=row + 1))
    if faults:
        raise FaultsError(faults[:1000])
    return found
