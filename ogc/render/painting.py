"""Rasters as colour, in the drawing process: cells brought into the picture's system, then classed, tinted or shaded.

Counts are never interpolated: zoomed in, every cell is a square of its own; zoomed out, a pixel shows the mean of the
cells under it. Heights are smoothed, because a hillside is one slope and not a stair.
"""

import io
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt
import pyproj
import rasterio
from PIL import Image
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.transform import from_bounds
from rasterio.warp import reproject, transform_bounds

from ogc.render.drawing import Extent, RasterPass, Shading

Floats = npt.NDArray[np.float32]
Colours = npt.NDArray[np.uint8]

ROWS_AT_ONCE = 1024
SUN_AZIMUTH, SUN_HEIGHT = 315.0, 45.0
DEGREES = (4490, 4326)
METRES_PER_DEGREE = 111_195.0
FADE = 0.12
"""Share of the terrain's size over which the base map's slopes fade out towards its edge."""


def painted(wanted: RasterPass, extent: Extent, width: int, height: int) -> Colours:
    """The raster's layer of the picture, shape (height, width, 4), clear where there is nothing to say."""
    with _own_projections():
        return _painted(wanted, extent, width, height)


@contextmanager
def _own_projections() -> Iterator[None]:
    """GDAL as rasterio brings it: Mapnik's import points PROJ_LIB at the data of another PROJ, and keeps needing it."""
    foreign = {name: os.environ.pop(name) for name in ("PROJ_LIB", "GDAL_DATA") if name in os.environ}
    with rasterio.Env():
        os.environ.update(foreign)
        yield


def _painted(wanted: RasterPass, extent: Extent, width: int, height: int) -> Colours:
    picture = np.zeros((height, width, 4), np.uint8)
    step = (extent.top - extent.bottom) / height
    with rasterio.open(wanted.path, driver="GTiff") as raster:
        level = _level(wanted, raster, extent, width)
    options = {} if level is None else {"overview_level": level}
    with rasterio.open(wanted.path, driver="GTiff", **options) as raster:
        for first in range(0, height, ROWS_AT_ONCE):
            rows = min(ROWS_AT_ONCE, height - first)
            top = extent.top - first * step
            strip = Extent(left=extent.left, right=extent.right, top=top, bottom=top - rows * step)
            if _meets(wanted, raster, strip):
                picture[first : first + rows] = _strip(wanted, raster, strip, width, rows)
    return picture


def encoded(picture: Colours) -> bytes:
    """As a PNG that costs nothing to read back: how a picture is handed to Mapnik."""
    body = io.BytesIO()
    Image.fromarray(picture, "RGBA").save(body, "PNG", compress_level=0)
    return body.getvalue()


def _meets(wanted: RasterPass, raster: DatasetReader, extent: Extent) -> bool:
    west, south, east, north = _degrees(wanted, extent)
    box = raster.bounds
    return bool(west < box.right and east > box.left and south < box.top and north > box.bottom)


def _degrees(wanted: RasterPass, extent: Extent) -> tuple[float, float, float, float]:
    """The window in degrees; the whole world where the system does not say."""
    box = (extent.left, extent.bottom, extent.right, extent.top)
    if wanted.crs in DEGREES:
        return box
    found = transform_bounds(f"EPSG:{wanted.crs}", _datum(wanted), *box)
    return found if np.isfinite(found).all() else (-180.0, -90.0, 180.0, 90.0)


def _ratio(wanted: RasterPass, raster: DatasetReader, extent: Extent, width: int) -> float:
    """How many of the raster's columns lie under one pixel."""
    west, _, east, _ = _degrees(wanted, extent)
    return (east - west) / width / float(raster.res[0])


def _level(wanted: RasterPass, raster: DatasetReader, extent: Extent, width: int) -> int | None:
    """The smallest reduced copy that is still finer than the picture."""
    if not wanted.reduced:
        return None
    ratio = _ratio(wanted, raster, extent, width)
    fine = [place for place, factor in enumerate(raster.overviews(1)) if factor <= ratio]
    return fine[-1] if fine else None


def _resampling(wanted: RasterPass, ratio: float) -> Resampling:
    if ratio > 1.0:
        return Resampling.average
    match wanted.shading:
        case Shading.CLASSES:
            return Resampling.nearest
        case Shading.PICTURE:
            return Resampling.bilinear
        case _:
            return Resampling.cubic_spline


def _strip(wanted: RasterPass, raster: DatasetReader, extent: Extent, width: int, rows: int) -> Colours:
    match wanted.shading:
        case Shading.CLASSES:
            return _classed(wanted, _cells(wanted, raster, extent, width, rows, 1)[0])
        case Shading.PICTURE:
            bands = min(3, raster.count)
            return _photograph(wanted, _cells(wanted, raster, extent, width, rows, bands))
        case _:
            edge = 1
            across, up = (extent.right - extent.left) / width, (extent.top - extent.bottom) / rows
            wider = Extent(
                left=extent.left - edge * across, right=extent.right + edge * across,
                bottom=extent.bottom - edge * up, top=extent.top + edge * up,
            )  # fmt: skip
            heights = _cells(wanted, raster, wider, width + 2 * edge, rows + 2 * edge, 1)[0]
            light = _light(heights, *_ground(wanted, wider, across, up, rows + 2 * edge))
            inner = heights[edge:-edge, edge:-edge]
            if wanted.shading is not Shading.SHADE:
                return _tinted(wanted, inner, light)
            return _shaded(wanted, light, _inside(raster, _degrees(wanted, extent), width, rows))


def _cells(wanted: RasterPass, raster: DatasetReader, extent: Extent, width: int, rows: int, bands: int) -> Floats:
    """Values on the picture's own grid, shape (band, row, column), NaN where the raster has none."""
    found = np.full((bands, rows, width), np.nan, np.float32)
    reproject(
        rasterio.band(raster, list(range(1, bands + 1))),
        found,
        dst_transform=from_bounds(extent.left, extent.bottom, extent.right, extent.top, width, rows),
        src_crs=_datum(wanted),
        dst_crs=_datum(wanted) if wanted.crs in DEGREES else f"EPSG:{wanted.crs}",
        src_nodata=raster.nodata,
        dst_nodata=np.nan,
        resampling=_resampling(wanted, _ratio(wanted, raster, extent, width)),
    )
    return found


def _datum(wanted: RasterPass) -> str:
    """CGCS2000 and WGS 84 are taken as one: PROJ knows the former in China only, the latter everywhere."""
    return "EPSG:4326" if wanted.crs in (*DEGREES, 3857) else "EPSG:4490"


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _classed(wanted: RasterPass, cells: Floats) -> Colours:
    lows = np.array([low for low, _ in wanted.stops], np.float32)
    table = np.array([_rgb(colour) for _, colour in wanted.stops], np.uint8)
    known = np.nan_to_num(cells, nan=-1.0)
    place = np.clip(np.searchsorted(lows, known, side="right") - 1, 0, len(lows) - 1)
    picture = np.zeros((*cells.shape, 4), np.uint8)
    picture[..., :3] = table[place]
    picture[..., 3] = 255
    picture[known <= 0] = 0
    return picture


def _photograph(wanted: RasterPass, bands: Floats) -> Colours:
    low, high = wanted.stretch or (0.0, 255.0)
    if len(bands) < 3:
        bands = np.repeat(bands[:1], 3, axis=0)
    picture = np.zeros((*bands.shape[1:], 4), np.uint8)
    spread = np.nan_to_num((bands - low) * (255.0 / max(high - low, 1e-9)))
    picture[..., :3] = np.moveaxis(np.clip(spread, 0, 255), 0, -1)
    picture[..., 3] = np.where(np.isfinite(bands).all(axis=0), 255, 0)
    return picture


def _ground(wanted: RasterPass, extent: Extent, across: float, up: float, rows: int) -> tuple[Floats, float]:
    """Metres on the ground across a pixel, row by row, and along it; web mercator and degrees stretch with latitude."""
    y = extent.top - (np.arange(rows) + 0.5) * up
    if wanted.crs in DEGREES:
        return (across * METRES_PER_DEGREE * np.cos(np.radians(y))).astype(np.float32), up * METRES_PER_DEGREE
    if wanted.crs == 3857:
        shrink = 1 / np.cosh(y / 6_378_137.0)
        return (across * shrink).astype(np.float32), up * float(shrink[len(shrink) // 2])
    unit = pyproj.CRS.from_epsg(wanted.crs).axis_info[0].unit_conversion_factor
    return np.full(rows, across * unit, np.float32), up * unit


def _light(heights: Floats, across: Floats, along: float) -> Floats:
    """How much of the sun each pixel takes, 0 to 1, by Horn's slopes; flat ground and unknown ground take sin(45°).

    Heights are exaggerated as the pixel grows, as relief maps are drawn: a city's hills would not show otherwise.
    """
    higher = 1.6 * min(4.0, max(1.0, (along / 12.0) ** 0.45))
    z = heights
    east = (z[:-2, 2:] + 2 * z[1:-1, 2:] + z[2:, 2:]) - (z[:-2, :-2] + 2 * z[1:-1, :-2] + z[2:, :-2])
    south = (z[2:, :-2] + 2 * z[2:, 1:-1] + z[2:, 2:]) - (z[:-2, :-2] + 2 * z[:-2, 1:-1] + z[:-2, 2:])
    dx = np.nan_to_num(east / (8 * across[1:-1, None])) * higher
    dy = np.nan_to_num(south / (8 * along)) * higher
    sun, up = math.radians(SUN_AZIMUTH), math.radians(SUN_HEIGHT)
    toward = -dx * math.sin(sun) + dy * math.cos(sun)
    found: Floats = np.clip(
        (math.sin(up) + math.cos(up) * toward) / np.sqrt(1 + dx * dx + dy * dy), 0.0, 1.0
    ).astype(np.float32)  # fmt: skip
    return found


FLAT = math.sin(math.radians(SUN_HEIGHT))


def _tinted(wanted: RasterPass, heights: Floats, light: Floats) -> Colours:
    """Colour by height, lit from the north-west; the sea, which height models give as zero, is left clear."""
    at = np.array([value for value, _ in wanted.stops])
    colours = np.array([_rgb(colour) for _, colour in wanted.stops], float)
    known = np.nan_to_num(heights)
    picture = np.zeros((*heights.shape, 4), np.uint8)
    gain = (0.45 + 0.55 * light / FLAT)[..., None]
    tint = np.stack([np.interp(known, at, colours[:, band]) for band in range(3)], axis=-1)
    picture[..., :3] = np.clip(tint * gain, 0, 255)
    picture[..., 3] = np.where(np.isfinite(heights), np.clip(np.abs(known), 0, 1) * 255, 0)
    return picture


def _inside(raster: DatasetReader, window: tuple[float, float, float, float], width: int, rows: int) -> Floats:
    """How deep in the raster each pixel lies, 0 at its edge, 1 well inside: slopes end without a line."""
    (west, south, east, north), box = window, raster.bounds
    x = west + (np.arange(width) + 0.5) * (east - west) / width
    y = north - (np.arange(rows) + 0.5) * (north - south) / rows
    across = np.minimum(x - box.left, box.right - x) / (FADE * (box.right - box.left))
    along = np.minimum(y - box.bottom, box.top - y) / (FADE * (box.top - box.bottom))
    deep: Floats = (np.clip(along, 0, 1)[:, None] * np.clip(across, 0, 1)[None, :]).astype(np.float32)
    return deep


def _shaded(wanted: RasterPass, light: Floats, deep: Floats) -> Colours:
    """Only the shade and the gleam of slopes, to lie on a map that has its own colours."""
    away = light - FLAT
    picture = np.zeros((*light.shape, 4), np.uint8)
    picture[..., :3] = np.where(away > 0, 255, 0)[..., None]
    strength = np.where(away > 0, 0.35, 0.75) if wanted.night else np.where(away > 0, 0.55, 0.42)
    picture[..., 3] = np.clip(np.abs(away) * strength, 0, 0.5) * deep * 255
    return picture
