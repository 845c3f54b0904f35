"""`/public` and `/api/public/*`: the doors without an account, each client limited in how often it may ask."""

from math import ceil
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.auth.guard import address_of
from app.auth.rates import Rates
from app.language import asked as asked_language
from app.language import kept
from app.problems import language, later
from core.caller import UserClass
from core.clock import CHINA
from core.errors import BadInputError, OneMapError
from core.texts import Lang, Text
from dashboards.public.lookup import PUBLIC, Lookup, asked, look_up, lookup_of, newest
from dashboards.public.page import document
from dashboards.queries.notices import notices
from dashboards.queries.warnings import warnings_standing
from dashboards.screens import Screens

A_MINUTE = 30
"""Look-ups one address may make in a minute."""


class TooOftenError(OneMapError):
    """More look-ups from one address than a person makes."""

    code = "too-often"
    status = 429


def public_routes(screens: Screens, a_minute: int = A_MINUTE) -> list[BaseRoute]:
    """The page and its three feeds, under the public's scope whoever asks."""
    rates = Rates()

    def told(lang: Lang) -> list[dict[str, Any]]:
        return notices(screens.store, screens.clock(), scope=PUBLIC, user_class=UserClass.PUBLIC, lang=lang)

    def search(request: Request, one: Lookup, words: str, lang: Lang) -> dict[str, Any]:
        looked_for = asked(words)
        address = address_of(request)
        if not rates.hit(address, most=a_minute):
            after = ceil(rates.wait(address, most=a_minute))
            raise TooOftenError(
                Text(f"查询过于频繁，请 {after} 秒后再试", f"too many searches; try again in {after} seconds"),
                retry_after=after,
            )
        return look_up(screens.store, one, looked_for, screens.clock().astimezone(CHINA).date(), lang=lang)

    async def page(request: Request) -> Response:
        """GET /public."""
        lang = asked_language(request, "/public") or kept(request) or language(request)
        words = request.query_params.get("q", "").strip()
        found, fault, status, headers = None, "", 200, dict[str, str]()
        one = lookup_of(request.query_params.get("of", "enterprises"))
        if words:
            try:
                found = await run_in_threadpool(search, request, one, words, lang)
            except (BadInputError, TooOftenError) as refused:
                fault, status, headers = refused.text.of(lang), refused.status, later(refused)
        elif one.newest:
            today = screens.clock().astimezone(CHINA).date()
            found = await run_in_threadpool(lambda: newest(screens.store, one, today, lang=lang))
        listed = await run_in_threadpool(told, lang)
        now = screens.clock()
        standing = await run_in_threadpool(lambda: warnings_standing(screens.store, scope=PUBLIC, lang=lang, now=now))
        body = document(
            screens, one, words[:80], lang=lang, notices=listed, warnings=standing, found=found, fault=fault
        )  # fmt: skip
        return HTMLResponse(body, status_code=status, headers=headers)

    async def listed(request: Request) -> Response:
        """GET /api/public/notices."""
        return _json({"notices": await run_in_threadpool(told, language(request))})

    async def hits(request: Request) -> Response:
        """GET /api/public/lookup/{of}?q=…"""
        one = lookup_of(request.path_params["of"])
        words = request.query_params.get("q", "")
        return _json(await run_in_threadpool(search, request, one, words, language(request)))

    return [
        Route("/public", page, methods=["GET"]),
        Route("/api/public/notices", listed, methods=["GET"]),
        Route("/api/public/lookup/{of}", hits, methods=["GET"]),
    ]


def _json(body: object) -> Response:
    return Response(orjson.dumps(body), media_type="application/json", headers={"cache-control": "no-store"})
