"""GetLegendGraphic: the symbols of one layer with their words, drawn from the same pictures as the map."""

import io
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from core.scope import Scope
from core.texts import Lang, Text
from layers.layer import Geometry, Layer
from layers.ramps import caption, steps
from layers.rasterfacts import date_text, source_text, verified_text
from ogc.render import clusters, worker
from ogc.render.palette import MapTheme, Palette, palette
from ogc.render.request import CLUSTERS_STYLE, DEFAULT_STYLE, HEAT_STYLE
from ogc.render.symbols import hatch_picture, shape_picture, symbol_picture
from store.rasters import Shelved

ROW, SIDE, LETTER = 34, 8, 15
FONT = Path(worker.FONTS) / "NotoSansSC-Regular-gb2312.ttf"
_ROLES = {
    "motorway": Text("高速公路", "Motorway"),
    "trunk": Text("主干路", "Main road"),
    "street": Text("街道", "Street"),
    "land": Text("陆地", "Land"),
    "urban": Text("建成区、工业区", "Built-up, industrial"),
    "park": Text("绿地", "Green"),
}

Row = tuple[Callable[[], Image.Image] | None, str]
"""A sample, drawn when it is wanted, and its words."""

CLUSTER = Text("个数、各级占比、最高风险", "How many, share of each grade, the worst")
UNVERIFIED = Text("斜线:未核实", "Hatched: unverified")


def legend(layer: Layer | None, scope: Scope, lang: Lang, theme: MapTheme, style: str = DEFAULT_STYLE) -> bytes:
    """PNG of the layer's legend; the base map's when no layer is given."""
    return _drawn(_legend(layer, scope, lang, theme, style), palette(theme))


def raster_legend(one: Shelved, lang: Lang, theme: MapTheme) -> bytes:
    """PNG of a raster's legend: what is counted, the colours, and whose data of which date they are."""
    return _drawn(_raster_legend(one, lang, theme), palette(theme))


def legend_size(layer: Layer, scope: Scope, lang: Lang, style: str) -> tuple[int, int]:
    """Width and height of that picture, the same by day and by night."""
    return _size(_legend(layer, scope, lang, MapTheme.DAY, style))


def base_legend_size(lang: Lang) -> tuple[int, int]:
    """The same of the base map's."""
    return _size(_base_rows(lang, palette(MapTheme.DAY)))


def raster_legend_size(one: Shelved, lang: Lang) -> tuple[int, int]:
    """The same of a raster's."""
    return _size(_raster_legend(one, lang, MapTheme.DAY))


def _legend(layer: Layer | None, scope: Scope, lang: Lang, theme: MapTheme, style: str) -> list[Row]:
    colours = palette(theme)
    rows = _rows(layer, scope, lang, colours)
    if layer is not None and layer.geometry is Geometry.POINT:
        if style == HEAT_STYLE:
            rows = [rows[0], *((partial(_swatch, colour), text) for colour, text in clusters.classes(theme))]
        elif style == CLUSTERS_STYLE:
            rows[1] = (partial(clusters.sample, colours), CLUSTER.of(lang))
    return rows


def _raster_legend(one: Shelved, lang: Lang, theme: MapTheme) -> list[Row]:
    colours = palette(theme)
    rows: list[Row] = [(None, one.declared.title.of(lang)), (None, caption(one.declared).of(lang))]
    for step in steps(one.declared, one.record, night=theme is MapTheme.NIGHT):
        more = "" if step.more is None else f"({step.more.of(lang)})"
        rows.append((partial(_swatch, step.colour, outline=colours.boundary), step.text.of(lang) + more))
    row = one.record
    rows.extend((None, text.of(lang)) for text in (source_text(row), date_text(row), verified_text(row)))
    return rows


@cache
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), LETTER)


def _size(rows: list[Row]) -> tuple[int, int]:
    return SIDE * 3 + ROW + max(int(_font().getlength(text)) for _, text in rows), ROW * len(rows) + SIDE


def _drawn(rows: list[Row], colours: Palette) -> bytes:
    picture = Image.new("RGBA", _size(rows), colours.roles["land"])
    pen = ImageDraw.Draw(picture)
    for place, (made, text) in enumerate(rows):
        top = SIDE // 2 + place * ROW
        if made is not None:
            sample = made()
            picture.alpha_composite(sample, (SIDE + (ROW - sample.width) // 2, top + (ROW - sample.height) // 2))
        left = SIDE * 2 + ROW if made is not None else SIDE
        pen.text((left, top + ROW / 2), text, font=_font(), fill=colours.label, anchor="lm")
    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()


def _swatch(colour: str, *, outline: str | None = None) -> Image.Image:
    picture = Image.new("RGBA", (26, 18), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, 25, 17), fill=colour, outline=outline)
    return picture


def _hatched(colour: str, outline: str) -> Image.Image:
    picture, tile = _swatch("#00000000", outline=outline), hatch_picture(colour)
    for left in range(1, 25, tile.width):
        for top in range(1, 17, tile.height):
            picture.alpha_composite(
                tile.crop((0, 0, min(tile.width, 25 - left), min(tile.height, 17 - top))), (left, top)
            )
    return picture


def _base_rows(lang: Lang, colours: Palette) -> list[Row]:
    names = ("motorway", "trunk", "street", "urban", "park")
    title = Text("底图", "Base map").of(lang)
    return [
        (None, title),
        *((partial(_swatch, colours.roles[n], outline=colours.boundary), _ROLES[n].of(lang)) for n in names),
    ]


def _rows(layer: Layer | None, scope: Scope, lang: Lang, colours: Palette) -> list[Row]:
    if layer is None:
        return _base_rows(lang, colours)
    rows: list[Row] = [(None, layer.title.of(lang))]
    look, seen = layer.style, layer.fields_in(scope)
    if layer.geometry is not Geometry.POINT:
        roles = dict.fromkeys(look.roles.values()) if look.role_by in seen else {}
        named = [role for role in roles if role in _ROLES and role in colours.roles]
        rows.extend((partial(_swatch, colours.roles[r], outline=colours.boundary), _ROLES[r].of(lang)) for r in named)
        if look.grade in seen:
            what = layer.fields[str(look.grade)].title.of(lang)
            rows.extend(
                (partial(_swatch, g.fill, outline=g.edge), f"{what} {g.level} {g.word.of(lang)}")
                for g in colours.grades
            )
        elif not named:
            rows.append((partial(_swatch, colours.fill(look.role), outline=colours.boundary), layer.title.of(lang)))
        if look.verified in seen:
            rows.append((partial(_hatched, colours.plain, colours.boundary), UNVERIFIED.of(lang)))
        return rows
    rows.append((partial(symbol_picture, look.symbol or "ent-trade", None, 24), layer.title.of(lang)))
    if look.grade is not None and look.grade in seen:
        what = layer.fields[look.grade].title.of(lang)
        rows.extend((partial(shape_picture, grade, 20), f"{what} {grade.word.of(lang)}") for grade in colours.grades)
    return rows
