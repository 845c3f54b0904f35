"""What the doors of the duty desk take and what they are for, told by `/api/openapi.json`."""

from typing import Any

from app.openapi_incidents import KEYED
from core.texts import Text

Json = dict[str, Any]

CODE: Json = {"type": "string", "minLength": 1, "maxLength": 40}
WORD: Json = {"type": "string", "maxLength": 40}
NAME: Json = {"type": "string", "maxLength": 80}
LINE: Json = {"type": "string", "maxLength": 200}
PROSE: Json = {"type": "string", "minLength": 1, "maxLength": 2000}
PHONE: Json = {"type": "string", "maxLength": 40}
AT: Json = {"type": ["string", "null"], "format": "date-time"}
DAY: Json = {"type": "string", "format": "date"}
AREA: Json = {"type": "string", "pattern": "^[0-9]{0,12}$"}
VERSION: Json = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
START: Json = {"type": "integer", "minimum": 0, "maximum": 1_000_000}


def _given(required: list[str], fields: dict[str, Json]) -> Json:
    return {"type": "object", "required": required, "properties": fields, "additionalProperties": False}


def _act(**fields: Json) -> Json:
    return _given(["code", "version", *fields], {"code": CODE, "version": VERSION, **fields})


MONTH: tuple[tuple[str, Json], ...] = (
    ("month", {"type": "string", "pattern": "^20[0-9]{2}-(0[1-9]|1[0-2])$"}), ("post", NAME),
)  # fmt: skip

QUERIES: dict[str, tuple[tuple[str, Json], ...]] = {
    "GET /api/roster/calls": (("q", WORD), ("wanting", {"enum": ["1"]}), ("from", START)),
    "/api/roster/calls/row": (("code", CODE),),
    "GET /api/roster/contacts": (("q", WORD),),
    "/api/roster/contacts/row": (("code", CODE),),
    "GET /api/roster/bookings": (("incident", WORD),),
    "/api/roster/month": MONTH,
    "/api/roster/month/paper": MONTH,
    "/api/roster/handovers/row": (("code", CODE),),
    "/api/roster/resources": (
        ("what", {"enum": ["materials", "teams"]}),
        ("kind", WORD),
        ("lon", {"type": "number"}),
        ("lat", {"type": "number"}),
        ("within", {"type": "integer", "minimum": 1, "maximum": 500}),
    ),
    "/api/roster/handovers/paper": (("code", CODE),),
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
    "/api/roster/calls/join": _act(incident=WORD),
    "/api/roster/bookings": _given(
        ["of_layer", "of_key", "purpose"],
        {
            "of_layer": {"enum": ["teams", "materials", "fire_stations"]},
            "of_key": {"type": "string", "maxLength": 60},
            "quantity": {"type": ["number", "null"], "exclusiveMinimum": 0}, "incident": WORD,
            "purpose": {"type": "string", "minLength": 1, "maxLength": 400}, "at_once": {"type": "boolean"},
            "command": KEYED,
        },
    ),
    "/api/roster/bookings/step": _given(
        ["code", "version", "step"],
        {
            "code": CODE, "version": VERSION, "said": {"type": "string", "maxLength": 400},
            "step": {"enum": ["book", "refuse", "withdraw", "leave", "arrive", "return", "give_back"]},
            "returned": {"type": ["number", "null"], "minimum": 0}, "command": KEYED,
        },
    ),
    "/api/roster/shifts": _given(
        ["post", "role", "people", "first", "last", "hours"],
        {
            "post": {"type": "string", "minLength": 1, "maxLength": 80}, "area": AREA, "first": DAY, "last": DAY,
            "role": {"enum": ["leader", "officer", "deputy"]},
            "hours": {"type": "integer", "minimum": 1, "maximum": 192},
            "people": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 80}, "minItems": 1,
                       "maxItems": 40},
            "begins": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}, "duty_phone": PHONE,
        },
    ),
    "/api/roster/shifts/remove": _act(reason=LINE),
    "/api/roster/shifts/ask": _act(of={"type": "string", "maxLength": 64}, why=LINE),
    "/api/roster/shifts/answer": _act(agrees={"type": "boolean"}),
    "/api/roster/handovers": _given(
        ["post"],
        {"post": {"type": "string", "minLength": 1, "maxLength": 80}, "area": AREA, "code": WORD, "version": VERSION,
         "devices": {"type": "string", "maxLength": 2000}, "notes": {"type": "string", "maxLength": 2000}},
    ),
    "/api/roster/handovers/sign": _given(
        ["code", "version"], {"code": CODE, "version": VERSION, "password": {"type": "string", "maxLength": 256}}
    ),
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
    "POST /api/roster/calls/join": Text("把电话关联到事件", "that a call belongs to an incident"),
    "GET /api/roster/resources/statistics": Text("统计直报:各区县各类资源", "resources counted by district and kind"),
    "GET /api/roster/resources": Text("某处周围可调用的物资、队伍", "stocks and teams around a place"),
    "GET /api/roster/bookings": Text("资源调用记录", "bookings of resources"),
    "POST /api/roster/bookings": Text("申请或直接调用资源", "ask for a resource, or book it"),
    "POST /api/roster/bookings/step": Text("办理资源调用:批准、在途、到场、归还", "move a booking on"),
    "GET /api/roster/now": Text("此刻谁在岗,本人近日班次", "who is on duty now, and one's own shifts"),
    "GET /api/roster/month": Text("一个月的排班、缺岗、重复", "a month of shifts, what is missing, what is double"),
    "GET /api/roster/month/paper": Text("值班表(A4 打印)", "the month to print"),
    "GET /api/roster/people": Text("可排班的人员", "who may be put on the roster"),
    "POST /api/roster/shifts": Text("按人员轮流排班", "put people on the roster in turn"),
    "POST /api/roster/shifts/remove": Text("撤销班次", "take a shift off the roster"),
    "POST /api/roster/shifts/ask": Text("请人代班,须本人同意", "ask somebody to stand in"),
    "POST /api/roster/shifts/answer": Text("被请人同意或不同意代班", "agree to stand in, or not"),
    "GET /api/roster/handovers": Text("交接班记录", "hand-overs, the latest first"),
    "GET /api/roster/handovers/row": Text("一次交接班及其存证", "one hand-over, and where it stands in the chain"),
    "GET /api/roster/handovers/preview": Text("此刻会交接什么", "what would be handed over now"),
    "GET /api/roster/handovers/paper": Text(
        "交接班记录(A4 打印,附签名头)", "a hand-over to print, with the signed head"
    ),
    "POST /api/roster/handovers": Text("汇总交接班内容", "draw up a hand-over"),
    "POST /api/roster/handovers/sign": Text("交接班签字,须本人口令", "sign a hand-over with one's own password"),
}
