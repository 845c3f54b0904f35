"""What the doors of the registry of devices take, told by `/api/openapi.json`."""

from typing import Any

from dashboards.queries.devices import DUE, HEARD, SORTS

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 60}
WORD: Json = {"type": "string", "maxLength": 40}
REASON: Json = {"type": "string", "minLength": 1, "maxLength": 200}
WISH: tuple[tuple[str, Json], ...] = (
    *((name, WORD) for name in ("q", "state", "protocol", "area", "enterprise", "point")),
    ("due", {"enum": list(DUE)}), ("heard", {"enum": list(HEARD)}), ("sort", {"enum": list(SORTS)}),
    ("down", {"enum": ["1"]}), ("from", {"type": "integer", "minimum": 0, "maximum": 1_000_000}),
)  # fmt: skip

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/devices": WISH, "/api/devices/export": WISH, "/api/devices/row": (("code", CODE),),
}  # fmt: skip
CHANGES: dict[str, Json] = {
    "/api/devices/secret": {
        "type": "object", "required": ["code", "reason"], "additionalProperties": False,
        "properties": {"code": CODE, "reason": REASON},
    },
    "/api/devices/state": {
        "type": "object", "required": ["code", "version", "state", "reason"], "additionalProperties": False,
        "properties": {
            "code": CODE, "version": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
            "state": {"enum": ["in_use", "repair", "retired"]}, "reason": REASON,
        },
    },
}  # fmt: skip
