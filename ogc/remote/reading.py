"""What a service elsewhere offers, out of its own capabilities; what our map could not show rightly is said so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from lxml import etree

from core.errors import BadInputError
from core.texts import Text
from gis.shapes import Bounds

LARGEST = 8 * 1024 * 1024
MOST = 500
DEGREES = ("EPSG:4490", "EPSG:4326", "CRS:84")
_MERCATOR = ("EPSG:3857", "EPSG:900913", "EPSG:102100", "EPSG:102113")
_WIDEST = 559_082_264.0287178
"""The scale denominator of zoom 0 of the web's scheme (OGC 17-083r4, WebMercatorQuad)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One layer there; `why_not` says what keeps it from being shown here, None if nothing does."""

    kind: str
    name: str
    title: str
    version: str
    url: str
    crs: str = "EPSG:3857"
    style: str = ""
    matrix_set: str = ""
    template: str = ""
    box: Bounds | None = None
    why_not: Text | None = None


def offered(body: bytes, url: str) -> list[Offered]:
    """The layers of a capabilities document or of an OGC API's list of collections, whichever it is.

    `url` is the address it was asked at. Raises BadInputError for anything else.
    """
    if len(body) > LARGEST:
        raise _unread(Text("能力文档过大", "the capabilities are too large"))
    if body.lstrip()[:1] == b"{":
        return list(_collections(body, url))[:MOST]
    root = _parsed(body)
    name = etree.QName(root).localname
    try:
        match name:
            case "WMS_Capabilities" | "WMT_MS_Capabilities":
                found = _wms(body, root.get("version", "1.3.0"), url)
            case "WFS_Capabilities":
                found = _wfs(body, root.get("version", "2.0.0"), url)
            case "Capabilities" if "wmts" in str(etree.QName(root).namespace):
                found = _wmts(body, url)
            case _:
                raise _unread(Text(f"得到的是 {name},不是能力文档", f"{name} is no capabilities document"))
        return list(found)[:MOST]
    except BadInputError:
        raise
    except Exception as error:  # OWSLib raises whatever it stumbles over
        raise _unread(
            Text("能力文档无法理解", f"the capabilities are not understood ({type(error).__name__})")
        ) from error


def _parsed(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _unread(Text("该地址的回答不是能力文档", "the address does not answer with capabilities")) from error


def _wms(body: bytes, version: str, url: str) -> Iterator[Offered]:
    spoken = "1.3.0" if version == "1.3.0" else "1.1.1"
    from owslib.wms import WebMapService

    service = WebMapService(url, version=spoken, xml=_without_doctype(body))
    for name, layer in service.contents.items():
        systems = {str(one).upper() for one in layer.crsOptions or ()}
        crs = next((one for one in (*_MERCATOR[:1], *DEGREES) if one in systems), "")
        why = (
            None
            if crs
            else Text("不提供 EPSG:3857、4490、4326 或 CRS:84", "none of EPSG:3857, 4490, 4326, CRS:84 is offered")
        )
        yield Offered(
            kind="wms", name=name, title=layer.title or name, version=spoken, url=_bare(url), crs=crs or "EPSG:3857",
            box=_box(layer.boundingBoxWGS84), why_not=why,
        )  # fmt: skip


def _without_doctype(body: bytes) -> bytes:
    """WMS 1.1.1 opens with a document type, which nothing here follows."""
    return re.sub(rb"<!DOCTYPE[^>\[]*(\[[^\]]*\])?[^>]*>", b"", body, count=1)


def _wfs(body: bytes, version: str, url: str) -> Iterator[Offered]:
    spoken = version if version in ("1.1.0", "2.0.0") else "2.0.0"
    from owslib.wfs import WebFeatureService

    service = WebFeatureService(url, version=spoken, xml=body)
    operation = next((one for one in service.operations if one.name == "GetFeature"), None)
    formats = [] if operation is None else operation.parameters.get("outputFormat", {}).get("values", [])
    json = next((one for one in formats if "json" in one.lower()), "")
    why = None if json else Text("不提供 GeoJSON 输出", "no GeoJSON is offered")
    for name, layer in service.contents.items():
        yield Offered(
            kind="wfs", name=name, title=layer.title or name, version=spoken, url=_bare(url), template=json,
            box=_box(layer.boundingBoxWGS84), why_not=why,
        )  # fmt: skip


def _wmts(body: bytes, url: str) -> Iterator[Offered]:
    from owslib.wmts import WebMapTileService

    service = WebMapTileService(url, xml=body)
    prefixes = {name: _prefix(one) for name, one in service.tilematrixsets.items()}
    for name, layer in service.contents.items():
        sets = [one for one in layer.tilematrixsetlinks if prefixes.get(one) is not None]
        style = next((key for key, one in layer.styles.items() if one.get("isDefault")), next(iter(layer.styles), ""))
        template, why = "", None
        if sets:
            template = _template(layer, url, style, sets[0], str(prefixes[sets[0]]))
        else:
            why = Text("没有 Web 墨卡托 256 像素瓦片方案", "no Web Mercator scheme of 256-pixel tiles")
        yield Offered(
            kind="wmts", name=name, title=layer.title or name, version="1.0.0", url=_bare(url), style=style,
            matrix_set=sets[0] if sets else "", template=template, box=_box(layer.boundingBoxWGS84), why_not=why,
        )  # fmt: skip


def _prefix(matrices: Any) -> str | None:
    """What stands before the zoom in the names of a scheme like the web's; None for any other scheme."""
    if not any(code in str(matrices.crs).replace("::", ":") for code in _MERCATOR):
        return None
    prefix: str | None = None
    for name, one in matrices.tilematrix.items():
        found = re.fullmatch(r"(.*?)(\d+)", name)
        if found is None or (one.tilewidth, one.tileheight) != (256, 256):
            return None
        if abs(one.scaledenominator * 2.0 ** int(found[2]) / _WIDEST - 1) > 1e-3:
            return None
        if prefix not in (None, found[1]):
            return None
        prefix = found[1]
    return prefix


def _template(layer: Any, url: str, style: str, matrix_set: str, prefix: str) -> str:
    """The address of a tile with {z}, {x} and {y} left open, by REST where it is offered."""
    formats = [one for one in layer.formats if one in ("image/png", "image/jpeg", "image/webp")]
    format_ = formats[0] if formats else "image/png"
    for one in layer.resourceURLs:
        if one.get("resourceType") == "tile" and one.get("format", format_).startswith("image/"):
            found = one["template"]
            named = {"{Style}": style, "{style}": style, "{TileMatrixSet}": matrix_set, "{TileMatrix}": prefix + "{z}",
                     "{TileRow}": "{y}", "{TileCol}": "{x}"}  # fmt: skip
            for mark, value in named.items():
                found = found.replace(mark, value)
            if not re.search(r"\{(?![xyz]\})", found):
                return str(found)
    door = _bare(url)
    return (
        f"{door}{'&' if '?' in door else '?'}SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer.id}&STYLE={style}"
        f"&TILEMATRIXSET={matrix_set}&TILEMATRIX={prefix}{{z}}&TILEROW={{y}}&TILECOL={{x}}&FORMAT={format_}"
    )


def _collections(body: bytes, url: str) -> Iterator[Offered]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unread(Text("该地址的回答不是 JSON", "the address does not answer with JSON")) from error
    found = document.get("collections") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise _unread(
            Text(
                "没有 collections,请给出 OGC API 的 /collections 地址",
                "no collections here: give the address of /collections",
            )
        )
    for one in found:
        name = str(one.get("id", ""))
        boxes = (one.get("extent") or {}).get("spatial", {}).get("bbox") or [None]
        kind = one.get("itemType", "feature")
        links = one.get("links")
        bare = isinstance(links, list) and not any(link.get("rel") == "items" for link in links)
        why = Text("不是要素集", "no features in it") if bare or kind != "feature" else None
        box = boxes[0]
        yield Offered(
            kind="oapif", name=name, title=str(one.get("title") or name), version="1.0", url=_bare(url),
            box=_box((*box[:2], *box[-2:]) if box else None), why_not=why,
        )  # fmt: skip


def _box(values: Any) -> Bounds | None:
    if values is None or len(values) != 4:
        return None
    west, south, east, north = (float(value) for value in values)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return None
    return Bounds(west, south, east, north)


def _bare(url: str) -> str:
    """The address without what asks for the capabilities; parameters of its own (a key, a map) stay."""
    door, _, query = url.partition("?")
    asked = ("service", "request", "version", "acceptversions", "f", "limit")
    kept = [part for part in query.split("&") if part and part.split("=")[0].lower() not in asked]
    return door + ("?" + "&".join(kept) if kept else "")


def _unread(text: Text) -> BadInputError:
    return BadInputError(text, field="url")
