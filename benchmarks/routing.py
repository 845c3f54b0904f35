"""Routes a second in one process, times beside Valhalla's: `python -m benchmarks.routing [--osm FILE] [--peer DIR]`.

A query is one start, one end and zones to avoid, with snapping, search, steps, line and the answer as the door gives
it. `fresh`: the zone is new for each query and is laid on the roads within the time. `kept`: one zone of an incident
for all. `to one`: all routes lead to one place, as from every team to an incident. `timed`: the zone comes and goes.
With `--peer DIR`, pyvalhalla
(MIT) is put into an environment of its own there with pyosmium (BSD-2-Clause), which writes what is no `.osm.pbf` as
one; that needs a network. The same pairs are asked of it. Processor seconds of this process are told beside the
clock's, for machines with other work.
"""

import argparse
import json
import random
import subprocess
import sys
import venv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import pyarrow.parquet as pq

from core.texts import Lang
from emergency.routing import Graph, NoRouteError, Route, Vehicle, Zone, avoidance, graph, nearest, route
from gis.measure import circle, distances
from gis.shapes import LonLat
from layers.readers.delivery import Stated
from layers.readers.process import read

ROOT = Path(__file__).resolve().parent.parent
CITY = ROOT / "data" / "samples" / "roads.parquet"
AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
PEER, CONVERTER = "pyvalhalla==3.9.1", "osmium==4.3.2"
PROGRAM = ROOT / "benchmarks" / "peer_programs" / "valhalla_routes.py"
LEAST = 500.0


def main() -> None:
    """One table for each file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--osm", type=Path, action="append", default=[], help="a file of OpenStreetMap beside the city")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--peer", type=Path, help="folder of the environment with pyvalhalla")
    given = parser.parse_args()
    for path in [CITY, *given.osm]:
        table = pq.read_table(path) if path == CITY else read(path, Stated(preset="roads")).table
        begun = perf_counter()
        roads = graph(table)
        print(
            f"\n{path.name}: {roads.edges} stretches, {roads.nodes} junctions, made in {perf_counter() - begun:.2f} s"
        )
        throughput(roads, given.queries)
        if given.peer and path != CITY:
            beside(roads, path, given.peer, given.queries)


def places(roads: Graph, rng: random.Random) -> Callable[[], LonLat]:
    """Places near roads of the part that has most of them."""
    main_piece = np.bincount(roads.piece[roads.piece >= 0]).argmax()
    nodes = np.unique(roads.tail[2 * np.flatnonzero(roads.piece == main_piece)]).tolist()

    def place() -> LonLat:
        node = rng.choice(nodes)
        east, north = rng.uniform(-3e-4, 3e-4), rng.uniform(-3e-4, 3e-4)
        return LonLat(float(roads.node_lon[node]) + east, float(roads.node_lat[node]) + north)

    return place


def throughput(roads: Graph, queries: int) -> None:
    """Queries a second, by the clock and by the processor."""
    rng = random.Random(7)
    place = places(roads, rng)
    middle = place()
    shape = circle(middle, 600.0)
    kept = avoidance(roads, [Zone(shape=shape)])
    timed = avoidance(roads, [Zone(shape=shape, begins=AT + timedelta(minutes=2), ends=AT + timedelta(minutes=30))])
    one = place()
    route(roads, place(), place(), at=AT, avoid=kept)
    pairs = [(place(), place(), Zone(shape=circle(place(), 600.0))) for _ in range(queries)]
    kinds: dict[str, Callable[[LonLat, LonLat, Zone], Route]] = {
        "fresh": lambda start, end, zone: route(roads, start, end, at=AT, avoid=avoidance(roads, [zone])),
        "kept": lambda start, end, _: route(roads, start, end, at=AT, avoid=kept),
        "to one": lambda start, end, _: route(roads, start, one, at=AT, avoid=kept),
        "timed": lambda start, end, _: route(roads, start, end, at=AT, avoid=timed),
    }
    print(f"{'query':<10}{'a second':>10}{'by processor':>14}{'p50 ms':>9}{'p99 ms':>9}   aim {LEAST:g} a second")
    for name, query in kinds.items():
        spent, begun, processor = [], perf_counter(), process_time()
        for pair in pairs:
            start = process_time()
            try:
                query(*pair).geojson(Lang.ZH)
            except NoRouteError:
                continue
            finally:
                spent.append(process_time() - start)
        clock, processor = perf_counter() - begun, process_time() - processor
        p50, p99 = np.percentile(np.array(spent) * 1000, [50, 99])
        print(f"{name:<10}{queries / clock:>10.0f}{queries / processor:>14.0f}{p50:>9.2f}{p99:>9.2f}")
    begun = process_time()
    nearest(roads, [place() for _ in range(200)], one, at=AT, avoid=kept)
    print(f"nearest of 200 places: {(process_time() - begun) * 1000:.0f} ms")


def beside(roads: Graph, path: Path, folder: Path, queries: int) -> None:
    """Times and lengths beside Valhalla's for the same pairs, by an ordinary car."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER, CONVERTER], check=True)
    rng = random.Random(7)
    place = places(roads, rng)
    car = avoidance(roads, vehicle=Vehicle(emergency=False))
    pairs, ours = [], []
    while len(pairs) < queries:
        start, end = place(), place()
        if float(distances(start, [end.lon], [end.lat])[0]) < 500.0:
            continue
        try:
            found = route(roads, start, end, at=AT, avoid=car)
        except NoRouteError:
            continue
        pairs.append([start.lon, start.lat, end.lon, end.lat])
        ours.append((found.duration, found.length))
    said = subprocess.run(
        [python, PROGRAM],
        input=json.dumps({"file": str(path.resolve()), "pairs": pairs}),
        capture_output=True,
        text=True,
    )
    if said.returncode:
        print(said.stderr[-2000:], file=sys.stderr)
        raise SystemExit(f"{PEER} did not answer")
    theirs = json.loads(said.stdout)
    both = np.array([[*mine, *other] for mine, other in zip(ours, theirs, strict=True) if other])
    print(f"beside {PEER}: {len(both)} of {len(pairs)} pairs, starts and ends more than 500 m apart")
    for name, mine, other in (("seconds", both[:, 0], both[:, 2]), ("metres", both[:, 1], both[:, 3])):
        ratio = mine / other
        off = np.abs(ratio - 1.0)
        low, half, high = np.percentile(ratio, [10, 50, 90])
        print(
            f"{name:<10}ours / theirs: p10 {low:.2f}, p50 {half:.2f}, p90 {high:.2f}; p50 off by {np.median(off):.1%}"
        )


if __name__ == "__main__":
    main()
