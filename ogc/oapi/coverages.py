"""OGC API Coverages: the cells of one raster, as GeoTIFF or CoverageJSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from core.caller import Caller
from core.errors import BadInputError
from core.texts import Lang, Text
from ogc.coverage import cutting
from ogc.coverage.cutting import Piece, extent
from ogc.encode.crs import CGCS2000, CRS84, box_of, crs_named
from ogc.exceptions import OgcError
from ogc.kvp import KVP
from ogc.limits import LIMITS
from ogc.oapi.configuration import maps_of
from ogc.oapi.items import refuse_unknown
from ogc.oapi.schemas import Json
from ogc.services import Response, Services
from ogc.wcs.asking import piece_of
from store.rasters import Shelved

PROVIDER = "ogc.oapi.provider.RasterProvider"
KNOWN = frozenset(
    ("f", "lang", "bbox", "bbox-crs", "subset", "subset-crs", "crs", "properties", "scale-factor", "scale-size")
)
MOST_JSON = LIMITS.coverage_json_cells
COVERAGE_JSON = "application/prs.coverage+json"
FORMS = ("tiff", "json", "covjson")


def coverage(one: Shelved, given: Mapping[str, str], form: str, subsets: tuple[str, ...], lang: Lang) -> Response:
    """A piece of the coverage; `subsets` are every value of `subset`."""
    refuse_unknown(given, KNOWN)
    if form not in FORMS:
        raise BadInputError(
            Text(f"格式“{form}”不支持,可用:tiff, json", f"format {form!r}: use tiff or json"), field="f"
        )
    piece = _piece(one, given, subsets)
    if form == "tiff":
        name = f"{one.declared.id}-{one.record.sha256[:8]}.tif"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Crs": f"<{_named(piece)}>"}
        return Response(media_type=cutting.GEOTIFF, body=cutting.geotiff(one, piece), headers=headers)
    return Response(media_type=COVERAGE_JSON, body=_json(one, piece, lang))


def _piece(one: Shelved, given: Mapping[str, str], subsets: tuple[str, ...]) -> Piece:
    """The request in the words of WCS, whose reading and refusals are the same."""
    said = {
        "subsettingcrs": given.get("subset-crs", CRS84.url), "outputcrs": given.get("crs") or CGCS2000.url,
        "scalefactor": given.get("scale-factor", ""), "scalesize": given.get("scale-size", ""),
        "rangesubset": given.get("properties", ""),
    }  # fmt: skip
    pairs = [*said.items(), *(("subset", part) for text in subsets for part in _split(text))]
    if given.get("bbox"):
        if subsets or "subset-crs" in given:
            raise BadInputError(Text("bbox 与 subset 不能同用", "give bbox or subset, not both"), field="bbox")
        box, _ = box_of(given["bbox"], crs_named(given.get("bbox-crs", CRS84.url), "bbox-crs"))
        pairs += [("subset", f"Long({box.west!r},{box.east!r})"), ("subset", f"Lat({box.south!r},{box.north!r})")]
    try:
        return piece_of(KVP(pairs), one)
    except OgcError as error:
        raise BadInputError(error.text, field=error.locator or "subset") from error


def _split(text: str) -> list[str]:
    """`Lat(1:2),Long(3:4)`, as OGC API writes several in one, as WCS writes each."""
    parts = [part if part.endswith(")") else part + ")" for part in text.split("),")]
    return [part.replace(":", ",", 1) if "(" in part else part for part in parts]


def _named(piece: Piece) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{piece.code}"


def _json(one: Shelved, piece: Piece, lang: Lang) -> bytes:
    """The cells as CoverageJSON."""
    cells = cutting.cut(one, piece, MOST_JSON)
    _, height, width = cells.values.shape
    place = cells.placed
    left, top, across, down = place.c, place.f, place.a, place.e
    degrees = piece.code in (4490, 4326)
    system = {
        "type": "GeographicCRS" if degrees else "ProjectedCRS",
        "id": CRS84.url if degrees else _named(piece),
    }
    ranges = {
        name: {
            "type": "NdArray", "dataType": "float", "axisNames": ["y", "x"], "shape": [height, width],
            "values": _known(band, cells.nodata),
        }
        for name, band in zip(cells.names, cells.values, strict=True)
    }  # fmt: skip
    document = {
        "type": "Coverage",
        "domain": {
            "type": "Domain",
            "domainType": "Grid",
            "axes": {
                "x": {"start": left + across / 2, "stop": left + across * (width - 0.5), "num": width},
                "y": {"start": top + down / 2, "stop": top + down * (height - 0.5), "num": height},
            },
            "referencing": [{"coordinates": ["x", "y"], "system": system}],
        },
        "parameters": {name: _parameter(one, name, lang) for name in cells.names},
        "ranges": ranges,
    }
    return orjson.dumps(document)


def _known(band: np.ndarray, nodata: float | None) -> list[float | None]:
    """The values row by row; a cell without one is null."""
    found = band.astype(float).ravel()
    empty = np.isnan(found) if nodata is None else np.isnan(found) | (found == nodata)
    return [None if none else value for value, none in zip(found.tolist(), empty.tolist(), strict=True)]


def _parameter(one: Shelved, name: str, lang: Lang) -> Json:
    declared = one.declared
    return {
        "type": "Parameter",
        "id": name,
        "description": {lang.value: declared.about.of(lang)},
        "observedProperty": {"label": {each.value: declared.title.of(each) for each in Lang}},
        "unit": {"label": {each.value: declared.unit_text.of(each) for each in Lang}, "symbol": declared.unit},
    }


def schema(one: Shelved, lang: Lang, address: str) -> Json:
    """The bands of a coverage as JSON Schema."""
    declared = one.declared
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": declared.title.of(lang),
        "description": declared.about.of(lang),
        "properties": {
            f"band{band}": {
                "title": declared.title.of(lang), "type": "number", "x-ogc-unit": declared.unit,
                "minimum": one.record.least, "maximum": one.record.most, "x-ogc-propertySeq": band,
            }
            for band in range(1, one.record.bands + 1)
        },
    }  # fmt: skip


def resource(one: Shelved, lang: Lang) -> dict[str, Any]:
    """A coverage as pygeoapi is told of it."""
    declared, box = one.declared, extent(one)
    provider = {
        "type": "coverage", "name": PROVIDER, "data": declared.id,
        "format": {"name": "tiff", "mimetype": cutting.GEOTIFF},
    }  # fmt: skip
    return {
        "type": "collection",
        "title": {each.value: declared.title.of(each) for each in (lang, *Lang)},
        "description": {each.value: declared.about.of(each) for each in (lang, *Lang)},
        "keywords": {each.value: [declared.owner.of(each)] for each in Lang},
        "links": [],
        "extents": {"spatial": {"bbox": list(box), "crs": CRS84.url}},
        "providers": [provider, maps_of(declared.id)],
    }


def raster_of(services: Services, name: str, caller: Caller) -> Shelved | None:
    """A raster in use that the caller may see, by its id."""
    return next((one for one in services.rasters(caller.scope) if one.declared.id == name), None)
