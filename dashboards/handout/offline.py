"""A scenario as one HTML document: maps, tables and the basis of every number, no request to anywhere."""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.clock import CHINA
from core.texts import Lang
from dashboards.brief.carried import allowed, library, styles
from dashboards.brief.signs import data_uri
from dashboards.brief.window import BasePicture, window_round
from dashboards.handout.comparison import comparison
from dashboards.handout.contents import LIMITS, Handout, speaker
from dashboards.handout.curve import drawn_curve
from dashboards.handout.leaflet import home, leaflet_maps
from dashboards.handout.patterns import patterns
from dashboards.handout.views import told
from layers.layer import Catalogue

HERE = Path(__file__).parent
BRIEF_STYLE = HERE.parent / "brief" / "brief.css"


@cache
def templates() -> Environment:
    """What documents of a scenario are made of."""
    return Environment(
        loader=FileSystemLoader([HERE, HERE.parent / "brief"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def offline(handout: Handout, catalogue: Catalogue, picture: BasePicture | None) -> bytes:
    """The whole file."""
    lang = handout.lang
    views = [told(side, catalogue, lang) for side in handout.sides]
    window = window_round(home(handout))
    maps = leaflet_maps(handout, views, window)
    scripts = [*library(HERE / "handout.js"), *(one.script for one in maps)]
    ground = None if picture is None else data_uri(picture(window, lang), "image/png")
    return (
        templates()
        .get_template("offline.html")
        .render(
            handout=handout, views=views, maps=maps, picture=ground, patterns=patterns(), scripts=scripts,
            hashes=" ".join(allowed(text) for text in scripts), styles=styles(BRIEF_STYLE, HERE / "handout.css"),
            rows=comparison(*handout.sides[:2], lang=lang) if len(handout.sides) > 1 else [], limits=LIMITS.of(lang),
            curves=[drawn_curve(side, lang) for side in handout.sides],
            zh=lang is Lang.ZH, say=speaker(lang), local=local, number=lambda count: f"{count:,}",
        )
        .encode()
    )  # fmt: skip


def local(moment: datetime) -> str:
    """A moment by the clock of China."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
