"""Readings over a real broker: kept before they are acknowledged, and nothing lost while one side is away."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import orjson
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from app.monitoring.mqtt import Broker, Mqtt
from core.actors import SYSTEM_ACTOR
from core.scope import SYSTEM_SCOPE
from layers.catalogue import SENSORS
from monitoring.inbox import Inbox
from monitoring.register import Register
from monitoring.taking import Taker
from store.feed import Put
from tests.monitoring.plant import NOON, Plant

pytestmark = pytest.mark.system
FIRM = "91990106MATYEK5E8U"
MILLISECONDS = int(NOON.timestamp() * 1000)
Start = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def broker(tmp_path: Path) -> Start:
    """Starts Mosquitto, again over what it kept, on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = tmp_path / "mosquitto.conf"
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {tmp_path}/\n"
        "autosave_on_changes true\nautosave_interval 1\nuser root\nmax_queued_messages 0\n"
    )

    @contextmanager
    def start() -> Iterator[str]:
        process = subprocess.Popen(["/usr/sbin/mosquitto", "-c", str(conf)], stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            assert any("running" in line for line in process.stderr)
            yield f"mqtt://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate(timeout=20)

    return start


def published(url: str, messages: list[tuple[str, bytes]]) -> None:
    """Handed to the broker, each with its acknowledgement."""
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.connect("127.0.0.1", int(url.rpartition(":")[2]))
    client.loop_start()
    for one in [client.publish(topic, payload, qos=1) for topic, payload in messages]:
        one.wait_for_publish(30)
    client.disconnect()
    client.loop_stop()


def reading(n: int, point: str = "P1") -> tuple[str, bytes]:
    return f"safety/{FIRM}/T1/{point}", orjson.dumps({"ts": MILLISECONDS + 1000 * n, "v": float(n)})


@pytest.fixture
def owned(plant: Plant) -> Plant:
    record = plant.store.get(SENSORS, "P1", scope=SYSTEM_SCOPE).record.model_copy(update={"enterprise": FIRM})
    plant.store.commit([Put(layer="sensors", record=record)], actor=SYSTEM_ACTOR, reason="", scope=SYSTEM_SCOPE)
    return plant


def hearing(inbox: Inbox, count: int) -> threading.Event:
    """Set once so many readings were kept."""
    heard, so_far = threading.Event(), [0]

    def listen(batch: object) -> None:
        so_far[0] += batch.num_rows  # type: ignore[attr-defined]
        if so_far[0] >= count:
            heard.set()

    inbox.listen(listen)
    return heard


@contextmanager
def subscribed(inbox: Taker, url: str) -> Iterator[None]:
    """We are at the broker, which keeps for us what comes from now on."""
    mqtt = Mqtt(inbox, lambda: NOON, Broker(url=url, topic="safety/#", client="onemap-test"))
    with mqtt.serving():
        assert mqtt.connected.wait(60)
        yield


def test_readings_are_kept_and_what_is_not_the_enterprises_is_refused(owned: Plant, broker: Start) -> None:
    heard = hearing(owned.inbox, 301)
    wrong = [reading(1, "P2"), (f"safety/{FIRM}/T1/P1", b"{"), (f"safety/{FIRM}/T1/P1", b'{"ts": 1, "v": 1}')]
    several = orjson.dumps([{"point": "P1", "ts": MILLISECONDS + 400_000, "v": 1.5}])
    with broker() as url, subscribed(owned.inbox, url):
        published(url, [*wrong, *(reading(n) for n in range(300)), (f"safety/{FIRM}/T1/batch", several)])
        assert heard.wait(60)
    assert [value for _, value, _ in owned.values()] == [*(float(n) for n in range(300)), 1.5]
    assert owned.inbox.told().refused == 3


class AwayOnce:
    """Takes readings as an inbox does; at first the points it knows cannot be asked for: the database restarts."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.asked = 0
        self.offer, self.refused = inbox.offer, inbox.refused

    @property
    def register(self) -> Register:
        self.asked += 1
        if self.asked == 1:
            raise ConnectionError("the database is away")
        return self._inbox.register


def test_messages_that_came_while_the_database_was_away_are_kept_when_it_is_back(owned: Plant, broker: Start) -> None:
    heard, away = hearing(owned.inbox, 30), AwayOnce(owned.inbox)
    with broker() as url, subscribed(away, url):
        published(url, [reading(n) for n in range(30)])
        assert heard.wait(60)
    assert away.asked > 1
    assert [value for _, value, _ in owned.values()] == [float(n) for n in range(30)]


def test_nothing_is_lost_while_we_or_the_broker_are_away(owned: Plant, broker: Start) -> None:
    """The broker is ended and begun again with messages for us while we are away."""
    heard = hearing(owned.inbox, 150)
    with broker() as url:
        with subscribed(owned.inbox, url):
            pass
        published(url, [reading(n) for n in range(100)])
    with broker() as url, subscribed(owned.inbox, url):
        published(url, [reading(n) for n in range(100, 150)])
        assert heard.wait(60)
    assert [value for _, value, _ in owned.values()] == [float(n) for n in range(150)]


def test_what_could_not_be_kept_is_brought_again(owned: Plant, broker: Start) -> None:
    tried = threading.Event()

    class Full(Inbox):
        def offer(self, batch):  # type: ignore[no-untyped-def]
            tried.set()
            return super().offer(batch)

    full = Full(owned.series, owned.inbox.register, lambda: NOON)
    full.stop()
    with broker() as url:
        with subscribed(full, url):
            published(url, [reading(n) for n in range(20)])
            assert tried.wait(60)
        heard = hearing(owned.inbox, 20)
        with subscribed(owned.inbox, url):
            assert heard.wait(60)
    assert len(owned.values()) == 20
