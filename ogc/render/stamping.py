"""Places of a plate as a picture: merged risk shapes far out, symbols near by; worst on top.

The canvas holds colours multiplied by their opacity, so that one thing over another is one sum.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from math import floor

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageColor

from ogc.render import clusters
from ogc.render.drawing import Drawing, PointPass, PointSource, PointStyle
from ogc.render.palette import Grade, MapTheme, palette
from ogc.render.placing import in_degrees, projected, widened
from ogc.render.plate import Plate, Points
from ogc.render.symbols import dot_picture, shape_picture

Canvas = npt.NDArray[np.uint8]
SHAPE, DOT = 12, 9
APART = 10
"""Pixels: of the symbols within one such square the last drawn stands for all; it hides the others anyway."""

ROOM = 24
KEPT = 8
_FEW = 400
_FULL = 0xFFFF
_FAINT = 24
"""Of 255: opacities so near to none or all are taken for it."""

_STRIP = 64
_ORDER = (0, 4, 3, 2, 1)


class Stamps:
    """The plates and pictures a drawing process used last."""

    def __init__(self) -> None:
        self._plates: OrderedDict[PointSource, Plate] = OrderedDict()
        self._symbols: dict[tuple[str, float], tuple[Image.Image, Image.Image]] = {}

    def _plate(self, source: PointSource) -> Plate:
        if source not in self._plates:
            self._plates[source] = Plate(source)
            while len(self._plates) > KEPT:
                self._plates.popitem(last=False)
        self._plates.move_to_end(source)
        return self._plates[source]

    def painted(self, part: PointPass, drawing: Drawing) -> Canvas:
        """The layer alone, shape (height, width, 4), colours multiplied by opacity."""
        grouped = part.style in (PointStyle.CLUSTERS, PointStyle.HEAT)
        room = clusters.room(part, drawing) if grouped else ROOM * drawing.scale
        window = in_degrees(widened(drawing.extent, drawing.width, drawing.height, room), part.crs)
        inner = in_degrees(drawing.extent, part.crs)
        pixel = min((inner.east - inner.west) / drawing.width, (inner.north - inner.south) / drawing.height)
        coarse = clusters.CELL / 16 if grouped else 1.0
        found = self._plate(part.source).window(window, pixel * coarse, part.areas, part.clearance)
        x, y = projected(found.x, found.y, part.crs)
        extent = drawing.extent
        across = (x - extent.left) / (extent.right - extent.left) * drawing.width
        down = (extent.top - y) / (extent.top - extent.bottom) * drawing.height
        grade = found.grade if part.graded else np.zeros_like(found.grade)
        match part.style:
            case PointStyle.CLUSTERS:
                return clusters.rings(part, drawing, across, down, grade, found.weight)
            case PointStyle.HEAT:
                return clusters.squares(part, drawing, across, down, found.weight)
            case PointStyle.SHAPES:
                return shapes(drawing, across, down, grade, night=part.night)
            case PointStyle.SYMBOLS:
                return self._stamped(part, drawing, across, down, grade, found)

    def _stamped(
        self,
        part: PointPass,
        drawing: Drawing,
        across: npt.NDArray[np.float64],
        down: npt.NDArray[np.float64],
        grade: npt.NDArray[np.int8],
        found: Points,
    ) -> Canvas:
        kind = found.kind if part.kinds else np.full_like(found.kind, -1)
        chosen = _standing(across, down, grade, APART * drawing.scale)
        files = {(code, level): file for code, level, file in part.files}
        picture = Image.new("RGBA", (drawing.width, drawing.height), (0, 0, 0, 0))
        columns = (across[chosen].tolist(), down[chosen].tolist(), kind[chosen].tolist(), grade[chosen].tolist())
        core = picture.im  # its own paste: around it Pillow spends five times what the pixels cost
        for x, y, code, level in zip(*columns, strict=True):
            solid, mask = self._symbol(files[code, level], drawing.scale)
            width, height = solid.size
            left, top = floor(x - width / 2), floor(y - height / 2)
            core.paste(solid.im, (left, top, left + width, top + height), mask.im)
        return np.asarray(picture)

    def _symbol(self, file: str, scale: float) -> tuple[Image.Image, Image.Image]:
        """A picture without its opacity, and the opacity: pasted so, it lies over a multiplied canvas as it should."""
        if (file, scale) not in self._symbols:
            with Image.open(file) as found:
                whole = found.convert("RGBA")
            if scale != 1:
                size = (round(whole.width * scale), round(whole.height * scale))
                whole = whole.resize(size, Image.Resampling.LANCZOS)
            mask = whole.getchannel("A")
            whole.putalpha(255)
            self._symbols[file, scale] = whole, mask
        return self._symbols[file, scale]


def _standing(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], grade: npt.NDArray[np.int8], apart: float
) -> npt.NDArray[np.int64]:
    """Entries in drawing order, the worst last, one for each square."""
    order = np.argsort(np.where(grade == 0, 9, grade), kind="stable")[::-1]
    cells = (np.floor(y / apart).astype(np.int64) << 20) + np.floor(x / apart).astype(np.int64)
    _, first = np.unique(cells[order][::-1], return_index=True)
    kept = np.sort(len(order) - 1 - first)
    standing: npt.NDArray[np.int64] = order[kept]
    return standing


def shapes(
    drawing: Drawing,
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    grade: npt.NDArray[np.int8],
    *,
    night: bool,
) -> Canvas:
    """Bare risk shapes; those of one grade that touch run together with one edge round all of them."""
    theme = MapTheme.NIGHT if night else MapTheme.DAY
    graded = {one.level: one for one in palette(theme).grades}
    canvas = np.zeros((drawing.height, drawing.width, 4), np.uint8)
    for level in _ORDER:
        which = np.flatnonzero(grade == level)
        if len(which):
            body = _body(graded[level] if level else None, drawing.scale, theme)
            shift = body.size / 2
            left, top = (np.floor(v[which] - shift).astype(np.int64) for v in (x, y))
            _union(canvas, body, left, top)
    return canvas


@dataclass(frozen=True, slots=True)
class _Body:
    """A shape as numbers: how opaque and how far inward each pixel is (high and low byte), and the colour of each such
    number, multiplied by its opacity."""

    depth: npt.NDArray[np.uint16]
    colours: npt.NDArray[np.uint32]

    @property
    def size(self) -> int:
        """Pixels along an edge."""
        return int(self.depth.shape[0])


@cache
def _body(grade: Grade | None, scale: float, theme: MapTheme) -> _Body:
    plain = palette(theme).plain
    if grade is None:
        picture, inside, edge = dot_picture(plain, round(DOT * scale)), "#0E1720", plain
    else:
        picture, inside, edge = shape_picture(grade, round(SHAPE * scale)), grade.fill, grade.edge
    pixels = np.asarray(picture).astype(np.float64)
    inner, rim = (np.array(ImageColor.getrgb(colour)[:3], np.float64) for colour in (inside, edge))
    along = ((pixels[..., :3] - rim) @ (inner - rim)) / max(1.0, float((inner - rim) @ (inner - rim)))
    alpha = pixels[..., 3]
    depth = (alpha.astype(np.uint16) << 8) | np.rint(np.clip(along, 0, 1) * 255).astype(np.uint16)
    depth[alpha < _FAINT] = 0
    depth[(alpha > 255 - _FAINT) & (along > 1 - _FAINT / 255)] = _FULL
    opaque, inward = (v.ravel()[:, None] for v in np.divmod(np.arange(1 << 16), 256))
    mixed = (rim + (inner - rim) * inward / 255.0) * opaque / 255.0
    return _Body(depth.astype(np.uint16), np.rint(np.hstack([mixed, opaque])).astype(np.uint8).view(np.uint32).ravel())


def _union(canvas: Canvas, body: _Body, left: npt.NDArray[np.int64], top: npt.NDArray[np.int64]) -> None:
    """One shape at many places as one body: of what meets in a pixel the most opaque and most inward counts."""
    size, (height, width) = body.size, canvas.shape[:2]
    near = np.flatnonzero((left > -size) & (left < width) & (top > -size) & (top < height))
    if not len(near):
        return
    places = (top[near] + size) * (width + 2 * size) + left[near] + size
    spread = _scattered if len(places) < _FEW else _shifted
    depth = np.ascontiguousarray(spread(places, body.depth, height, width)).reshape(-1)
    whole = canvas.reshape(-1, 4).view(np.uint32).reshape(-1)
    np.copyto(whole, body.colours[_FULL], where=depth == _FULL)
    here = np.flatnonzero((depth > 0) & (depth < _FULL))
    colours = body.colours[depth[here]].view(np.uint8).reshape(-1, 4)
    rest = 255 - colours[:, 3:].astype(np.uint16)
    under = whole[here].view(np.uint8).reshape(-1, 4)
    colours += ((under * rest + 127) // 255).astype(np.uint8)
    whole[here] = colours.view(np.uint32).reshape(-1)


def _scattered(
    places: npt.NDArray[np.int64], depth: npt.NDArray[np.uint16], height: int, width: int
) -> npt.NDArray[np.uint16]:
    """For few places: each writes its own square."""
    size, stride = depth.shape[0], width + 2 * depth.shape[0]
    found = np.zeros((height + 2 * size, stride), np.uint16)
    rows, columns = np.nonzero(depth)
    where = places[:, None] + (rows * stride + columns)[None, :]
    np.maximum.at(found.reshape(-1), where, np.broadcast_to(depth[rows, columns], where.shape))
    return found[size : size + height, size : size + width]


def _shifted(
    places: npt.NDArray[np.int64], depth: npt.NDArray[np.uint16], height: int, width: int
) -> npt.NDArray[np.uint16]:
    """For many: all places at once, once for each pixel of the shape's rim and for each row of its inside.

    Strip by strip, because a strip stays in the processor's cache.
    """
    size, stride = depth.shape[0], width + 2 * depth.shape[0]
    there = np.zeros((height + 2 * size, stride), np.uint16)
    there.reshape(-1)[places] = _FULL
    found = np.zeros((height, width), np.uint16)
    rim = list(zip(*np.nonzero((depth > 0) & (depth < _FULL)), strict=True))
    runs = [
        (row, int(inside[0]), len(inside)) for row in range(size) if len(inside := np.flatnonzero(depth[row] == _FULL))
    ]
    longest = max((length for _, _, length in runs), default=0)
    for top in range(0, height, _STRIP):
        strip = found[top : top + _STRIP]
        one, rows = np.empty_like(strip), strip.shape[0]
        for row, column in rim:
            first = top + size - row
            np.bitwise_and(
                there[first : first + rows, size - column : size - column + width], depth[row, column], out=one
            )
            np.maximum(strip, one, out=strip)
        wide = there[top + 1 : top + rows + size].copy()
        for length in range(1, longest + 1):
            if length > 1:
                wide[:, length - 1 :] |= there[top + 1 : top + rows + size, : stride - length + 1]
            for row, column, reach in runs:
                if reach == length:
                    first = size - 1 - row
                    left = size - column
                    np.bitwise_or(strip, wide[first : first + rows, left : left + width], out=strip)
    return found
