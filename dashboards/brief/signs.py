"""Pictures that a brief carries in itself: symbols of kinds, and the shapes of the grades in the day's colours."""

import base64
import json
from functools import cache
from pathlib import Path

import layers as layers_package

HOME = Path(layers_package.__file__).parent
RISK_SHAPES = ("none", "risk-red", "risk-orange", "risk-yellow", "risk-blue")
"""The sign of each grade, 1 (red) to 4 (blue), after that of the ungraded."""

_FORMS = {
    "red": '<path d="M1.2 1.2h7.6v7.6H1.2z" {}/>',
    "orange": '<path d="M5 .9 9.6 9.1H.4z" {}/>',
    "yellow": '<path d="M5 .4 9.6 5 5 9.600.4 5z" {}/>',
    "blue": '<circle cx="5" cy="5" r="4.100" {}/>',
    "none": '<circle cx="5" cy="5" r="3.200" {}/>',
}
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-.6 -.6 11.2 11.2" width="32" height="32">{}</svg>'
_PAINT = 'fill="{}" stroke="{}" stroke-width=".9" stroke-linejoin="round"'
_EDGE = "#FFFFFF"


def data_uri(body: bytes, media_type: str) -> str:
    """The bytes as an address that needs no request."""
    return f"data:{media_type};base64,{base64.b64encode(body).decode()}"


@cache
def symbol_uri(stem: str) -> str:
    """A symbol's picture; the sign of the ungraded for what has none."""
    path = HOME / "symbols" / f"{stem}.svg"
    if stem in RISK_SHAPES or not stem or not path.is_file():
        return data_uri(_shape(stem if stem in RISK_SHAPES else RISK_SHAPES[0]).encode(), "image/svg+xml")
    return data_uri(path.read_bytes(), "image/svg+xml")


def _shape(stem: str) -> str:
    """■ red, ▲ orange, ◆ yellow, ● blue; yellow with the dark edge it needs on light ground."""
    tokens = json.loads((HOME / "tokens.json").read_text("utf-8"))
    name = stem.removeprefix("risk-")
    colours = (
        tokens["risk"].get(name, {}).get("light", {"fill": tokens["color"]["lightOffice"]["surface"]["lineStrong"]})
    )
    paint = _PAINT.format(colours["fill"], colours.get("edge") or _EDGE)
    return _SVG.format(_FORMS[name].format(paint))
