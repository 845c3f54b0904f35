"""The addresses of EDR under a collection: locations, position, area, radius, cube."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.errors import BadInputError, NotFoundError
from core.texts import Text
from core.units import Metre
from layers.layer import Layer
from ogc import services as ogc_services
from ogc.edr.answers import coverage_json, csv_text, locations
from ogc.edr.asking import Shape, asked, limit_of
from ogc.edr.parameters import EDR_LAYERS, parameters
from ogc.edr.queries import nearest, places, readings
from ogc.oapi.documents import no_collection
from ogc.oapi.exchange import Address, Given, answered, sent, spoken
from ogc.services import Services
from store.query import Query
from store.series import Series

COVERAGE_JSON, CSV, GEOJSON = "application/prs.coverage+json", "text/csv; charset=utf-8", "application/geo+json"
FORMS = ("json", "covjson", "csv")


def edr_routes(services: Services, series: Series, address: Address, path: str = "/ogc/api") -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked for `path`."""

    def route(tail: str, shape: Shape) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = spoken(current_caller.get(), request)
            here = address(request, path)
            given = dict(request.query_params)
            form = given.pop("f", "json")

            def answer(
                caller: Caller, here: str, given: Given, _: bool, __: bytes, layer_id: str, key: str = ""
            ) -> ogc_services.Response:
                return _answer(services, series, shape, form, caller, here, given, layer_id, key)

            told: Callable[..., ogc_services.Response] = answer
            found = await run_in_threadpool(answered, told, caller, here, given, False, b"", request.path_params)
            return sent(found, caller)

        return Route(f"{path}/collections/{{layer_id}}/{tail}", endpoint, methods=["GET"])

    shapes = [route(shape.value, shape) for shape in (Shape.POSITION, Shape.AREA, Shape.RADIUS, Shape.CUBE)]
    return [*shapes, route("locations", Shape.LOCATIONS), route("locations/{key:path}", Shape.LOCATIONS)]


def _answer(
    services: Services,
    series: Series,
    shape: Shape,
    form: str,
    caller: Caller,
    here: str,
    given: Given,
    layer_id: str,
    key: str,
) -> ogc_services.Response:
    if form not in FORMS:
        raise BadInputError(
            Text(f"格式“{form}”不支持,可用:{', '.join(FORMS)}", f"format {form!r}: use {', '.join(FORMS)}"), field="f"
        )
    layer = _layer(services, layer_id, caller)
    known = parameters(layer, services, caller.scope)
    wanted = asked(shape, layer, given, known, services.clock(), key)
    if shape is Shape.LOCATIONS and not key:
        if form == "csv" or "datetime" in given:
            raise BadInputError(
                Text("地点清单只有 GeoJSON,不按时间查询", "locations are GeoJSON and have no time"), field="f"
            )
        found = places(layer, wanted, known, services, caller, limit_of(given))
        matched = services.figures.count(layer, Query(where=wanted.where, bbox=wanted.box), caller.scope)
        body = locations(found, f"{here}/collections/{layer_id}/locations", matched)
        return ogc_services.Response(media_type=GEOJSON, body=body)
    away: dict[str, Metre] = {}
    if wanted.near is not None:
        found, away = nearest(layer, wanted, wanted.near, known, services, caller)
    else:
        found = places(layer, wanted, known, services, caller, 10_000)
    if key and not found:
        raise NotFoundError(Text(f"没有地点“{key}”", f"no location {key!r}"), location=key)
    table = readings(layer, wanted, found, series, caller)
    if form == "csv":
        return ogc_services.Response(media_type=CSV, body=csv_text(found, table))
    return ogc_services.Response(media_type=COVERAGE_JSON, body=coverage_json(found, table, known, caller.lang, away))


def _layer(services: Services, layer_id: str, caller: Caller) -> Layer:
    layer = services.catalogue.find(layer_id, caller.scope)
    if layer is None or layer_id not in EDR_LAYERS:
        raise no_collection(layer_id)
    return layer
