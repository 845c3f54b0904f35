"""The questions of the list, and asking them: the same windows for everybody, two connections, worker by worker."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import numpy as np
import numpy.typing as npt

from benchmarks.side_by_side.ours import KEY

Place = npt.NDArray[np.float64]
CONNECTIONS = 2
MERCATOR = 20037508.342789244


@dataclass(frozen=True, slots=True)
class Window:
    """A picture asked for: longitudes and latitudes, and pixels."""

    west: float
    south: float
    east: float
    north: float
    width: int = 256
    height: int = 256


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one list of questions: answers a second, milliseconds, kilobytes."""

    rate: float
    p50: float
    p95: float
    size: float


def window(place: Place, zoom: int, width: int = 256, height: int = 256) -> Window:
    """Round a place, at the scale of a zoom of the plate carrée quad."""
    across = 360 / 2**zoom / 256
    west, south = place[0] - across * width / 2, place[1] - across * height / 2
    return Window(west, south, west + across * width, south + across * height, width, height)


def box_of(place: Place, reach: float) -> Window:
    """A box of some degrees across."""
    return Window(place[0] - reach / 2, place[1] - reach / 2, place[0] + reach / 2, place[1] + reach / 2)


def tile(place: Place, zoom: int) -> tuple[int, int, int]:
    """The tile of the web's quad that holds a place: zoom, row, column."""
    across = 2**zoom
    x = (place[0] + 180) / 360
    y = (1 - np.log(np.tan(np.radians(place[1])) + 1 / np.cos(np.radians(place[1]))) / np.pi) / 2
    return zoom, int(y * across), int(x * across)


def get_map(name: str, asked: Window) -> str:
    """The path of a picture of both layers, eight-bit PNG."""
    ours = name.startswith("OneMap")
    given = {
        "service": "WMS", "version": "1.1.1", "request": "GetMap", "srs": "EPSG:4326",
        "layers": "bench_parcels,bench_points" if ours else "parcels,points",
        "styles": "default,shapes" if ours else "",
        "bbox": f"{asked.west},{asked.south},{asked.east},{asked.north}", "width": asked.width, "height": asked.height,
        "format": "image/png; mode=8bit", "transparent": "TRUE",
    }  # fmt: skip
    return (f"/ogc/k/{KEY}/wms?" if ours else "") + urlencode(given)


def get_feature(name: str, asked: Window, output: str) -> str:
    """The path of a box's features, a thousand at most, over WFS 2.0."""
    ours = name.startswith("OneMap")
    formats = {"gml": "application/gml+xml; version=3.2", "geojson": "application/json" if ours else "geojson"}
    given = {
        "service": "WFS", "version": "2.0.0", "request": "GetFeature", "count": 1000,
        "typenames": "onemap:bench_points" if ours else "points", "outputformat": formats[output],
        "bbox": f"{asked.south},{asked.west},{asked.north},{asked.east},urn:ogc:def:crs:EPSG::4326",
        "srsname": "urn:ogc:def:crs:EPSG::4326",
    }  # fmt: skip
    return (f"/ogc/k/{KEY}/wfs?" if ours else "") + urlencode(given)


def items(name: str, asked: Window | None) -> str:
    """The path of a thousand features of the OGC API, of a box or the first."""
    collection = {"OneMap": f"/ogc/k/{KEY}/api/collections/bench_points", "tipg": "/collections/peer.points"}
    given = {"limit": "1000", "f": "geojson" if name == "tipg" else "json"}
    if asked:
        given["bbox"] = f"{asked.west},{asked.south},{asked.east},{asked.north}"
    return f"{collection.get(name, '/collections/points')}/items?{urlencode(given)}"


def vector_tile(name: str, place: Place, zoom: int) -> str:
    """The path of a vector tile of the points."""
    level, row, column = tile(place, zoom)
    if name == "tipg":
        return f"/collections/peer.points/tiles/WebMercatorQuad/{level}/{column}/{row}"
    return f"/ogc/k/{KEY}/api/collections/bench_points/tiles/WebMercatorQuad/{level}/{row}/{column}?f=mvt"


def asked(bases: Sequence[str], paths: Sequence[str], right: Callable[[str, bytes], bool]) -> Told:
    """Ask all paths over two connections that stay open, each to a worker of its own where they have addresses."""
    took: list[float] = []
    sizes: list[int] = []
    faults: list[str] = []

    def work(number: int) -> None:
        base = urlsplit(bases[number % len(bases)])
        before = bases[number % len(bases)].removeprefix(f"http://{base.netloc}")
        wire = http.client.HTTPConnection(base.hostname or "", base.port, timeout=120)
        for path in paths[number::CONNECTIONS]:
            start = time.perf_counter()
            wire.request("GET", before + path, headers={"accept-encoding": "identity"})
            answer = wire.getresponse()
            body = answer.read()
            took.append(time.perf_counter() - start)
            sizes.append(len(body))
            if answer.status != 200 or not right(answer.getheader("content-type") or "", body):
                faults.append(f"{answer.status} {base.netloc} {path}\n{body[:600].decode(errors='replace')}")
                return
        wire.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - start
    if faults:
        raise SystemExit(faults[0])
    p50, p95 = np.percentile(took, [50, 95]) * 1000
    return Told(len(took) / whole, float(p50), float(p95), float(np.mean(sizes)) / 1000)
