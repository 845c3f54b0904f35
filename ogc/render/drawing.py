"""One picture to draw, as a value that travels to a drawing process."""

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """An image encoding; PNG8 is a palette of 256 colours with transparency."""

    PNG = "image/png"
    PNG8 = "image/png; mode=8bit"
    JPEG = "image/jpeg"
    WEBP = "image/webp"

    @property
    def media_type(self) -> str:
        """The media type without its parameter."""
        return self.value.split(";")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """A rectangle of the picture's coordinate system, x to the east and y to the north whatever the authority says."""

    left: float
    bottom: float
    right: float
    top: float


class Shading(StrEnum):
    """How the cells of a raster become colour."""

    CLASSES = "classes"
    RELIEF = "relief"
    SHADE = "shade"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterPass:
    """One raster as a layer of the picture, in the EPSG code of the picture.

    `stops` are (value, colour): the lower bounds of classes, or the points a tint runs between; `stretch` is the range
    of a picture's values that is spread over 0 to 255; `reduced` lets the drawing read the file's reduced copies.
    """

    path: str
    crs: int
    shading: Shading
    stops: tuple[tuple[float, str], ...] = ()
    stretch: tuple[float, float] | None = None
    reduced: bool = True
    night: bool = False
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Compiled sheets (Mapnik XML with scope and filters in its queries) and rasters, bottom first, and their window.

    `scale` multiplies every width and letter (2 for @2x, dpi / 90.7 for print); `background` None is transparent;
    `tiles` above 1 cuts the picture into that many rows and columns, answered from the top left, row by row.
    """

    parts: tuple[str | RasterPass, ...]
    extent: Extent
    width: int
    height: int
    format: Format = Format.PNG
    background: str | None = None
    scale: float = 1.0
    buffer: int = 64
    tiles: int = 1
