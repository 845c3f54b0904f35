"""Reporting without an account, from outside: own pages only, not without end, and nobody's name anywhere."""

import re

import httpx
import pytest

from tests.app.test_case_doors import done
from tests.app.test_doors import signed_in
from tests.server import Served

FORM = {"kind": "violation", "area": "990106", "place": "园区三路 8 号", "accused_name": "某厂",
        "description": "夜班动火没有监护,氧气瓶倒放", "name": "李明远", "phone": "13900007777"}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 40
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}")


def anybody(served: Served, address: str) -> httpx.Client:
    return httpx.Client(base_url=served.address, headers={"origin": served.address, "x-forwarded-for": address})


def key_of(client: httpx.Client) -> str:
    return client.get("/public/report").text.partition('name="key" value="')[2].partition('"')[0]


def one_of(officer: httpx.Client, title: str) -> dict[str, object]:
    rows = officer.get("/api/cases/list", params={"system": "complaint", "view": "all", "q": title}).json()["rows"]
    found: dict[str, object] = officer.get(
        "/api/cases/one", params={"system": "complaint", "code": rows[0]["code"]}
    ).json()
    return found


@pytest.fixture(scope="module")
def filed(written: Served) -> tuple[str, str]:
    """The code of a report with a contact and a photograph, and the number of its case."""
    with anybody(written, "192.0.2.20") as client:
        key = key_of(client)
        photo = {"photo": ("IMG_李明远.png", PNG, "image/png")}
        answer = client.post("/public/report", data=FORM | {"key": key}, files=photo)
        assert answer.status_code == 201
        (query,) = set(CODE.findall(answer.text))
        again = client.post("/public/report", data=FORM | {"key": key})
        assert query in again.text
        told = client.post("/public/report/progress", data={"code": query.lower().replace("-", " ")}).text
    (number,) = re.findall(r"JB[0-9]{4}-[0-9]{6}", told)
    return query, number


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(written: Served) -> None:
    with anybody(written, "192.0.2.21") as client:
        bare = client.get("/public/report").text
        assert 'class="wrong"' not in bare
        assert "不得" not in bare.partition("<form")[2].partition("</form>")[0]  # no refusal before anything was typed
        answer = client.post("/public/report", data=FORM | {"key": key_of(client), "area": "110000", "place": ""})
        assert answer.status_code == 422
        assert "夜班动火没有监护" in answer.text
        assert 'aria-describedby="area-fault"' in answer.text
        other = client.post("/public/report", data=FORM | {"key": key_of(client), "happened_on": "2999-01-01"})
        assert "发生日期不能晚于今天" in other.text
        file = {"photo": ("a.png", b"%PDF-1.7 no picture", "image/png")}
        assert "照片" in client.post("/public/report", data=FORM | {"key": key_of(client)}, files=file).text
        assert client.post("/public/report", data=FORM | {"key": "short"}).status_code == 400
        assert client.post("/public/report/progress", data={"code": "0000-0000-0000-0000"}).status_code == 404
        assert client.post("/public/report", content=b"x" * 13_000_000).status_code == 413


def test_other_sites_file_nothing_and_one_address_files_six_in_ten_minutes(written: Served) -> None:
    with anybody(written, "192.0.2.22") as client:
        foreign = {"origin": "https://elsewhere.example"}
        for path in ("/public/report", "/public/report/progress"):
            assert client.post(path, data=FORM, headers=foreign).status_code == 403
        wrong = FORM | {"key": key_of(client), "happened_on": "2999-01-01"}
        answers = [client.post("/public/report", data=wrong) for _ in range(7)]
    assert [one.status_code for one in answers] == [422] * 6 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_reporter_is_in_no_list_page_file_service_or_feed(written: Served, filed: tuple[str, str]) -> None:
    query, number = filed
    with signed_in(written.address, "city") as city:
        one = one_of(city, number)
        asked = {"system": "complaint", "view": "all"}
        told = [
            str(one), city.get("/api/cases/list", params=asked).text, city.post("/api/cases/export", json=asked).text,
            city.get("/api/feature/complaints/" + number).text, city.get("/api/map/complaints").text,
            city.get("/ogc/api/collections/complaints/items", params={"limit": "100", "f": "json"}).text,
        ]  # fmt: skip
        assert "夜班动火" in told[0]
        assert number in told[2]
        for secret in ("李明远", "13900007777", query):
            assert not [text for text in told if secret in text]
        assert city.get("/ogc/api/collections/complaint_reporters").status_code == 404
        assert city.get("/api/table/complaint_reporters").status_code in (403, 404)
        assert city.post("/api/cases/reporter/read", json={"code": number, "reason": "核实"}).status_code == 403
    files = b"".join(path.read_bytes() for path in written.data.glob("city.gpkg*"))
    assert "夜班动火没有监护".encode() in files
    for secret in ("李明远", "13900007777", query):
        assert secret.encode() not in files


def test_the_few_open_the_seal_for_a_reason_that_is_on_record(written: Served, filed: tuple[str, str]) -> None:
    query, number = filed
    with signed_in(written.address, "duty") as duty, signed_in(written.address, "auditor") as auditor:
        assert duty.post("/api/cases/reporter/read", json={"code": number, "reason": ""}).status_code == 400
        answer = duty.post("/api/cases/reporter/read", json={"code": number, "reason": "核实现场情况"})
        assert answer.json()["reporter"] == {"name": "李明远", "phone": "13900007777"}
        said = auditor.get("/api/audit", params={"layer": "complaint_reporters"}).text
        assert "核实现场情况" in said
        assert "李明远" not in said
        same = duty.post("/api/cases/reporter/check", json={"code": number, "query": query})
        assert same.json() == {"same": True}


def test_a_caller_at_the_phone_is_registered_apart_from_the_case_and_given_a_code(written: Served) -> None:
    values = {"kind": "danger", "channel": "phone", "area": "990106", "place": "码头", "description": "护栏断了两处"}
    with signed_in(written.address, "duty") as duty, anybody(written, "192.0.2.23") as caller:
        form = duty.get("/api/cases/form", params={"system": "complaint"}).json()
        assert not {"phone", "name", "reporter"} & {one["name"] for one in form["form"]}
        case = done(duty.post("/api/cases/open", json={"system": "complaint", "values": values}))
        assert case["reporter"] == {
            "code": False, "sealed": False, "payee": False, "may_read": True, "may_write": True
        }  # fmt: skip
        given = {"code": case["code"], "name": "王小满", "phone": "13700001234", "note": ""}
        query = duty.post("/api/cases/reporter", json=given).json()["query"]
        assert duty.post("/api/cases/reporter", json=given).status_code == 409
        assert (
            "护栏" not in caller.post("/public/report/progress", data={"code": query}).text
        )  # not to whoever finds it
        assert "待筛查" in caller.post("/public/report/progress", data={"code": query}).text
    with signed_in(written.address, "enterprise") as firm:
        assert "complaint" not in {one["id"] for one in firm.get("/api/cases").json()["systems"]}
        assert firm.get("/api/table/complaints").status_code in (403, 404)
