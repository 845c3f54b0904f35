"""The catalogue (OGC API Records): of each layer and raster whose it is, of when, how it was made, where to get it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
import shapely

from core.caller import Caller
from core.clock import iso
from core.errors import BadInputError, NotFoundError
from core.scope import Sensitivity
from core.texts import Lang, Text, whole
from gis.shapes import Bounds
from layers.layer import THEMES, Geometry, Layer
from layers.rasterfacts import resolution_text, source_text, verified_text
from ogc.coverage.cutting import extent
from ogc.encode.crs import CGCS2000, SPOKEN, box_of, crs_named
from ogc.filter.temporal import end_of, interval, moment, start_of
from ogc.oapi.items import refuse_unknown
from ogc.oapi.schemas import Json, time_field
from ogc.services import Response, Services
from ogc.wfs.names import published
from store.rasters import Shelved

RECORDS = "records"
TITLE = Text("数据目录", "Catalogue of data")
ABOUT = Text(
    "每个图层与栅格一条元数据:责任单位、更新日期、数据来源、坐标系、访问权限、更新频率(参照 ISO 19115)",
    "A record for each layer and raster: owner, date, lineage, reference system, access, frequency (after ISO 19115)",
)
KNOWN = frozenset(("f", "lang", "q", "type", "ids", "bbox", "bbox-crs", "datetime", "limit", "offset"))
CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
MEDIA_TYPE = "application/geo+json"
_ACCESS = {
    Sensitivity.PUBLIC: Text("公开", "public"),
    Sensitivity.INTERNAL: Text("内部", "internal"),
    Sensitivity.SENSITIVE: Text("敏感", "sensitive"),
    Sensitivity.SECRET: Text("涉密", "secret"),
}
_DATASET, _COVERAGE = "dataset", "coverage"


def records(caller: Caller, services: Services, here: str, given: Mapping[str, str]) -> Response:
    """A page of records, narrowed by words, kind, place and time."""
    refuse_unknown(given, KNOWN)
    found = [one for one in _every(caller, services, here) if _fits(one, given)]
    limit, offset = _number(given, "limit", 100, 1), _number(given, "offset", 0, 0)
    page = found[offset : offset + limit]
    place = f"{here}/collections/{RECORDS}/items"
    kept = {name: value for name, value in given.items() if name not in ("offset", "f")}
    links = [{"rel": "self", "type": MEDIA_TYPE, "href": _link(place, {**kept, "offset": str(offset)})}]
    if offset + limit < len(found):
        links.append({"rel": "next", "type": MEDIA_TYPE, "href": _link(place, {**kept, "offset": str(offset + limit)})})
    if offset:
        links.append(
            {"rel": "prev", "type": MEDIA_TYPE, "href": _link(place, {**kept, "offset": str(max(0, offset - limit))})}
        )
    document = {
        "type": "FeatureCollection", "numberMatched": len(found), "numberReturned": len(page), "features": page,
        "links": links, "timeStamp": iso(services.clock()),
    }  # fmt: skip
    return Response(media_type=MEDIA_TYPE, body=orjson.dumps(document))


def record(caller: Caller, services: Services, here: str, given: Mapping[str, str], key: str) -> Response:
    """One record."""
    refuse_unknown(given, frozenset(("f", "lang")))
    for one in _every(caller, services, here):
        if one["id"] == key:
            return Response(media_type=MEDIA_TYPE, body=orjson.dumps(one))
    raise NotFoundError(Text(f"没有元数据“{key}”", f"no record {key!r}"), record=key)


def schema(lang: Lang, address: str) -> Json:
    """What a record holds, and what it can be asked by."""
    texts = {
        "title": Text("名称", "Title"), "description": Text("说明", "Description"), "type": Text("类别", "Kind"),
        "updated": Text("更新时间", "Updated"), "owner": Text("责任单位", "Owner"),
        "lineage": Text("数据来源", "Lineage"), "frequency": Text("更新频率", "Frequency"),
        "crs": Text("坐标系", "Reference system"), "access": Text("访问权限", "Access"),
    }  # fmt: skip
    found = {name: {"type": "string", "title": text.of(lang)} for name, text in texts.items()}
    found["updated"]["format"] = "date-time"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "type": "object",
        "title": TITLE.of(lang), "description": ABOUT.of(lang),
        "properties": {"geometry": {"format": "geometry-polygon", "x-ogc-role": "primary-geometry"}, **found},
    }  # fmt: skip


def resource(lang: Lang) -> dict[str, Any]:
    """The catalogue as pygeoapi is told of it."""
    both = {one.value: TITLE.of(one) for one in (lang, *Lang)}
    about = {one.value: ABOUT.of(one) for one in (lang, *Lang)}
    provider = {
        "type": "record", "name": "ogc.oapi.provider.RecordProvider", "data": RECORDS, "id_field": "id",
        "title_field": "title",
    }  # fmt: skip
    return {
        "type": "collection", "title": both, "description": about, "links": [],
        "keywords": {one.value: ["ISO 19115"] for one in Lang},
        "extents": {"spatial": {"bbox": [-180.0, -90.0, 180.0, 90.0]}}, "providers": [provider],
    }  # fmt: skip


def _every(caller: Caller, services: Services, here: str) -> list[Json]:
    layers = [_of_layer(layer, caller, services, here) for layer in published(services.catalogue, caller.scope)]
    return [*layers, *(_of_raster(one, caller, here) for one in services.rasters(caller.scope))]


def _of_layer(layer: Layer, caller: Caller, services: Services, here: str) -> Json:
    lang, scope = caller.lang, caller.scope
    changed = services.figures.changed_at(layer, scope)
    door = here.removesuffix("/api")
    links = [
        _to("collection", f"{here}/collections/{layer.id}", "application/json", layer.title.of(lang)),
        _to("item", f"{here}/collections/{layer.id}/items", "application/geo+json", "OGC API Features"),
        _to("service", f"{door}/wfs?service=WFS&request=GetCapabilities", "application/xml", "WFS"),
    ]
    if layer.geometry is not Geometry.NONE:
        links.append(_to("service", f"{door}/wms?service=WMS&request=GetCapabilities", "application/xml", "WMS"))
    properties = {
        "type": _DATASET,
        "title": layer.title.of(lang),
        "description": layer.about_to(scope).of(lang),
        "keywords": [THEMES[layer.theme].of(lang), layer.id],
        "owner": layer.owner.of(lang),
        "lineage": layer.lineage.of(lang),
        "frequency": layer.frequency.of(lang),
        "access": _ACCESS[layer.sensitivity].of(lang),
        "precision": None if (said := layer.told_precision(scope)) is None else said.of(lang),
        "dateField": time_field(layer, scope),
        "formats": [{"name": name} for name in ("GeoJSON", "GML", "CSV", "GeoPackage")],
    }
    return _record(layer.id, properties, services.figures.extent(layer, scope), changed, links, caller)


def _of_raster(one: Shelved, caller: Caller, here: str) -> Json:
    lang, record_ = caller.lang, one.record
    door = here.removesuffix("/api")
    links = [
        _to("collection", f"{here}/collections/{one.declared.id}", "application/json", one.declared.title.of(lang)),
        _to("service", f"{door}/wcs?service=WCS&request=GetCapabilities", "application/xml", "WCS"),
        _to("service", f"{door}/wms?service=WMS&request=GetCapabilities", "application/xml", "WMS"),
    ]
    properties = {
        "type": _COVERAGE,
        "title": one.declared.title.of(lang),
        "description": one.declared.about.of(lang),
        "keywords": [one.declared.id],
        "owner": one.declared.owner.of(lang),
        "lineage": f"{one.declared.lineage.of(lang)}({source_text(record_).of(lang)})",
        "frequency": None,
        "access": _ACCESS[one.declared.sensitivity].of(lang),
        "precision": f"{resolution_text(record_).of(lang)} · {verified_text(record_).of(lang)}",
        "unit": one.declared.unit,
        "observed": None if record_.observed_at is None else iso(record_.observed_at),
        "formats": [{"name": "GeoTIFF"}],
    }
    return _record(one.declared.id, properties, extent(one), record_.kept_at, links, caller)


def _record(
    key: str, properties: Json, box: Bounds | None, changed: datetime | None, links: list[Json], caller: Caller
) -> Json:
    """What every record has; its order and names are those of OGC API Records."""
    shape = None if box is None else orjson.loads(shapely.to_geojson(box.polygon))
    told = {
        **properties,
        "language": {"code": caller.lang.value},
        "updated": None if changed is None else iso(changed),
        "crs": [CGCS2000.url, *(one.url for one in SPOKEN if one is not CGCS2000)],
        "contacts": [{"organization": properties["owner"], "roles": ["owner"]}],
        "rights": properties["access"],
    }
    return {
        "type": "Feature", "id": key, "conformsTo": [CORE], "time": None, "geometry": shape,
        "properties": {name: value for name, value in told.items() if value is not None}, "links": links,
    }  # fmt: skip


def _to(rel: str, href: str, media_type: str, title: str) -> Json:
    return {"rel": rel, "href": href, "type": media_type, "title": title}


def _link(place: str, given: Mapping[str, str]) -> str:
    return f"{place}?{urlencode(given)}"


def _number(given: Mapping[str, str], name: str, default: int, low: int) -> int:
    found = whole(given.get(name, str(default)))
    if found is None or not low <= found <= 10_000:
        raise BadInputError(
            Text(f"{name} 应为 {low} 至 10000 的整数", f"{name} is a whole number from {low} to 10000"), field=name
        )
    return found


def _fits(one: Json, given: Mapping[str, str]) -> bool:
    properties = one["properties"]
    if (ids := given.get("ids", "")) and one["id"] not in ids.split(","):
        return False
    if (kinds := given.get("type", "")) and properties["type"] not in kinds.split(","):
        return False
    words = [word.strip().lower() for word in given.get("q", "").split(",") if word.strip()]
    if words:
        text = " ".join(
            str(properties.get(name, "")) for name in ("title", "description", "keywords", "owner", "lineage")
        )
        if not any(word in text.lower() or word == one["id"] for word in words):
            return False
    return _near(one, given) and _when(properties.get("updated"), given.get("datetime", ""))


def _near(one: Json, given: Mapping[str, str]) -> bool:
    if not given.get("bbox"):
        return True
    box, _ = box_of(given["bbox"], crs_named(given.get("bbox-crs", "CRS:84"), "bbox-crs"))
    return one["geometry"] is not None and bool(
        shapely.intersects(shapely.from_geojson(orjson.dumps(one["geometry"])), box.polygon)
    )


def _when(updated: str | None, text: str) -> bool:
    """Changed within the time."""
    if not text:
        return True
    parts = text.split("/")
    if len(parts) > 2:
        raise BadInputError(Text("datetime 应为时刻或时段", "datetime is an instant or an interval"), field="datetime")
    low, high = (moment(text), moment(text)) if len(parts) == 1 else interval((parts[0], parts[1]))
    if updated is None:
        return False
    at = datetime.fromisoformat(updated)
    return (low is None or at >= start_of(low)) and (high is None or at < end_of(high) or at == high)
