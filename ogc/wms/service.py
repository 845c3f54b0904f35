"""The WMS door: one function from parameters, caller and services to an answer."""

import io
from dataclasses import replace

from PIL import Image, ImageDraw, ImageFont

from core.caller import Caller
from core.errors import OneMapError
from core.texts import Lang, Text, whole
from gis.shapes import Bounds
from layers.layer import Geometry, Layer
from ogc.exceptions import OgcError, check_sequence, json_report, ows_code, service_report
from ogc.kvp import KVP, InvalidParameterError, MissingParameterError
from ogc.render import symbols
from ogc.render.base import PUBLIC_SCOPE
from ogc.render.customs import StyleRule
from ogc.render.drawing import Format
from ogc.render.palette import palette
from ogc.render.renderer import MapnikRenderer
from ogc.render.request import BASEMAP, DEFAULT_STYLE, SHAPES_STYLE, STYLES
from ogc.services import Response, Services
from ogc.wms import capabilities, featureinfo, getmap, legend, narrowing, styles
from ogc.wms import crs as systems

CHINA = Bounds(73.0, 3.0, 136.0, 54.0)
"""Advertised while no area is loaded."""

UNSIZED = 256
"""Pixels of an error's picture where the request says no size that a picture may have."""

_BLANK = ("BLANK", "APPLICATION/VND.OGC.SE_BLANK")
_INIMAGE = ("INIMAGE", "APPLICATION/VND.OGC.SE_INIMAGE")
_JSON = ("JSON", "APPLICATION/JSON")


def wms(request: KVP, caller: Caller, services: Services, base_url: str) -> Response:
    """Answer one WMS request; `base_url` is the address the client used, key and root path included."""
    version = getmap.version_of(request)
    try:
        return _answered(request, version, caller, services, base_url)
    except OneMapError as error:
        return _refused(error, request, version, caller)


def data_extent(services: Services) -> Bounds:
    """Where the city is: the bounds of its areas, with a little room."""
    layer = services.catalogue.find("areas", PUBLIC_SCOPE)
    if layer is None:
        return CHINA
    box = services.figures.extent(layer, PUBLIC_SCOPE)
    if box is None:
        return CHINA
    west, south, east, north = box.west, box.south, box.east, box.north
    room = 0.05 * max(east - west, north - south)
    return Bounds(west - room, south - room, east + room, north + room)


def _answered(request: KVP, version: str, caller: Caller, services: Services, base_url: str) -> Response:
    operation = request.text("request", "GetCapabilities" if len(request) == 0 else None).lower()
    lang = request.lang(caller.lang)
    match operation:
        case "getcapabilities" | "capabilities":
            return _capabilities(request, version, caller, services, base_url, lang)
        case "getmap" | "map":
            return picture(request, version, caller, services)
        case "getfeatureinfo" | "feature_info":
            return _feature_info(request, version, caller, services, lang)
        case "getlegendgraphic":
            return _legend(request, caller, services, lang)
        case "getstyles":
            return _styles(request, caller, services, base_url, lang)
        case "getsymbol":
            return _symbol(request)
        case _:
            raise OgcError(
                "OperationNotSupported",
                Text(
                    f"不支持操作“{request.text('request')}”", f"operation {request.text('request')!r} is not supported"
                ),
                locator="request",
            )


def picture(request: KVP, version: str, caller: Caller, services: Services) -> Response:
    """One map, by the words of GetMap; OGC API Maps asks for its pictures here too."""
    data, rasters = data_extent(services), services.rasters(caller.scope)
    wanted = getmap.map_request(request, version, data, services.catalogue, caller, rasters)
    where = narrowing.narrowed(request, services, caller)
    if where or any(one.where is not None or one.rules for one in wanted.layers):
        box = systems.in_degrees(wanted.extent, getmap.window(request, version, data).crs)
        layers = narrowing.drawn(wanted.layers, where, services, caller.scope, box)
        wanted = replace(wanted, layers=layers)
    body, media_type = getmap.get_map(wanted, _renderer(services))
    headers = {
        "Cache-Control": "private, max-age=0",
        **narrowing.warned(request, wanted.layers, services, caller.scope),
    }
    return Response(media_type=media_type, body=body, headers=headers)


def _renderer(services: Services) -> MapnikRenderer:
    if not isinstance(services.renderer, MapnikRenderer):
        raise OneMapError(Text("本服务未启用出图", "drawing is not enabled in this service"))
    return services.renderer


def _capabilities(
    request: KVP, version: str, caller: Caller, services: Services, base_url: str, lang: Lang
) -> Response:
    head = services.store.head()
    sequence = request.text("updatesequence", "")
    if sequence:
        check_sequence(sequence, head)
        if whole(sequence) == head:
            raise OgcError(
                "CurrentUpdateSequence",
                Text(f"能力文档未变,序号仍为 {head}", f"the capabilities have not changed: still {head}"),
                locator="updatesequence",
            )
    layers = capabilities.offered(services, caller.scope, lang)
    body = capabilities.document(version, layers, base_url, data_extent(services), head, lang)
    media_type = "text/xml" if version == "1.3.0" else "application/vnd.ogc.wms_xml"
    return Response(media_type=media_type, body=body, headers={"Cache-Control": "private, max-age=0"})


def _feature_info(request: KVP, version: str, caller: Caller, services: Services, lang: Lang) -> Response:
    getmap.layer_requests(request, services.catalogue, caller.scope, services.rasters(caller.scope))
    window = getmap.window(request, version, data_extent(services))
    format_ = request.text("info_format", featureinfo.TEXT).split(";")[0].strip().lower()
    found = featureinfo.features(request, version, window, services, caller)
    body, media_type = featureinfo.written(found, format_, caller, lang)
    return Response(media_type=media_type, body=body, headers={"Cache-Control": "private, max-age=0"})


def _legend(request: KVP, caller: Caller, services: Services, lang: Lang) -> Response:
    name = request.text("layer")
    if request.text("format", "image/png").split(";")[0] != "image/png":
        raise OgcError("InvalidFormat", Text("图例格式须为 image/png", "legends are image/png"), locator="format")
    if request.text("style", "default") not in STYLES:
        raise OgcError("StyleNotDefined", Text("没有该样式", "no such style"), locator="style")
    theme = getmap.theme_of(request)
    rasters = services.rasters(caller.scope)
    getmap.named(name, services.catalogue, caller.scope, rasters, "layer")
    raster = next((one for one in rasters if one.declared.id == name), None)
    if raster is not None:
        body = legend.raster_legend(raster, lang, theme)
    else:
        layer = None if name in (BASEMAP, getmap.EVERYTHING) else services.catalogue.find(name, caller.scope)
        body = legend.legend(layer, caller.scope, lang, theme, request.text("style", DEFAULT_STYLE))
    return Response(media_type="image/png", body=body, headers={"Cache-Control": "private, max-age=3600"})


def _styles(request: KVP, caller: Caller, services: Services, base_url: str, lang: Lang) -> Response:
    """The declared looks of the layers named, without those of rasters and of the base map."""
    names = request.items_of("layers")
    visible = {layer.id: layer for layer in getmap.shown(services.catalogue, caller.scope)}
    if not names:
        raise MissingParameterError("layers")
    for name in names:
        if name not in visible:
            raise OgcError(
                "LayerNotDefined", Text(f"图层“{name}”没有样式", f"{name!r} has no styles"), locator="layers"
            )
    colours = palette(getmap.theme_of(request))

    def told(layer: Layer) -> list[tuple[str, str, tuple[StyleRule, ...]]]:
        kinds = (DEFAULT_STYLE, SHAPES_STYLE) if layer.geometry is Geometry.POINT else (DEFAULT_STYLE,)
        return [
            (name, STYLES[name].of(lang),
             styles.rules_of(layer, caller.scope, lang, colours, shapes_only=name != DEFAULT_STYLE))
            for name in kinds
        ]  # fmt: skip

    door = base_url + ("&" if "?" in base_url else "?")
    picture = f"{door}service=WMS&request=GetSymbol&symbol="
    body = styles.document(((visible[name], told(visible[name])) for name in dict.fromkeys(names)), picture, lang)
    return Response(
        media_type="application/vnd.ogc.sld+xml", body=body, headers={"Cache-Control": "private, max-age=0"}
    )


def _symbol(request: KVP) -> Response:
    """One picture of the symbol set, for software that draws by our SLD."""
    name = request.text("symbol")
    if not symbols.known(name):
        raise OgcError("InvalidParameterValue", Text(f"没有符号“{name}”", f"no symbol {name!r}"), locator="symbol")
    body = io.BytesIO()
    symbols.symbol_picture(name, None, 32).save(body, "PNG")
    return Response(media_type="image/png", body=body.getvalue(), headers={"Cache-Control": "private, max-age=86400"})


def _refused(error: OneMapError, request: KVP, version: str, caller: Caller) -> Response:
    wanted, lang = request.text("exceptions", "XML").upper(), request.lang(caller.lang)
    if request.text("request", "").lower() in ("getmap", "map") and wanted in (*_BLANK, *_INIMAGE):
        return _picture_of(error, request, lang, words=wanted in _INIMAGE)
    known = isinstance(error, OgcError | InvalidParameterError) or error.status < 500
    code = ows_code(error)[0] if known else None
    if wanted in _JSON:
        return json_report(code, error, version=version, lang=lang)
    return service_report(code, error, version=version, lang=lang)


def _picture_of(error: OneMapError, request: KVP, lang: Lang, *, words: bool) -> Response:
    """The error as a picture of the size asked for, as near as it can be read."""
    width, height = (_size(request, name) for name in ("width", "height"))
    clear = request.text("transparent", "FALSE").upper() == "TRUE"
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0 if clear else 255))
    if words:
        font = ImageFont.truetype(str(legend.FONT), 14)
        pen, left, lines = ImageDraw.Draw(picture), 8, [""]
        for letter in error.text.of(lang):
            if font.getlength(lines[-1] + letter) > max(20, width - 2 * left):
                lines.append("")
            lines[-1] += letter
        pen.multiline_text((left, 8), "\n".join(lines), font=font, fill="#B8142B", spacing=4)
    body = io.BytesIO()
    format_ = request.text("format", Format.PNG.value).split(";")[0]
    kind = {"image/jpeg": "JPEG", "image/webp": "WEBP"}.get(format_, "PNG")
    (picture.convert("RGB") if kind == "JPEG" else picture).save(body, kind)
    return Response(media_type=f"image/{kind.lower()}", body=body.getvalue(), headers={"Cache-Control": "no-store"})


def _size(request: KVP, name: str) -> int:
    """The size asked for, or one that shows the words where there is none or it is what was wrong."""
    asked = whole(request.text(name, "256"))
    return asked if asked is not None and 1 <= asked <= getmap.MAX_SIZE else UNSIZED
