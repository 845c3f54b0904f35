"""Headings are recognised, stated ones win, and what nobody knows is said."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from core.errors import BadInputError, FaultsError
from layers.catalogue import CATALOGUE, ENTERPRISES, HOSPITALS
from layers.importing import headings, understood
from layers.layer import Layer
from layers.validation import Terms

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
