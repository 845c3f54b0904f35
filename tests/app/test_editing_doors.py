"""Editing at the services of a running server: by password, in one's own district, heard by an open map, on record."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.app.test_doors import signed_in
from tests.server import PASSWORDS

ITEMS = "/ogc/api/collections/shelters/items"
GEOJSON = {"content-type": "application/geo+json"}
TOWN, ELSEWHERE = (121.86, 33.18), "990104"


def shelter(code: str, **properties: Any) -> dict[str, Any]:
    """A shelter in the demo's own district, whose area its place tells."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [*TOWN]},
        "properties": {"code": code, "name": "试验避难所", "places": 10, **properties},
    }


def as_(login: str) -> tuple[str, str]:
    return login, PASSWORDS[login]


@pytest.fixture
def gone(server: str) -> Iterator[list[str]]:
    """Shelters that are taken away again, for others read the same city."""
    codes: list[str] = []
    yield codes
    for code in codes:
        httpx.delete(f"{server}{ITEMS}/{code}", auth=as_("city"), timeout=60)


def test_an_open_map_hears_of_a_shelter_that_somebody_adds_by_the_service(server: str, gone: list[str]) -> None:
    with (
        signed_in(server, "district") as browser,
        browser.stream("GET", "/api/live", timeout=httpx.Timeout(60, read=30)) as stream,
    ):
        lines = stream.iter_lines()
        next(line for line in lines if line)
        answer = httpx.post(server + ITEMS, json=shelter("LIVE-1"), headers=GEOJSON, auth=as_("district"), timeout=60)
        gone.append("LIVE-1")
        assert answer.status_code == 201, answer.text
        until = time.monotonic() + 30
        heard = next(line for line in lines if "LIVE-1" in line or time.monotonic() > until)
    assert "LIVE-1" in heard
    feature = httpx.get(answer.headers["location"] + "?f=json", auth=as_("district"), timeout=60).json()
    assert feature["properties"]["area"].startswith("990106")


def test_a_district_writes_no_row_of_another_and_it_is_on_record(server: str, gone: list[str]) -> None:
    there = shelter("THERE-1", area=ELSEWHERE)
    answer = httpx.post(server + ITEMS, json=there, headers=GEOJSON, auth=as_("district"), timeout=60)
    gone.append("THERE-1")
    assert (answer.status_code, "990106" in answer.json()["title"]) == (403, True)
    with signed_in(server, "auditor") as auditor:
        found = auditor.get("/api/audit", params={"kind": "refused", "actor": "district"}).json()
    assert any("EDIT" in one["where"] for one in found["entries"])


@pytest.mark.parametrize("login", ["committee", "enterprise", "public"])
def test_who_has_no_right_to_edit_is_refused_at_every_door(server: str, login: str) -> None:
    create = httpx.post(server + ITEMS, json=shelter("NO-1"), headers=GEOJSON, auth=as_(login), timeout=60)
    remove = httpx.delete(f"{server}{ITEMS}/none", auth=as_(login), timeout=60)
    assert (create.status_code, remove.status_code) == (403, 403)


def test_a_browser_s_session_and_a_key_issued_to_read_write_nothing(server: str) -> None:
    with signed_in(server, "city") as browser:
        answer = browser.post(ITEMS, json=shelter("NO-2"), headers=GEOJSON)
        assert (answer.status_code, "Basic" in answer.json()["title"]) == (403, True)
        assert browser.delete(ITEMS + "/none").status_code == 403
    keyed = server + ITEMS.replace("/ogc", "/ogc/k/demo-agency")
    assert httpx.post(keyed, json=shelter("NO-3"), headers=GEOJSON, timeout=60).status_code == 403
    assert httpx.delete(keyed + "/none", timeout=60).status_code == 403


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(server: str) -> None:
    ring = [[121 + n / 10**7, 33.0] for n in range(60_000)]
    huge = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"code": "H"}}
    answer = httpx.post(server + ITEMS, json=huge, headers=GEOJSON, auth=as_("city"), timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
