"""A site's forwarder before a real server: link cut, forwarder killed, all of it brought twice, nothing lost."""

import os
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import pytest
import shapely

from core.actors import SYSTEM_ACTOR
from core.canonical import sha256
from core.clock import utc_now
from core.errors import BusyError
from core.scope import SYSTEM_SCOPE
from layers.catalogue import CATALOGUE, SENSORS
from layers.catalogue.sensing import Sensor
from store.feed import Put
from store.forwarding import Forwarding
from store.opening import open_store
from store.series import open_series
from tests.commands import Program, run
from tests.server import Served, configured_server

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
POINT = "EDGE-P1"


class Relay:
    """The link: passes bytes between the site and the centre while it is whole."""

    def __init__(self, centre: str) -> None:
        host, _, port = centre.removeprefix("http://").partition(":")
        self._centre = (host, int(port))
        self._whole = threading.Event()
        self._ends: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self) -> None:
        self._whole.set()

    def cut(self) -> None:
        """Connections break in the middle of what they carry."""
        self._whole.clear()
        for end in self._ends:
            end.close()
        self._ends.clear()

    def _accept(self) -> None:
        while True:
            near, _ = self._server.accept()
            if not self._whole.is_set():
                near.close()
                continue
            far = socket.create_connection(self._centre)
            self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while more := one.recv(65536):
                other.sendall(more)
        except OSError:
            pass
        finally:
            for end in (one, other):
                end.close()


@contextmanager
def edge(data: Path, centre: str, key: str) -> Iterator[tuple[str, Program]]:
    """A forwarder and its address."""
    given = {**os.environ, "ONEMAP_EDGE_KEY": key, "ONEMAP_EDGE_LONGEST_WAIT": "0.3"}
    reading, writing = os.pipe()
    program = Program(("edge", "run", "--centre", centre, "--data", str(data), "--port", "0"), given, writing, writing)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as said:
        found = next((found for line in said if (found := re.search(r"OneMap edge: (\S+) ->", line))), None)
        assert found is not None, "the forwarder did not start"
        try:
            yield found[1], program
        finally:
            program.kill()
            program.wait(10)


def message(first: int, count: int) -> list[dict[str, object]]:
    return [
        {"point": POINT, "ts": (BEGIN + timedelta(seconds=n)).isoformat(), "v": n / 8}
        for n in range(first, first + count)
    ]


def brought(address: str) -> dict[str, object]:
    """How the forwarder stands once nothing waits any more."""
    pause = threading.Event()
    for _ in range(600):
        told: dict[str, object] = httpx.get(f"{address}/api/readings").json()
        if told["waiting"] == 0:
            return told
        pause.wait(0.1)
    raise AssertionError(told)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Served]:
    """A server over a city of one point."""
    sensor = Sensor(
        code=POINT, name="现场", kind="pressure", unit="kPa", area="990106", device="EDGE-1",
        geometry=shapely.Point(121.8, 33.1),
    )  # fmt: skip
    data = tmp_path / "centre"
    data.mkdir()
    with closing(open_store(data, None, CATALOGUE, utc_now)) as store:
        store.commit([Put(layer="sensors", record=sensor)], actor=SYSTEM_ACTOR, reason="test", scope=SYSTEM_SCOPE)
    with configured_server(data) as address:
        yield Served(address, data)


@pytest.mark.system
def test_nothing_is_lost_or_doubled_by_a_cut_link_and_a_kill(centre: Served, tmp_path: Path) -> None:
    made = run("device", "add", "EDGE-1", "--name", "现场转发", "--protocol", "edge", "--data", str(centre.data))
    relay, key = Relay(centre.address), made.stdout.split()[-1]
    with edge(tmp_path / "site", relay.address, key) as (address, program):
        for n in range(0, 500, 50):
            assert httpx.post(f"{address}/api/readings", json=message(n, 50)).json()["held"] == 50
        told = httpx.get(f"{address}/api/readings").json()
        assert (told["waiting"], told["sent"]) == (500, 0)
        assert told["age"] >= 0
        program.kill()
    with edge(tmp_path / "site", relay.address, key) as (address, _):
        relay.mend()
        for n in range(250, 750, 50):
            httpx.post(f"{address}/api/readings", json=message(n, 50))
            relay.cut()
            relay.mend()
        stranger = [{"point": "EDGE-P9", "ts": BEGIN.isoformat(), "v": 1}]
        httpx.post(f"{address}/api/readings", json=stranger)
        told = brought(address)
    assert (told["sent"], told["refused"], told["given_up"]) == (1000, 1, 0)
    status = run("edge", "status", "--data", str(tmp_path / "site"), environment={"ONEMAP_EDGE_KEY": ""}).stdout
    assert "EDGE-P9" in status
    with (
        closing(open_store(centre.data, None, CATALOGUE, utc_now)) as store,
        closing(open_series(centre.data / "series", store)) as series,
    ):
        kept = series.read(SENSORS, [POINT], start=BEGIN, end=BEGIN + timedelta(hours=1), scope=SYSTEM_SCOPE)
    rows = [[row["at"].isoformat(), row["value"]] for row in kept.select(["at", "value"]).to_pylist()]
    expected = [[one["ts"], one["v"]] for one in message(0, 750)]
    assert len(rows) == 750
    assert sha256(orjson.dumps(rows)) == sha256(orjson.dumps(expected))


def test_a_full_buffer_refuses_or_gives_up_the_oldest_and_says_how_many(tmp_path: Path) -> None:
    with closing(Forwarding(tmp_path / "a.db", most=250)) as held:
        for _ in range(2):
            held.put(b"x" * 100, 10, at=BEGIN)
        with pytest.raises(BusyError):
            held.put(b"x" * 100, 10, at=BEGIN)
        held.refuse(held.oldest(rows=10, size=1000), "no such point")
        held.done(held.oldest(rows=10, size=1000))
        assert held.again() == 1
    with closing(Forwarding(tmp_path / "a.db", most=250, drop_oldest=True)) as held:
        for n in range(3):
            held.put(bytes([n]) * 100, 10, at=BEGIN + timedelta(hours=n))
        depth = held.depth()
        assert (depth.waiting, depth.given_up, depth.sent, depth.oldest) == (20, 20, 10, BEGIN + timedelta(hours=1))
