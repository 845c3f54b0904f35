"""CSV with a header: `point,ts,v` and where needed `q,element,layer`, or the same in Chinese; UTF-8 or GB 18030."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from core.errors import BadInputError
from core.texts import Text
from monitoring.formats.columns import sent
from monitoring.readings import FAULTS_SHOWN, MOST_ROWS, Sent

NAMES = {
    "point": ("point", "code", "监测点编码", "点位编码", "传感器编码"),
    "ts": ("ts", "at", "time", "时间", "采集时间", "监测时间"),
    "v": ("v", "value", "数值", "监测值"),
    "q": ("q", "quality", "质量"),
    "element": ("element", "要素"),
    "layer": ("layer", "图层"),
}
CELLS = Text("格数与表头不符", "has not as many cells as the header")
LONGEST_LINE = 1 << 20
_NUMBER = r"^\s*[+-]?(\d{1,300}(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*$"
_INTEGER = r"^\s*\d{1,15}\s*$"


def from_csv(body: bytes, most: int = MOST_ROWS) -> Sent:
    """The readings of a table; empty cells are no value."""
    try:
        body.decode()
        encoding = "utf8"
    except UnicodeDecodeError:
        encoding = "gb18030"
    misshapen: list[tuple[int, str]] = []

    def left_out(row: pa.csv.InvalidRow) -> str:
        misshapen.append((row.number - 1, row.text))
        return "skip"

    header = body.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode(encoding, errors="replace")
    titles = [cell.strip().strip('"') for cell in header.strip().split(",")]
    named = {title: name for name, words in NAMES.items() for title in titles if title.lower() in words}
    lacking = [name for name in ("point", "ts", "v") if name not in named.values()]
    if lacking or len(set(named.values())) < len(named):
        said = ", ".join(lacking) or "twice the same column"
        raise BadInputError(
            Text(
                f"表头“{header.strip()[:200]}”须含 point、ts、v 各一列({said})",
                f"the header {header.strip()[:200]!r} must have one column each of point, ts, v ({said})",
            ),
            field="header",
        )
    try:
        table = pa.csv.read_csv(
            io.BytesIO(body),
            read_options=pa.csv.ReadOptions(encoding=encoding, use_threads=False, block_size=max(len(body), 1) + 1),
            parse_options=pa.csv.ParseOptions(invalid_row_handler=left_out),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(titles, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except (pa.ArrowException, UnicodeDecodeError, ValueError) as error:
        raise BadInputError(Text(f"不是可读的 CSV:{error}", f"not a readable CSV: {error}"), field="body") from error
    missing = {number for number, _ in misshapen}
    total = table.num_rows + len(missing)
    rows = np.array([n for n in range(1, total + 1) if n not in missing] if missing else range(1, total + 1), np.int32)
    columns = {name: table[title].combine_chunks() for title, name in named.items() if title in table.column_names}
    columns["v"] = _as(columns["v"], _NUMBER, pa.float64())
    columns["ts"] = _as(columns["ts"], _INTEGER, pa.int64())
    if "q" in columns:
        columns["q"] = _as(columns["q"], _INTEGER, pa.int64())
    found = sent(columns, table.num_rows, rows, most=most) if total <= most else sent({}, total, most=most)
    shown = misshapen[:FAULTS_SHOWN]
    found.faults.note("reading", CELLS, [n for n, _ in misshapen], [text for _, text in shown])
    return Sent(found.table, total, found.faults)


def _as(column: pa.Array, pattern: str, wanted: pa.DataType) -> pa.Array | list[object]:
    """The numbers of a column of texts; where not all are, its texts, so that each wrong one can be named."""
    text = pc.utf8_trim_whitespace(column)
    right = pc.match_substring_regex(text, pattern)
    if pc.all(right, min_count=0).as_py() is not False:
        try:
            return text.cast(wanted)
        except pa.ArrowInvalid:
            return text
    if wanted == pa.float64() or pc.any(right).as_py():
        return [_plain(one, ok) for one, ok in zip(text.to_pylist(), right.to_pylist(), strict=True)]
    return text


def _plain(text: str | None, number: bool | None) -> object:
    if text is None or not number:
        return text
    return float(text) if not text.isdigit() else int(text)
