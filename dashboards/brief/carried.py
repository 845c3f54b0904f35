"""What a document carries in itself to be read without a server: font, styles, Leaflet, and which scripts may run."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from dashboards.brief.signs import data_uri

ASSETS = Path(__file__).parent.parent / "assets"
LEAFLET = ASSETS / "vendor" / "leaflet-1.9.4.min.js"
LEAFLET_STYLE = ASSETS / "vendor" / "leaflet-1.9.4.css"
LICENCE = ASSETS / "vendor" / "leaflet.LICENSE"
FONT = ASSETS / "fonts" / "NotoSansSC-Regular-gb2312.woff2"
"""One weight, so that the document reads the same on a machine without Chinese fonts; rarer characters are theirs."""


@cache
def font() -> str:
    """The face as a rule of a style sheet."""
    face = data_uri(FONT.read_bytes(), "font/woff2")
    return f'@font-face{{font-family:"Noto Sans SC";src:url("{face}") format("woff2")}}'


@cache
def tokens() -> str:
    """Colours and sizes of the day."""
    return (ASSETS / "00-tokens.css").read_text("utf-8")


@cache
def styles(*own: Path) -> list[str]:
    """Leaflet's own sheet names pictures beside it, for markers and a button that are not used here."""
    kept = [line for line in LEAFLET_STYLE.read_text("utf-8").splitlines() if "url(" not in line]
    return ["\n".join(kept), font(), tokens(), *(path.read_text("utf-8") for path in own)]


@cache
def library(*own: Path) -> list[str]:
    """Leaflet under its licence, without the line that leads debuggers to a file that is not there; our own scripts."""
    kept = [line for line in LEAFLET.read_text("utf-8").splitlines() if not line.startswith("//# sourceMapping")]
    licence = f"/*!\n{LICENCE.read_text('utf-8')}*/\n"
    return [licence + "\n".join(kept) + "\n", *(path.read_text("utf-8") for path in own)]


def allowed(script: str) -> str:
    """The script's hash as a content security policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
