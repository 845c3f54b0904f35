"""A place as a request gives it, in any of the systems spoken here, as the layer keeps it."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.texts import Text
from layers.layer import Geometry, Layer
from ogc.encode.crs import OgcCrs, inward
from ogc.filter.limits import MAX_VERTICES


def settled_shape(shape: BaseGeometry, layer: Layer, crs: OgcCrs) -> tuple[BaseGeometry | None, Text | None]:
    """The place in EPSG:4490 lon-lat, flat, a single part of a point; or why it cannot be kept.

    Kind, validity and whereabouts are the validation's to judge.
    """
    vertices = int(shapely.get_num_coordinates(shape))
    if vertices > MAX_VERTICES:
        return None, Text(
            f"顶点 {vertices} 个,超过上限 {MAX_VERTICES}", f"has {vertices} vertices, more than {MAX_VERTICES}"
        )
    flat = shapely.force_2d(shape)
    if layer.geometry is Geometry.POINT and shapely.get_num_geometries(flat) == 1:
        flat = shapely.get_geometry(flat, 0) or flat
    moved = inward(flat, crs)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return None, Text(f"坐标不在坐标系 {crs.name} 内", f"lies outside the system {crs.name}")
    return moved, None
