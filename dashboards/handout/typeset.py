"""What makes a PDF of a page that carries all it shows: our face put in, nothing read from disk or network."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import OneMapError
from core.texts import Text

FACE = Path(__file__).parent / "NotoSansSC-Regular-gb2312.woff"
"""The face of the screens as WOFF 1: to unpack WOFF 2 takes five seconds of a processor, this a tenth of one."""

FACE_ADDRESS = "onemap:face"
"""Where a page finds it, inside this process only: as a `data:` address it would be read letter by letter."""

RULE = f'@font-face{{font-family:"Noto Sans SC";src:url("{FACE_ADDRESS}")}}'

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class NoPrinterError(OneMapError):
    """This machine has no library that sets type, so that no PDF can be made; every other form can."""

    code = "no-printer"
    status = 503


def unpacked(face: bytes) -> bytes:
    """The face as it is put into a page, once for all of them."""
    from fontTools.ttLib import TTFont

    font, made = TTFont(io.BytesIO(face)), io.BytesIO()
    font.flavor = font.flavorData = None
    font.save(made)
    return made.getvalue()


@cache
def setter() -> Callable[[str], bytes]:
    """The function, made at the first need: WeasyPrint looks for its system libraries when it is imported."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as missing:
        raise NoPrinterError(
            Text(
                f"本机缺少排版库,不能生成 PDF;请安装 Debian 软件包 {PACKAGES},或改用 html 格式",
                f"a library that sets type is missing, so no PDF can be made: install Debian's {PACKAGES}, "
                "or ask for html",
            ),
            packages=PACKAGES,
        ) from missing
    face = unpacked(FACE.read_bytes())

    class Carried(URLFetcher):
        """Answers with our face and with what a page carries itself."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url == FACE_ADDRESS:
                return URLFetcherResponse(url, face, {"Content-Type": "font/ttf"})
            return super().fetch(url, headers)

    fetcher = Carried(allowed_protocols=("data",))

    def set_type(text: str) -> bytes:
        faces = FontConfiguration()  # one for each page: it keeps a file in the temporary folder while it lives
        face_rule = CSS(string=RULE, font_config=faces, url_fetcher=fetcher)
        made: bytes = HTML(string=text, url_fetcher=fetcher).write_pdf(stylesheets=[face_rule], font_config=faces)
        return made

    return set_type
