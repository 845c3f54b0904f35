"""SUBSET, SCALE…, the systems and FORMAT of GetCoverage, read into the piece that is wanted."""

import re

import numpy as np

from core.errors import BadInputError
from core.texts import Text, real, whole
from gis.shapes import Bounds
from ogc.coverage import cutting
from ogc.coverage.cutting import Piece, extent
from ogc.encode.crs import CGCS2000, OgcCrs, bounds_in, crs_named, outward
from ogc.exceptions import OgcError
from ogc.kvp import KVP
from store.rasters import Shelved

CONFORMANT = (
    "http://www.opengis.net/spec/WCS/2.0/conf/core",
    "http://www.opengis.net/spec/WCS_protocol-binding_get-kvp/1.0.1",
    "http://www.opengis.net/spec/WCS_service-extension_crs/1.0/conf/crs",
    "http://www.opengis.net/spec/WCS_service-extension_scaling/1.0/conf/scaling",
    "http://www.opengis.net/spec/WCS_service-extension_range-subsetting/1.0/conf/record-subsetting",
    "http://www.opengis.net/spec/GMLCOV_geotiff-coverages/1.0/conf/geotiff-coverage",
)
LONGITUDE = frozenset(("long", "lon", "longitude", "x", "e", "easting"))
LATITUDE = frozenset(("lat", "latitude", "y", "n", "northing"))
MOST = 8192

_SUBSET = re.compile(r"^\s*([A-Za-z]+)\s*(?:,\s*([^(\s]+)\s*)?\(([^()]*)\)\s*$")
_SIZE = re.compile(r"([A-Za-z]+)\s*\(([^()]*)\)")


def piece_of(request: KVP, one: Shelved) -> Piece:
    """What GetCoverage asks for, or the exception of the standard that names what is wrong."""
    format_ = request.text("format", cutting.GEOTIFF).split(";")[0].strip().lower()
    if format_ not in (cutting.GEOTIFF, "image/geotiff", "geotiff"):
        raise _invalid(
            "format",
            Text(f"格式“{format_}”不支持,可用:{cutting.GEOTIFF}", f"format {format_!r}: use {cutting.GEOTIFF}"),
        )
    if request.text("mediatype", ""):
        raise _invalid("mediaType", Text("不支持多部分应答", "multipart answers are not offered"))
    subset_crs = _system(request, "subsettingcrs", "SubsettingCrs-NotSupported")
    output = _system(request, "outputcrs", "OutputCrs-NotSupported", subset_crs)
    try:
        return Piece(
            box=_box(request, subset_crs, one),
            size=_sizes(request),
            factor=_factor(request),
            code=output.code,
            bands=_bands(request, one),
        )
    except OgcError:
        raise
    except BadInputError as error:
        raise _subsetting(error.text) from error


def _system(request: KVP, name: str, code: str, default: OgcCrs = CGCS2000) -> OgcCrs:
    text = request.text(name, "")
    try:
        return crs_named(text) if text else default
    except BadInputError as error:
        raise OgcError(code, error.text, locator=name, status=404) from error


def _box(request: KVP, crs: OgcCrs, one: Shelved) -> Bounds | None:
    """The trims of the axes; SUBSET comes once for each."""
    trims: dict[str, tuple[float | None, float | None]] = {}
    for text in request.several("subset"):
        axis, low, high = _trim(text)
        if axis in trims:
            raise _axis(Text(f"轴“{axis}”给了两次", f"axis {axis} is given twice"))
        trims[axis] = (low, high)
    if not trims:
        return None
    whole_ = _edges(extent(one), crs)
    (west, east), (south, north) = trims.get("long", (None, None)), trims.get("lat", (None, None))
    given = (west, south, east, north)
    edges = tuple(edge if end is None else end for end, edge in zip(given, whole_, strict=True))
    if edges[0] >= edges[2] or edges[1] >= edges[3]:
        raise _subsetting(Text("所要范围在栅格之外", "the subset lies outside the coverage"))
    return bounds_in((edges[0], edges[1], edges[2], edges[3]), crs.across, "subset")


def _edges(box: Bounds, crs: OgcCrs) -> Bounds:
    """The whole extent in a system's own numbers, longitude or easting first."""
    if crs.same_as_kept:
        return box
    corners = outward(np.array([[box.west, box.south], [box.east, box.north]]), crs.across)
    return Bounds(*(float(value) for value in corners.ravel()))


def _trim(text: str) -> tuple[str, float | None, float | None]:
    found = _SUBSET.match(text)
    if found is None:
        raise _subsetting(Text(f"SUBSET“{text[:60]}”应为 Lat(低,高)", f"SUBSET {text[:60]!r} must read Lat(low,high)"))
    name = found[1].lower()
    axis = "long" if name in LONGITUDE else "lat" if name in LATITUDE else ""
    if not axis:
        raise _axis(Text(f"没有轴“{found[1]}”,可用:Lat, Long", f"no axis {found[1]!r}: Lat, Long"))
    ends = [part.strip() for part in found[3].split(",")]
    if len(ends) != 2:
        raise _subsetting(
            Text(
                "不支持切片,请给出低值与高值(GeoTIFF 须为二维)",
                "slices are not offered, a GeoTIFF has two dimensions: give low and high",
            )
        )
    low, high = (_end(part) for part in ends)
    if low is not None and high is not None and not low < high:
        raise _subsetting(
            Text(f"{axis}({low:g},{high:g}) 的低值应小于高值", f"{axis}({low:g},{high:g}): low must be under high")
        )
    return axis, low, high


def _end(text: str) -> float | None:
    """A number, or None for `*`: the coverage's own edge."""
    if text == "*":
        return None
    try:
        return real(text)
    except ValueError as error:
        raise _subsetting(Text(f"“{text[:30]}”不是数", f"{text[:30]!r} is no number")) from error


def _subsetting(text: Text) -> OgcError:
    return OgcError("InvalidSubsetting", text, locator="subset", status=404)


def _axis(text: Text) -> OgcError:
    return OgcError("InvalidAxisLabel", text, locator="subset", status=404)


def _sizes(request: KVP) -> tuple[int | None, int | None]:
    text = request.text("scalesize", "")
    if not text:
        return None, None
    found: dict[str, int] = {}
    for name, given in _SIZE.findall(text):
        size = whole(given.strip())
        axis = "long" if name.lower() in LONGITUDE | {"i"} else "lat" if name.lower() in LATITUDE | {"j"} else ""
        if not axis or size is None or not 1 <= size <= MOST:
            raise _scale(text)
        found[axis] = size
    if not found:
        raise _scale(text)
    return found.get("long"), found.get("lat")


def _factor(request: KVP) -> float | None:
    text = request.text("scalefactor", "")
    if not text:
        return None
    try:
        found = real(text)
    except ValueError as error:
        raise _scale(text) from error
    if not 1e-4 <= found <= 100:
        raise _scale(text)
    return found


def _scale(text: str) -> OgcError:
    return OgcError(
        "InvalidScaleFactor",
        Text(f"缩放“{text[:40]}”不可用", f"scale {text[:40]!r}: a factor, or Long(columns),Lat(rows) up to {MOST}"),
        locator="scale",
        status=404,
    )


def _bands(request: KVP, one: Shelved) -> tuple[int, ...]:
    found = []
    for name in request.items_of("rangesubset"):
        number = whole(name.removeprefix("band"))
        if number is None or not 1 <= number <= one.record.bands:
            raise OgcError(
                "NoSuchField", Text(f"没有波段“{name}”", f"no field {name!r}"), locator="rangeSubset", status=404
            )
        found.append(number)
    return tuple(found)


def _invalid(name: str, text: Text) -> OgcError:
    return OgcError("InvalidParameterValue", text, locator=name)
