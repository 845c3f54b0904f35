"""The addresses of the OGC API: parameters checked, answers in JSON or as pages, errors as problem documents."""

from collections.abc import Callable
from dataclasses import replace

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.errors import BadInputError, OneMapError
from core.texts import Lang, Text
from layers.layer import Layer, Publish
from ogc import services as ogc_services
from ogc.filter.limits import MAX_DOCUMENT
from ogc.oapi.configuration import DEFAULT_LIMIT
from ogc.oapi.documents import Documents, no_collection
from ogc.oapi.items import item, items, page_of, refuse_unknown
from ogc.oapi.pages import page
from ogc.oapi.schemas import Json, document
from ogc.services import Services

Address = Callable[[Request, str], str]
Given = dict[str, str]

PATH = "/ogc/api"
COMMON = frozenset(("f", "lang"))
PAGE_ROWS = 20
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
PROBLEM = "application/problem+json"
_CODES = {404: "NotFound", 403: "Forbidden", 409: "Conflict", 503: "ServerBusy"}


def oapi_routes(services: Services, address: Address, path: str = PATH) -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked for `path`."""
    door = Door(services)

    def route(tail: str, answer: Callable[..., ogc_services.Response], *, post: bool = False) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await _body(request) if request.method == "POST" else b""
            caller = _spoken(current_caller.get(), request.query_params.get("lang"))
            here = address(request, path)
            given = dict(request.query_params)
            html = _wants_page(given, request.headers.get("accept", ""))
            where = request.path_params
            found = await run_in_threadpool(_answered, answer, caller, here, given, html, body, where)
            return _sent(found, caller)

        return Route(path + tail, endpoint, methods=["GET", "POST"] if post else ["GET"])

    return [
        route("", door.landing),
        route("/", door.landing),
        route("/openapi", door.openapi),
        route("/conformance", door.conformance),
        route("/collections", door.collections),
        route("/collections/{layer_id}", door.collection),
        route("/collections/{layer_id}/schema", door.schema),
        route("/collections/{layer_id}/queryables", door.queryables),
        route("/collections/{layer_id}/items", door.items, post=True),
        route("/collections/{layer_id}/items/{key:path}", door.item),
    ]


async def _body(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MAX_DOCUMENT:
            return b" " * (MAX_DOCUMENT + 1)
        parts.append(part)
    return b"".join(parts)


def _spoken(caller: Caller, lang: str | None) -> Caller:
    return replace(caller, lang=Lang.EN if lang.lower().startswith("en") else Lang.ZH) if lang else caller


def _wants_page(given: Given, accept: str) -> bool:
    if "f" in given:
        return given["f"] == "html"
    first = next((part for part in accept.lower().split(",") if "json" in part or "text/html" in part), "")
    return "text/html" in first


def _answered(
    answer: Callable[..., ogc_services.Response],
    caller: Caller,
    here: str,
    given: Given,
    html: bool,
    body: bytes,
    where: Given,
) -> ogc_services.Response:
    current_caller.set(caller)
    try:
        if given.get("f", "json") not in ("json", "html"):
            raise BadInputError(
                Text(f"格式“{given['f']}”应为 json 或 html", f"format {given['f']!r} must be json or html"), field="f"
            )
        return answer(caller, here, given, html, body, **where)
    except OneMapError as error:
        return _problem(error, caller, here, given, html)


def _problem(error: OneMapError, caller: Caller, here: str, given: Given, html: bool) -> ogc_services.Response:
    said = error.text.of(caller.lang)
    code = _CODES.get(error.status, "InvalidParameterValue" if error.status < 500 else "NoApplicableCode")
    found: Json = {
        "type": f"urn:onemap:problem:{error.code}",
        "title": said,
        "status": error.status,
        "detail": said,
        "code": code,
        "description": said,
    }
    headers = {"Retry-After": "2"} if error.status == 503 else {}
    if html:
        body = page("problem", {**found, "description": ""}, caller.lang, here, given)
        return ogc_services.Response(status=error.status, media_type="text/html", body=body, headers=headers)
    return ogc_services.Response(status=error.status, media_type=PROBLEM, body=orjson.dumps(found), headers=headers)


def _sent(found: ogc_services.Response, caller: Caller) -> Response:
    headers = {**found.headers, "Content-Language": caller.lang.value, "Vary": "Accept, Accept-Language"}
    if isinstance(found.body, bytes):
        return Response(found.body, status_code=found.status, media_type=found.media_type, headers=headers)
    return StreamingResponse(found.body, status_code=found.status, media_type=found.media_type, headers=headers)


class Door:
    """The answers behind the addresses; each takes caller, own address, parameters, whether a page is wanted, body."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._documents = Documents(services)

    def landing(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """The landing page."""
        refuse_unknown(given, COMMON)
        return _shown("landing", self._documents.landing(caller, here), caller, here, given, html)

    def openapi(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """The OpenAPI document."""
        refuse_unknown(given, COMMON)
        found = self._documents.openapi(caller, here)
        return _shown("openapi", found, caller, here, given, html, media_type=OPENAPI)

    def conformance(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """What of the standards holds."""
        refuse_unknown(given, COMMON)
        return _shown("conformance", self._documents.conformance(caller, here), caller, here, given, html)

    def collections(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """Every collection."""
        refuse_unknown(given, COMMON)
        return _shown("collections", self._documents.collections(caller, here), caller, here, given, html)

    def collection(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, layer_id: str
    ) -> ogc_services.Response:
        """One collection."""
        refuse_unknown(given, COMMON)
        return _shown("collection", self._documents.collections(caller, here, layer_id), caller, here, given, html)

    def schema(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, layer_id: str
    ) -> ogc_services.Response:
        """The fields of a collection."""
        return self._fields(caller, here, given, html, layer_id, queryables=False)

    def queryables(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, layer_id: str
    ) -> ogc_services.Response:
        """What a collection can be filtered by."""
        return self._fields(caller, here, given, html, layer_id, queryables=True)

    def _fields(
        self, caller: Caller, here: str, given: Given, html: bool, layer_id: str, *, queryables: bool
    ) -> ogc_services.Response:
        refuse_unknown(given, COMMON)
        layer = self._layer(layer_id, caller)
        place = f"{here}/collections/{layer_id}/{'queryables' if queryables else 'schema'}"
        found = document(layer, caller.scope, caller.lang, place, queryables=queryables)
        return _shown("schema", found, caller, here, given, html, media_type=SCHEMA)

    def items(
        self, caller: Caller, here: str, given: Given, html: bool, body: bytes, layer_id: str
    ) -> ogc_services.Response:
        """A page of features."""
        layer = self._layer(layer_id, caller)
        asked = page_of(layer, given, body, caller, default=PAGE_ROWS if html else DEFAULT_LIMIT)
        if html:
            asked = replace(asked, limit=min(asked.limit, DEFAULT_LIMIT))
        found = items(asked, given, caller, self._services, here)
        if not html:
            return found
        shown = page(
            "items", orjson.loads(found.content()), caller.lang, here, given,
            title=layer.title.of(caller.lang), specs=asked.specs, layer_id=layer.id,
        )  # fmt: skip
        return ogc_services.Response(media_type="text/html", body=shown)

    def item(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, layer_id: str, key: str
    ) -> ogc_services.Response:
        """One feature."""
        layer = self._layer(layer_id, caller)
        found = item(layer, key, given, caller, self._services, here)
        if not html:
            return found
        feature: Json = orjson.loads(found.content())
        specs = tuple(s for name, s in layer.fields_in(caller.scope).items() if name in feature["properties"])
        label = feature["properties"].get(layer.label or layer.key) or key
        shown = page("item", feature, caller.lang, here, given, title=str(label), specs=specs, layer_id=layer.id)
        return ogc_services.Response(media_type="text/html", body=shown)

    def _layer(self, layer_id: str, caller: Caller) -> Layer:
        layer = self._services.catalogue.find(layer_id, caller.scope)
        if layer is None or layer.publish is not Publish.FEATURES:
            raise no_collection(layer_id)
        return layer


def _shown(
    kind: str, found: Json, caller: Caller, here: str, given: Given, html: bool, *, media_type: str = "application/json"
) -> ogc_services.Response:
    if html:
        title = found.get("title") if kind in ("collection", "schema") else None
        return ogc_services.Response(
            media_type="text/html", body=page(kind, found, caller.lang, here, given, title=title)
        )
    return ogc_services.Response(media_type=media_type, body=orjson.dumps(found))
