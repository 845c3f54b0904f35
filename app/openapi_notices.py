"""What the boards of notices and the calendar take, told by `/api/openapi.json` from the layers they write."""

from typing import Any

from app.doors.notice_forms import FORMS, classes
from layers.catalogue import CATALOGUE
from layers.codes import code_list
from layers.fields import Kind

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 40}
CHANGE: dict[str, Json] = {
    "code": CODE,
    "version": {"type": "integer", "minimum": 1, "maximum": 1_000_000_000},
    "reason": {"type": "string", "minLength": 2, "maxLength": 200},
}
KINDS: dict[Kind, Json] = {
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
    Kind.DATETIME: {"type": ["string", "null"], "format": "date-time"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.INTEGER: {"enum": [0, 1, 2, 3]},
}


def _field(board: str, name: str) -> Json:
    layer = CATALOGUE[board]
    spec = layer.fields[name]
    if name == "audience":
        return {"type": "array", "items": {"enum": classes(layer)}}
    if name == "area":
        return {"type": "string", "pattern": "^[0-9]{2,12}$"}
    if spec.kind is Kind.TEXT and spec.codes is not None:
        return {"enum": [code.code for code in code_list(spec.codes)]}
    most = next((limit.max_length for limit in spec.constraints if hasattr(limit, "max_length")), None)
    return KINDS.get(spec.kind, {"type": "string", **({} if most is None else {"maxLength": most})})


def _given(required: list[str], fields: dict[str, Json]) -> Json:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


def _needed(board: str) -> list[str]:
    made_up = ("code", "published_at")
    return [name for name in FORMS[board] if CATALOGUE[board].fields[name].required and name not in made_up]


_FIELDS = {board: {name: _field(board, name) for name in form} for board, form in FORMS.items()}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    **{f"GET /api/{board}": (("q", {"type": "string", "maxLength": 100}),) for board in FORMS},
    **{f"GET /api/{board}/history": (("code", CODE),) for board in FORMS},
}
CHANGES: dict[str, Json] = {
    **{f"/api/{board}": _given([*_needed(board), "area"], fields) for board, fields in _FIELDS.items()},
    **{f"/api/{board}/correct": _given(list(CHANGE), fields | CHANGE) for board, fields in _FIELDS.items()},
    **{f"/api/{board}/withdraw": _given(list(CHANGE), CHANGE) for board in FORMS},
    "/api/portal/notices/read": {"type": "object", "required": ["code"], "properties": {"code": CODE}},
}
