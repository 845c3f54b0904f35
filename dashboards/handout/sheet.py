"""The map of a printed plan as SVG: base map, zones in patterns, bands, marks, scale bar, north and wind."""

import math
from dataclasses import dataclass
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from core.units import Metre
from dashboards.brief.window import WEB_MERCATOR, Window
from dashboards.handout.colours import CUT, GRADES, INK, TARGET, grade
from dashboards.handout.contents import Handout, Side, speaker, wind
from dashboards.handout.leaflet import home, label
from dashboards.handout.patterns import UNVERIFIED_FILL, level_fill, patterns
from dashboards.handout.views import SideView
from gis.crs import moved

WIDTH, HEIGHT = 680.0, 420.0
LINE = 15.0
_NICE = (5, 2, 1)
_BAR = 130.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where degrees lie on the paper."""

    left: Metre
    top: Metre
    metres: Metre
    """Of Web Mercator in one unit of the drawing."""

    def at(self, places: np.ndarray) -> np.ndarray:
        """Longitudes and latitudes as x to the right and y downwards, shape (n, 2)."""
        plain = moved(places, 4490, WEB_MERCATOR)
        return np.column_stack([(plain[:, 0] - self.left) / self.metres, (self.top - plain[:, 1]) / self.metres])

    def path(self, shape: BaseGeometry) -> str:
        """The outlines of a shape."""
        return " ".join(self._ring(ring) for part in shapely.get_parts(shape) for ring in _rings(part))

    def _ring(self, ring: BaseGeometry) -> str:
        at = self.at(shapely.get_coordinates(ring)).round(2).tolist()
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in at) + "Z"


def _rings(part: BaseGeometry) -> list[BaseGeometry]:
    return [part.exterior, *part.interiors] if isinstance(part, shapely.Polygon) else []


def frame_round(box: BaseGeometry) -> Frame:
    """The scale at which a box fits the paper, and where its middle lies."""
    corners = moved(shapely.get_coordinates(box), 4490, WEB_MERCATOR)
    low, high = corners.min(axis=0), corners.max(axis=0)
    metres = float(max((high[0] - low[0]) / WIDTH, (high[1] - low[1]) / HEIGHT))
    middle = (low + high) / 2
    return Frame(float(middle[0] - metres * WIDTH / 2), float(middle[1] + metres * HEIGHT / 2), metres)


def drawn_map(handout: Handout, side: Side, view: SideView, window: Window, picture: str | None) -> str:
    """One side's map; whatever a person wrote is escaped."""
    box = home(handout)
    frame = frame_round(box)
    parts = [f"<defs>{patterns()}</defs>", _ground(frame, window, picture)]
    for zone in side.drawn:
        if zone.band is not None and not zone.band.is_empty:
            dashes = f'fill="none" stroke="{INK}" stroke-width="1.2" stroke-dasharray="6 5"'
            parts.append(f'<path d="{frame.path(zone.band)}" {dashes}/>')
        level = grade(zone.level.severity)
        path = frame.path(zone.shape)
        dash = "" if zone.verified else ' stroke-dasharray="7 4"'
        parts.append(f'<path d="{path}" fill="{level_fill(level)}" stroke="{GRADES[level]}" stroke-width="1.5"{dash}/>')
        if not zone.verified:
            parts.append(f'<path d="{path}" fill="{UNVERIFIED_FILL}" stroke="none"/>')
    parts += [_mark(frame, row.lon, row.lat, list_.id) for list_ in view.lists if list_.drawn for row in list_.rows]
    parts.append(_release(frame, side))
    for zone in side.drawn:
        one = label(handout, side, zone)
        parts.append(_label(frame, one))
    parts += [_bar(frame, box), _north(handout), _wind(handout, side)]
    frame_line = f'<rect x="0.5" y="0.5" width="{WIDTH - 1:g}" height="{HEIGHT - 1:g}" fill="none" stroke="#5D6C79"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="sheet" '
        f'font-family="Noto Sans SC" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" width="{WIDTH:g}" height="{HEIGHT:g}">{"".join(parts)}{frame_line}</svg>'
    )


def _ground(frame: Frame, window: Window, picture: str | None) -> str:
    if picture is None:
        return f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#F2F1EC"/>'
    x, y = (window.left - frame.left) / frame.metres, (frame.top - window.top) / frame.metres
    wide, tall = (window.right - window.left) / frame.metres, (window.top - window.bottom) / frame.metres
    return (
        f'<image x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{tall:.2f}" preserveAspectRatio="none" '
        f'xlink:href="{picture}"/>'
    )


def _point(frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    x, y = frame.at(np.array([[lon, lat]]))[0].tolist()
    return x, y


def _mark(frame: Frame, lon: float, lat: float, kind: str) -> str:
    x, y = _point(frame, lon, lat)
    colour = TARGET if kind.endswith("targets") else INK
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" stroke="#FFFFFF" stroke-width="1.2"/>'


def _release(frame: Frame, side: Side) -> str:
    x, y = _point(frame, side.result.source.lon, side.result.source.lat)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#FFFFFF" stroke="{INK}" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{INK}"/>'
    )


def _label(frame: Frame, one: dict[str, object]) -> str:
    """A card under the far end of a zone, kept on the paper."""
    x, y = _point(frame, float(str(one["lon"])), float(str(one["lat"])))
    words, look = str(one["words"]), str(one["look"])
    wide = sum(11.0 if ord(letter) > 0x2E80 else 6.2 for letter in words) + 8.0
    x += {"left": -wide, "right": 0.0}.get(look.split(" ")[0], -wide / 2)
    x, y = min(max(x, 3.0), WIDTH - wide - 3.0), min(max(y + 4.0, 3.0), HEIGHT - LINE - 3.0)
    colour = CUT if "cut" in look else INK
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{LINE:g}" rx="2" fill="#FFFFFF" stroke="{colour}" '
        f'stroke-width="0.8"/>'
        f'<text x="{x + 4:.1f}" y="{y + 11:.1f}" font-size="11" fill="{colour}">{escape(words)}</text>'
    )


def _bar(frame: Frame, box: BaseGeometry) -> str:
    """So many metres on the ground at the middle of the map."""
    per_unit = frame.metres * math.cos(math.radians(box.centroid.y))
    most = _BAR * per_unit
    unit = 10 ** math.floor(math.log10(most))
    metres = next(step for step in _NICE if step * unit <= most) * unit
    wide, words = metres / per_unit, f"{metres:g} m" if metres < 1000 else f"{metres / 1000:g} km"
    y = HEIGHT - 14
    return (
        f'<rect x="10" y="{y - 18:g}" width="{wide + 16:.1f}" height="26" fill="#FFFFFF" fill-opacity="0.85"/>'
        f'<path class="bar" d="M18 {y - 5:g}v6h{wide:.2f}v-6" fill="none" stroke="{INK}" stroke-width="1.6"/>'
        f'<text x="{18 + wide / 2:.1f}" y="{y - 5:g}" font-size="11" text-anchor="middle" fill="{INK}">{words}</text>'
    )


def _north(handout: Handout) -> str:
    north = speaker(handout.lang)("北", "N")
    x, y = WIDTH - 24, HEIGHT - 44
    return (
        f'<rect x="{x - 13:g}" y="{y - 6:g}" width="26" height="40" fill="#FFFFFF" fill-opacity="0.85"/>'
        f'<path class="north" d="M{x:g} {y:g}l6 14h-12z" fill="{INK}"/>'
        f'<text x="{x:g}" y="{y + 27:g}" font-size="12" text-anchor="middle" fill="{INK}">{north}</text>'
    )


def _wind(handout: Handout, side: Side) -> str:
    """The arrow points where the wind goes."""
    turn = (side.scenario.weather.wind_from + 180.0) % 360.0
    words = escape(wind(side, handout.lang))
    wide = sum(11.0 if ord(letter) > 0x2E80 else 6.2 for letter in words) + 44.0
    return (
        f'<rect x="10" y="10" width="{wide:.0f}" height="30" rx="3" fill="#FFFFFF" fill-opacity="0.9"/>'
        f'<circle cx="27" cy="25" r="12" fill="#FFFFFF" stroke="{INK}"/>'
        f'<g transform="translate(27 25) rotate({turn:g})"><path d="M-1 9v-12h-4l5-7 5 7h-4v12z" fill="{INK}"/></g>'
        f'<text x="46" y="29" font-size="11" fill="{INK}">{words}</text>'
    )
