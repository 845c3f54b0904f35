"""`/api/me`: who one is here, and what one may settle oneself: language, post, password, second factor, sessions."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.auth import factors
from app.auth.entering import Entrance
from app.doors.bodies import json_answer, object_of, text_of
from core.caller import Caller, current_caller
from core.clock import iso
from core.errors import BadInputError, ForbiddenError
from core.texts import Lang, Text
from store.identity import Account, Standing

THEMES = ("auto", "day", "night")


def me_routes(entrance: Entrance, city: str) -> list[BaseRoute]:
    """The door over the entrance; `city` is what authenticator apps show."""
    identity, clock = entrance.identity, entrance.clock

    def account_of(caller: Caller) -> Account:
        if not caller.session:
            raise ForbiddenError(Text("大屏和密钥没有个人设置", "wall screens and keys have no settings of their own"))
        return identity.people.get(caller.account)

    def told(caller: Caller) -> dict[str, Any]:
        body: dict[str, Any] = {
            "login": caller.actor.id, "name": caller.actor.name, "role": caller.role, "class": str(caller.user_class),
            "rights": sorted(str(right) for right in caller.rights), "lang": str(caller.lang),
            "session": caller.session,
            "post": caller.post, "areas": list(caller.scope.areas), "clearance": caller.scope.clearance.name.lower(),
            "enterprises": None if caller.scope.enterprises is None else sorted(caller.scope.enterprises),
        }  # fmt: skip
        if caller.session:
            account = identity.people.get(caller.account)
            held = identity.posts.standings(account, at=clock())
            body |= {
                "theme": account.theme, "second_factor": account.sealed_totp is not None, "demo": account.demo,
                "password_at": None if account.password_at is None else iso(account.password_at),
                "posts": [_post(one, caller) for one in held],
            }  # fmt: skip
        return body

    async def show(_: Request) -> Response:
        """GET /api/me: the caller."""
        return json_answer(await run_in_threadpool(told, current_caller.get()))

    def settle(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
        account = account_of(caller)
        lang, theme = given.get("lang", str(account.lang)), given.get("theme", account.theme)
        if lang not in set(Lang):
            raise _not_one("lang", lang, tuple(Lang))
        if theme not in THEMES:
            raise _not_one("theme", theme, THEMES)
        identity.people.set_preferences(account.id, lang=Lang(lang), theme=theme)
        entrance.doorman.forget()
        return {"lang": lang, "theme": theme}

    def act_as(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
        post = text_of(given, "post")
        entrance.act_as(caller.session, account_of(caller), post)
        return {"post": post}

    def password(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
        account = account_of(caller)
        if account.demo:
            raise ForbiddenError(Text("演示账号不能改口令", "a demo account keeps its password"))
        entrance.change_password(account, text_of(given, "old"), text_of(given, "new"))
        return {"signed_out": True}

    def begin_factor(caller: Caller, _: dict[str, Any]) -> dict[str, Any]:
        account = account_of(caller)
        secret = factors.new_secret()
        picture = factors.picture(factors.address(secret, account.login, city))
        return {"secret": secret, "sealed": entrance.sealer.seal(secret), "picture": picture}

    def enrol(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
        account = account_of(caller)
        if account.demo:
            raise ForbiddenError(Text("演示账号不能绑定动态口令", "a demo account takes no second factor"))
        if account.sealed_totp is not None:
            raise ForbiddenError(Text("已绑定,请先解除", "there is one already; take it away first"))
        entrance.enrol(account, text_of(given, "sealed"), text_of(given, "code"))
        return {"second_factor": True}

    def remove_factor(caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
        account = account_of(caller)
        entrance.remove_factor(account, text_of(given, "code"))
        return {"second_factor": False}

    async def sessions(_: Request) -> Response:
        """GET /api/me/sessions: where one is signed in now."""
        caller = current_caller.get()

        def found() -> list[dict[str, Any]]:
            return [
                {
                    "id": one.id, "begun": iso(one.created_at), "seen": iso(one.seen_at), "until": iso(one.expires_at),
                    "agent": one.agent, "address": one.address, "how": one.how, "this": one.id == caller.session,
                }
                for one in identity.sessions.of(account_of(caller).id, at=clock())
            ]  # fmt: skip

        return json_answer({"sessions": await run_in_threadpool(found)})

    async def end(asked: Request) -> Response:
        """POST /api/me/sessions/ID/end: sign out elsewhere; `others` ends all but this one."""
        caller, wanted = current_caller.get(), asked.path_params["session"]

        def ending() -> int:
            account = account_of(caller)
            if wanted == "others":
                return identity.sessions.end_all(account.id, by="self", at=clock(), but=caller.session)
            identity.sessions.end(wanted, account=account.id, by="self", at=clock())
            return 1

        ended = await run_in_threadpool(ending)
        entrance.doorman.forget()
        return json_answer({"ended": ended})

    async def active(_: Request) -> Response:
        """POST /api/me/active: somebody is at the screen; the guard has noted it already."""
        return Response(status_code=204)

    def posted(ask: Callable[[Caller, dict[str, Any]], dict[str, Any]]) -> Callable[[Request], Any]:
        async def endpoint(asked: Request) -> Response:
            given = await object_of(asked)
            return json_answer(await run_in_threadpool(ask, current_caller.get(), given))

        endpoint.__doc__ = ask.__doc__
        return endpoint

    doors = {
        "/api/me": settle, "/api/me/post": act_as, "/api/me/password": password, "/api/me/totp/begin": begin_factor,
        "/api/me/totp": enrol, "/api/me/totp/remove": remove_factor,
    }  # fmt: skip
    return [
        Route("/api/me", show, methods=["GET"]),
        Route("/api/me/active", active, methods=["POST"]),
        Route("/api/me/sessions", sessions, methods=["GET"]),
        Route("/api/me/sessions/{session}/end", end, methods=["POST"]),
        *(Route(path, posted(ask), methods=["POST"]) for path, ask in doors.items()),
    ]


def _post(one: Standing, caller: Caller) -> dict[str, Any]:
    return {
        "id": one.post.id, "role": one.role.id, "title": one.role.title.of(caller.lang), "areas": list(one.post.areas),
        "since": iso(one.post.since), "until": None if one.post.until is None else iso(one.post.until),
        "reason": one.post.reason, "second_factor": one.role.second_factor, "this": one.post.id == caller.post,
    }  # fmt: skip


def _not_one(name: str, value: object, allowed: tuple[str, ...]) -> BadInputError:
    words = orjson.dumps(value).decode()[:40]
    return BadInputError(
        Text(
            f"{name} 不能是 {words},可用:{'、'.join(allowed)}",
            f"{name} cannot be {words}; allowed: {', '.join(allowed)}",
        ),
        field=name,
    )
