"""The guard in front of every door: finds out who calls, refuses what is not theirs, and sets the caller for the rest.

Pages, callbacks, API, tiles and the live stream take the session cookie. OGC doors take HTTP Basic, a Bearer key, or a
key in the path (`/ogc/k/KEY/wms`), because desktop GIS cannot send cookies; writes there refuse the cookie.
"""

import base64
import binascii
import re
from dataclasses import replace
from functools import partial
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.callers import Doorman, TooMany
from app.auth.forbidden import forbidden_page
from app.auth.refusals import Why
from app.auth.signing import SCHEME, signed_in, whole
from app.language import asked, keeping, kept
from app.policy import Access, Policy, Rule
from app.problems import FOREIGN, NOT_FOUND, NOT_YOURS, SIGN_IN, language, later, problem
from core.caller import Caller, Right, current_caller

COOKIE = "onemap_session"
REPEATED = frozenset({"/api/within"})
"""Posted again by an open page of its own accord, when the feed says that something changed."""

PLANNING = frozenset({Right.PLAN})
"""What a key may be good for at the services alone: it keeps no scenarios and asks for no batches on the workbench."""

NO_PAGES = ("/api/", "/_dash-", "/tiles/", "/ogc/")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
KEY_PATH = re.compile(r"^/ogc/k/([A-Za-z0-9_-]{8,128})(/.*)$")
REALM = {"WWW-Authenticate": 'Basic realm="OneMap", charset="UTF-8"'}


def route_path(scope: Scope) -> str:
    """The path below the root path, as the routes see it."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path[len(root) :] or "/" if root and path.startswith(root) else path


class Guard:
    """Pure ASGI, so that streams are not buffered and the caller is set in the request's own context."""

    def __init__(self, app: ASGIApp, *, doorman: Doorman, policy: Policy) -> None:
        self.app = app
        self.doorman = doorman
        self.policy = policy

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
        rule = self.policy.rule(request.method, path)
        if rule is None:
            await problem(404, "not-found", NOT_FOUND, language(request))(scope, receive, send)
            return
        if rule.needs is Access.EVERYONE:
            await self._welcome(request, path, scope, receive, send)
            return
        try:
            caller = await self._caller(request, path, key, used=_is_use(request, path))
        except TooMany as busy:
            told = problem(busy.status, busy.code, busy.text, language(request), headers=later(busy))
            await told(scope, receive, send)
            return
        refusal = self._refusal(request, path, caller, rule)
        if refusal is not None or caller is None:
            await self._note(request, caller, rule, key)
            await (refusal or Response(status_code=401))(scope, receive, send)
            return
        chosen = wanted or kept(request)
        if chosen is not None:
            caller = replace(caller, lang=chosen)
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        said = signed_in(rest) if key is None and scheme.lower() == SCHEME else None
        receive = receive if said is None else whole(said, receive)
        scope["onemap.again"] = partial(self._again, request, path, key, rule)
        token = current_caller.set(caller)
        try:
            await self.app(scope, receive, send)
        finally:
            current_caller.reset(token)

    async def _welcome(self, request: Request, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A door open to everyone: a page may still know who came."""
        shown = cookie_of(request) if _wants_page(request, path) else None
        caller = None if shown is None else await run_in_threadpool(self.doorman.by_session, shown)
        if caller is None:
            await self.app(scope, receive, send)
            return
        token = current_caller.set(replace(caller, lang=asked(request, path) or kept(request) or caller.lang))
        try:
            await self.app(scope, receive, send)
        finally:
            current_caller.reset(token)

    async def _caller(
        self, request: Request, path: str, key: str | None, *, used: bool = False, again: bool = False
    ) -> Caller | None:
        scheme, _, rest = request.headers.get("authorization", "").partition(" ")
        if key is None and scheme.lower() == "bearer":
            key = rest.strip()
        if key is not None:
            known = self.doorman.at_once("key", key) or await run_in_threadpool(self.doorman.by_key, key)
            return (
                known if known is None or path.startswith("/ogc/") else replace(known, rights=known.rights - PLANNING)
            )
        if key is None and scheme.lower() == SCHEME:
            said = None if again else signed_in(rest)
            target = path + (f"?{request.url.query}" if request.url.query else "")
            if said is None:
                return None
            return await run_in_threadpool(self.doorman.by_signature, said, request.method, target)
        if scheme.lower() == "basic" and path.startswith("/ogc"):
            pair, address = _basic(rest), address_of(request)
            return None if pair is None else await run_in_threadpool(self.doorman.by_password, *pair, address)
        token = cookie_of(request)
        if token is None:
            return None
        session = None if used else self.doorman.at_once("cookie", token)
        if again:
            return session or await run_in_threadpool(self.doorman.still, token)
        return session or await run_in_threadpool(self.doorman.by_session, token, used=used)

    async def _note(self, request: Request, caller: Caller | None, rule: Rule, key: str | None) -> None:
        """Put on record who was refused what; of a stranger, only that something was shown that opens nothing."""
        why = Why.RIGHT if caller is not None and not rule.lets_in(caller) else Why.ORIGIN
        if caller is None:
            scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
            if key is None and scheme not in ("bearer", SCHEME) and (scheme == "basic" or cookie_of(request) is None):
                return  # nothing shown, or a password, which is on record already
            why = Why.KEY if key is not None or scheme in ("bearer", SCHEME) else Why.SESSION
        door = f"{request.method} {rule.path}"
        await run_in_threadpool(self.doorman.refusals.note, why, door, caller=caller)

    async def _again(self, request: Request, path: str, key: str | None, rule: Rule) -> Caller | None:
        """Who the same request would be let in as now."""
        try:
            caller = await self._caller(request, path, key, again=True)
        except TooMany:
            return None
        return caller if rule.lets_in(caller) else None

    def _refusal(self, request: Request, path: str, caller: Caller | None, rule: Rule) -> Response | None:
        if caller is None:
            lang = language(request)
            if path.startswith("/ogc"):
                return problem(401, "sign-in", SIGN_IN, lang, headers=REALM)
            if _wants_page(request, path):
                wanted = path + ("?" + request.url.query if request.url.query else "")
                root = request.scope.get("root_path", "")
                return RedirectResponse(f"{root}/signin?next={quote(wanted, safe='')}", status_code=303)
            return problem(401, "sign-in", SIGN_IN, lang)
        if request.method not in SAFE_METHODS and by_cookie(request) and not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, kept(request) or caller.lang)
        if not rule.lets_in(caller):
            lang = kept(request) or caller.lang
            if _wants_page(request, path):
                return forbidden_page(request, caller, lang)
            return problem(403, "forbidden", NOT_YOURS, lang)
        return None


def address_of(request: Request) -> str:
    """Where a request comes from, as the server knows it (a trusted proxy's word counts, see settings)."""
    return request.client.host if request.client else ""


def _wants_page(request: Request, path: str) -> bool:
    if request.method != "GET" or path.startswith(NO_PAGES):
        return False
    return "text/html" in request.headers.get("accept", "")


def by_cookie(request: Request) -> bool:
    """A browser sent the cookie along, whoever asked it to."""
    return "authorization" not in request.headers and "onemap.key_path" not in request.scope


def _is_use(request: Request, path: str) -> bool:
    """A person did something: opened a page or changed something; what a page asks by itself does not count."""
    return _wants_page(request, path) or (
        request.method == "POST" and path.startswith("/api/") and path not in REPEATED
    )


def same_origin(request: Request) -> bool:
    """The request says it comes from our own pages; one that does not say so is refused."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


def cookie_of(request: Request, name: str = COOKIE) -> str | None:
    """The session token, or another cookie, if it is there and readable; the request reads its cookies once."""
    return request.cookies.get(name)


def _basic(encoded: str) -> tuple[str, str] | None:
    try:
        login, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (login, password) if colon else None
