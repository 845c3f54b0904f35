"""The WMTS service metadata document, from the layers the caller sees."""

from collections.abc import Sequence
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from core.texts import Lang, Text
from gis.shapes import Bounds
from ogc.render.palette import MapTheme
from ogc.render.request import BASEMAP, DEFAULT_STYLE, STYLES
from ogc.tiles.matrix import SETS, MatrixSet
from ogc.wms import featureinfo
from ogc.wms.capabilities import ABOUT, Offered
from ogc.wms.getmap import EVERYTHING
from ogc.wmts.asking import FORMAT, VERSION

TITLE = Text("安全生产一张图 瓦片服务", "OneMap tile service")
ALL = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes")
_BASE = Text("底图", "Base map")
_EVERYTHING = Text("一张图(全部图层)", "One map (all layers)")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Capabilities xmlns="http://www.opengis.net/wmts/1.0" '
    'xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.opengis.net/wmts/1.0 '
    f'http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd" version="{VERSION}"'
)


def document(
    layers: Sequence[Offered], base_url: str, data: Bounds, *, lang: Lang, theme: MapTheme, own: Lang,
    sections: Sequence[str], sequence: int,
) -> bytes:  # fmt: skip
    """The document, or the sections of it that were asked for; its addresses carry the language and theme asked for."""
    words = {"lang": lang.value} if lang is not own else {}
    if theme is not MapTheme.DAY:
        words["theme"] = theme.value
    wanted = {name.lower() for name in sections} or {"all"}
    parts = {
        "ServiceIdentification": _identification(lang),
        "ServiceProvider": "<ows:ServiceProvider><ows:ProviderName>OneMap</ows:ProviderName>"
        "<ows:ServiceContact/></ows:ServiceProvider>",
        "OperationsMetadata": _operations(base_url, words),
        "Contents": _contents(layers, base_url, data, lang, words),
    }
    said = "".join(text for name, text in parts.items() if wanted & {"all", name.lower()})
    metadata = f"{base_url}/{VERSION}/WMTSCapabilities.xml{_query(words)}"
    link = f"<ServiceMetadataURL xlink:href={quoteattr(metadata)}/>"
    return f'{_HEAD} updateSequence="{sequence}">{said}{link}</Capabilities>'.encode()


def _query(words: dict[str, str]) -> str:
    return "?" + urlencode(words) if words else ""


def _identification(lang: Lang) -> str:
    keywords = "".join(f"<ows:Keyword>{word}</ows:Keyword>" for word in ("安全生产", "应急管理", "work safety"))
    return (
        f"<ows:ServiceIdentification><ows:Title>{escape(TITLE.of(lang))}</ows:Title>"
        f"<ows:Abstract>{escape(ABOUT.of(lang))}</ows:Abstract><ows:Keywords>{keywords}</ows:Keywords>"
        f"<ows:ServiceType>OGC WMTS</ows:ServiceType><ows:ServiceTypeVersion>{VERSION}</ows:ServiceTypeVersion>"
        "<ows:Fees>none</ows:Fees><ows:AccessConstraints>none</ows:AccessConstraints></ows:ServiceIdentification>"
    )


def _operations(base_url: str, words: dict[str, str]) -> str:
    address = base_url + "?" + (urlencode(words) + "&" if words else "")
    metadata = f"{base_url}/{VERSION}/WMTSCapabilities.xml{_query(words)}"

    def get(href: str, encoding: str) -> str:
        return (
            f'<ows:Get xlink:href={quoteattr(href)}><ows:Constraint name="GetEncoding"><ows:AllowedValues>'
            f"<ows:Value>{encoding}</ows:Value></ows:AllowedValues></ows:Constraint></ows:Get>"
        )

    def operation(name: str, *doors: str) -> str:
        return f'<ows:Operation name="{name}"><ows:DCP><ows:HTTP>{"".join(doors)}</ows:HTTP></ows:DCP></ows:Operation>'

    by_keyword = get(address, "KVP")
    return (
        f"<ows:OperationsMetadata>{operation('GetCapabilities', by_keyword, get(metadata, 'RESTful'))}"
        f"{operation('GetTile', by_keyword)}{operation('GetFeatureInfo', by_keyword)}</ows:OperationsMetadata>"
    )


def _contents(layers: Sequence[Offered], base_url: str, data: Bounds, lang: Lang, words: dict[str, str]) -> str:
    base = Offered(name=BASEMAP, title=_BASE.of(lang), about=_BASE.of(lang), theme="", styles=(DEFAULT_STYLE,))
    whole = Offered(name=EVERYTHING, title=_EVERYTHING.of(lang), about=ABOUT.of(lang), theme="")
    said = "".join(
        _layer(layer, base_url, data, lang, words, queryable=layer not in (base, whole))
        for layer in (whole, base, *layers)
    )
    return f"<Contents>{said}{''.join(_set(one, lang) for one in SETS.values())}</Contents>"


def _layer(layer: Offered, base_url: str, data: Bounds, lang: Lang, words: dict[str, str], *, queryable: bool) -> str:
    box = layer.box or data
    styles = "".join(
        f"<Style{' isDefault="true"' if name == DEFAULT_STYLE else ''}><ows:Title>{escape(STYLES[name].of(lang))}"
        f"</ows:Title><ows:Identifier>{name}</ows:Identifier></Style>"
        for name in layer.styles
    )
    infos = "".join(f"<InfoFormat>{one}</InfoFormat>" for one in featureinfo.FORMATS) if queryable else ""
    links = "".join(f"<TileMatrixSetLink><TileMatrixSet>{name}</TileMatrixSet></TileMatrixSetLink>" for name in SETS)
    template = (
        f"{base_url}/{VERSION}/{layer.name}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"
        f"{_query(words)}"
    )
    return (
        f"<Layer><ows:Title>{escape(layer.title)}</ows:Title><ows:Abstract>{escape(layer.about)}</ows:Abstract>"
        f"<ows:WGS84BoundingBox><ows:LowerCorner>{box.west:.9g} {box.south:.9g}</ows:LowerCorner>"
        f"<ows:UpperCorner>{box.east:.9g} {box.north:.9g}</ows:UpperCorner></ows:WGS84BoundingBox>"
        f"<ows:Identifier>{layer.name}</ows:Identifier>{styles}<Format>{FORMAT}</Format>{infos}{links}"
        f'<ResourceURL format="{FORMAT}" resourceType="tile" template={quoteattr(template)}/></Layer>'
    )


def _set(one: MatrixSet, lang: Lang) -> str:
    scale = one.definition.wellKnownScaleSet
    known = f"<WellKnownScaleSet>{escape(_urn(str(scale)))}</WellKnownScaleSet>" if scale else ""
    matrices = "".join(
        f"<TileMatrix><ows:Identifier>{m.id}</ows:Identifier><ScaleDenominator>{m.scaleDenominator!r}"
        f"</ScaleDenominator><TopLeftCorner>{m.pointOfOrigin[0]!r} {m.pointOfOrigin[1]!r}</TopLeftCorner>"
        f"<TileWidth>{m.tileWidth}</TileWidth><TileHeight>{m.tileHeight}</TileHeight>"
        f"<MatrixWidth>{m.matrixWidth}</MatrixWidth><MatrixHeight>{m.matrixHeight}</MatrixHeight></TileMatrix>"
        for m in one.definition.tileMatrices
    )
    return (
        f"<TileMatrixSet><ows:Title>{escape(one.title.of(lang))}</ows:Title><ows:Identifier>{one.id}</ows:Identifier>"
        f"<ows:SupportedCRS>urn:ogc:def:crs:EPSG::{one.crs}</ows:SupportedCRS>{known}{matrices}</TileMatrixSet>"
    )


def _urn(url: str) -> str:
    """The name WMTS 1.0.0 gives a well-known scale set (annex E): of the later URL its last part."""
    return "urn:ogc:def:wkss:OGC:1.0:" + url.rsplit("/", 1)[-1]
