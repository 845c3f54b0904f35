"""A later delivery with fewer columns changes what it has and leaves the rest, unless whole rows are asked for."""

import pyarrow as pa
import pytest
import shapely

from app.imports.tables import Wish
from app.imports.telling import told
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ENTERPRISES
from layers.catalogue.enterprises import Enterprise
from store.protocol import Store
from tests.imports.conftest import Take

PLACE = shapely.to_wkb(shapely.Point(121.55, 29.95))
LEDGER = pa.table({
    "信用代码": ["91330211M590830151", "91330206M661318633"], "企业名称": ["甬江化工", "北仑机械"],
    "行业": ["危化", "机械"], "从业人数": ["120", "46"], "联系电话": ["0574-1", "0574-2"],
    "行政区划代码": ["330211", "330206"], "geometry": pa.array([PLACE, PLACE], pa.binary()),
    "许可证": ["甲;乙", ""], "成立日期": ["2001-02-03", ""],
})  # fmt: skip


def kept(store: Store, key: str = "91330211M590830151") -> Enterprise:
    record = store.get(ENTERPRISES, key, scope=SYSTEM_SCOPE).record
    assert isinstance(record, Enterprise)
    return record


@pytest.fixture
def ledger(take: Take) -> None:
    assert take("enterprises", LEDGER).status == 0


@pytest.mark.usefixtures("ledger")
def test_columns_the_file_lacks_keep_their_values_and_that_is_said(store: Store, take: Take):
    before = kept(store)
    outcome = take("enterprises", pa.table({"信用代码": ["91330211M590830151"], "风险等级": ["红"]}))
    assert (outcome.status, outcome.loaded.changed) == (0, 1)
    assert kept(store) == before.model_copy(update={"risk": 1})
    lines = "\n".join(told(outcome))
    assert "文件没有的列保持原值:单位名称、" in lines
    assert "(已有的 1 行)" in lines
    assert "没有坐标" not in lines


@pytest.mark.usefixtures("ledger")
def test_an_empty_cell_empties_the_field(store: Store, take: Take):
    take("enterprises", pa.table({"信用代码": ["91330211M590830151"], "从业人数": [""]}))
    assert (kept(store).employees, kept(store).principal_phone) == (None, "0574-1")


@pytest.mark.usefixtures("ledger")
def test_whole_rows_are_replaced_when_that_is_asked_for(store: Store, take: Take):
    row = LEDGER.slice(0, 1).select(["信用代码", "企业名称", "行业", "行政区划代码"])
    outcome = take("enterprises", row, Wish(replace=True))
    assert (kept(store).employees, kept(store).geometry, kept(store).permits) == (None, None, ())
    assert "保持原值" not in "\n".join(told(outcome))


@pytest.mark.usefixtures("ledger")
def test_a_part_of_the_columns_with_the_same_values_changes_nothing(store: Store, take: Take):
    head = store.head()
    outcome = take("enterprises", LEDGER.select(["信用代码", "企业名称"]))
    assert (outcome.loaded.unchanged, store.head()) == (2, head)


@pytest.mark.usefixtures("ledger")
def test_a_new_row_needs_its_required_columns_and_a_known_one_does_not(take: Take):
    both = pa.table({"信用代码": ["91330211M590830151", "91330203M526018100"], "从业人数": ["1", "2"]})
    outcome = take("enterprises", both)
    errors = [(f.row, f.field) for f in outcome.done.checked.listed() if f.severity == "error"]
    assert (outcome.status, [row for row, _ in errors]) == (1, [2] * len(errors))
    assert {"name", "sector"} <= {field for _, field in errors}
