"""Fills that say a level again without its colour, and one across them that says nobody verified it; as SVG."""

from dashboards.handout.colours import GRADES, INK

_PATTERN = (
    '<pattern id="{id}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate({turn})">{ground}{drawn}</pattern>'
)


def level_fill(severity: int) -> str:
    """What a zone of this level is filled with."""
    return f"url(#level-{severity})"


UNVERIFIED_FILL = "url(#unverified)"


def patterns() -> str:
    """Definitions: dense hatch, sparse hatch, dots, sparse dots; and the one of doubt."""
    _, red, orange, yellow, blue = GRADES
    return "".join(
        (
            _pattern("level-1", 6, 45, red, _line(0, 6, red, 1.1) + _line(3, 6, red, 1.1)),
            _pattern("level-2", 8, 45, orange, _line(0, 8, orange, 1.1)),
            _pattern("level-3", 10, 0, yellow, _dot(2.5, yellow) + _dot(7.5, yellow)),
            _pattern("level-4", 12, 0, blue, _dot(3, blue)),
            _pattern("unverified", 9, -45, "", _line(0, 9, INK, 1.0, 0.55)),
        )
    )


def _pattern(name: str, size: int, turn: int, tint: str, drawn: str) -> str:
    ground = f'<rect width="{size}" height="{size}" fill="{tint}" fill-opacity="0.3"/>' if tint else ""
    return _PATTERN.format(id=name, size=size, turn=turn, ground=ground, drawn=drawn)


def _line(at: float, size: int, colour: str, width: float, opacity: float = 0.75) -> str:
    return f'<path d="M{at:g} 0v{size}" stroke="{colour}" stroke-width="{width:g}" opacity="{opacity:g}"/>'


def _dot(at: float, colour: str) -> str:
    return f'<circle cx="{at:g}" cy="{at:g}" r="1" fill="{colour}"/>'
