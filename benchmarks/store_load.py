"""Bulk load and reads of a store: `python -m benchmarks.store_load --rows 1000000 [--postgis]` prints a table."""

import argparse
import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from gis.shapes import Bounds, LonLat
from layers.catalogue import CATALOGUE, ENTERPRISES
from layers.filters import Compare, Op, Spatial, SpatialOp
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from store.query import COUNT, Query

DISTRICT = Scope(areas=("990106",), clearance=Sensitivity.SENSITIVE)
PLACE = LonLat(121.3, 33.25)


def ledger(rows: int) -> pa.Table:
    """Enterprises in sixty clusters, with the fields an import fills."""
    rng = np.random.default_rng(5)
    centres = rng.uniform([121.0, 33.0], [121.6, 33.5], (60, 2))
    places = centres[rng.integers(60, size=rows)] + rng.normal(0, 0.01, (rows, 2))
    towns = np.array(["990102001", "990106101", "990104001", "990121001"])[rng.integers(4, size=rows)]
    sectors = np.array(["hazchem", "trade", "machine", "material", "metal"])[rng.integers(5, size=rows)]
    return pa.table(
        {
            "uscc": [f"9199{i:014d}" for i in range(rows)],
            "name": [f"云澜瑞丰精密制造第{i}有限公司" for i in range(rows)],
            "sector": sectors,
            "risk": rng.integers(1, 5, rows),
            "address": [f"盐港新区盐港镇人民路{i % 999}号" for i in range(rows)],
            "town": towns,
            "area": towns,
            "employees": rng.integers(5, 900, rows),
            "principal_phone": [f"0999-55{i % 100:02d}-{i % 10000:04d}" for i in range(rows)],
            "geometry": list(shapely.to_wkb(shapely.points(places))),
        }
    )


def timed(name: str, ask: Callable[[], Any]) -> Any:
    """Print the median of five."""
    times = []
    answer = None
    for _ in range(5):
        started = time.perf_counter()
        answer = ask()
        times.append((time.perf_counter() - started) * 1000)
    print(f"{name:<44}{sorted(times)[2]:>10.1f} ms")
    return answer


@contextlib.contextmanager
def opened(*, postgis: bool) -> Iterator[Store]:
    """An empty store of either engine."""
    with contextlib.ExitStack() as stack:
        if postgis:
            from tests.postgres import DURABLE, cluster

            store: Store = open_postgis(stack.enter_context(cluster(DURABLE)), CATALOGUE, utc_now)
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            store = open_embedded(Path(folder) / "city.gpkg", CATALOGUE, utc_now)
        try:
            yield store
        finally:
            store.close()


def main() -> None:
    """Load, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    given = parser.parse_args()
    rows: int = given.rows
    table = ledger(rows)
    with opened(postgis=given.postgis) as store:
        started = time.perf_counter()
        store.load(ENTERPRISES, table, actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        spent = time.perf_counter() - started
        print(f"load {rows:,} enterprises: {spent:.1f} s, {rows / spent:,.0f} rows/s")
        box = Query(bbox=Bounds(121.28, 33.23, 121.32, 33.27))
        near = Query(where=Spatial(SpatialOp.DWITHIN, shapely.Point(PLACE.lon, PLACE.lat), 3000.0))
        red = Query(where=Compare("risk", Op.EQ, 1))
        timed("count in a 4 km box, district scope", lambda: store.count(ENTERPRISES, box, scope=DISTRICT))
        timed("read a 4 km box, district scope", lambda: store.read(ENTERPRISES, box, scope=DISTRICT))
        timed("count within 3 km, geodesic", lambda: store.count(ENTERPRISES, near, scope=SYSTEM_SCOPE))
        timed("count of the red ones", lambda: store.count(ENTERPRISES, red, scope=SYSTEM_SCOPE))
        timed(
            "totals by district and risk",
            lambda: store.totals(ENTERPRISES, Query(), by=("area:6", "risk"), of=(COUNT,), scope=SYSTEM_SCOPE),
        )
        timed("search 精密", lambda: store.search("精密", scope=DISTRICT))
        timed("first page of 50 by risk", lambda: store.read(ENTERPRISES, Query(limit=50), scope=DISTRICT))


if __name__ == "__main__":
    main()
