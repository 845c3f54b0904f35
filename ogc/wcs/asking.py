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
from ogc.limits import LIMITS
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
MOST = LIMITS.coverage_side
SCALINGS = ("scalefactor", "scaleaxes", "scalesize", "scaleextent")

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
            factors=_factors(request),
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
    """SCALESIZE tells how many cells, SCALEEXTENT the first and the last."""
    for name in ("scalesize", "scaleextent"):
        if request.text(name, ""):
            found = {axis: _cells(given, name) for axis, given in _by_axis(request, name).items()}
            return found.get("long"), found.get("lat")
    return None, None


def _cells(given: str, name: str) -> int:
    low, colon, high = given.partition(":")
    first, last = (0, whole(low)) if name == "scalesize" else (whole(low), whole(high))
    if (name == "scaleextent") is not bool(colon) or first is None or last is None:
        raise _scale(given) if name == "scalesize" else _extent(given)
    size = last - first + (name == "scaleextent")
    if not 1 <= size <= MOST:
        raise _scale(given) if name == "scalesize" else _extent(given)
    return size


def _by_axis(request: KVP, name: str) -> dict[str, str]:
    """What a scaling parameter says of each axis."""
    text = request.text(name)
    found: dict[str, str] = {}
    for axis, given in _SIZE.findall(text):
        folded = axis.lower()
        known = "long" if folded in LONGITUDE | {"i"} else "lat" if folded in LATITUDE | {"j"} else ""
        if not known:
            raise OgcError(
                "ScaleAxisUndefined",
                Text(f"没有轴“{axis[:20]}”,可用:Lat, Long", f"no axis {axis[:20]!r}: Lat, Long"),
                locator=name,
                status=404,
            )
        found[known] = given.strip()
    if not found:
        raise _scale(text)
    return found


def _factors(request: KVP) -> tuple[float, float] | None:
    """SCALEFACTOR for both axes, SCALEAXES for each; one that is not named keeps its own cells."""
    given = [name for name in SCALINGS if request.text(name, "")]
    if len(given) > 1:
        raise _invalid(given[1], Text(f"{'、'.join(given)} 只能用其一", f"give one of {', '.join(given)}, not several"))
    if given == ["scaleaxes"]:
        axes = _by_axis(request, "scaleaxes")
        return _factor(axes.get("long", "1")), _factor(axes.get("lat", "1"))
    if given == ["scalefactor"]:
        both = _factor(request.text("scalefactor"))
        return both, both
    return None


def _factor(text: str) -> float:
    try:
        found = real(text)
    except ValueError as error:
        raise _scale(text) from error
    if not 1e-4 <= found <= 100:
        raise _scale(text)
    return found


def _extent(text: str) -> OgcError:
    return OgcError(
        "InvalidExtent",
        Text(
            f"范围“{text[:40]}”应为 首:末,像元不超过 {MOST} 个",
            f"extent {text[:40]!r} must be first:last, up to {MOST} cells",
        ),
        locator="scaleextent",
        status=404,
    )


def _scale(text: str) -> OgcError:
    return OgcError(
        "InvalidScaleFactor",
        Text(f"缩放“{text[:40]}”不可用", f"scale {text[:40]!r}: a factor, or Long(columns),Lat(rows) up to {MOST}"),
        locator="scale",
        status=404,
    )


def _bands(request: KVP, one: Shelved) -> tuple[int, ...]:
    """Bands by name, or from one to another."""
    found: list[int] = []
    for item in request.items_of("rangesubset"):
        first, colon, last = item.partition(":")
        low = _band(first, one)
        high = _band(last, one) if colon else low
        if low > high:
            raise OgcError(
                "InvalidFieldSequence",
                Text(f"波段区间“{item[:40]}”首尾颠倒", f"fields {item[:40]!r}: the last comes before the first"),
                locator="rangeSubset",
                status=404,
            )
        found += range(low, high + 1)
    return tuple(dict.fromkeys(found))


def _band(name: str, one: Shelved) -> int:
    number = whole(name.strip().removeprefix("band"))
    if number is None or not 1 <= number <= one.record.bands:
        allowed = ", ".join(f"band{band}" for band in range(1, one.record.bands + 1))
        raise OgcError(
            "NoSuchField",
            Text(f"没有波段“{name[:40]}”,可用:{allowed}", f"no field {name[:40]!r}: {allowed}"),
            locator="rangeSubset",
            status=404,
        )
    return number


def _invalid(name: str, text: Text) -> OgcError:
    return OgcError("InvalidParameterValue", text, locator=name)
