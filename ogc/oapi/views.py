"""The addresses of pictures and cells: `/map`, `/collections/ID/map`, `/collections/ID/coverage`."""

from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from gis.shapes import Bounds
from layers.layer import Geometry, Layer
from ogc import services as ogc_services
from ogc.coverage.cutting import extent
from ogc.oapi import coverages
from ogc.oapi.documents import no_collection
from ogc.oapi.exchange import Address, Given, answered, sent, spoken
from ogc.oapi.maps import map_of
from ogc.services import Services
from ogc.wfs.names import published
from ogc.wms.getmap import EVERYTHING

Answer = Callable[[Caller, Given, str, tuple[str, ...], str], ogc_services.Response]


def view_routes(services: Services, address: Address, path: str = "/ogc/api") -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked for `path`."""

    def route(tail: str, default: str, answer: Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = spoken(current_caller.get(), request)
            given = dict(request.query_params)
            form, subsets = given.pop("f", default), tuple(request.query_params.getlist("subset"))

            def told(
                caller: Caller, here: str, given: Given, _: bool, __: bytes, layer_id: str = ""
            ) -> ogc_services.Response:
                return answer(caller, given, form, subsets, layer_id)

            where = request.path_params
            found = await run_in_threadpool(answered, told, caller, address(request, path), given, False, b"", where)
            return sent(found, caller)

        return Route(path + tail, endpoint, methods=["GET"])

    def cells(caller: Caller, given: Given, form: str, subsets: tuple[str, ...], name: str) -> ogc_services.Response:
        one = coverages.raster_of(services, name, caller)
        if one is None:
            raise no_collection(name)
        return coverages.coverage(one, given, form, subsets, caller.lang)

    def one_map(caller: Caller, given: Given, form: str, _: tuple[str, ...], name: str) -> ogc_services.Response:
        known = {key: value for key, value in given.items() if key != "collections"}
        return map_of((name,), known, form, caller, services, _extent(services, name, caller))

    def whole_map(caller: Caller, given: Given, form: str, _: tuple[str, ...], __: str) -> ogc_services.Response:
        names = tuple(part.strip() for part in given.get("collections", "").split(",") if part.strip())
        return map_of(names or (EVERYTHING,), given, form, caller, services, lambda: None)

    return [
        route("/map", "png", whole_map),
        route("/collections/{layer_id}/map", "png", one_map),
        route("/collections/{layer_id}/coverage", "tiff", cells),
    ]


def _extent(services: Services, name: str, caller: Caller) -> Callable[[], Bounds | None]:
    """Where a collection lies, for whoever gives no box: measuring a layer reads all of it. Without a shape, no map."""
    raster = coverages.raster_of(services, name, caller)
    if raster is not None:
        return partial(extent, raster)
    for layer in published(services.catalogue, caller.scope):
        if layer.id == name and layer.geometry is not Geometry.NONE:

            def measured(layer: Layer = layer) -> Bounds | None:
                found = services.figures.extent(layer, caller.scope)
                return None if found is None else _roomy(found)

            return measured
    raise no_collection(name)


def _roomy(box: Bounds) -> Bounds:
    """With a margin for symbols, and some size where all lies in one place."""
    room = max(0.02 * max(box.east - box.west, box.north - box.south), 0.005)
    return Bounds(box.west - room, box.south - room, box.east + room, box.north + room)
