"""Identification and grading by GB 18218-2018, every step with its clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from app.cli import command_line
from core.errors import BadInputError, FaultsError, NotFoundError
from emergency.chemicals import Status, is_cas
from emergency.gb18218 import Holding, categories, correction, entries, entry, grade, hazard_level, named_gases

AMMONIA = Holding(mass=100e3, cas="7664-41-7", name="氨")
CHLORINE = Holding(mass=60e3, cas="7782-50-5", name="氯")


def test_the_worked_case_of_the_method_comes_out_right() -> None:
    found = grade([AMMONIA, CHLORINE], people=60)
    assert (found.s, found.alpha, found.level) == (pytest.approx(22), 1.5, 1)
    assert found.r == pytest.approx(102)
    assert [step.symbol for step in found.steps] == [
        "q/Q(氨)", "β(氨)", "q/Q(氯)", "β(氯)", "S", "α", "R", "级别"
    ]  # fmt: skip
    assert all(step.clause.zh and step.how.zh for step in found.steps)
    assert [step.clause.zh for step in found.steps[-4:]] == ["4.2", "4.3 表5", "4.3", "4.3 表6"]


def test_below_the_threshold_there_is_no_major_hazard_source() -> None:
    found = grade([Holding(mass=4.9e3, cas="7782-50-5")], people=500)
    assert (found.is_major, found.level) == (False, None)
    assert "不构成" in found.steps[-1].how.zh
    assert grade([Holding(mass=5e3, cas="7782-50-5")], people=0).level == 4


def test_what_table_1_does_not_name_goes_by_its_category() -> None:
    found = grade([Holding(mass=500e3, name="某有机溶剂", category="W5.3")], people=0)
    assert found.s == pytest.approx(0.5)
    assert grade([Holding(mass=1e3, name="氟", category="J1")], people=30).r == pytest.approx(1.2 * 4 * 1)


def test_an_inferred_category_says_that_it_is_inferred() -> None:
    steps = grade([Holding(mass=50e3, cas="71-43-2")], people=0).steps
    assert "推定" in next(step.how.zh for step in steps if step.symbol.startswith("β"))


def test_every_holding_that_cannot_be_placed_is_named() -> None:
    with pytest.raises(FaultsError) as refused:
        grade(
            [
                AMMONIA,
                Holding(mass=1.0, name="某物"),
                Holding(mass=-1.0, cas="7782-50-5"),
                Holding(mass=1.0, name="氟"),
            ],
            people=0,
        )
    assert [(one.row, one.value) for one in refused.value.faults] == [(2, "某物"), (3, "7782-50-5"), (4, "氟")]
    with pytest.raises(FaultsError, match="W99"):
        grade([Holding(mass=1.0, name="某物", category="W99")], people=0)
    with pytest.raises(BadInputError, match="-1"):
        correction(-1)


def test_rows_that_share_a_number_are_told_apart_by_name() -> None:
    assert entry("6484-52-2", "硝酸铵(含可燃物≤0.2%)").threshold == 50e3
    with pytest.raises(NotFoundError, match="43、44"):
        entry("6484-52-2")
    assert entry(name="煤气").threshold == 20e3
    assert entry(name="光气").serial == 6


def test_the_tables_are_whole_and_their_numbers_are_right() -> None:
    assert [row.serial for row in entries()] == list(range(1, 86))
    assert all(is_cas(cas) for row in entries() for cas in row.cas)
    assert len(categories()) == 24
    assert len(named_gases()) == 14
    assert {row.status for row in (*entries(), *categories().values())} == {Status.UNVERIFIED}
    assert all(row.category in categories() for row in entries() if row.category)


@given(st.floats(1.0, 1e7), st.floats(1.0, 1e7), st.integers(0, 10_000))
def test_more_of_anything_is_never_graded_milder(less: float, more: float, people: int) -> None:
    less, more = sorted((less, more))
    mild, grave = (grade([Holding(mass=mass, cas="7782-50-5")], people) for mass in (less, more))
    assert grave.r >= mild.r
    assert (grave.level or 5) <= (mild.level or 5)
    assert correction(people + 1) >= correction(people)
    assert hazard_level(grave.r) <= hazard_level(mild.r)


def said(*words: str) -> Result:
    return CliRunner().invoke(command_line("chemical", "model"), ["chemical", "grade", *words])


def test_the_command_shows_every_step() -> None:
    found = said("--people", "60", "7664-41-7=100", "液氯=60", "某溶剂@W5.3=200")
    assert found.exit_code == 0, found.exception
    assert "一级危险化学品重大危险源" in found.output
    assert "未与印刷本逐行核对" in found.output
    assert isinstance(said("--people", "1", "液氯").exception, BadInputError)
    assert isinstance(said("--people", "1", "硝酸铵=10").exception, FaultsError)
    assert said("--people", "1", "硝酸铵(含可燃物≤0.2%)=60").exit_code == 0
