"""What recording sensitive reads costs: the same requests to two sites over one city, with and without it, in turn."""

import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from starlette.testclient import TestClient

from app.settings import Settings
from app.site import build
from app.wiring import assemble
from core.clock import utc_now
from store.audit import AuditEntry, AuditLog, Kind
from store.recorded import RecordedStore
from tests.server import PASSWORDS, demo_city

WFS = "/ogc/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=enterprises&outputFormat=application/json"
REQUESTS = {
    "card of an enterprise": ("/api/feature/enterprises/{key}", 1),
    "table page (nothing sensitive)": ("/api/table/enterprises", 0),
    "points of 857 enterprises (nothing sensitive)": ("/api/map/enterprises", 0),
    "WFS 500 features GeoJSON": (WFS + "&count=500", 1),
    "OGC API 10 items": ("/ogc/api/collections/enterprises/items?limit=10&f=json", 1),
    "OGC API 500 items": ("/ogc/api/collections/enterprises/items?limit=500&f=json", 1),
}
ORIGIN = "http://testserver"


def main(rounds: int = 100) -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        system = assemble(Settings(data=demo_city(Path(folder) / "data"), render_workers=1))
        assert isinstance(system.store, RecordedStore)
        plain = replace(system, store=system.store._store)
        with TestClient(build(system), base_url=ORIGIN) as told, TestClient(build(plain), base_url=ORIGIN) as untold:
            for client in (told, untold):
                form = {"login": "city", "password": PASSWORDS["city"]}
                client.post("/signin", data=form, headers={"origin": ORIGIN}, follow_redirects=False)
            key = told.get("/api/table/enterprises").json()["keys"][0]
            print(f"{'request':<48}{'without ms':>12}{'with ms':>10}{'ratio':>8}{'entries':>9}")
            for name, (address, entries) in REQUESTS.items():
                without, with_ = in_turn([asking(one, address.format(key=key)) for one in (untold, told)], rounds)
                print(f"{name:<48}{without:>12.1f}{with_:>10.1f}{with_ / without:>8.2f}{entries:>9}")
        _together(system.audit)
        system.close()


def asking(client: TestClient, address: str) -> Callable[[], object]:
    return lambda: client.get(address, headers={"cache-control": "no-cache"}).raise_for_status()


def in_turn(asks: list[Callable[[], object]], rounds: int) -> list[float]:
    """The lower quartile of each, one after the other in each round: a busy machine only ever adds."""
    times: list[list[float]] = [[] for _ in asks]
    for ask in asks:
        ask()
    for number in range(rounds):
        turns = list(zip(asks, times, strict=True))
        for ask, kept in turns if number % 2 else reversed(turns):  # neither always comes after the other
            started = time.perf_counter()
            ask()
            kept.append((time.perf_counter() - started) * 1000)
    return [statistics.quantiles(kept, n=4)[0] for kept in times]


def _together(log: AuditLog, count: int = 400) -> None:
    """Entries a second by how many write at once."""
    print(f"\n{'writers at once':<18}{'entries/s':>12}")
    entry = AuditEntry(at=utc_now(), kind=Kind.READ, actor="city", door="page", what="enterprises", rows=1)
    for writers in (1, 4, 16):
        started = time.perf_counter()
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(log.record, [entry] * count))
        print(f"{writers:<18}{count / (time.perf_counter() - started):>12.0f}")


if __name__ == "__main__":
    main()
