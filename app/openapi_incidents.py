"""What the doors of incidents take, told by `/api/openapi.json`."""

from typing import Any

from app.doors.incidents import COMMAND, FORMS, LONGEST_TO, MOMENTS, TEXTS
from app.incidents.sources import LAYERS
from emergency.incidents.life import LOSSES, Step
from emergency.incidents.log import BY_HAND
from emergency.incidents.reports import PAPERS
from layers.codes import code_list

Json = dict[str, Any]
CODE: Json = {"type": "string", "minLength": 1, "maxLength": 24}
KEY: Json = {"type": "string", "minLength": 1, "maxLength": 120}
KEYED: Json = {"type": "string", "pattern": f"^{COMMAND}$"}
WHY: Json = {"type": "string", "maxLength": 500}
VERSION: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
FLAG: Json = {"enum": ["0", "1"]}
LAYER: Json = {"enum": list(LAYERS)}
REFS: Json = {"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 160}}
PLACE: Json = {
    "lon": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
    "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90},
}
FACTS: Json = {
    **{name: {"type": "string", "maxLength": longest} for name, longest in TEXTS.items()},
    **dict.fromkeys(MOMENTS, MOMENT),
    **{name: {"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000} for name in LOSSES},
    "direct_loss": {"type": ["number", "null"], "minimum": 0},
    "kind": {"enum": [one.code for one in code_list("incident_kind")]},
    "accident_kind": {"enum": [one.code for one in code_list("accident_type")]},
}

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "/api/incidents": (("exercise", FLAG), ("all", FLAG)),
    "/api/incidents/one": (("code", CODE),),
    "/api/incidents/paper": (
        ("entry", {"type": "string", "minLength": 1, "maxLength": 40}),
        ("form", {"enum": list(FORMS)}),
    ),
    "/api/incidents/kit": (("code", CODE),),
    "/api/incidents/situations": (("code", CODE),),
    "/api/incidents/situation": (
        ("entry", {"type": "string", "minLength": 1, "maxLength": 40}),
        ("form", {"enum": list(FORMS)}),
        ("lang", {"enum": ["zh", "en"]}),
    ),
    "/api/incidents/of": (("layer", LAYER), ("key", KEY)),
    "/api/incidents/wall": (("exercise", FLAG), ("code", CODE), ("at", {"type": "string", "format": "date-time"})),
    "/api/incidents/replay": (("code", CODE), ("at", {"type": "string", "format": "date-time"})),
}


def command(*needs: str, **more: Json) -> Json:
    """A command with its key, what it needs and what it takes."""
    return {
        "type": "object", "required": ["command", *needs], "additionalProperties": False,
        "properties": {"command": KEYED, **more},
    }  # fmt: skip


CHANGES: dict[str, Json] = {
    "/api/incidents/open": command(
        origin={"enum": ["call", "map"]}, layer=LAYER, key=KEY, text={"type": "string", "maxLength": 1500},
        exercise={"type": "boolean"}, happened_at=MOMENT, refs=REFS, **PLACE, **FACTS,
    ),
    "/api/incidents/step": command(
        "code", "version", "step", code=CODE, version=VERSION, step={"enum": [one.value for one in Step]}, why=WHY,
        response={"type": ["integer", "null"], "minimum": 1, "maximum": 4}, into={"type": "string", "maxLength": 24},
    ),
    "/api/incidents/correct": command(
        "code", "version", "facts", code=CODE, version=VERSION, why=WHY, **PLACE,
        facts={"type": "object", "additionalProperties": False, "properties": FACTS},
    ),
    "/api/incidents/note": command(
        "code", "kind", "text", code=CODE, kind={"enum": list(BY_HAND)}, happened_at=MOMENT, refs=REFS, **PLACE,
        text={"type": "string", "minLength": 1, "maxLength": 2000},
    ),
    "/api/incidents/situation": command("code", code=CODE, text={"type": "string", "maxLength": 2000}),
    "/api/incidents/report": command(
        "code", "kind", "to", code=CODE, kind={"enum": list(PAPERS)}, text={"type": "string", "maxLength": 2000},
        to={"type": "string", "minLength": 1, "maxLength": LONGEST_TO},
    ),
    "/api/incidents/strike": command(
        "entry", "why", entry={"type": "string", "minLength": 1, "maxLength": 40}, why=WHY | {"minLength": 1}
    ),
    "/api/incidents/link": command("code", "layer", "key", code=CODE, layer=LAYER, key=KEY, text=WHY),
}  # fmt: skip
XML: Json = {"type": "string", "description": "CAP 1.2"}
