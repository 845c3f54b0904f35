"""The live stream from outside: it ends with the right to listen, and tells nothing afterwards."""

import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.auth.opening import open_identity
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from store.feed import Put
from store.opening import open_store
from store.query import Query
from tests.app.test_doors import signed_in
from tests.matrix.people import COOKIE, hire, session
from tests.server import Served

LISTENER = "listener"
WITHIN = 10
"""Seconds a stream may go on after its right ended."""


def sign_out(client: httpx.Client, _: Path) -> None:
    assert client.post("/signout").status_code == 303


def disable(_: httpx.Client, data: Path) -> None:
    identity = open_identity(data, None)
    try:
        identity.people.disable(LISTENER, at=utc_now())
    finally:
        identity.close()


def change(data: Path) -> None:
    """A hospital is written again, which every listener may know."""
    store = open_store(data, None, CATALOGUE, utc_now)
    try:
        layer = CATALOGUE["hospitals"]
        key = store.read(layer, Query(fields=(layer.key,), limit=1), scope=SYSTEM_SCOPE)[layer.key][0].as_py()
        record = store.get(layer, key, scope=SYSTEM_SCOPE).record
        renamed = record.model_copy(update={"name": f"{record.model_dump()['name']}(新)"})
        store.commit([Put(layer=layer.id, record=renamed)], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    finally:
        store.close()


def listening(server: str, data: Path) -> httpx.Client:
    """The browser of somebody nobody else is, who may be shut out."""
    identity = open_identity(data, None)
    try:
        hire(identity, LISTENER)
        cookies = {COOKIE: session(identity, LISTENER)}
    finally:
        identity.close()
    return httpx.Client(base_url=server, headers={"origin": server}, cookies=cookies, timeout=60)


@pytest.mark.parametrize("ending", [sign_out, disable])
def test_a_stream_ends_with_the_right_to_listen(written: Served, ending: Callable[[httpx.Client, Path], None]) -> None:
    server, data = written
    heard: list[str] = []
    with listening(server, data) as client, httpx.Client(base_url=server, cookies=client.cookies) as listener:
        with listener.stream("GET", "/api/live", timeout=WITHIN) as live:
            lines = live.iter_lines()
            while "event: heartbeat" not in heard:
                heard.append(next(lines))
            told = threading.Timer(2, change, [data])  # later than an entry may trust what was known of the listener
            ending(client, data)
            heard.clear()
            told.start()
            heard.extend(lines)
            told.join()
        assert "event: ended" in heard
        assert "event: change" not in heard
        assert listener.get("/api/live").status_code == 401


def test_a_stream_goes_on_for_who_may_listen(written: Served) -> None:
    server, data = written
    with signed_in(server, "city") as client, client.stream("GET", "/api/live", timeout=30) as live:
        lines = live.iter_lines()
        beats = 0
        while beats < 3:
            beats += next(lines) == "event: heartbeat"
        change(data)
        assert any(line == "event: change" for line in lines)
