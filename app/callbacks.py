"""The door of the screens' callbacks: Dash lists every callback to everybody and trusts whatever is posted to it.

So a request is read here first: it names a callback there is, whose right the caller has, and carries what it declares.
"""

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.guard import route_path
from app.auth.refusals import Refusals, Why
from app.doors.bodies import body_of, object_in
from app.problems import NOT_FOUND, NOT_YOURS, on_error, on_gone, problem
from core.caller import current_caller
from core.errors import BadInputError, OneMapError
from core.texts import Text

PATH = "/_dash-update-component"
LARGEST = 1 << 20
"""Bytes of a request: a form with everything in it."""

Json = dict[str, Any]


def unguarded(callbacks: Mapping[str, Any]) -> list[str]:
    """Callbacks that run here and do not say whom they are for."""
    return sorted(
        name for name, one in callbacks.items() if "callback" in one and not hasattr(one["callback"], "needs")
    )


class CallbackDoor:
    """Stands between the guard and Dash."""

    def __init__(self, app: ASGIApp, *, callbacks: Mapping[str, Any], refusals: Refusals) -> None:
        self.app = app
        self.callbacks = callbacks
        self.refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it came, or refuse it."""
        if scope["type"] != "http" or scope["method"] != "POST" or route_path(scope) != PATH:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        caller = current_caller.get()
        try:
            body = await body_of(request, LARGEST)
            asked = object_in(body)
            name = asked.get("output")
            callback = self.callbacks.get(name) if isinstance(name, str) else None
            if callback is None or "callback" not in callback:
                await problem(404, "not-found", NOT_FOUND, caller.lang)(scope, receive, send)
                return
            needs = callback["callback"].needs
            if needs and caller.rights.isdisjoint(needs):
                await run_in_threadpool(self.refusals.note, Why.RIGHT, f"POST {PATH} {name}", caller=caller)
                await problem(403, "forbidden", NOT_YOURS, caller.lang)(scope, receive, send)
                return
            _check(asked, callback)
        except OneMapError as error:
            await (await on_error(request, error))(scope, receive, send)
            return
        except ClientDisconnect as error:
            await (await on_gone(request, error))(scope, receive, send)
            return
        await self.app(scope, _again(body, receive), send)


def _again(body: bytes, receive: Receive) -> Receive:
    """The body that was read, once more, and then whatever else comes."""
    told = False

    async def replay() -> Any:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _check(asked: Json, callback: Mapping[str, Any]) -> None:
    """What is posted is what the callback declares; raises BadInputError naming the part that is not."""
    for part, declared in (("inputs", callback["inputs"]), ("state", callback["state"])):
        given = asked.get(part, [])
        if not isinstance(given, list) or len(given) != len(declared):
            raise _bad(part)
        if not all(_is(one, wanted) for one, wanted in zip(given, declared, strict=True)):
            raise _bad(part)
    changed = asked.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(one, str) for one in changed):
        raise _bad("changedPropIds")
    outputs = asked.get("outputs", [])
    several = isinstance(callback["output"], list | tuple)
    if not callback["no_output"] and (isinstance(outputs, list) is not several or not _addresses(outputs)):
        raise _bad("outputs")
    if several and len(outputs) != len(callback["output"]):
        raise _bad("outputs")


def _is(given: object, declared: Mapping[str, str]) -> bool:
    """The property that is declared, of the one component or, for a pattern, of any."""
    if declared["id"].startswith("{"):
        return _addresses(given)
    return isinstance(given, dict) and all(given.get(name) == declared[name] for name in ("id", "property"))


def _addresses(given: object) -> bool:
    if isinstance(given, list):
        return all(_addresses(one) for one in given)
    return isinstance(given, dict) and isinstance(given.get("property"), str) and _is_id(given.get("id"))


def _is_id(given: object) -> bool:
    if isinstance(given, dict):
        return all(isinstance(value, str | int | float) for value in given.values())
    return isinstance(given, str)


def _bad(part: str) -> BadInputError:
    return BadInputError(Text(f"{part} 与该回调的声明不符", f"{part} is not what this callback declares"), field=part)
