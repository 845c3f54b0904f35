"""Rasters in use as passes of a picture."""

from layers.coverage import Kind
from layers.ramps import steps
from ogc.render.drawing import RasterPass, Shading
from ogc.render.palette import MapTheme
from store.rasters import Shelved

_SHADINGS = {Kind.COUNT: Shading.CLASSES, Kind.SURFACE: Shading.RELIEF, Kind.PICTURE: Shading.PICTURE}
BYTE = 255.0


def raster_pass(one: Shelved, crs: int, theme: MapTheme) -> RasterPass:
    """A coverage as a layer of its own."""
    night = theme is MapTheme.NIGHT
    row = one.record
    return RasterPass(
        path=str(one.path),
        crs=crs,
        shading=_SHADINGS[one.declared.kind],
        stops=tuple((step.low, step.colour) for step in steps(one.declared, row, night=night)),
        stretch=(row.least, row.most) if row.most > BYTE else None,
        reduced=may_reduce(one),
        night=night,
    )


def shade_pass(one: Shelved, crs: int, theme: MapTheme) -> RasterPass:
    """The slopes of a terrain as light and shade under the map's own colours."""
    night = theme is MapTheme.NIGHT
    return RasterPass(path=str(one.path), crs=crs, shading=Shading.SHADE, night=night)


def may_reduce(one: Shelved) -> bool:
    """Reduced copies delivered inside a raster of counts may be picked cells; only our own are known to be means."""
    return one.declared.kind is not Kind.COUNT or one.path.with_name(one.path.name + ".ovr").exists()
