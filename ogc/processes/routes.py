"""`/ogc/api/processes`: told of by pygeoapi, executed here; under the right to plan, and never by a cookie."""

from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.errors import BadInputError, BusyError, ForbiddenError, OneMapError
from core.texts import Text
from ogc import services as ogc_services
from ogc.oapi.documents import Documents
from ogc.oapi.exchange import COMMON, Address, Given, answered, sent, shown, spoken, wants_page
from ogc.oapi.items import refuse_unknown
from ogc.oapi.routes import PATH
from ogc.processes import asked, results
from ogc.processes.process import process_of
from ogc.services import Services

AT_ONCE, WAITING = 2, 16
"""Executions under way, and how many more may wait for them."""

LARGEST = 1_000_000
"""Bytes of a request."""

PAGE = 1000
ByCookie = Callable[[Request], bool]
BUSY = Text("处理过程执行繁忙,请稍后再试", "too many processes are being executed; try again soon")
NO_COOKIE = Text(
    "执行须用 HTTP Basic、Bearer 或路径密钥,不接受浏览器会话",
    "executions take HTTP Basic, Bearer or a key in the path, not a browser's session",
)


def process_routes(services: Services, address: Address, by_cookie: ByCookie) -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked, `by_cookie` how it showed who it is."""
    door = Door(services)
    limiter = anyio.CapacityLimiter(AT_ONCE)

    def route(tail: str, answer: Callable[..., ogc_services.Response], method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            caller = spoken(current_caller.get(), request)
            here = address(request, PATH)
            given = dict(request.query_params)
            html = wants_page(given, request.headers.get("accept", "")) and method == "GET"
            where: dict[str, Any] = dict(request.path_params)
            make, body, limit = answer, b"", None
            if method != "GET":
                body, limit = await _body(request), limiter
                refusal = _refusal(body, by_cookie(request), limiter)
                if refusal is not None:
                    make, limit = partial(_refused, refusal), None
            found = await run_sync(answered, make, caller, here, given, html, body, where, limiter=limit)
            return sent(found, caller)

        return Route(PATH + tail, endpoint, methods=[method])

    return [
        route("/processes", door.processes),
        route("/processes/{process_id}", door.process),
        route("/processes/{process_id}/execution", door.execution, "POST"),
    ]


async def _body(request: Request) -> bytes:
    """The whole body, or one that is too large by a byte for the door to refuse."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return b" " * (LARGEST + 1)
        parts.append(part)
    return b"".join(parts)


def _refusal(body: bytes, cookie: bool, limiter: anyio.CapacityLimiter) -> OneMapError | None:
    """Why nothing is done: a browser's session, a body too large, a server with its hands full."""
    if cookie:
        return ForbiddenError(NO_COOKIE)
    if len(body) > LARGEST:
        return BadInputError(
            Text(f"请求超过 {LARGEST // 1000} kB", f"the request is larger than {LARGEST // 1000} kB"), field="body"
        )
    return BusyError(BUSY) if limiter.statistics().tasks_waiting >= WAITING else None


def _refused(why: OneMapError, *_: Any, **__: Any) -> ogc_services.Response:
    raise why


class Door:
    """The answers behind the addresses; each takes caller, own address, parameters, whether a page is wanted, body."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._documents = Documents(services)

    def processes(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """Every process, `limit` of them from `offset`."""
        refuse_unknown(given, COMMON | {"limit", "offset"})
        limit, offset = _whole(given, "limit", PAGE, least=1), _whole(given, "offset", 0, least=0)
        found = self._documents.processes(caller, here)
        every = found["processes"]
        found["processes"] = every[offset : offset + limit]
        if offset + limit < len(every):
            following = f"{here}/processes?limit={limit}&offset={offset + limit}"
            found["links"].append({"rel": "next", "type": "application/json", "href": following})
        return shown("processes", found, caller, here, given, html)

    def process(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, process_id: str
    ) -> ogc_services.Response:
        """One process described."""
        refuse_unknown(given, COMMON)
        return shown("process", self._documents.processes(caller, here, process_id), caller, here, given, html)

    def execution(
        self, caller: Caller, here: str, given: Given, _html: bool, body: bytes, process_id: str
    ) -> ogc_services.Response:
        """One execution, answered at once."""
        refuse_unknown(given, COMMON)
        process = process_of(dict(self._services.processes), process_id)
        try:
            wanted = asked.read(process, body)
            return results.sent(process, wanted, process.run(wanted.inputs, caller))
        except BadInputError as error:
            raise asked.refused(error) from error


def _whole(given: Given, name: str, default: int, *, least: int) -> int:
    said = given.get(name, str(default))
    if not (said.isascii() and said.isdigit() and least <= int(said[:9]) <= 10_000):
        raise BadInputError(
            Text(f"{name}“{said[:20]}”应为 {least} 至 10000 的整数", f"{name}={said[:20]!r} must be {least} to 10000"),
            field=name,
        )  # fmt: skip
    return int(said)
