"""The guidebook's table: read whole with its edition, or refused naming each row and column."""

from pathlib import Path

import pytest

from core.errors import FaultsError
from emergency.chemicals import substance
from emergency.erg import COLUMNS, Spill, green_table, green_table_of

HEAD = ",".join(COLUMNS)
ROW = "1017,some gas,small,60,300,1100,2000 edition,copied by the site"
LARGE = "1017,some gas,large,300,3000,11000+,2000 edition,copied by the site"


def test_rows_are_found_by_the_un_number_of_a_substance_small_spills_first() -> None:
    table = green_table_of("\n".join([HEAD, LARGE, ROW]))
    small, large = table.of(substance("7782-50-5"))
    assert (small.spill, large.spill, table.edition) == (Spill.SMALL, Spill.LARGE, "2000 edition")
    assert (large.protect_night.metres, large.protect_night.more) == (11000.0, True)
    assert table.of(substance("71-43-2")) == ()


def test_no_file_is_no_table(tmp_path: Path) -> None:
    assert green_table(tmp_path / "erg.csv") is None


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("17,a,small,1,1,1,e,s", "un"), ("1017,a,medium,1,1,1,e,s", "spill"), ("1017,a,small,0,1,1,e,s", "isolation_m"),
        ("1017,a,small,1,1 km,1,e,s", "protect_day_m"), ("1017,,small,1,1,1,e,s", "name"),
        ("1017,a,small,1,1,1,,s", "edition"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_row(row: str, field: str) -> None:
    with pytest.raises(FaultsError) as refused:
        green_table_of(f"{HEAD}\n{row}")
    assert [(one.field, one.row) for one in refused.value.faults] == [(field, 2)]


def test_one_table_is_of_one_edition_and_says_nothing_twice() -> None:
    with pytest.raises(FaultsError) as refused:
        green_table_of("\n".join([HEAD, ROW, ROW, LARGE.replace("2000", "2004")]))
    assert {one.field for one in refused.value.faults} == {"edition", "un"}


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FaultsError) as refused:
        green_table_of("un,name\n1017,a")
    assert {one.field for one in refused.value.faults} == set(COLUMNS) - {"un", "name"}
