"""What the doors of events on video take, told by `/api/openapi.json`."""

from typing import Any

from dashboards.queries.accuracy import PERIODS
from dashboards.queries.violations import VERDICTS
from layers.codes import code_list

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 40}
WORD: Json = {"type": "string", "maxLength": 40}
KEY: Json = {"type": "string", "minLength": 1, "maxLength": 120}
AT: Json = {"type": "string", "format": "date-time"}
REMARK: Json = {"type": "string", "maxLength": 400}
VERSION: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/violations": (
        *((name, WORD) for name in ("q", "kind", "state", "camera", "enterprise", "area")),
        ("verdict", {"enum": list(VERDICTS)}), ("from", {"type": "integer", "minimum": 0, "maximum": 1_000_000}),
    ),
    "/api/cameras/of": (("layer", CODE), ("key", KEY), ("from", AT), ("to", AT)),
    "/api/cameras/wall": (("places", {"enum": ["fireworks"]}),),
    "/api/violations/accuracy": (("days", {"enum": [str(one) for one in PERIODS]}),),
    **{f"/api/violations/{door}": (("code", CODE),) for door in ("row", "thumb", "looks")},
}  # fmt: skip
CHANGES: dict[str, Json] = {
    "/api/video/alarms": {
        "type": "object", "required": ["id", "camera", "at"], "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": 80},
            "camera": {"type": "string", "minLength": 1, "maxLength": 60},
            "at": {"type": "string", "format": "date-time"},
            "kind": WORD, "description": {"type": "string", "maxLength": 200},
            "picture": {"type": "string", "contentEncoding": "base64", "contentMediaType": "image/jpeg"},
        },
    },
    "/api/violations/judge": {
        "type": "object", "required": ["code", "version", "verdict"], "additionalProperties": False,
        "properties": {
            "code": CODE, "version": VERSION, "verdict": {"enum": list(VERDICTS)}, "remark": REMARK,
            "reason": {"enum": [one.code for one in code_list("violation_reason")]}, "quiet": {"type": "boolean"},
        },
    },
    "/api/violations/check": {
        "type": "object", "required": ["code", "version", "check_by"], "additionalProperties": False,
        "properties": {
            "code": CODE, "version": VERSION, "check_by": {"type": "string", "format": "date"}, "remark": REMARK,
        },
    },
}  # fmt: skip
