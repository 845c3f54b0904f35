"""What administration takes, told by `/api/openapi.json`: a field that is not named here is refused."""

from typing import Any

from app.doors.admin.accounts import CLASSES, LOGIN, MOST, STATES
from app.doors.admin.areas import MOST as MOST_AREAS
from app.doors.admin.fields import MANY
from app.doors.admin.keys import FASTEST
from app.doors.admin.kiosks import SCREENS
from app.doors.admin.recipients import CHANNELS
from app.doors.admin.roles import ID, LEVELS
from core.caller import Right

Json = dict[str, Any]

ADMIN = "/api/admin/"
IDENTIFIER: Json = {"type": "string", "maxLength": 60}
NAME: Json = {"type": "string", "minLength": 1, "maxLength": 60}
MOMENT: Json = {"type": ["string", "null"], "format": "date-time"}
"""A time with its offset; null is none."""

WORDS: Json = {"type": "string"}
ADDRESS: Json = {"type": "string", "maxLength": 400}
CLASS: Json = {"enum": list(CLASSES)}
AREAS: Json = {
    "type": "array", "minItems": 1, "maxItems": MOST_AREAS, "items": {"type": "string", "pattern": "^([0-9]{2,12})?$"},
}  # fmt: skip
ENTERPRISES: Json = {
    "type": ["array", "null"], "minItems": 1, "maxItems": MOST_AREAS,
    "items": {"type": "string", "pattern": "^[0-9A-Za-z-]{2,40}$"},
}  # fmt: skip


def _list(items: Json, *, none: bool = False) -> Json:
    return {"type": ["array", "null"] if none else "array", "maxItems": MANY, "items": items}


def _given(*required: str, **fields: Json) -> Json:
    return {"type": "object", "required": list(required), "properties": fields, "additionalProperties": False}


ROLE: dict[str, Json] = {
    "title": _given("zh", "en", zh={**NAME, "maxLength": 40}, en=NAME),
    "class": CLASS,
    "rights": _list({"enum": [str(right) for right in Right]}),
    "clearance": {"enum": list(LEVELS)},
    "layers": _list(WORDS, none=True),
    "hidden": _list({"type": "string", "pattern": r"^[a-z_]+\.[a-z_]+$"}),
    "writable": _list(WORDS, none=True),
    "second_factor": {"type": "boolean"},
}  # fmt: skip

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET " + ADMIN + "accounts": (
        ("q", {"type": "string", "maxLength": 60}), ("class", CLASS), ("state", {"enum": list(STATES)}),
        ("role", IDENTIFIER), ("offset", {"type": "integer", "minimum": 0, "maximum": 10_000_000}),
        ("limit", {"type": "integer", "minimum": 1, "maximum": MOST}),
    ),
}  # fmt: skip

NOTHING_ASKED = tuple(
    ADMIN + tail
    for tail in (
        "accounts/{account}/password", "accounts/{account}/totp/remove", "accounts/{account}/sessions/{session}/end",
        "posts/{post}/end", "groups/{group}/remove", "roles/{role}/remove", "keys/{key}/revoke",
        "kiosks/{kiosk}/revoke", "recipients/{recipient}/end", "recipients/{recipient}/test",
    )
)  # fmt: skip
"""Doors that need no more than their path, and refuse whatever is sent along."""

CHANGES: dict[str, Json] = {
    ADMIN + "accounts": _given(
        "login", "name", "class",
        login={"type": "string", "pattern": f"^{LOGIN}$"}, name=NAME, valid_until=MOMENT, **{"class": CLASS},
    ),
    ADMIN + "accounts/{account}": _given(
        name=NAME, valid_until=MOMENT, disabled={"type": "boolean"}, **{"class": CLASS}
    ),
    ADMIN + "posts": _given(
        "role", "areas",
        account=IDENTIFIER, group=IDENTIFIER, role=IDENTIFIER, areas=AREAS, enterprises=ENTERPRISES, since=MOMENT,
        until=MOMENT, reason={"type": "string", "maxLength": 200},
    ),
    ADMIN + "groups": _given("name", name=NAME, members=_list(IDENTIFIER)),
    ADMIN + "groups/{group}": _given(name=NAME, members=_list(IDENTIFIER)),
    ADMIN + "roles": _given(
        "id", "title", "class", "rights", "clearance", "second_factor", id={"type": "string", "pattern": f"^{ID}$"},
        **ROLE,
    ),
    ADMIN + "roles/{role}": _given(**ROLE),
    ADMIN + "keys": _given(
        "name", "account", "expires_at",
        name=NAME, account=IDENTIFIER, layers=_list(WORDS, none=True), writable=_list(WORDS), expires_at=MOMENT,
        per_minute={"type": "integer", "minimum": 1, "maximum": FASTEST},
    ),
    ADMIN + "kiosks": _given(
        "name", "screen", "areas",
        name=NAME, screen={"enum": list(SCREENS)}, role=IDENTIFIER, areas=AREAS, lang={"enum": ["zh", "en"]},
    ),
    ADMIN + "recipients": _given(
        "name", "channel", "address", "areas",
        name=NAME, channel={"enum": [one.value for one in CHANNELS]}, address=ADDRESS, areas=AREAS,
    ),
    ADMIN + "recipients/{recipient}": _given(
        name=NAME, address=ADDRESS, areas=AREAS, new_secret={"type": "boolean"}
    ),
}  # fmt: skip
