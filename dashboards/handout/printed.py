"""A scenario as a plan on A4 paper: maps, zones, people, targets, assumptions and receipt, limits on every page."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from core.errors import OneMapError
from core.texts import Lang, Text
from dashboards.brief.carried import FONT
from dashboards.brief.signs import data_uri
from dashboards.brief.window import BasePicture, window_round
from dashboards.handout.comparison import comparison
from dashboards.handout.contents import LIMITS, Handout, speaker
from dashboards.handout.curve import drawn_curve
from dashboards.handout.leaflet import home
from dashboards.handout.offline import local, templates
from dashboards.handout.sheet import drawn_map
from dashboards.handout.views import told
from layers.layer import Catalogue

STYLE = Path(__file__).parent / "printed.css"
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class NoPrinterError(OneMapError):
    """This machine has no library that sets type, so that no PDF can be made; every other form can."""

    code = "no-printer"
    status = 503


def printed(handout: Handout, catalogue: Catalogue, picture: BasePicture | None) -> bytes:
    """The whole file. Raises NoPrinterError where a system library is missing."""
    set_type = _setter()
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
            styles=[_face(), STYLE.read_text("utf-8")], limits=LIMITS.of(lang),
            curves=[drawn_curve(side, lang) for side in handout.sides],
            rows=comparison(*handout.sides[:2], lang=lang) if len(handout.sides) > 1 else [],
            zh=lang is Lang.ZH, say=speaker(lang), local=local, number=lambda count: f"{count:,}",
        )
    )  # fmt: skip


@cache
def _face() -> str:
    """Our font as a rule of a style sheet, unpacked once: to unpack it takes longer than to set a plan."""
    from fontTools.ttLib.woff2 import decompress

    plain = io.BytesIO()
    decompress(io.BytesIO(FONT.read_bytes()), plain)
    return f'@font-face{{font-family:"Noto Sans SC";src:url("{data_uri(plain.getvalue(), "font/ttf")}")}}'


@cache
def _setter() -> Callable[[str], bytes]:
    """What makes a PDF of a page that carries all it shows: nothing is read from disk or network on its behalf.

    WeasyPrint looks for its system libraries when it is imported.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as missing:
        raise NoPrinterError(
            Text(
                f"本机缺少排版库,不能生成 PDF;请安装 Debian 软件包 {PACKAGES},或改用 html 格式",
                f"a library that sets type is missing, so no PDF can be made: install Debian's {PACKAGES}, "
                "or ask for html",
            ),
            packages=PACKAGES,
        ) from missing
    fetcher = URLFetcher(allowed_protocols=("data",))

    def set_type(text: str) -> bytes:
        made: bytes = HTML(string=text, url_fetcher=fetcher).write_pdf()
        return made

    return set_type
