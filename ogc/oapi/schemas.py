"""Fields as JSON Schema, for schemas, queryables and the OpenAPI document."""

from typing import Any

from core.scope import Scope
from core.texts import Lang
from layers.codes.further import further_codes
from layers.fields import FieldSpec, Kind
from layers.layer import Geometry, Layer

Json = dict[str, Any]

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
    """One field; its code list and standard are named, its unit is UCUM-like."""
    schema: Json = {**_TYPES[spec.kind], "title": spec.title.of(lang)}
    if spec.about is not None:
        schema["description"] = spec.about.of(lang)
    if spec.unit:
        schema["x-ogc-unit"] = spec.unit
    if spec.codes:
        schema["x-onemap-codes"] = spec.codes
        if further := further_codes(spec.codes):
            schema["x-onemap-further-codes"] = {code: text.of(lang) for code, text in further.items()}
    if spec.standard:
        schema["x-onemap-standard"] = spec.standard
    if spec.refers:
        schema["x-ogc-role"] = "reference"
        schema["x-ogc-collectionId"] = spec.refers
    return schema


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
