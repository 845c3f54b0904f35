"""Spatial values whose axis order is never left to hope: longitude first, CGCS2000 (EPSG:4490) degrees."""

from dataclasses import dataclass
from typing import Annotated, Any

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
