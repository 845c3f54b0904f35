import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from core.errors import BadInputError
from core.texts import Lang, Text
from ogc.exceptions import OgcError, ows_report, service_report
from ogc.kvp import KVP, InvalidParameterError, MissingParameterError


@given(st.sampled_from(["layers", "LAYERS", "LaYeRs"]), st.text(min_size=1).filter(lambda t: t.strip() == t and t))
def test_names_fold_case_and_values_do_not(name: str, value: str) -> None:
    assert KVP([(name, value)]).text("Layers") == value


def test_the_first_of_two_values_counts() -> None:
    assert KVP.of_query("a=1&A=2")["a"] == "1"


def test_empty_items_of_a_list_stay() -> None:
    assert KVP([("styles", "a,,b")]).items_of("styles") == ("a", "", "b")
    assert KVP([("styles", "")]).items_of("styles") == ()


def test_an_absent_value_without_default_is_missing() -> None:
    with pytest.raises(MissingParameterError, match="bbox"):
        KVP([]).text("bbox")


@pytest.mark.parametrize("value", ["0", "1e3", "x", "4097", "-1"])
def test_a_number_out_of_bounds_is_refused(value: str) -> None:
    with pytest.raises(InvalidParameterError, match="width"):
        KVP([("width", value)]).integer("width", low=1, high=4096)


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(InvalidParameterError):
        KVP([("dpi", value)]).number("dpi", low=36, high=600)


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(BadInputError, match="too many"):
        KVP.of_query("&".join(f"p{i}=1" for i in range(500)))


def test_reports_escape_what_the_client_sent() -> None:
    from core.texts import Text

    error = OgcError("InvalidParameterValue", Text("值“<b>&”", "value"), locator='a"b')
    assert b"&lt;b&gt;&amp;" in ows_report(error).content()
    assert b"&lt;b&gt;&amp;" in service_report("X", error, version="1.1.1").content()


def test_what_a_client_sent_leaves_a_report_that_is_xml() -> None:
    odd = OgcError("OperationNotSupported", Text("不支持操作“a\x00\x1b<b”", "no 'a\x00<b'"), locator='x\x0b"')
    for lang in Lang:
        for report in (
            ows_report(odd, lang=lang),
            service_report("OperationNotSupported", odd, version="1.3.0", lang=lang),
        ):
            assert "a\ufffd" in "".join(map(str, etree.fromstring(report.content()).itertext()))
