"""One picture to draw, as a value that travels to a drawing process."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import BadInputError
from core.texts import Text
from ogc.limits import LIMITS

MOST_PIXELS = LIMITS.map_pixels
"""What one picture may hold, at whichever door it is asked for."""


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
class PointSource:
    """Where the files of a plate are: the plate, and the rows changed since it was written; or the rows themselves."""

    base: str = ""
    changes: str | None = None
    rows: bytes = b""


class PointStyle(StrEnum):
    """How the places of a big layer become a picture."""

    SHAPES = "shapes"
    SYMBOLS = "symbols"
    CLUSTERS = "clusters"
    HEAT = "heat"


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPass:
    """The places of a plate that a caller may see, as a layer of the picture in the EPSG code `crs`.

    `areas` None is everywhere; `files` are pictures by kind (-1: any other) and grade (0: none), `plain` the colour of
    what has no grade, `graded` and `kinds` say which of the two the caller may see.
    """

    source: PointSource
    style: PointStyle
    crs: int
    areas: tuple[str, ...] | None
    clearance: int
    files: tuple[tuple[int, int, str], ...] = ()
    graded: bool = True
    kinds: bool = True
    night: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Compiled sheets (Mapnik XML with scope and filters in its queries) and rasters, bottom first, and their window.

    `scale` multiplies every width and letter (2 for @2x, dpi / 90.7 for print); `background` None is transparent;
    `tiles` above 1 cuts the picture into that many rows and columns, answered from the top left, row by row; with
    `report` the labels' places are told, which takes longer.
    """

    parts: tuple[str | RasterPass | PointPass, ...]
    extent: Extent
    width: int
    height: int
    format: Format = Format.PNG
    background: str | None = None
    scale: float = 1.0
    buffer: int = 64
    tiles: int = 1
    report: bool = False

    def __post_init__(self) -> None:
        if self.width * self.height > MOST_PIXELS:
            millions = MOST_PIXELS / 2**20
            raise BadInputError(
                Text(
                    f"图幅 {self.width}×{self.height} 超过 {millions:g} 兆像素",
                    f"a picture of {self.width} by {self.height} is over {millions:g} megapixels",
                ),
                field="width",
            )


@dataclass(frozen=True, slots=True)
class Box:
    """A label's rectangle in pixels of the picture, y downwards, and what it belongs to."""

    layer: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """The two share some area."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > 0 and min(self.bottom, other.bottom) - max(self.top, other.top) > 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a drawing process answers: encoded pictures, and where labels were placed on them."""

    pictures: tuple[bytes, ...]
    labels: tuple[Box, ...] = ()
