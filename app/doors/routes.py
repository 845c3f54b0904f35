"""`POST /api/routes`: routes on the city's own roads, round a scenario's zones, and who is nearest by road."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import json_answer, object_of
from app.planning import Planning
from app.routing.desk import RouteDesk
from core.caller import current_caller


def route_routes(desk: RouteDesk, planning: Planning) -> list[BaseRoute]:
    """The door; what computes waits with the workbench's own computations."""

    async def routes(request: Request) -> Response:
        given = await object_of(request)
        return json_answer(await planning.run(partial(desk.routes, given, current_caller.get())))

    return [Route("/api/routes", routes, methods=["POST"])]
