"""The public face from outside: no account, nothing that is not declared public, and not without end."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.doors.public import public_routes
from app.problems import on_error
from core.clock import utc_now
from core.errors import OneMapError
from dashboards.public.lookup import PUBLIC
from dashboards.screens import Screens
from layers.catalogue import CATALOGUE
from tests.app.test_doors import signed_in
from tests.blank import blank_city

KEPT = ("风险等级", "法定代表人", "负责人", "0999-55")


def test_a_stranger_reads_the_public_page_without_a_session(server: str) -> None:
    answer = httpx.get(server + "/public")
    assert answer.status_code == 200
    assert "12350" in answer.text
    assert "关于公布应急避难场所查询服务的公告" in answer.text
    assert "关于开展重大危险源安全评估到期情况排查的通知" not in answer.text
    assert "<script" not in answer.text


def test_an_enterprise_is_looked_up_by_name_or_code_with_its_public_fields_only(server: str) -> None:
    by_name = httpx.get(server + "/public?of=enterprises&q=云澜氯碱").text
    assert "91990106MAGULL427N" in by_name
    assert not [word for word in KEPT if word in by_name.partition("hits")[2].partition("</ol>")[0]]
    (hit,) = httpx.get(server + "/api/public/lookup/enterprises?q=91990106MAGULL427N").json()["rows"]
    seen = CATALOGUE["enterprises"].fields_in(PUBLIC)
    assert {value["field"] for value in hit["values"]} <= set(seen)


def test_a_licence_is_looked_up_by_number_or_holder_and_nothing_private_is_told(server: str) -> None:
    rows = httpx.get(server + "/api/public/lookup/licences?q=信禾助剂有限公司").json()["rows"]
    told = [{value["field"]: value["words"] for value in row["values"]} for row in rows]
    trading = next(one for one in told if one["kind"] == "危险化学品经营许可证")
    assert set(trading) == {"number", "kind", "state", "valid_until", "issuer"}
    assert trading["state"] == "临近届满"
    (again,) = httpx.get(server + "/api/public/lookup/licences", params={"q": trading["number"]}).json()["rows"]
    assert again["name"] == "信禾助剂有限公司"
    page = httpx.get(server + "/public", params={"of": "licences", "q": trading["number"]}).text
    assert trading["valid_until"] in page
    assert "91990106MATYEK5E8U" not in page
    assert "园区三路" not in page


def test_a_look_up_tells_twenty_at_most_and_says_how_many_there_are(server: str) -> None:
    answer = httpx.get(server + "/api/public/lookup/enterprises?q=有限公司").json()
    assert len(answer["rows"]) == 20
    assert answer["count"] > 20


@pytest.mark.parametrize("words", ["", "云", "x" * 41])
def test_too_few_or_too_many_characters_are_refused_by_name(server: str, words: str) -> None:
    answer = httpx.get(server + "/api/public/lookup/shelters", params={"q": words})
    assert answer.status_code == 400
    assert "2 至 40 个字" in answer.json()["title"]


def test_wildcards_are_letters_and_markup_is_words(server: str) -> None:
    assert httpx.get(server + "/api/public/lookup/hospitals?q=%25%25").json() == {"count": 0, "rows": []}
    assert "<b>x</b>" not in httpx.get(server + "/public?q=<b>x</b>").text


@pytest.mark.parametrize("name", ["hazard_sources", "sensors", "notices", "accounts"])
def test_nothing_else_can_be_looked_up(server: str, name: str) -> None:
    assert httpx.get(f"{server}/api/public/lookup/{name}?q=云澜").status_code == 400


def test_who_is_signed_in_sees_no_more_here(server: str) -> None:
    asked = "/api/public/lookup/enterprises?q=云澜氯碱"
    with signed_in(server, "city") as client:
        assert client.get(asked).json() == httpx.get(server + asked).json()


def test_an_address_that_asks_too_often_is_told_to_wait(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = blank_city(tmp_path_factory.mktemp("city") / "city.gpkg", utc_now)
    screens = Screens(catalogue=CATALOGUE, store=store, clock=utc_now)
    app = Starlette(routes=public_routes(screens, a_minute=2), exception_handlers={OneMapError: on_error})
    with TestClient(app) as client:
        answers = [client.get("/api/public/lookup/shelters?q=听涛") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 50 <= int(answers[-1].headers["retry-after"]) <= 60
        page = client.get("/public?of=shelters&q=听涛")
        assert (page.status_code, "查询过于频繁" in page.text) == (429, True)
        assert page.headers["retry-after"] in page.text
        assert client.get("/public").status_code == 200
    store.close()


def test_signed_in_people_go_from_the_root_to_the_portal(server: str) -> None:
    with signed_in(server, "city") as client:
        assert client.get("/", headers={"accept": "text/html"}).headers["location"] == "/home"


def test_a_stranger_goes_from_the_root_to_the_public_face(server: str) -> None:
    assert httpx.get(server + "/").headers["location"] == "/public"


@pytest.mark.parametrize("section", ["todos", "today", "notices", "entries", "place"])
def test_a_stranger_gets_no_section_of_the_portal(server: str, section: str) -> None:
    assert httpx.get(f"{server}/api/portal/{section}").status_code == 401


def test_city_and_district_are_told_of_their_own(server: str) -> None:
    def lines(login: str) -> dict[str, str]:
        with signed_in(server, login) as client:
            return {one["id"]: one["line"] for one in client.get("/api/portal/entries").json()["entries"]}

    city, district = lines("city"), lines("district")
    assert (city["enterprises"], district["enterprises"]) == ("857 家", "197 家")


def test_penalties_are_listed_before_anything_is_asked_and_no_day_of_theirs_is_called_expired(server: str) -> None:
    page = httpx.get(server + "/public", params={"of": "penalty_listings"}).text
    assert page.count("行政处罚信息</h3>") >= 2
    assert "决定日期" in page
    assert "已过期" not in page
    assert httpx.get(server + "/public").text.count("行政处罚信息") == 0
