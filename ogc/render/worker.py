"""A drawing process: reads drawings from its standard input, answers encoded pictures; run as a module.

It alone opens the store's file by way of Mapnik: the serving process holds that file open through sqlite3, and two
SQLite libraries in one process break each other's locks.
"""

import os
import pickle
import struct
import sys
from collections import OrderedDict
from pathlib import Path
from typing import IO, Any

from ogc.render.drawing import Box, Drawing, Drawn, Format, PointPass, RasterPass
from ogc.render.encoding import handed, over, over_background, written
from ogc.render.stamping import Stamps

FONTS = Path(__file__).parent / "fonts"
SHEETS_KEPT = 24
LENGTH = struct.Struct(">I")

_ENCODINGS = {
    Format.PNG: "png32:z=4",
    Format.PNG8: "png8:m=h:z=1:s=rle",
    Format.JPEG: "jpeg85",
    Format.WEBP: "webp:quality=85",
}


class Easel:
    """The maps of the sheets used last, each parsed once; never shared between threads."""

    def __init__(self) -> None:
        import mapnik

        self._mapnik = mapnik
        for font in sorted(FONTS.glob("*.ttf")):
            mapnik.FontEngine.register_font(str(font))
        self._maps: OrderedDict[str, Any] = OrderedDict()
        self._stamps = Stamps()

    def _map(self, sheet: str) -> Any:
        if sheet in self._maps:
            self._maps.move_to_end(sheet)
            return self._maps[sheet]
        parsed = self._mapnik.Map(16, 16)
        self._mapnik.load_map_from_string(parsed, sheet, True, "")
        parsed.aspect_fix_mode = self._mapnik.aspect_fix_mode.RESPECT
        self._maps[sheet] = parsed
        while len(self._maps) > SHEETS_KEPT:
            self._maps.popitem(last=False)
        return parsed

    def draw(self, drawing: Drawing) -> Drawn:
        """One encoded picture for each tile."""
        points = [part for part in drawing.parts if isinstance(part, PointPass)]
        if points and len(points) == len(drawing.parts):
            return Drawn(self._points_alone(points, drawing))
        mapnik = self._mapnik
        image = mapnik.Image(drawing.width, drawing.height)
        image.fill(mapnik.Color(drawing.background or "rgba(0,0,0,0)"))
        room = drawing.buffer
        taken = mapnik.LabelCollisionDetector(mapnik.Box2d(-room, -room, drawing.width + room, drawing.height + room))
        labels: list[Box] = []
        for part in drawing.parts:
            if isinstance(part, RasterPass):
                self._paint(image, part, drawing)
            elif isinstance(part, PointPass):
                layer = mapnik.Image.from_string(handed(self._stamps.painted(part, drawing)))
                image.premultiply()
                image.composite(layer, mapnik.CompositeOp.src_over, 1.0)
                image.demultiply()
            else:
                labels.extend(self._render(image, part, drawing, taken))
        return Drawn(self._encoded(image, drawing), tuple(labels))

    def _points_alone(self, points: list[PointPass], drawing: Drawing) -> tuple[bytes, ...]:
        """Nothing but places of plates: drawn and encoded without Mapnik."""
        canvas = over_background(self._stamps.painted(points[0], drawing), drawing.background)
        for part in points[1:]:
            canvas = over(self._stamps.painted(part, drawing), canvas)
        across, down = drawing.width // drawing.tiles, drawing.height // drawing.tiles
        return tuple(
            written(canvas[row * down : (row + 1) * down, column * across : (column + 1) * across], drawing.format)
            for row in range(drawing.tiles)
            for column in range(drawing.tiles)
        )

    @staticmethod
    def _encoded(image: Any, drawing: Drawing) -> tuple[bytes, ...]:
        encoding = _ENCODINGS[drawing.format]
        if drawing.tiles == 1:
            return (image.to_string(encoding),)
        across, down = drawing.width // drawing.tiles, drawing.height // drawing.tiles
        return tuple(
            image.view(column * across, row * down, across, down).to_string(encoding)
            for row in range(drawing.tiles)
            for column in range(drawing.tiles)
        )

    def _render(self, image: Any, text: str, drawing: Drawing, taken: Any) -> list[Box]:
        """A sheet over what is there, its labels where no label of the picture stands yet.

        Mapnik takes the picture under a sheet as premultiplied and leaves it plain. A report is had by drawing layer
        after layer and asking which boxes came with each.
        """
        sheet, extent = self._map(text), drawing.extent
        sheet.resize(drawing.width, drawing.height)
        sheet.buffer_size = drawing.buffer
        sheet.zoom_to_box(self._mapnik.Box2d(extent.left, extent.bottom, extent.right, extent.top))
        if not drawing.report:
            image.premultiply()
            self._mapnik.render_with_detector(sheet, image, taken, drawing.scale)
            return []
        found: list[Box] = []
        layers = list(sheet.layers)
        was = [layer.active for layer in layers]
        known = _boxes(taken)
        for number in range(len(layers)):
            for other, layer in enumerate(sheet.layers):
                layer.active = was[other] and other == number
            image.premultiply()
            self._mapnik.render_with_detector(sheet, image, taken, drawing.scale)
            now = _boxes(taken)
            found.extend(Box(layers[number].name, *box) for box in sorted(now - known))
            known = now
        for layer, active in zip(sheet.layers, was, strict=True):
            layer.active = active
        return found

    def _paint(self, image: Any, part: RasterPass, drawing: Drawing) -> None:
        from ogc.render.painting import encoded, painted

        layer = painted(part, drawing.extent, drawing.width, drawing.height)
        over = self._mapnik.Image.from_string(encoded(layer))
        image.composite(over, self._mapnik.CompositeOp.src_over, part.opacity)


def _boxes(taken: Any) -> set[tuple[float, float, float, float]]:
    return {(box.minx, box.miny, box.maxx, box.maxy) for box in taken.boxes()}


def send(stream: IO[bytes], value: object) -> None:
    """One pickled message behind its length."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def main() -> None:
    """Answer drawings until the standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    source = sys.stdin.buffer
    easel = Easel()
    send(answers, "ready")
    while head := source.read(LENGTH.size):
        drawing: Drawing = pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301 from our own parent
        try:
            send(answers, easel.draw(drawing))
        except Exception as error:  # a sheet or datasource at fault costs its own request only
            send(answers, f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
