"""Coordinate reference systems by EPSG code, the order their authority gives the axes in, and Gauss-Krüger zones."""

import re
import threading
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj

from core.errors import BadInputError
from core.texts import Text

CRS84 = 84
"""Not an EPSG code: our number for OGC:CRS84, WGS 84 with longitude first."""

GAUSS_KRUGER = range(4491, 4555)
"""CGCS2000 Gauss-Krüger: 4491-4501 six-degree zones, 4502-4512 their central meridians, 4513-4554 three-degree ones."""

_FORMS = (
    re.compile(r"^EPSG:(\d{4,6})$", re.IGNORECASE),
    re.compile(r"^urn:ogc:def:crs:EPSG:[\d.]*:(\d{4,6})$", re.IGNORECASE),
    re.compile(r"^https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/(\d{4,6})$", re.IGNORECASE),
    re.compile(r"^https?://www\.opengis\.net/gml/srs/epsg\.xml#(\d{4,6})$", re.IGNORECASE),
)
_CRS84 = re.compile(r"^(CRS:84|OGC:CRS84|urn:ogc:def:crs:OGC:[\d.]*:CRS84|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/CRS84)$", re.IGNORECASE)  # fmt: skip  # noqa: E501

_transformers = threading.local()


@dataclass(frozen=True, slots=True)
class Crs:
    """A reference system the services speak."""

    code: int

    @property
    def flipped(self) -> bool:
        """Its authority lists latitude (or northing) first, so 1.3.0 and 2.0 protocols write y before x."""
        return self.code != CRS84 and _flipped(self.code)

    @property
    def urn(self) -> str:
        """The URN form."""
        return "urn:ogc:def:crs:OGC:1.3:CRS84" if self.code == CRS84 else f"urn:ogc:def:crs:EPSG::{self.code}"

    @property
    def url(self) -> str:
        """The http form of the OGC API."""
        if self.code == CRS84:
            return "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        return f"http://www.opengis.net/def/crs/EPSG/0/{self.code}"

    def __str__(self) -> str:
        return "CRS:84" if self.code == CRS84 else f"EPSG:{self.code}"


def parse_crs(text: str) -> Crs:
    """A reference system from any of its spellings; BadInputError names the value and what is known."""
    if _CRS84.match(text.strip()):
        return Crs(CRS84)
    for form in _FORMS:
        found = form.match(text.strip())
        if found and int(found[1]) in SUPPORTED:
            return Crs(int(found[1]))
    raise BadInputError(
        Text(
            f"不支持的坐标系“{text[:80]}”,可用 EPSG:4490、4326、3857、4491-4554 或 CRS:84",
            f"reference system {text[:80]!r} is not supported; use EPSG:4490, 4326, 3857, 4491-4554 or CRS:84",
        ),
        field="crs",
    )


SUPPORTED = frozenset({4326, 4490, 3857, *GAUSS_KRUGER})


@cache
def _flipped(code: int) -> bool:
    first = pyproj.CRS.from_epsg(code).axis_info[0]
    return bool(first.direction == "north")


def transformer(source: int, target: int) -> pyproj.Transformer:
    """A transformer between two codes, x (longitude, easting) always first; kept for each thread.

    CGCS2000 (4490) and WGS 84 (4326, CRS84) are taken as one.
    """
    kept: dict[tuple[int, int], pyproj.Transformer] = _transformers.__dict__.setdefault("kept", {})
    found = kept.get((source, target))
    if found is None:
        codes = [4326 if code == CRS84 else code for code in (source, target)]
        found = pyproj.Transformer.from_crs(f"EPSG:{codes[0]}", f"EPSG:{codes[1]}", always_xy=True)
        kept[(source, target)] = found
    return found


def moved(xy: npt.NDArray[np.float64], source: int, target: int) -> npt.NDArray[np.float64]:
    """Coordinates of shape (n, 2) or (n, 3), x first, from one code to another; heights are left alone."""
    geographic = {4326, 4490, CRS84}
    if source == target or {source, target} <= geographic:
        return xy
    x, y = transformer(source, target).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([x, y, *xy.T[2:]])


def zones(x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """For each position the EPSG code its zone-prefixed easting tells (38 500 000 is zone 38), or 0.

    Zones 13-23 are six-degree ones (EPSG 4491-4501), zones 25-45 three-degree ones (EPSG 4513-4533).
    """
    east, north = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    with np.errstate(invalid="ignore"):
        zone = np.floor(np.nan_to_num(east) / 1e6).astype(np.int64)
        in_china = (north > 1.5e6) & (north < 6.2e6)
    six, three = (zone >= 13) & (zone <= 23), (zone >= 25) & (zone <= 45)
    return np.where(in_china & six, zone - 13 + 4491, np.where(in_china & three, zone - 25 + 4513, 0))
