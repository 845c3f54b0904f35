"""GetFeature and GetPropertyValue requests, keyword-value or XML, as one value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from core.errors import BadInputError
from core.scope import Scope
from core.texts import Text
from gis.shapes import Bounds
from layers.filters import Filter, In, every
from layers.layer import Geometry, Layer
from ogc.encode.crs import OgcCrs, box_of, wfs_crs
from ogc.encode.gml import NAMESPACE, PREFIX, key_in, key_of
from ogc.exceptions import OgcError
from ogc.filter.cql2 import cql2_text
from ogc.filter.fes import Element, fes, local, named, parsed
from ogc.kvp import KVP, InvalidParameterError, MissingParameterError
from ogc.paging import AFTER, read_place
from ogc.services import Services
from ogc.wfs.editions import MOST, V1_1, V2_0, Edition
from ogc.wfs.names import BY_ID, STORED_QUERIES, Output, layer_named, output_of
from store.query import Order, Query

_DECLARED = re.compile(r"xmlns\(\s*([^,()\s]+)\s*,\s*([^()\s]+)\s*\)")
UNKNOWN_HERE = ("viewparams",)
"""What other servers narrow an answer by: left unread, everything would look like what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query for features, checked against the caller's scope."""

    layer: Layer
    query: Query
    edition: Edition
    crs: OgcCrs
    named: bool = False
    """The request named the system; GeoJSON without a name is CRS84."""
    output: Output = Output.GML
    hits: bool = False
    count: int
    start: int = 0
    single: bool = False
    """By id: the bare feature is the answer."""
    resource: str = ""

    @property
    def skipped(self) -> int:
        """Rows the store has to count off before the page; none where the page begins behind a row."""
        return 0 if self.query.after else self.start

    @property
    def limit(self) -> int | None:
        """How many rows a file holds; None for all."""
        return None if self.count == MOST else self.count


def kvp_request(kvp: KVP, services: Services, scope: Scope, edition: Edition = V2_0) -> Asked:
    """A request in parameters."""
    for name in UNKNOWN_HERE:
        if kvp.get(name, "").strip():
            allowed = Text("此处不支持,可用 FILTER、CQL_FILTER、BBOX", "not known here; use FILTER, CQL_FILTER or BBOX")
            raise InvalidParameterError(name, kvp[name][:40], allowed)
    stored = kvp.get("storedquery_id") or kvp.get("storedqueryid")
    if stored:
        return _by_id(stored, kvp.text("id"), kvp, services, scope, edition)
    ids = kvp.items_of("resourceid") or kvp.items_of("featureid")
    names = _prefixed(kvp.items_of("typenames") or kvp.items_of("typename"), kvp.get("namespaces", ""))
    if not names:
        if not ids:
            raise MissingParameterError("typeNames")
        names = (key_of(ids[0])[0],)
    layer = _one_layer(names, services, scope)
    where: Filter | None = None
    if ids:
        where = In(layer.key, tuple(key for one in ids if (key := key_in(layer.id, one)) is not None))
    document = kvp.get("filter", "").strip()
    if document:
        where = every(where, fes(document.strip("()").encode(), layer, scope, edition.crs))
    spoken = kvp.get("cql_filter", "").strip()
    if spoken:
        where = every(where, _cql(spoken, layer, scope))
    bbox: Bounds | None = None
    if kvp.get("bbox", "").strip():
        _spatial(layer)
        bbox, _ = box_of(kvp["bbox"], edition.crs, wfs_crs)
    query = Query(
        bbox=bbox,
        where=where,
        fields=_fields(tuple(named(name.strip("()")) for name in kvp.items_of("propertyname")), layer, scope),
        order=_order(kvp.text("sortby", ""), layer, scope),
    )
    return _paged(layer, query, kvp, edition, scope)


def _cql(text: str, layer: Layer, scope: Scope) -> Filter:
    """GeoServer's CQL_FILTER, read as CQL2 text; shapes are longitude first."""
    try:
        return cql2_text(text, layer, scope)
    except BadInputError as error:
        raise InvalidParameterError("cql_filter", text[:80], error.text) from error


def _paged(layer: Layer, query: Query, kvp: KVP, edition: Edition, scope: Scope) -> Asked:
    counted = "count" if kvp.get("count") else "maxFeatures"
    kind = kvp.text("resulttype", "results").lower()
    if kind not in ("results", "hits"):
        raise InvalidParameterError("resultType", kind, Text("可用:results, hits", "use results or hits"))
    output = output_of(kvp.get("outputformat", ""), edition)
    start: int | None = None
    if kvp.get("startindex", "").strip():
        start = kvp.integer("startIndex", low=0, high=MOST)
    if kvp.get(AFTER, "").strip():
        try:
            start, cursor = read_place(kvp[AFTER].strip(), layer, query, scope, start)
        except BadInputError as error:
            raise InvalidParameterError(AFTER, kvp[AFTER][:80], error.text) from error
        query = replace(query, after=cursor)
    page = edition.page if output in (Output.GML, Output.GEOJSON) else MOST
    return Asked(
        layer=layer,
        query=query,
        edition=edition,
        crs=wfs_crs(kvp["srsname"]) if kvp.get("srsname", "").strip() else edition.crs,
        named=bool(kvp.get("srsname", "").strip()),
        output=output,
        hits=kind == "hits",
        count=kvp.integer(counted, page, low=0, high=MOST),
        start=start or 0,
    )


def _prefixed(names: tuple[str, ...], declared: str) -> tuple[str, ...]:
    """Type names under our own prefix, where `NAMESPACES` gave our namespace another (09-025r2, 7.6.6)."""
    others = {prefix for prefix, space in _DECLARED.findall(declared) if space == NAMESPACE}
    return tuple(
        f"{PREFIX}:{name.rpartition(':')[2]}" if name.rpartition(":")[0].lstrip("(") in others else name
        for name in names
    )


def _one_layer(names: tuple[str, ...], services: Services, scope: Scope) -> Layer:
    layers = [layer_named(name, services.catalogue, scope) for name in names]
    if len(layers) != 1:
        raise OgcError(
            "OptionNotSupported",
            Text("一次请求只能查询一种要素", "one feature type per request; joins are not offered"),
            locator="typeNames",
        )
    return layers[0]


def _spatial(layer: Layer) -> None:
    if layer.geometry is Geometry.NONE:
        raise InvalidParameterError("bbox", layer.id, Text("此图层没有几何", "this layer has no geometry"))


def _by_id(stored: str, resource_id: str, kvp: KVP, services: Services, scope: Scope, edition: Edition) -> Asked:
    if stored not in STORED_QUERIES:
        raise InvalidParameterError("storedquery_id", stored, Text(f"可用:{BY_ID}", f"use {BY_ID}"))
    layer_id, key = key_of(resource_id)
    layer = services.catalogue.find(layer_id, scope)
    if layer is None:
        raise not_found(resource_id)
    asked = _paged(layer, Query(where=In(layer.key, (key,))), kvp, edition, scope)
    return replace(asked, count=1, start=0, hits=False, single=True, resource=resource_id)


def not_found(resource_id: str) -> OgcError:
    """No feature by that id, or none this caller may know of."""
    return OgcError(
        "NotFound", Text(f"没有要素“{resource_id}”", f"no feature {resource_id!r}"), locator="id", status=404
    )


def _fields(names: tuple[str, ...], layer: Layer, scope: Scope) -> tuple[str, ...] | None:
    if not names or names == ("*",):
        return None
    seen = layer.fields_in(scope)
    for name in names:
        if name not in seen and name != "geometry":
            raise InvalidParameterError("propertyName", name, _allowed(seen))
    return names


def _allowed(seen: dict[str, object] | object) -> Text:
    listed = ", ".join(seen) if isinstance(seen, dict) else ""
    return Text(f"可用:{listed}", f"use {listed}")


def _order(text: str, layer: Layer, scope: Scope) -> tuple[Order, ...]:
    order = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, _, way = item.rpartition(" ") if item.count(" ") else (item, "", "")
        order.append(_ordered(name, way, layer, scope))
    return tuple(order)


def _ordered(name: str, way: str, layer: Layer, scope: Scope) -> Order:
    plain, folded = named(name.strip()), way.strip().upper()
    seen = layer.fields_in(scope)
    if plain not in seen or folded not in ("", "A", "ASC", "ASCENDING", "D", "DESC", "DESCENDING"):
        raise InvalidParameterError("sortBy", f"{name} {way}".strip(), _allowed(seen))
    return Order(plain, folded.startswith("D"))


def xml_parameters(root: Element) -> tuple[str, KVP]:
    """A request in XML as the operation and the parameters it would have as a GET, so that both are read by one path.

    One in the old namespace that tells no version is 1.1.0.
    """
    operation = local(root)
    pairs = [(str(name), str(value)) for name, value in root.attrib.items() if not str(name).startswith("{")]
    for child, parameter in (("TypeName", "typenames"), ("StoredQueryId", "storedquery_id")):
        texts = [(part.text or "").strip() for part in root if local(part) == child]
        if texts:
            pairs.append((parameter, ",".join(_ours(text, root) for text in texts)))
    versions = [part.text or "" for part in root.iter("{*}Version")]
    if versions:
        pairs.append(("acceptversions", ",".join(versions)))
    if etree.QName(root).namespace == V1_1.namespace:
        pairs.append(("version", V1_1.number))
    if operation in ("GetFeature", "GetPropertyValue"):
        pairs.extend(_query_pairs(root))
    pairs.append(("request", operation))
    return operation, KVP(pairs)


def _query_pairs(root: Element) -> Iterator[tuple[str, str]]:
    queries = [part for part in root if local(part) in ("Query", "StoredQuery")]
    if len(queries) != 1:
        raise OgcError(
            "OptionNotSupported",
            Text("一次请求应有且只有一个 Query", "exactly one Query per request"),
            locator="Query",
        )
    query = queries[0]
    if local(query) == "StoredQuery":
        yield "storedquery_id", query.get("id", "")
        for part in query:
            yield part.get("name", ""), "".join(map(str, part.itertext())).strip()
        return
    names = (query.get("typeNames") or query.get("typeName") or "").replace(",", " ").split()
    yield "typenames", ",".join(_ours(name, query) for name in names)
    yield "srsname", query.get("srsName", "")
    fields = [named((part.text or "").strip()) for part in query if local(part) == "PropertyName"]
    yield "propertyname", ",".join(fields)
    for part in query:
        if local(part) == "Filter":
            yield "filter", etree.tostring(part, encoding="unicode", with_tail=False)
        elif local(part) == "SortBy":
            yield "sortby", ",".join(_sorted_by(item) for item in part)


def _sorted_by(item: Element) -> str:
    texts = {local(leaf): (leaf.text or "").strip() for leaf in item}
    return f"{texts.get('ValueReference') or texts.get('PropertyName') or ''} {texts.get('SortOrder', '')}".strip()


def _ours(name: str, node: Element) -> str:
    """A type name under our own prefix, whatever prefix the document gave our namespace."""
    prefix, colon, bare = name.strip().rpartition(":")
    return f"{PREFIX}:{bare}" if colon and node.nsmap.get(prefix) == NAMESPACE else name


def xml_root(body: bytes) -> Element:
    """The document of a POST, or a report that it could not be parsed."""
    try:
        root = parsed(body)
    except BadInputError as error:
        raise OgcError("OperationParsingFailed", error.text, locator="request") from error
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(filter(None, root.nsmap)))
    return root
