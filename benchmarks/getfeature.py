"""GetFeature, items, pages and streams over many enterprises: `python -m benchmarks.getfeature [--postgis]`.

Points stand in sixty tight clusters; windows hold about a thousand of them. Times include reading the rows, encoding
them and joining the bytes, without HTTP.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from benchmarks.store_load import opened
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import CATALOGUE, ENTERPRISES
from ogc.kvp import KVP
from ogc.oapi.items import items, page_of
from ogc.services import Services
from ogc.wfs import wfs
from store.protocol import Store

CALLER = Caller(
    actor=Actor(id="bench", name="bench", door="ogc"), scope=Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE)
)
BASE = "http://127.0.0.1/ogc/wfs"


def filled(store: Store, rows: int, places: np.ndarray) -> Services:
    """A store of enterprises."""
    codes = [f"91990102MA{n:08d}" for n in range(rows)]
    table = pa.table(
        {
            "uscc": codes,
            "name": [f"云澜第{n}化工有限公司" for n in range(rows)],
            "sector": ["chemical"] * rows,
            "risk": pa.array(np.arange(rows) % 4 + 1),
            "area": ["990102"] * rows,
            "geometry": pa.array(shapely.to_wkb(shapely.points(places)), pa.binary()),
        }
    )
    store.load(ENTERPRISES, table, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    return Services(catalogue=CATALOGUE, store=store)


def timed(name: str, work: Callable[[], int], times: int) -> None:
    """One line of the table."""
    took, size = [], 0
    for _ in range(times):
        start = time.perf_counter()
        size = work()
        took.append((time.perf_counter() - start) * 1000)
    print(f"| {name:<34} | {np.median(took):8.1f} | {np.percentile(took, 95):8.1f} | {size / 1e6:9.2f} |", flush=True)


PEAK = [0]


def resident() -> int:
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def drained(services: Services, **given: object) -> int:
    """Bytes of one WFS answer, read chunk by chunk and thrown away."""
    pairs = [(name, str(value)) for name, value in given.items()]
    answer = wfs(KVP([("request", "GetFeature"), ("typeNames", "enterprises"), *pairs]), b"", CALLER, services, BASE)
    if answer.status != 200:
        raise SystemExit(answer.content().decode())
    if isinstance(answer.body, bytes):
        return len(answer.body)
    size = 0
    for chunk in answer.body:
        size += len(chunk)
        PEAK[0] = max(PEAK[0], resident())
    return size


def main() -> None:
    """Fill a store, ask, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    chosen = options.parse_args()
    rng = np.random.default_rng(7)
    centres = rng.uniform([121.0, 33.0], [121.6, 33.5], (60, 2))
    places = centres[rng.integers(60, size=chosen.rows)] + rng.normal(0, 0.01, (chosen.rows, 2))
    reach = 0.01 * np.sqrt(2 * 1000 * 60 / chosen.rows)
    west, south = centres[0] - reach / 2
    box = f"{west},{south},{west + reach},{south + reach}"
    with opened(postgis=chosen.postgis) as store:
        services = filled(store, chosen.rows, places)

        def page(**given: str) -> int:
            asked = page_of(ENTERPRISES, given, b"", CALLER, default=100)
            return len(items(asked, given, CALLER, services, BASE).content())

        crs84 = box + ",urn:ogc:def:crs:OGC:1.3:CRS84"
        print(f"{chosen.rows} enterprises, {len(ENTERPRISES.fields_in(CALLER.scope))} fields each\n")
        print("| request                            | p50 (ms) | p95 (ms) | answer MB |\n|---|---|---|---|")
        timed("WFS GML, 1000", lambda: drained(services, count=1000), chosen.times)
        timed("WFS GML EPSG:3857, 1000", lambda: drained(services, count=1000, srsName="EPSG:3857"), chosen.times)
        timed("WFS GeoJSON, 1000", lambda: drained(services, count=1000, outputFormat="geojson"), chosen.times)
        timed("WFS GML, bbox", lambda: drained(services, count=1000, bbox=crs84), chosen.times)
        timed("WFS hits, bbox, remembered", lambda: drained(services, resultType="hits", bbox=crs84), chosen.times)
        timed("OGC API items, 1000", lambda: page(limit="1000"), chosen.times)
        timed("OGC API items, bbox", lambda: page(limit="1000", bbox=box), chosen.times)
        timed("OGC API items, last page", lambda: page(limit="1000", offset=str(chosen.rows - 1000)), chosen.times)
        before = resident()
        timed("WFS GML, everything streamed", lambda: drained(services, count=10_000_000), 1)
        print(f"\nmemory while streaming: {before} MB before the first byte, {PEAK[0]} MB at most")


if __name__ == "__main__":
    main()
