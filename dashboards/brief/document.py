"""The brief as one HTML document: library, styles, symbols, base map and objects inside it, no request to anywhere."""

from datetime import datetime
from functools import cache
from math import floor, log10
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.clock import CHINA
from core.texts import Lang, Text
from core.units import Metre, SquareMetre
from dashboards.brief.carried import allowed, library, styles
from dashboards.brief.contents import MOST_ROWS, Block, Brief
from dashboards.brief.signs import RISK_SHAPES, symbol_uri
from dashboards.brief.window import Window
from dashboards.queries.wording import THIN, compass, length
from gis.measure import area

HERE = Path(__file__).parent

AT_CENTRE: Metre = 1.0
"""Nearer than this an object has no direction."""

_GLYPHS = "○■▲◆●"
_LETTERS = "nroyb"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )


def glyph(grade: int) -> Markup:
    """The shape of a grade, coloured; its word stands beside it."""
    return Markup('<span class="glyph {}" aria-hidden="true">{}</span> ').format(_LETTERS[grade], _GLYPHS[grade])


def about(people: float) -> int:
    """Three digits are all an estimate is worth."""
    if people < 1000:
        return round(people)
    step = int(10 ** (floor(log10(people)) - 2))
    return round(people / step) * step


def _surface(size: SquareMetre) -> str:
    return f"{round(size):,}{THIN}m²" if size < 1e6 else f"{size / 1e6:.2f}{THIN}km²"


def _local(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _as_of(brief: Brief) -> str:
    read = Text(f"变更记录第 {brief.head:,} 条", f"change {brief.head:,} of the feed")
    if brief.written_at is None:
        return read.of(brief.lang)
    at = _local(brief.written_at)
    return Text(f"{read.zh}，{at} 写入", f"{read.en}, written {at}").of(brief.lang)


def document(brief: Brief, window: Window, picture: bytes | None) -> bytes:
    """The whole file."""
    lang = brief.lang
    from dashboards.brief.leaflet import leaflet_map  # folium is half a second that no start has to wait

    drawn = leaflet_map(brief, window, picture)
    scripts = [*library(HERE / "brief.js"), drawn.script]
    stems = sorted({RISK_SHAPES[0], *(stem for block in brief.blocks for stem in block.symbol)})

    def way(block: Block, row: int) -> str:
        if block.distance[row] < AT_CENTRE:
            return Text("中心", "centre").of(lang)
        return f"{compass(block.bearing[row]).of(lang)} {round(block.bearing[row]) % 360}°"

    return (
        _templates()
        .get_template("brief.html")
        .render(
            brief=brief,
            zh=lang is Lang.ZH,
            say=lambda zh, en: Text(zh, en).of(lang),
            map=drawn,
            picture=picture is not None,
            styles=styles(HERE / "brief.css"),
            scripts=scripts,
            hashes=" ".join(allowed(text) for text in scripts),
            symbols={stem: symbol_uri(stem) for stem in stems},
            risk=_risk(brief),
            kinds=_kinds(brief),
            area=_surface(area(brief.reach.outline)),
            as_of=_as_of(brief),
            most=MOST_ROWS,
            way=way,
            about=about,
            glyph=glyph,
            length=length,
            local=_local,
            number=lambda value: f"{value:,}",
        )
        .encode()
    )


def _risk(brief: Brief) -> list[dict[str, str]]:
    """The risk shapes on this map with their words, worst first."""
    shaped = [block for block in brief.blocks if any(stem in RISK_SHAPES for stem in block.symbol)]
    found: list[dict[str, str]] = []
    for block in shaped:
        for level, word in enumerate(block.grade_words, start=1):
            if level in block.grade:
                found.append({"uri": symbol_uri(RISK_SHAPES[level]), "text": f"{block.title} {word}"})
        if 0 in block.grade:
            unrated = Text("未分级", "unrated").of(brief.lang)
            found.append({"uri": symbol_uri(RISK_SHAPES[0]), "text": f"{block.title} {unrated}"})
    return found


def _kinds(brief: Brief) -> list[dict[str, str]]:
    """The symbols of the layers that have no risk shapes, the first that occurs of each."""
    plain = [block for block in brief.blocks if not any(stem in RISK_SHAPES for stem in block.symbol)]
    return [{"uri": symbol_uri(block.symbol[0]), "text": block.title} for block in plain]
