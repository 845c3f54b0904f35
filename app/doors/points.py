"""`/api/points`: measuring points as they are heard from, and the trend of one."""

from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, moment, one_of, only, refused, words
from app.monitoring.sights import Sights
from core.caller import Caller, current_caller
from core.clock import Clock
from core.errors import BusyError, ForbiddenError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text, whole
from dashboards.queries.curve import Window, asked_point, trend_of
from dashboards.queries.hinted import hints_of
from dashboards.queries.standings import REASONS, Wish, odd, wall_of_points
from layers.catalogue import SENSORS
from monitoring.quality import State
from store.protocol import Store
from store.series import Series

WIDEST = 4000
WIDTH = 1200
LONGEST = timedelta(days=3 * 366)
"""Of one answer; what is older is asked for by its own span."""

DAY = timedelta(days=1)
TURN = 20.0
"""Seconds a caller waits for the models, which answer one after the other: what comes in is not to wait for them."""

MOST_ROWS = 1_000_000


def point_routes(store: Store, series: Series, sights: Sights, clock: Clock) -> list[BaseRoute]:
    """The doors over the readings that are kept."""

    async def trend(asked: Request) -> Response:
        """GET /api/points/{layer}/{key}/trend?from&to&element&width: lows, highs and lasts, doubts, holes, limits."""
        caller = current_caller.get()
        read = partial(_trend, store, series, clock, caller, asked.path_params, dict(asked.query_params))
        return _answer(await run_in_threadpool(read))

    turn = Lock()

    async def hinted(asked: Request) -> Response:
        """GET /api/points/{layer}/{key}/hints?from&to&element&width: change points and a forecast, by models."""
        caller = current_caller.get()
        read = partial(_hints, store, series, clock, caller, asked.path_params, dict(asked.query_params), turn)
        return _answer(await run_in_threadpool(read))

    async def listed(asked: Request) -> Response:
        """GET /api/points?state&why&kind&area&enterprise&q&all&from: points as they stand, and counts of each."""
        caller = current_caller.get()
        wish = _wish(dict(asked.query_params))
        read = partial(wall_of_points, store, series, wish, now=clock(), scope=caller.scope, lang=caller.lang)
        return _answer(_open(await run_in_threadpool(read)))

    async def marked(_: Request) -> Response:
        """GET /api/points/odd: the codes of points a map marks as silent or faulty."""
        return _answer(_open(await run_in_threadpool(_marked, series, sights, clock, current_caller.get().scope)))

    return [
        Route("/api/points", listed, methods=["GET"]),
        Route("/api/points/odd", marked, methods=["GET"]),
        Route("/api/points/{layer}/{key:path}/trend", trend, methods=["GET"]),
        Route("/api/points/{layer}/{key:path}/hints", hinted, methods=["GET"]),
    ]


def _open(found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        raise ForbiddenError(Text("监测点无权查看", "measuring points are not open to you"))
    return found


def _marked(series: Series, sights: Sights, clock: Clock, scope: Scope) -> dict[str, Any] | None:
    """Hundreds of thousands of points each minute: what they are is kept, and only how they stand is asked."""
    points = sights.in_use(scope)
    if points is None:
        return None
    return odd(points, series.latest(SENSORS, points["code"].to_pylist(), scope=SYSTEM_SCOPE), now=clock())


def _wish(given: Given) -> Wish:
    only(given, "state", "why", "kind", "area", "enterprise", "q", "all", "from")
    for name, allowed in (("state", [one.value for one in State]), ("why", list(REASONS)), ("all", ["1"])):
        if given.get(name):
            one_of(given, name, allowed)
    start = whole(str(given.get("from") or 0))
    if start is None or start > MOST_ROWS:
        raise refused("from", given.get("from"), Text(f" 0 至 {MOST_ROWS} 的整数", f"a whole number to {MOST_ROWS}"))
    text = {name: words(given, name, longest=40, empty=True) for name in ("kind", "area", "enterprise", "q")}
    return Wish(
        state=given.get("state") or "", why=given.get("why") or "", kind=text["kind"], area=text["area"],
        enterprise=text["enterprise"], words=text["q"], attention=not given.get("all") and not given.get("state"),
        start=start,
    )  # fmt: skip


def _trend(
    store: Store, series: Series, clock: Clock, caller: Caller, path: dict[str, str], given: Given
) -> dict[str, Any]:
    only(given, "from", "to", "element", "width")
    now = clock()
    element = words(given, "element", longest=40, empty=True)
    point = asked_point(store, path["layer"], path["key"], element, scope=caller.scope, lang=caller.lang)
    return trend_of(store, series, point, window_of(given, now), now=now, scope=caller.scope, lang=caller.lang)


def _hints(
    store: Store, series: Series, clock: Clock, caller: Caller, path: dict[str, str], given: Given, turn: Lock
) -> dict[str, Any]:
    only(given, "from", "to", "element", "width")
    now = clock()
    element = words(given, "element", longest=40, empty=True)
    point = asked_point(store, path["layer"], path["key"], element, scope=caller.scope, lang=caller.lang)
    window = window_of(given, now)
    if not turn.acquire(timeout=TURN):
        raise BusyError(Text("模型提示正忙,请稍后重试", "the models are busy; try again later"), retry_after=5)
    try:
        return hints_of(series, point, window, now=now, scope=caller.scope, lang=caller.lang)
    finally:
        turn.release()


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
