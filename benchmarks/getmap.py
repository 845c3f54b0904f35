"""GetMap and base tiles over many enterprises: `python -m benchmarks.getmap [--postgis]` prints a table.

Points stand in sixty tight clusters; windows are drawn round random points, so dense ones weigh most.
"""

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from app.wiring import rows_of
from benchmarks.store_load import opened
from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from layers.catalogue import CATALOGUE, ENTERPRISES
from ogc.kvp import KVP
from ogc.render.plates import Plates
from ogc.render.pool import DrawingPool
from ogc.render.renderer import MapnikRenderer
from ogc.services import Services
from ogc.wms import wms
from store.protocol import Store

WINDOWS = (*((zoom, 256, 256) for zoom in range(10, 16)), (12, 1024, 768))
CALLER = Caller(
    actor=Actor(id="bench", name="bench", door="ogc"), scope=Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE)
)


def points(rows: int, rng: np.random.Generator) -> np.ndarray:
    """Clustered places."""
    centres = rng.uniform([121.0, 33.0], [121.6, 33.5], (60, 2))
    return centres[rng.integers(60, size=rows)] + rng.normal(0, 0.01, (rows, 2))


def filled(store: Store, path: Path, places: np.ndarray, rng: np.random.Generator) -> Services:
    """A store with that many enterprises and a renderer over it."""
    rows = len(places)
    sectors = np.array(list(ENTERPRISES.style.symbols))
    table = pa.table(
        {
            "uscc": [f"9199{i:014d}" for i in range(rows)],
            "name": [f"企业{i}" for i in range(rows)],
            "sector": sectors[rng.integers(len(sectors), size=rows)],
            "risk": rng.choice([1, 2, 3, 4], rows, p=[0.02, 0.1, 0.28, 0.6]),
            "area": rng.choice(["990102001", "990106001"], rows),
            "geometry": shapely.to_wkb(shapely.points(places)),
        }
    )
    store.load(ENTERPRISES, table, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
    pool = DrawingPool(processes=2, patience=60, limit=60)
    renderer = MapnikRenderer(CATALOGUE, store, rows_of(store), path / "cache", pool)
    return Services(catalogue=CATALOGUE, store=store, renderer=renderer)


def ask(
    services: Services, place: np.ndarray, zoom: int, width: int, height: int, style: str = ""
) -> tuple[float, int]:
    """Seconds and bytes of one GetMap round a place."""
    across = 360 / 2**zoom / 256
    west, south = place[0] - across * width / 2, place[1] - across * height / 2
    given = {
        "service": "WMS", "version": "1.3.0", "request": "GetMap", "layers": "enterprises", "styles": style,
        "crs": "CRS:84", "format": "image/png; mode=8bit", "transparent": "TRUE", "width": str(width),
        "height": str(height), "bbox": f"{west},{south},{west + across * width},{south + across * height}",
    }  # fmt: skip
    start = time.perf_counter()
    answer = wms(KVP(given.items()), CALLER, services, "http://localhost/wms")
    took = time.perf_counter() - start
    if not answer.media_type.startswith("image/"):
        raise SystemExit(answer.content().decode())
    return took, len(answer.content())


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=24)
    parser.add_argument("--style", default="", help="default, shapes, clusters or heat")
    parser.add_argument("--live", action="store_true", help="draw the rows themselves, without plates")
    parser.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    arguments = parser.parse_args()
    rng = np.random.default_rng(1)
    places = points(arguments.rows, rng)
    with tempfile.TemporaryDirectory() as folder, opened(postgis=arguments.postgis) as store:
        services = filled(store, Path(folder), places, rng)
        renderer = services.renderer
        if isinstance(renderer, MapnikRenderer) and arguments.live:
            renderer.plates = Plates(store, Path(folder) / "none", big=arguments.rows + 1)
        elif isinstance(renderer, MapnikRenderer):
            start = time.perf_counter()
            renderer.plates.settled(ENTERPRISES)
            print(f"plate made in {time.perf_counter() - start:.1f} s")
        print(f"{arguments.rows:,} enterprises, GetMap, 2 drawing processes, 2 at once, area scope, png8")
        print(f"{'window':<16}{'p50 ms':>9}{'p95 ms':>9}{'maps/s':>9}{'kB':>8}")
        for zoom, width, height in WINDOWS:
            ask(services, places[0], zoom, width, height, arguments.style)
            chosen = places[rng.integers(len(places), size=arguments.times)]
            start = time.perf_counter()
            with ThreadPoolExecutor(2) as threads:
                found = list(
                    threads.map(lambda p, z=zoom, w=width, h=height: ask(services, p, z, w, h, arguments.style), chosen)
                )
            rate = len(found) / (time.perf_counter() - start)
            p50, p95 = np.percentile([took for took, _ in found], [50, 95]) * 1000
            size = np.mean([size for _, size in found]) / 1000
            print(f"z{zoom} {width}x{height:<6}{p50:>9.1f}{p95:>9.1f}{rate:>9.1f}{size:>8.1f}")
        if isinstance(services.renderer, MapnikRenderer):
            services.renderer.close()


if __name__ == "__main__":
    main()
