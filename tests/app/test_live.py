"""The live stream from outside: it ends with the right to listen, and tells nothing afterwards."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.auth.opening import open_identity
from app.demo_accounts import GATEWAY_KEY
from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE
from layers.catalogue.alarms import AlarmRule
from store.feed import Delete, Put
from store.opening import open_store
from store.query import Query
from tests.app.test_doors import signed_in
from tests.matrix.people import COOKIE, hire, session
from tests.server import Served
from tests.waiting import until

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
        own = [line for line in heard if '"layer":"hospitals"' in line]  # the server may write before it looks again
        assert own == []
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


QUIET_RULE = {"code": "T-LIVE", "title": "试", "kind": "limits", "state": "in_force", "limits": ("H",), "high": 1e-6}


def told_of(lines: Iterator[str], done: Callable[[str, dict[str, Any]], bool]) -> dict[str, list[Any]]:
    """What a stream says by kind of event, until it has said something."""
    found: dict[str, list[Any]] = {"readings": [], "change": []}
    kind = ""
    for line in lines:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: ") and kind in found:
            body = json.loads(line.removeprefix("data: "))
            found[kind].append(body)
            if done(kind, body):
                break
    return found


def lines_now(server: str, browser: httpx.Client) -> int:
    return int(httpx.get(f"{server}/api/readings", cookies=browser.cookies).json()["alarms"]["lines"])


def test_a_reading_and_its_alarm_come_to_who_may_see_the_point_and_to_nobody_else(written: Served) -> None:
    server, data = written
    store = open_store(data, None, CATALOGUE, utc_now)
    sensors, alarms = CATALOGUE["sensors"], CATALOGUE["alarms"]
    rows = store.read(sensors, Query(fields=("code", "kind", "area"), geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    mine, other = (
        next(row["code"] for row in rows if row["kind"] == "toxic" and row["area"].startswith("990106") is inside)
        for inside in (True, False)
    )
    rule = AlarmRule.model_validate(QUIET_RULE | {"points": (mine, other)})

    missing = {"readings", "change"}

    def both(kind: str, body: dict[str, Any]) -> bool:
        """The value of the point and its alarm have come, in whichever order."""
        if kind == "readings":
            shown = mine in body["layers"]["sensors"]["key"]
        elif shown := body["layer"] == "alarms" and bool(body["key"]):
            row = store.get(alarms, body["key"], scope=SYSTEM_SCOPE).record.model_dump()
            shown = (row["rule"], row["point"]) == (rule.code, mine)
        missing.difference_update({kind} if shown else ())
        return not missing

    try:
        with signed_in(server, "district") as browser:
            lines = lines_now(server, browser)
            store.commit([Put(layer="alarm_rules", record=rule)], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
            with browser.stream("GET", "/api/live?readings=sensors", timeout=60) as live:
                until(lambda: lines_now(server, browser), lambda now: now == lines + 2)
                key = {"authorization": f"Bearer {GATEWAY_KEY}"}
                said = [{"point": code, "ts": utc_now().isoformat(), "v": 1.25} for code in (other, mine)]
                assert httpx.post(f"{server}/api/readings", json=said, headers=key).json()["kept"] == 2
                heard = told_of(live.iter_lines(), both)
        told = {key for one in heard["readings"] for key in one["layers"]["sensors"]["key"]}
        assert mine in told
        assert other not in told
        alarmed = {one["key"] for one in heard["change"] if one["layer"] == "alarms"}
        theirs = [store.get(alarms, code, scope=SYSTEM_SCOPE).record.model_dump()["point"] for code in alarmed if code]
        assert other not in theirs
    finally:
        store.commit([Delete(layer="alarm_rules", key=rule.code)], actor=SYSTEM_ACTOR, reason="t", scope=SYSTEM_SCOPE)
        store.close()


def test_only_layers_of_readings_may_be_asked_for(server: str) -> None:
    with signed_in(server, "city") as browser:
        answer = browser.get("/api/live?readings=tanks")
    assert (answer.status_code, "sensors" in answer.text) == (400, True)
