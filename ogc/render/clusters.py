"""Many places as few figures: rings that say how many of which grade, squares that say how dense; both add up.

Cells are laid from the origin of the reference system, so that neighbouring pictures of one scale show the same ones.
"""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from ogc.render.drawing import Drawing, PointPass, PointStyle
from ogc.render.palette import MapTheme, Palette, palette
from ogc.render.symbols import shape_picture

FONT = Path(__file__).parent / "fonts" / "NotoSansSC-Regular-gb2312.ttf"
CELL = 64
SQUARE = 16
LEAST_ARC = 24.0
"""Degrees: one red in a thousand is still seen."""

CLASSES = (1, 2, 5, 10, 25, 100, 500)
"""The least number of each class of squares."""

_RAMP = {
    MapTheme.DAY: ("#C9D3DB", "#AFBECA", "#93A7B6", "#768EA0", "#5A7489", "#405B71", "#26323C"),
    MapTheme.NIGHT: ("#34434F", "#465867", "#5B7080", "#758B9B", "#94A6B4", "#BECAD4", "#F3F7FA"),
}
_OVER = 4
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def room(part: PointPass, drawing: Drawing) -> float:
    """Pixels round the picture in which a figure may stand that reaches into it, whole cells of them."""
    return 2.0 * (CELL if part.style is PointStyle.CLUSTERS else SQUARE) * drawing.scale


def theme_of(part: PointPass) -> MapTheme:
    """The look of the map."""
    return MapTheme.NIGHT if part.night else MapTheme.DAY


def ramp(theme: MapTheme) -> tuple[str, ...]:
    """The colours of the classes of squares, none of them a colour of risk."""
    return _RAMP[theme]


def classes(theme: MapTheme) -> list[tuple[str, str]]:
    """Each class of squares: its colour and how many places it means."""
    ends = [f"{low}" if high == low + 1 else f"{low}–{high - 1}" for low, high in pairwise(CLASSES)]
    return list(zip(ramp(theme), [*ends, f"≥ {CLASSES[-1]}"], strict=True))


def sample(colours: Palette) -> Image.Image:
    """A ring for the legend."""
    return _ring((0, 1, 2, 3, 6), colours, 0.7)


def _cells(drawing: Drawing, x: Floats, y: Floats, side: float) -> tuple[Ints, Ints, float, float]:
    """The cell of each place, and where the first cell begins in pixels."""
    extent = drawing.extent
    pixel = (extent.right - extent.left) / drawing.width
    upright = (extent.top - extent.bottom) / drawing.height
    before, above = (extent.left / pixel) % side, (-extent.top / upright) % side
    column = np.floor((x + before) / side).astype(np.int64)
    row = np.floor((y + above) / side).astype(np.int64)
    return column, row, -before, -above


def rings(
    part: PointPass,
    drawing: Drawing,
    x: Floats,
    y: Floats,
    grade: npt.NDArray[np.int8],
    weight: npt.NDArray[np.int32],
) -> npt.NDArray[np.uint8]:
    """A ring for each cell at the middle of its places, the worst drawn last."""
    picture = Image.new("RGBA", (drawing.width, drawing.height), (0, 0, 0, 0))
    colours = palette(theme_of(part))
    for one in reversed(gathered(drawing, x, y, grade, weight)):
        figure = _ring(one.counts, colours, drawing.scale)
        solid, mask = figure.copy(), figure.getchannel("A")
        solid.putalpha(255)
        picture.paste(solid, (round(one.x - figure.width / 2), round(one.y - figure.height / 2)), mask)
    return np.asarray(picture)


class Cluster:
    """How many places of each grade (0: none, then 1 to 4) a cell holds, and their middle in pixels."""

    __slots__ = ("counts", "x", "y")

    def __init__(self, x: float, y: float, counts: tuple[int, ...]) -> None:
        self.x, self.y, self.counts = x, y, counts

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)

    @property
    def worst(self) -> int:
        """The worst grade among them, 0 where none has one."""
        return next((level for level in range(1, 5) if self.counts[level]), 0)


def gathered(
    drawing: Drawing, x: Floats, y: Floats, grade: npt.NDArray[np.int8], weight: npt.NDArray[np.int32]
) -> list[Cluster]:
    """The clusters of a picture, the worst first, larger ones before smaller."""
    side = CELL * drawing.scale
    column, row, _, _ = _cells(drawing, x, y, side)
    _, cell = np.unique((row << 32) + column, return_inverse=True)
    many = int(cell.max()) + 1 if len(cell) else 0
    counts = np.bincount(cell * 5 + grade, weights=weight, minlength=many * 5).reshape(many, 5).astype(np.int64)
    total = counts.sum(axis=1)
    middle_x, middle_y = (np.bincount(cell, weights=v * weight, minlength=many) / total for v in (x, y))
    found = [
        Cluster(float(mx), float(my), tuple(row))
        for mx, my, row in zip(middle_x, middle_y, counts.tolist(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.worst or 9, -one.total))


def _ring(counts: tuple[int, ...], colours: Palette, scale: float) -> Image.Image:
    """A ring shared by grade over a plate, the number in it, the shape of the worst at its top right."""
    total, night = sum(counts), colours.theme is MapTheme.NIGHT
    size = round((26 + 6 * min(4.0, math.log10(total))) * scale)
    big = size * _OVER
    figure = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(figure)
    edge, width = round(big * 0.04), round(big * 0.13)
    pen.ellipse((0, 0, big - 1, big - 1), fill="#0E1720" if night else "#FFFFFF")
    box = (edge, edge, big - 1 - edge, big - 1 - edge)
    start = -90.0
    for colour, degrees in _arcs(counts, colours):
        pen.arc(box, start, start + degrees, fill=colour, width=width)
        start += degrees
    text = str(total)
    font = ImageFont.truetype(str(FONT), round(big * (0.38 if len(text) < 4 else 1.35 / (len(text) + 1))))
    pen.text((big / 2, big / 2), text, font=font, fill="#F3F7FA" if night else "#16202A", anchor="mm")
    figure = figure.resize((size, size), Image.Resampling.LANCZOS)
    worst = next((grade for grade in colours.grades if counts[grade.level]), None)
    if worst is None:
        return figure
    badge, more = shape_picture(worst, round(14 * scale)), round(4 * scale)
    whole = Image.new("RGBA", (size + 2 * more, size + 2 * more), (0, 0, 0, 0))
    whole.alpha_composite(figure, (more, more))
    whole.alpha_composite(badge, (whole.width - badge.width, 0))
    return whole


def _arcs(counts: tuple[int, ...], colours: Palette) -> list[tuple[str, float]]:
    """Each grade's part of the ring, none under the least; what has no grade is grey."""
    parts = [(grade.fill, counts[grade.level]) for grade in colours.grades if counts[grade.level]]
    if counts[0]:
        parts.append((colours.plain, counts[0]))
    total = sum(counts)
    wanted = [max(LEAST_ARC, 360.0 * count / total) for _, count in parts]
    over = sum(wanted) - 360.0
    loose = sum(degrees - LEAST_ARC for degrees in wanted) or 1.0
    shares = [degrees - over * (degrees - LEAST_ARC) / loose for degrees in wanted]
    return [(colour, degrees) for (colour, _), degrees in zip(parts, shares, strict=True)]


def squares(
    part: PointPass, drawing: Drawing, x: Floats, y: Floats, weight: npt.NDArray[np.int32]
) -> npt.NDArray[np.uint8]:
    """Squares by how many places they hold."""
    side = SQUARE * drawing.scale
    column, row, left, top = _cells(drawing, x, y, side)
    across, down = math.ceil((drawing.width - left) / side) + 1, math.ceil((drawing.height - top) / side) + 1
    inside = (column >= 0) & (column < across) & (row >= 0) & (row < down)
    number = row[inside] * across + column[inside]
    counts = np.bincount(number, weights=weight[inside], minlength=across * down).reshape(down, across)
    colours = [(0, 0, 0, 0)]
    for colour in ramp(theme_of(part)):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        colours.append((red * 200 // 255, green * 200 // 255, blue * 200 // 255, 200))
    tinted = np.array(colours, np.uint8)[np.searchsorted(CLASSES, counts, side="right")]
    columns = np.floor((np.arange(drawing.width) - left) / side).astype(np.int64)
    rows = np.floor((np.arange(drawing.height) - top) / side).astype(np.int64)
    found: npt.NDArray[np.uint8] = tinted[rows][:, columns]
    return found
