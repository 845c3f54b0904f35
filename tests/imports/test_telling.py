"""What a clerk reads after an import: errors first, each kind once, and what to do."""

from pathlib import Path

import pyarrow as pa
import shapely

from app.imports.tables import Wish
from app.imports.telling import told
from layers.readers.delivery import Stated
from layers.readers.process import read
from layers.record import Datum
from tests.imports.conftest import Take

BALTIMORE = shapely.to_wkb(shapely.Point(-76.6, 39.3))
FIRMS = pa.table({
    "信用代码": ["91330211M590830151", "91330203M5260181XX", "91330206M661318633"],
    "企业名称": ["甲", "", ""],
    "行业": ["危化", "矿山", "面点"],
})  # fmt: skip


def test_errors_stand_before_warnings_and_each_kind_is_said_once_with_its_rows(take: Take):
    lines = [line for line in told(take("enterprises", FIRMS)) if line.startswith("  [")]
    marks = [line.split("]")[0] for line in lines]
    assert marks == sorted(marks, key=["  [错误", "  [提醒"].index)
    assert len([line for line in lines if "没有坐标" in line]) == 1
    everything = "\n".join(told(take("enterprises", FIRMS)))
    assert "2 行:第 2 行、第 3 行" in everything
    assert "第 3 行“面点”" in everything


def test_a_thousand_faults_of_one_kind_take_two_lines(take: Take):
    many = pa.table({"code": [f"H{n}" for n in range(1000)], "name": ["甲"] * 1000})
    lines = list(told(take("hospitals", many, Wish(dry_run=True))))
    assert len(lines) < 15
    assert any("1000 行:第 1 行、第 2 行、第 3 行、第 4 行、第 5 行 等" in line for line in lines)


def test_places_abroad_are_told_with_what_to_do(take: Take):
    table = pa.table({"code": ["H1"], "name": ["甲"], "geometry": pa.array([BALTIMORE], pa.binary())})
    assert "--anywhere" in "\n".join(told(take("hospitals", table)))


def test_a_refused_file_is_not_said_to_be_kept(take: Take):
    lines = "\n".join(told(take("enterprises", FIRMS)))
    assert "未装入任何行" in lines
    assert "已装入" not in lines


def test_a_file_without_rows_of_the_layer_says_so(take: Take):
    nothing = pa.table({"code": pa.array([], pa.string()), "name": pa.array([], pa.string())})
    assert "没有属于该图层的行" in "\n".join(told(take("hospitals", nothing)))


def test_a_table_that_does_not_state_its_datum_is_warned_of(tmp_path: Path):
    file = tmp_path / "医院.csv"
    file.write_text("编号,医院名称,经度,纬度\nH1,甲,121.5,29.9\n", "utf-8")
    assert [note.zh[:6] for note in read(file, Stated()).notes] == ["未说明坐标系"]
    said = [note.zh for note in read(file, Stated(datum=Datum.GCJ02)).notes]
    assert said == ["来源坐标系:GCJ-02"]
