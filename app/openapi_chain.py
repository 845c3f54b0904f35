"""What the doors of an incident's scenario take and are for, told by `/api/openapi.json`."""

from typing import Any

from app.openapi_incidents import CODE, KEY, MOMENT, command
from core.texts import Text
from emergency.chain import CHAINS

Json = dict[str, Any]
KIND: Json = {"enum": list(CHAINS)}
SOURCE: Json = {"enum": ["tanks", "hazard_sources"]}
STATION: Json = {"type": "string", "maxLength": 40}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/incidents/prefill": (("code", CODE), ("kind", KIND), ("layer", SOURCE), ("key", KEY), ("station", STATION)),
    "/api/incidents/chain": (("code", CODE),),
}
CHANGES: dict[str, Json] = {
    "/api/incidents/compute": command(
        "code", "kind", "values", code=CODE, kind=KIND, layer=SOURCE, key=KEY, begun_at=MOMENT,
        station={"type": ["string", "null"], "maxLength": 40}, note={"type": "string", "maxLength": 400},
        values={"type": "object", "maxProperties": 60,
                "additionalProperties": {"type": ["string", "number", "null"], "maxLength": 60}},
    ),
    "/api/incidents/projection": command(
        "code", "projection", "step", code=CODE, projection={"type": "string", "maxLength": 40},
        step={"enum": ["adopt", "dismiss"]}, why={"type": "string", "maxLength": 400},
    ),
}  # fmt: skip
WORDS: dict[str, Text] = {
    "GET /api/incidents/prefill": Text("预填的事件情景,缺项和出处", "an incident's scenario as far as it is known"),
    "GET /api/incidents/chain": Text(
        "事件现行情景:影响区、人口、目标、变化和提醒", "an incident's scenario: zones, people, what changed, warnings"
    ),
    "POST /api/incidents/projection": Text(
        "采用或不采用系统按当前条件的推算", "adopt what was projected of what is true now, or say why not"
    ),
    "POST /api/incidents/compute": Text("核对后计算并保存事件情景", "compute and keep the scenario a person checked"),
}
