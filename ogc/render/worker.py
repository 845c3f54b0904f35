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

from ogc.render.drawing import Drawing, Format, RasterPass

FONTS = Path(__file__).parent / "fonts"
SHEETS_KEPT = 24
LENGTH = struct.Struct(">I")

_ENCODINGS = {
    Format.PNG: "png32:z=4",
    Format.PNG8: "png8:m=h:z=3",
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

    def draw(self, drawing: Drawing) -> list[bytes]:
        """One encoded picture for each tile."""
        mapnik = self._mapnik
        image = mapnik.Image(drawing.width, drawing.height)
        image.fill(mapnik.Color(drawing.background or "rgba(0,0,0,0)"))
        for part in drawing.parts:
            if isinstance(part, RasterPass):
                self._paint(image, part, drawing)
            else:
                self._render(image, part, drawing)
        encoding = _ENCODINGS[drawing.format]
        if drawing.tiles == 1:
            return [image.to_string(encoding)]
        across, down = drawing.width // drawing.tiles, drawing.height // drawing.tiles
        return [
            image.view(column * across, row * down, across, down).to_string(encoding)
            for row in range(drawing.tiles)
            for column in range(drawing.tiles)
        ]

    def _render(self, image: Any, text: str, drawing: Drawing) -> None:
        """A sheet over what is there; Mapnik takes the picture under it as premultiplied and leaves it plain."""
        sheet, extent = self._map(text), drawing.extent
        sheet.resize(drawing.width, drawing.height)
        sheet.buffer_size = drawing.buffer
        sheet.zoom_to_box(self._mapnik.Box2d(extent.left, extent.bottom, extent.right, extent.top))
        image.premultiply()
        self._mapnik.render(sheet, image, drawing.scale)

    def _paint(self, image: Any, part: RasterPass, drawing: Drawing) -> None:
        from ogc.render.painting import encoded, painted

        layer = painted(part, drawing.extent, drawing.width, drawing.height)
        over = self._mapnik.Image.from_string(encoded(layer))
        image.composite(over, self._mapnik.CompositeOp.src_over, part.opacity)


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
