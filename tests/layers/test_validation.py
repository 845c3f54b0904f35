"""Validation lists every fault, and only those."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError
from layers.catalogue import ACCIDENTS, CAMERAS, ENTERPRISES, ROADS, SENSORS, SITES
from layers.catalogue.sensing import Camera
from layers.cells import escaped
from layers.fields import FieldSpec, Kind, Title
from layers.layer import Layer
from layers.validation import Rule, Terms, check
from layers.validation.conversion import converted
from layers.validation.faults import write_faults
from layers.validation.quality import quality

TERMS = Terms(on=date(2026, 11, 24))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HERE = shapely.Point(121.5, 34.2).wkb


def firm(**changes: Any) -> dict[str, Any]:
    return {"uscc": "91330211M590830151", "name": "甲", "sector": "hazchem", "geometry": HERE} | changes


def found(layer: Layer, *rows: dict[str, Any], terms: Terms = TERMS) -> list[tuple[int | None, str, Rule, str]]:
    checked = check(layer, pa.Table.from_pylist(list(rows)), terms)
    return [(fault.row, fault.field, fault.kind, str(fault.severity)) for fault in checked.listed()]


def test_a_right_row_has_no_fault():
    assert found(ENTERPRISES, firm()) == []


@pytest.mark.parametrize(
    ("changes", "field", "rule"),
    [
        ({"name": ""}, "name", Rule.MISSING),
        ({"employees": "many"}, "employees", Rule.TYPE),
        ({"employees": "1.5"}, "employees", Rule.TYPE),
        ({"employees": "-1"}, "employees", Rule.RANGE),
        ({"name": "名" * 121}, "name", Rule.LENGTH),
        ({"sector": "面点"}, "sector", Rule.CODE),
        ({"risk": "5"}, "risk", Rule.CODE),
        ({"founded": "2021-02-29"}, "founded", Rule.TYPE),
        ({"blacklist": "也许"}, "blacklist", Rule.TYPE),
        ({"observed_at": "昨天"}, "observed_at", Rule.TYPE),
        ({"area": "33020"}, "area", Rule.AREA),
        ({"geometry": b"rubbish"}, "geometry", Rule.GEOMETRY),
        ({"geometry": shapely.LineString([(121, 30), (122, 31)]).wkb}, "geometry", Rule.GEOMETRY),
        ({"geometry": shapely.Point(34.2, 121.5).wkb}, "geometry", Rule.OUTSIDE),
        ({"geometry": shapely.Point(500_000, 3_300_000).wkb}, "geometry", Rule.OUTSIDE),
        ({"geometry": shapely.Point(2.3, 48.8).wkb}, "geometry", Rule.OUTSIDE),
    ],
)
def test_each_kind_of_fault_is_said(changes: dict[str, Any], field: str, rule: Rule):
    assert found(ENTERPRISES, firm(**changes)) == [(1, field, rule, "error")]


SECRET = "s3cret9"
BEARING = (
    f"rtsp://admin:{SECRET}@10.1.2.3/1", "rtsp://admin@10.1.2.3/1", f"http://a:{SECRET}/w@h/x",
    f"rtsp://10.1.2.3/live?user=admin&password={SECRET}", f"http://10.1.2.3/mjpg?usr=a&PWD={SECRET}&q=1",
    f"rtsp://10.1.2.3/user=admin_password={SECRET}_channel=1_stream=0.sdp", f"rtsp://10.1.2.3/1?token={SECRET}",
    f"http://10.1.2.3/videostream.cgi?loginuse=admin&loginpas={SECRET}", f"rtsp://10.1.2.3/1?password=_{SECRET}",
    f"rtsp://10.1.2.3/1?password={{user}}{SECRET}", f"rtsp://10.1.2.3/1?password={{password}}{SECRET}",
)  # fmt: skip
BARE = (
    "rtsp://10.1.2.3:554/Streaming/Channels/101?x=1", "rtsp://10.1.2.3/1?user={user}&password={password}",
    "rtsp://10.1.2.3/user={user}_password={password}_channel=1_stream=0.sdp", "rtsp://10.1.2.3/1?password=&channel=1",
    "rtsp://10.1.2.3/user=admin_password=_channel=1_stream=0.sdp", "http://10.1.2.3/x?bypass=1&design=2", "folder:gate",
)  # fmt: skip


@pytest.mark.parametrize("stream", BEARING)
def test_no_password_comes_into_the_register_with_the_address_of_a_stream(stream: str):
    camera = {"code": "C1", "name": "东门", "geometry": HERE}
    assert found(CAMERAS, camera | {"stream": stream}) == [(1, "stream", Rule.PATTERN, "error")]
    (fault,) = check(CAMERAS, pa.Table.from_pylist([camera | {"stream": stream}]), TERMS).listed()
    assert SECRET not in repr(fault), "nor is it repeated in what is said"


@pytest.mark.parametrize("stream", BARE)
def test_an_address_without_a_password_or_with_its_place_held_is_taken(stream: str):
    assert found(CAMERAS, {"code": "C1", "name": "东门", "geometry": HERE, "stream": stream}) == []


def test_a_camera_filed_before_passwords_were_refused_can_still_be_read():
    camera = {"code": "C1", "name": "东门", "geometry": shapely.Point(121.5, 34.2), "stream": BEARING[0]}
    assert Camera.model_validate(camera).stream == BEARING[0]


def test_every_fault_of_a_row_is_listed_at_once():
    faults = found(ENTERPRISES, firm(name="", sector="面点", employees="-1", founded="2021-02-29", area="x"))
    assert {field for _, field, _, _ in faults} == {"name", "sector", "employees", "founded", "area"}


def test_a_wrong_check_character_is_flagged_not_refused():
    checked = check(ENTERPRISES, pa.Table.from_pylist([firm(uscc="91330211M590830152")]), TERMS)
    assert (checked.errors, checked.warnings, checked.good.num_rows) == (0, 1, 1)


def test_a_row_without_a_place_is_let_in_with_a_warning():
    assert found(ENTERPRISES, firm(geometry=None)) == [(1, "geometry", Rule.GEOMETRY, "warning")]


def test_the_second_row_of_a_key_is_refused():
    assert found(ENTERPRISES, firm(), firm(name="乙")) == [(2, "uscc", Rule.DUPLICATE, "error")]


def test_a_missing_required_column_is_a_fault_of_every_row():
    rows = [{key: value for key, value in firm().items() if key != "sector"}]
    assert found(ENTERPRISES, *rows) == [(1, "sector", Rule.MISSING, "error")]


def test_a_column_of_another_layer_is_refused_by_name():
    with pytest.raises(BadInputError, match="shoe_size"):
        check(ENTERPRISES, pa.Table.from_pylist([firm(shoe_size="42")]), TERMS)


def test_a_required_reference_must_exist():
    square = shapely.box(121, 34, 121.01, 34.01).wkb
    rows = [{"code": "S1", "name": "厂", "enterprise": "nobody", "geometry": square}]
    terms = Terms(on=TERMS.on, known={"enterprises": pa.array(["91330211M590830151"])})
    assert found(SITES, *rows, terms=terms) == [(1, "enterprise", Rule.REFERENCE, "error")]


def test_area_codes_are_looked_up_where_they_are_known():
    terms = Terms(on=TERMS.on, areas=pa.array(["990101"]))
    assert found(ENTERPRISES, firm(area="990101"), firm(uscc="B", area="990199"), terms=terms)[-1][1:3] == (
        "area",
        Rule.AREA,
    )


def test_a_polygon_that_crosses_itself_is_refused():
    bow = shapely.Polygon([(121, 34), (122, 35), (122, 34), (121, 35)]).wkb
    rows = [{"code": "S1", "name": "厂", "enterprise": "x", "geometry": bow}]
    assert found(SITES, *rows) == [(1, "geometry", Rule.GEOMETRY, "error")]


def test_limits_of_a_sensor_must_rise():
    row = {"code": "LT-1", "name": "液位", "kind": "level", "unit": "%", "low": 80.0, "high": 20.0, "geometry": HERE}
    assert (1, "low", Rule.CONSISTENCY, "error") in found(SENSORS, row)


def test_an_accident_level_that_does_not_follow_from_its_losses_is_listed():
    row = {"code": "A", "name": "火灾", "kind": "火灾", "occurred_at": "2024-05-06 07:08", "level": "4", "deaths": "3"}
    assert (1, "level", Rule.CONSISTENCY, "warning") in found(ACCIDENTS, row)


def test_words_of_clerks_are_understood():
    row = firm(
        sector="危化", risk="红", employees="1,200", blacklist="否", key_chems="氯;液氨、甲醇", founded="2020年3月4日"
    )
    typed = check(ENTERPRISES, pa.Table.from_pylist([row]), TERMS).good.to_pylist()[0]
    assert (typed["sector"], typed["risk"], typed["employees"], typed["blacklist"]) == ("hazchem", 1, 1200, False)
    assert (typed["key_chems"], typed["founded"]) == (["氯", "液氨", "甲醇"], date(2020, 3, 4))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-02 03:04", datetime(2024, 1, 1, 19, 4, tzinfo=UTC)),
        ("2024/1/2 3:04:05", datetime(2024, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05Z", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2024-01-02T03:04:05.25-05:30", datetime(2024, 1, 2, 8, 34, 5, 250000, tzinfo=UTC)),
        ("2024年1月2日 3时4分", datetime(2024, 1, 1, 19, 4, tzinfo=UTC)),
    ],
)
def test_a_time_without_offset_is_chinese_time(text: str, moment: datetime):
    column, wrong = converted(pa.array([text]), _spec(Kind.DATETIME))
    assert column.to_pylist() == [moment]
    assert not wrong.any()


@given(st.lists(st.integers(-(10**14), 10**15).map(lambda us: EPOCH + timedelta(microseconds=us)), max_size=5))
def test_every_time_survives_its_text(moments: list[datetime]):
    column, wrong = converted(pa.array([moment.isoformat() for moment in moments], pa.string()), _spec(Kind.DATETIME))
    assert column.to_pylist() == moments
    assert not wrong.any()


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=5))
def test_every_number_survives_its_text(numbers: list[float]):
    column, wrong = converted(pa.array([repr(number) for number in numbers], pa.string()), _spec(Kind.REAL))
    assert column.to_pylist() == numbers
    assert not wrong.any()


@given(st.lists(st.text(max_size=12), max_size=4), st.sampled_from(list(Kind)))
def test_no_text_breaks_the_conversion(words: list[str], kind: Kind):
    column, wrong = converted(pa.array(words, pa.string()), _spec(kind))
    assert len(column) == len(wrong) == len(words)


@pytest.mark.parametrize("text", ["2016年8月", "2016-08", "August 2016", "Aug-16", "aug 2016"])
def test_a_month_without_a_day_is_kept_as_its_first_day_and_said(text: str):
    checked = check(ENTERPRISES, pa.Table.from_pylist([firm(founded=text)]), TERMS)
    assert checked.good["founded"].to_pylist() == [date(2016, 8, 1)]
    assert [(fault.field, str(fault.severity)) for fault in checked.listed()] == [("founded", "warning")]


def test_lines_may_be_single_or_many():
    row = {"code": "1", "kind": "motorway_link", "geometry": shapely.LineString([(121, 34), (121.1, 34)]).wkb}
    assert found(ROADS, row) == []


def test_the_fault_file_names_row_field_value_and_rule_and_runs_no_formula(tmp_path: Path):
    checked = check(ENTERPRISES, pa.Table.from_pylist([firm(sector='=HYPERLINK("x")')]), TERMS)
    write_faults(checked.faults, ENTERPRISES.fields, tmp_path / "faults.csv")
    rows = list(csv.reader((tmp_path / "faults.csv").read_text("utf-8-sig").splitlines()))
    assert rows[1] == [
        "1", "91330211M590830151", "sector", "监管行业", "'=HYPERLINK(\"x\")", "不在代码表“监管行业”中", "错误",
    ]  # fmt: skip
    write_faults(checked.faults, ENTERPRISES.fields, tmp_path / "faults.xlsx")
    book = openpyxl.load_workbook(tmp_path / "faults.xlsx", read_only=True)
    sheet = book.worksheets[0]
    assert [cell.data_type for cell in list(sheet.iter_rows())[1]][4] == "s"
    book.close()


@given(st.text(max_size=8))
def test_an_escaped_cell_never_starts_a_formula(cell: str):
    safe = escaped(cell)
    assert safe == cell or safe == "'" + cell
    assert safe[:1] not in ("=", "@", "\t", "\r")


def test_the_quality_report_counts_by_field_and_kind_of_fault():
    rows = [firm(), firm(uscc="B", sector="面点"), firm(uscc="C", employees="-1", name="")]
    table = pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [*((n, pa.string()) for n in ("uscc", "name", "sector", "employees")), ("geometry", pa.binary())]
        ),
    )
    checked = check(ENTERPRISES, table, TERMS)
    report = {line["field"]: line for line in quality(ENTERPRISES, checked).to_pylist()}
    assert (report["sector"]["wrong_code"], report["employees"]["out_of_range"], report["name"]["missing"]) == (1, 1, 1)
    assert report["uscc"]["wrong_check_digit"] == 2


def _spec(kind: Kind) -> FieldSpec:
    return FieldSpec(name="x", kind=kind, title=Title("列", "Column").text, required=False)
