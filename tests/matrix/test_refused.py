"""What is forged, stolen or spent opens nothing, is on record, and a flood of it does not fill the record."""

from typing import Any

import httpx
import pytest

from app.auth.limits import limits
from app.auth.opening import open_identity
from app.auth.passwords import hash_password
from core.canonical import sha256
from core.clock import utc_now
from tests.matrix.conftest import Site
from tests.matrix.people import hire, session
from tests.waiting import until

NEW = "Haigang-2026-new"


def refusals(site: Site, what: str) -> list[dict[str, Any]]:
    found = site.of("auditor").get("/api/audit", params={"kind": "refused", "layer": what, "limit": 1000})
    assert found.status_code == 200, found.text
    entries: list[dict[str, Any]] = found.json()["entries"]
    return entries


FORGED = {
    "key": {"headers": {"authorization": "Bearer forged-key-0123456789"}},
    "session": {"cookies": {"onemap_session": "forged-cookie-0123456789"}},
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_key_or_cookie_is_refused_and_on_record_without_itself(site: Site, what: str) -> None:
    answer = httpx.get(site.address + "/api/layers", **FORGED[what])
    assert answer.status_code == 401
    entry = refusals(site, what)[0]
    assert (entry["outcome"], entry["address"], entry["actor"]) == ("refused", "127.0.0.1", "")
    assert "forged" not in str(refusals(site, what))


def test_a_flood_of_forged_keys_leaves_few_entries(site: Site) -> None:
    before = len(refusals(site, "key"))
    for number in range(60):
        assert httpx.get(f"{site.address}/ogc/k/forged-{number:04}-key/wms").status_code == 401
    assert len(refusals(site, "key")) - before <= 3 * limits().refusals_per_minute


def test_a_cookie_stolen_into_another_site_is_refused_and_its_owner_named(site: Site) -> None:
    cookie = {"onemap_session": site.people["committee"].cookie}
    for headers in ({}, {"origin": "https://evil.example"}):
        answer = httpx.post(site.address + "/api/me", json={"lang": "en"}, cookies=cookie, headers=headers)
        assert answer.status_code == 403
    assert "committee" in {entry["actor"] for entry in refusals(site, "origin")}


def test_who_lacks_a_right_is_refused_and_named_with_the_door(site: Site) -> None:
    for name in ("enterprise", "intermediary"):
        assert site.of(name).get("/api/audit").status_code == 403
        mine = [entry for entry in refusals(site, "right") if entry["actor"] == name]
        assert "GET /api/audit" in {entry["where"] for entry in mine}
        assert {entry["account"] != "" for entry in mine} == {True}
    before = len(refusals(site, "right"))
    for _ in range(30):
        assert site.of("enterprise").get("/api/audit").status_code == 403
    assert len(refusals(site, "right")) - before <= 3 * limits().refusals_per_minute


def test_the_pending_token_of_a_sign_in_that_is_over_opens_no_step(site: Site) -> None:
    answer = httpx.post(
        site.address + "/signin/code", data={"code": "123456"}, headers={"origin": site.address},
        cookies={"onemap_signin": "spent-token-0123456789"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/signin?next=")
    assert "onemap_session" not in answer.cookies
    assert refusals(site, "sign-in step")


def test_the_token_of_a_wall_screen_that_is_none_is_refused(site: Site) -> None:
    assert httpx.get(site.address + "/kiosk/none-such").status_code == 404
    assert refusals(site, "wall screen")


def test_a_session_from_before_a_change_of_password_is_worth_nothing(site: Site) -> None:
    identity = open_identity(site.data, site.database)
    try:
        hire(identity, "renewed")
        cookie = {"onemap_session": session(identity, "renewed")}
        assert httpx.get(site.address + "/api/me", cookies=cookie).status_code == 200
        account = identity.people.get(identity.people.find("renewed").id)
        identity.people.set_password(account.id, hash_password(NEW), at=utc_now(), must_change=False, kept=3)
        assert identity.sessions.find(sha256(cookie["onemap_session"].encode()), at=utc_now()) is None
    finally:
        identity.close()
    # the server was not told: it asks again within moments
    until(lambda: httpx.get(site.address + "/api/me", cookies=cookie).status_code, lambda status: status == 401, 20)
