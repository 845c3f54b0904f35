"""What a drafter of a warning sends, turned into its items: each field refused by name, the area drawn or by code."""

from datetime import datetime
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from app.doors.admin.fields import Given, moment, number, prose, refused, several
from core.errors import BadInputError
from core.texts import Text
from layers.codes import code_list
from monitoring.warnings.telling import outline, touched
from store.protocol import Store

TEXTS = {
    "title": 120, "extent": 2000, "cautions": 2000, "measures": 2000, "issuer": 200, "title_en": 200,
    "extent_en": 2000, "cautions_en": 2000, "measures_en": 2000, "issuer_en": 200, "contact": 200, "basis": 2000,
}  # fmt: skip
"""Texts and how long each may be; line ends are kept."""
FORM = (*TEXTS, "kind", "level", "starts_at", "ends_at", "areas", "responses", "polygon", "shape")
KEPT = "kept"
"""What `shape` says where only the codes of the areas change, and what was drawn stays."""
MOST_CORNERS = 2000


def items_of(given: Given, store: Store) -> dict[str, Any]:
    """The items that were sent; what was not sent is not touched."""
    items: dict[str, Any] = {name: prose(given, name, longest) for name, longest in TEXTS.items() if name in given}
    if "title" in items and not items["title"]:
        raise refused("title", "", Text(" 1 至 120 个字的标题", "a title of 1 to 120 characters"))
    if "kind" in given:
        items["kind"] = next(iter(several({"kind": [given["kind"]]}, "kind", _codes("warning_kind"))))
    if "level" in given:
        items["level"] = number(given, "level", 1, 4)
    starts: datetime | None = None
    if "starts_at" in given:
        items["starts_at"] = starts = moment(given, "starts_at")
    if "ends_at" in given:
        items["ends_at"] = moment(given, "ends_at", after=starts)
    if "responses" in given:
        items["responses"] = tuple(sorted(several(given, "responses", _codes("warning_response"))))
    if "areas" in given or "polygon" in given:
        items["areas"], items["geometry"] = _place(given, store)
    if "shape" in given:
        if given["shape"] != KEPT or "polygon" in given or not items.get("areas"):
            raise refused("shape", given["shape"], Text(f"“{KEPT}”,并给出区划", f"{KEPT!r}, with areas and no polygon"))
        del items["geometry"]
    return items


def _place(given: Given, store: Store) -> tuple[tuple[str, ...], BaseGeometry | None]:
    """Areas by code with their outline, or a drawn shape with the areas it lies in."""
    codes = given.get("areas") or []
    if not isinstance(codes, list) or len(codes) > 200 or not all(isinstance(code, str) for code in codes):
        raise refused("areas", codes, Text("至多 200 个区划代码", "at most 200 codes of areas"))
    if given.get("polygon") is not None:
        shape = _polygon(given["polygon"])
        return tuple(codes) or touched(store, shape), shape
    return tuple(sorted(set(codes))), outline(store, codes)


def _polygon(given: object) -> BaseGeometry:
    """A GeoJSON polygon, longitude first."""
    form = Text("GeoJSON 多边形,经度在前", "a GeoJSON polygon, longitude first")
    try:
        shape = shapely.from_geojson(orjson.dumps(given))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise refused("polygon", given, form) from error
    if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        raise refused("polygon", given, form)
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise refused("polygon", given, form)
    if len(shapely.get_coordinates(shape)) > MOST_CORNERS:
        raise BadInputError(
            Text(f"多边形至多 {MOST_CORNERS} 个点", f"a polygon has at most {MOST_CORNERS} corners"), field="polygon"
        )
    shape = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        raise refused("polygon", given, form)
    return shapely.union_all(parts)


def _codes(list_id: str) -> list[str]:
    return [one.code for one in code_list(list_id)]
