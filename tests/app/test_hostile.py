"""What a request brings along comes back as data at most: never as markup, never in a header, never as a secret."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from lxml import etree

from app.hosts import name_of
from benchmarks.hostile import words_of
from benchmarks.hostile_inputs import every
from core.canonical import sha256
from tests.app.test_doors import signed_in
from tests.server import PASSWORDS, configured_server, demo_city

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><h1>gone</h1>",
    "]]><x>&a;</x>",
    "javascript:alert(1)//<b>",
    "a\r\nset-cookie: stolen=1\r\n\r\n<b>",
    "{{7*7}}<i>${7*7}</i>",
)
MARKUP = ("text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml")
WMS = "service=WMS&version=1.3.0&request=GetMap&bbox=33,121,34,122&width=9&height=9&crs=EPSG:4490&format=image/png"
WFS = "service=WFS&version=2.0.0&request=GetFeature"
STRANGER = (
    "/signin?next={}", "/signin?lang={}", "/signin/code?next={}", "/signin/provider/back?state={}&code={}&error={}",
    "/kiosk/{}", "/public?q={}", "/public?q=a&of={}", "/api/public/lookup/{}?q=aa", "/nope/{}", "/static/{}",
)  # fmt: skip
INSIDE = (
    "/map?lang={}", "/map/{}", "/profile?x={}", "/api/map/{}", "/api/shapes/areas?bbox={}", "/api/search?q={}",
    "/api/feature/hospitals/{}", "/api/table/hospitals?area={}", "/api/table/hospitals?offset={}", "/api/jobs/{}",
    "/api/files?layer={}&key={}", "/api/files/{}", "/api/symbols/{}.svg", "/tiles/base/{}/10/1/1.png",
    "/tiles/coverage/{}/1/1/1", "/api/audit?kind={}", "/ogc/wms?service=WMS&request={}", f"/ogc/wms?{WMS}&layers={{}}",
    f"/ogc/wms?{WMS}&layers=hospitals&cql_filter={{}}", "/ogc/wfs?service=WFS&request={}",
    f"/ogc/wfs?{WFS}&typeNames={{}}",
    f"/ogc/wfs?{WFS}&typeNames=onemap:hospitals&filter={{}}", "/ogc/api/collections/{}?f=html",
    "/ogc/api/collections/{}", "/ogc/api/collections/hospitals/items?f=html&filter={}",
    "/ogc/api/collections/hospitals/items?f=html&{}=1", "/ogc/api/collections/hospitals/items/{}?f=html",
    "/ogc/api?f={}", "/ogc/api?f=html&lang={}",
)  # fmt: skip


@pytest.fixture(scope="module")
def city(server: str) -> Iterator[httpx.Client]:
    with signed_in(server, "city") as client:
        yield client


def look_at(answer: httpx.Response, hostile: str) -> None:
    """Nothing of it would run, stand as an element, or become a header."""
    told = (str(answer.request.url)[:120], answer.status_code, hostile)
    assert answer.status_code < 500, told
    assert "stolen" not in answer.headers.get("set-cookie", ""), told
    assert not {"<", ">", '"'} & set(answer.headers.get("location", "")), told
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind in MARKUP:
        assert hostile not in answer.text, told
        assert answer.headers["x-content-type-options"] == "nosniff", told
    if kind in ("text/xml", "application/xml", "image/svg+xml"):
        etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))


@pytest.mark.parametrize("door", STRANGER)
def test_nothing_a_stranger_sends_comes_back_as_markup(server: str, door: str) -> None:
    for hostile in HOSTILE:
        given = quote(hostile, safe="")
        look_at(httpx.get(server + door.format(*[given] * 3), headers={"accept": "text/html"}), hostile)


@pytest.mark.parametrize("door", INSIDE)
def test_nothing_the_signed_in_send_comes_back_as_markup(city: httpx.Client, door: str) -> None:
    for hostile in HOSTILE:
        given = quote(hostile, safe="")
        look_at(city.get(door.format(*[given] * 3), headers={"accept": "text/html"}), hostile)


def test_a_form_or_a_body_does_not_come_back_as_markup(server: str, city: httpx.Client) -> None:
    for hostile in HOSTILE:
        with httpx.Client(base_url=server, headers={"origin": server}) as stranger:
            look_at(stranger.post("/signin", data={"login": hostile, "password": "x", "next": hostile}), hostile)
        look_at(city.post("/api/me", json={"lang": hostile}), hostile)
        look_at(city.post("/api/within", json={"layers": [hostile], "polygon": hostile}), hostile)
        look_at(city.post("/api/jobs", json={"kind": hostile, "asked": {hostile: 1}}), hostile)
        look_at(city.post("/ogc/wfs", content=hostile.encode()), hostile)
        look_at(city.post("/ogc/api/collections/hospitals/items", content=hostile.encode()), hostile)
        look_at(city.post("/_dash-update-component", json={"output": hostile, "inputs": []}), hostile)


def test_a_header_does_not_come_back_as_markup(city: httpx.Client) -> None:
    for hostile in HOSTILE:
        given = hostile.replace("\r", " ").replace("\n", " ")
        told = dict.fromkeys(("accept-language", "user-agent", "referer", "x-forwarded-host", "if-none-match"), given)
        for path in ("/map", "/signin", "/public", "/nope", "/ogc/api?f=html", "/ogc/wms?service=WMS&request=x"):
            look_at(city.get(path, headers={**told, "accept": "text/html"}), given)


def test_a_wrong_password_or_key_is_not_said_again(server: str) -> None:
    wrong = "so-wrong-a-secret-7"
    with httpx.Client(base_url=server, headers={"origin": server}) as stranger:
        said = [
            stranger.post("/signin", data={"login": "nobody-of-this-test", "password": wrong}),
            stranger.get("/api/me", headers={"authorization": f"Bearer {wrong}"}),
            stranger.get("/api/me", headers={"cookie": f"onemap_session={wrong}"}),
            stranger.get("/ogc/wms", auth=("nobody-of-this-test", wrong)),
            stranger.get(f"/ogc/k/{wrong}/wms?service=WMS&request=GetCapabilities"),
            stranger.get(f"/kiosk/{wrong}"),
        ]
    for answer in said:
        assert wrong not in answer.text + str(answer.headers), answer.request.url
    with signed_in(server, "enterprise") as client:
        answer = client.post("/api/me/password", json={"old": wrong, "new": wrong})
    assert wrong not in answer.text


DIFFERENT = (
    "/", "/map", "/signin", "/public", "/api/me", "/api/layers", "/tiles/base/day/10/858/411.png",
    "/ogc/wms?service=WMS&request=GetCapabilities", "/ogc/api/collections", "/nope", "/api/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", DIFFERENT)
def test_what_differs_by_who_asks_and_in_which_language_says_so(city: httpx.Client, path: str) -> None:
    varies = {name.strip().lower() for name in city.get(path).headers["vary"].split(",")}
    assert {"cookie", "authorization", "accept-language"} <= varies


def test_what_is_the_same_for_everybody_may_be_kept_for_everybody(server: str) -> None:
    answer = httpx.get(server + "/public/basemap.png")
    assert answer.headers["cache-control"].startswith("public")
    assert "vary" not in answer.headers


def test_a_script_is_kept_for_good_under_the_name_of_its_content_and_by_no_other(city: httpx.Client) -> None:
    (named,) = re.findall(r"/assets/screens\.js\?m=[0-9a-f]{16}", city.get("/map").text)
    script = city.get(named)
    assert script.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert sha256(script.content).startswith(named.rpartition("=")[2])
    other = city.get("/assets/screens.js")
    assert other.headers["cache-control"] == "private, no-cache"
    again = city.get("/assets/screens.js", headers={"if-none-match": other.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")
    assert city.get("/assets/no-such.js?m=1").headers["cache-control"] == "no-store"


FOREIGN = ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "evil.example@127.0.0.1")
LINKING = (
    "/",
    "/map",
    "/signin",
    "/public",
    "/api/me",
    "/ogc/api?f=json",
    "/ogc/wms?service=WMS&request=GetCapabilities",
)


@pytest.mark.parametrize("host", FOREIGN)
def test_a_redirect_leads_to_no_host_whatever_host_was_asked_for(server: str, host: str) -> None:
    told = {"host": host, "accept": "text/html", "x-forwarded-host": host}
    for path in ("/", "/map", "/signin/code"):
        answer = httpx.get(server + path, headers=told)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith("//")
        assert "evil" not in answer.headers["location"]


def test_a_site_that_knows_its_names_answers_under_no_other(tmp_path: Path) -> None:
    demo_city(tmp_path / "data")
    with (
        configured_server(tmp_path / "data", hosts='["127.0.0.1", "Map.Example.cn"]') as server,
        signed_in(server, "city") as client,
    ):
        for path in LINKING:
            for host in FOREIGN:
                answer = client.get(path, headers={"host": host})
                assert (answer.status_code, answer.json()["code"]) == (421, "foreign-host"), (path, host)
                assert "evil" not in answer.text + str(answer.headers)
                assert "content-security-policy" in answer.headers
            assert client.get(path).status_code < 400, path
        told = client.get(LINKING[-1], headers={"host": "map.example.cn:8443"}).text
        assert "http://map.example.cn:8443/ogc/wms" in told
        assert client.get("/healthz", headers={"host": "10.0.0.9"}).status_code == 200
        form = {"login": "city", "password": PASSWORDS["city"]}
        assert client.post("/signin", data=form, headers={"host": "evil.example"}).status_code == 421


def test_a_host_is_known_without_its_port() -> None:
    assert name_of("[::1]") == "[::1]"
    assert name_of("map.example.cn") == "map.example.cn"


def test_every_fifth_hostile_question_is_refused_in_words_and_the_next_is_answered(server: str) -> None:
    asked = [
        one for one in every() if not one.answered and len(one.body or b"") < 50_000 and "in-image" not in one.door
    ]
    with httpx.Client(base_url=server, auth=("city", PASSWORDS["city"]), timeout=60) as client:
        for sent in asked[::5]:
            headers = {"content-type": sent.media} if sent.media else {}
            answer = client.request(sent.verb, sent.path, content=sent.body, headers=headers)
            assert answer.status_code < 500, (sent.name, sent.door)
            assert words_of(answer), (sent.name, sent.door, answer.text[:200])
        assert client.get("/ogc/api/collections/enterprises/items?limit=1&f=json").json()["numberReturned"] == 1
