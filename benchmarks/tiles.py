"""Kept tiles a second of one server process: from memory, as 304s, and from disk after a restart; beside /healthz.

The asking is done by this process over plain sockets, so that little of the two processors goes to it.
"""

import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.server import PASSWORDS, demo_server

CONNECTIONS = 4
SECONDS = 6.0
TILES = [
    f"/ogc/wmts/1.0.0/onemap/default/CGCS2000Quad/13/{row}/{column}.png"
    for row in range(1290, 1298)
    for column in range(6864, 6872)
]


def rate(server: str, paths: Sequence[str], headers: str) -> float:
    """Answers a second over a few connections, each asking one after another."""
    place = urlsplit(server)
    until = time.monotonic() + SECONDS
    counts = [0] * CONNECTIONS

    def ask(number: int) -> None:
        with socket.create_connection((place.hostname, place.port)) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            at = number
            while time.monotonic() < until:
                request = f"GET {paths[at % len(paths)]} HTTP/1.1\r\nhost: {place.netloc}\r\n{headers}\r\n"
                wire.sendall(request.encode())
                answered(wire)
                counts[number] += 1
                at += CONNECTIONS

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def answered(wire: socket.socket) -> None:
    """Read one answer whole; anything but success ends the measuring."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += wire.recv(65536)
    head, _, body = got.partition(b"\r\n\r\n")
    if head[9:12] not in (b"200", b"304"):
        raise SystemExit(head.decode())
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += wire.recv(65536)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        with demo_server(Path(folder)) as server:
            cookie = signed_in(server)
            with httpx.Client(base_url=server, headers={"cookie": cookie}, timeout=60) as client:
                begun = time.perf_counter()
                found = [client.get(path) for path in TILES]
                drawn = len(TILES) / (time.perf_counter() - begun)
                tags = found[0].headers["etag"]
            plain = f"cookie: {cookie}\r\n"
            rows = {
                "drawn, sixteen at a time, one after another": drawn,
                "/healthz, for comparison": rate(server, ["/healthz"], ""),
                "from memory": rate(server, TILES, plain),
                "from memory, unchanged (304)": rate(server, TILES[:1], f"{plain}if-none-match: {tags}\r\n"),
            }
        with demo_server(Path(folder)) as server, httpx.Client(base_url=server, timeout=60) as client:
            client.headers["cookie"] = signed_in(server)
            begun = time.perf_counter()
            for path in TILES:
                client.get(path).raise_for_status()
            rows["from disk after a restart, one after another"] = len(TILES) / (time.perf_counter() - begun)
    size = sum(len(one.content) for one in found) / len(found)
    print(f"{len(TILES)} tiles of {size / 1000:.1f} kB, {CONNECTIONS} connections\n{'':<46}{'a second':>10}")
    for name, value in rows.items():
        print(f"{name:<46}{value:>10.0f}")


def signed_in(server: str) -> str:
    """A session of a city officer."""
    with httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client:
        answer = client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
        cookies = SimpleCookie(answer.headers["set-cookie"])
    return "; ".join(f"{name}={one.value}" for name, one in cookies.items())


if __name__ == "__main__":
    main()
