"""What the doors of messages and of one's own addresses take, told by `/api/openapi.json`."""

from typing import Any

Json = dict[str, Any]

CHANNEL: Json = {"enum": ["mail", "sms", "webhook"]}

CHANGES: dict[str, Json] = {
    "/api/me/contacts": {
        "type": "object", "required": ["channel"], "additionalProperties": False,
        "properties": {"channel": CHANNEL, "address": {"type": "string", "maxLength": 120}},
    },
    "/api/me/contacts/test": {
        "type": "object", "required": ["channel"], "additionalProperties": False, "properties": {"channel": CHANNEL},
    },
    "/api/messages/read": {
        "type": "object", "additionalProperties": False,
        "properties": {"ids": {"type": "array", "items": {"type": "string"}, "maxItems": 200}},
    },
}  # fmt: skip
