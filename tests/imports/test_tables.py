"""CSV and XLSX files a clerk may deliver, good and bad; read here, for these files are the test's own."""

import csv
import io
import string
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInputError
from layers.readers import process
from layers.readers.confinement import Limits
from layers.readers.delimited import BLOCK, recoded
from layers.readers.delivery import ROW, Delivery, Stated
from layers.readers.dispatch import delivery
from layers.record import Datum

ROWS = "编码,名称,可容纳人数,经度,纬度\nS1,云湖体育馆,1200,121.80,33.10\nS2,望海公园,800,121.90,33.20\n"


def read(path: Path, stated: Stated | None = None) -> Delivery:
    return delivery(path, stated or Stated(), path.parent, lambda _: None)


def of_text(folder: Path, text: str, stated: Stated | None = None) -> Delivery:
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    return read(folder / "a.csv", stated)


def faults(found: Delivery) -> list[tuple[int, str, str]]:
    return [(f["row"], f["field"], f["value"]) for f in found.faults.to_pylist()]


def places(found: Delivery) -> list[tuple[float, float] | None]:
    shapes = [None if w is None else shapely.from_wkb(w) for w in found.table["geometry"].to_pylist()]
    return [None if shape is None else (shape.x, shape.y) for shape in shapes]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_whichever_way_it_is_encoded(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS.encode(encoding))
    found = read(tmp_path / "a.csv")
    assert found.table["名称"].to_pylist() == ["云湖体育馆", "望海公园"]
    assert places(found)[0] == (121.80, 33.10)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_common_delimiter_is_seen(tmp_path: Path, delimiter: str) -> None:
    assert of_text(tmp_path, ROWS.replace(",", delimiter)).table["可容纳人数"].to_pylist() == ["1200", "800"]


def test_a_spreadsheet_is_read_like_a_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in csv_rows():
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert found.table["可容纳人数"].to_pylist() == ["1200", "800"]
    assert places(found) == [(121.80, 33.10), (121.90, 33.20)]


def csv_rows() -> list[list[object]]:
    head, *rows = [line.split(",") for line in ROWS.splitlines()]
    return [[*head], *([a, b, int(c), float(d), float(e)] for a, b, c, d, e in rows)]


def test_dates_times_and_ticks_of_a_spreadsheet_are_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编码", "日期", "时间", "有效"])
    book.active.append(["S1", date(2026, 11, 24), datetime(2026, 11, 24, 8, 30), True])  # noqa: DTZ001 as Excel keeps it
    book.save(tmp_path / "a.xlsx")
    row = read(tmp_path / "a.xlsx").table.to_pylist()[0]
    assert (row["日期"], row["时间"], row["有效"]) == ("2026-11-24 00:00:00", "2026-11-24 08:30:00", "是")


def test_the_sheet_is_chosen_by_name_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("说明", "台账"):
        sheet = book.active if title == "说明" else book.create_sheet(title)
        sheet.title = title
        sheet.append(["编码", title])
        sheet.append(["1", "x"])
    book.save(tmp_path / "a.xlsx")
    assert "台账" in read(tmp_path / "a.xlsx").notes[0].zh
    assert "台账" in read(tmp_path / "a.xlsx", Stated(table="台账")).table.column_names
    with pytest.raises(BadInputError, match="没有工作表“别的”,现有:说明、台账"):
        read(tmp_path / "a.xlsx", Stated(table="别的"))


def test_headings_below_a_title_are_found_where_they_are_said_to_be(tmp_path: Path) -> None:
    titled = "避难场所一览表,,,,\n" + ROWS
    with pytest.raises(BadInputError, match="--heading-row"):
        of_text(tmp_path, titled)
    found = of_text(tmp_path, titled, Stated(heading_row=2))
    assert (found.table["编码"].to_pylist(), found.table[ROW].to_pylist()) == (["S1", "S2"], [1, 2])


def test_a_gcj02_table_is_moved_by_hundreds_of_metres(tmp_path: Path) -> None:
    plain, moved = (of_text(tmp_path, ROWS, Stated(datum=d)) for d in (None, Datum.GCJ02))
    a, b = (shapely.Point(places(t)[0]) for t in (plain, moved))
    assert 0.002 < a.distance(b) < 0.01
    assert moved.table["source_datum"].to_pylist() == ["GCJ-02", "GCJ-02"]


def test_zoned_eastings_are_recognised_row_by_row(tmp_path: Path) -> None:
    found = of_text(tmp_path, "编码,X坐标,Y坐标\nS1,40668000,3664000\nS2,39400000,3664000\nS3,21400000,3664000\n")
    assert found.table["source_datum"].to_pylist() == ["CGCS2000-GK"] * 3
    assert [round(place[0]) for place in places(found) if place] == [122, 116, 122]


def test_surveyors_x_is_the_northing_and_that_is_said(tmp_path: Path) -> None:
    found = of_text(tmp_path, "编码,X,Y\nS1,3664000,40668000\n")
    straight = of_text(tmp_path, "编码,X,Y\nS1,40668000,3664000\n")
    assert places(found) == places(straight)
    assert "测绘习惯" in found.notes[0].zh


def test_eastings_without_a_zone_need_their_system_stated(tmp_path: Path) -> None:
    rows = "编码,X坐标,Y坐标\nS1,668000,3664000\n"
    assert places(of_text(tmp_path, rows)) == [(668000.0, 3664000.0)]  # refused later, as not degrees
    zoned = of_text(tmp_path, "编码,X坐标,Y坐标\nS1,40668000,3664000\n")
    stated = of_text(tmp_path, rows, Stated(crs="EPSG:4549"))
    assert shapely.Point(places(stated)[0]).distance(shapely.Point(places(zoned)[0])) < 1e-9
    with pytest.raises(BadInputError, match="1954 北京坐标系"):
        of_text(tmp_path, rows, Stated(crs="EPSG:2437"))
    with pytest.raises(BadInputError, match="看不懂坐标系"):
        of_text(tmp_path, rows, Stated(crs="三度带"))


@pytest.mark.parametrize(
    ("east", "north"),
    [
        ("121°30′15″", "31°15′30″"),
        ("121°30'15\"E", "31°15'30\"N"),
        ("东经121度30分15秒", "北纬31度15分30秒"),
        ("E 121° 30′ 15″", "N 31° 15.5′"),
        ("121度30.25分", "31.258333333333333°"),
    ],
)
def test_degrees_minutes_and_seconds_are_understood_and_said(tmp_path: Path, east: str, north: str) -> None:
    (tmp_path / "a.csv").write_bytes(f"编码;经度;纬度\nS1;{east};{north}\nS2;121.5;31.2\n".encode())
    found = read(tmp_path / "a.csv")
    assert shapely.Point(places(found)[0]).distance(shapely.Point(121 + 30.25 / 60, 31 + 15.5 / 60)) < 1e-9
    assert places(found)[1] == (121.5, 31.2)
    assert "1 行坐标为度分秒" in found.notes[0].zh


def test_both_coordinates_may_share_a_column(tmp_path: Path) -> None:
    found = of_text(tmp_path, '编码;经纬度\nS1;"121.5,31.2"\nS2;121.6 31.3\nS3;\nS4;121.5\n')
    assert places(found) == [(121.5, 31.2), (121.6, 31.3), None, None]


@pytest.mark.parametrize("heading", ["WKT", "geometry", "几何"])
def test_well_known_text_is_geometry(tmp_path: Path, heading: str) -> None:
    line = '"LINESTRING (121 31, 121.1 31.1)"'
    found = of_text(tmp_path, f"编号,{heading}\nR1,{line}\nR2,\nR3,LINE 121 31\n")
    assert shapely.from_wkb(found.table["geometry"][0].as_py()).length == pytest.approx(0.1414, abs=1e-4)
    assert faults(found) == [(3, heading, "LINE 121 31")]


def test_well_known_text_is_moved_too(tmp_path: Path) -> None:
    line = '"LINESTRING (668000 3664000, 669000 3664000)"'
    found = of_text(tmp_path, f"编号,wkt\nR1,{line}\n", Stated(crs="EPSG:4549"))
    west, south, _, _ = shapely.from_wkb(found.table["geometry"][0].as_py()).bounds
    assert 121 < west < 123
    assert 33 < south < 34


def test_coordinate_columns_may_be_stated_and_others_kept_from_being_taken(tmp_path: Path) -> None:
    rows = "编码,厂东,厂北,经度,纬度\nS1,121.5,31.2,1,2\n"
    found = of_text(tmp_path, rows, Stated(coordinates={"lon": "厂东", "lat": "厂北"}))
    assert places(found) == [(121.5, 31.2)]
    assert "geometry" not in of_text(tmp_path, rows, Stated(spoken_for=("经度",))).table.column_names
    with pytest.raises(BadInputError, match="没有坐标列“厂西”"):
        of_text(tmp_path, rows, Stated(coordinates={"lon": "厂西"}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<OGRVRTDataSource><OGRVRTLayer/></OGRVRTDataSource>", "VRT"),
        (b"\x00\x01\x02" * 4_000_000, "neither text"),
        (b"no delimiter at all\n" * 10, "delimiter"),
        (b"a,a\n1,2\n", "repeated"),
        (b"a,b,\n1,2,3\n", "no heading over column 3"),
        ('名称,"未闭合\n1,2\n'.encode(), "complete CSV"),
        (b'a,b\n1,"2"3\n', "complete CSV"),
        (b"\xff\xfe\x81,\xff\n1,2\n\x00", "is not UTF-16"),
        (b"a,b\n\x81\xff,2\n", "is not UTF-8, GB18030|is not UTF-8、GB18030"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(BadInputError, match=said):
        read(tmp_path / "bad.csv")


def test_a_stated_encoding_that_is_not_the_files_is_refused_by_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS.encode("gb18030"))
    with pytest.raises(BadInputError, match="不是 UTF-8 编码\\(表头\\)"):
        read(tmp_path / "a.csv", Stated(encoding="utf-8"))
    with pytest.raises(BadInputError, match="“火星文”无法识别"):
        read(tmp_path / "a.csv", Stated(encoding="火星文"))


def test_a_file_of_two_encodings_is_refused_where_it_turns(tmp_path: Path) -> None:
    head, *rows = ROWS.splitlines(keepends=True)
    (tmp_path / "a.csv").write_bytes(head.encode() + "".join(rows).encode("gb18030"))
    with pytest.raises(BadInputError, match="第 1 行起不是 UTF-8,文件混用了编码"):
        read(tmp_path / "a.csv")


def test_a_datum_nobody_stated_is_noted_for_degrees_only(tmp_path: Path) -> None:
    assert [note.zh[:6] for note in of_text(tmp_path, ROWS).notes] == ["未说明坐标系"]
    assert of_text(tmp_path, "编码,X坐标,Y坐标\nS1,668000,3664000\n").notes == ()


def test_the_row_with_the_wrong_number_is_named_and_the_others_stay(tmp_path: Path) -> None:
    found = of_text(tmp_path, ROWS.replace("121.90", "约121度多"))
    assert faults(found) == [(2, "经度", "约121度多")]
    assert places(found) == [(121.80, 33.10), None]


def test_rows_are_counted_as_the_clerk_counts_them(tmp_path: Path) -> None:
    found = of_text(tmp_path, '编码,名称\n1,甲\n\n,\n2,"乙\n乙"\n3,丙,多一列\n4,丁\n5\n')
    assert found.table[ROW].to_pylist() == [1, 4, 6]
    assert found.table["名称"].to_pylist() == ["甲", "乙\n乙", "丁"]
    assert faults(found) == [(5, "*", "3"), (7, "*", "1")]


def test_empty_columns_without_a_heading_are_left_out(tmp_path: Path) -> None:
    assert of_text(tmp_path, "编码,名称,,\n1,甲,,\n").table.column_names == ["编码", "名称", ROW]


def test_formulas_are_not_run_but_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["编码", "名称"])
    book.active.append(["S1", "甲"])
    book.active.append(["S2", "=HYPERLINK(1)"])
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert faults(found) == [(2, "名称", "=HYPERLINK(1)")]
    assert "公式" in found.faults["zh"][0].as_py()


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    with pytest.raises(BadInputError, match="too much"):
        read(tmp_path / "bomb.xlsx")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\ufeff"), max_size=20)
CELLS = st.one_of(TEXT, st.text('",\n \t;|=' + string.digits, max_size=10))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_whatever_is_written_as_csv_is_read_back(tmp_path: Path, rows: list[tuple[str, ...]], encoding: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["甲列", "乙列", "丙列"])
    writer.writerows(rows)
    (tmp_path / "a.csv").write_bytes(written.getvalue().encode(encoding))
    found = read(tmp_path / "a.csv", Stated(encoding=encoding, spoken_for=("甲列", "乙列", "丙列"))).table
    trimmed = [tuple(cell.strip() or None for cell in row) for row in rows]
    kept = [(number, row) for number, row in enumerate(trimmed, 1) if any(row)]
    read_back = zip(*(found[name].to_pylist() for name in ("甲列", "乙列", "丙列")), strict=True)
    assert list(read_back) == [row for _, row in kept]
    assert found[ROW].to_pylist() == [number for number, _ in kept]


def test_a_letter_cut_between_two_pieces_is_whole_and_a_bad_byte_is_found_where_it_is():
    data = b"a" * (BLOCK - 1) + "中\n".encode()
    assert recoded(data, "utf-8") == (data, False)
    with pytest.raises(UnicodeDecodeError) as caught:
        recoded(data + b"\xff", "utf-8")
    assert caught.value.start == len(data)
    with pytest.raises(UnicodeDecodeError):
        recoded(data[:-2], "utf-8")


def test_a_table_of_eighty_megabytes_is_read_within_a_gigabyte(tmp_path: Path):
    line = "云澜市盐港新区盐港镇人民路一号," * 40
    rows = 45_000
    file = tmp_path / "a.csv"
    file.write_text(",".join(f"列{n}" for n in range(41)) + "\n" + f"{line}完\n" * rows, "utf-8")
    found = process.read(file, Stated(), limits=Limits(memory=1 << 30))
    assert (found.table.num_rows, found.table.num_columns) == (rows, 41 + 1)  # and the number of the row
