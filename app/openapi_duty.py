"""What the doors of the duty desk take and what they are for, told by `/api/openapi.json`."""

from typing import Any

from core.texts import Text

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 40}
WORD: Json = {"type": "string", "maxLength": 40}
NAME: Json = {"type": "string", "maxLength": 80}
LINE: Json = {"type": "string", "maxLength": 200}
PROSE: Json = {"type": "string", "minLength": 1, "maxLength": 2000}
PHONE: Json = {"type": "string", "maxLength": 40}
AT: Json = {"type": ["string", "null"], "format": "date-time"}
AREA: Json = {"type": "string", "pattern": "^[0-9]{0,12}$"}
VERSION: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
START: Json = {"type": "integer", "minimum": 0, "maximum": 1_000_000}


def _given(required: list[str], fields: dict[str, Json]) -> Json:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


def _act(**fields: Json) -> Json:
    return _given(["code", "version", *fields], {"code": CODE, "version": VERSION, **fields})


QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /api/roster/calls": (("q", WORD), ("wanting", {"enum": ["1"]}), ("from", START)),
    "/api/roster/calls/row": (("code", CODE),),
    "GET /api/roster/contacts": (("q", WORD),),
    "/api/roster/contacts/row": (("code", CODE),),
}
CHANGES: dict[str, Json] = {
    "/api/roster/calls": _given(
        ["what"],
        {
            "what": PROSE, "area": AREA, "at": AT, "direction": {"enum": ["in", "out"]}, "caller": NAME,
            "caller_unit": NAME, "caller_phone": PHONE, "place": LINE,
            "recording": {"type": "string", "maxLength": 120},
            "lon": {"type": ["number", "null"], "minimum": -180, "maximum": 180},
            "lat": {"type": ["number", "null"], "minimum": -90, "maximum": 90}, "call_back": {"type": "boolean"},
        },
    ),
    "/api/roster/calls/strike": _act(reason=LINE),
    "/api/roster/calls/back": _act(said=PROSE),
    "/api/roster/calls/forward": _given(
        ["code", "version", "asked"],
        {"code": CODE, "version": VERSION, "asked": {"type": "string", "minLength": 1, "maxLength": 400},
         "contact": WORD, "to": NAME},
    ),
    "/api/roster/calls/receipt": _act(said=PROSE, by=NAME),
    "/api/roster/contacts": _given(
        ["kind", "name"],
        {
            "code": WORD, "version": VERSION, "kind": {"enum": ["body", "person"]}, "name": NAME, "unit": NAME,
            "post": NAME, "duties": LINE, "duty_phone": PHONE, "mobile_phone": PHONE,
            "call_order": {"type": "integer", "minimum": 1, "maximum": 999}, "area": AREA,
        },
    ),
    "/api/roster/contacts/verify": _act(),
}  # fmt: skip
WORDS: dict[str, Text] = {
    "GET /roster": Text(
        "值守页:排班、交接班、电话记录、通讯录", "the page of duty: roster, hand-over, calls, phone book"
    ),
    "GET /api/roster/choices": Text("值守页的可选项", "what the page of duty may choose from"),
    "GET /api/roster/calls": Text("值班电话记录,新的在前", "the call log, newest first"),
    "GET /api/roster/calls/row": Text("一条电话记录:号码、转办、回执", "one call: number, forwards, receipts"),
    "POST /api/roster/calls": Text("记录一次通话", "write down a call"),
    "POST /api/roster/calls/strike": Text("划销一条记录,写明原因,原文保留", "strike a call through, with a reason"),
    "POST /api/roster/calls/back": Text("登记已回电", "that it was called back"),
    "POST /api/roster/calls/forward": Text("转办,限时回执", "pass a call on, a receipt falls due"),
    "POST /api/roster/calls/receipt": Text("登记回执", "note a receipt"),
    "GET /api/roster/contacts": Text("应急通讯录,按呼叫顺序", "the phone book in the order of calling"),
    "GET /api/roster/contacts/row": Text("一条通讯录的号码", "the numbers of one contact"),
    "POST /api/roster/contacts": Text("登记或修改通讯录", "enter or change a contact"),
    "POST /api/roster/contacts/verify": Text("确认号码已核对", "that the numbers were verified"),
}
