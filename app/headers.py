"""Response headers that every door carries, and the content security policy of the screens."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(script_hashes: Sequence[str] = (), image_hosts: Sequence[str] = ()) -> str:
    """Scripts from this origin and the hashes of Dash's own inline ones; no eval, no frames, nothing from outside."""
    scripts = " ".join(["'self'", *script_hashes])
    images = " ".join(["'self'", "data:", "blob:", *image_hosts])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {images}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


WHO_ASKS = ("Cookie", "Authorization", "Accept-Language")
"""What answers differ by at every door but those that are the same for everybody."""


def varying(said: str) -> str:
    """What an answer varies by, who asks among it.

    >>> varying("Accept, accept-language")
    'Accept, accept-language, Cookie, Authorization'
    """
    named = [name.strip() for name in said.split(",") if name.strip()]
    known = {name.lower() for name in named}
    return ", ".join([*named, *(name for name in WHO_ASKS if name.lower() not in known)])


WORKERS = {"/assets/worker/away.js": "/cases", "/assets/worker/field.js": "/field"}
"""Service workers, and the page outside their folder that each may answer for."""

KEPT = "private, max-age=31536000, immutable"
"""A file of the screens asked for by the fingerprint of its content (`dashboards.site`): a change is a new address."""


def _within(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _of_the_screens(scope: Scope) -> str | None:
    """How a browser may keep a file of the screens: the same for everybody who may have it; of anything else None."""
    if not _within(scope).startswith("/assets/"):
        return None
    return KEPT if scope["query_string"].startswith(b"m=") else "private, no-cache"


class SecurityHeaders:
    """ASGI middleware that adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp, *, policy: str, tls: bool) -> None:
        self.app = app
        self.fixed = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "geolocation=(self), camera=(), microphone=()",
        }
        if tls:
            self.fixed["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through, adding headers as the answer starts."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        of_the_screens = _of_the_screens(scope)  # before the way within is taken off the path
        page = WORKERS.get(_within(scope))
        reach = None if page is None else f"{scope.get('root_path', '')}{page}"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.fixed.items():
                    headers.setdefault(name, value)
                kept = of_the_screens if message["status"] in (200, 304) else None
                if kept is not None:
                    headers["cache-control"] = kept
                if reach is not None:
                    headers["service-worker-allowed"] = reach
                headers.setdefault("cache-control", "no-store")
                if kept is None and not headers["cache-control"].startswith("public"):
                    headers["vary"] = varying(headers.get("vary", ""))
            await send(message)

        await self.app(scope, receive, send_with_headers)
