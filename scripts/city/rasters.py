"""People, heights and a synthetic picture from above, as cloud-optimised GeoTIFFs in EPSG:4490."""

from pathlib import Path

import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin
from scipy.ndimage import gaussian_filter, map_coordinates
from shapely.geometry.base import BaseGeometry

from scripts.city.frame import degrees, kilometres
from scripts.city.geography import TOWNS, Geography

TOTAL = 1_286_000
CELL = 0.1


def people(rng: np.random.Generator, city: Geography) -> tuple[np.ndarray, float, float]:
    """Residents per 100 m cell of the frame, whole numbers that sum to the stated total; with the frame's corner."""
    x, y = np.arange(-4, 36, CELL) + CELL / 2, np.arange(34, -3, -CELL) - CELL / 2
    gx, gy = np.meshgrid(x, y)
    weight = np.full(gx.shape, 0.02)
    for code, _, tx, ty, radius in TOWNS:
        if code != "990106201":
            weight += radius**0.6 * np.exp(-((gx - tx) ** 2 + (gy - ty) ** 2) / (2 * (0.55 * radius) ** 2))
    weight *= rng.lognormal(0, 0.45, gx.shape)
    weight *= shapely.contains_xy(city.land, gx, gy) & ~shapely.contains_xy(city.river, gx, gy)
    park = shapely.contains_xy(city.urban["990106201"], gx, gy)
    weight *= ~park
    guards = (park & (rng.random(gx.shape) < 0.2)).astype(np.int32)
    exact = weight / weight.sum() * (TOTAL - int(guards.sum()))
    whole = np.floor(exact).astype(np.int32) + guards
    missing = TOTAL - int(whole.sum())
    order = np.argsort(-(exact - whole), axis=None, kind="stable")[:missing]
    whole.flat[order] += 1
    return whole, -4.0, 34.0


def people_outside(cells: np.ndarray, ground: BaseGeometry, radius: float) -> int:
    """Residents of the cells whose centre lies beyond a boundary but no more than a radius (km) from it."""
    west, south, east, north = shapely.buffer(ground, radius).bounds
    rows = slice(max(0, int((34 - north) / CELL)), int((34 - south) / CELL) + 1)
    cols = slice(max(0, int((west + 4) / CELL)), int((east + 4) / CELL) + 1)
    y, x = np.mgrid[rows, cols]
    centres = shapely.points(-4 + (x + 0.5) * CELL, 34 - (y + 0.5) * CELL)
    near = shapely.distance(ground, centres)
    return int(cells[rows, cols][(near > 0) & (near <= radius)].sum())


def heights(rng: np.random.Generator, city: Geography) -> np.ndarray:
    """Metres above the sea on a 100 m grid: hills in the west, a flat coast, the sea at zero."""
    x, y = np.arange(-4, 36, CELL) + CELL / 2, np.arange(34, -3, -CELL) - CELL / 2
    gx, gy = np.meshgrid(x, y)
    noise = sum(gaussian_filter(rng.normal(size=gx.shape), s) * s for s in (4, 10, 24))
    noise = (noise - noise.min()) / np.ptp(noise)
    hills = (
        np.clip((11 - gx) / 13, 0, 1) ** 1.6 * 420 + np.clip((gy - 24) / 12, 0, 1) * np.clip((22 - gx) / 20, 0, 1) * 180
    )
    ground = 3 + hills * noise + 6 * noise
    ground[~shapely.contains_xy(city.land, gx, gy)] = 0
    return ground.astype(np.float32)


def _lattice(x0: float, y0: float, x1: float, y1: float, shape: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """A north-up grid over a box of the frame: west, south, east, north, and the frame's x and y of every cell."""
    west, south, east, north = shapely.bounds(degrees(shapely.box(x0, y0, x1, y1)))
    rows, cols = shape
    lon = west + (np.arange(cols) + 0.5) * (east - west) / cols
    lat = north - (np.arange(rows) + 0.5) * (north - south) / rows
    x, y = kilometres(*np.meshgrid(lon, lat))
    return np.array([west, south, east, north]), x, y


def _settled(cells: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The frame's people on the north-up grid: whole numbers with the same total, -1 beyond the frame."""
    col, row = np.floor((x + 4) / CELL).astype(int), np.floor((34 - y) / CELL).astype(int)
    within = (row >= 0) & (row < cells.shape[0]) & (col >= 0) & (col < cells.shape[1])
    share = np.where(within, cells[np.clip(row, 0, cells.shape[0] - 1), np.clip(col, 0, cells.shape[1] - 1)], 0)
    exact = share * (cells.sum() / share.sum())
    whole = np.floor(exact).astype(np.int32)
    missing = int(cells.sum()) - int(whole.sum())
    whole.flat[np.argsort(-(exact - whole), axis=None, kind="stable")[:missing]] += 1
    whole[~within] = -1
    return whole


def _write(path: Path, bands: np.ndarray, box: np.ndarray, **profile: object) -> None:
    count, rows, cols = bands.shape
    west, south, east, north = box
    transform = from_origin(west, north, (east - west) / cols, (north - south) / rows)
    with rasterio.open(
        path, "w", driver="COG", width=cols, height=rows, count=count, dtype=bands.dtype, crs="EPSG:4490",
        transform=transform, compress="DEFLATE", **profile,
    ) as out:  # fmt: skip
        out.write(bands)


def write_rasters(
    folder: Path, cells: np.ndarray, ground: np.ndarray, city: Geography, rng: np.random.Generator
) -> None:
    """population.tif, terrain.tif and imagery.tif, north up although the frame leans."""
    folder.mkdir(parents=True, exist_ok=True)
    box, x, y = _lattice(-4, -3, 36, 34, cells.shape)
    _write(folder / "population.tif", _settled(cells, x, y)[None], box, nodata=-1)
    at = np.stack([(34 - y) / CELL - 0.5, (x + 4) / CELL - 0.5])
    beyond = (at < -0.5).any(axis=0) | (at[0] > ground.shape[0] - 0.5) | (at[1] > ground.shape[1] - 0.5)
    height = np.round(map_coordinates(ground, at, order=1, mode="nearest"), 1)
    height[~shapely.contains_xy(city.land, x, y)] = 0
    height[beyond] = -9999.0
    _write(folder / "terrain.tif", height[None].astype(np.float32), box, nodata=-9999.0)
    x0, y0, x1, y1, step = 23.9, 13.3, 29.1, 18.1, 0.008
    gx, gy = np.meshgrid(np.arange(x0, x1, step), np.arange(y1, y0, -step))
    land = shapely.contains_xy(city.land, gx, gy)
    grain = gaussian_filter(rng.normal(size=gx.shape), 1.0)[None] * 14
    base = np.where(land[None], np.array([142, 138, 124])[:, None, None], np.array([58, 84, 96])[:, None, None]) + grain
    for building in city.buildings:
        bx0, by0, bx1, by1 = building["shape"].bounds
        if bx0 > x0 and bx1 < x1 and by0 > y0 and by1 < y1:
            rows = slice(int((y1 - by1) / step), max(int((y1 - by0) / step), int((y1 - by1) / step) + 1))
            base[:, rows, int((bx0 - x0) / step) : int((bx1 - x0) / step)] = np.array([196, 198, 202])[:, None, None]
    picture = np.clip(base, 0, 255).astype(np.uint8)
    lean = 0.1
    box, x, y = _lattice(x0 + lean, y0 + lean, x1 - lean, y1 - lean, gx.shape)
    row = np.clip(np.floor((y1 - y) / step).astype(int), 0, gx.shape[0] - 1)
    col = np.clip(np.floor((x - x0) / step).astype(int), 0, gx.shape[1] - 1)
    _write(folder / "imagery.tif", picture[:, row, col], box, photometric="RGB")
