"""Items of a collection: a request checked parameter by parameter, and its answer in GeoJSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pyarrow as pa

from core.caller import Caller
from core.errors import BadInputError, NotFoundError
from core.scope import Scope
from core.texts import Text, whole
from layers.fields import FieldSpec, Kind
from layers.filters import Compare, Filter, In, Op, every
from layers.layer import Layer
from ogc.encode import geojson
from ogc.encode.crs import CRS84, OgcCrs, box_of, crs_named
from ogc.filter.cql2 import cql2_json, cql2_text
from ogc.filter.temporal import compared, interval, moment, related
from ogc.oapi.configuration import MOST
from ogc.oapi.schemas import time_field
from ogc.paging import AFTER, goes_on, place_behind, read_place, widened
from ogc.services import Response, Services
from store.query import Order, Query

BATCH = 2000
KNOWN = frozenset(
    ("f", "lang", "limit", "offset", AFTER, "bbox", "bbox-crs", "crs", "datetime", "properties", "sortby",
     "skipGeometry", "filter", "filter-lang", "filter-crs")
)  # fmt: skip
KNOWN_OF_ITEM = frozenset(("f", "lang", "crs", "properties", "skipGeometry"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page asked for, checked against the caller's scope."""

    layer: Layer
    query: Query
    crs: OgcCrs
    limit: int
    offset: int
    specs: tuple[FieldSpec, ...]


def refuse_unknown(given: Mapping[str, str], known: frozenset[str], seen: Mapping[str, object] | None = None) -> None:
    """A parameter nobody offers is the caller's mistake, not something to pass over."""
    for name in given:
        if name not in known and (seen is None or name not in seen):
            allowed = ", ".join(sorted(known))
            raise BadInputError(
                Text(f"未知参数“{name}”,可用:{allowed}", f"unknown parameter {name!r}; use {allowed}"), field=name
            )


def page_of(layer: Layer, given: Mapping[str, str], body: bytes, caller: Caller, *, default: int) -> Page:
    """The page a request means."""
    scope = caller.scope
    seen = layer.fields_in(scope)
    refuse_unknown(given, KNOWN, seen)
    limit = min(_whole(given, "limit", default, low=1), MOST)
    offset: int | None = _whole(given, "offset", 0, low=0) if "offset" in given else None
    crs = crs_named(given["crs"], "crs") if "crs" in given else CRS84
    bbox = None
    if "bbox" in given:
        box_crs = crs_named(given["bbox-crs"], "bbox-crs") if "bbox-crs" in given else CRS84
        if given["bbox"].count(",") not in (3, 5):
            raise BadInputError(Text("bbox 应为四个或六个数字", "bbox must be four or six numbers"), field="bbox")
        bbox, _ = box_of(given["bbox"], box_crs)
    elif "bbox-crs" in given:
        raise BadInputError(Text("有 bbox-crs 而无 bbox", "bbox-crs without bbox"), field="bbox-crs")
    fields = _properties(given.get("properties"), seen)
    where = every(
        *(_equals(seen[name], value) for name, value in given.items() if name in seen and name not in KNOWN),
        _datetime(layer, given.get("datetime"), caller),
        _filter(layer, given, body, caller),
    )
    query = Query(
        bbox=bbox,
        where=where,
        fields=fields,
        geometry=not _truth(given, "skipGeometry"),
        order=_order(given.get("sortby"), seen),
    )
    if AFTER in given:
        offset, cursor = read_place(given[AFTER], layer, query, scope, offset)
        query = replace(query, after=cursor)
    specs = tuple(spec for name, spec in seen.items() if fields is None or name in fields)
    return Page(layer=layer, query=query, crs=crs, limit=limit, offset=offset or 0, specs=specs)


def _whole(given: Mapping[str, str], name: str, default: int, *, low: int) -> int:
    text = given.get(name, str(default))
    found = whole(text)
    if found is None or not low <= found <= 10**9:
        raise BadInputError(
            Text(
                f"{name}“{text[:40]}”应为不小于 {low} 的整数", f"{name}={text[:40]!r} must be a whole number from {low}"
            ),
            field=name,
        )
    return found


def _truth(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "false").lower()
    if text not in ("true", "false"):
        raise BadInputError(Text(f"{name} 应为 true 或 false", f"{name} must be true or false"), field=name)
    return text == "true"


def _unknown(name: str, seen: Mapping[str, object], parameter: str) -> BadInputError:
    allowed = ", ".join(seen)
    return BadInputError(
        Text(f"没有字段“{name}”,可用:{allowed}", f"no property {name!r}; use {allowed}"), field=parameter
    )


def _properties(text: str | None, seen: Mapping[str, FieldSpec]) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    for name in names:
        if name not in seen:
            raise _unknown(name, seen, "properties")
    return names


def _order(text: str | None, seen: Mapping[str, FieldSpec]) -> tuple[Order, ...]:
    order = []
    for item in filter(None, (part.strip() for part in (text or "").split(","))):
        name = item.lstrip("+-").strip()
        if name not in seen:
            raise _unknown(name, seen, "sortby")
        order.append(Order(name, item.startswith("-")))
    return tuple(order)


def _equals(spec: FieldSpec, text: str) -> Filter:
    if spec.kind in (Kind.DATE, Kind.DATETIME):
        return compared(spec, Op.EQ, moment(text))
    return Compare(spec.name, Op.EQ, text)


def _datetime(layer: Layer, text: str | None, caller: Caller) -> Filter | None:
    if text is None:
        return None
    ends = text.split("/")
    if len(ends) > 2:
        raise BadInputError(Text("datetime 应为时刻或时段", "datetime is an instant or an interval"), field="datetime")
    low, high = interval((ends[0], ends[-1]))
    name = time_field(layer, caller.scope)
    if name is None:
        return None
    return related(layer.fields[name], "intersects", low, high)


def _filter(layer: Layer, given: Mapping[str, str], body: bytes, caller: Caller) -> Filter | None:
    crs = crs_named(given["filter-crs"], "filter-crs") if "filter-crs" in given else CRS84
    language = given.get("filter-lang", "cql2-json" if body else "cql2-text")
    if language not in ("cql2-text", "cql2-json"):
        raise BadInputError(
            Text(f"filter-lang“{language}”应为 cql2-text 或 cql2-json", "filter-lang must be cql2-text or cql2-json"),
            field="filter-lang",
        )
    if body.strip():
        return cql2_json(body, layer, caller.scope, crs)
    text = given.get("filter", "").strip()
    if not text:
        return None
    read = cql2_json if language == "cql2-json" else cql2_text
    return read(text, layer, caller.scope, crs)


def rows_of(page: Page, caller: Caller, services: Services) -> tuple[pa.Table, int]:
    """The rows of the page and how many match in all; the count is skipped where the page itself tells."""
    query = replace(
        widened(page.layer, page.query, caller.scope),
        limit=page.limit,
        offset=0 if page.query.after else page.offset,
    )
    rows = services.store.read(page.layer, query, scope=caller.scope)
    if page.query.after is None and rows.num_rows < page.limit and (rows.num_rows or not page.offset):
        return rows, page.offset + rows.num_rows
    return rows, services.figures.count(page.layer, page.query, caller.scope)


def items(page: Page, given: Mapping[str, str], caller: Caller, services: Services, address: str) -> Response:
    """The page as a FeatureCollection."""
    rows, matched = rows_of(page, caller, services)
    members = {
        "links": links(page, given, following(page, rows, matched, caller, services), address, caller),
        "numberMatched": matched,
        "numberReturned": rows.num_rows,
        "timeStamp": services.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    body: Iterator[bytes] = geojson.collection(
        rows.combine_chunks().to_batches(BATCH), page.layer, page.specs, crs=page.crs, members=lambda _: members
    )
    return Response(media_type=geojson.MEDIA_TYPE, body=b"".join(body), headers={"Content-Crs": f"<{page.crs.url}>"})


WORDS = {
    "self": Text("本页", "This document"),
    "alternate": Text("网页", "This document as HTML"),
    "next": Text("下一页", "Next page"),
    "prev": Text("上一页", "Previous page"),
    "collection": Text("所属数据集", "The collection"),
}


def following(page: Page, rows: pa.Table, matched: int, caller: Caller, services: Services) -> dict[str, str] | None:
    """Where the next page begins, None where there is none."""
    passed = page.offset + rows.num_rows
    place = place_behind(page.layer, page.query, caller.scope, rows, passed)
    more = goes_on(
        services.store, page.layer, page.query, caller.scope,
        full=rows.num_rows == page.limit, beyond=passed < matched, place=place,
    )  # fmt: skip
    if not more:
        return None
    return {"offset": str(passed), **({AFTER: place} if place is not None else {})}


def links(
    page: Page, given: Mapping[str, str], behind: dict[str, str] | None, address: str, caller: Caller
) -> list[dict[str, str]]:
    """Where the page itself, its neighbours and its collection are."""
    asked = {name: value for name, value in given.items() if name not in ("f", "offset", AFTER)}

    def link(rel: str, form: str, place: Mapping[str, str]) -> dict[str, str]:
        query = {**asked, "f": form, **place}
        media = "text/html" if form == "html" else geojson.MEDIA_TYPE
        href = f"{address}/collections/{page.layer.id}/items?{urlencode(query, safe=',:/', quote_via=quote)}"
        return {"rel": rel, "type": media, "title": WORDS[rel].of(caller.lang), "href": href}

    def counted(offset: int) -> dict[str, str]:
        return {"offset": str(offset)} if offset else {}

    here = {**counted(page.offset), **({AFTER: given[AFTER]} if AFTER in given else {})}
    found = [link("self", "json", here), link("alternate", "html", here)]
    if behind is not None:
        found.append(link("next", "json", behind))
    if page.offset > 0:
        found.append(link("prev", "json", counted(max(0, page.offset - page.limit))))
    found.append(
        {
            "rel": "collection",
            "type": "application/json",
            "title": WORDS["collection"].of(caller.lang),
            "href": f"{address}/collections/{page.layer.id}",
        }
    )
    return found


def tag_of(version: int, scope: Scope) -> str:
    """The ETag of a feature: its version, and what of it the caller sees."""
    return f'"{version}-{scope.digest}"'


def item(
    layer: Layer, key: str, given: Mapping[str, str], caller: Caller, services: Services, address: str
) -> Response:
    """One feature; its version and the caller's scope make the ETag."""
    refuse_unknown(given, KNOWN_OF_ITEM)
    seen = layer.fields_in(caller.scope)
    crs = crs_named(given["crs"], "crs") if "crs" in given else CRS84
    fields = _properties(given.get("properties"), seen)
    geometry = not _truth(given, "skipGeometry")
    query = Query(where=In(layer.key, (key,)), fields=fields, geometry=geometry, limit=1)
    rows = services.store.read(layer, query, scope=caller.scope)
    if not rows.num_rows:
        raise NotFoundError(Text(f"{layer.title.zh}中没有“{key}”", f"no {key!r} in {layer.id}"), key=key)
    batch = rows.combine_chunks().to_batches()[0]
    specs = tuple(spec for name, spec in seen.items() if fields is None or name in fields)
    feature: dict[str, Any] = orjson.loads(geojson.features(batch, layer, specs, crs)[0].as_py())
    here = f"{address}/collections/{layer.id}"
    place = f"{here}/items/{quote(key, safe='')}"
    places = (
        ("self", geojson.MEDIA_TYPE, f"{place}?f=json"),
        ("alternate", "text/html", f"{place}?f=html"),
        ("collection", "application/json", here),
    )
    feature["links"] = [
        {"rel": rel, "type": media, "title": WORDS[rel].of(caller.lang), "href": href} for rel, media, href in places
    ]
    tag = tag_of(rows.column("_version")[0].as_py(), caller.scope)
    return Response(
        media_type=geojson.MEDIA_TYPE,
        body=orjson.dumps(feature),
        headers={"Content-Crs": f"<{crs.url}>", "ETag": tag},
    )
