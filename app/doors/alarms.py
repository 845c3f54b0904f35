"""`/api/alarms`: what stands, what became of one, and the acts of who is on duty, under the rights of the layer."""

import gzip
from collections.abc import Callable
from datetime import datetime

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, number, only, refused, words
from app.doors.bodies import json_answer, object_of
from core.caller import Caller, Right, current_caller
from core.errors import ForbiddenError
from core.texts import Text
from dashboards.queries.alarmcard import alarm_card
from dashboards.queries.alarms import alarm_layer, queue
from dashboards.screens import Screens
from monitoring.alarms.desk import Desk
from store.protocol import Stored

LONGEST_CODE = 40
LONGEST_WORDS = 400
MOST_CODES = 100
"""Alarms asked for by name at once; whoever needs more asks for all."""

PACKED_FROM = 4096

Act = Callable[[Desk, Caller, str, Given], Stored]


def _acknowledge(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version")
    return desk.acknowledge(code, _version(given), actor=caller.actor, scope=caller.scope)


def _shelve(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version", "reason", "until")
    why = words(given, "reason", longest=LONGEST_WORDS)
    until = moment(given, "until")
    if until is None:
        raise refused("until", given.get("until"), Text("搁置到期时刻", "the time the shelf ends"))
    return desk.shelve(code, _version(given), why=why, until=until, actor=caller.actor, scope=caller.scope)


def _unshelve(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version")
    return desk.unshelve(code, _version(given), actor=caller.actor, scope=caller.scope)


def _close(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version", "outcome")
    outcome = words(given, "outcome", longest=LONGEST_WORDS)
    return desk.close(code, _version(given), outcome=outcome, actor=caller.actor, scope=caller.scope)


def _declare_false(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version", "reason")
    why = words(given, "reason", longest=LONGEST_WORDS)
    return desk.declare_false(code, _version(given), why=why, actor=caller.actor, scope=caller.scope)


def _withdraw_false(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version")
    return desk.withdraw_false(code, _version(given), actor=caller.actor, scope=caller.scope)


def _receive(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version")
    return desk.receive(code, _version(given), actor=caller.actor, scope=caller.scope)


def _answer(desk: Desk, caller: Caller, code: str, given: Given) -> Stored:
    only(given, "version", "cause", "measure", "until")
    cause, measure = (words(given, name, longest=LONGEST_WORDS) for name in ("cause", "measure"))
    return desk.answer(
        code, _version(given), cause=cause, measure=measure, until=moment(given, "until"), actor=caller.actor,
        scope=caller.scope,
    )  # fmt: skip


ANSWERS: dict[str, Act] = {"receive": _receive, "answer": _answer}
"""Of whoever acts for the enterprise an alarm belongs to."""

ACTS: dict[str, Act] = {
    "ack": _acknowledge, "shelve": _shelve, "unshelve": _unshelve, "close": _close, "false": _declare_false,
    "unfalse": _withdraw_false,
}  # fmt: skip


def _version(given: Given) -> int:
    return number(given, "version", 1, 1_000_000_000)


def _codes(request: Request) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(part for part in request.query_params.get("codes", "").split(",") if part))
    if len(asked) > MOST_CODES or any(len(code) > LONGEST_CODE for code in asked):
        raise refused("codes", len(asked), Text(f"至多 {MOST_CODES} 个报警编号", f"at most {MOST_CODES} alarm numbers"))
    return asked


def may_act(caller: Caller) -> bool:
    """The caller may acknowledge, shelve and close what they see."""
    return caller.may(Right.EDIT) and caller.scope.may_write("alarms")


def may_answer(caller: Caller) -> bool:
    """The caller acts for enterprises, whose alarms are theirs to receive and answer."""
    return caller.may(Right.ANSWER) and caller.scope.enterprises is not None and caller.scope.may_write("alarms")


def _rights(caller: Caller) -> Given:
    return {"may_act": may_act(caller), "may_answer": may_answer(caller)}


def alarm_routes(screens: Screens) -> list[BaseRoute]:
    """The list, one alarm, and what is done to it."""
    desk = Desk(screens.store, screens.clock)

    async def listed(request: Request) -> Response:
        """GET: every open alarm of the caller's scope in columns, or those named."""
        caller, codes = current_caller.get(), _codes(request)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        body = await run_in_threadpool(_written, screens, caller, screens.clock(), codes, packed)
        headers = {"cache-control": "no-store", "vary": "cookie, authorization, accept-encoding"}
        if body[:2] == b"\x1f\x8b":
            headers["content-encoding"] = "gzip"
        return Response(body, media_type="application/json", headers=headers)

    async def one(request: Request) -> Response:
        """GET /{code}: its states, its point, whom to call, the nearest camera."""
        caller, code = current_caller.get(), _code(request)
        told = await run_in_threadpool(
            alarm_card, screens.store, screens.readings, code, screens.clock(), scope=caller.scope, lang=caller.lang
        )
        return Response(
            orjson.dumps(told | _rights(caller), option=orjson.OPT_SERIALIZE_NUMPY),
            media_type="application/json",
            headers={"cache-control": "no-store"},
        )

    def acting(act: Act) -> Callable[[Request], object]:
        async def endpoint(request: Request) -> Response:
            caller, code, given = current_caller.get(), _code(request), await object_of(request)
            return json_answer(await run_in_threadpool(_done, desk, caller, act, code, given))

        return endpoint

    return [
        Route("/api/alarms", listed, methods=["GET"]),
        Route("/api/alarms/{code}", one, methods=["GET"]),
        *(
            Route(f"/api/alarms/{{code}}/{name}", acting(act), methods=["POST"])
            for name, act in (ACTS | ANSWERS).items()
        ),
    ]


def _code(request: Request) -> str:
    return str(request.path_params["code"])[:LONGEST_CODE]


def _done(desk: Desk, caller: Caller, act: Act, code: str, given: Given) -> Given:
    alarm_layer(desk.store, caller.scope)
    if not caller.session:
        raise ForbiddenError(Text("须由登录的具名人员处置报警", "a named person who signed in handles alarms"))
    if act in ANSWERS.values() and not may_answer(caller):
        raise ForbiddenError(
            Text("须由代表企业的人员答复", "somebody who acts for an enterprise answers for it")
        )  # fmt: skip
    stored = act(desk, caller, code, given)
    record = stored.record.model_dump(include={"state"})
    return {"code": code, "version": stored.version, "seq": stored.seq, "state": record["state"]}


def _written(screens: Screens, caller: Caller, now: datetime, codes: tuple[str, ...], packed: bool) -> bytes:
    told = queue(screens.store, now, scope=caller.scope, lang=caller.lang, codes=codes)
    body = orjson.dumps(told | _rights(caller), option=orjson.OPT_SERIALIZE_NUMPY)
    return gzip.compress(body, 1, mtime=0) if packed and len(body) >= PACKED_FROM else body
