"""What a camera can see of the ground: its sector, less what the terrain hides."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from core.units import Degree, Metre
from gis.measure import Floats, directions
from gis.placing import sector
from gis.shapes import Bounds, LonLat
from gis.viewshed import Seat, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Optics:
    """Where a camera stands and looks; `azimuth` clockwise from north to the middle of its picture.

    A dome looks all round.
    """

    place: LonLat
    height: Metre
    azimuth: Degree
    field_of_view: Degree
    reach: Metre


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """Heights in metres, shape (row, column), north up, NaN where unknown.

    `bounds` are those of the outer edges of its cells.
    """

    heights: Floats
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`shape` in EPSG:4490. `hidden` is the share of the sector's cells the terrain hides, None where no terrain was
    known.

    Buildings and trees hide more, and how far down the picture reaches is not weighed: the ground right below a camera
    is drawn as seen.
    """

    shape: BaseGeometry
    hidden: float | None


def sight(camera: Optics, relief: Relief | None, *, target: Metre = 0.0) -> Sight:
    """The ground a camera can see, `target` metres above it.

    The plain sector where there is no terrain under the camera.
    """
    half = min(camera.field_of_view, 360.0) / 2
    slice_of_circle = sector(camera.place, camera.reach, camera.azimuth - half, camera.azimuth + half)
    if relief is None:
        return Sight(shape=slice_of_circle, hidden=None)
    rows, columns = relief.heights.shape
    west, south, east, north = relief.bounds
    tall, wide = (north - south) / rows, (east - west) / columns
    row, column = int((north - camera.place.lat) // tall), int((camera.place.lon - west) // wide)
    if not (0 <= row < rows and 0 <= column < columns) or np.isnan(relief.heights[row, column]):
        return Sight(shape=slice_of_circle, hidden=None)
    middle = LonLat(west + (column + 0.5) * wide, north - (row + 0.5) * tall)
    high, broad = _ground(middle, tall, wide)
    north_of, west_of = int(np.ceil(camera.reach / high)) + 1, int(np.ceil(camera.reach / broad)) + 1
    first_row, first_column = max(0, row - north_of), max(0, column - west_of)
    window = relief.heights[first_row : row + north_of + 1, first_column : column + west_of + 1]
    seat = Seat(row=row - first_row, column=column - first_column, eye=camera.height)
    found = seen(window, seat, (high, broad), camera.reach, target=target)
    edges = _edges(found, west + first_column * wide, north - first_row * tall, wide, tall)
    boxes = shapely.box(*edges)
    shape = shapely.intersection(shapely.union_all(boxes), slice_of_circle)
    whole = slice_of_circle.area
    return Sight(shape=shape, hidden=1.0 - shape.area / whole if whole else None)


def _ground(middle: LonLat, tall: Degree, wide: Degree) -> tuple[Metre, Metre]:
    """How high and how wide a cell of so many degrees is there."""
    metres, _ = directions(middle, [middle.lon, middle.lon + wide], [middle.lat + tall, middle.lat])
    return float(metres[0]), float(metres[1])


def _edges(
    found: NDArray[np.bool_], left: Degree, top: Degree, wide: Degree, tall: Degree
) -> tuple[Floats, Floats, Floats, Floats]:
    """West, south, east and north of the runs of cells of each row, each (n,)."""
    padded = np.zeros((found.shape[0], found.shape[1] + 2), np.int8)
    padded[:, 1:-1] = found
    change = np.diff(padded, axis=1)
    row, begin = np.nonzero(change == 1)
    _, end = np.nonzero(change == -1)
    return left + begin * wide, top - (row + 1) * tall, left + end * wide, top - row * tall
