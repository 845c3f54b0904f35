"""From whatever a file's coordinates are in to degrees of EPSG:4490, whole columns at once."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from core.errors import BadInputError
from core.texts import Text
from gis import datum as datums
from gis.crs import moved, zones
from layers.record import Datum

Floats = npt.NDArray[np.float64]

_CGCS2000 = re.compile(r"China[ _](Geodetic Coordinate System[ _])?2000|CGCS[ _]?2000", re.IGNORECASE)
_WGS84 = re.compile(r"(World Geodetic System|WGS)[ _]?(19)?84", re.IGNORECASE)
_OLD = {"Beijing 1954": "1954 北京坐标系", "Xian 1980": "1980 西安坐标系", "New Beijing": "新 1954 北京坐标系"}


@dataclass(frozen=True, slots=True)
class Reference:
    """How coordinates become degrees: unproject by `crs`, then take the shift of `datum` off.

    A missing `crs` means degrees already, or, for Gauss-Krüger, a zone that the eastings themselves tell.
    """

    datum: Datum
    crs: pyproj.CRS | None = None

    def degrees(self, xy: Floats) -> Floats:
        """Positions of shape (n, 2), x first, as longitude and latitude; what tells no zone stays as it is."""
        if self.crs is not None and self.crs.is_projected:
            there = pyproj.Transformer.from_crs(self.crs, self.crs.geodetic_crs, always_xy=True)
            xy = np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        elif self.crs is None and self.datum is Datum.GAUSS_KRUGER:
            xy = _by_zone(xy)
        match self.datum:
            case Datum.GCJ02:
                return np.column_stack(datums.gcj02_to_wgs84(xy[:, 0], xy[:, 1]))
            case Datum.BD09:
                return np.column_stack(datums.bd09_to_wgs84(xy[:, 0], xy[:, 1]))
        return xy

    def shapes(self, shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
        """The same for geometries, which lose their heights."""
        if self.crs is None and self.datum in (Datum.CGCS2000, Datum.WGS84, Datum.UNKNOWN):
            return np.asarray(shapely.force_2d(shapes))
        return np.asarray(shapely.transform(shapes, self.degrees))


def _by_zone(xy: Floats) -> Floats:
    codes = zones(xy[:, 0], xy[:, 1])
    done = xy.copy()
    for code in np.unique(codes[codes > 0]):
        of_zone = codes == code
        done[of_zone] = moved(xy[of_zone], int(code), 4490)
    return done


def reference_of(crs: pyproj.CRS) -> Reference:
    """The reference of a system a file declares; BadInputError when degrees cannot be had without local parameters."""
    name = crs.name
    crs = crs.to_2d() if not crs.is_compound else crs.sub_crs_list[0]
    base = crs.geodetic_crs
    if base is None:
        raise BadInputError(
            Text(f"坐标系“{name}”没有大地基准,无法换算", f"the reference system {name!r} has no datum"),
            field="crs",
            value=name,
        )
    frame = base.datum.name if base.datum is not None else base.name
    kind = _datum(f"{frame} {base.name}")
    if kind is None:
        old = next((zh for word, zh in _OLD.items() if frame.startswith(word)), None)
        zh, en = (
            (f"是{old},须先用本地转换参数转为 CGCS2000", "needs local parameters: convert it to CGCS2000 first")
            if old
            else ("不是 CGCS2000 或 WGS84,请先转换", "is neither CGCS2000 nor WGS 84: convert it first")
        )
        raise BadInputError(Text(f"坐标系“{name}”{zh}", f"the reference system {name!r} {en}"), field="crs", value=name)
    if base.prime_meridian is not None and base.prime_meridian.longitude != 0:
        raise BadInputError(
            Text(f"坐标系“{name}”不以格林尼治为起始子午线", f"{name!r} does not count from Greenwich"),
            field="crs",
            value=name,
        )
    if not crs.is_projected:
        return Reference(kind)
    method = crs.coordinate_operation.method_name if crs.coordinate_operation is not None else ""
    return Reference(Datum.GAUSS_KRUGER if kind is Datum.CGCS2000 and "Mercator" in method else kind, crs)


def _datum(frame: str) -> Datum | None:
    if _CGCS2000.search(frame):
        return Datum.CGCS2000
    return Datum.WGS84 if _WGS84.search(frame) else None


def parsed(text: str) -> pyproj.CRS:
    """A system by EPSG code or WKT, as a person states it or a .prj says it."""
    try:
        return pyproj.CRS.from_user_input(f"EPSG:{text}" if text.isdigit() else text)
    except pyproj.exceptions.CRSError as error:
        raise BadInputError(
            Text(
                f"看不懂坐标系“{text[:80]}”,可写 EPSG:4490、EPSG:4549 等",
                f"reference system {text[:80]!r} is not understood; write EPSG:4490, EPSG:4549 …",
            ),
            field="crs",
            value=text[:80],
        ) from error


def stated_reference(datum: Datum | None, crs: str | None) -> Reference | None:
    """What a person states; a system says the datum too, but a shifted datum may lie in a system of its own."""
    if crs is None:
        return None if datum is None else Reference(datum)
    found = reference_of(parsed(crs))
    return Reference(datum, found.crs) if datum in (Datum.GCJ02, Datum.BD09) else found
