"""What the doors of exercises take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.exercises import AREA, DAY, MOST
from app.doors.incidents import COMMAND, FORMS
from core.texts import Text
from emergency.exercises.course import Act
from layers.catalogue.exercises import SCRIPT
from layers.codes import code_list

Json = dict[str, Any]
CODE: Json = {"type": "string", "minLength": 1, "maxLength": 30}
AREA_CODE: Json = {"type": "string", "pattern": f"^{AREA.pattern}$"}
KEYED: Json = {"type": "string", "pattern": f"^{COMMAND}$"}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/exercises/one": (("code", CODE),),
    "/api/exercises/paper": (("code", CODE), ("form", {"enum": list(FORMS)})),
}


def _text(longest: int, least: int = 1) -> Json:
    return {"type": "string", "minLength": least, "maxLength": longest}


def _body(*needs: str, **fields: Json) -> Json:
    return {"type": "object", "required": list(needs), "additionalProperties": False, "properties": fields}


INJECT: Json = _body(
    "offset", "to", "to_area", "kind", "text", "expected", "within",
    offset={"type": "integer", "minimum": 0, "maximum": DAY}, to=_text(80), to_area=AREA_CODE,
    kind={"enum": [one.code for one in code_list("inject_kind")]}, text=_text(300), expected=_text(300),
    within={"type": "integer", "minimum": 1, "maximum": DAY},
)  # fmt: skip

CHANGES: dict[str, Json] = {
    "/api/exercises/script": _body(
        "code", "title", "kind", "areas", "injects", code={"type": "string", "pattern": SCRIPT}, title=_text(110),
        kind={"enum": [one.code for one in code_list("incident_kind")]},
        areas={"type": "array", "minItems": 1, "items": AREA_CODE}, hazard_source=_text(40, 0),
        summary=_text(1500, 0), nature=_text(200, 0),
        injects={"type": "array", "minItems": 1, "maxItems": MOST, "items": INJECT},
    ),
    "/api/exercises/open": _body("command", "script", command=KEYED, script=_text(40)),
    "/api/exercises/act": _body(
        "command", "code", "version", "act", command=KEYED, code=CODE,
        version={"type": "integer", "minimum": 1, "maximum": 1_000_000_000}, act={"enum": [one.value for one in Act]},
    ),
    "/api/exercises/reply": _body(
        "command", "code", "text", "done", command=KEYED, code=CODE, text=_text(1500), done={"type": "boolean"}
    ),
    "/api/exercises/remark": _body("command", "code", "text", command=KEYED, code=CODE, text=_text(200)),
}  # fmt: skip

WORDS: dict[str, Text] = {
    "GET /exercises": Text("演练页", "the page of exercises"),
    "GET /api/exercises": Text("演练脚本和演练", "scripts and exercises"),
    "GET /api/exercises/one": Text("一次演练:导调信息、回应、评分", "an exercise: injects, replies, score"),
    "GET /api/exercises/paper": Text("演练评估表的 PDF 或 DOCX", "the score sheet as PDF or DOCX"),
    "POST /api/exercises/script": Text("写入演练脚本", "write a script"),
    "POST /api/exercises/open": Text("按脚本开设演练", "open an exercise of a script"),
    "POST /api/exercises/act": Text("开始、暂停、继续、结束演练", "start, pause, resume, end"),
    "POST /api/exercises/reply": Text("回应导调信息", "answer an inject"),
    "POST /api/exercises/remark": Text("填写评估意见", "an evaluator's remark"),
}
