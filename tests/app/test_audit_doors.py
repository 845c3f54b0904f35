"""Sensitive reads through the doors of a running server: one entry each, and no secret in what the server writes."""

import base64
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from store.audit import AuditLog, Sought
from store.opening import open_audit
from tests.app.test_doors import signed_in
from tests.server import PASSWORDS, Served, demo_city, demo_server, overheard_server

WFS = "/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=enterprises&outputFormat=application/json"
ITEMS = "/ogc/api/collections/enterprises/items"


@pytest.fixture
def log(written: Served) -> Iterator[AuditLog]:
    with closing(open_audit(written.data, None)) as made:
        yield made


@pytest.fixture
def city(written: Served) -> Iterator[httpx.Client]:
    with signed_in(written.address, "city") as client:
        yield client


def reads(log: AuditLog, since: int) -> list[Any]:
    found = [one.entry for one in log.search(Sought(), limit=1000)]
    return [entry for entry in reversed(found) if entry.seq > since and entry.kind == "read"]


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("/api/feature/enterprises/KEY", 1),
        (WFS + "&count=5", 5),
        (WFS, None),
        (ITEMS + "?limit=7&f=json", 7),
        (ITEMS + "/KEY?f=json", 1),
        ("/ogc/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&valueReference=safety_head_phone"
         "&typeNames=enterprises&count=3", 3),
    ],
    ids=["card", "wfs-page", "wfs-all", "items", "item", "property"],
)  # fmt: skip
def test_a_sensitive_read_at_a_door_is_one_entry(
    city: httpx.Client, log: AuditLog, path: str, rows: int | None
) -> None:
    table = city.get("/api/table/enterprises").json()
    before = log.head()[0]
    answer = city.get(path.replace("KEY", table["keys"][0]))
    assert answer.status_code == 200, answer.text
    (entry,) = reads(log, before)
    assert (entry.actor, entry.door, entry.address, entry.what) == ("city", "page", "127.0.0.1", "enterprises")
    assert entry.rows == (rows or table["total"])


def test_the_picture_under_the_pointer_is_recorded_when_it_says_more_than_the_picture(
    city: httpx.Client, log: AuditLog
) -> None:
    before = log.head()[0]
    box = "33.0,121.6,33.4,122.1"
    asked = (
        "/ogc/wms?service=WMS&version=1.3.0&layers=enterprises&styles=&crs=EPSG:4326&width=400&height=320&bbox=" + box
    )
    picture = city.get(asked + "&request=GetMap&format=image/png")
    assert picture.status_code == 200, picture.text
    assert reads(log, before) == []
    found: list[Any] = []
    for x in range(20, 400, 20):
        more = f"&request=GetFeatureInfo&query_layers=enterprises&info_format=application/json&i={x}&j=160"
        found = city.get(asked + more + "&feature_count=10").json()["features"]
        if found:
            break
        assert reads(log, before) == []
    assert [entry.rows for entry in reads(log, before)] == [len(found)]


def test_what_the_screens_ask_each_minute_leaves_no_entry(city: httpx.Client, log: AuditLog) -> None:
    before = log.head()[0]
    for path in ("/map", "/hall", "/api/layers", "/api/map/enterprises", "/api/table/enterprises", "/api/weather",
                 "/api/map/sensors", "/api/table/hazard_sources"):  # fmt: skip
        assert city.get(path).status_code == 200, path
    assert reads(log, before) == []


def test_a_caller_below_sensitive_leaves_no_entry(written: Served, log: AuditLog) -> None:
    before = log.head()[0]
    with signed_in(written.address, "public") as client:
        assert client.get(WFS + "&count=5").status_code == 200
    assert httpx.get(written.address + "/ogc/k/demo-agency/wfs" + WFS[8:] + "&count=5").status_code == 200
    assert reads(log, before) == []


def test_a_read_that_cannot_be_recorded_is_refused_and_says_why(tmp_path: Path) -> None:
    with demo_server(tmp_path) as address, signed_in(address, "city") as client:
        key = client.get("/api/table/enterprises").json()["keys"][0]
        with closing(sqlite3.connect(tmp_path / "audit.db", isolation_level=None)) as db:
            db.execute("ALTER TABLE audit_keys RENAME TO gone")
        card = client.get(f"/api/feature/enterprises/{key}")
        assert (card.status_code, card.json()["code"]) == (503, "unrecorded")
        assert "审计" in card.json()["title"]
        for path in (WFS + "&count=5", ITEMS + "?limit=5&f=json"):
            answer = client.get(path)
            assert answer.status_code == 503, answer.text
            assert "138" not in answer.text
        assert client.get("/api/table/enterprises").status_code == 200


def test_no_secret_is_in_what_the_server_says_or_in_the_audit(tmp_path: Path) -> None:
    wrong, strange_key, said = "not-this-password-7Q", "strange-key-9f8e7d6c5b", list[str]()
    with overheard_server(demo_city(tmp_path / "data"), said) as address:
        with signed_in(address, "city") as client:
            cookie = client.cookies["onemap_session"]
            assert client.get(WFS + "&count=5").status_code == 200
            assert client.get("/api/feature/enterprises/none").status_code == 404
        pair = base64.b64encode(f"city:{PASSWORDS['city']}".encode()).decode()
        for path, scheme, status in (
            (WFS + "&count=5", f"Basic {pair}", 200),
            (WFS + "&count=5", "Bearer demo-agency", 200),
            (WFS, f"Bearer {strange_key}", 401),
        ):
            assert httpx.get(address + path, headers={"authorization": scheme}).status_code == status
        assert httpx.get(address + "/ogc/k/demo-agency/wfs" + WFS[8:]).status_code == 200
        assert httpx.get(address + f"/ogc/k/{strange_key}/wfs?request=nonsense").status_code == 401
        form = {"login": "city", "password": wrong, "next": "/map"}
        assert httpx.post(address + "/signin", data=form, headers={"origin": address}).status_code == 401
    written = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("audit.db*"))
    assert b"enterprises" in written
    assert said
    for secret in (PASSWORDS["city"], wrong, cookie, pair, strange_key, "demo-agency"):
        assert secret.encode() not in written
        assert secret not in "".join(said)
