"""The WMTS doors: a tile in memory is answered in the event loop, for a hop to a thread costs more than the tile."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.doors.ogc import own_address
from core.caller import Caller, current_caller
from core.errors import OneMapError
from ogc import services as ogc_services
from ogc.kvp import KVP
from ogc.tiles.kept import Held
from ogc.wmts import wmts
from ogc.wmts.asking import FORMAT, VERSION, path_kvp, tile_ask
from ogc.wmts.service import Wmts, refused, tile, wants_tile

PATH = "/ogc/wmts"
TILE_PATH = PATH + "/" + VERSION + "/{layer}/{style}/{set}/{level}/{row}/{column}"
METADATA_PATH = PATH + "/" + VERSION + "/WMTSCapabilities.xml"
KEEP = b"private, no-cache"
"""A browser may keep a tile and must ask whether it still holds: rights end, and data change, at once."""


def wmts_routes(door: Wmts) -> list[BaseRoute]:
    """Keywords, tiles by path, and the service metadata by path."""
    methods = ["GET"]
    return [
        Route(PATH, ByKeyword(door), methods=methods),
        Route(METADATA_PATH, Metadata(door), methods=methods),
        Route(TILE_PATH, ByPath(door), methods=methods),
    ]


class ByKeyword:
    """`/ogc/wmts?service=WMTS&…`."""

    def __init__(self, door: Wmts) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        caller = current_caller.get()
        try:
            kvp = KVP.of_query(scope["query_string"].decode("latin-1"))
            if wants_tile(kvp) and kvp.get("service", "").upper() == "WMTS":
                await _tile(kvp, caller, self._door, scope, receive, send)
                return
        except OneMapError as error:
            await _plain(refused(error, KVP(()), caller), scope, receive, send)
            return
        base = own_address(Request(scope), PATH)
        await _plain(await run_in_threadpool(wmts, kvp, caller, self._door, base), scope, receive, send)


class ByPath:
    """One tile by its path."""

    def __init__(self, door: Wmts) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        caller = current_caller.get()
        try:
            kvp = path_kvp(scope["path_params"], KVP.of_query(scope["query_string"].decode("latin-1")))
        except OneMapError as error:
            await _plain(refused(error, KVP(()), caller), scope, receive, send)
            return
        await _tile(kvp, caller, self._door, scope, receive, send)


class Metadata:
    """The service metadata by its path."""

    def __init__(self, door: Wmts) -> None:
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        caller = current_caller.get()
        query = KVP.of_query(scope["query_string"].decode("latin-1"))
        words = [(name, query[name]) for name in ("lang", "theme") if name in query]
        kvp = KVP([("service", "WMTS"), ("request", "GetCapabilities"), *words])
        base = own_address(Request(scope), PATH)
        await _plain(await run_in_threadpool(wmts, kvp, caller, self._door, base), scope, receive, send)


async def _tile(kvp: KVP, caller: Caller, door: Wmts, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        ask = tile_ask(kvp, caller)
        held = door.pictures.at_hand(ask, caller)
        if held is None:
            held = await run_in_threadpool(tile, ask, caller, door)
    except OneMapError as error:
        await _plain(refused(error, kvp, caller), scope, receive, send)
        return
    await send_tile(held, FORMAT.encode(), scope, send)


async def send_tile(held: Held, media_type: bytes, scope: Scope, send: Send, *, kept: bool = True) -> None:
    """A tile with its tag, or the news that the client's own copy holds; one that is recorded is not to be `kept`."""
    tag = b'"' + held.tag.encode() + b'"'
    known = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
    headers = [(b"etag", tag), (b"cache-control", KEEP)] if kept else [(b"cache-control", b"no-store")]
    if known == b"*" or tag in known:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    headers += [(b"content-type", media_type), (b"content-length", str(len(held.body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": held.body if scope["method"] != "HEAD" else b""})


async def _plain(found: ogc_services.Response, scope: Scope, receive: Receive, send: Send) -> None:
    answer = Response(
        found.content(), status_code=found.status, media_type=found.media_type, headers=dict(found.headers)
    )
    await answer(scope, receive, send)
