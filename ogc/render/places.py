"""A layer of points as a pass over its plate, wherever that says what its rows would."""

from layers.layer import Geometry, Layer
from ogc.render import business, ground
from ogc.render.drawing import PointPass, PointSource, PointStyle
from ogc.render.palette import palette
from ogc.render.placing import in_degrees, widened, zoom
from ogc.render.plates import Plates
from ogc.render.request import CLUSTERS_STYLE, HEAT_STYLE, SHAPES_STYLE, LayerRequest, MapRequest
from ogc.render.symbols import SymbolFiles

GROUPED = {CLUSTERS_STYLE: PointStyle.CLUSTERS, HEAT_STYLE: PointStyle.HEAT}
_ROOM = 160.0


def zoom_of(request: MapRequest) -> float:
    """The web map zoom of the picture's scale."""
    return zoom(request.extent, request.width, request.crs, request.scale)


def point_pass(
    layer: Layer, wanted: LayerRequest, request: MapRequest, plates: Plates, files: SymbolFiles
) -> PointPass | None:
    """None where the rows themselves are drawn: small layers, styles sent along, what a plate cannot narrow."""
    scope, level = request.scope, zoom_of(request)
    if layer.geometry is not Geometry.POINT or wanted.rules or layer.id in ground.SINGLE:
        return None
    if level < layer.style.min_zoom - 0.5:
        return None
    source = _source(layer, wanted, request, plates)
    if source is None:
        return None
    seen = layer.fields_in(scope)
    near = wanted.style != SHAPES_STYLE and level >= business.SYMBOLS_FROM - 0.5
    style = GROUPED.get(wanted.style, PointStyle.SYMBOLS if near else PointStyle.SHAPES)
    return PointPass(
        source=source,
        style=style,
        crs=request.crs,
        areas=None if layer.shared or scope.everywhere else scope.areas,
        clearance=int(scope.clearance),
        files=_pictures(layer, request, files, level) if style is PointStyle.SYMBOLS else (),
        graded=layer.style.grade in seen,
        kinds=layer.style.by in seen,
        night=request.theme.value == "night",
    )


def _source(layer: Layer, wanted: LayerRequest, request: MapRequest, plates: Plates) -> PointSource | None:
    grouped = wanted.style in GROUPED
    if wanted.where is None and layer.narrowed_by(request.scope) is None:
        return plates.gathered(layer, request.scope) if grouped else plates.source(layer, request.scope)
    if not grouped:
        return None
    around = widened(request.extent, request.width, request.height, _ROOM * request.scale)
    return plates.narrowed(layer, request.scope, wanted.where, in_degrees(around, request.crs))


def _pictures(layer: Layer, request: MapRequest, files: SymbolFiles, level: float) -> tuple[tuple[int, int, str], ...]:
    look, theme = layer.style, request.theme
    size = business.SMALL if level < 15.5 else business.LARGE
    grades = {grade.level: grade for grade in palette(theme).grades}
    symbols = {-1: look.symbol or "ent-trade", **dict(enumerate(look.symbols.values()))}
    return tuple(
        (kind, grade, files.symbol(symbol, None if look.by == look.grade else grades.get(grade), size, theme))
        for kind, symbol in symbols.items()
        for grade in range(5)
    )
