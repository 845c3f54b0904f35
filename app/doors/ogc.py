"""The classic OGC doors: keyword or XML requests in, the bindings' answers out, streams sent as they come."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.errors import BadInputError
from core.texts import Lang, Text
from ogc import services as ogc_services
from ogc.kvp import KVP
from ogc.limits import LIMITS
from ogc.services import Services
from ogc.wcs.service import wcs
from ogc.wfs.service import wfs
from ogc.wms.service import wms

LARGEST_REQUEST = LIMITS.request_bytes

Answer = Callable[[KVP, bytes, Caller, str], ogc_services.Response]


def ogc_routes(services: Services) -> list[BaseRoute]:
    """`/ogc/wms` and `/ogc/wfs` by GET and POST, `/ogc/wcs` by GET."""

    def wms_answer(params: KVP, body: bytes, caller: Caller, base: str) -> ogc_services.Response:
        if body:
            params = KVP.of_query(body.decode("utf-8", "replace"))
        return wms(params, caller, services, base)

    def wfs_answer(params: KVP, body: bytes, caller: Caller, base: str) -> ogc_services.Response:
        return wfs(params, body, caller, services, base)

    def wcs_answer(params: KVP, body: bytes, caller: Caller, base: str) -> ogc_services.Response:
        return wcs(params, caller, services, base)

    methods = ["GET", "POST"]
    return [
        Route("/ogc/wms", partial(_serve, wms_answer, "/ogc/wms"), methods=methods),
        Route("/ogc/wfs", partial(_serve, wfs_answer, "/ogc/wfs", spoken=True), methods=methods),
        Route("/ogc/wcs", partial(_serve, wcs_answer, "/ogc/wcs"), methods=["GET"]),
    ]


def own_address(request: Request, path: str) -> str:
    """The address the client used for a door: scheme, host, root path and the key it carried."""
    key_path: str = request.scope.get("onemap.key_path", "")
    door = path.replace("/ogc", key_path, 1) if key_path else path
    root: str = request.scope.get("root_path", "")
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}{root}{door}"


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_REQUEST:
            raise BadInputError(
                Text(f"请求超过 {LARGEST_REQUEST} 字节", f"request larger than {LARGEST_REQUEST} bytes"), field="body"
            )
        parts.append(part)
    return b"".join(parts)


def _spoken(params: KVP, request: Request, caller: Caller) -> Caller:
    """The caller in the language of LANGUAGE, LANG or AcceptLanguages, else of Accept-Language, else their own."""
    given = (params.get(name, "") for name in ("language", "lang", "acceptlanguages"))
    for text in (*given, request.headers.get("accept-language", "")):
        wished = Lang.wished(text)
        if wished is not None:
            return caller if wished is caller.lang else replace(caller, lang=wished)
    return caller


async def _serve(answer: Answer, path: str, request: Request, *, spoken: bool = False) -> Response:
    caller = current_caller.get()
    body = await _body(request) if request.method == "POST" else b""
    params = KVP.of_query(request.url.query)
    if spoken:
        caller = _spoken(params, request, caller)
    found = await run_in_threadpool(answer, params, body, caller, own_address(request, path))
    headers = dict(found.headers)
    if spoken:
        headers["Content-Language"] = caller.lang.value
    if isinstance(found.body, bytes):
        return Response(found.body, status_code=found.status, media_type=found.media_type, headers=headers)
    return StreamingResponse(found.body, status_code=found.status, media_type=found.media_type, headers=headers)
