"""Headings are recognised, stated ones win, and what nobody knows is said."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text
from layers.catalogue import CATALOGUE, ENTERPRISES, HOSPITALS
from layers.importing import headings, plain, understood
from layers.layer import Layer
from layers.readers.delivery import ROW, faults_table
from layers.validation import Rule, Terms

TERMS = Terms(on=date(2026, 11, 24))


@pytest.mark.parametrize("layer", CATALOGUE, ids=lambda layer: layer.id)
def test_a_file_headed_with_the_titles_is_recognised_whole(layer: Layer):
    for words in ([spec.title.zh for spec in layer.fields.values()], list(layer.fields)):
        how = headings(layer, words)
        assert [how.fields.get(name) for name in layer.fields] == words
        assert how.unused == ()


def test_case_spaces_and_bracketed_remarks_do_not_matter():
    how = headings(ENTERPRISES, [" 统一社会信用代码(必填)", "企业 名称", "Sector", "风险等级[红橙黄蓝]", "备注"])
    assert set(how.fields) == {"uscc", "name", "sector", "risk"}
    assert how.unused == ("备注",)


def test_a_stated_heading_wins_and_may_serve_two_fields():
    how = headings(HOSPITALS, ["编号", "名称"], stated={"code": "名称", "name": "名称"})
    assert (how.fields["code"], how.fields["name"], how.unused) == ("名称", "名称", ("编号",))


def test_the_keys_own_name_stays_the_key_when_it_also_serves_another_field():
    how = headings(CATALOGUE["areas"], ["code", "name"], stated={"area": "code"})
    assert how.fields == {"area": "code", "name": "name", "code": "code"}


def test_a_file_without_a_key_names_no_more_columns_than_a_person_reads():
    table = pa.table({f"列{n}": ["甲"] for n in range(80)})
    with pytest.raises(BadInputError, match="等 80 列") as caught:
        understood(ENTERPRISES, table, TERMS)
    assert "列19" in caught.value.text.zh
    assert "列20" not in caught.value.text.zh


def test_a_stated_field_or_heading_that_does_not_exist_is_said():
    with pytest.raises(FaultsError) as caught:
        headings(HOSPITALS, ["编号"], stated={"shoe_size": "编号", "name": "店名"})
    assert {fault.value for fault in caught.value.faults} == {"shoe_size", "店名"}


def test_a_file_without_a_key_says_what_it_has_and_what_to_type():
    with pytest.raises(BadInputError, match="--map uscc=") as caught:
        understood(ENTERPRISES, pa.table({"店名": ["甲"]}), TERMS)
    assert "店名" in caught.value.text.zh


def test_a_constant_fills_a_column_the_file_does_not_have():
    table = pa.table({"信用代码": ["91330211M590830151"], "企业名称": ["甲"]})
    done = understood(ENTERPRISES, table, TERMS, constants={"sector": "危化"})
    assert done.checked.good["sector"].to_pylist() == ["hazchem"]


def test_the_division_codes_of_the_country_are_areas(test_data: Path):
    import pyarrow.csv

    path = test_data / "codes/modood_areas.csv"
    text = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in ("code", "name", "cityCode")})
    table = pyarrow.csv.read_csv(path, convert_options=text)
    how = {"code": "code", "name": "name", "parent": "cityCode", "area": "code"}
    done = understood(CATALOGUE["areas"], table, TERMS, stated=how, constants={"level": "区县"})
    assert done.checked.errors == 0
    assert done.checked.good.num_rows == len(path.read_text("utf-8").splitlines()) - 1 == 2978


LAYERS = st.sampled_from(list(CATALOGUE))


@given(LAYERS, st.randoms(use_true_random=False), st.lists(st.text(max_size=8), max_size=5))
def test_titles_are_recognised_in_any_order_and_amid_any_others(layer: Layer, order, others: list[str]):  # type: ignore[no-untyped-def]
    words = {name: order.choice([spec.name, spec.title.zh]) for name, spec in layer.fields.items()}
    known = {plain(word) for spec in layer.fields.values() for word in (spec.name, *spec.headers, *_texts(spec.title))}
    strange = sorted({word for word in others if plain(word) and plain(word) not in known} - {"geometry", ROW})
    given_ = [*words.values(), *strange]
    order.shuffle(given_)
    how = headings(layer, given_)
    assert {name: how.fields[name] for name in words} == words
    assert set(how.unused) == set(strange)


def _texts(title: Text) -> tuple[str, str]:
    return title.zh, title.en


@given(LAYERS, st.lists(st.text(max_size=10), max_size=8, unique=True))
def test_no_heading_is_used_for_two_fields_unasked(layer: Layer, words: list[str]):
    how = headings(layer, words)
    assert len(set(how.fields.values())) == len(how.fields)
    assert set(how.fields.values()) | set(how.unused) | {"geometry", ROW} >= set(words)


@given(st.text(st.characters(exclude_characters="(([【))]】"), max_size=20))
def test_spaces_and_remarks_never_change_a_heading(word: str):
    assert plain(f" {word} (必填)") == plain(word)
    assert plain(word) == plain(plain(word))


def test_faults_are_told_by_the_rows_of_the_file_and_unread_rows_are_counted():
    table = pa.table({
        "信用代码": ["91330211M590830151", "91330203M5260181XX"], "企业名称": ["甲", ""], "行业": ["危化", "危化"],
        ROW: pa.array([3, 7]),
    })  # fmt: skip
    columns = Text("应有 3 列", "must have 3 columns")
    ragged = [Fault(field="*", value="2", rule=columns, row=5), Fault(field="经度", value="x", rule=columns, row=3)]
    done = understood(ENTERPRISES, table, TERMS, found=faults_table(ragged, Rule.TYPE))
    assert (done.rows, done.refused, done.unread) == (3, 3, 1)
    said = [(fault.row, fault.key, fault.field) for fault in done.checked.listed() if fault.severity == "error"]
    assert said == [(3, "91330211M590830151", "经度"), (5, None, "*"), (7, "91330203M5260181XX", "name")]
    assert not [fault for fault in done.checked.listed() if fault.row == 3 and fault.field == "geometry"]
