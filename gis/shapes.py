"""Spatial values whose axis order is never left to hope: longitude first, CGCS2000 (EPSG:4490) degrees."""

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import shapely
from pydantic import BeforeValidator, GetJsonSchemaHandler, PlainSerializer
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class LonLat:
    """A position in degrees, longitude then latitude."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in degrees: west, south, east, north; one across the antimeridian is refused."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (self.west <= self.east and self.south <= self.north):
            raise ValueError(f"bounds out of order: {self}")

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter((self.west, self.south, self.east, self.north))

    @property
    def polygon(self) -> BaseGeometry:
        """The box as a polygon."""
        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def centre(self) -> LonLat:
        """The middle of the box."""
        return LonLat((self.west + self.east) / 2, (self.south + self.north) / 2)


class _ShapeSchema:
    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "object", "title": "GeoJSON geometry (RFC 7946 members; EPSG:4490 lon, lat)"}


def _geometry(value: Any) -> Any:
    if isinstance(value, bytes):
        return shapely.from_wkb(value)
    if isinstance(value, dict):
        return shape(value)
    return value


Shape = Annotated[
    BaseGeometry,
    BeforeValidator(_geometry),
    PlainSerializer(mapping, return_type=dict, when_used="json"),
    _ShapeSchema(),
]
"""A shapely geometry in EPSG:4490, lon-lat; validates from GeoJSON or WKB, serialises to GeoJSON."""


def crowding(shape: BaseGeometry) -> tuple[int, int]:
    """The most edges of a polygon's rings that one parallel meets, and the most that one meridian does.

    Whether a point lies inside is told from the edges on its parallel: thousands of them make it dear.

    >>> crowding(shapely.box(0, 0, 1, 1))
    (3, 3)
    """
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    same = ring[1:] == ring[:-1]
    low, high = np.minimum(xy[1:], xy[:-1])[same], np.maximum(xy[1:], xy[:-1])[same]
    return _met(low[:, 1], high[:, 1]), _met(low[:, 0], high[:, 0])


def _met(low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> int:
    begun = np.arange(1, len(low) + 1) - np.searchsorted(np.sort(high), np.sort(low))
    return int(begun.max(initial=0))
