"""What the doors of evaluations take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.evaluation import LONGEST_SUMMARY, MANY
from app.openapi_incidents import CODE, command
from core.texts import Text
from emergency.evaluation.sheet import LONGEST

Json = dict[str, Any]
VERSION: Json = {"type": "integer", "minimum": 0, "maximum": 1_000_000_000}
MARK: Json = {
    "type": "object", "required": ["criterion", "basis"], "additionalProperties": False,
    "properties": {
        "criterion": {"type": "string", "minLength": 1, "maxLength": 40}, "points": {"type": ["number", "null"]},
        "basis": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    },
}  # fmt: skip

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {"/api/evaluation/one": (("incident", CODE),)}
CHANGES: dict[str, Json] = {
    "/api/evaluation/mark": command(
        "incident", "version", "marks", incident=CODE, version=VERSION,
        marks={"type": "array", "minItems": 1, "maxItems": MANY, "items": MARK},
    ),
    "/api/evaluation/file": command(
        "incident", "version", incident=CODE, version=VERSION,
        summary={"type": "string", "maxLength": LONGEST_SUMMARY},
    ),
}  # fmt: skip
WORDS: dict[str, Text] = {
    "GET /api/evaluation/one": Text("事件的处置时间线和评分表", "the course of an incident and its score sheet"),
    "POST /api/evaluation/mark": Text("评分", "mark criteria of a score sheet"),
    "POST /api/evaluation/file": Text("评估归档", "file a score sheet"),
}
