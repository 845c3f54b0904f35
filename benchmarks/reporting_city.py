"""A small city that reports while something is done to it: server, broker, sources that bring until they are answered.

Each source has points of its own and writes down what it measured, to hold the series against it afterwards.
"""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import paho.mqtt.client as paho
import shapely
from paho.mqtt.enums import CallbackAPIVersion

from app.auth.devices import DeviceGate
from app.auth.opening import open_identity
from app.auth.sealing import Sealer
from core.actors import SYSTEM_ACTOR
from core.clock import CHINA, utc_now
from core.scope import SYSTEM_SCOPE
from layers.catalogue import ALARMS, CATALOGUE, SENSORS
from layers.catalogue.alarms import AlarmRule
from layers.catalogue.devices import Device
from layers.catalogue.sensing import Sensor
from monitoring.formats.hj212 import framed
from monitoring.register import Register
from store.feed import Put
from store.opening import open_store
from store.query import Query
from store.series import open_series

FIRM = "91990106MATYEK5E8U"
MN = "330211000001DRILL0000001"
PASSWORD = "123456"
HIGH = 80.0
EVERY = 0.2
"""Seconds between two readings of a point."""

POINTS = {kind: [f"{kind}{n}" for n in range(8)] for kind in ("H", "M", "J")}
"""By HTTP, MQTT and HJ 212; the first half end in alarm."""

Truth = dict[tuple[str, int], float]
"""Point and milliseconds: the value."""


@dataclass(slots=True)
class City:
    """Where it is kept, and how it is reached."""

    folder: Path
    database: str | None = None
    key: str = ""
    address: str = ""
    hj212_port: int = 0
    broker_port: int = 0
    process: subprocess.Popen[str] | None = None
    said: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The server's folder."""
        return self.folder / "data"


def founded(folder: Path, database: str | None = None) -> City:
    """A city with its points, one rule over them and two devices."""
    city = City(folder, database)
    city.data.mkdir(parents=True)
    sensors = [
        Sensor(
            code=code, name=code, kind="pressure", unit="kPa", range_low=0.0, range_high=100.0, high=HIGH,
            interval_seconds=60, area="990106", geometry=shapely.Point(121.8, 33.1),
            device={"H": "D-HTTP", "J": MN}.get(code[0], ""), tag=code, enterprise=FIRM if code[0] == "M" else "",
        )
        for codes in POINTS.values()
        for code in codes
    ]  # fmt: skip
    every = tuple(code for codes in POINTS.values() for code in codes)
    rule = AlarmRule(code="R-HIGH", title="高报", kind="limits", state="in_force", points=every, limits=("H",))
    devices = [
        Device(code="D-HTTP", name="网关"),
        Device(code="D-HJ", name="数采仪", protocol="hj212", mn=MN),
    ]
    store = open_store(city.data, database, CATALOGUE, utc_now)
    edits = [Put(layer="sensors", record=one) for one in sensors] + [Put(layer="alarm_rules", record=rule)]
    edits += [Put(layer="devices", record=one) for one in devices]
    store.commit(edits, actor=SYSTEM_ACTOR, reason="drill", scope=SYSTEM_SCOPE)
    identity = open_identity(city.data, database)
    gate = DeviceGate(identity, Register(store), Sealer(city.data / "identity.key"), utc_now)
    city.key = gate.make_key("D-HTTP", given_by="drill")
    gate.make_password("D-HJ", given_by="drill", password=PASSWORD)
    identity.close()
    store.close()
    city.hj212_port, city.broker_port, port = free_port(), free_port(), free_port()
    city.address = f"http://127.0.0.1:{port}"
    return city


def free_port() -> int:
    """A port nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(city: City) -> None:
    """Begin the server and wait until it answers."""
    given = {
        **os.environ, "ONEMAP_DATA": str(city.data), "ONEMAP_PORT": city.address.rpartition(":")[2],
        "ONEMAP_HJ212_PORT": str(city.hj212_port), "ONEMAP_MQTT_URL": f"mqtt://127.0.0.1:{city.broker_port}",
        "ONEMAP_MQTT_CLIENT": "drill", "PYTHONPATH": os.getcwd(),
    } | ({} if city.database is None else {"ONEMAP_DATABASE_URL": city.database})  # fmt: skip
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    city.process = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert city.process.stdout is not None
    for line in city.process.stdout:
        city.said.append(line)
        if re.search(r"^OneMap: http", line):
            break
    out = city.process.stdout
    threading.Thread(target=lambda: city.said.extend(out), daemon=True).start()


def stop(city: City, *, kill: bool = False) -> None:
    """End it in good order, or not."""
    assert city.process is not None
    city.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
    city.process.wait(60)


@contextlib.contextmanager
def broker(city: City) -> Iterator["Broker"]:
    """Mosquitto at the city's port."""
    conf = city.folder / "mosquitto.conf"
    conf.write_text(
        f"listener {city.broker_port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
        f"persistence_location {city.folder}/\nautosave_on_changes true\nautosave_interval 1\nuser root\n"
        "max_queued_messages 0\nmax_inflight_messages 0\nlog_type all\n"
    )
    found = Broker(conf)
    found.start()
    try:
        yield found
    finally:
        found.kill()


class Broker:
    """A broker that can be killed."""

    def __init__(self, conf: Path) -> None:
        self._conf = conf
        self.subscribed = threading.Event()

    def start(self) -> None:
        """Begin, over what it kept."""
        self._process = subprocess.Popen(
            ["/usr/sbin/mosquitto", "-c", str(self._conf)], stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        assert any("running" in line for line in self._process.stderr)
        err = self._process.stderr
        threading.Thread(target=self._hear, args=(err,), daemon=True).start()

    def _hear(self, said: Iterable[str]) -> None:
        for line in said:
            if "SUBACK to drill" in line:
                self.subscribed.set()

    def kill(self) -> None:
        """End it without warning."""
        self._process.kill()
        self._process.wait()


def value_of(code: str, n: int, last: int) -> float:
    """Calm, a stay above the limit, calm; the first half of the points end above it."""
    chance = random.Random(f"{code} {n}")
    high = last // 3 <= n < last // 2 or (int(code[1:]) < 4 and n >= last - last // 6)
    return round((90.0 if high else 50.0) + chance.uniform(-2, 2), 3)


class Source(threading.Thread, ABC):
    """Brings what its points measure, each tick, and does not give up."""

    kind = ""

    def __init__(self, city: City, seconds: float, skew: Callable[[int], timedelta] = lambda _: timedelta()) -> None:
        super().__init__(daemon=True)
        self.city = city
        self.truth: Truth = {}
        self.repeats = 1
        self.ticks = int(seconds / EVERY)
        self._skew = skew

    def run(self) -> None:
        """All of it."""
        begin = time.monotonic()
        for n in range(self.ticks):
            time.sleep(max(0.0, begin + n * EVERY - time.monotonic()))
            at = utc_now() + self._skew(n)
            at = at.replace(microsecond=at.microsecond // 1000 * 1000)
            moment = round(at.timestamp() * 1000)
            rows = {code: value_of(code, n, self.ticks) for code in POINTS[self.kind]}
            self.truth.update({(code, moment): value for code, value in rows.items()})
            for _ in range(self.repeats):
                self.bring(at, moment, rows)
        self.finish()

    @abstractmethod
    def bring(self, at: datetime, moment: int, rows: dict[str, float]) -> None:
        """Until it was answered."""

    def finish(self) -> None:
        """Nothing under way any more."""


class Http(Source):
    """A gateway; `to` may be a forwarder instead of the centre."""

    kind = "H"
    to = ""

    def bring(self, at: datetime, moment: int, rows: dict[str, float]) -> None:
        """Again until 200."""
        body = orjson.dumps([{"point": code, "ts": moment, "v": value} for code, value in rows.items()])
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.city.key}"}
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(f"{self.to or self.city.address}/api/readings", content=body, headers=headers)
                if answer.status_code == 200:
                    return
            time.sleep(0.3)


class Hj212(Source):
    """A data logger: the same frame again until 9014."""

    kind = "J"
    link: socket.socket | None = None

    def bring(self, at: datetime, moment: int, rows: dict[str, float]) -> None:
        """Over the connection there is, or a new one."""
        local = at.astimezone(CHINA)
        stamp = f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"
        values = ",".join(f"{code}-Rtd={value},{code}-Flag=N" for code, value in rows.items())
        frame = framed(
            f"QN={stamp};ST=31;CN=2011;PW={PASSWORD};MN={MN};Flag=5;CP=&&DataTime={stamp};{values}&&"
        )  # fmt: skip
        while True:
            try:
                if self.link is None:
                    self.link = socket.create_connection(("127.0.0.1", self.city.hj212_port), timeout=3)
                self.link.sendall(frame)
                heard = b""
                while f"QN={stamp}".encode() not in heard:
                    more = self.link.recv(4096)
                    if not more:
                        raise ConnectionError
                    heard += more
                return
            except OSError:
                if self.link is not None:
                    self.link.close()
                self.link = None
                time.sleep(0.3)


class Mqtt(Source):
    """A device at the broker, quality of service 1."""

    kind = "M"

    def __init__(self, city: City, seconds: float, skew: Callable[[int], timedelta] = lambda _: timedelta()) -> None:
        super().__init__(city, seconds, skew)
        self.client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, client_id="drill-device")
        self._brought = self._answered = 0
        self.client.reconnect_delay_set(1, 2)
        self.client.on_publish = self._on_publish
        self.client.connect("127.0.0.1", city.broker_port)
        self.client.loop_start()

    def bring(self, at: datetime, moment: int, rows: dict[str, float]) -> None:
        """The client sends again what was not acknowledged."""
        for code, value in rows.items():
            body = orjson.dumps({"ts": moment, "v": value})
            self.client.publish(f"safety/{FIRM}/T/{code}", body, qos=1)
            self._brought += 1

    def _on_publish(self, *_: object) -> None:
        self._answered += 1

    def finish(self) -> None:
        """Every acknowledgement."""
        while self._answered < self._brought:
            time.sleep(0.1)
        self.client.disconnect()
        self.client.loop_stop()


@dataclass(frozen=True, slots=True)
class Found:
    """What the series and the alarms say afterwards, held against what was measured."""

    measured: int
    lost: int
    doubled: int
    strange: int
    wrong_states: list[str]

    def __str__(self) -> str:
        states = f"states wrong: {', '.join(self.wrong_states)}" if self.wrong_states else "states right"
        return f"{self.measured:,} measured, {self.lost} lost, {self.doubled} doubled, {self.strange} strange, {states}"

    @property
    def sound(self) -> bool:
        """Nothing lost, doubled or strange, states right."""
        return not (self.lost or self.doubled or self.strange or self.wrong_states)


def judged(city: City, truth: Truth) -> Found:
    """Read what is kept, the server being down; a point stands in alarm if and only if its last value calls for it."""
    store = open_store(city.data, city.database, CATALOGUE, utc_now)
    series = open_series(city.data / "series", store)
    codes = [code for codes in POINTS.values() for code in codes]
    begin, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    try:
        rows = series.read(SENSORS, codes, start=begin, end=end, scope=SYSTEM_SCOPE).to_pylist()
        alarms = store.read(ALARMS, Query(fields=("point", "state"), geometry=False), scope=SYSTEM_SCOPE).to_pylist()
    finally:
        series.close()
        store.close()
    kept = [(row["key"], round(row["at"].timestamp() * 1000), row["value"]) for row in rows]
    known = {(code, at): value for code, at, value in kept}
    standing = {row["point"] for row in alarms if row["state"] in ("raised", "acknowledged", "shelved")}
    last = {code: value for (code, _), value in truth.items()}  # as measured, whatever the clock said
    expected = {code for code, value in last.items() if value > HIGH}
    wrong = [f"{code} stands" for code in sorted(standing - expected)]
    wrong += [f"{code} does not stand" for code in sorted(expected - standing)]
    return Found(
        len(truth), sum(known.get(one) != value for one, value in truth.items()), len(kept) - len(known),
        sum(one not in truth for one in known), wrong,
    )  # fmt: skip
