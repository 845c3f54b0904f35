"""What the door of routes takes and what it is for, told by `/api/openapi.json`."""

from typing import Any

from app.routing.asking import FIELDS, MOST_CLOSURES, MOST_LAYERS, MOST_PLACES, MOST_ZONES
from core.texts import Text

Json = dict[str, Any]

POINT: Json = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}
OBJECT: Json = {
    "type": "object",
    "required": ["layer", "key"],
    "properties": {"layer": {"type": "string"}, "key": {"type": "string"}},
}
PLACE: Json = {"oneOf": [POINT, OBJECT]}
TIME: Json = {"type": "string", "format": "date-time"}
SPAN: Json = {"title": {"type": "string", "maxLength": 80}, "begins": TIME, "ends": TIME}
FIELD: dict[str, Json] = {
    "from": {"oneOf": [*PLACE["oneOf"], {"type": "array", "minItems": 1, "maxItems": MOST_PLACES, "items": PLACE}]},
    "to": PLACE,
    "nearest": {"type": "array", "maxItems": MOST_LAYERS, "items": {"type": "string"}},
    "most": {"type": "integer", "minimum": 1, "maximum": 50},
    "scenario": {"type": "string", "maxLength": 80},
    "incident": {"type": "string", "maxLength": 80},
    "avoid": {
        "type": "array",
        "maxItems": MOST_ZONES,
        "items": {"type": "object", "properties": {"geometry": {"type": "object"}, **SPAN}},
    },
    "blocked": {
        "type": "array",
        "maxItems": MOST_CLOSURES,
        "items": {
            "type": "object",
            "properties": {"road": {"type": "string", "maxLength": 80}, "geometry": {"type": "object"}, **SPAN},
        },
    },
    "depart": TIME,
    "vehicle": {
        "type": "object",
        "properties": {
            "height": {"type": "number", "exclusiveMinimum": 0, "maximum": 20},
            "hazardous": {"type": "boolean"},
        },
        "additionalProperties": False,
    },
    "approach": {
        "oneOf": [
            {"enum": ["upwind"]},
            {
                "type": "object",
                "required": ["source", "wind_from"],
                "properties": {"source": POINT, "wind_from": {"type": "number", "minimum": 0, "maximum": 360}},
            },
        ]
    },
    "staging": {"type": "boolean"},
    "gather": {"type": "boolean"},
}
CHANGES: dict[str, Json] = {
    "/api/routes": {
        "type": "object",
        "required": ["to"],
        "properties": {name: FIELD[name] for name in sorted(FIELDS)},
        "additionalProperties": False,
    },
}
WORDS: dict[str, Text] = {
    "POST /api/routes": Text(
        "按路网计算路线:避开影响区和封闭道路、上风向接近、集结点,或就近查找资源",
        "routes on roads: round zones and closures, from upwind, staging points, or who is nearest by road",
    ),
}
