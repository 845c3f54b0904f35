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


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A compiled sheet (Mapnik XML with scope and filters in its queries) and the window to draw it in.

    `scale` multiplies every width and letter (2 for @2x, dpi / 90.7 for print); `background` None is transparent;
    `tiles` above 1 cuts the picture into that many rows and columns, answered from the top left, row by row.
    """

    sheet: str
    extent: Extent
    width: int
    height: int
    format: Format = Format.PNG
    background: str | None = None
    scale: float = 1.0
    buffer: int = 64
    tiles: int = 1
