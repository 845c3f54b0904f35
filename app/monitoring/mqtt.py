"""Readings from an MQTT 5 broker: quality of service 1, a message acknowledged once its readings are kept.

The session outlives us at the broker, which keeps what comes while we are away. No more than `UNANSWERED` messages are
under way to us at a time, so the broker waits where our queue is full. Small messages are read and kept together.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
import pyarrow as pa
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core.clock import Clock
from core.errors import BadInputError
from core.units import Second
from monitoring.formats.json import from_rows
from monitoring.formats.mqtt import rows_of
from monitoring.readings import MOST_ROWS, entered
from monitoring.taking import Taker

UNANSWERED = 5000
TOGETHER = 2000
"""Messages that are kept in one step."""

AGAIN: Second = 1.0
"""After so long what found no room is offered again."""

REMEMBERED: Second = 86400.0
"""So long the broker keeps our session, and what comes meanwhile, after we went."""

SOURCE = "mqtt"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where the broker is and what is asked of it."""

    url: str
    topic: str
    client: str
    ca: Path | None = None


class Mqtt:
    """A subscriber; `serving` begins and ends it."""

    def __init__(self, inbox: Taker, clock: Clock, broker: Broker) -> None:
        self.connected = threading.Event()
        self._inbox = inbox
        self._clock = clock
        self._broker = broker
        self._waiting: queue.SimpleQueue[paho.MQTTMessage | None] = queue.SimpleQueue()
        self._over = threading.Event()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Subscribe while this is open; what was taken is kept or left to the broker."""
        client = self._client()
        keeper = threading.Thread(target=self._keep_all, args=(client,), name="mqtt-keep", daemon=True)
        keeper.start()
        client.loop_start()
        try:
            yield
        finally:
            self._over.set()
            self._waiting.put(None)
            keeper.join()
            client.disconnect()
            client.loop_stop()

    def _client(self) -> paho.Client:
        at = urlsplit(self._broker.url)
        client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=self._broker.client, protocol=paho.MQTTv5, manual_ack=True
        )
        if at.username:
            client.username_pw_set(unquote(at.username), unquote(at.password or ""))
        if at.scheme == "mqtts":
            client.tls_set(ca_certs=None if self._broker.ca is None else str(self._broker.ca))
        client.reconnect_delay_set(1, 30)
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: self.connected.clear()
        client.on_subscribe = lambda *_: self.connected.set()
        client.on_message = lambda _, __, message: self._waiting.put(message)
        asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        asked.SessionExpiryInterval = int(REMEMBERED)
        asked.ReceiveMaximum = UNANSWERED
        port = at.port or (8883 if at.scheme == "mqtts" else 1883)
        client.connect_async(at.hostname or "localhost", port, clean_start=False, properties=asked)
        return client

    def _on_connect(self, client: paho.Client, _: Any, __: Any, reason: ReasonCode, ___: Properties | None) -> None:
        if reason.is_failure:
            _log.warning("the MQTT broker refuses the connection: %s", reason)
            return
        client.subscribe(self._broker.topic, qos=1)

    def _keep_all(self, client: paho.Client) -> None:
        while not self._over.is_set():
            first = self._waiting.get()
            taken = [] if first is None else [first]
            while taken and len(taken) < TOGETHER and not self._waiting.empty():
                more = self._waiting.get()
                if more is not None:
                    taken.append(more)
            batches = self._read_at_last(taken)
            while batches and not self._over.is_set():
                if self._kept(batches[0]):
                    batches.popleft()
                else:
                    self._over.wait(AGAIN)
            if batches is not None and not batches:
                for message in taken:
                    client.ack(message.mid, message.qos)

    def _read_at_last(self, taken: list[paho.MQTTMessage]) -> deque[pa.Table] | None:
        """What can be kept of some messages, as soon as the store tells the points there are; None when it is over."""
        while True:
            try:
                return deque(self._read(taken))
            except Exception:
                _log.exception("%d messages of the broker could not be read yet", len(taken))
            if self._over.wait(AGAIN):
                return None

    def _kept(self, batch: pa.Table) -> bool:
        try:
            self._inbox.offer(batch).result()
        except Exception as error:
            _log.warning("%d readings of the broker could not be kept yet: %s", batch.num_rows, error)
            return False
        return True

    def _read(self, messages: list[paho.MQTTMessage]) -> list[pa.Table]:
        """What can be kept of some messages; the rest is counted, and not asked for again."""
        register = self._inbox.register
        owners = register.owners()
        rows: list[dict[str, Any]] = []
        refused = 0
        for message in messages:
            try:
                found = rows_of(message.topic, bytes(message.payload))
            except BadInputError:
                refused += 1
                continue
            mine = [row for row in found.rows if found.owner is None or owners.get(row["point"]) == found.owner]
            refused += len(found.rows) - len(mine)
            rows += mine
        batches = []
        for start in range(0, len(rows), MOST_ROWS):
            sent = from_rows(rows[start : start + MOST_ROWS])
            batches.append(entered(sent, register.known(), source=SOURCE, arrived=self._clock()))
            refused += sent.faults.count
        if refused:
            self._inbox.refused(refused)
        return batches
