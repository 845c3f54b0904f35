"""Official documents: numbers, forms filled and printed, signatures that fail when a file is changed."""

import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from casework.documents import (
    Certificate,
    Picture,
    Signed,
    Values,
    certificate,
    filled,
    kind,
    kinds,
    number,
    page,
    parsed,
    printed,
    public_part,
    qr,
    signed,
    verified,
)
from casework.documents.filling import filled_form
from casework.documents.printing import left_out
from core.errors import BadInputError, FaultsError, NotFoundError
from layers.codes import Status

ORGAN = "云澜市应急管理局"
NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
WORD = "测试口令"


@pytest.fixture(scope="module")
def order() -> Values:
    dot = qr("https://map.example.cn", "D7Q2-K9")
    return {
        "organ": ORGAN, "number": str(number("云澜", "应急责改", 2026, 12)), "party": "博德石化有限公司",
        "problems": ["2 号储罐液位计失效", "<b>动火</b>作业票 & 交底缺失", "{{ 7*7 }} 原样保留"],
        "requirements": [],
        "ordered_until": "2026年12月10日",
        "review_days": "60", "review_organ": "云澜市人民政府", "suit_months": "6", "court": "云澜市云港区人民法院",
        "officers": "何川、李卫", "head": "王强", "seal": Picture(dot, 0.03), "qr": Picture(dot, 0.022),
        "date": "2026年11月28日", "code": "D7Q2-K9", "unverified": "是",
    }  # fmt: skip


@pytest.fixture(scope="module")
def docx(order: Values) -> bytes:
    return filled(kind("rectify-order"), order)


@pytest.fixture(scope="module")
def pdf(docx: bytes) -> bytes:
    from dashboards.handout.typeset import setter

    return printed(docx, setter())


@pytest.fixture(scope="module")
def own() -> Certificate:
    return certificate(ORGAN, WORD, NOW)


def put_sign(pdf: bytes, own: Certificate) -> bytes:
    with ThreadPoolExecutor(1) as away:  # the signer runs an event loop of its own
        return away.submit(signed, pdf, own, WORD, reason="责令限期整改指令书").result()


def told(pdf: bytes, *ours: bytes, at: datetime = NOW) -> Signed:
    with ThreadPoolExecutor(1) as away:
        return away.submit(verified, pdf, ours, at).result()


@given(
    organ=st.from_regex(r"[一-龥]{1,20}", fullmatch=True),
    word=st.from_regex(r"[一-龥]{1,20}", fullmatch=True),
    year=st.integers(1949, 9999),
    serial=st.integers(1, 10**9),
)
def test_a_number_survives_being_written_and_read(organ: str, word: str, year: int, serial: int) -> None:
    made = number(organ, word, year, serial)
    assert parsed(str(made)) == made
    assert parsed(str(made).replace("〔", "[").replace("〕", "]").replace("（", "(").replace("）", ")")) == made


@pytest.mark.parametrize("text", ["云澜应急罚〔2026〕1号", "（云澜）应急罚〔26〕1号", "（云澜）应急罚〔2026〕0号", ""])
def test_what_is_no_number_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(BadInputError, match="〔年〕"):
        parsed(text)


def test_every_kind_says_where_it_comes_from_and_each_form_belongs_to_one() -> None:
    listed = [one for one in kinds().values() if one.source.startswith("安全生产执法文书式样")]
    assert len(listed) == 43
    assert {one.status for one in kinds().values() if one.id.startswith("danger-")} == {Status.OWN}
    assert Status.VERIFIED not in {one.status for one in kinds().values()}, "no official form was at hand"
    assert all(one.source and one.title.zh and one.title.en for one in kinds().values())
    forms = {path.stem for path in kind("rectify-order").template.parent.glob("*.docx")}
    assert forms == {one.id for one in kinds().values() if one.has_form}
    with pytest.raises(NotFoundError):
        kind("nothing")


def test_the_forms_are_those_the_script_makes() -> None:
    script = Path(__file__).parents[2] / "scripts" / "make_forms.py"
    code = (
        f"import runpy; made = runpy.run_path({str(script)!r}); "
        "assert all((made['FOLDER'] / f'{name}.docx').read_bytes() == made['still'](make()) "
        "for name, make in made['FORMS'].items())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_filled_form_holds_what_was_given_as_text(docx: bytes) -> None:
    words = "\n".join(one.text for one in Document(io.BytesIO(docx)).paragraphs)
    assert "（云澜）应急责改〔2026〕12号" in words
    assert "2．<b>动火</b>作业票 & 交底缺失" in words
    assert "{{ 7*7 }} 原样保留" in words
    assert "{%" not in words


def test_everything_a_form_lacks_is_named_at_once(order: Values) -> None:
    short = {name: value for name, value in order.items() if name not in ("ordered_until", "party", "seal")}
    with pytest.raises(FaultsError) as caught:
        filled(kind("rectify-order"), short)
    assert [one.field for one in caught.value.faults] == ["ordered_until", "party", "seal"]
    with pytest.raises(FaultsError, match="尚无模板"):
        filled(replace(kind("rectify-order"), id="no-form"), order)


@pytest.mark.parametrize(
    "text",
    ["{{ name.__class__.__mro__ }}", "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}", "{{ 1/"],
)
def test_a_form_that_reaches_for_more_than_values_is_refused(text: str) -> None:
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(FaultsError, match="模板有误"):
        filled_form(out.getvalue(), {"name": "x"})
    with pytest.raises(FaultsError, match="模板有误"):
        filled_form(b"no zip at all", {})


def test_the_page_is_set_from_the_document_itself(docx: bytes) -> None:
    made = page(docx)
    assert made.count("<img") == 2
    assert "&lt;b&gt;动火&lt;/b&gt;作业票 &amp; 交底缺失" in made
    assert "size:595.3pt 841.9pt" in made
    assert "http" not in made.replace("https://map.example.cn", "")
    assert left_out(docx) == frozenset()


def test_merged_cells_span_and_text_boxes_are_named() -> None:
    document = Document()
    table = document.add_table(rows=3, cols=3, style="Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0)).text = "两行"
    table.cell(2, 1).merge(table.cell(2, 2)).text = "两列"
    document.add_paragraph().add_run()._r.append(
        document.element.makeelement("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}pict")
    )
    out = io.BytesIO()
    document.save(out)
    made = page(out.getvalue())
    assert re.search(r'<td rowspan="2"[^>]*><p[^>]*>两行', made)
    assert re.search(r'<td colspan="2"[^>]*><p[^>]*>两列', made)
    assert made.count("<td") == 7
    assert left_out(out.getvalue()) == {"old picture"}


def test_the_code_on_the_paper_leads_to_the_check() -> None:
    picture = cv2.imdecode(np.frombuffer(qr("https://map.example.cn/", "D7Q2-K9"), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    read, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    assert read == "https://map.example.cn/verify?code=D7Q2-K9"


def test_a_signed_file_is_known_and_a_changed_one_fails(pdf: bytes, own: Certificate) -> None:
    ours = public_part(own, WORD)
    whole = put_sign(pdf, own)
    assert told(whole, ours) is Signed.INTACT
    assert told(whole, ours, at=NOW + timedelta(days=300)) is Signed.INTACT
    place = whole.index(b"stream") + 20
    assert told(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :], ours) is Signed.CHANGED
    assert told(pdf, ours) is Signed.UNSIGNED
    assert told(b"no PDF", ours) is Signed.UNSIGNED
    stranger = certificate(ORGAN, WORD, NOW)
    assert told(put_sign(pdf, stranger), ours) is Signed.FOREIGN


def test_what_is_added_after_the_signature_is_a_change(pdf: bytes, own: Certificate) -> None:
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(put_sign(pdf, own)), incremental=True)
    writer.add_metadata({"/Subject": "改"})
    out = io.BytesIO()
    writer.write(out)
    assert told(out.getvalue(), public_part(own, WORD)) is Signed.CHANGED


def test_a_wrong_passphrase_signs_nothing(pdf: bytes, own: Certificate) -> None:
    with pytest.raises(ValueError, match="PKCS#12"):
        signed(pdf, own, "falsch", reason="x")
