"""What the workbench asks of the city before and after it computes: tanks, air, one place in time, other opinions."""

from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import json_answer, object_of
from app.planning import Planning, named
from core.caller import Caller, current_caller
from core.errors import BadInputError, Fault, FaultsError
from core.texts import Text, real
from dashboards.planner.air import stations
from dashboards.planner.course import course
from dashboards.planner.opinions import told_guidebook, told_opinion
from dashboards.planner.sources import begun_from
from dashboards.questions import bad
from emergency.chain.history import history
from emergency.chain.opinions import opinions
from emergency.chemicals import substance
from emergency.erg import NAME, GreenTable, green_table
from emergency.scenario import scenario
from gis.shapes import LonLat

Json = dict[str, Any]
NUMBER = Text("须为范围内的数", "must be a number within range")


def place_routes(planning: Planning, data: Path) -> list[BaseRoute]:
    """The doors beside `compute`; the guidebook is the file a site puts into its data folder."""

    async def source(request: Request) -> Response:
        caller, asked = current_caller.get(), request.query_params
        layer, key = asked.get("layer", ""), asked.get("key", "")
        found = partial(begun_from, planning.store, layer, key, scope=caller.scope, lang=caller.lang)
        return json_answer(await run_sync(found))

    async def air(request: Request) -> Response:
        caller = current_caller.get()
        place = place_asked(request)
        found = partial(
            stations, planning.store, place, now=planning.clock(), scope=caller.scope, lang=caller.lang
        )  # fmt: skip
        return json_answer({"stations": await run_sync(found)})

    def passed(given: Json, caller: Caller) -> bytes:
        place = _place(given)
        changes = given.get("air_changes")
        if changes is not None and (isinstance(changes, bool) or not isinstance(changes, int | float)):
            raise FaultsError([Fault(field="air_changes", value=str(changes)[:40], rule=NUMBER)])
        with named():
            found = history(scenario(given.get("scenario")), place, air_changes=changes)
        return orjson.dumps(course(found, caller.lang))

    def weighed(given: Json, caller: Caller) -> bytes:
        with named():
            wish = scenario(given)
            found = opinions(wish, at=planning.clock(), code_version=version("onemap"))
        told = {
            "opinions": [told_opinion(one, caller.lang) for one in found],
            "guidebook": told_guidebook(_table(data / NAME), substance(wish.chemical), caller.lang),
        }
        return orjson.dumps(told)

    async def in_time(request: Request) -> Response:
        return _json(await planning.run(partial(passed, await object_of(request), current_caller.get())))

    async def second(request: Request) -> Response:
        return _json(await planning.run(partial(weighed, await object_of(request), current_caller.get())))

    return [
        Route("/api/planner/source", source, methods=["GET"]),
        Route("/api/planner/air", air, methods=["GET"]),
        Route("/api/planner/history", in_time, methods=["POST"]),
        Route("/api/planner/opinions", second, methods=["POST"]),
    ]


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json", headers={"cache-control": "no-store"})


def place_asked(request: Request) -> LonLat:
    """The place of an address, refused by name."""
    return LonLat(_degrees(request, "lon", 180.0), _degrees(request, "lat", 90.0))


def _degrees(request: Request, name: str, most: float) -> float:
    asked = request.query_params.get(name, "")
    try:
        value = real(asked)
    except ValueError as error:
        raise bad(name, asked[:40], NUMBER) from error
    if not -most <= value <= most:
        raise bad(name, asked[:40], NUMBER)
    return value


def _place(given: Json) -> LonLat:
    """Where the history is asked for, refused by name."""
    read = {}
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise FaultsError([Fault(field=name, value=str(value)[:40], rule=NUMBER)])
        read[name] = float(value)
    return LonLat(read["lon"], read["lat"])


def _table(file: Path) -> GreenTable | BadInputError | None:
    """The guidebook as supplied; a file that is wrong is said beside the zones and stops nothing."""
    try:
        return green_table(file)
    except BadInputError as wrong:
        return wrong
