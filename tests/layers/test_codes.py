"""Code lists, accident levels and check characters."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError, NotFoundError
from core.texts import Lang
from layers.codes import code_list, list_ids
from layers.codes.accidents import accident_level, level_rules
from layers.identifiers import cas_is_valid, organisation_code_is_valid, uscc_check_character, uscc_is_valid

TODAY = date(2026, 11, 24)
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("list_id", list_ids())
def test_a_list_has_each_code_once_and_a_word_for_it(list_id: str):
    codes = code_list(list_id)
    assert len({code.code for code in codes}) == len(codes) > 1
    assert all(code.title.zh and code.title.en for code in codes)


def test_a_code_is_labelled_in_both_languages():
    assert code_list("sector").label("hazchem") == "危险化学品"
    assert code_list("sector").label("hazchem", Lang.EN) == "Hazardous chemicals"
    assert code_list("sector").label("nothing") is None


def test_the_twenty_accident_types_keep_their_leading_zeros():
    codes = [code.code for code in code_list("accident_type")]
    assert codes == [*(f"0{i}" for i in range(1, 10)), *(f"0{i}" for i in range(10, 21))]


def test_labels_and_aliases_become_codes_and_unknown_words_stay():
    words = pa.array(["红", " 重大 ", "2", "紫", None])
    assert code_list("risk").codes_of(words).to_pylist() == ["1", "1", "2", "紫", None]
    assert code_list("industry").codes_of(pa.array(["2614", "C2614"])).to_pylist() == ["C2614", "C2614"]


def test_membership_is_asked_for_a_day():
    assert code_list("risk").members(pa.array([1, 5, None]), TODAY).to_pylist() == [True, False, None]


def test_an_unknown_list_is_said_by_name():
    with pytest.raises(NotFoundError, match="shoe-size"):
        code_list("shoe-size")


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "level"),
    [
        (0, 0, 0, 4), (2, 9, 9_999_999, 4), (3, 0, 0, 3), (0, 10, 0, 3), (0, 0, 10_000_000, 3), (9, 49, 0, 3),
        (10, 0, 0, 2), (0, 50, 0, 2), (0, 0, 50_000_000, 2), (30, 0, 0, 1), (0, 100, 0, 1), (0, 0, 100_000_000, 1),
    ],
)  # fmt: skip
def test_the_level_is_the_highest_any_one_measure_reaches(deaths: int, injuries: int, loss: float, level: int):
    assert int(accident_level(deaths, injuries, loss, TODAY)) == level


def test_levels_are_computed_for_whole_columns():
    assert accident_level(np.array([0, 3, 31]), np.zeros(3), np.zeros(3), TODAY).tolist() == [4, 3, 1]


def test_no_level_is_given_for_a_day_before_the_rule():
    with pytest.raises(BadInputError, match="2007-06-01"):
        accident_level(1, 0, 0, date(2007, 5, 31))
    assert all(rule.source and rule.status for rule in level_rules())


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999999), st.integers(0, 16))
def test_a_changed_character_is_noticed(body: str, region: int, place: int):
    code = f"91{region:06d}{body}"
    code += uscc_check_character(code)
    other = LETTERS[(LETTERS.index(code[place]) + 1) % 31]
    changed = code[:place] + other + code[place + 1 :]
    assert uscc_is_valid([code, changed]).tolist() == [True, False]


def test_real_credit_codes_are_judged_as_others_judge_them(test_data: Path):
    rows = list(csv.DictReader((test_data / "codes/uscc_cases.csv").read_text("utf-8").splitlines()))
    rows = [row for row in rows if row["expect"] in ("valid", "invalid(checksum)", "invalid(format)")]
    judged = uscc_is_valid([row["code"] for row in rows])
    wrong = [row for row, good in zip(rows, judged, strict=True) if good != (row["expect"] == "valid")]
    assert len(rows) > 190
    assert wrong == []


def test_organisation_codes_and_cas_numbers_have_check_digits():
    assert organisation_code_is_valid(["M5260181X", "M59083015", "M59083016", ""]).tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert cas_is_valid(["7664-41-7", "7782-50-5", "7782-50-6", "", "x"]).tolist() == [True, True, False, False, False]


def test_the_data_files_are_all_listed():
    import layers.codes

    files = {path.stem for path in (Path(layers.codes.__file__).parent / "data").glob("*.csv")}
    assert files - {"lists", "accident_level_rules", "retention_rules"} == set(list_ids())
