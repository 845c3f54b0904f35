"""OGC API Maps: pictures of one collection or of several, drawn as WMS draws them."""

from collections.abc import Callable, Mapping

from core.caller import Caller
from core.errors import BadInputError
from core.texts import Text, real
from gis.shapes import Bounds
from ogc.encode.crs import CRS84, OgcCrs, box_of, crs_named
from ogc.exceptions import OgcError
from ogc.kvp import KVP
from ogc.oapi.items import refuse_unknown
from ogc.services import Response, Services
from ogc.wms import crs as systems
from ogc.wms.service import data_extent, picture

KNOWN = frozenset(
    ("f", "lang", "bbox", "bbox-crs", "crs", "width", "height", "transparent", "bgcolor", "datetime", "filter", "theme",
     "collections", "mm-per-pixel")
)  # fmt: skip
FORMS = {"png": "image/png", "png8": "image/png; mode=8bit", "jpeg": "image/jpeg", "webp": "image/webp"}
USUAL_WIDTH = 1024
STANDARD_PIXEL_MM = 0.28


def map_of(
    names: tuple[str, ...],
    given: Mapping[str, str],
    form: str,
    caller: Caller,
    services: Services,
    whole: Callable[[], Bounds | None],
) -> Response:
    """A picture; without `bbox` of the `whole` extent, without a size 1,024 pixels wide."""
    refuse_unknown(given, KNOWN)
    if form not in FORMS:
        allowed = ", ".join(FORMS)
        raise BadInputError(Text(f"格式“{form}”不支持,可用:{allowed}", f"format {form!r}: use {allowed}"), field="f")
    crs = crs_named(given["crs"]) if given.get("crs") else CRS84
    box = _box(given) or whole() or data_extent(services)
    window = _window(box, crs)
    width, height = _size(given, window)
    asked = {
        "layers": ",".join(names), "styles": "", "crs": f"EPSG:{crs.code}" if crs is not CRS84 else "CRS:84",
        "bbox": ",".join(repr(value) for value in _ordered(window, crs)), "width": width, "height": height,
        "format": FORMS[form], "transparent": given.get("transparent", "true"), "lang": caller.lang.value,
        "theme": given.get("theme", ""), "time": given.get("datetime", ""), "cql_filter": given.get("filter", ""),
        "bgcolor": given.get("bgcolor", ""), "dpi": _dpi(given),
    }  # fmt: skip
    try:
        found = picture(KVP(asked.items()), "1.3.0", caller, services)
    except OgcError as error:
        raise BadInputError(error.text, field=_FIELDS.get(error.locator or "", error.locator or "")) from error
    edges = ",".join(f"{value:.9g}" for value in _ordered(window, crs))
    return Response(
        media_type=found.media_type,
        body=found.body,
        headers={**found.headers, "Content-Crs": f"<{crs.url}>", "Content-Bbox": edges},
    )


_FIELDS = {"time": "datetime", "cql_filter": "filter", "layers": "collections"}


def _box(given: Mapping[str, str]) -> Bounds | None:
    if not given.get("bbox"):
        return None
    system = crs_named(given["bbox-crs"], "bbox-crs") if given.get("bbox-crs") else CRS84
    return box_of(given["bbox"], system)[0]


def _window(box: Bounds, crs: OgcCrs) -> tuple[float, float, float, float]:
    """Left, bottom, right, top in the system of the picture."""
    if crs.degrees:
        return box.west, box.south, box.east, box.north
    return systems.in_crs(box, systems.WEB_MERCATOR)


def _ordered(window: tuple[float, float, float, float], crs: OgcCrs) -> tuple[float, float, float, float]:
    left, bottom, right, top = window
    return (bottom, left, top, right) if crs.flipped else window


def _size(given: Mapping[str, str], window: tuple[float, float, float, float]) -> tuple[str, str]:
    """The one not given follows the window's shape."""
    width, height = given.get("width", ""), given.get("height", "")
    shape = (window[3] - window[1]) / max(window[2] - window[0], 1e-12)
    if width and height:
        return width, height
    if height:
        return str(max(1, round(_whole(height, "height") / max(shape, 1e-6)))), height
    return width or str(USUAL_WIDTH), str(max(1, round(_whole(width or str(USUAL_WIDTH), "width") * shape)))


def _whole(text: str, name: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:6]) <= 4096:
        raise BadInputError(
            Text(f"{name}“{text[:20]}”应为 1 至 4096 的整数", f"{name} {text[:20]!r} is a whole number from 1 to 4096"),
            field=name,
        )
    return int(text)


def _dpi(given: Mapping[str, str]) -> str:
    text = given.get("mm-per-pixel", "")
    if not text:
        return ""
    try:
        found = real(text)
    except ValueError:
        found = 0.0
    if not 0.04 <= found <= 0.7:
        raise BadInputError(
            Text("mm-per-pixel 应为 0.04 至 0.7", "mm-per-pixel is from 0.04 to 0.7"), field="mm-per-pixel"
        )
    return f"{25.4 / found:.3f}"
