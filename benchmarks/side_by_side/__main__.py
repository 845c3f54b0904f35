"""OneMap beside MapServer, QGIS Server, tipg and stock pygeoapi: `python -m benchmarks.side_by_side` prints a table.

All servers run at once over one PostGIS and take turns question by question, round by round, so that what else the
machine does falls on all of them. Questions are drawn round random points, so dense places weigh most; no window is
asked for twice. `--geopackage` compares GetMap over GeoPackages instead.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import numpy as np

from benchmarks.side_by_side import peers
from benchmarks.side_by_side.asking import (
    Place,
    Told,
    asked,
    box_of,
    get_feature,
    get_map,
    items,
    vector_tile,
    window,
)
from benchmarks.side_by_side.peers import Peer
from benchmarks.side_by_side.rows import places
from tests.postgres import DURABLE, cluster

MAPS = (*((zoom, 256, 256) for zoom in range(10, 16)), (12, 1024, 768))
Path_of = Callable[[str, Place], str]


@contextlib.contextmanager
def onemap(folder: Path, database: str | None, drawing: int) -> Iterator[str]:
    """One process of ours."""
    port = peers.free_port()
    command = [sys.executable, "-m", "benchmarks.side_by_side.ours", "--data", str(folder), "--port", str(port)]
    command += ["--drawing", str(drawing), *(["--database", database] if database else [])]
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            peers.answering(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def filled(folder: Path, database: str | None, many: int, few: int) -> None:
    """Our store with the rows."""
    command = [sys.executable, "-m", "benchmarks.side_by_side.ours", "--data", str(folder)]
    command += ["--fill", str(many), str(few), *(["--database", database] if database else [])]
    subprocess.run(command, check=True)


def picture(kind: str, body: bytes) -> bool:
    """It is a PNG with more in it than nothing."""
    return kind.startswith("image/png") and body[:4] == b"\x89PNG"


def thousand(kind: str, body: bytes) -> bool:
    """Features came: at the edge of a cluster they may be few."""
    return min(body.count(b"S0"), 1000) >= 1


def some(kind: str, body: bytes) -> bool:
    """A tile with something in it."""
    return len(body) > 20


def measured(
    who: list[Peer], what: str, path: Path_of, right: Callable[[str, bytes], bool], times: int, rounds: int,
    chance: np.random.Generator, at: np.ndarray,
) -> dict[str, list[Told]]:  # fmt: skip
    """Every server in turn, the same windows in a round, others in the next."""
    found: dict[str, list[Told]] = {peer.name: [] for peer in who}
    for peer in who:  # once unmeasured: connections opened, statements prepared
        asked(peer.bases, [path(peer.name, place) for place in at[chance.integers(len(at), size=2)]], right)
    for number in range(rounds):
        chosen = at[chance.integers(len(at), size=times)]
        order = who[number % len(who) :] + who[: number % len(who)]
        for peer in order:
            found[peer.name].append(asked(peer.bases, [path(peer.name, place) for place in chosen], right))
    ours = np.median([told.rate for told in found["OneMap"]])
    others = {name: float(np.median([one.rate for one in told])) for name, told in found.items() if name != "OneMap"}
    cells = [f"{ours:.1f}; {np.median([told.p50 for told in found['OneMap']]):.0f}"]
    for name, told in found.items():
        if name != "OneMap":
            cells.append(f"{others[name]:.1f}; {np.median([one.p50 for one in told]):.0f} ({ours / others[name]:.2f}x)")
    sizes = "/".join(f"{told[-1].size:.0f}" for told in found.values())
    print(f"| {what} | " + " | ".join(cells) + f" | {sizes} |", flush=True)
    return found


def head(who: list[Peer], title: str) -> None:
    """The head of a table."""
    print(f"\n{title}: answers a second; median ms (ours over theirs)\n")
    print("| | " + " | ".join(peer.name for peer in who) + " | kB of one |")
    print("|" + "---|" * (len(who) + 2), flush=True)


def main() -> None:
    """Fill, start all, ask, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--points", type=int, default=1_000_000)
    options.add_argument("--polygons", type=int, default=20_000)
    options.add_argument("--times", type=int, default=24, help="questions a round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="map,wfs,items,mvt")
    options.add_argument("--geopackage", action="store_true")
    options.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()))
    options.add_argument("--folder", type=Path, help="keep working files here")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # cut off, it still ends every server it started
    if absent := peers.missing():
        raise SystemExit(f"not installed: {', '.join(absent)}; apt-get install cgi-mapserver qgis-server nginx-light "
                         "python3-qgis")  # fmt: skip
    with contextlib.ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onemap-beside-")))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        (over_files if chosen.geopackage else over_postgis)(stack, folder, chosen)


def over_postgis(stack: contextlib.ExitStack, folder: Path, chosen: argparse.Namespace) -> None:
    """The whole list."""
    database = stack.enter_context(cluster(DURABLE))
    filled(folder / "ours-0", database, chosen.points, chosen.polygons)
    peers.copied(database)
    bases = [stack.enter_context(onemap(folder / f"ours-{n}", database, 1)) for n in range(peers.WORKERS)]
    ours, at, chance = Peer("OneMap", tuple(bases)), places(chosen.points), np.random.default_rng(os.getpid())
    mapserver = stack.enter_context(peers.mapserver(folder / "mapserver", database))
    ask = partial(measured, times=chosen.times, rounds=chosen.rounds, chance=chance, at=at)
    reach = 0.01 * np.sqrt(2 * np.pi * 1000 * 60 / chosen.points)
    only = chosen.only.split(",")
    if "map" in only:
        maps(ask, [ours, mapserver, stack.enter_context(peers.qgis_server(folder / "qgis", database))], at)
    if "wfs" in only:
        stocked(ours, [folder / f"ours-{n}" for n in range(peers.WORKERS)], at)
        head([ours, mapserver], "WFS 2.0 GetFeature, a thousand of a box")
        for output in ("gml", "geojson"):
            ask([ours, mapserver], output, lambda n, p, o=output: get_feature(n, box_of(p, reach), o), thousand)
    if "items" in only or "mvt" in only:
        tipg = stack.enter_context(peers.tipg(folder / "tipg", database, chosen.environments))
    if "items" in only:
        every = [
            ours, tipg,
            *(stack.enter_context(peers.pygeoapi(folder / f"p{c}", database, chosen.environments, count=c))
              for c in (True, False)),
        ]  # fmt: skip
        head(every, "OGC API items, limit=1000")
        ask(every, "the first", lambda n, p: items(n, None), thousand)
        ask(every, "of a box", lambda n, p: items(n, box_of(p, reach)), thousand)
    if "mvt" in only:
        stocked(ours, [folder / f"ours-{n}" for n in range(peers.WORKERS)], at)
        head([ours, tipg], "Vector tiles of the points, all attributes")
        for zoom in (10, 11, 12, 13, 14):
            ask([ours, tipg], f"z{zoom}", lambda n, p, z=zoom: vector_tile(n, p, z), some)


def over_files(stack: contextlib.ExitStack, folder: Path, chosen: argparse.Namespace) -> None:
    """GetMap over a GeoPackage each."""
    filled(folder / "ours", None, chosen.points, chosen.polygons)
    with cluster() as database:
        filled(folder / "middle", database, chosen.points, chosen.polygons)
        peers.copied(database)
        peers.geopackage(database, folder / "peer.gpkg")
    ours = Peer("OneMap", (stack.enter_context(onemap(folder / "ours", None, 2)),))
    other = stack.enter_context(peers.mapserver(folder / "mapserver", "postgresql://none", folder / "peer.gpkg"))
    at, chance = places(chosen.points), np.random.default_rng(os.getpid())
    maps(partial(measured, times=chosen.times, rounds=chosen.rounds, chance=chance, at=at), [ours, other], at)


def maps(ask: Callable[..., object], who: list[Peer], at: np.ndarray) -> None:
    """GetMap at every scale; our plate is made first, as it stands after the first picture anybody asked for."""
    plated(who[0], at)
    head(who, "WMS GetMap of both layers, eight-bit PNG, nothing cached")
    for zoom, width, height in MAPS:
        ask(who, f"z{zoom} {width}x{height}", lambda n, p, z=zoom, w=width, h=height: get_map(n, window(p, z, w, h)),
            picture)  # fmt: skip


def plated(ours: Peer, at: np.ndarray) -> None:
    """Ask for clusters, which only a finished plate can answer, until every worker has them."""
    for base in ours.bases:
        path = (
            get_map("OneMap", window(at[0], 12)).replace("bench_parcels%2C", "").replace("default%2Cshapes", "clusters")
        )
        until = time.monotonic() + 300
        while not (answer := httpx.get(base + path, timeout=120)).headers["content-type"].startswith("image/"):
            if time.monotonic() > until:
                raise SystemExit(answer.text)
            time.sleep(1)


def stocked(ours: Peer, folders: list[Path], at: np.ndarray) -> None:
    """Ask for a tile until every worker has the stock tiles and boxes are cut from, as it stands after the first."""
    until = time.monotonic() + 300
    for base, folder in zip(ours.bases, folders, strict=True):
        httpx.get(base + vector_tile("OneMap", at[0], 14), timeout=120)
        while not list(folder.glob("cache/stocks/*/*/field-seen_at")) or list(folder.glob("cache/stocks/*/*.draft")):
            if time.monotonic() > until:
                raise SystemExit(f"no stock under {folder}")
            time.sleep(1)


if __name__ == "__main__":
    main()
