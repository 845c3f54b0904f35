"""`/api/planner`: a scenario in, its zones, curves, cards and who is inside out; under the rights of who asks."""

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version

import anyio
import orjson
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import json_answer, object_of
from core.caller import Caller, current_caller
from core.clock import Clock
from core.errors import BadInputError, BusyError, Fault, FaultsError
from core.texts import Text
from dashboards.planner.answer import Json, answer
from dashboards.planner.choices import choices
from emergency.chain import answered
from emergency.exposure import Exposure, exposure
from emergency.result import Result
from emergency.scenario import Scenario, scenario
from emergency.wind_band import Turning, Turnings
from store.audit import AuditEntry, Kind, by
from store.protocol import Store
from store.rasters import RasterShelf
from store.series.readings import Series

AT_ONCE, WAITING = 2, 16
"""Computations under way, and how many more may wait for them."""

Keep = Callable[[AuditEntry], object]


def planner_routes(
    store: Store, shelf: RasterShelf | None, series: Series, clock: Clock, keep: Keep
) -> list[BaseRoute]:
    """The doors of the workbench; what a computation listed of the city is recorded before it is sent."""
    limiter = anyio.CapacityLimiter(AT_ONCE)
    winds = Turnings(store, series)

    def found(given: Json, caller: Caller) -> bytes:
        wish = scenario(given)
        at = clock()
        result = _answered(wish, at, winds.near(wish.place.point, at=at, scope=caller.scope))
        inside = exposure(
            result.zones, result.source, store=store, shelf=shelf, scope=caller.scope,
            releasing=wish.hazard_source or "",
        )  # fmt: skip
        where = f"planner; {result.receipt.fingerprint}"
        for layer, keys in _listed(inside):
            keep(by(caller, Kind.READ, at=clock(), what=layer, keys=keys, where=where))
        return orjson.dumps(
            answer(wish, result, inside, store.catalogue, caller.lang), option=orjson.OPT_SERIALIZE_NUMPY
        )

    async def compute(request: Request) -> Response:
        caller = current_caller.get()
        given = await object_of(request)
        if limiter.statistics().tasks_waiting >= WAITING:
            raise BusyError(Text("推演计算繁忙,请稍后再试", "too many scenarios are being computed; try again soon"))
        body = await run_sync(found, given, caller, limiter=limiter)
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def offered(_: Request) -> Response:
        return json_answer(choices(current_caller.get().lang))

    return [
        Route("/api/planner/choices", offered, methods=["GET"]),
        Route("/api/planner/compute", compute, methods=["POST"]),
    ]


def _answered(wish: Scenario, at: datetime, turning: Turning | None) -> Result:
    """The result; what a chain refuses of one field is told as the form's own faults are."""
    try:
        return answered(wish, at=at, code_version=version("onemap"), turning=turning)
    except BadInputError as refused:
        field = refused.facts.get("field") or refused.facts.get("parameter")
        if isinstance(refused, FaultsError) or not field:
            raise
        value = str(refused.facts.get("value", ""))[:100]
        raise FaultsError([Fault(field=str(field), value=value, rule=refused.text)], refused.text) from refused


def _listed(inside: Exposure) -> list[tuple[str, list[str]]]:
    tables = [table for table in (inside.targets, inside.hazards) if table is not None and len(table)]
    return [(str(layer), rows["key"].tolist()) for table in tables for layer, rows in table.groupby("layer")]
