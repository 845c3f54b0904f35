"""What the doors of orders take and what they are for, told by `/api/openapi.json`."""

from typing import Any

from app.openapi_incidents import CODE, PLACE, command
from core.texts import Text
from emergency.orders.life import ACTS
from layers.codes import code_list

Json = dict[str, Any]

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /api/incidents/orders": (("code", CODE),),
    "/api/incidents/orders/to": (("code", CODE),),
    "/api/incidents/orders/proposal": (("code", CODE),),
}


def short(longest: int, least: int = 0) -> Json:
    """A text of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": longest}


CHANGES: dict[str, Json] = {
    "/api/incidents/orders": command(
        "code", "action", "to_kind", code=CODE, action=short(200, 1), details=short(1000),
        to_kind={"enum": [one.code for one in code_list("order_to")]}, to_key=short(60), to_name=short(80), **PLACE,
        place_name=short(100), route={"type": "boolean"}, book={"type": "boolean"},
    ),
    "/api/incidents/orders/step": command(
        "order", "step", order=CODE, step={"enum": list(ACTS)}, why=short(400)
    ),
}  # fmt: skip

WORDS: dict[str, Text] = {
    "GET /api/incidents/orders": Text("一个事件的指令和回执", "orders of an incident and their receipts"),
    "GET /api/incidents/orders/to": Text("可下达指令的队伍、单位和个人", "whom an order may be addressed to"),
    "GET /api/incidents/orders/proposal": Text("调派建议:合适队伍按道路用时排列", "teams that fit, by road time"),
    "POST /api/incidents/orders": Text("下达指令,可同时调用队伍、带路线", "give an order; it may book and carry a way"),
    "POST /api/incidents/orders/step": Text(
        "指令签收、催办、到达、完成、撤回", "an order received, urged, done, withdrawn"
    ),
}
