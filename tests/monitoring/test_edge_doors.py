"""A forwarder's own doors: what a site's device says is held as the centre reads it, and strangers are not heard."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from app.edge.serving import doors, site_of
from app.edge.settings import EdgeSettings
from app.edge.taking import joined
from app.monitoring.hj212 import Hj212
from core.errors import ForbiddenError
from monitoring.formats import parsed
from monitoring.formats.hj212 import framed
from tests.monitoring.plant import NOON
from tests.monitoring.test_hj212 import DEVICE, READING

CENTRE = "http://127.0.0.1:9"
"""Nobody answers there."""


def test_a_data_logger_is_answered_once_the_site_holds_its_values_under_the_points_codes(tmp_path: Path) -> None:
    file = tmp_path / "devices.yaml"
    file.write_text(f"{DEVICE}: {{password: '123456', tags: {{a19001: P1, a01012: P2}}}}\n")
    given = EdgeSettings(centre=CENTRE, key=SecretStr("k"), data=tmp_path, hj212_devices=file)
    site = site_of(given, lambda: NOON)

    async def talk() -> bytes:
        async with Hj212(site.inbox, site.clock, site.known).serving("127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
            writer.write(framed(READING.replace("PW=123456", "PW=000000")) + framed(READING))
            answer = await reader.readuntil(b"\r\n")
            writer.close()
            return answer

    with closing(site.held), ThreadPoolExecutor(1) as apart:
        assert b"CN=9014" in apart.submit(asyncio.run, talk()).result()
        held = site.held.oldest(rows=100, size=10_000)
        sent = parsed(joined([one.message for one in held]), "application/vnd.apache.arrow.stream")
    assert [(row["key"], row["value"], row["quality"], row["at"]) for row in sent.table.to_pylist()] == [
        ("P1", 20.9, 0, NOON), ("P2", 36.5, 2, NOON),
    ]  # fmt: skip


def test_at_any_address_but_loopback_a_local_key_is_needed_and_asked_for(tmp_path: Path) -> None:
    open_to_all = EdgeSettings(centre=CENTRE, key=SecretStr("k"), data=tmp_path, host="0.0.0.0")
    with pytest.raises(ForbiddenError, match="LOCAL_KEY"):
        site_of(open_to_all, lambda: NOON)
    site = site_of(open_to_all.model_copy(update={"local_key": SecretStr("own")}), lambda: NOON)
    with closing(site.held), TestClient(doors(site)) as client:
        body = [{"point": "P1", "ts": NOON.isoformat(), "v": 1.5}]
        assert client.post("/api/readings", json=body).status_code == 401
        shown = {"authorization": "Bearer own"}
        assert client.post("/api/readings", json=body, headers=shown).json()["held"] == 1
        assert client.get("/api/readings", headers=shown).json()["waiting"] == 1
