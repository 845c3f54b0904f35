"""What a request costs at each door of a running demo server: median and 95th percentile of sequential requests."""

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from tests.server import PASSWORDS, demo_server

KEY = "/ogc/k/demo-agency"
WFS = f"{KEY}/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=onemap:enterprises"
BOX = "bbox=33.05,121.7,33.3,122.0"
REQUESTS = {
    "page /map": "/map",
    "points of 857 enterprises": "/api/map/enterprises",
    "search 液氨": "/api/search?q=%E6%B6%B2%E6%B0%A8",
    "WMS GetMap 256 px": f"{KEY}/wms?service=WMS&version=1.3.0&request=GetMap&layers=enterprises&styles=&crs=EPSG:4490"
    f"&{BOX}&width=256&height=256&format=image/png",
    "WFS hits": f"{WFS}&resultType=hits",
    "WFS 500 features GML": f"{WFS}&count=500",
    "WFS 500 features GeoJSON": f"{WFS}&count=500&outputFormat=application/json",
    "OGC API 500 items": f"{KEY}/api/collections/enterprises/items?limit=500&f=json",
}


def main(rounds: int = 40) -> None:
    """Print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder)) as server,
        httpx.Client(base_url=server, headers={"origin": server}, timeout=60) as client,
    ):
        client.post("/signin", data={"login": "city", "password": PASSWORDS["city"]})
        print(f"{'request':<28}{'p50 ms':>10}{'p95 ms':>10}{'kB':>10}")
        for name, address in REQUESTS.items():
            client.get(address).raise_for_status()
            times = []
            size = 0
            for _ in range(rounds):
                started = time.perf_counter()
                size = len(client.get(address).content)
                times.append((time.perf_counter() - started) * 1000)
            times.sort()
            p95 = times[int(0.95 * rounds) - 1]
            print(f"{name:<28}{statistics.median(times):>10.1f}{p95:>10.1f}{size / 1000:>10.1f}")


if __name__ == "__main__":
    main()
