"""`/api/points`: measuring points as they are heard from, and the trend of one."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, only, refused, words
from core.caller import Caller, current_caller
from core.clock import Clock
from core.texts import Text, whole
from dashboards.queries.curve import Window, asked_point, trend_of
from store.protocol import Store
from store.series import Series

WIDEST = 4000
WIDTH = 1200
LONGEST = timedelta(days=3 * 366)
"""Of one answer; what is older is asked for by its own span."""

DAY = timedelta(days=1)


def point_routes(store: Store, series: Series, clock: Clock) -> list[BaseRoute]:
    """The doors over the readings that are kept."""

    async def trend(asked: Request) -> Response:
        """GET /api/points/{layer}/{key}/trend?from&to&element&width: lows, highs and lasts, doubts, holes, limits."""
        caller = current_caller.get()
        read = partial(_trend, store, series, clock, caller, asked.path_params, dict(asked.query_params))
        return _answer(await run_in_threadpool(read))

    return [Route("/api/points/{layer}/{key:path}/trend", trend, methods=["GET"])]


def _trend(
    store: Store, series: Series, clock: Clock, caller: Caller, path: dict[str, str], given: Given
) -> dict[str, Any]:
    only(given, "from", "to", "element", "width")
    now = clock()
    element = words(given, "element", longest=40, empty=True)
    point = asked_point(store, path["layer"], path["key"], element, scope=caller.scope, lang=caller.lang)
    return trend_of(store, series, point, window_of(given, now), now=now, scope=caller.scope, lang=caller.lang)


def window_of(given: Given, now: datetime) -> Window:
    """The span and width that were asked for; a day up to now where nothing is said."""
    end = moment(given, "to") or now
    start = moment(given, "from") or end - DAY
    if not timedelta() < end - start <= LONGEST:
        raise refused(
            "from", given.get("from"), Text("早于 to 且相隔不超过三年的时刻", "a time before `to`, at most three years")
        )
    width = whole(str(given.get("width", WIDTH)))
    if width is None or not 1 <= width <= WIDEST:
        raise refused("width", given.get("width"), Text(f" 1 至 {WIDEST} 的整数", f"a whole number from 1 to {WIDEST}"))
    return Window(start=start, end=end, width=width)


def _answer(body: object) -> Response:
    text = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})
