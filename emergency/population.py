"""How many people live inside shapes: the sum over the population raster, each cell by the share that is covered."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from core.errors import BadInputError
from core.texts import Text
from gis.shapes import Bounds
from gis.zonal import Inside, insides
from layers.readers.rasters import grids
from store.rasters import Shelved

MOST_CELLS = 60_000_000
"""About two seconds of summing; a wider question is for a report, not for a map."""


def residents(one: Shelved, shapes: Sequence[BaseGeometry]) -> tuple[Inside, ...]:
    """People inside each shape, in one pass over the part of the raster that holds them all.

    Raises BadInputError where that part is too large to be read while somebody waits.
    """
    if all(shape.is_empty for shape in shapes):
        return tuple(Inside(0.0, 0.0) for _ in shapes)
    box = Bounds(*(float(edge) for edge in shapely.total_bounds(list(shapes))))
    _refuse_too_wide(one, box)
    return insides(grids(one.path, box), shapes)


def _refuse_too_wide(one: Shelved, box: Bounds) -> None:
    record, asked = one.record, box.polygon
    common = asked if record.geometry is None else shapely.intersection(asked, record.geometry)
    if common.is_empty:
        return
    west, south, east, north = common.bounds
    cells = (east - west) / record.resolution_lon * (north - south) / record.resolution_lat
    if cells > MOST_CELLS:
        raise BadInputError(
            Text("范围过大，请缩小后再估算人口", "the shape is too wide to estimate people in; draw a smaller one"),
            cells=int(cells),
        )
