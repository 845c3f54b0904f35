"""What the doors of knowledge take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.knowledge import LONGEST, LONGEST_KEY, OPENED
from app.openapi_incidents import CODE, command
from core.texts import Text
from dashboards.queries.knowledge import KINDS

Json = dict[str, Any]

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/knowledge/search": (("q", {"type": "string", "maxLength": LONGEST}), ("kind", {"enum": list(KINDS)})),
    "/api/knowledge/one": (
        ("kind", {"enum": list(OPENED)}),
        ("key", {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}),
    ),
}
CHANGES: dict[str, Json] = {"/api/knowledge/draft": command("incident", incident=CODE)}
WORDS: dict[str, Text] = {
    "GET /api/knowledge/search": Text("查找案例、化学品、预案、法规", "cases, substances, plans, laws by words"),
    "GET /api/knowledge/one": Text("一个案例或一条条文", "one case or article"),
    "POST /api/knowledge/draft": Text("由已结束的事件起草案例", "a case drafted of an incident that is closed"),
}
