"""The public check of a document: by code alone, by file, and what it never tells."""

import httpx
import pytest

from tests.app.test_case_doors import SYSTEM, done, report, step
from tests.app.test_doors import signed_in
from tests.server import Served


@pytest.fixture(scope="module")
def issued(written: Served) -> tuple[str, dict[str, str], bytes]:
    """An order that holds: its case, what the case page says of it, and its file."""
    with signed_in(written.address, "city") as city:
        case = report(city, origin="inspection", enterprise="91990106MAGULL427N")
        case = done(step(city, case, "grade_general"))
        case = done(step(city, case, "order", order_until="2099-01-01", description="破损"))
        (paper,) = case["papers"]
        query = {"system": SYSTEM, "code": case["code"], "document": paper["code"]}
        return case["code"], paper, city.get("/api/cases/paper", params=query).content


def anybody(served: Served, address: str) -> httpx.Client:
    return httpx.Client(base_url=served.address, headers={"origin": served.address, "x-forwarded-for": address})


def code_of(pdf: bytes) -> str:
    import io
    import re

    import pypdf

    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    (code,) = set(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", text.replace("\n", "")))
    return code


def test_who_holds_the_code_learns_what_was_issued_and_nothing_of_the_case(
    written: Served, issued: tuple[str, dict[str, str], bytes]
) -> None:
    case, paper, pdf = issued
    code = code_of(pdf)
    with anybody(written, "192.0.2.1") as client:
        told = client.get("/api/verify", params={"code": code.lower().replace("-", " ")}).json()
        assert told["document"]["number"] == paper["number"]
        assert told["document"]["state"] == "valid"
        page = client.get("/verify", params={"code": code}).text
    assert paper["number"] in page
    assert "现行有效" in page
    for secret in (case, "91990106MAGULL427N", "云澜氯碱化工有限公司", "破损"):
        assert secret not in page, secret
        assert secret not in str(told), secret


def test_the_file_as_issued_is_the_same_and_one_changed_byte_is_told(
    written: Served, issued: tuple[str, dict[str, str], bytes]
) -> None:
    _, _, pdf = issued
    code = code_of(pdf)
    changed = pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:]
    with anybody(written, "192.0.2.2") as client:
        for body, word in ((pdf, "same"), (changed, "different"), (pdf + b"\n", "different"), (b"x", "different")):
            assert client.post("/api/verify", params={"code": code}, content=body).json()["file"] == word
        other = "0" + code[1:] if code[0] != "0" else "1" + code[1:]
        told = client.post("/api/verify", params={"code": other}, content=pdf).json()
        assert (told["found"], told["file"], "document" in told) == (False, "unknown", False)
        assert client.post("/api/verify", params={"code": code}, content=b"").status_code == 400
        assert client.post("/api/verify", params={"code": code}, content=b"x" * 1_000_001).status_code == 413


def test_a_document_that_ended_is_said_to_hold_no_more(written: Served) -> None:
    with signed_in(written.address, "city") as city:
        case = report(city, origin="inspection", enterprise="91990106MAGULL427N")
        case = done(step(city, case, "grade_general"))
        case = done(step(city, case, "order", order_until="2099-01-01", description="破损"))
        (paper,) = case["papers"]
        query = {"system": SYSTEM, "code": case["code"], "document": paper["code"]}
        code = code_of(city.get("/api/cases/paper", params=query).content)
        end = {**query, "version": case["version"], "reason": "当事人名称有误"}
        done(city.post("/api/cases/paper/withdraw", json=end))
    with anybody(written, "192.0.2.3") as client:
        assert client.get("/api/verify", params={"code": code}).json()["document"]["state"] == "withdrawn"
        page = client.get("/verify", params={"code": code}).text
        assert "不再有效" in page
        assert "现行有效" not in page
        assert "当事人名称有误" not in page


def test_a_code_that_is_none_is_refused_by_its_field_and_nobody_tries_many(written: Served) -> None:
    with anybody(written, "192.0.2.4") as client:
        refused = client.get("/api/verify", params={"code": "<b>abc"})
        assert (refused.status_code, refused.json()["code"]) == (400, "bad-input")
        page = client.get("/verify", params={"code": "<b>abc"})
        assert page.status_code == 400
        assert "<b>abc" not in page.text
        answers = [client.get("/api/verify", params={"code": "0000-0000-0000-0000"}) for _ in range(21)]
        assert [one.status_code for one in answers] == [200] * 20 + [429]
        assert int(answers[-1].headers["retry-after"]) > 0
        assert not answers[0].json()["found"]
