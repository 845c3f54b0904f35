"""CSV and XLSX files a clerk may deliver, good and bad."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
import shapely

from core.errors import BadInputError, FaultsError
from layers.readers.tabular import read_table
from layers.record import Datum

ROWS = "编码,名称,可容纳人数,经度,纬度\nS1,云湖体育馆,1200,121.80,33.10\nS2,望海公园,800,121.90,33.20\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_whichever_way_it_is_encoded(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS.encode(encoding))
    table = read_table(tmp_path / "a.csv")
    assert table["名称"].to_pylist() == ["云湖体育馆", "望海公园"]
    assert shapely.from_wkb(table["geometry"][0].as_py()).coords[0] == (121.80, 33.10)


def test_a_spreadsheet_is_read_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in csv_rows():
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx")["可容纳人数"].to_pylist() == ["1200", "800"]


def csv_rows() -> list[list[object]]:
    head, *rows = [line.split(",") for line in ROWS.splitlines()]
    return [[*head], *([a, b, int(c), float(d), float(e)] for a, b, c, d, e in rows)]


def test_a_gcj02_table_is_moved_by_hundreds_of_metres(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS)
    plain, moved = (read_table(tmp_path / "a.csv", datum=d) for d in (None, Datum.GCJ02))
    a, b = (shapely.from_wkb(t["geometry"][0].as_py()) for t in (plain, moved))
    assert 0.002 < a.distance(b) < 0.01
    assert moved["source_datum"].to_pylist() == ["GCJ-02", "GCJ-02"]


def test_zoned_eastings_are_recognised(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编码,X坐标,Y坐标\nS1,40668000,3664000\n")
    table = read_table(tmp_path / "a.csv")
    assert table["source_datum"].to_pylist() == ["CGCS2000-GK"]
    assert 121 < shapely.from_wkb(table["geometry"][0].as_py()).x < 123


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "XML"),
        (b"\x00\x01\x02" * 4_000_000, "neither text"),
        (b"no delimiter at all\n" * 10, "delimiter"),
        (b"a,a\n1,2\n", "repeated"),
        ('名称,"未闭合\n1,2\n'.encode(), "complete CSV"),
        (b"\xff\xfe\x81,\xff\n1,2\n", "is not"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(BadInputError, match=said):
        read_table(tmp_path / "bad.csv")


def test_the_row_with_the_wrong_number_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS.replace("121.90", "东经121度"))
    with pytest.raises(FaultsError) as refused:
        read_table(tmp_path / "a.csv")
    assert [(f.row, f.field, f.value) for f in refused.value.faults] == [(2, "经度", "东经121度")]


def test_formulas_are_not_run_but_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编码", "名称"])
    book.active.append(["S1", "=HYPERLINK(1)"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(FaultsError, match="formula"):
        read_table(tmp_path / "a.xlsx")


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    with pytest.raises(BadInputError, match="too much"):
        read_table(tmp_path / "bomb.xlsx")
