"""Symbol pictures: the plate of the declaration with the badge of the grade, composed once and kept as PNG files."""

import math
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from core.errors import BusyError
from core.texts import Text
from ogc.render.palette import SYMBOLS, Grade, MapTheme, palette

Make = Callable[[], Image.Image]
_OVER = 8
MOST_MARKS = 2000
"""So many shapes of senders' styles are kept; then those nobody made within the hour go."""
_guard = threading.Lock()


def _points(shape: str, size: float) -> list[tuple[float, float]]:
    low, high, half = size * 0.06, size * 0.94, size / 2
    match shape:
        case "square":
            inset = size * 0.12
            return [(inset, inset), (size - inset, inset), (size - inset, size - inset), (inset, size - inset)]
        case "triangle":
            return [(half, low), (high, size * 0.88), (low, size * 0.88)]
        case _:
            return [(half, low), (high, half), (half, high), (low, half)]


def shape_picture(grade: Grade, size: int) -> Image.Image:
    """The bare shape of a grade: ■ red, ▲ orange, ◆ yellow, ● blue, edged so that it reads on either map."""
    big = size * _OVER
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    edge = max(1, round(big * 0.07))
    if grade.shape == "circle":
        inset = big * 0.1
        pen.ellipse((inset, inset, big - inset, big - inset), fill=grade.fill, outline=grade.edge, width=edge)
    else:
        corners = _points(grade.shape, big)
        pen.polygon(corners, fill=grade.fill)
        pen.line([*corners, corners[0], corners[1]], fill=grade.edge, width=edge, joint="curve")
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def mark_picture(shape: str, fill: str, edge: str | None, size: int) -> Image.Image:
    """A plain shape in one colour, as a style that somebody sends asks for it."""
    big = size * _OVER
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen, half = ImageDraw.Draw(picture), big / 2
    width = round(big * 0.08)
    match shape:
        case "circle":
            pen.ellipse((width, width, big - width, big - width), fill=fill, outline=edge, width=width if edge else 0)
        case "cross" | "x":
            turn = 0.0 if shape == "cross" else math.pi / 4
            for angle in (turn, turn + math.pi / 2):
                across, down = half * 0.9 * math.cos(angle), half * 0.9 * math.sin(angle)
                pen.line((half - across, half - down, half + across, half + down), fill=fill, width=round(big * 0.2))
        case _:
            corners = _star(big) if shape == "star" else _points(shape, big)
            pen.polygon(corners, fill=fill)
            if edge:
                pen.line([*corners, corners[0], corners[1]], fill=edge, width=width, joint="curve")
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _star(size: float) -> list[tuple[float, float]]:
    half = size / 2
    reach = [half * (0.94 if n % 2 == 0 else 0.4) for n in range(10)]
    turns = [math.pi * (n / 5 - 0.5) for n in range(10)]
    return [(half + far * math.cos(turn), half + far * math.sin(turn)) for far, turn in zip(reach, turns, strict=True)]


def dot_picture(colour: str, size: int) -> Image.Image:
    """A quiet ring for what has no grade and is too small for its symbol."""
    big = size * _OVER
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    inset = big * 0.2
    ImageDraw.Draw(picture).ellipse(
        (inset, inset, big - inset, big - inset), fill="#0E1720", outline=colour, width=round(big * 0.14)
    )
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def hatch_picture(colour: str, size: int = 12) -> Image.Image:
    """Lines from lower left to upper right that meet when the picture is repeated: what nobody verified."""
    big = size * _OVER
    picture = Image.new("RGBA", (big, big), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for shift in (-big, 0, big):
        pen.line([(shift, big), (shift + big, 0)], fill=colour, width=round(big * 0.12))
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def known(symbol: str) -> bool:
    """The symbol has a bitmap."""
    return re.fullmatch(r"[a-z0-9-]{1,40}", symbol) is not None and (SYMBOLS / "bitmap" / f"{symbol}-24.png").is_file()


def symbol_picture(symbol: str, grade: Grade | None, size: int) -> Image.Image:
    """The symbol with the grade's shape at its top right; the canvas grows evenly, so its middle stays the place."""
    stem = symbol if known(symbol) else "ent-trade"
    with Image.open(SYMBOLS / "bitmap" / f"{stem}-{24 if size <= 24 else 32}.png") as found:
        plate = found.convert("RGBA")
    if plate.width != size:
        plate = plate.resize((size, size), Image.Resampling.LANCZOS)
    if grade is None:
        return plate
    badge = shape_picture(grade, round(size * 0.56))
    room = round(size * 0.2)
    picture = Image.new("RGBA", (size + 2 * room, size + 2 * room), (0, 0, 0, 0))
    picture.alpha_composite(plate, (room, room))
    picture.alpha_composite(badge, (picture.width - badge.width, 0))
    return picture


class SymbolFiles:
    """Pictures as files under one folder, for sheets to name; made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _kept(self, name: str, make: Make) -> str:
        path = self._folder / f"{name}.png"
        if not path.exists():
            with _guard:
                draft = path.with_suffix(".draft")
                make().save(draft, "PNG")
                draft.rename(path)
        return str(path)

    def symbol(self, symbol: str, grade: Grade | None, size: int, theme: MapTheme) -> str:
        """A symbol, with its badge if graded."""
        name = f"{symbol}-{grade.name if grade else 'none'}-{size}-{theme}"
        return self._kept(name, lambda: symbol_picture(symbol, grade, size))

    def shape(self, grade: Grade, size: int, theme: MapTheme) -> str:
        """A grade's bare shape."""
        return self._kept(f"shape-{grade.name}-{size}-{theme}", lambda: shape_picture(grade, size))

    def hatch(self, colour: str) -> str:
        """The hatching of a colour."""
        return self._kept(f"hatch-{colour.lstrip('#')}", lambda: hatch_picture(colour))

    def dot(self, size: int, theme: MapTheme) -> str:
        """The ring of the ungraded."""
        return self._kept(f"dot-{size}-{theme}", lambda: dot_picture(palette(theme).plain, size))

    def plate(self, symbol: str, size: int) -> str:
        """A symbol alone, as large as asked."""
        return self._kept(f"plate-{symbol}-{size}", lambda: symbol_picture(symbol, None, size))

    def mark(self, shape: str, fill: str, edge: str | None, size: int) -> str:
        """A shape of a sender's style; `fill` and `edge` are #rrggbb."""
        name = f"mark-{shape}-{fill.lstrip('#')}-{(edge or 'none').lstrip('#')}-{size}"
        if not (self._folder / f"{name}.png").exists():
            self._make_room()
        return self._kept(name, lambda: mark_picture(shape, fill, edge, size))

    def _make_room(self) -> None:
        kept = list(self._folder.glob("mark-*.png"))
        if len(kept) < MOST_MARKS:
            return
        before = time.time() - 3600.0
        for one in kept:
            if one.stat().st_mtime < before:
                one.unlink(missing_ok=True)
        if len(list(self._folder.glob("mark-*.png"))) >= 2 * MOST_MARKS:
            raise BusyError(Text("自定义样式过多,请稍后再试", "too many styles of one's own at once; try again later"))
