"""Under which names the site is reached: a request for another is refused, so no link of ours leads elsewhere."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.guard import route_path
from app.problems import language, problem
from core.texts import Text

ASKED_BY_ADDRESS = "/healthz"
"""A balancer asks it by the address of the machine."""

FOREIGN_HOST = Text("本站不以此主机名提供服务", "this site is not served under that host name")


class Hosts:
    """ASGI middleware in front of every door; without names every one will do."""

    def __init__(self, app: ASGIApp, *, names: Collection[str]) -> None:
        self.app = app
        self.names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked of us."""
        if scope["type"] != "http" or not self.names or route_path(scope) == ASKED_BY_ADDRESS:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).getlist("host")
        if len(asked) == 1 and name_of(asked[0]) in self.names:
            await self.app(scope, receive, send)
            return
        await problem(421, "foreign-host", FOREIGN_HOST, language(Request(scope)))(scope, receive, send)


def name_of(host: str) -> str:
    """The name in a Host header, without its port.

    >>> name_of("map.example.cn:8443"), name_of("[::1]:8000"), name_of("Map.example.cn")
    ('map.example.cn', '[::1]', 'map.example.cn')
    """
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
