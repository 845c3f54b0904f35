"""Faults on purpose while a city reports: `python -m benchmarks.monitoring_drill [NAME …] [--seconds 30]`.

A real server takes readings by HTTP, HJ 212 and MQTT from sources that bring each until it is answered. In the middle
something is done to it. Afterwards every reading that was measured must be there once, with its value, and each point
stand in alarm if and only if its last value is beyond the limit. A duty officer's screen stays open meanwhile and must
have said what is wrong.
"""

import argparse
import contextlib
import os
import random
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from benchmarks.reporting_city import (
    FIRM,
    Broker,
    City,
    Hj212,
    Http,
    Mqtt,
    Source,
    broker,
    founded,
    judged,
    start,
    stop,
)  # fmt: skip
from benchmarks.screen_said import watched
from monitoring.formats.hj212 import framed
from tests.system.test_edge import Relay, edge

MUST_SAY: dict[str, tuple[str, ...]] = {
    "broker killed": ("MQTT 代理断开",),
    "database restarted": ("读数未能保存", "报警判定停止"),
    "disk full": ("读数未能保存",),
    "clock jumped": ("有设备时钟超前",),
    "garbage": ("有读数被拒收",),
}
"""What the bar of the alarm desk must have said: one of these. A link that is cut is told by its points."""

STILL = 6.0
"""So long nothing may come, and all be judged, before it counts as the end; delays of the engine run by the second."""

SETTLED = 180.0
"""So long the server may take to keep and judge what waits at the end."""


@dataclass
class Drill:
    """The city under a drill, and what to say of it besides."""

    city: City
    broker: Broker
    seconds: float
    notes: list[str] = field(default_factory=list)


@contextlib.contextmanager
def reporting(drill: Drill, sources: Sequence[Source]) -> Iterator[None]:
    """Sources bring their readings while this is open; it ends when all of theirs were answered and judged."""
    for one in sources:
        one.start()
    yield
    for one in sources:
        one.join()
    wanted = sum(len(one.truth) for one in sources)
    end, since, seen = time.monotonic() + SETTLED, time.monotonic(), -1
    while time.monotonic() < end and time.monotonic() - since < STILL:
        time.sleep(0.5)
        with contextlib.suppress(httpx.HTTPError):
            told = state(drill.city)
            idle = told["waiting"] == 0 == told["alarms"]["waiting"] and told["alarms"]["state"] == "judging"
            if not idle or told["kept"] != seen:
                since, seen = time.monotonic(), told["kept"]
            continue
        since = time.monotonic()
    drill.notes.append(f"{wanted:,} brought")


def state(city: City) -> dict:  # type: ignore[type-arg]
    """What the door tells."""
    answer = httpx.get(f"{city.address}/api/readings", headers={"authorization": f"Bearer {city.key}"})
    found: dict = answer.json()  # type: ignore[type-arg]
    return found


def usual(drill: Drill, **more: object) -> list[Source]:
    """One source of each kind."""
    return [kind(drill.city, drill.seconds, **more) for kind in (Http, Hj212, Mqtt)]  # type: ignore[arg-type]


def broker_killed(drill: Drill) -> list[Source]:
    """The broker is killed twice and begun again over what it kept."""
    sources = usual(drill)
    with reporting(drill, sources):
        for _ in range(2):
            time.sleep(drill.seconds / 4)
            drill.broker.kill()
            time.sleep(3)
            drill.broker.start()
    return sources


def server_killed(drill: Drill) -> list[Source]:
    """The server is killed twice without warning."""
    sources = usual(drill)
    with reporting(drill, sources):
        for _ in range(2):
            time.sleep(drill.seconds / 4)
            stop(drill.city, kill=True)
            start(drill.city)
    return sources


def database_restarted(drill: Drill) -> list[Source]:
    """PostgreSQL is stopped as by a power cut, twice, and begun again."""
    import psycopg

    from tests.postgres import _run

    assert drill.city.database is not None
    with psycopg.connect(drill.city.database) as db:
        (where,) = db.execute("SHOW data_directory").fetchone() or ("",)
    sources = usual(drill)
    with reporting(drill, sources):
        for _ in range(2):
            time.sleep(drill.seconds / 4)
            _run("pg_ctl", "-D", where, "-m", "immediate", "-w", "restart")
    return sources


def link_cut(drill: Drill) -> list[Source]:
    """The HTTP source brings to a forwarder whose link is cut, and which is killed while it is."""
    relay = Relay(drill.city.address)
    relay.mend()
    site = drill.city.folder / "site"
    sources = usual(drill)
    with contextlib.ExitStack() as open_now:
        address, program = open_now.enter_context(edge(site, relay.address, drill.city.key))
        sources[0].to = address  # type: ignore[attr-defined]
        with reporting(drill, sources):
            time.sleep(drill.seconds / 4)
            relay.cut()
            time.sleep(drill.seconds / 4)
            program.kill()
            address, program = open_now.enter_context(edge(site, relay.address, drill.city.key))
            sources[0].to = address  # type: ignore[attr-defined]
            time.sleep(2)
            relay.mend()
        for _ in range(300):
            told = httpx.get(f"{address}/api/readings").json()
            if not told["waiting"]:
                break
            time.sleep(0.2)
        drill.notes.append(f"forwarder: {told['sent']:,} sent, {told['waiting']} waiting, {told['given_up']} given up")
        time.sleep(5.0)
    return sources


def disk_full(drill: Drill) -> list[Source]:
    """No file of the server may grow for a quarter of the time."""
    sources = usual(drill)
    process = drill.city.process
    assert process is not None
    with reporting(drill, sources):
        time.sleep(drill.seconds / 4)
        hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, hard))
        time.sleep(drill.seconds / 4)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        told = state(drill.city)
        drill.notes.append(f"meanwhile {told['failed']} readings could not be kept")
    return sources


def clock_jumped(drill: Drill) -> list[Source]:
    """Devices' clocks stand an hour ahead, then a day behind, then right again."""

    def skew(n: int) -> timedelta:
        tenth = int(drill.seconds / 0.2) // 10
        return {2: timedelta(hours=1), 4: -timedelta(days=1)}.get(n // tenth, timedelta())

    sources = usual(drill, skew=skew)
    with reporting(drill, sources):
        pass
    return sources


def duplicates(drill: Drill) -> list[Source]:
    """Everything is brought three times."""
    sources = usual(drill)
    for one in sources:
        one.repeats = 3
    with reporting(drill, sources):
        pass
    return sources


def garbage(drill: Drill) -> list[Source]:
    """Frames, messages and bodies that mean nothing come between the good ones."""
    sources = usual(drill)
    chance = random.Random(7)
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, client_id="drill-garbage")
    client.connect("127.0.0.1", drill.city.broker_port)
    client.loop_start()
    sent, wrong = 0, 0
    with reporting(drill, sources):
        end = time.monotonic() + drill.seconds * 0.8
        while time.monotonic() < end:
            noise = chance.randbytes(chance.randrange(1, 400))
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", drill.city.hj212_port)) as link:
                link.sendall(noise + b"##9999" + noise + framed("MN=;CN=2011;CP=&&&&") + framed("x" * 50))
            for topic in ("safety/x", f"safety/{FIRM}/T/M1", f"safety/{FIRM}/T/H1", "safety//"):
                client.publish(topic, chance.choice([noise, b"{}", b'{"ts": 1e99, "v": 1}', b"[[[["]), qos=1)
            for media in ("application/json", "text/csv", "application/vnd.apache.arrow.stream"):
                answer = httpx.post(
                    f"{drill.city.address}/api/readings", content=noise,
                    headers={"content-type": media, "authorization": f"Bearer {drill.city.key}"},
                )  # fmt: skip
                wrong += answer.status_code >= 500
            sent += 9
            time.sleep(0.1)
    client.disconnect()
    client.loop_stop()
    drill.notes.append(f"{sent:,} pieces of garbage, {wrong} answered with 5xx")
    return sources


DRILLS: dict[str, Callable[[Drill], list[Source]]] = {
    "broker killed": broker_killed,
    "server killed": server_killed,
    "database restarted": database_restarted,
    "link cut": link_cut,
    "disk full": disk_full,
    "clock jumped": clock_jumped,
    "duplicates": duplicates,
    "garbage": garbage,
}


def run(name: str, seconds: float) -> bool:
    """One drill on a city of its own; whether nothing was found wrong."""
    began = time.monotonic()
    with contextlib.ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="onemap-drill-")))
        database = None
        if name == "database restarted":
            from tests.postgres import DURABLE, cluster

            database = held.enter_context(cluster(DURABLE))
        city = founded(folder, database)
        drill = Drill(city, held.enter_context(broker(city)), seconds)
        start(city)
        drill.broker.subscribed.wait(120)  # a broker keeps nothing for a session it has not met
        said: list[str] = []
        try:
            with watched(city.address, city.data, database) as screen:
                sources = DRILLS[name](drill)
                said = screen()
        finally:
            stop(city)
        wanted = MUST_SAY.get(name, ())
        told = not wanted or any(word in words for word in wanted for words in said)
        drill.notes.append(f"the screen said {' → '.join(said) or 'nothing'}{'' if told else ': too little'}")
        found = judged(city, {key: value for one in sources for key, value in one.truth.items()})
        if not found.sound and "ONEMAP_DRILL_SAID" in os.environ:
            print("".join(city.said[-60:]))
    print(f"{name}: {found} ({'; '.join(drill.notes)}), {time.monotonic() - began:.0f} s", flush=True)
    return found.sound and told


def main() -> int:
    """Run the drills asked for; the number that found something wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=", ".join(DRILLS))
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    return sum(not run(name, given.seconds) for name in given.names or DRILLS)


if __name__ == "__main__":
    sys.exit(main())
