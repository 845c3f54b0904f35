"""What the doors of the rules of cameras take, told by `/api/openapi.json`."""

from typing import Any

from video.setup import Written

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 60}
SETUP: Json = {
    "type": "object", "additionalProperties": False,
    "properties": {name: {"type": ["array", "object"]} for name in Written.model_fields},
}  # fmt: skip

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /cameras/rules": (("camera", CODE), ("lang", {"enum": ["zh", "en"]})),
    "GET /api/cameras/rules": (("camera", CODE),),
}
CHANGES: dict[str, Json] = {
    "/api/cameras/rules": {
        "type": "object", "required": ["camera", "version", "reason", "setup"], "additionalProperties": False,
        "properties": {
            "camera": CODE, "version": {"type": "integer", "minimum": 0, "maximum": 1_000_000_000},
            "reason": {"type": "string", "minLength": 1, "maxLength": 200}, "setup": SETUP,
        },
    },
    "/api/cameras/rules/preview": {
        "type": "object", "required": ["camera", "setup"], "additionalProperties": False,
        "properties": {"camera": CODE, "setup": SETUP},
    },
}  # fmt: skip
