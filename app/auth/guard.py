"""The guard in front of every door: finds out who calls, refuses what is not theirs, and sets the caller for the rest.

Pages, callbacks, API, tiles and the live stream take the session cookie. OGC doors take HTTP Basic, a Bearer key, or a
key in the path (`/ogc/k/KEY/wms`), because desktop GIS cannot send cookies; writes there refuse the cookie.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.callers import Doorman
from app.language import asked, cookie, keeping, kept
from app.problems import FOREIGN, NOT_FOUND, SIGN_IN, language, problem
from core.caller import Caller, current_caller

COOKIE = "onemap_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_PATH = re.compile(r"^/ogc/k/([A-Za-z0-9_-]{8,128})(/.*)$")
REALM = {"WWW-Authenticate": 'Basic realm="OneMap", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class Doors:
    """Which paths exist, and which of them anybody may enter."""

    open: tuple[str, ...]
    known: Callable[[str], bool]

    def is_open(self, path: str) -> bool:
        """The path needs no caller."""
        return any(path == door or (door.endswith("/") and path.startswith(door)) for door in self.open)


def route_path(scope: Scope) -> str:
    """The path below the root path, as the routes see it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] or "/" if root and path.startswith(root) else path


class Guard:
    """Pure ASGI, so that streams are not buffered and the caller is set in the request's own context."""

    def __init__(self, app: ASGIApp, *, doorman: Doorman, doors: Doors) -> None:
        self.app = app
        self.doorman = doorman
        self.doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let in, send to sign-in, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        path = route_path(scope)
        keyed = KEY_PATH.match(path)
        key = None
        if keyed:
            key, rest = keyed.groups()
            root = scope.get("root_path", "")
            scope = {**scope, "path": root + "/ogc" + rest, "raw_path": None, "onemap.key_path": f"/ogc/k/{key}"}
            path = "/ogc" + rest
        request = Request(scope)
        wanted = asked(request, path)
        if wanted is not None:
            send = keeping(send, wanted, secure=request.url.scheme == "https")
        if self.doors.is_open(path):
            await self.app(scope, receive, send)
            return
        if not self.doors.known(path):
            await problem(404, "not-found", NOT_FOUND, language(request))(scope, receive, send)
            return
        caller = await self._caller(request, path, key)
        refusal = self._refusal(request, path, caller)
        if refusal is not None or caller is None:
            await (refusal or Response(status_code=401))(scope, receive, send)
            return
        chosen = wanted or kept(request.headers)
        if chosen is not None:
            caller = replace(caller, lang=chosen)
        scope["onemap.again"] = partial(self._caller, request, path, key)
        token = current_caller.set(caller)
        try:
            await self.app(scope, receive, send)
        finally:
            current_caller.reset(token)

    async def _caller(self, request: Request, path: str, key: str | None) -> Caller | None:
        if key is not None:
            return await run_in_threadpool(self.doorman.by_key, key)
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await run_in_threadpool(self.doorman.by_key, rest.strip())
        if scheme.lower() == "basic" and path.startswith("/ogc"):
            pair = _basic(rest)
            return None if pair is None else await run_in_threadpool(self.doorman.by_password, *pair)
        token = cookie_of(request.headers)
        return None if token is None else await run_in_threadpool(self.doorman.by_session, token)

    def _refusal(self, request: Request, path: str, caller: Caller | None) -> Response | None:
        lang = language(request)
        if caller is None:
            if path.startswith("/ogc"):
                return problem(401, "sign-in", SIGN_IN, lang, headers=REALM)
            wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
            if wants_page and not path.startswith(("/api/", "/_dash-", "/tiles/")):
                wanted = path + ("?" + request.url.query if request.url.query else "")
                root = request.scope.get("root_path", "")
                return RedirectResponse(f"{root}/signin?next={quote(wanted, safe='')}", status_code=303)
            return problem(401, "sign-in", SIGN_IN, lang)
        by_cookie = "authorization" not in request.headers and "onemap.key_path" not in request.scope
        if by_cookie and request.method not in SAFE_METHODS and not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, lang)
        return None


def same_origin(request: Request) -> bool:
    """The request says it comes from our own pages; one that does not say so is refused."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


def cookie_of(headers: Headers) -> str | None:
    """The session token, if the cookie is there and readable."""
    return cookie(headers, COOKIE)


def _basic(encoded: str) -> tuple[str, str] | None:
    try:
        login, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (login, password) if colon else None
