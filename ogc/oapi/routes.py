"""The addresses of the OGC API: parameters checked, answers in JSON or as pages, errors as problem documents."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from layers.layer import Layer, Publish
from ogc import services as ogc_services
from ogc.filter.limits import MAX_DOCUMENT
from ogc.oapi import coverages, records
from ogc.oapi.configuration import DEFAULT_LIMIT
from ogc.oapi.documents import Documents, no_collection
from ogc.oapi.editing import Sent, allowed, change, create
from ogc.oapi.exchange import COMMON, Address, Given, answered, sent, shown, spoken, wants_page
from ogc.oapi.items import item, items, page_of, refuse_unknown
from ogc.oapi.pages import page
from ogc.oapi.records import RECORDS
from ogc.oapi.schemas import Json, document
from ogc.services import Services

PATH = "/ogc/api"
PAGE_ROWS = 20
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
WITH_BODY = ("POST", "PUT", "PATCH")


def oapi_routes(services: Services, address: Address, path: str = PATH) -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked for `path`."""
    door = Door(services)

    def route(tail: str, answer: Callable[..., ogc_services.Response], *, edits: tuple[str, ...] = ()) -> Route:
        async def endpoint(request: Request) -> Response:
            body = await _body(request) if request.method in WITH_BODY else b""
            asked = answer
            if edits and request.method not in ("GET", "HEAD"):
                asked = partial(door.edit, Sent.of(request), answer)
            caller = spoken(current_caller.get(), request)
            here = address(request, path)
            given = dict(request.query_params)
            html = wants_page(given, request.headers.get("accept", ""))
            where = request.path_params
            found = await run_in_threadpool(answered, asked, caller, here, given, html, body, where)
            return sent(found, caller)

        return Route(path + tail, endpoint, methods=["GET", *edits])

    return [
        route("", door.landing),
        route("/", door.landing),
        route("/openapi", door.openapi),
        route("/conformance", door.conformance),
        route("/collections", door.collections),
        route("/collections/{layer_id}", door.collection),
        route("/collections/{layer_id}/schema", door.schema),
        route("/collections/{layer_id}/queryables", door.queryables),
        route("/collections/{layer_id}/items", door.items, edits=("POST", "OPTIONS")),
        route("/collections/{layer_id}/items/{key:path}", door.item, edits=("PUT", "PATCH", "DELETE", "OPTIONS")),
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


class Door:
    """The answers behind the addresses; each takes caller, own address, parameters, whether a page is wanted, body."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._documents = Documents(services)

    def landing(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """The landing page."""
        refuse_unknown(given, COMMON)
        return shown("landing", self._documents.landing(caller, here), caller, here, given, html)

    def openapi(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """The OpenAPI document."""
        refuse_unknown(given, COMMON)
        found = self._documents.openapi(caller, here)
        return shown("openapi", found, caller, here, given, html, media_type=OPENAPI)

    def conformance(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """What of the standards holds."""
        refuse_unknown(given, COMMON)
        return shown("conformance", self._documents.conformance(caller, here), caller, here, given, html)

    def collections(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """Every collection."""
        refuse_unknown(given, COMMON)
        return shown("collections", self._documents.collections(caller, here), caller, here, given, html)

    def collection(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, layer_id: str
    ) -> ogc_services.Response:
        """One collection."""
        refuse_unknown(given, COMMON)
        return shown("collection", self._documents.collections(caller, here, layer_id), caller, here, given, html)

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
        if layer_id == RECORDS:
            found = records.schema(caller.lang, f"{here}/collections/{RECORDS}/schema")
            return shown("schema", found, caller, here, given, html, media_type=SCHEMA)
        if (raster := coverages.raster_of(self._services, layer_id, caller)) is not None:
            found = coverages.schema(raster, caller.lang, f"{here}/collections/{layer_id}/schema")
            return shown("schema", found, caller, here, given, html, media_type=SCHEMA)
        layer = self._layer(layer_id, caller)
        place = f"{here}/collections/{layer_id}/{'queryables' if queryables else 'schema'}"
        found = document(layer, caller.scope, caller.lang, place, queryables=queryables)
        return shown("schema", found, caller, here, given, html, media_type=SCHEMA)

    def items(
        self, caller: Caller, here: str, given: Given, html: bool, body: bytes, layer_id: str
    ) -> ogc_services.Response:
        """A page of features, or of records."""
        if layer_id == RECORDS:
            return self._recorded(records.records(caller, self._services, here, given), caller, here, given, html)
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
        """One feature, or one record."""
        if layer_id == RECORDS:
            told = records.record(caller, self._services, here, given, key)
            return self._recorded(told, caller, here, given, html)
        layer = self._layer(layer_id, caller)
        found = item(layer, key, given, caller, self._services, here)
        if not html:
            return found
        feature: Json = orjson.loads(found.content())
        specs = tuple(s for name, s in layer.fields_in(caller.scope).items() if name in feature["properties"])
        label = feature["properties"].get(layer.label or layer.key) or key
        shown = page("item", feature, caller.lang, here, given, title=str(label), specs=specs, layer_id=layer.id)
        return ogc_services.Response(media_type="text/html", body=shown)

    def _recorded(
        self, found: ogc_services.Response, caller: Caller, here: str, given: Given, html: bool
    ) -> ogc_services.Response:
        if not html:
            return found
        told: Json = orjson.loads(found.content())
        document = told if "features" in told else {"features": [told], "links": [], "numberMatched": 1}
        body = page("records", document, caller.lang, here, given, title=records.TITLE.of(caller.lang))
        return ogc_services.Response(media_type="text/html", body=body)

    def edit(
        self,
        sent: Sent,
        search: Callable[..., ogc_services.Response],
        caller: Caller,
        here: str,
        given: Given,
        html: bool,
        body: bytes,
        layer_id: str,
        key: str | None = None,
    ) -> ogc_services.Response:
        """Features written; a POST that brings none is a `search` by CQL2."""
        if layer_id == RECORDS and sent.method == "POST":
            return search(caller, here, given, html, body, layer_id)
        layer = self._layer(layer_id, caller)
        if sent.method == "OPTIONS":
            return allowed(layer, caller, item=key is not None)
        if key is not None:
            return change(sent, layer, key, given, body, caller, self._services)
        if sent.creates(body):
            return create(sent, layer, given, body, caller, self._services, here)
        return search(caller, here, given, html, body, layer_id)

    def _layer(self, layer_id: str, caller: Caller) -> Layer:
        layer = self._services.catalogue.find(layer_id, caller.scope)
        if layer is None or layer.publish is not Publish.FEATURES:
            raise no_collection(layer_id)
        return layer
