"""`/api/planner`: a scenario in, its zones, curves, cards and who is inside out; under the rights of who asks."""

from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import json_answer, object_of
from app.jobs.catalogue import KINDS
from app.planning import Planning
from core.caller import Caller, current_caller
from core.texts import Text
from dashboards.handout.contents import Format
from dashboards.planner.answer import Json, answer
from dashboards.planner.choices import choices
from dashboards.questions import bad
from store.audit import Kind

BATCH = "scenario-sweep"
"""The kind of long work that computes one scenario in many weathers."""

FIRST = "planner first-answer"
"""What the audit calls a reading that the integral model's own will follow, which names the same scenario as asked."""


def planner_routes(planning: Planning) -> list[BaseRoute]:
    """The doors of the workbench; what a computation listed of the city is recorded before it is sent."""

    def found(given: Json, caller: Caller, first: bool) -> bytes:
        one = planning.computed(given, caller, first=first)
        planning.record(one, caller, kind=Kind.READ, door=FIRST if one.again else "planner")
        told = answer(one.scenario, one.result, one.inside, planning.store.catalogue, caller.lang, again=one.again)
        return orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)

    async def compute(request: Request) -> Response:
        caller = current_caller.get()
        given = await object_of(request)
        body = await planning.run(partial(found, given, caller, _first(request)))
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def offered(_: Request) -> Response:
        return json_answer(
            {**choices(current_caller.get().lang), "formats": [str(one) for one in Format], "batches": BATCH in KINDS}
        )

    return [
        Route("/api/planner/choices", offered, methods=["GET"]),
        Route("/api/planner/compute", compute, methods=["POST"]),
    ]


def _first(request: Request) -> bool:
    """Only the answer that is there at once was asked for."""
    step = request.query_params.get("step", "")
    if step not in ("", "first"):
        raise bad("step", step[:20], Text("只可为 first 或不填", "must be first, or left out"))
    return step == "first"
