"""What rights cost: the same requests to two sites over one city, in turn: one guarded, one that lets in all to all."""

import tempfile
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.guard import Guard
from app.settings import Settings
from app.site import build
from app.wiring import assemble
from benchmarks.audit import ORIGIN, asking, in_turn
from core.actors import Actor
from core.caller import Caller, Right, current_caller
from core.scope import SYSTEM_SCOPE
from tests.server import PASSWORDS, demo_city

BOX = "bbox=33.05,121.7,33.3,122.0&crs=EPSG:4490&width=512&height=512&format=image/png&styles="
REQUESTS = {
    "WMS GetMap 512 px": f"/ogc/wms?service=WMS&version=1.3.0&request=GetMap&layers=enterprises&{BOX}",
    "OGC API 10 items": "/ogc/api/collections/hospitals/items?limit=10&f=json",
    "OGC API 500 items": "/ogc/api/collections/roads/items?limit=500&f=json",
    "tile of the base map (cached)": "/tiles/base/day/12/3434/1652.png",
    "points of 857 enterprises": "/api/map/enterprises",
}
"""None of them returns sensitive fields: what recording costs is measured by `benchmarks.audit`."""

ALL = Caller(
    actor=Actor(id="all", name="all", door="page"), scope=SYSTEM_SCOPE, rights=frozenset(Right), role="regulator"
)


class Unguarded:
    """Lets in everybody as somebody who may do and see everything."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """No question asked."""
        token = current_caller.set(ALL)
        try:
            await self.app(scope, receive, send)
        finally:
            current_caller.reset(token)


def unguarded(site: FastAPI) -> FastAPI:
    """The site without its guard."""
    site.user_middleware = [Middleware(Unguarded) if one.cls is Guard else one for one in site.user_middleware]
    return site


def main(rounds: int = 150) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        system = assemble(Settings(data=demo_city(Path(folder) / "data"), render_workers=1))
        with (
            TestClient(build(system), base_url=ORIGIN) as guarded,
            TestClient(unguarded(build(system)), base_url=ORIGIN) as free,
        ):
            form = {"login": "city", "password": PASSWORDS["city"]}
            guarded.post("/signin", data=form, headers={"origin": ORIGIN}, follow_redirects=False)
            free.cookies = guarded.cookies  # a browser sends them either way, and the client's own work is not ours
            print(f"{'request':<48}{'without ms':>12}{'with ms':>10}{'ratio':>8}")
            for name, address in REQUESTS.items():
                without, with_ = in_turn([asking(free, address), asking(guarded, address)], rounds)
                print(f"{name:<48}{without:>12.1f}{with_:>10.1f}{with_ / without:>8.2f}")
        system.close()


if __name__ == "__main__":
    main()
