"""What a long answer of WFS costs in memory: `python -m benchmarks.wfs_stream [--rows 1000000] [--postgis]`.

A layer of nine attributes is filled; then a process of its own for each output opens the store, answers with every row
and throws the bytes away as they come. Told are what it held before it was asked, and the most it ever held.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import orjson
import pyarrow as pa
import shapely

from core.actors import SYSTEM_ACTOR, Actor
from core.caller import Caller
from core.clock import utc_now
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from core.units import Metre
from layers.fields import Title
from layers.layer import Catalogue, Geometry, Layer, Theme
from layers.record import Moment, Record
from ogc.kvp import KVP
from ogc.services import Services
from ogc.wfs import wfs
from store.embedded import open_embedded
from store.postgis import open_postgis
from store.protocol import Store
from tests.postgres import DURABLE, cluster

SCHEMA = "stream"
OUTPUTS = ("gml32", "geojson", "csv", "geopackage")
ROWS_OF_A_LOAD = 50_000


class Site(Record):
    """A place with attributes of every common kind."""

    code: Annotated[str, Title("编号", "Code")]
    name: Annotated[str, Title("名称", "Name")]
    kind: Annotated[str, Title("类别", "Kind")]
    risk: Annotated[int, Title("风险", "Risk")]
    staff: Annotated[int, Title("人数", "Staff")]
    height: Annotated[Metre, Title("高度", "Height")]
    open_now: Annotated[bool, Title("开放", "Open")]
    seen_at: Annotated[Moment, Title("巡查时间", "Seen at")]


SITES = Layer(
    id="sites", title=Text("场所", "Sites"), about=Text("测量用", "For measuring"), record=Site, key="code",
    geometry=Geometry.POINT, owner=Text("测量", "Measuring"), theme=Theme.SUPERVISION,
)  # fmt: skip
CATALOGUE = Catalogue(SITES)
CALLER = Caller(
    actor=Actor(id="bench", name="bench", door="ogc"), scope=Scope(areas=("9901",), clearance=Sensitivity.SENSITIVE)
)


def batches(rows: int) -> Iterator[pa.RecordBatch]:
    """So many sites, never all at once."""
    chance = np.random.default_rng(7)
    for start in range(0, rows, ROWS_OF_A_LOAD):
        numbers = np.arange(start, min(rows, start + ROWS_OF_A_LOAD))
        places = shapely.points(chance.uniform([121.0, 33.0], [121.6, 33.5], (len(numbers), 2)))
        yield pa.RecordBatch.from_pydict(
            {
                "code": [f"S{number:08d}" for number in numbers],
                "name": [f"云澜第{number}号场所" for number in numbers],
                "kind": pa.array(["chemical", "school", "depot", "port"]).take(pa.array(numbers % 4)),
                "risk": pa.array(numbers % 4 + 1),
                "staff": pa.array(numbers % 997),
                "height": pa.array(numbers % 300 / 10),
                "open_now": pa.array(numbers % 3 == 0),
                "seen_at": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * len(numbers), pa.timestamp("us", "UTC")),
                "area": ["990102"] * len(numbers),
                "geometry": pa.array(shapely.to_wkb(places), pa.binary()),
            }
        )


def opened(place: str) -> Store:
    """The store at an address: of PostgreSQL, or of a file."""
    if place.startswith("postgresql"):
        return open_postgis(place, CATALOGUE, utc_now, SCHEMA)
    return open_embedded(Path(place), CATALOGUE, utc_now)


def _held(line: str) -> float:
    """Megabytes, as the system counts them for this process."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(text.split()[1]) for text in status if text.startswith(line)) / 1000


def answer(place: str, output: str) -> dict[str, float]:
    """One answer with every row, in this process."""
    store = opened(place)
    services = Services(catalogue=CATALOGUE, store=store)
    before, started, size = _held("VmRSS"), time.process_time(), 0
    given = {"service": "WFS", "version": "2.0.0", "request": "GetFeature", "typenames": "sites", "count": "10000000"}
    found = wfs(KVP([*given.items(), ("outputformat", output)]), b"", CALLER, services, "http://127.0.0.1/ogc/wfs")
    if found.status != 200:
        raise SystemExit(found.content().decode())
    for chunk in [found.body] if isinstance(found.body, bytes) else found.body:
        size += len(chunk)
    told = {"before": before, "most": _held("VmHWM"), "cpu": time.process_time() - started, "size": size / 1e6}
    store.close()
    return told


def _asked(place: str, output: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.wfs_stream", "--of", place, "--output", output]
    told: dict[str, float] = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return told


def measured(
    rows: int, outputs: tuple[str, ...] = OUTPUTS, *, postgis: bool = False
) -> Iterator[tuple[str, dict[str, float]]]:
    """The figures of each output over so many rows, as they are known."""
    with ExitStack() as stack:
        if postgis:
            place = stack.enter_context(cluster(DURABLE))
        else:
            place = str(Path(stack.enter_context(TemporaryDirectory(prefix="onemap-stream-"))) / "sites.gpkg")
        store = opened(place)
        store.load(SITES, batches(rows), actor=SYSTEM_ACTOR, reason="benchmark", scope=SYSTEM_SCOPE)
        store.close()
        for output in outputs:
            yield output, _asked(place, output)


def main() -> None:
    """Measure and print, or be the process that is measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--postgis", action="store_true", help="a PostgreSQL of its own, durable settings")
    options.add_argument("--of", help=argparse.SUPPRESS)
    options.add_argument("--output", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.of:
        print(orjson.dumps(answer(chosen.of, chosen.output)).decode())
        return
    print("| output | before (MB) | most (MB) | processor (s) | answer (MB) |\n|---|---|---|---|---|")
    for output, told in measured(chosen.rows, postgis=chosen.postgis):
        print(
            f"| {output} | {told['before']:.0f} | {told['most']:.0f} | {told['cpu']:.1f} | {told['size']:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
