"""The wind rose of a place as the workbench draws it, and what a finished batch comes to, for its owner alone."""

import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.bodies import json_answer
from app.doors.jobs import made_file, person
from app.doors.planner import BATCH
from app.doors.planner_places import place_asked
from app.planning import Planning
from core.caller import Caller, current_caller
from core.errors import NotFoundError
from core.texts import Text
from dashboards.planner.rose import rose
from emergency.wind_rose import told
from gis.shapes import LonLat
from store.jobs import JobBook

Json = dict[str, Any]


def weather_routes(planning: Planning, book: JobBook, folder: Path) -> list[BaseRoute]:
    """The doors of many weathers; a station without a year of wind is an answer, not a fault."""

    def blown(place: LonLat, caller: Caller) -> Json:
        try:
            found = planning.roses.near(place, at=planning.clock(), scope=caller.scope)
        except NotFoundError as none:
            return {"rose": None, "why": none.text.of(caller.lang)}
        return {"rose": rose(told(found), planning.store, place, scope=caller.scope, lang=caller.lang)}

    def come_to(job_id: str, caller: Caller) -> Json:
        job, file = made_file(book, folder, job_id, caller)
        if job.kind != BATCH:
            raise NotFoundError(Text("该任务不是批量推演", "that job is no batch of weathers"))
        with zipfile.ZipFile(file) as packed:
            summary = orjson.loads(packed.read("summary.json"))
            given = orjson.loads(packed.read("scenario.json"))
        place = LonLat(given["place"]["lon"], given["place"]["lat"])
        blown = summary.get("rose")
        return {
            "id": job.id, "title": job.title.of(caller.lang), "place": given["place"], "summary": summary,
            "rose": blown and rose(blown, planning.store, place, scope=caller.scope, lang=caller.lang),
        }  # fmt: skip

    async def wind(request: Request) -> Response:
        return json_answer(await planning.run(partial(blown, place_asked(request), current_caller.get())))

    async def batch(request: Request) -> Response:
        return json_answer(await run_sync(partial(come_to, request.path_params["job"], person())))

    return [
        Route("/api/planner/rose", wind, methods=["GET"]),
        Route("/api/planner/batches/{job}", batch, methods=["GET"]),
    ]
