"""What the colours of a raster mean, by day and by night: one table for map, tiles, legends and screens.

Both ramps go one way in lightness, so that they read in any colour vision and in grey. People are violet, the colour
of what is to be protected; red, orange, yellow and blue are left to risk.
"""

import math
from dataclasses import dataclass

import shapely

from core.texts import Text
from core.units import SquareMetre
from gis.measure import area
from layers.catalogue.rasters import Raster
from layers.coverage import Coverage, Kind

PEOPLE_PER_KM2 = (0.0, 100.0, 500.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0)
"""Lower bounds of the classes; nothing is drawn where nobody lives."""

VIOLETS_BY_DAY = ("#E9E0F6", "#D3C3EB", "#B094DA", "#9672CB", "#7B52B6", "#5F359A", "#431C77")
VIOLETS_BY_NIGHT = ("#332D57", "#484078", "#6D5CB1", "#8B79CF", "#AA9AE2", "#CABEF1", "#ECE5FF")
HEIGHTS_BY_DAY = ("#E6EEDC", "#E3E2C4", "#DBCFA6", "#CBB487", "#B3956B", "#957656", "#775A45")
HEIGHTS_BY_NIGHT = ("#20352F", "#2E4238", "#434E40", "#5B5B49", "#766C57", "#938270", "#B3A295")

_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One colour of a ramp: from which value of a cell it holds, and what it says; `more` is the value per cell."""

    low: float
    colour: str
    text: Text
    more: Text | None = None


def cell_area(record: Raster) -> SquareMetre:
    """The ground one cell covers in the middle of the raster; near a whole city's, off by 1 % in 100 km of latitude."""
    if record.geometry is None:
        raise ValueError(record.code)
    middle = record.geometry.centroid
    east, north = record.resolution_lon / 2, record.resolution_lat / 2
    return area(shapely.box(middle.x - east, middle.y - north, middle.x + east, middle.y + north))


def steps(declared: Coverage, record: Raster, *, night: bool) -> tuple[Step, ...]:
    """The colours of one raster, lowest first; none for a picture."""
    match declared.kind:
        case Kind.COUNT:
            return _people(record, VIOLETS_BY_NIGHT if night else VIOLETS_BY_DAY)
        case Kind.SURFACE:
            return _heights(declared, record, HEIGHTS_BY_NIGHT if night else HEIGHTS_BY_DAY)
        case Kind.PICTURE:
            return ()


def caption(declared: Coverage) -> Text:
    """What the numbers of the legend count."""
    match declared.kind:
        case Kind.COUNT:
            return Text("人/km²（括号内为人/格）", "people/km² (people/cell)")
        case Kind.SURFACE:
            return Text("高程，m；0 m 不着色", "height, m; 0 m left clear")
        case Kind.PICTURE:
            return declared.about


def _people(record: Raster, colours: tuple[str, ...]) -> tuple[Step, ...]:
    ground = cell_area(record) / 1e6
    found = []
    for place, low in enumerate(PEOPLE_PER_KM2):
        high = PEOPLE_PER_KM2[place + 1] if place + 1 < len(PEOPLE_PER_KM2) else None
        each = _two(low * ground), "" if high is None else _two(high * ground)
        text, more = _span(f"{low:,.0f}", "" if high is None else f"{high:,.0f}"), _span(*each)
        found.append(Step(low=low * ground, colour=colours[place], text=text, more=more))
    return tuple(found)


def _span(low: str, high: str) -> Text:
    if not high:
        return Text(f"{low} 以上", f"over {low}")
    return Text(f"{high} 以下", f"under {high}") if low == "0" else Text(f"{low} 至 {high}", f"{low} to {high}")


def _heights(declared: Coverage, record: Raster, colours: tuple[str, ...]) -> tuple[Step, ...]:
    low, step = _round_ticks(min(record.least, 0.0) if record.least > -1.0 else record.least, record.most, len(colours))
    unit = declared.unit_text
    found = []
    for place, colour in enumerate(colours):
        value = low + place * step
        found.append(Step(low=value, colour=colour, text=Text(f"{value:g} {unit.zh}", f"{value:g} {unit.en}")))
    return tuple(found)


def _round_ticks(low: float, high: float, count: int) -> tuple[float, float]:
    """The first of `count` round numbers that reach from low to high, and their distance.

    >>> _round_ticks(0.0, 381.8, 7)
    (0.0, 80.0)
    """
    unit = 10.0 ** math.floor(math.log10(max(high - low, 1.0) / (count - 1)))
    for step in (multiple * unit for multiple in _STEPS):
        first = math.floor(low / step) * step
        if first + (count - 1) * step >= high:
            break
    return first, step


def _two(value: float) -> str:
    """Two digits that count, for a number that is itself rounded."""
    if value >= 100:
        return f"{round(value, -int(math.log10(value)) + 1):,.0f}"
    return f"{value:.2g}"
