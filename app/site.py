"""The one web application: guard, doors and screens under one origin."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from app.auth.guard import Doors, Guard
from app.auth.signin import SignIn
from app.headers import SecurityHeaders, content_security_policy
from app.live import Live, live_endpoint
from app.problems import on_error
from app.wiring import System
from core.errors import OneMapError

STATIC = Path(__file__).parent / "static"
OPEN = ("/healthz", "/signin", "/static/", "/assets/fonts/", "/public/")


def build(system: System) -> FastAPI:
    """The application over one assembled system."""
    live = Live(system.store, system.clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await live.start()
        yield
        live.stop()

    site = FastAPI(title="OneMap", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    site.state.system = system
    site.state.live = live
    site.add_exception_handler(OneMapError, on_error)
    site.add_exception_handler(Exception, on_error)

    sign_in = SignIn(system.doorman, system.settings, demo=system.demo)
    routes: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/", home),
        Route("/signin", sign_in.show, methods=["GET"]),
        Route("/signin", sign_in.enter, methods=["POST"]),
        Route("/signout", sign_in.leave, methods=["POST"]),
        Route("/api/live", live_endpoint),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
    site.router.routes.extend(routes)
    known = ("/api/", "/ogc/", "/tiles/", "/assets/", "/_dash-", "/static/")
    pages = frozenset({"/", "/hall", "/map", "/signin", "/signout", "/healthz"})

    def is_known(path: str) -> bool:
        return path in pages or path.startswith(known)

    site.add_middleware(Guard, doorman=system.doorman, doors=Doors(open=OPEN, known=is_known))
    policy = content_security_policy()
    site.add_middleware(SecurityHeaders, policy=policy, tls=system.settings.tls_cert is not None)
    return site


async def healthz(request: Request) -> JSONResponse:
    """GET /healthz: alive, and how far the feed has come; nothing a stranger may not know."""
    live: Live = request.app.state.live
    return JSONResponse({"status": "ok", "head": live.head})


async def home(request: Request) -> RedirectResponse:
    """GET /: the map."""
    return RedirectResponse(request.scope.get("root_path", "") + "/map", status_code=303)
