"""What the doors of the warning desk and of the risk map take, told in `/api/openapi.json`."""

from typing import Any

from app.doors.incidents import COMMAND
from app.doors.warning_forms import TEXTS
from layers.codes import code_list
from monitoring.warnings import Step

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
CODES: Json = {"type": "array", "items": TEXT}

ITEMS: Json = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string", "maxLength": longest} for name, longest in TEXTS.items()},
        "kind": {"enum": [one.code for one in code_list("warning_kind")]},
        "level": {"type": "integer", "minimum": 1, "maximum": 4},
        "starts_at": MOMENT, "ends_at": MOMENT, "areas": CODES, "responses": CODES,
        "polygon": {"type": ["object", "null"]}, "shape": {"enum": ["kept"]},
    },
}  # fmt: skip
"""The items of a warning; `polygon` is GeoJSON, `areas` are codes of GB/T 2260; `shape` kept: only the codes change."""

KEYED: Json = {"type": "string", "pattern": f"^{COMMAND}$"}
BODIES: dict[str, Json] = {
    "/api/incidents/warnings/draft": {
        "type": "object", "required": ["command", "code", "level"], "additionalProperties": False,
        "properties": {
            "command": KEYED, "code": TEXT, "level": {"type": "integer", "minimum": 1, "maximum": 4},
            "zone": TEXT, "band": {"enum": ["0", "1"]}, "radius": {"type": "integer", "minimum": 50, "maximum": 20_000},
            "responses": CODES, "items": ITEMS,
        },
    },
    "/api/incidents/warnings/resend": {
        "type": "object", "required": ["command", "warning"], "additionalProperties": False,
        "properties": {"command": KEYED, "warning": TEXT},
    },
    "/api/warnings/areas": {
        "type": "object", "required": ["polygon"], "additionalProperties": False,
        "properties": {"polygon": {"type": "object"}},
    },
    "/api/warnings/draft": ITEMS | {"required": ["title", "kind", "level"]},
    "/api/warnings/step": {
        "type": "object",
        "required": ["code", "version", "step"],
        "additionalProperties": False,
        "properties": {
            "code": TEXT, "version": {"type": "integer", "minimum": 1}, "step": {"enum": [one.value for one in Step]},
            "why": TEXT, "items": ITEMS,
        },
    },
}  # fmt: skip
QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/incidents/warnings": (
        ("code", TEXT),
        ("zone", TEXT),
        ("band", {"enum": ["0", "1"]}),
        ("radius", TEXT),
        ("responses", TEXT),
    ),
    "/api/warnings/one": (("code", TEXT),),
    "/api/warnings/cap": (("code", TEXT),),
    "/api/risk": (("at", TEXT),),
    "/api/risk/one": (("key", TEXT),),
    "/api/risk/area": (("code", TEXT),),
    "/api/risk/row": (
        ("layer", {"enum": ["alarms", "dangers", "hazard_sources", "licences", "penalties", "warnings"]}),
        ("key", TEXT),
    ),
}
