"""The common documents (landing page, conformance, collections, OpenAPI), made by pygeoapi's own API object.

One API object per scope, language and address is kept; it is rebuilt when an extent moved. pygeoapi is loaded when the
first document is asked for: sixteen megabytes and half a second that many a server never needs.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from starlette.datastructures import Headers, QueryParams

from core.caller import Caller, Right
from core.errors import NotFoundError, OneMapError
from core.texts import Lang, Text
from layers.layer import Geometry
from ogc.coverage.cutting import GEOTIFF
from ogc.editing import editable
from ogc.encode.geojson import MEDIA_TYPE as GEOJSON
from ogc.oapi import coverages, records, tilesets
from ogc.oapi.configuration import MOST, configuration
from ogc.oapi.editing import CONFORMANCE
from ogc.oapi.editing_openapi import editing_described
from ogc.oapi.records import RECORDS
from ogc.oapi.schemas import Json, time_field
from ogc.oapi.serving import serving
from ogc.processes.description import description, summary
from ogc.processes.openapi import described as processes_described
from ogc.processes.process import Process, process_of
from ogc.services import Services
from ogc.wfs.names import published
from store.rasters import Shelved

if TYPE_CHECKING:
    from pygeoapi.api import API

KEPT = 64
PROCESSES = "describe_processes"
_UNTRUE = (
    "create-replace-delete",
    "ogcapi-common-3/1.0/conf/advanced-property-roles",
    "ogcapi-processes-1/1.0/conf/callback",
    "ogcapi-coverages-1/1.0/conf/coverage-datetime",
    "ogcapi-records-1/1.0/conf/opensearch",
    "ogcapi-records-1/1.0/conf/sorting",
)
_DROPPED_RELATIONS = ("about", "tiling-schemes")
_OF_PROCESSES = ("/processes", "/job-list")
_TRUE = (
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
)

_TRUE_OF_PROCESSES = tuple(
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss")
)


@dataclass(frozen=True, slots=True)
class Asking:
    """The little of an HTTP request that pygeoapi reads."""

    query_params: QueryParams
    headers: Headers
    scope: dict[str, str]


class Documents:
    """pygeoapi's API objects by scope, language and address."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._apis: OrderedDict[tuple[str, ...], API] = OrderedDict()

    def landing(self, caller: Caller, base_url: str) -> Json:
        """The landing page."""
        found = self._made("landing_page", caller, base_url)
        found["links"].append(tilesets.landing_link(base_url, caller.lang))
        return found

    def conformance(self, caller: Caller, base_url: str) -> Json:
        """What of the standards holds here: pygeoapi's list, corrected."""
        found = self._made("conformance", caller, base_url)
        claimed = [name for name in found["conformsTo"] if not name.endswith(_UNTRUE)]
        processed = _TRUE_OF_PROCESSES if self._processes(caller) else ()
        edited = CONFORMANCE if editable(self._services.catalogue, caller) else ()
        return {**found, "conformsTo": sorted({*claimed, *_TRUE, *tilesets.CONFORMS, *processed, *edited})}

    def processes(self, caller: Caller, base_url: str, process_id: str | None = None) -> Json:
        """Every process the caller may execute, or one."""
        offered = self._processes(caller)
        if process_id is not None:
            process_of(offered, process_id)
        found = self._made(PROCESSES, caller, base_url, process_id)
        if process_id is not None:
            return {**description(offered[process_id], caller.lang), "links": _pruned(found, caller.lang)}
        found["processes"] = [
            {**summary(offered[one["id"]], caller.lang), "links": _pruned(one, caller.lang)}
            for one in found["processes"]
        ]
        return found

    def collections(self, caller: Caller, base_url: str, layer_id: str | None = None) -> Json:
        """Every collection, or one."""
        known = {RECORDS, *(layer.id for layer in self._layers(caller)), *self._rasters(caller)}
        if layer_id is not None and layer_id not in known:
            raise no_collection(layer_id)
        found = self._made("describe_collections", caller, base_url, layer_id)
        placed = {layer.id for layer in self._layers(caller) if layer.geometry is not Geometry.NONE}
        for one in found.get("collections", [found]):
            if one["id"] in placed:
                one["links"].append(tilesets.collection_link(one["id"], base_url, caller.lang))
        return found

    def openapi(self, caller: Caller, base_url: str) -> Json:
        """The OpenAPI 3.0 document."""
        api = self._api(caller, base_url)
        if not api.openapi:
            from pygeoapi.openapi import get_oas

            serving.set(self._services)
            made: Json = get_oas(api.config, fail_on_invalid_collection=True)
            offered = self._processes(caller)
            made["paths"] |= tilesets.paths(self._layers(caller), caller.lang)
            told = processes_described(_described(made), offered, caller.lang)
            edited = editable(self._services.catalogue, caller)
            api.openapi = editing_described(told, edited, caller.scope, caller.lang)
        found: Json = api.openapi
        return found

    def _layers(self, caller: Caller) -> list[Any]:
        return published(self._services.catalogue, caller.scope)

    def _rasters(self, caller: Caller) -> dict[str, Shelved]:
        return {one.declared.id: one for one in self._services.rasters(caller.scope)}

    def _processes(self, caller: Caller) -> dict[str, Process]:
        """None for who may not execute them: not one is told of."""
        return dict(self._services.processes) if caller.may(Right.PLAN) else {}

    def _made(self, what: str, caller: Caller, base_url: str, *more: Any) -> Json:
        from pygeoapi import api as core
        from pygeoapi.api import processes

        make = getattr(processes if what == PROCESSES else core, what)
        api = self._api(caller, base_url)
        asking = Asking(
            QueryParams({"f": "json", "lang": caller.lang.value, "limit": MOST}), Headers({}), {"path": base_url}
        )
        serving.set(self._services)
        _, status, content = make(api, core.APIRequest(asking, api.locales), *more)
        if status != HTTPStatus.OK:
            raise OneMapError(Text("目录文档生成失败", "the document could not be made"))
        found: Json = orjson.loads(content)
        _prune(found, caller.lang, dropped=() if self._processes(caller) else _OF_PROCESSES)
        return found

    def _api(self, caller: Caller, base_url: str) -> "API":
        layers = self._layers(caller)
        extents = {layer.id: self._services.figures.extent(layer, caller.scope) for layer in layers}
        offered, rasters = self._processes(caller), self._rasters(caller)
        versions = sorted((name, one.version) for name, one in rasters.items())
        edited = [layer.id for layer in editable(self._services.catalogue, caller)]
        known_of = (extents, bool(offered), versions, edited)
        name = (caller.scope.digest, caller.lang.value, base_url, repr(known_of))
        from pygeoapi.api import API

        from ogc.processes.plugin import resources

        with self._lock:
            known = self._apis.get(name)
            if known is not None:
                self._apis.move_to_end(name)
                return known
        moments = {layer.id: time_field(layer, caller.scope) for layer in layers}
        times = {layer_id: field for layer_id, field in moments.items() if field is not None}
        told = configuration(
            layers, extents, base_url, times, scope=caller.scope, lang=caller.lang, processes=resources(list(offered))
        )
        told["resources"] |= {name: coverages.resource(one, caller.lang) for name, one in rasters.items()}
        told["resources"][RECORDS] = records.resource(caller.lang)
        made = API(told, {})
        with self._lock:
            self._apis[name] = made
            while len(self._apis) > KEPT:
                self._apis.popitem(last=False)
        return made


def no_collection(layer_id: str) -> NotFoundError:
    """No collection by that id, or none this caller may know of."""
    return NotFoundError(Text(f"没有数据集“{layer_id}”", f"no collection {layer_id!r}"), collection=layer_id)


LOCATIONS = Text("监测地点（GeoJSON）", "Locations (GeoJSON)")
_FORMS = {
    "text/html": "HTML", "application/json": "JSON", "application/geo+json": "GeoJSON", "image/png": "PNG",
    GEOTIFF: "GeoTIFF",
}  # fmt: skip
_NAMES = {
    "self": "本文档",
    "alternate": "本文档",
    "root": "服务首页",
    "service-desc": "接口说明",
    "service-doc": "接口说明",
    "conformance": "符合标准",
    "data": "数据集",
    "items": "数据",
    "schema": "字段",
    "queryables": "可查询字段",
    "processes": "处理过程",
    "execute": "执行",
    "job-list": "任务",
    "map": "地图",
    "coverage": "栅格",
    "ogc-catalog": "数据目录",
}
"""pygeoapi speaks no Chinese: what its links are called here."""


def _prune(document: Json, lang: Lang, *, dropped: tuple[str, ...] = ()) -> None:
    """Links to what is not offered here go; the others are named in the caller's language."""
    if isinstance(document.get("links"), list):
        document["links"] = [
            link
            for link in document["links"]
            if not link["rel"].endswith((*_DROPPED_RELATIONS, *dropped)) and not _leads_nowhere(link)
        ]
        for link in document["links"]:
            if link["rel"] == "data" and "/collections/" in link["href"]:
                link |= {"type": GEOJSON, "title": LOCATIONS.of(lang)}
                continue
            name = _NAMES.get(link["rel"].rsplit("/", 1)[-1])
            if lang is Lang.ZH and name is not None:
                form = _FORMS.get(link.get("type", ""), "JSON")
                link["title"] = f"{name}（{form}）"
    for query in document.get("data_queries", {}).values():
        query["link"]["type"] = GEOJSON if query["link"]["href"].endswith("/locations") else coverages.COVERAGE_JSON
    for part in document.get("collections", []):
        _prune(part, lang)


def _leads_nowhere(link: Json) -> bool:
    """What pygeoapi links to and is not served: other forms, and queries that cannot be asked without parameters."""
    kind, rel, place = str(link.get("type", "")), str(link["rel"]), str(link["href"]).split("?")[0]
    if rel == "items":
        return kind.startswith("text/csv") or kind == "application/ld+json"
    if rel.endswith("/coverage"):
        return kind != GEOTIFF
    if rel == "data" and "/collections/" in place:
        return not place.endswith("/locations") or kind.startswith("text/")
    return kind == "application/ld+json"


def _pruned(document: Json, lang: Lang) -> list[Json]:
    """The links of a document that lead somewhere."""
    _prune(document, lang)
    found: list[Json] = document["links"]
    return found


def _described(made: Json) -> Json:
    """The parameters of the items that pygeoapi's document leaves out."""
    filters = [
        {"name": "filter", "in": "query", "description": "CQL2", "schema": {"type": "string"}},
        {
            "name": "filter-lang",
            "in": "query",
            "schema": {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
        },
        {"name": "filter-crs", "in": "query", "schema": {"type": "string", "format": "uri"}},
    ]
    for path, operations in made["paths"].items():
        if path.endswith("/items") and "get" in operations:
            kept = [one for one in operations["get"]["parameters"] if "vendorSpecific" not in one.get("$ref", "")]
            operations["get"]["parameters"] = kept + filters
    made["paths"] = {
        path: operations for path, operations in made["paths"].items() if not path.startswith("/TileMatrixSets")
    }
    return made
