"""What the doors of knowledge take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.knowledge import EDITED, LONGEST, LONGEST_KEY, MOST_FREE, OPEN_TO, OPENED
from app.openapi_incidents import CODE, command
from core.texts import Text
from dashboards.queries.knowledge import KINDS

Json = dict[str, Any]

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /api/knowledge/draft": (("incident", CODE),),
    "/api/knowledge/search": (("q", {"type": "string", "maxLength": LONGEST}), ("kind", {"enum": list(KINDS)})),
    "/api/knowledge/one": (
        ("kind", {"enum": list(OPENED)}),
        ("key", {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}),
    ),
}
CHANGES: dict[str, Json] = {
    "/api/knowledge/draft": command(
        "incident", incident=CODE, include={"type": "array", "items": {"type": "string"}, "maxItems": MOST_FREE}
    ),
    "/api/knowledge/edit": {
        "type": "object", "required": ["key", "version"], "additionalProperties": False,
        "properties": {
            "key": {"type": "string", "maxLength": LONGEST_KEY}, "version": {"type": "integer", "minimum": 1},
            "sensitivity": {"enum": list(OPEN_TO)},
            **{name: {"type": "string", "maxLength": longest} for name, longest in EDITED.items()},
        },
    },
}  # fmt: skip
WORDS: dict[str, Text] = {
    "GET /api/knowledge/search": Text("查找案例、化学品、预案、法规", "cases, substances, plans, laws by words"),
    "GET /api/knowledge/one": Text("一个案例或一条条文", "one case or article"),
    "GET /api/knowledge/draft": Text("起草案例可选的自由文字", "free words to choose from for a case"),
    "POST /api/knowledge/edit": Text("修改案例", "edit a case"),
    "POST /api/knowledge/draft": Text("由已结束的事件起草案例", "a case drafted of an incident that is closed"),
}
