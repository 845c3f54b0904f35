"""GetCapabilities of both versions, from the layers the caller sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from core.scope import Scope
from core.texts import Lang, Text
from gis.shapes import Bounds
from layers.layer import THEMES, Geometry
from layers.rasterfacts import source_text, told
from ogc.render.request import BASEMAP, DEFAULT_STYLE, SHAPES_STYLE, STYLES
from ogc.render.sheet import denominator
from ogc.services import Services
from ogc.wms import crs as systems
from ogc.wms import featureinfo, getmap, legend, narrowing

TITLE = Text("安全生产一张图 地图服务", "OneMap map service")
ABOUT = Text(
    "安全生产监管、监测、应急资源与保护目标图层;只列出调用者有权查看的图层。",
    "Work-safety supervision, monitoring, resources and protection targets; only the layers the caller may see.",
)
_ROOT = Text("一张图(全部图层)", "One map (all layers)")
_BASE = Text("底图", "Base map")
_RASTERS = Text("栅格", "Rasters")
_METRES_PER_PIXEL_AT_1 = 0.00028


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One layer as the document lists it; `box` only where it is another than the city's."""

    name: str
    title: str
    about: str
    theme: str
    styles: tuple[str, ...] = tuple(STYLES)
    min_zoom: int = 0
    box: Bounds | None = None
    times: str | None = None
    credit: str = ""
    legends: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def offered(services: Services, scope: Scope, lang: Lang) -> list[Offered]:
    """What the caller sees: rasters first, because they lie under everything, then layers from the top down."""
    found = []
    for one in services.rasters(scope):
        shape = one.record.geometry
        found.append(
            Offered(
                name=one.declared.id,
                title=one.declared.title.of(lang),
                about=f"{one.declared.about.of(lang)}。{told(one.record).of(lang)}",
                theme=_RASTERS.of(lang),
                styles=(DEFAULT_STYLE,),
                box=None if shape is None else Bounds(*shape.bounds),
                credit=source_text(one.record).of(lang),
                legends={DEFAULT_STYLE: legend.raster_legend_size(one, lang)},
            )
        )
    for layer in reversed(getmap.shown(services.catalogue, scope)):
        styles = tuple(STYLES) if layer.geometry is Geometry.POINT else (DEFAULT_STYLE, SHAPES_STYLE)
        found.append(
            Offered(
                name=layer.id,
                title=layer.title.of(lang),
                about=layer.about_to(scope).of(lang),
                theme=THEMES[layer.theme].of(lang),
                styles=styles,
                min_zoom=layer.style.min_zoom,
                times=narrowing.extent_of_time(layer, services, scope),
                legends={style: legend.legend_size(layer, scope, lang, style) for style in styles},
            )
        )
    return found


def document(version: str, layers: Sequence[Offered], base_url: str, data: Bounds, sequence: int, lang: Lang) -> bytes:
    """The whole document."""
    if version == "1.3.0":
        return _document_130(layers, base_url, data, sequence, lang).encode()
    return _document_111(layers, base_url, data, sequence, lang).encode()


def _door(base_url: str) -> str:
    return base_url + ("&" if "?" in base_url else "?")


def _link(url: str) -> str:
    return (
        f'<OnlineResource xmlns:xlink="http://www.w3.org/1999/xlink" xlink:type="simple" xlink:href={quoteattr(url)}/>'
    )


def _keywords(words: Sequence[str]) -> str:
    return "<KeywordList>" + "".join(f"<Keyword>{escape(word)}</Keyword>" for word in words) + "</KeywordList>"


def _service(name: str, base_url: str, lang: Lang, limits: str) -> str:
    return (
        f"<Service><Name>{name}</Name><Title>{escape(TITLE.of(lang))}</Title>"
        f"<Abstract>{escape(ABOUT.of(lang))}</Abstract>"
        f"{_keywords(('安全生产', '应急管理', 'work safety', 'emergency'))}{_link(_door(base_url))}"
        f"<Fees>none</Fees><AccessConstraints>none</AccessConstraints>{limits}</Service>"
    )


def _operation(name: str, formats: Sequence[str], base_url: str, post: str = "") -> str:
    offered = "".join(f"<Format>{escape(f)}</Format>" for f in formats)
    door = f"<DCPType><HTTP><Get>{_link(_door(base_url))}</Get>{post}</HTTP></DCPType>"
    return f"<{name}>{offered}{door}</{name}>"


def _base(lang: Lang) -> Offered:
    sizes = {DEFAULT_STYLE: legend.base_legend_size(lang)}
    return Offered(name=BASEMAP, title=_BASE.of(lang), about="", theme="", styles=(DEFAULT_STYLE,), legends=sizes)


def _styles(layer: Offered, base_url: str, lang: Lang, version: str) -> str:
    parts = []
    for name in layer.styles:
        width, height = layer.legends[name]
        url = (
            f"{_door(base_url)}service=WMS&version={version}&request=GetLegendGraphic&sld_version=1.1.0"
            f"&layer={layer.name}&style={name}&format=image/png&lang={lang}"
        )
        parts.append(
            f"<Style><Name>{name}</Name><Title>{escape(STYLES[name].of(lang))}</Title>"
            f'<LegendURL width="{width}" height="{height}"><Format>image/png</Format>{_link(url)}</LegendURL></Style>'
        )
    return "".join(parts)


def _numbers(values: Sequence[float]) -> str:
    minx, miny, maxx, maxy = (f"{v:.9g}" for v in values)
    return f'minx="{minx}" miny="{miny}" maxx="{maxx}" maxy="{maxy}"'


def _boxes(data: Bounds, version: str) -> str:
    word = "CRS" if version == "1.3.0" else "SRS"
    parts = []
    for crs in systems.spoken(data, version):
        left, bottom, right, top = systems.in_crs(data, crs)
        swap = version == "1.3.0" and crs.north_first
        values = (bottom, left, top, right) if swap else (left, bottom, right, top)
        parts.append(f'<BoundingBox {word}="{crs.name}" {_numbers(values)}/>')
    return "".join(parts)


def _systems(data: Bounds, version: str) -> str:
    word = "CRS" if version == "1.3.0" else "SRS"
    return "".join(f"<{word}>{crs.name}</{word}>" for crs in systems.spoken(data, version))


def _geographic(box: Bounds) -> str:
    return (
        f"<EX_GeographicBoundingBox><westBoundLongitude>{box.west:.9g}</westBoundLongitude>"
        f"<eastBoundLongitude>{box.east:.9g}</eastBoundLongitude>"
        f"<southBoundLatitude>{box.south:.9g}</southBoundLatitude>"
        f"<northBoundLatitude>{box.north:.9g}</northBoundLatitude></EX_GeographicBoundingBox>"
    )


def _credit(layer: Offered) -> str:
    return f"<Attribution><Title>{escape(layer.credit)}</Title></Attribution>" if layer.credit else ""


def _times(layer: Offered) -> str:
    if layer.times is None:
        return ""
    said = f'default="{narrowing.default_time(layer.times)}" multipleValues="1"'
    return f'<Dimension name="time" units="ISO8601" {said}>{layer.times}</Dimension>'


def _times_111(layer: Offered) -> str:
    if layer.times is None:
        return ""
    default = narrowing.default_time(layer.times)
    return f'<Dimension name="time" units="ISO8601"/><Extent name="time" default="{default}">{layer.times}</Extent>'


def _layer_130(layer: Offered, base_url: str, lang: Lang) -> str:
    hint = ""
    if layer.min_zoom:
        hint = f"<MaxScaleDenominator>{denominator(layer.min_zoom - 0.5):.2f}</MaxScaleDenominator>"
    box = "" if layer.box is None else _geographic(layer.box) + _boxes(layer.box, "1.3.0")
    return (
        f'<Layer queryable="1"><Name>{layer.name}</Name><Title>{escape(layer.title)}</Title>'
        f"<Abstract>{escape(layer.about)}</Abstract>{_keywords((layer.theme,))}{box}{_times(layer)}{_credit(layer)}"
        f"{_styles(layer, base_url, lang, '1.3.0')}{hint}</Layer>"
    )


def _document_130(layers: Sequence[Offered], base_url: str, data: Bounds, sequence: int, lang: Lang) -> str:
    limits = (
        f"<LayerLimit>{getmap.MAX_LAYERS}</LayerLimit><MaxWidth>{getmap.MAX_SIZE}</MaxWidth>"
        f"<MaxHeight>{getmap.MAX_SIZE}</MaxHeight>"
    )
    legend = _operation("GetLegendGraphic", ("image/png",), base_url).replace(
        "GetLegendGraphic", "sld:GetLegendGraphic"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<WMS_Capabilities version="1.3.0" updateSequence="{sequence}" xmlns="http://www.opengis.net/wms" '
        'xmlns:sld="http://www.opengis.net/sld" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="http://www.opengis.net/wms '
        "http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd http://www.opengis.net/sld "
        'http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd">'
        f"{_service('WMS', base_url, lang, limits)}<Capability><Request>"
        f"{_operation('GetCapabilities', ('text/xml',), base_url)}"
        f"{_operation('GetMap', [f.value for f in getmap.FORMATS], base_url)}"
        f"{_operation('GetFeatureInfo', featureinfo.FORMATS, base_url)}{legend}</Request>"
        "<Exception><Format>XML</Format><Format>INIMAGE</Format><Format>BLANK</Format><Format>JSON</Format></Exception>"
        '<sld:UserDefinedSymbolization SupportSLD="1" UserLayer="0" UserStyle="1" RemoteWFS="0" InlineFeature="0" '
        'RemoteWCS="0"/>'
        f'<Layer queryable="1"><Name>{getmap.EVERYTHING}</Name><Title>{escape(_ROOT.of(lang))}</Title>'
        f"<Abstract>{escape(ABOUT.of(lang))}</Abstract>"
        f"{_systems(data, '1.3.0')}{_geographic(data)}{_boxes(data, '1.3.0')}"
        f'<Layer queryable="0" opaque="1"><Name>{BASEMAP}</Name><Title>{escape(_BASE.of(lang))}</Title>'
        f"{_styles(_base(lang), base_url, lang, '1.3.0')}</Layer>"
        f"{''.join(_layer_130(layer, base_url, lang) for layer in layers)}</Layer></Capability></WMS_Capabilities>"
    )


def _layer_111(layer: Offered, base_url: str, lang: Lang) -> str:
    hint = ""
    if layer.min_zoom:
        widest = denominator(layer.min_zoom - 0.5) * _METRES_PER_PIXEL_AT_1 * 2**0.5
        hint = f'<ScaleHint min="0" max="{widest:.4f}"/>'
    box = "" if layer.box is None else f"<LatLonBoundingBox {_numbers(tuple(layer.box))}/>{_boxes(layer.box, '1.1.1')}"
    return (
        f'<Layer queryable="1"><Name>{layer.name}</Name><Title>{escape(layer.title)}</Title>'
        f"<Abstract>{escape(layer.about)}</Abstract>{box}{_times_111(layer)}{_credit(layer)}"
        f"{_styles(layer, base_url, lang, '1.1.1')}{hint}</Layer>"
    )


def _document_111(layers: Sequence[Offered], base_url: str, data: Bounds, sequence: int, lang: Lang) -> str:
    box = (data.west, data.south, data.east, data.north)
    formats = [f.value for f in getmap.FORMATS]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<!DOCTYPE WMT_MS_Capabilities SYSTEM "
        '"http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd">\n'
        f'<WMT_MS_Capabilities version="1.1.1" updateSequence="{sequence}">'
        f"{_service('OGC:WMS', base_url, lang, '')}<Capability><Request>"
        f"{_operation('GetCapabilities', ('application/vnd.ogc.wms_xml',), base_url)}"
        f"{_operation('GetMap', formats, base_url)}"
        f"{_operation('GetFeatureInfo', featureinfo.FORMATS, base_url)}"
        f"{_operation('GetLegendGraphic', ('image/png',), base_url)}"
        f"{_operation('GetStyles', ('application/vnd.ogc.sld+xml',), base_url)}</Request>"
        "<Exception><Format>application/vnd.ogc.se_xml</Format><Format>application/vnd.ogc.se_inimage</Format>"
        "<Format>application/vnd.ogc.se_blank</Format><Format>application/json</Format></Exception>"
        '<UserDefinedSymbolization SupportSLD="1" UserLayer="0" UserStyle="1" RemoteWFS="0"/>'
        f'<Layer queryable="1"><Name>{getmap.EVERYTHING}</Name><Title>{escape(_ROOT.of(lang))}</Title>'
        f"{_systems(data, '1.1.1')}<LatLonBoundingBox {_numbers(box)}/>{_boxes(data, '1.1.1')}"
        f'<Layer queryable="0" opaque="1"><Name>{BASEMAP}</Name><Title>{escape(_BASE.of(lang))}</Title>'
        f"{_styles(_base(lang), base_url, lang, '1.1.1')}</Layer>"
        f"{''.join(_layer_111(layer, base_url, lang) for layer in layers)}</Layer></Capability></WMT_MS_Capabilities>"
    )
