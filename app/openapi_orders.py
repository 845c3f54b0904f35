"""What the doors of orders take and what they are for, told by `/api/openapi.json`."""

from typing import Any

from app.openapi_incidents import CODE, KEYED, PLACE, command
from core.texts import Text
from emergency.orders.life import ACTS, BY_TEAM
from layers.codes import code_list

Json = dict[str, Any]
POINTS: Json = {
    "type": "array",
    "minItems": 1,
    "maxItems": 200,
    "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}},
}
TIME: Json = {"type": "string", "format": "date-time"}


def short(longest: int, least: int = 0) -> Json:
    """A text of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": longest}


QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /api/incidents/orders": (("code", CODE),),
    "/api/incidents/orders/to": (("code", CODE),),
    "GET /api/incidents/marks": (("code", CODE), ("exercise", {"enum": ["0", "1"]}), ("at", TIME)),
    "GET /api/field": (("exercise", {"enum": ["0", "1"]}),),
    "POST /api/field/photo": (
        ("command", KEYED),
        ("order", CODE),
        ("name", short(120, 1)),
        ("text", short(400)),
        ("at", TIME),
        ("sent_at", TIME),
        ("lon", {"type": "number"}),
        ("lat", {"type": "number"}),
    ),
    "/api/incidents/orders/proposal": (("code", CODE),),
}


CHANGES: dict[str, Json] = {
    "/api/incidents/orders": command(
        "code", "action", "to_kind", code=CODE, action=short(200, 1), details=short(1000),
        to_kind={"enum": [one.code for one in code_list("order_to")]}, to_key=short(60), to_name=short(80), **PLACE,
        place_name=short(100), route={"type": "boolean"}, book={"type": "boolean"},
    ),
    "/api/incidents/marks": command(
        "code", "kind", "points", code=CODE, kind={"enum": [one.code for one in code_list("mark_kind")]},
        title=short(100), points=POINTS,
    ),
    "/api/incidents/marks/remove": command("mark", "why", mark=CODE, why=short(400, 1)),
    "/api/field/mark": command(
        "order", "at", "sent_at", "lon", "lat", order=CODE, title=short(100), at=TIME, sent_at=TIME, **PLACE
    ),
    "/api/field/step": command(
        "order", "step", "at", "sent_at", order=CODE, step={"enum": list(BY_TEAM)}, why=short(400), at=TIME,
        sent_at=TIME, **PLACE,
    ),
    "/api/field/note": command(
        "order", "text", "at", "sent_at", order=CODE, text=short(1000, 1), at=TIME, sent_at=TIME, **PLACE,
    ),
    "/api/field/position": {
        "type": "object", "required": ["points", "sent_at"], "additionalProperties": False,
        "properties": {"sent_at": TIME, "points": {"type": "array", "minItems": 1, "maxItems": 500, "items": {
            "type": "object", "required": ["at", "lon", "lat"], "additionalProperties": False,
            "properties": {"at": TIME, **PLACE, "accuracy": {"type": ["number", "null"], "minimum": 0}},
        }}},
    },
    "/api/incidents/orders/step": command(
        "order", "step", order=CODE, step={"enum": list(ACTS)}, why=short(400)
    ),
}  # fmt: skip

WORDS: dict[str, Text] = {
    "GET /api/incidents/orders": Text("一个事件的指令和回执", "orders of an incident and their receipts"),
    "GET /api/incidents/orders/to": Text("可下达指令的队伍、单位和个人", "whom an order may be addressed to"),
    "GET /api/incidents/orders/proposal": Text("调派建议:合适队伍按道路用时排列", "teams that fit, by road time"),
    "GET /api/incidents/marks": Text("在办事件的现场标绘", "what is drawn of incidents in hand"),
    "POST /api/incidents/marks": Text("标绘指挥部、集结点、警戒线、封路等", "draw a post, a cordon, a blocked road"),
    "POST /api/incidents/marks/remove": Text("撤除标绘", "take a mark off"),
    "POST /api/field/mark": Text("本队标记封路", "a road that the team found blocked"),
    "GET /field": Text("队伍手机页", "the page of a team's phone"),
    "GET /api/field": Text("本队的指令", "the orders of one's own team"),
    "GET /api/field/live": Text("本队指令有变的实时连接", "a stream that tells when one's own orders change"),
    "POST /api/field/step": Text("本队签收、出发、到达、完成", "the team received, left, arrived, is done"),
    "POST /api/field/note": Text("本队记入事件日志", "a line of the log by the team"),
    "POST /api/field/position": Text("本队位置", "where the team is"),
    "POST /api/field/photo": Text("现场照片", "a photograph of the scene"),
    "POST /api/incidents/orders": Text("下达指令,可同时调用队伍、带路线", "give an order; it may book and carry a way"),
    "POST /api/incidents/orders/step": Text(
        "指令签收、催办、到达、完成、撤回", "an order received, urged, done, withdrawn"
    ),
}
