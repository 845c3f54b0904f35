"""The value against distance as SVG, both axes in powers of ten: the curve of a scenario, its levels across it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from core.texts import Lang, Text
from core.units import Metre
from dashboards.handout.colours import GRADES, INK, SIDES, grade
from dashboards.handout.contents import UNVERIFIED, Side, short
from dashboards.handout.wording import said
from dashboards.queries.wording import THIN, unit
from emergency.result import Curve
from emergency.zones import Cut, Zone

WIDTH, HEIGHT = 680.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 216.0, 14.0, 40.0
BEYOND = 3.0
"""How many times the farthest zone is drawn."""

LINE = 12.0
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where values lie on the paper."""

    x0: Metre
    x1: Metre
    y0: float
    y1: float

    def x(self, value: float) -> float:
        share = math.log(value / self.x0) / math.log(self.x1 / self.x0)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        share = math.log(value / self.y0) / math.log(self.y1 / self.y0)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def drawn_curve(side: Side, lang: Lang) -> str:
    """One side's drawing; empty where its chain gives no value against distance."""
    curve = next((one for one in side.result.curves if one.x_unit == "m"), None)
    if curve is None:
        return ""
    at = np.column_stack([curve.x, curve.y]).astype(float)
    at = at[(at > 0.0).all(axis=1) & np.isfinite(at).all(axis=1)]
    if len(at) < 2:
        return ""
    levels = [zone for zone in side.result.zones if zone.level.unit == curve.y_unit]
    axes = _axes(at, levels)
    told = f"{curve.title.of(lang)}, {_unit(curve)}"
    parts = [*_grid(axes, curve, lang), *_across(axes, side, levels, lang), _line(axes, at, SIDES[side.mark])]
    parts += [_end(axes, zone) for zone in levels if zone.reached and zone.cut is Cut.NONE and zone.distance > axes.x0]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" role="img" aria-label="{escape(told)}" '
        f'font-family="Noto Sans SC" font-size="11" fill="{INK}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" '
        f'width="{WIDTH:g}" height="{HEIGHT:g}"><title>{escape(told)}</title>{"".join(parts)}</svg>'
    )


def _axes(at: Floats, levels: list[Zone]) -> _Axes:
    """As far as three times the farthest zone, as low as a fifth of the lowest level."""
    far = max((zone.distance for zone in levels), default=0.0)
    x1 = min(float(at[:, 0].max()), BEYOND * far) if far else float(at[:, 0].max())
    x0 = max(float(at[:, 0].min()), x1 / 3000.0)
    inside = at[(at[:, 0] >= x0) & (at[:, 0] <= x1), 1]
    inside = inside if len(inside) else at[:, 1]
    values = [zone.level.value for zone in levels]
    y0 = max(min(values) / 5.0, float(inside.min())) if values else float(inside.min())
    y0 = min([y0, *(value / 1.5 for value in values)])
    y1 = max([float(inside.max()), *values])
    return _Axes(x0, max(x1, x0 * 1.01), y0, max(y1, y0 * 1.01))


def _grid(axes: _Axes, curve: Curve, lang: Lang) -> Iterator[str]:
    low, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    yield (
        f'<rect x="{LEFT:g}" y="{TOP:g}" width="{right - LEFT:g}" height="{low - TOP:g}" fill="#FFFFFF" '
        f'stroke="#9AA8B4"/>'
    )
    for value in _tens(axes.x0, axes.x1):
        x, words = axes.x(value), f"{value:g} m" if value < 1000 else f"{value / 1000:g} km"
        yield f'<path d="M{x:.1f} {TOP:g}V{low:g}" stroke="#D5DCE2"/>'
        yield f'<text x="{x:.1f}" y="{low + 15:g}" text-anchor="middle">{words}</text>'
    tens = list(_tens(axes.y0, axes.y1))
    for value in tens[:: max(1, math.ceil(len(tens) / 6))]:
        y = axes.y(value)
        yield f'<path d="M{LEFT:g} {y:.1f}H{right:g}" stroke="#D5DCE2"/>'
        yield f'<text x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end">{_ten(value)}</text>'
    titles = (curve.x_title.of(lang), f"{curve.title.of(lang)} ({_unit(curve)})")
    yield (
        f'<text x="{(LEFT + right) / 2:g}" y="{HEIGHT - 6:g}" text-anchor="middle">{escape(titles[0])}</text>'
        f'<text transform="translate(13 {(TOP + low) / 2:g}) rotate(-90)" text-anchor="middle">{escape(titles[1])}'
        f"</text>"
    )


def _across(axes: _Axes, side: Side, levels: list[Zone], lang: Lang) -> Iterator[str]:
    """Levels, dashed where nobody verified them, each named at its end; names are kept apart."""
    right, last = WIDTH - RIGHT, -LINE
    for zone in sorted(levels, key=lambda one: -one.level.value):
        y, colour = axes.y(zone.level.value), GRADES[grade(zone.level.severity)]
        dash = "" if zone.level.verified else ' stroke-dasharray="7 4"'
        yield f'<path d="M{LEFT:g} {y:.1f}H{right:g}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>'
        last = max(y, last + LINE)
        doubt = "" if zone.level.verified else Text(f"({UNVERIFIED.zh})", f" ({UNVERIFIED.en})").of(lang)
        words = f"{_called(side, zone, lang)}{doubt}"
        yield f'<path d="M{right + 3:g} {y:.1f}L{right + 9:g} {last:.1f}" fill="none" stroke="{colour}"/>'
        yield f'<text x="{right + 12:g}" y="{last + 4:.1f}">{escape(words)}</text>'


def _called(side: Side, zone: Zone, lang: Lang) -> str:
    """A level by its short name and its value, which is not said twice."""
    name, value = short(side, zone, lang), said(zone.level.value, zone.level.unit)
    return name if value.split(THIN)[0] in name else f"{name} {value}"


def _line(axes: _Axes, at: Floats, colour: str) -> str:
    """The curve, cut off where the drawing ends."""
    inside = at[(at[:, 0] >= axes.x0) & (at[:, 0] <= axes.x1) & (at[:, 1] >= axes.y0)]
    path = "L".join(f"{axes.x(x):.1f} {axes.y(y):.1f}" for x, y in inside.tolist())
    return f'<path class="course" d="M{path}" fill="none" stroke="{colour}" stroke-width="2.2"/>' if path else ""


def _end(axes: _Axes, zone: Zone) -> str:
    """Where a zone ends on its level."""
    if zone.distance > axes.x1:
        return ""
    x, y, colour = axes.x(zone.distance), axes.y(zone.level.value), GRADES[grade(zone.level.severity)]
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}" stroke="#FFFFFF"/>'


def _unit(curve: Curve) -> str:
    return unit(curve.y_unit).replace("m2", "m²")


def _tens(low: float, high: float) -> Iterator[float]:
    yield from (10.0**power for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1))


def _ten(value: float) -> str:
    return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-") if value >= 1e5 or value < 0.01 else f"{value:g}"
