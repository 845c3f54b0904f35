"""JSON that is none is refused by the field that is wrong, where that can be told."""

import pytest

from core.errors import BadInputError
from ogc.json_body import json_of


@pytest.mark.parametrize("said", ["NaN", "-Infinity", "1e400"])
def test_a_value_that_is_no_number_names_its_field(said: str) -> None:
    with pytest.raises(BadInputError) as refused:
        json_of(f'{{"code": "SJ1", "facts": {{"deaths": {said}}}}}'.encode())
    assert refused.value.facts["field"] == "deaths"
    assert said in refused.value.text.zh


def test_other_faults_name_the_place() -> None:
    with pytest.raises(BadInputError, match="第 8 个字符") as refused:
        json_of(b'{"a": 1,}')
    assert refused.value.facts["field"] == "body"
