"""Pictures for papers: the base map of a window with zones, bands, warnings, the place and the forces on it.

Colours go with words and line styles: what is hatched or dashed on screen is dashed here, and each mark has its name.
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import shapely
from PIL import Image, ImageDraw, ImageFont
from shapely.geometry.base import BaseGeometry

from core.texts import Lang, Text
from core.units import Metre
from dashboards.brief.window import WEB_MERCATOR, BasePicture, Window, window_round
from dashboards.handout.typeset import FACE, unpacked
from gis.crs import moved
from gis.placing import sector
from gis.shapes import LonLat

WIDE = 1400
INK, PAPER = "#1A2530", "#FFFFFF"
AROUND: Metre = 1200.0
"""What is seen round a place that has no zone."""
BAR = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An outline with its name; `dashed` for what is not sure, as a band or a level nobody verified."""

    shape: BaseGeometry
    words: str
    colour: str
    dashed: bool = False
    filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A place with its name."""

    place: LonLat
    words: str
    colour: str = INK


def picture(
    base: BasePicture | None, areas: Sequence[Area], marks: Sequence[Pin], lang: Lang, *, played: bool = False
) -> bytes | None:
    """A PNG of everything that is drawn, or None where there is nothing to draw."""
    shapes = [one.shape for one in areas] + [shapely.Point(one.place.lon, one.place.lat) for one in marks]
    if not shapes:
        return None
    whole = shapely.union_all(shapes)
    if whole.area == 0.0 and len(marks) == 1:
        whole = sector(marks[0].place, AROUND, 0.0, 360.0)
    window = window_round(whole)
    sheet = _ground(base, window, lang)
    pen = _Pen(sheet, window)
    for one in areas:
        pen.area(one)
    for mark in marks:
        pen.mark(mark)
    for one in areas:
        pen.name(one, marks[0].place if marks else None)
    pen.bar(lang)
    if played:
        pen.corner(Text("演练", "EXERCISE").of(lang))
    out = io.BytesIO()
    sheet.convert("P", palette=Image.Palette.ADAPTIVE, colors=200).save(out, "PNG", optimize=True)
    return out.getvalue()


def _ground(base: BasePicture | None, window: Window, lang: Lang) -> Image.Image:
    if base is None:
        wide, high = window.size
        found = Image.new("RGB", (wide, high), "#F2F1EC")
    else:
        found = Image.open(io.BytesIO(base(window, lang))).convert("RGB")
    return found.resize((WIDE, round(WIDE * found.height / found.width)), Image.Resampling.LANCZOS)


@cache
def _face() -> bytes:
    return unpacked(FACE.read_bytes())


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(_face()), size)


class _Pen:
    """Draws on a picture in longitude and latitude."""

    def __init__(self, sheet: Image.Image, window: Window) -> None:
        self.sheet, self.window = sheet, window
        self.draw = ImageDraw.Draw(sheet, "RGBA")
        self.metres = (window.right - window.left) / sheet.width
        self.taken: list[tuple[float, float, float, float]] = []

    def at(self, places: np.ndarray) -> list[tuple[float, float]]:
        """Pixels of longitudes and latitudes."""
        plain = moved(places, 4490, WEB_MERCATOR)
        x, y = (plain[:, 0] - self.window.left) / self.metres, (self.window.top - plain[:, 1]) / self.metres
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def area(self, one: Area) -> None:
        for part in shapely.get_parts(one.shape):
            if part.geom_type != "Polygon":
                continue
            if one.filled:
                self.draw.polygon(self.at(shapely.get_coordinates(part.exterior)), fill=f"{one.colour}26")
            for ring in (part.exterior, *part.interiors):
                self.line(self.at(shapely.get_coordinates(ring)), one.colour, one.dashed)

    def line(self, ring: list[tuple[float, float]], colour: str, dashed: bool) -> None:
        if not dashed:
            self.draw.line([*ring, ring[1]], fill=colour, width=4, joint="curve")
            return
        left, on = 14.0, True
        for (x0, y0), (x1, y1) in pairwise(ring):
            length, done = math.hypot(x1 - x0, y1 - y0), 0.0
            while length - done > 1e-9:
                step = min(left, length - done)
                if on:
                    a, b = done / length, (done + step) / length
                    ends = (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
                    self.draw.line(ends, fill=colour, width=4)
                done, left = done + step, left - step
                if left <= 1e-9:
                    left, on = 14.0 if not on else 9.0, not on

    def name(self, one: Area, source: LonLat | None) -> None:
        """At the end of the outline that is farthest from the source: there zones are apart."""
        if not one.words:
            return
        corners = shapely.get_coordinates(one.shape)
        away = corners[:, 1] if source is None else np.hypot(corners[:, 0] - source.lon, corners[:, 1] - source.lat)
        (place,) = self.at(corners[np.argmax(away)][None, :])
        self.label(place[0], place[1] + 22, one.words, one.colour)

    def mark(self, one: Pin) -> None:
        ((x, y),) = self.at(np.array([[one.place.lon, one.place.lat]]))
        self.draw.ellipse((x - 12, y - 12, x + 12, y + 12), fill=PAPER, outline=one.colour, width=4)
        self.draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=one.colour)
        self.label(x, y + 28, one.words, one.colour)

    def label(self, x: float, y: float, words: str, colour: str) -> None:
        """A card with the words in the middle, kept on the paper and off other cards."""
        font = _font(24)
        wide = self.draw.textlength(words, font=font) + 16
        x = min(max(x - wide / 2, 4), self.sheet.width - wide - 4)
        y = min(max(y - 17, 4), self.sheet.height - 38)
        while any(x < x1 and x + wide > x0 and y < y1 and y + 34 > y0 for x0, y0, x1, y1 in self.taken):
            y += 36
        self.taken.append((x, y, x + wide, y + 34))
        self.draw.rectangle((x, y, x + wide, y + 34), fill="#FFFFFFE6", outline=colour, width=2)
        self.draw.text((x + 8, y + 2), words, font=font, fill=INK)

    def bar(self, lang: Lang) -> None:
        """So many metres on the ground at the middle of the map, and north."""
        middle = (self.window.top + self.window.bottom) / 2
        lat = float(moved(np.array([[self.window.left, middle]]), WEB_MERCATOR, 4490)[0, 1])
        ground = self.metres * math.cos(math.radians(lat))
        unit = 10 ** math.floor(math.log10(BAR * ground))
        metres = next(step for step in (5, 2, 1) if step * unit <= BAR * ground) * unit
        wide, base = metres / ground, self.sheet.height - 24
        words = f"{metres:g} m" if metres < 1000 else f"{metres / 1000:g} km"
        self.draw.rectangle((14, base - 44, 44 + wide, base + 12), fill="#FFFFFFE0")
        self.draw.line([(28, base - 8), (28, base), (28 + wide, base), (28 + wide, base - 8)], fill=INK, width=4)
        self.draw.text((28, base - 42), words, font=_font(24), fill=INK)
        north, x = Text("北", "N").of(lang), self.sheet.width - 44
        self.draw.rectangle((x - 24, base - 70, x + 24, base + 12), fill="#FFFFFFE0")
        self.draw.polygon([(x, base - 62), (x + 13, base - 30), (x - 13, base - 30)], fill=INK)
        self.draw.text((x, base - 10), north, font=_font(24), fill=INK, anchor="mm")

    def corner(self, words: str) -> None:
        """Across the corner of a picture that is played."""
        self.draw.rectangle((0, 0, self.draw.textlength(words, font=_font(44)) + 48, 68), fill="#B00020")
        self.draw.text((24, 6), words, font=_font(44), fill=PAPER)
