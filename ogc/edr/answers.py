"""Readings as CoverageJSON point series, as CSV, and the list of places as GeoJSON: columns in, bytes out."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from core.texts import Lang
from core.units import Metre
from ogc.edr.parameters import QUALITY, Parameter, quality, told

CRS84_URL = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_REFERENCING = [
    {"coordinates": ["x", "y"], "system": {"type": "GeographicCRS", "id": CRS84_URL}},
    {"coordinates": ["t"], "system": {"type": "TemporalRS", "calendar": "Gregorian"}},
]

Place = tuple[str, str, float, float, Mapping[str, Parameter]]
"""Key, name, longitude, latitude, and by element which parameter a reading of it belongs to."""


def coverage_json(
    places: list[Place],
    readings: pa.Table,
    known: Mapping[str, Parameter],
    lang: Lang,
    away: Mapping[str, Metre] | None = None,
) -> bytes:
    """A coverage for each place that has readings; `readings` are ordered by key, element and time.

    `away` is how far each place is from the position that was asked for, where one was.
    """
    used: dict[str, Parameter] = {}
    coverages = []
    for place, element, rows in _series(places, readings):
        parameter = place[4].get(element)
        if parameter is None:
            continue
        used[parameter.id] = parameter
        coverage = _coverage(place, parameter, rows)
        if away:
            coverage["onemap:distance"] = round(away[place[0]], 1)
        coverages.append(coverage)
    document: dict[str, Any] = {
        "type": "CoverageCollection",
        "domainType": "PointSeries",
        "parameters": {**{name: told(one, lang) for name, one in used.items()}, QUALITY: quality(lang)},
        "referencing": _REFERENCING,
        "coverages": coverages,
    }
    if not coverages:
        document["parameters"] = {name: told(one, lang) for name, one in known.items()}
    return orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)


def _series(places: list[Place], readings: pa.Table) -> Iterator[tuple[Place, str, pa.Table]]:
    """Runs of rows of one place and one element."""
    by_key = {place[0]: place for place in places}
    keys, elements = (readings[name].to_numpy(zero_copy_only=False) for name in ("key", "element"))
    if not len(keys):
        return
    turns = np.flatnonzero((keys[1:] != keys[:-1]) | (elements[1:] != elements[:-1])) + 1
    for start, stop in zip([0, *turns], [*turns, len(keys)], strict=True):
        place = by_key.get(keys[start])
        if place is not None:
            yield place, elements[start], readings.slice(start, stop - start)


def _coverage(place: Place, parameter: Parameter, rows: pa.Table) -> dict[str, Any]:
    key, name, lon, lat, _ = place
    size = rows.num_rows

    def array(values: Any, kind: str) -> dict[str, Any]:
        return {"type": "NdArray", "dataType": kind, "axisNames": ["t"], "shape": [size], "values": values}

    return {
        "type": "Coverage",
        "id": f"{key}/{parameter.id}",
        "onemap:location": key,
        "onemap:name": name,
        "domain": {
            "type": "Domain",
            "domainType": "PointSeries",
            "axes": {"x": {"values": [lon]}, "y": {"values": [lat]}, "t": {"values": _times(rows["at"])}},
        },
        "ranges": {
            parameter.id: array(_numbers(rows["value"]), "float"),
            QUALITY: array(rows["quality"].to_pylist(), "integer"),
        },
    }


def _times(at: pa.ChunkedArray) -> list[str]:
    """RFC 3339; parts of a second only where a reading has them."""
    seconds = at.cast(pa.timestamp("s", "UTC"), safe=False)
    whole = pc.all(pc.equal(seconds.cast(at.type), at)).as_py() is not False
    found: list[str] = pc.strftime(seconds if whole else at, format="%Y-%m-%dT%H:%M:%SZ").to_pylist()
    return found


def _numbers(values: pa.ChunkedArray) -> list[float | None]:
    """A reading that is no number is said to be none."""
    finite = pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))
    found: list[float | None] = finite.to_pylist()
    return found


def csv_text(places: list[Place], readings: pa.Table) -> bytes:
    """One reading a line, with its place, unit and quality."""
    room = io.StringIO()
    writer = csv.writer(room)
    writer.writerow(("location", "name", "lon", "lat", "parameter", "unit", "time", "value", "quality"))
    for place, element, rows in _series(places, readings):
        parameter = place[4].get(element)
        if parameter is None:
            continue
        head = (_plain(place[0]), _plain(place[1]), place[2], place[3], parameter.id, _plain(parameter.unit))
        columns = zip(_times(rows["at"]), _numbers(rows["value"]), rows["quality"].to_pylist(), strict=True)
        writer.writerows((*head, at, "" if value is None else value, grade) for at, value, grade in columns)
    return room.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    """A text no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def locations(places: list[Place], address: str, matched: int) -> bytes:
    """The places as GeoJSON, each naming the parameters it has."""
    features = [
        {
            "type": "Feature",
            "id": key,
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "name": name,
                "parameter-name": sorted({one.id for one in has.values()}),
                "edrqueryendpoint": f"{address}/{key}",
            },
        }
        for key, name, lon, lat, has in places
    ]
    document = {
        "type": "FeatureCollection", "numberMatched": matched, "numberReturned": len(features), "features": features,
    }  # fmt: skip
    return orjson.dumps(document)
