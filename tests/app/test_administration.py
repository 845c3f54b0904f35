"""Administration from outside: a right taken away is gone at once, from cookie, key, stream and wall screen alike."""

import base64
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.policy import RULES
from store.audit import Kind, Sought
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.server import Served

DISTRICT = ["990106"]
OWN = "Yunlan-Gang-77"


@pytest.fixture
def admin(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "admin") as client:
        yield client


def asked(client: httpx.Client, path: str, body: object = None) -> dict:
    answer = client.post("/api/admin" + path, json={} if body is None else body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def hired(admin: httpx.Client, login: str, role: str = "regulator", **more: object) -> dict:
    made = asked(admin, "/accounts", {"login": login, "name": "某人", "class": "regulator"})
    post = asked(admin, "/posts", {"account": made["id"], "role": role, "areas": DISTRICT, **more})
    return made | {"post": post["id"]}


@contextmanager
def come_in(server: str, login: str, password: str) -> Iterator[httpx.Client]:
    """First sign-in, with a password of one's own set on the way."""
    with httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client:
        client.post("/signin", data={"login": login, "password": password, "next": "/map"})
        answer = client.post("/signin/renew", data={"password": OWN, "repeated": OWN, "next": "/map"})
        assert answer.status_code == 303, answer.text
        yield client


def in_a_week() -> str:
    return (datetime.now(UTC) + timedelta(days=7)).isoformat()


def test_an_account_that_is_disabled_is_out_of_page_service_and_stream_at_once(
    written: Served, admin: httpx.Client
) -> None:
    made = hired(admin, "li")
    with come_in(written.address, "li", made["password"]) as li, li.stream("GET", "/api/live") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        assert li.get("/api/layers").status_code == 200
        basic = "Basic " + base64.b64encode(f"li:{OWN}".encode()).decode()
        wms = written.address + "/ogc/wms?service=WMS&request=GetCapabilities"
        assert httpx.get(wms, headers={"authorization": basic}).status_code == 200
        asked(admin, f"/accounts/{made['id']}", {"disabled": True})
        assert li.get("/api/layers").status_code == 401
        assert httpx.get(wms, headers={"authorization": basic}).status_code == 401
        assert "event: ended" in list(lines)


def test_a_post_that_is_ended_shuts_out_who_had_no_other(written: Served, admin: httpx.Client) -> None:
    made = hired(admin, "wang", until=in_a_week(), reason="夜间值守")
    with come_in(written.address, "wang", made["password"]) as wang:
        assert wang.get("/api/layers").status_code == 200
        asked(admin, f"/posts/{made['post']}/end")
        assert wang.get("/api/layers").status_code == 401


def test_a_key_and_its_stream_end_with_the_key_and_with_its_account(written: Served, admin: httpx.Client) -> None:
    made = hired(admin, "weather", "agency")
    form = {"name": "气象局", "account": made["id"], "expires_at": in_a_week(), "layers": ["hospitals"]}
    one, two = asked(admin, "/keys", form), asked(admin, "/keys", form)
    headers = [{"authorization": f"Bearer {key['key']}"} for key in (one, two)]
    layers = written.address + "/ogc/api/collections?f=json"
    told = httpx.get(layers, headers=headers[0]).json()["collections"]
    assert [found["id"] for found in told] == ["hospitals", "records"]
    with httpx.stream("GET", written.address + "/api/live", headers=headers[0], timeout=60) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry")
        asked(admin, f"/keys/{one['id']}/revoke")
        assert "event: ended" in list(lines)
    assert [httpx.get(layers, headers=shown).status_code for shown in headers] == [401, 200]
    asked(admin, f"/accounts/{made['id']}", {"disabled": True})
    assert httpx.get(layers, headers=headers[1]).status_code == 401


def test_a_wall_screen_comes_in_by_its_address_until_it_is_revoked(written: Served, admin: httpx.Client) -> None:
    made = asked(admin, "/kiosks", {"name": "大厅", "screen": "/hall", "areas": DISTRICT})
    with httpx.Client(base_url=written.address, timeout=60) as wall:
        assert wall.get(made["address"]).headers["location"] == "/hall"
        assert wall.get("/api/layers").status_code == 200
        assert wall.get("/api/admin/accounts").status_code == 403
        asked(admin, f"/kiosks/{made['id']}/revoke")
        assert wall.get("/api/layers").status_code == 401


def test_administration_is_closed_to_everybody_else(written: Served) -> None:
    doors = [rule for rule in RULES if rule.path.startswith("/api/admin")]
    assert len(doors) >= 19
    with signed_in(written.address, "city") as city:
        for rule in doors:
            path = rule.path.replace("{", "").replace("}", "")
            for method in rule.methods & {"GET", "POST"}:
                assert city.request(method, path).status_code == 403, (method, path)
                assert httpx.request(method, written.address + path).status_code == 401, (method, path)


def test_a_refusal_says_field_value_and_what_is_allowed_in_the_callers_language(admin: httpx.Client) -> None:
    cookies = f"onemap_session={admin.cookies['onemap_session']}"
    wrong = {"login": "x", "name": "x", "class": "king"}
    answer = admin.post(
        "/api/admin/accounts", json=wrong | {"login": "ok"}, headers={"cookie": cookies + "; onemap_lang=en"}
    )
    assert answer.status_code == 400
    assert 'class cannot be "king"; it must be one of:' in answer.json()["title"]
    assert admin.post("/api/admin/accounts", content=b"[]").status_code == 400
    assert admin.post("/api/admin/accounts", headers={"origin": "http://evil.example"}, json={}).status_code == 403


def test_each_change_through_the_door_is_in_the_audit(written: Served, admin: httpx.Client) -> None:
    made = hired(admin, "chen")
    with closing(open_audit(written.data, None)) as log:
        found = [one.entry for one in log.search(Sought(kinds=(Kind.ADMIN,), actor="admin"), limit=2)]
    assert [(one.what, one.where, one.key) for one in found] == [
        ("posts", "given", made["post"]), ("accounts", "added", made["id"])
    ]  # fmt: skip
    assert all(one.address == "127.0.0.1" and one.account for one in found)
