"""Fields as JSON Schema, for schemas, queryables and the OpenAPI document."""

from typing import Any

from core.scope import Scope
from core.texts import Lang, Text
from layers.codes import code_list
from layers.codes.further import further_codes
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer

Json = dict[str, Any]

MOST_CODES = 200
"""Of a list told in a schema: that of industries (GB/T 4754) has 1,772, a hundred kilobytes at every opening."""

NOT_TOLD = Text("未填写", "Not told")

_TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.REAL: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.LIST: {"type": "array", "items": {"type": "string"}},
}
_SHAPES = {
    Geometry.POINT: "geometry-point",
    Geometry.LINE: "geometry-multilinestring",
    Geometry.POLYGON: "geometry-multipolygon",
}


def property_schema(spec: FieldSpec, lang: Lang) -> Json:
    """One field; its unit is UCUM-like, its standard is named, and so is its code list, with what each code says."""
    schema: Json = {**_TYPES[spec.kind], "title": spec.title.of(lang)}
    if spec.about is not None:
        schema["description"] = spec.about.of(lang)
    if spec.unit:
        schema["x-ogc-unit"] = spec.unit
    if spec.codes:
        schema["x-onemap-codes"] = spec.codes
        further = {code: text.of(lang) for code, text in further_codes(spec.codes).items()}
        if further:
            schema["x-onemap-further-codes"] = further
        if told := _told(spec, further, lang):
            schema |= {"items": {"type": "string", "oneOf": told}} if spec.kind is Kind.LIST else {"oneOf": told}
    if spec.standard:
        schema["x-onemap-standard"] = spec.standard
    if spec.refers:
        schema["x-ogc-role"] = "reference"
        schema["x-ogc-collectionId"] = spec.refers
    return schema


def _told(spec: FieldSpec, further: dict[str, str], lang: Lang) -> list[Json]:
    """Each code a field may hold with what it says; none of a list so long that only its standard is named."""
    codes = {one.code: one.title.of(lang) for one in code_list(str(spec.codes))} | further
    if len(codes) > MOST_CODES:
        return []
    if spec.kind is Kind.INTEGER:
        return [{"const": int(code), "title": said} for code, said in codes.items()]
    empty = [] if spec.required or spec.kind is Kind.LIST else [{"const": "", "title": NOT_TOLD.of(lang)}]
    return [*({"const": code, "title": said} for code, said in codes.items()), *empty]


def properties(layer: Layer, scope: Scope, lang: Lang) -> Json:
    """Every field the caller may see, roles marked."""
    found = {name: property_schema(spec, lang) for name, spec in layer.fields_in(scope).items()}
    found[layer.key]["x-ogc-role"] = "id"
    moment = time_field(layer, scope)
    if moment is not None:
        found[moment]["x-ogc-role"] = "primary-instant"
    return found


def time_field(layer: Layer, scope: Scope) -> str | None:
    """The field `datetime` asks about, if this caller may see one."""
    seen = layer.fields_in(scope)
    return layer.time if layer.time is not None and layer.time in seen else None


def document(layer: Layer, scope: Scope, lang: Lang, address: str, *, queryables: bool) -> Json:
    """The schema of a collection's features, or of what they can be filtered by."""
    shape: Json = {}
    if layer.geometry is not Geometry.NONE:
        shape = {"geometry": {"format": _SHAPES[layer.geometry], "x-ogc-role": "primary-geometry"}}
    found: Json = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": layer.title.of(lang),
        "description": layer.about_to(scope).of(lang),
        "properties": {**shape, **properties(layer, scope, lang)},
    }
    if queryables:
        found["additionalProperties"] = False
    else:
        required = [name for name, spec in layer.fields_in(scope).items() if spec.required]
        found["required"] = required
    return found
