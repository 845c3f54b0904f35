"""What a request may not be, and what no answer and no log line may hold."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.types import Message

from app.auth.opening import open_identity
from app.bounds import Bounds, TooSlowError
from core.canonical import sha256
from core.clock import utc_now
from store.identity import Key, Kiosk
from tests.app.test_doors import signed_in
from tests.issuer import issuer_running
from tests.server import PASSWORDS, configured_server, demo_city

HEADERS = {
    "content-security-policy": "script-src 'self'", "x-content-type-options": "nosniff", "cache-control": "",
    "referrer-policy": "same-origin", "cross-origin-opener-policy": "same-origin", "permissions-policy": "camera=()",
}  # fmt: skip
KINDS = {
    "page": "/map", "sign-in": "/signin", "api": "/api/layers", "tile": "/tiles/base/day/10/858/411.png",
    "ogc": "/ogc/wms?service=WMS&request=GetCapabilities", "features": "/ogc/api/collections",
    "static": "/static/signin.css",
    "nothing there": "/nope", "wrong": "/api/map/enterprises?bbox=x", "too long": "/api/layers?x=" + "x" * 9000,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_security_headers(server: str, kind: str) -> None:
    with signed_in(server, "city") as client:
        answer = client.get(KINDS[kind])
    for name, part in HEADERS.items():
        assert part in answer.headers.get(name, "missing"), name
    assert "server" not in answer.headers
    assert "unsafe-eval" not in answer.headers["content-security-policy"]


def test_what_is_private_is_kept_by_no_cache(server: str) -> None:
    with signed_in(server, "city") as client:
        for path in ("/map", "/api/me", "/api/layers", "/signin"):
            kept = client.get(path).headers["cache-control"]
            assert "no-store" in kept or "private" in kept, path


def test_an_address_too_long_is_said_to_be(server: str) -> None:
    answer = httpx.get(server + "/ogc/wms?" + "x" * 9000)
    assert (answer.status_code, answer.json()["code"]) == (414, "address-too-long")


def test_headers_too_large_are_said_to_be(server: str) -> None:
    answer = httpx.get(server + "/signin", headers={f"x-{i}": "y" * 4000 for i in range(9)})
    assert (answer.status_code, answer.json()["code"]) == (431, "headers-too-large")


@pytest.mark.parametrize("path", ["/signin", "/api/within", "/api/me", "/_dash-update-component", "/ogc/wfs", "/nope"])
def test_a_body_too_large_is_refused_before_it_is_read(server: str, path: str) -> None:
    with signed_in(server, "city") as client:
        answer = client.post(path, content=b"x" * 1_100_000)
    assert answer.status_code == 413
    assert "1000000" in answer.json()["title"]


def test_a_body_that_does_not_say_its_length_is_counted(server: str) -> None:
    with signed_in(server, "city") as client:
        answer = client.post("/_dash-update-component", content=(b"x" * 100_000 for _ in range(12)))
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_body_that_never_ends_is_given_up() -> None:
    async def reads(scope: object, receive: object, send: object) -> None:
        while True:
            await receive()

    parts = iter([{"type": "http.request", "body": b"x", "more_body": True}])

    async def receive() -> Message:
        found = next(parts, None)
        return found if found is not None else await asyncio.Future()

    async def send(_: Message) -> None: ...

    scope = {"type": "http", "path": "/signin", "query_string": b"", "headers": []}
    # A browser test in the same process leaves a loop running in this thread.
    with pytest.raises(TooSlowError), ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, Bounds(reads, largest_file=1, patience=0.01)(scope, receive, send)).result()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that gives few streams and trusts a proxy elsewhere."""
    data = demo_city(tmp_path_factory.mktemp("strict") / "data")
    with configured_server(data, streams_per_address="2", trusted_proxies="10.9.9.9") as address:
        yield address


def test_one_address_holds_no_more_streams_than_it_may(strict: str) -> None:
    with (
        signed_in(strict, "city") as client,
        client.stream("GET", "/api/live") as first,
        client.stream("GET", "/api/live") as second,
    ):
        lines = [first.iter_lines(), second.iter_lines()]
        assert [next(one) for one in lines] == ["retry: 2000"] * 2
        with client.stream("GET", "/api/live") as third:
            assert third.status_code == 429
            assert "too-many-streams" in third.read().decode()


@pytest.mark.parametrize("trusted", [True, False])
def test_only_a_trusted_proxy_says_how_people_came(request: pytest.FixtureRequest, trusted: bool) -> None:
    server = request.getfixturevalue("server" if trusted else "strict")  # this machine is trusted where nothing is said
    told = {"origin": server, "x-forwarded-proto": "https", "x-forwarded-for": "192.0.2.7"}
    form = {"login": "city", "password": PASSWORDS["city"]}
    with httpx.Client(base_url=server, headers=told) as client:
        line = client.post("/signin", data=form).headers["set-cookie"]
        token = line.partition("=")[2].partition(";")[0]
        sessions = client.get("/api/me/sessions", headers={"cookie": f"onemap_session={token}"}).json()["sessions"]
    assert ("Secure" in line) is trusted
    assert "HttpOnly" in line
    assert "SameSite=lax" in line
    assert ("192.0.2.7" in {one["address"] for one in sessions}) is trusted


def test_a_session_begun_by_somebody_else_is_not_the_one_that_opens(server: str) -> None:
    with httpx.Client(base_url=server, headers={"origin": server}, cookies={"onemap_session": "chosen"}) as client:
        answer = client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
        assert answer.cookies["onemap_session"] != "chosen"
    assert httpx.get(server + "/api/me", cookies={"onemap_session": "chosen"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2f..%2fpyproject.toml",
        "/assets/%2e%2e/site.py",
    ],
)
def test_no_path_leads_out_of_its_folder(server: str, path: str) -> None:
    with signed_in(server, "city") as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_no_secret_is_in_any_line_at_debug_level(tmp_path: Path) -> None:
    demo_city(tmp_path / "data")
    said: list[str] = []
    rules = [{"claim": "groups", "value": "a", "role": "regulator", "areas": ["9901"]}]
    key, screen, secret = "k" * 20 + "-agency-key", "s" * 20 + "-screen", "client-secret-of-this-test"
    identity, now = open_identity(tmp_path / "data", None), utc_now()
    owner = identity.people.find("agency").id
    identity.keys.add(
        Key(id="k", name="k", account=owner, layers=None, per_minute=60, given_by="t", created_at=now),
        sha256(key.encode()),
    )
    kiosk = Kiosk(id="s", name="s", screen="/hall", role="kiosk", areas=("9901",), given_by="t", created_at=now)
    identity.keys.add_kiosk(kiosk, sha256(f"kiosk-{screen}".encode()))
    identity.close()
    with issuer_running() as issuer:
        issuer.knows("u-1", groups=["a"])
        given = {"oidc_issuer": issuer.address, "oidc_client": "onemap", "oidc_secret": secret, "log_level": "debug"}
        with configured_server(tmp_path / "data", said, oidc_rules=json.dumps(rules), **given) as server:
            with signed_in(server, "city") as client:
                cookie = client.cookies["onemap_session"]
                assert client.get("/map", headers={"accept": "text/html"}).status_code == 200
            capabilities = "wms?service=WMS&request=GetCapabilities"
            assert httpx.get(f"{server}/ogc/k/{key}/{capabilities}").status_code == 200
            assert (
                httpx.get(f"{server}/ogc/{capabilities}", headers={"authorization": f"Bearer {key}"}).status_code == 200
            )
            assert httpx.get(f"{server}/kiosk/{screen}").status_code == 303
            with httpx.Client(base_url=server) as browser:
                asked = browser.get("/signin/provider").headers["location"]
                back = issuer.consented(asked, "u-1")
                assert browser.get(back).status_code == 303
                sent = issuer.sent["/oauth2/token"]
    lines = "".join(said)
    assert "DEBUG" in lines
    secrets = [PASSWORDS["city"], cookie, key, screen, secret, sent["code"], sent["code_verifier"]]
    assert [one for one in secrets if one in lines] == []
