"""GetFeature and GetPropertyValue: rows out, in GML or GeoJSON, small pages whole and large ones streamed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from urllib.parse import urlencode

import pyarrow as pa

from core.caller import Caller
from core.scope import Sensitivity
from core.texts import Text
from layers.fields import FieldSpec, Kind
from layers.filters import Missing, Not, every
from layers.layer import Layer
from ogc.encode import geojson, gml
from ogc.encode.columns import plain_texts, repeated, run_together, xml_texts
from ogc.encode.crs import CRS84
from ogc.filter.fes import named
from ogc.kvp import KVP, InvalidParameterError
from ogc.paging import AFTER, goes_on, place_behind, widened
from ogc.services import Response, Services
from ogc.wfs.editions import V1_0, V1_1, V2_0
from ogc.wfs.files import file_of
from ogc.wfs.names import DECLARATION, JSON_FORMAT, Output, collection_opening
from ogc.wfs.reading import Asked, not_found
from store.query import Query

WHOLE = 10_000
"""Pages up to this many rows are read before the head is written, so the head can say what was returned."""
BATCH = 2000
LONGEST_ADDRESS = 16_000
_OF_THE_PAGE = frozenset(("startindex", "resulttype", "count", "maxfeatures", AFTER))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page: its rows, how many match in all (None: nobody counted), how many are here, and what follows."""

    rows: Iterator[pa.RecordBatch]
    matched: int | None
    returned: int
    more: bool
    place: str | None = None
    """Behind its last row, where that may be said."""


def get_feature(asked: Asked, kvp: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    """The answer to one checked query."""
    asked = _with_geometry(asked)
    if asked.output in (Output.CSV, Output.GEOPACKAGE) and not asked.hits:
        return file_of(asked, _specs(asked, caller), caller, services)
    if asked.single:
        return _single(asked, kvp, caller, services, base_url)
    if asked.hits:
        matched = services.figures.count(asked.layer, asked.query, caller.scope)
        return _answer(asked, kvp, services, base_url, _counted(matched), caller)
    return _answer(asked, kvp, services, base_url, _page(asked, caller, services), caller)


def _counted(matched: int) -> Found:
    """No rows, only how many there are."""
    return Found(rows=iter(()), matched=matched, returned=0, more=False)


def _page(asked: Asked, caller: Caller, services: Services) -> Found:
    """Rows of the page, how many match in all, how many are returned."""
    if asked.count == 0:
        return _counted(services.figures.count(asked.layer, asked.query, caller.scope))
    if asked.count > WHOLE:
        matched = services.figures.count(asked.layer, asked.query, caller.scope)
        asked = replace(asked, query=replace(asked.query, after=None))  # how many come is said before they are read
        returned = min(asked.count, max(0, matched - asked.start))
        whole = returned == matched  # without a limit nothing is sorted, and a sort holds every row
        query = replace(asked.query, limit=None if whole else returned, offset=asked.start)
        rows = services.store.batches(asked.layer, query, scope=caller.scope, rows=BATCH)
        return Found(rows=rows, matched=matched, returned=returned, more=asked.start + returned < matched)
    at_hand = None if services.at_hand is None else services.at_hand.page(*_asking(asked, caller), caller.scope)
    if at_hand is not None:
        return _told(asked, *at_hand, caller, services)
    page = _read(asked, caller, services)
    if asked.query.after is None and page.num_rows < asked.count and (page.num_rows or not asked.start):
        matched = asked.start + page.num_rows
    else:
        matched = services.figures.count(asked.layer, asked.query, caller.scope)
    return _told(asked, page, matched, caller, services)


def _asking(asked: Asked, caller: Caller) -> tuple[Layer, Query]:
    query = widened(asked.layer, asked.query, caller.scope)
    return asked.layer, replace(query, limit=asked.count, offset=asked.skipped)


def _read(asked: Asked, caller: Caller, services: Services) -> pa.Table:
    return services.store.read(*_asking(asked, caller), scope=caller.scope)


def _told(asked: Asked, page: pa.Table, matched: int | None, caller: Caller, services: Services) -> Found:
    """A page that was read. Where nobody counted, a full one is taken to have one after it."""
    passed, full = asked.start + page.num_rows, page.num_rows == asked.count
    place = place_behind(asked.layer, asked.query, caller.scope, page, passed) if full else None
    more = goes_on(
        services.store, asked.layer, asked.query, caller.scope,
        full=full, beyond=matched is None or passed < matched, place=place,
    )  # fmt: skip
    rows = iter(page.combine_chunks().to_batches(BATCH))
    return Found(rows=rows, matched=matched, returned=page.num_rows, more=more, place=place)


def _specs(asked: Asked, caller: Caller) -> tuple[FieldSpec, ...]:
    seen = asked.layer.fields_in(caller.scope)
    if asked.query.fields is None:
        return tuple(seen.values())
    wanted = set(asked.query.fields)
    return tuple(spec for name, spec in seen.items() if name in wanted)


def _with_geometry(asked: Asked) -> Asked:
    """A list of properties without the geometry leaves it unread, but a GeoPackage of a layer of places has them."""
    if asked.query.fields is None or "geometry" in asked.query.fields or asked.output is Output.GEOPACKAGE:
        return asked
    return replace(asked, query=replace(asked.query, geometry=False))


def _answer(
    asked: Asked,
    kvp: KVP,
    services: Services,
    base_url: str,
    found: Found,
    caller: Caller,
) -> Response:
    specs = _specs(asked, caller)
    page, matched, returned = found.rows, found.matched or 0, found.returned
    around = _neighbours(asked, kvp, base_url, found)
    stamp = services.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if asked.output is Output.GEOJSON:
        members: dict[str, object] = {"numberMatched": matched, "numberReturned": returned, "timeStamp": stamp}
        links = [{"rel": rel, "type": JSON_FORMAT, "href": url} for rel, url in around.items()]
        crs = asked.crs.across if asked.named else CRS84
        if crs.code != CRS84.code:
            members["crs"] = {"type": "name", "properties": {"name": crs.urn}}
        body = geojson.collection(page, asked.layer, specs, crs=crs, members=lambda _: {**members, "links": links})
        return Response(media_type=JSON_FORMAT, body=_settled(body, returned))
    return _gml(asked, base_url, page, specs, stamp, matched, returned, around)


def _gml(
    asked: Asked,
    base_url: str,
    page: Iterator[pa.RecordBatch],
    specs: tuple[FieldSpec, ...],
    stamp: str,
    matched: int,
    returned: int,
    around: dict[str, str],
) -> Response:
    """A collection in GML; of one that is streamed nobody knows the extent before it is sent."""
    edition = asked.edition
    attributes = {"timeStamp": stamp, "numberMatched": str(matched), "numberReturned": str(returned), **around}
    if edition is V1_1:
        attributes = {"timeStamp": stamp, "numberOfFeatures": str(matched if asked.hits else returned)}
    elif edition is V1_0:
        attributes = {}
    opening = DECLARATION + collection_opening("wfs:FeatureCollection", base_url, (asked.layer,), attributes, edition)
    extent = gml.Extent(asked.crs, edition.form)
    members = (
        run_together(gml.features(batch, asked.layer, specs, asked.crs, edition.form, extent, inside=edition.member))
        for batch in page
        if batch.num_rows
    )

    def document(chunks: Iterable[bytes]) -> Iterator[bytes]:
        yield (opening + _bounded(asked, extent)).encode()
        yield from chunks
        yield b"</wfs:FeatureCollection>"

    if returned > WHOLE:
        return Response(media_type=edition.form.media_type, body=document(members))
    return Response(media_type=edition.form.media_type, body=b"".join(document(list(members))))


def _bounded(asked: Asked, extent: gml.Extent) -> str:
    """The box of the collection, where its version has a place for it."""
    box = extent.text
    if asked.edition is V2_0:
        return f"<wfs:boundedBy>{box}</wfs:boundedBy>" if box else ""
    if asked.edition is V1_0 and not box:
        box = "<gml:null>unknown</gml:null>"
    return f"<gml:boundedBy>{box}</gml:boundedBy>" if box else ""


def _settled(chunks: Iterator[bytes], returned: int) -> bytes | Iterator[bytes]:
    return b"".join(chunks) if returned <= WHOLE else chunks


def _neighbours(asked: Asked, kvp: KVP, base_url: str, found: Found) -> dict[str, str]:
    """Addresses of the page before and the page after, where there is one and an address can hold the query."""
    if asked.single or asked.edition is not V2_0:
        return {}
    size = asked.count if not asked.hits else min(asked.count, WHOLE)
    again = {name: value for name, value in kvp.items() if value and name not in _OF_THE_PAGE}

    def address(start: int, count: int, place: str | None = None) -> str:
        behind = {} if place is None else {AFTER: place}
        return f"{base_url}?{urlencode({**again, 'count': str(count), 'startindex': str(start), **behind})}"

    around = {}
    if asked.hits:
        if found.matched and size:
            around["next"] = address(asked.start, size)
    else:
        if found.more and found.returned:
            around["next"] = address(asked.start + found.returned, size, found.place)
        if asked.start > 0 and size:
            around["previous"] = address(max(0, asked.start - size), min(size, asked.start))
    return {rel: url for rel, url in around.items() if len(url) <= LONGEST_ADDRESS}


def _single(asked: Asked, kvp: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    rows = services.store.read(asked.layer, replace(asked.query, limit=1), scope=caller.scope)
    if not rows.num_rows:
        raise not_found(asked.resource)
    batch = rows.combine_chunks().to_batches()[0]
    specs = _specs(asked, caller)
    if asked.output is Output.GEOJSON:
        text = geojson.features(batch, asked.layer, specs, CRS84)[0].as_py()
        return Response(media_type=JSON_FORMAT, body=text.encode())
    feature: str = gml.features(batch, asked.layer, specs, asked.crs, asked.edition.form)[0].as_py()
    tag, _, rest = feature.partition(" ")
    opening = collection_opening(tag[1:], base_url, (asked.layer,), {}, asked.edition)
    return Response(media_type=asked.edition.form.media_type, body=(DECLARATION + opening[:-1] + " " + rest).encode())


def get_property_value(asked: Asked, kvp: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    """The values of one property, one `wfs:member` each; rows without a value are left out."""
    reference = kvp.text("valueReference")
    name = named(reference)
    seen = asked.layer.fields_in(caller.scope)
    is_id = reference in ("@gml:id", "gml:id")
    if name not in seen and name != "geometry" and not is_id:
        allowed = ", ".join(seen)
        raise InvalidParameterError("valueReference", reference, Text(f"可用:{allowed}", f"use {allowed}"))
    fields = (name,) if name in seen else ()
    held = None if name in ("geometry", asked.layer.key) or is_id else Not(Missing(name))
    query = replace(
        asked.query,
        where=every(asked.query.where, held),
        fields=(*fields, asked.layer.key),
        geometry=name == "geometry",
    )
    asked = replace(asked, query=query, count=min(asked.count, WHOLE))
    found = _valued(asked, name, caller, services)
    stamp = services.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    around = _neighbours(asked, kvp, base_url, found)
    told = "unknown" if found.matched is None else str(found.matched)
    attributes = {"timeStamp": stamp, "numberMatched": told, "numberReturned": str(found.returned), **around}
    opening = collection_opening("wfs:ValueCollection", base_url, (asked.layer,), attributes)
    texts = (_values(batch, asked, name, is_id) for batch in found.rows if batch.num_rows)
    body = b"".join(gml.members(values, "wfs:member") for values in texts)
    media_type = asked.edition.form.media_type
    return Response(media_type=media_type, body=(DECLARATION + opening).encode() + body + b"</wfs:ValueCollection>")


def _valued(asked: Asked, name: str, caller: Caller, services: Services) -> Found:
    """The page of values; those of a sensitive one are not counted, for a count would be a read of its own."""
    if asked.hits or not asked.layer.holds(Sensitivity.SENSITIVE, (name,)):
        return _page(replace(asked, count=0) if asked.hits else asked, caller, services)
    rows = _read(asked, caller, services)
    ends = rows.num_rows < asked.count and (rows.num_rows or not asked.start)
    return _told(asked, rows, asked.start + rows.num_rows if ends else None, caller, services)


def _values(batch: pa.RecordBatch, asked: Asked, name: str, is_id: bool) -> pa.Array:
    owners = gml.ids(batch, asked.layer)
    if is_id:
        return owners
    if name == "geometry":
        return gml.geometries(batch.column("geometry"), owners, asked.crs)
    spec, column = asked.layer.fields[name], batch.column(name)
    if spec.kind is Kind.LIST:
        return repeated(column, "", "")
    return xml_texts(column) if spec.kind is Kind.TEXT else plain_texts(column, spec.kind)
