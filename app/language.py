"""The language of one browser: asked for with `?lang=` on a page and kept in a cookie, stronger than the account's."""

from starlette.requests import Request
from starlette.types import Message, Send

from core.texts import Lang

COOKIE = "onemap_lang"
PAGES = (
    "/home",
    "/profile",
    "/notices",
    "/audit",
    "/admin",
    "/map",
    "/planner",
    "/hall",
    "/alarms",
    "/cases",
    "/cases/design",
    "/enterprise",
    "/trend",
    "/points",
    "/devices",
    "/violations",
    "/duty",
    "/field",
    "/violations/accuracy",
    "/roster",
    "/knowledge",
    "/cameras/rules",
    "/exercises",
    "/risk",
    "/warnings",
    "/chemicals",
    "/limits",
    "/rules",
    "/signin",
    "/public",
)
LANGUAGES = frozenset(Lang)
ONE_YEAR = 365 * 86400


def asked(request: Request, path: str) -> Lang | None:
    """The language a page is opened with, `?lang=zh` or `?lang=en`; other doors have a `lang` of their own."""
    wanted = request.query_params.get("lang", "") if path in PAGES and request.method == "GET" else ""
    return Lang(wanted) if wanted in LANGUAGES else None


def kept(request: Request) -> Lang | None:
    """The language this browser chose before."""
    value = request.cookies.get(COOKIE)
    return Lang(value) if value in LANGUAGES else None


def keeping(send: Send, lang: Lang, *, secure: bool) -> Send:
    """A `send` that has the browser keep this language for a year."""
    line = f"{COOKIE}={lang.value}; Path=/; Max-Age={ONE_YEAR}; SameSite=lax" + ("; Secure" if secure else "")

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", line.encode())]}
        await send(message)

    return sending
