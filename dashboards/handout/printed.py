"""A scenario as a plan on A4 paper: maps, zones, people, targets, assumptions and receipt, limits on every page."""

from pathlib import Path

from core.texts import Lang
from dashboards.brief.signs import data_uri
from dashboards.brief.window import BasePicture, window_round
from dashboards.handout.comparison import comparison
from dashboards.handout.contents import LIMITS, Handout, speaker
from dashboards.handout.curve import drawn_curve
from dashboards.handout.leaflet import home
from dashboards.handout.offline import local, templates
from dashboards.handout.sheet import drawn_map
from dashboards.handout.typeset import setter
from dashboards.handout.views import told
from layers.layer import Catalogue

STYLE = Path(__file__).parent / "printed.css"


def printed(handout: Handout, catalogue: Catalogue, picture: BasePicture | None) -> bytes:
    """The whole file. Raises NoPrinterError where a system library is missing."""
    set_type = setter()
    return set_type(page(handout, catalogue, picture))


def page(handout: Handout, catalogue: Catalogue, picture: BasePicture | None) -> str:
    """What is printed."""
    lang = handout.lang
    views = [told(side, catalogue, lang) for side in handout.sides]
    window = window_round(home(handout))
    ground = None if picture is None else data_uri(picture(window, lang), "image/png")
    maps = [drawn_map(handout, side, view, window, ground) for side, view in zip(handout.sides, views, strict=True)]
    return (
        templates()
        .get_template("printed.html")
        .render(
            handout=handout, views=views, maps=maps, picture=ground is not None,
            styles=[STYLE.read_text("utf-8")], limits=LIMITS.of(lang),
            curves=[drawn_curve(side, lang) for side in handout.sides],
            rows=comparison(*handout.sides[:2], lang=lang) if len(handout.sides) > 1 else [],
            zh=lang is Lang.ZH, say=speaker(lang), local=local, number=lambda count: f"{count:,}",
        )
    )  # fmt: skip
