"""The guard from outside: who gets in, who does not, and what a stranger can learn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.server import PASSWORDS, demo_city, prefixed_server


@contextmanager
def signed_in(server: str, login: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client:
        answer = client.post("/signin", data={"login": login, "password": PASSWORDS[login], "next": "/map"})
        assert answer.status_code == 303, answer.text
        yield client


@pytest.mark.parametrize("path", ["/map", "/hall"])
def test_a_stranger_is_sent_to_sign_in_and_back(server: str, path: str) -> None:
    answer = httpx.get(server + path, headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/signin?next=%2F{path[1:]}"


@pytest.mark.parametrize(
    "path", ["/api/layers", "/api/live", "/api/map/enterprises", "/_dash-layout", "/_dash-dependencies"]
)
def test_a_stranger_gets_nothing_from_the_api(server: str, path: str) -> None:
    answer = httpx.get(server + path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_ogc_door_asks_a_stranger_for_a_password(server: str) -> None:
    answer = httpx.get(server + "/ogc/wms?service=WMS&request=GetCapabilities")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_forged_key_or_cookie_is_no_key(server: str) -> None:
    assert httpx.get(server + "/ogc/k/not-a-real-key/wms").status_code == 401
    forged = httpx.get(server + "/api/layers", cookies={"onemap_session": "A" * 43})
    assert forged.status_code == 401


def test_unknown_addresses_are_404_not_a_page(server: str) -> None:
    with signed_in(server, "city") as client:
        for path in ("/nope", "/nope.png", "/.env", "/api/../etc/passwd"):
            assert client.get(path).status_code == 404


def test_a_method_that_a_door_does_not_take_is_told_in_the_form_of_every_refusal(server: str) -> None:
    for method, path in (("DELETE", "/ogc/k/demo-agency/wms"), ("POST", "/ogc/k/demo-agency/wcs"), ("PUT", "/healthz")):
        answer = httpx.request(method, server + path, headers={"accept-language": "en"})
        told = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
        assert (told["code"], method in told["title"]) == ("method-not-allowed", True)
        assert "GET" in answer.headers["allow"]


def test_a_wrong_password_says_how_many_tries_are_left(server: str) -> None:
    answer = httpx.post(server + "/signin", data={"login": "nobody", "password": "x"}, headers={"origin": server})
    assert answer.status_code == 401
    assert "再错 4 次锁定 15 分钟" in answer.text


def test_five_wrong_tries_lock_the_login_whatever_comes_next(server: str) -> None:
    for _ in range(5):
        httpx.post(server + "/signin", data={"login": "locked", "password": "x"}, headers={"origin": server})
    answer = httpx.post(server + "/signin", data={"login": "locked", "password": "x"}, headers={"origin": server})
    assert "已锁定" in answer.text


def test_a_form_from_another_site_is_refused(server: str) -> None:
    answer = httpx.post(server + "/signin", data={"login": "city"}, headers={"origin": "http://evil.example"})
    assert answer.status_code == 403


def test_a_stolen_cookie_without_origin_cannot_write(server: str) -> None:
    with signed_in(server, "city") as client:
        cookie = client.cookies["onemap_session"]
    body = {"layers": ["hospitals"], "circle": {"lon": 121.9, "lat": 33.2, "radius": 3000}}
    answer = httpx.post(server + "/api/within", json=body, cookies={"onemap_session": cookie})
    assert answer.status_code == 403


def test_after_signing_out_the_old_cookie_is_dead(server: str) -> None:
    with signed_in(server, "city") as client:
        cookie = client.cookies["onemap_session"]
        assert client.get("/api/layers").status_code == 200
        client.post("/signout")
    assert httpx.get(server + "/api/layers", cookies={"onemap_session": cookie}).status_code == 401


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_sign_in_never_sends_anybody_to_another_site(server: str, wanted: str) -> None:
    form = {"login": "city", "password": PASSWORDS["city"], "next": wanted}
    answer = httpx.post(server + "/signin", data=form, headers={"origin": server})
    assert answer.headers["location"] == "/"


def test_every_answer_carries_the_security_headers(server: str) -> None:
    policy = httpx.get(server + "/signin").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_public_sees_fewer_layers_and_fewer_fields(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "public") as public:
        layers = [
            {entry["id"] for theme in client.get("/api/layers").json()["themes"] for entry in theme["layers"]}
            for client in (city, public)
        ]
        assert layers[1] < layers[0]
        assert "sensors" not in layers[1]
        assert public.get("/api/map/sensors").status_code == 404


def test_a_district_sees_only_its_own_enterprises(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "district") as district:
        all_keys = set(city.get("/api/map/enterprises").json()["keys"])
        own_keys = set(district.get("/api/map/enterprises").json()["keys"])
        assert own_keys < all_keys
        other = next(iter(all_keys - own_keys))
        assert city.get(f"/api/feature/enterprises/{other}").status_code == 200
        assert district.get(f"/api/feature/enterprises/{other}").status_code == 404


def test_the_live_stream_replays_what_was_missed_and_beats(server: str) -> None:
    with signed_in(server, "city") as client, client.stream("GET", "/api/live", headers={"last-event-id": "0"}) as live:
        events: list[str] = []
        for line in live.iter_lines():
            if line.startswith("event: "):
                events.append(line.removeprefix("event: "))
            if len(events) >= 6:
                break
    assert events[0] == "heartbeat"
    assert "change" in events


def test_a_path_prefix_reaches_every_address(tmp_path: Path) -> None:
    demo_city(tmp_path / "data")
    with prefixed_server(tmp_path / "data", "/onemap") as server:
        page = httpx.get(server + "/signin").text
        assert 'action="/onemap/signin"' in page
        capabilities = httpx.get(server + "/ogc/k/demo-agency/wms?service=WMS&request=GetCapabilities").text
        assert f"{server}/onemap/ogc/k/demo-agency/wms?" in capabilities


def test_an_empty_city_still_has_a_sign_in_page_only_without_a_picture(tmp_path: Path) -> None:
    with prefixed_server(tmp_path, "") as server:
        assert httpx.get(server + "/signin").status_code == 200
        assert httpx.get(server + "/public/basemap.png").status_code == 404


def test_a_long_answer_is_packed_and_not_sent_again_unchanged(server: str) -> None:
    with signed_in(server, "city") as client:
        first = client.get("/api/map/enterprises")
        assert first.headers["content-encoding"] == "gzip"
        plain = client.get("/api/map/enterprises", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.json() == first.json()
        again = client.get("/api/map/enterprises", headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_raster_tiles_are_drawn_for_who_may_see_them_and_named_by_version_and_rights(server: str) -> None:
    with signed_in(server, "city") as city, signed_in(server, "public") as public:
        entries = {entry["id"]: entry for entry in city.get("/api/layers").json()["rasters"]["entries"]}
        assert [entry["state"] for entry in entries.values()] == ["ready"] * 3
        assert {entry["id"] for entry in public.get("/api/layers").json()["rasters"]["entries"]} == {"terrain"}
        version = entries["population"]["version"]
        tile = f"/tiles/coverage/population/12/3434/1648?theme=night&v={version}"
        first = city.get(tile)
        assert first.headers["content-type"] == "image/png"
        assert "max-age=3600" in first.headers["cache-control"]
        assert city.get(tile, headers={"if-none-match": first.headers["etag"]}).status_code == 304
        assert public.get(tile).status_code == 404
        terrain = "/tiles/coverage/terrain/12/3434/1648"
        tags = [client.get(terrain).headers["etag"] for client in (city, public)]
        assert tags[0] != tags[1]
        far = city.get("/tiles/coverage/population/12/0/0")
        assert len(far.content) < 100
    assert httpx.get(server + terrain).status_code == 401


def test_a_tile_that_is_none_is_refused(server: str) -> None:
    with signed_in(server, "city") as client:
        for path, status in (
            ("/tiles/coverage/moon/1/0/0", 404), ("/tiles/coverage/terrain/1/0/x", 404),
            ("/tiles/coverage/terrain/30/0/0", 400), ("/tiles/coverage/terrain/1/0/0?theme=dusk", 400),
            ("/tiles/names/day/1/9/0.png", 400),
        ):  # fmt: skip
            assert client.get(path).status_code == status, path


def test_people_in_a_circle_are_told_to_who_may_see_the_raster_only(server: str) -> None:
    body = {"layers": ["hospitals"], "circle": {"lon": 121.84, "lat": 33.14, "radius": 3000}}
    with signed_in(server, "city") as city, signed_in(server, "public") as public:
        people = city.post("/api/within", json=body).json()["people"]
        assert people["state"] == "ready"
        assert 10_000 < people["people"] < 1_286_000
        assert public.post("/api/within", json=body).json()["people"] is None
