"""The addresses of administration: each asks one function of the desk, one change at a time."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin import accounts, chores, groups, keys, kiosks, posts, roles
from app.doors.admin.choices import choices
from app.doors.admin.desk import Desk
from app.doors.admin.fields import Given
from app.doors.admin.recipients import Recipients
from app.doors.bodies import json_answer, object_of
from core.caller import current_caller

Ask = Callable[..., Given]
ROOT = "/api/admin"

READS: dict[str, Ask] = {
    "/choices": choices,
    "/accounts": accounts.listed,
    "/accounts/{account}": accounts.shown,
    "/accounts/{account}/sessions": accounts.sessions,
    "/chores": chores.listed,
    "/groups": groups.listed,
    "/roles": roles.listed,
    "/keys": keys.listed,
    "/kiosks": kiosks.listed,
}
CHANGES: dict[str, Ask] = {
    "/accounts": accounts.add,
    "/accounts/{account}": accounts.change,
    "/accounts/{account}/password": accounts.reset_password,
    "/accounts/{account}/totp/remove": accounts.remove_factor,
    "/accounts/{account}/sessions/{session}/end": accounts.end_session,
    "/posts": posts.give,
    "/posts/{post}/end": posts.end,
    "/groups": groups.add,
    "/groups/{group}": groups.change,
    "/groups/{group}/remove": groups.remove,
    "/roles": roles.add,
    "/roles/{role}": roles.change,
    "/roles/{role}/remove": roles.remove,
    "/keys": keys.issue,
    "/keys/{key}/revoke": keys.revoke,
    "/kiosks": kiosks.issue,
    "/kiosks/{kiosk}/revoke": kiosks.revoke,
}


def admin_routes(desk: Desk, recipients: Recipients) -> list[BaseRoute]:
    """The doors over one desk, those of the recipients of warnings among them."""
    ours, one = "/recipients", "/recipients/{recipient}"
    reading = READS | {ours: recipients.listed}
    changing = CHANGES | {
        ours: recipients.add, one: recipients.change, f"{one}/end": recipients.end, f"{one}/test": recipients.test,
    }  # fmt: skip
    reads = [Route(ROOT + path, _read(desk, ask), methods=["GET"]) for path, ask in reading.items()]
    changes = [Route(ROOT + path, _change(desk, ask), methods=["POST"]) for path, ask in changing.items()]
    return [*reads, *changes]


def _read(desk: Desk, ask: Ask) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(asked: Request) -> Response:
        caller, given = current_caller.get(), dict(asked.query_params)
        return json_answer(await run_in_threadpool(ask, desk, caller, given, **asked.path_params))

    endpoint.__doc__ = ask.__doc__
    return endpoint


def _change(desk: Desk, ask: Ask) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(asked: Request) -> Response:
        caller, given = current_caller.get(), await object_of(asked)

        def changing() -> Given:
            try:
                with desk.changing():
                    return ask(desk, caller, given, **asked.path_params)
            finally:
                desk.doorman.forget()

        return json_answer(await run_in_threadpool(changing))

    endpoint.__doc__ = ask.__doc__
    return endpoint
