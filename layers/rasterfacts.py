"""What people must be told beside any value of a raster: of which date, by whom, how fine, whether verified."""

import math

from core.clock import CHINA
from core.texts import Text
from gis.measure import ELLIPSOID
from layers.catalogue.rasters import Raster

UNSTATED = Text("未注明", "not stated")


def date_text(record: Raster) -> Text:
    """The day the data speak of; only the year where nothing more was said (kept as the first of January)."""
    if record.observed_at is None:
        return UNSTATED
    day = record.observed_at.astimezone(CHINA).date()
    if (day.month, day.day) == (1, 1):
        return Text(f"{day.year} 年", str(day.year))
    return Text(day.isoformat(), day.isoformat())


def source_text(record: Raster) -> Text:
    """Who made the data."""
    return Text(record.source, record.source) if record.source else UNSTATED


def resolution_text(record: Raster) -> Text:
    """The size of a cell on the ground in the middle of the raster, east by north, to two digits."""
    if record.geometry is None:
        return UNSTATED
    middle = record.geometry.centroid
    half_east, half_north = record.resolution_lon / 2, record.resolution_lat / 2
    _, _, east = ELLIPSOID.inv(middle.x - half_east, middle.y, middle.x + half_east, middle.y)
    _, _, north = ELLIPSOID.inv(middle.x, middle.y - half_north, middle.x, middle.y + half_north)
    words = f"约 {_rounded(east)} × {_rounded(north)} m"
    return Text(words, words.replace("约", "about"))


def _rounded(metres: float) -> str:
    digits = 1 - math.floor(math.log10(metres))
    return f"{round(metres, digits):,.{max(digits, 0)}f}"


def verified_text(record: Raster) -> Text:
    """Whether somebody compared the raster with its origin."""
    return Text("已核实", "verified") if record.verified else Text("未核实", "unverified")


def told(record: Raster) -> Text:
    """All four in one line."""
    parts = (source_text(record), date_text(record), resolution_text(record), verified_text(record))
    return Text("·".join(part.zh for part in parts), " · ".join(part.en for part in parts))
