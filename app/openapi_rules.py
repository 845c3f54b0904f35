"""What the doors of alarm rules take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.rules import FIELDS

Json = dict[str, Any]

TEXT: Json = {"type": "string", "maxLength": 400}
CODE: Json = {"type": "string", "minLength": 1, "maxLength": 60}
VERSION: Json = {"type": "integer", "minimum": 0, "maximum": 1_000_000_000}
REASON: Json = {"type": "string", "minLength": 1, "maxLength": 200}
MOMENT: Json = {"type": "string", "format": "date-time"}
VALUE: Json = {"type": ["string", "number", "array", "null"], "items": {"type": "string"}}


def _given(required: list[str], fields: dict[str, Json]) -> Json:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


_FIELDS = _given([], dict.fromkeys(FIELDS, VALUE))

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {"/api/rules/row": (("code", CODE),)}
REPLAY = _given(
    [], {"code": TEXT, "edited": _FIELDS, "days": {"type": "number", "exclusiveMinimum": 0, "maximum": 366}}
)
CHANGES: dict[str, Json] = {
    "/api/rules": _given(
        ["version", "reason", "fields"], {"code": CODE, "version": VERSION, "reason": REASON, "fields": _FIELDS}
    ),
    "/api/rules/preview": _given(["fields"], {"fields": _FIELDS}),
    "/api/rules/inhibitions": _given(
        ["starts", "ends", "who", "why"],
        {
            "rule": TEXT, "points": {"type": "array", "items": CODE}, "starts": MOMENT, "ends": MOMENT, "permit": TEXT,
            "who": TEXT, "why": TEXT, "area": {"type": "string", "pattern": "^[0-9]{2,12}$"},
        },
    ),
    "/api/rules/inhibitions/end": _given(
        ["code", "version", "reason"], {"code": CODE, "version": VERSION, "reason": REASON}
    ),
}  # fmt: skip
