"""GetFeatureInfo: what lies under a pixel, as text, page, GeoJSON or GML."""

from collections.abc import Iterable
from html import escape

import pyarrow as pa

from core.caller import Caller
from core.texts import Lang, Text, whole
from gis.shapes import Bounds
from layers import wording
from layers.fields import Kind
from layers.layer import Geometry, Layer
from ogc.encode.columns import plain_texts
from ogc.encode.crs import CRS84
from ogc.encode.geojson import collection
from ogc.exceptions import OgcError
from ogc.kvp import KVP
from ogc.limits import LIMITS
from ogc.render.drawing import Extent
from ogc.render.request import BASEMAP
from ogc.services import Services
from ogc.wms import crs as systems
from ogc.wms.getmap import Window, named, shown
from ogc.wms.narrowing import narrowed
from ogc.wms.rasterinfo import Sample
from store.query import Query
from store.rasters import Shelved

TEXT, HTML, JSON, GEOJSON, GML = (
    "text/plain", "text/html", "application/json", "application/geo+json", "application/vnd.ogc.gml",
)  # fmt: skip
FORMATS = (TEXT, HTML, JSON, GEOJSON, GML)
MAX_FEATURES = LIMITS.info_features
_REACH = {Geometry.POINT: 12.0, Geometry.LINE: 4.0, Geometry.POLYGON: 1.0}
"""How far from the pixel a feature may lie, in pixels: symbols are 24 px wide, polygons are hit or not."""

Found = list["tuple[Layer, pa.Table] | Sample"]
"""What each layer asked about has there: rows of a table, or a raster's cell."""


def pixel(kvp: KVP, version: str, window: Window) -> tuple[int, int]:
    """I and J (1.3.0) or X and Y (1.1.1)."""
    names = ("i", "j") if version == "1.3.0" else ("x", "y")
    place = []
    for name, size in zip(names, (window.width, window.height), strict=True):
        value = kvp.text(name)
        found = whole(value)
        if found is None or found >= size:
            raise OgcError(
                "InvalidPoint",
                Text(
                    f"{name.upper()}={value} 不在 0 至 {size - 1} 内",
                    f"{name.upper()}={value} is not in 0 to {size - 1}",
                ),
                locator=name,
            )
        place.append(found)
    return place[0], place[1]


def reach(window: Window, at: tuple[int, int], pixels: float) -> Bounds | None:
    """The box round a pixel, in degrees."""
    extent = window.extent
    across = (extent.right - extent.left) / window.width
    up = (extent.top - extent.bottom) / window.height
    x, y = extent.left + (at[0] + 0.5) * across, extent.top - (at[1] + 0.5) * up
    box = Extent(left=x - pixels * across, right=x + pixels * across, bottom=y - pixels * up, top=y + pixels * up)
    return systems.in_degrees(box, window.crs)


def query_layers(kvp: KVP, services: Services, caller: Caller) -> list[Layer | Shelved]:
    """QUERY_LAYERS; the base map and groups answer for nothing of their own."""
    names = kvp.items_of("query_layers")
    if not names:
        raise OgcError(
            "LayerNotDefined", Text("缺少参数 QUERY_LAYERS", "QUERY_LAYERS is missing"), locator="query_layers"
        )
    rasters = services.rasters(caller.scope)
    by_id: dict[str, Layer | Shelved] = {layer.id: layer for layer in shown(services.catalogue, caller.scope)}
    by_id |= {one.declared.id: one for one in rasters}
    wanted: dict[str, Layer | Shelved] = {}
    for name in names:
        if name == BASEMAP:
            raise OgcError(
                "LayerNotQueryable",
                Text(f"底图“{name}”不可查询", f"the base map {name!r} is not queryable"),
                locator="query_layers",
            )
        for layer in named(name, services.catalogue, caller.scope, rasters, "query_layers"):
            if layer in by_id:
                wanted[layer] = by_id[layer]
    return list(wanted.values())


def features(kvp: KVP, version: str, window: Window, services: Services, caller: Caller) -> Found:
    """The rows under the pixel, topmost layer first."""
    at = pixel(kvp, version, window)
    count = kvp.integer("feature_count", 1, low=1, high=MAX_FEATURES)
    where = narrowed(kvp, services, caller)
    found: Found = []
    for layer in query_layers(kvp, services, caller):
        if isinstance(layer, Shelved):
            spot = reach(window, at, 0.0)
            if spot is not None:
                found.append(Sample(layer, spot.centre))
            continue
        box = reach(window, at, _REACH[layer.geometry])
        if box is not None:
            query = Query(bbox=box, limit=count, where=where.get(layer.id))
            table = services.store.read(layer, query, scope=caller.scope)
            found.append((layer, table))
    return found


def written(found: Found, format_: str, caller: Caller, lang: Lang) -> tuple[bytes, str]:
    """The answer in one of the formats: text and page in words for people, the others as the data are kept."""
    match format_:
        case "text/plain":
            return _text(found, lang).encode(), f"{TEXT}; charset=utf-8"
        case "text/html":
            return _page(found, lang).encode(), f"{HTML}; charset=utf-8"
        case "application/json" | "application/geo+json":
            return _geojson(found, caller, lang), format_
        case "application/vnd.ogc.gml":
            return _gml(found, lang).encode(), GML
        case _:
            allowed = ", ".join(FORMATS)
            raise OgcError(
                "InvalidFormat",
                Text(f"不支持格式“{format_}”,可用:{allowed}", f"format {format_!r} is not offered; use {allowed}"),
                locator="info_format",
            )


def _rows(
    layer: Layer, table: pa.Table, lang: Lang, *, worded: bool = True
) -> Iterable[tuple[str, list[tuple[str, str, str]]]]:
    """Key and (field, title, text) of each row; fields without a value are left out.

    In words: what a code says, a number with its unit; times stay in UTC, as the others write them.
    """
    texts: dict[str, list[str | None]] = {}
    for name, spec in layer.fields.items():
        if name in table.column_names:
            column = table[name].combine_chunks()
            if worded and spec.kind is not Kind.DATETIME:
                texts[name] = [wording.shown(spec, value, lang) for value in column.to_pylist()]
            elif spec.kind is Kind.LIST:
                texts[name] = ["、".join(v) if v else None for v in column.to_pylist()]
            else:
                texts[name] = plain_texts(column, spec.kind).to_pylist()
    for place, key in enumerate(table[layer.key].to_pylist()):
        values = [
            (name, layer.fields[name].title.of(lang), str(column[place]))
            for name, column in texts.items()
            if column[place] not in (None, "")
        ]
        yield key, values


def _text(found: Found, lang: Lang) -> str:
    lines = []
    for one in found:
        if isinstance(one, Sample):
            told = one.lines(lang)
            lines.extend([f"{one.one.declared.title.of(lang)} ({one.one.declared.id})"] if told else [])
            lines.extend(f"  {title}: {text}" for _, title, text in told)
            continue
        layer, table = one
        for key, values in _rows(layer, table, lang):
            lines.append(f"{layer.title.of(lang)} ({layer.id}) {key}")
            lines.extend(f"  {title}: {text}" for _, title, text in values)
    nothing = "此处无要素" if lang is Lang.ZH else "Nothing here"
    return "\n".join(lines or [nothing]) + "\n"


def _page(found: Found, lang: Lang) -> str:
    tables: list[tuple[str, list[tuple[str, str, str]]]] = []
    for one in found:
        if isinstance(one, Sample):
            tables.append((one.one.declared.title.of(lang), one.lines(lang)))
        else:
            tables.extend((one[0].title.of(lang), values) for _, values in _rows(*one, lang))
    parts = []
    for caption, values in tables:
        rows = "".join(f"<tr><th>{escape(title)}</th><td>{escape(text)}</td></tr>" for _, title, text in values)
        parts.append(f"<table><caption>{escape(caption)}</caption>{rows}</table>" if rows else "")
    nothing = "此处无要素" if lang is Lang.ZH else "Nothing here"
    return (
        f'<!DOCTYPE html><html lang="{lang.value}"><head><meta charset="utf-8"><title>OneMap</title>'
        "<style>body{font:14px sans-serif}table{border-collapse:collapse;margin:0 0 12px}"
        "caption{font-weight:700;text-align:left}th,td{border:1px solid #D6DEE4;padding:2px 8px;text-align:left}"
        f"</style></head><body>{''.join(parts) or f'<p>{nothing}</p>'}</body></html>"
    )


def _geojson(found: Found, caller: Caller, lang: Lang) -> bytes:
    bodies = []
    for one in found:
        if isinstance(one, Sample):
            bodies.append(one.feature(lang) if one.values is not None else b"")
            continue
        layer, table = one
        specs = tuple(s for n, s in layer.fields_in(caller.scope).items() if n in table.column_names)
        whole = b"".join(collection(table.to_batches(), layer, specs, crs=CRS84))
        inner = whole[whole.index(b'"features"') :]
        bodies.append(inner[inner.index(b"[") + 1 : inner.rindex(b"]")])
    return b'{"type":"FeatureCollection","features":[' + b",".join(b for b in bodies if b.strip()) + b"]}"


def _gml(found: Found, lang: Lang) -> str:
    parts = []
    for one in found:
        if isinstance(one, Sample):
            name = one.one.declared.id
            fields = "".join(f"<{field}>{escape(text)}</{field}>" for field, _, text in one.lines(lang))
            parts.append(f"<{name}_layer><{name}_feature>{fields}</{name}_feature></{name}_layer>" if fields else "")
            continue
        layer, table = one
        rows = []
        for key, values in _rows(layer, table, lang, worded=False):
            fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, _, text in values)
            rows.append(f'<{layer.id}_feature fid="{escape(f"{layer.id}.{key}")}">{fields}</{layer.id}_feature>')
        parts.append(f"<{layer.id}_layer>{''.join(rows)}</{layer.id}_layer>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<msGMLOutput xmlns:gml="http://www.opengis.net/gml">'
        f"{''.join(parts)}</msGMLOutput>"
    )
