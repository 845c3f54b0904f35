"""GetMap: the request read, checked in the order a client can mend it, and drawn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.caller import Caller
from core.scope import Scope
from core.texts import Text, real, whole
from gis.shapes import Bounds
from layers.layer import Catalogue, Geometry, Layer, Publish, Theme
from ogc.exceptions import OgcError
from ogc.kvp import KVP, InvalidParameterError
from ogc.limits import LIMITS
from ogc.render.drawing import Extent, Format
from ogc.render.palette import MapTheme
from ogc.render.renderer import MapnikRenderer, drawable
from ogc.render.request import BASEMAP, DEFAULT_STYLE, STYLES, LayerRequest, MapRequest
from ogc.wms import crs as systems
from ogc.wms.crs import MapCrs
from ogc.wms.sld import Styled, read, sld_of
from store.rasters import Shelved

MAX_SIZE = LIMITS.map_side
MAX_LAYERS = LIMITS.map_layers
EVERYTHING = "onemap"
"""The group of all the caller's layers over the base map."""

FORMATS = (Format.PNG, Format.PNG8, Format.JPEG, Format.WEBP)
STANDARD_DPI = 25.4 / 0.28
_COLOUR = re.compile(r"^0x[0-9a-fA-F]{6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where and how large: what GetMap and GetFeatureInfo share."""

    crs: MapCrs
    extent: Extent
    width: int
    height: int


def version_of(kvp: KVP) -> str:
    """The version the client speaks; anything older than 1.3.0 is answered as 1.1.1, anything newer as 1.3.0."""
    asked = kvp.text("version", kvp.text("wmtver", "1.3.0"))
    parts = [whole(part) for part in asked.split(".")]
    return "1.3.0" if parts[0] is None or [part or 0 for part in parts] >= [1, 3] else "1.1.1"


def window(kvp: KVP, version: str, data: Bounds) -> Window:
    """CRS, BBOX, WIDTH and HEIGHT."""
    crs = systems.found(kvp.text("crs" if version == "1.3.0" else "srs"), data, version)
    text = kvp.text("bbox")
    try:
        first, second, third, fourth = (real(part) for part in text.split(","))
    except ValueError as error:
        raise _refused("bbox", Text(f"BBOX“{text}”应为四个数字", f"BBOX {text!r} must be four numbers")) from error
    if version == "1.3.0" and crs.north_first:
        first, second, third, fourth = second, first, fourth, third
    if not (first < third and second < fourth) or max(map(abs, (first, second, third, fourth))) > 1e9:
        raise _refused(
            "bbox", Text(f"BBOX“{text}”的最小值须小于最大值", f"BBOX {text!r}: minimum must be under maximum")
        )
    return Window(
        crs=crs,
        extent=Extent(left=first, bottom=second, right=third, top=fourth),
        width=kvp.integer("width", low=1, high=MAX_SIZE),
        height=kvp.integer("height", low=1, high=MAX_SIZE),
    )


def _refused(parameter: str, text: Text) -> OgcError:
    return OgcError("InvalidParameterValue", text, locator=parameter)


def shown(catalogue: Catalogue, scope: Scope) -> list[Layer]:
    """The layers a map may show this caller, in drawing order: the base map's below, points above."""
    weight = {Geometry.POLYGON: 0, Geometry.LINE: 1, Geometry.POINT: 2}
    seen = [layer for layer in catalogue.seen_by(scope) if drawable(layer) and layer.publish is not Publish.NONE]
    return sorted(seen, key=lambda layer: (layer.theme is not Theme.BASE, weight[layer.geometry]))


def named(
    name: str, catalogue: Catalogue, scope: Scope, rasters: Sequence[Shelved] = (), asked_by: str = "layers"
) -> tuple[str, ...]:
    """The layers a name stands for; the group is the base map and everything else the caller sees but the rasters."""
    if name == BASEMAP or any(one.declared.id == name for one in rasters):
        return (name,)
    visible = shown(catalogue, scope)
    if name == EVERYTHING:
        return (BASEMAP, *(layer.id for layer in visible if layer.theme is not Theme.BASE))
    if any(layer.id == name for layer in visible):
        return (name,)
    raise OgcError("LayerNotDefined", Text(f"没有图层“{name}”", f"no layer {name!r}"), locator=asked_by)


def styles_of(name: str, rasters: Sequence[Shelved]) -> tuple[str, ...]:
    """The styles a layer is offered in; a raster or the base map has its own look only."""
    plain = name == BASEMAP or any(one.declared.id == name for one in rasters)
    return (DEFAULT_STYLE,) if plain else tuple(STYLES)


def layer_requests(
    kvp: KVP, catalogue: Catalogue, scope: Scope, rasters: Sequence[Shelved] = ()
) -> tuple[LayerRequest, ...]:
    """LAYERS with STYLES."""
    names = kvp.items_of("layers")
    body = sld_of(kvp)
    styled = () if body is None else read(body, _styleable(catalogue, scope), scope)
    if styled and not names:
        return tuple(part for one in styled for part in _styled(one, catalogue, scope, rasters))
    if not names:
        raise OgcError("LayerNotDefined", Text("缺少参数 LAYERS", "LAYERS is missing"), locator="layers")
    if len(names) > MAX_LAYERS:
        raise _refused("layers", Text(f"一次最多 {MAX_LAYERS} 个图层", f"at most {MAX_LAYERS} layers at once"))
    styles = kvp.items_of("styles") or ("",) * len(names)
    if len(styles) != len(names):
        raise OgcError(
            "StyleNotDefined",
            Text("STYLES 的个数与 LAYERS 不同", "STYLES and LAYERS differ in number"),
            locator="styles",
        )
    found: list[LayerRequest] = []
    own = {one.layer: one for one in styled}
    for name, style in zip(names, styles, strict=True):
        if name in own:
            found.extend(_styled(own[name], catalogue, scope, rasters))
            continue
        expanded = named(name, catalogue, scope, rasters)
        offered = styles_of(name, rasters)
        if style and style not in offered:
            allowed = ", ".join(offered)
            raise OgcError(
                "StyleNotDefined",
                Text(
                    f"图层“{name}”没有样式“{style}”,可用:{allowed}", f"{name!r} has no style {style!r}; use {allowed}"
                ),
                locator="styles",
            )
        found.extend(LayerRequest(layer=layer, style=style or DEFAULT_STYLE) for layer in expanded)
    return tuple(found)


def _styleable(catalogue: Catalogue, scope: Scope) -> dict[str, Layer]:
    return {layer.id: layer for layer in shown(catalogue, scope)}


def _styled(one: Styled, catalogue: Catalogue, scope: Scope, rasters: Sequence[Shelved]) -> tuple[LayerRequest, ...]:
    """A layer of SLD_BODY; a sender's rules replace the style, a name picks one of ours."""
    if one.style and one.style not in styles_of(one.layer, rasters):
        raise OgcError("StyleNotDefined", Text(f"没有样式“{one.style}”", f"no style {one.style!r}"), locator="sld_body")
    return tuple(
        LayerRequest(layer=layer, style=one.style or DEFAULT_STYLE, rules=one.rules, where=one.where)
        for layer in named(one.layer, catalogue, scope, rasters)
    )


def format_of(kvp: KVP) -> Format:
    """FORMAT; spaces and case of the parameter do not matter."""
    asked = kvp.text("format").lower().replace(" ", "")
    for format_ in FORMATS:
        if format_.value.replace(" ", "") == asked:
            return format_
    alias = {"image/png8": Format.PNG8, "image/png;mode=24bit": Format.PNG, "image/jpg": Format.JPEG}.get(asked)
    if alias is None:
        allowed = ", ".join(f.value for f in FORMATS)
        raise OgcError(
            "InvalidFormat",
            Text(f"不支持格式“{asked}”,可用:{allowed}", f"format {asked!r} is not offered; use {allowed}"),
            locator="format",
        )
    return alias


def background(kvp: KVP, format_: Format) -> str | None:
    """The colour behind the map; None where the picture is transparent."""
    colour = kvp.text("bgcolor", "0xFFFFFF")
    if not _COLOUR.match(colour):
        raise _refused("bgcolor", Text(f"BGCOLOR“{colour}”应为 0xRRGGBB", f"BGCOLOR {colour!r} must be 0xRRGGBB"))
    if kvp.truth("transparent") and format_ is not Format.JPEG:
        return None
    return "#" + colour[2:]


def theme_of(kvp: KVP) -> MapTheme:
    """The vendor parameter THEME: day (default) or night; another is refused, not drawn by day."""
    asked = kvp.text("theme", MapTheme.DAY.value).lower()
    found = next((theme for theme in MapTheme if theme.value == asked), None)
    if found is None:
        allowed = ", ".join(MapTheme)
        raise InvalidParameterError("theme", asked[:40], Text(f"可用 {allowed}", f"use {allowed}"))
    return found


def scale_of(kvp: KVP) -> float:
    """DPI (also MAP_RESOLUTION, as QGIS writes it) as a multiple of the standard pixel, in steps of an eighth."""
    dpi = kvp.number("dpi", kvp.number("map_resolution", STANDARD_DPI, low=36, high=600), low=36, high=600)
    return 1.0 if abs(dpi - 96) < 8 else max(0.5, round(dpi / STANDARD_DPI * 8) / 8)


def map_request(
    kvp: KVP, version: str, data: Bounds, catalogue: Catalogue, caller: Caller, rasters: Sequence[Shelved] = ()
) -> MapRequest:
    """The whole request."""
    layers = layer_requests(kvp, catalogue, caller.scope, rasters)
    format_ = format_of(kvp)
    at = window(kvp, version, data)
    return MapRequest(
        layers=layers,
        extent=at.extent,
        crs=at.crs.code,
        width=at.width,
        height=at.height,
        scope=caller.scope,
        lang=kvp.lang(caller.lang),
        theme=theme_of(kvp),
        format=format_,
        background=background(kvp, format_),
        scale=scale_of(kvp),
    )


def get_map(request: MapRequest, renderer: MapnikRenderer) -> tuple[bytes, str]:
    """The picture and its media type."""
    return renderer.draw(request), request.format.media_type
