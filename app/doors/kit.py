"""`GET /api/incidents/kit?code=`: the incident kit, made one at a time when asked for, gone once it was sent."""

import asyncio
import tempfile
from functools import partial
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import only, words
from app.doors.incidents import LONGEST_CODE
from app.incidents.kit import KitMaker
from core.caller import current_caller


def kit_routes(maker: KitMaker, folder: Path) -> list[BaseRoute]:
    """The door; kits are drawn one after the other, so that the desk's own maps need not wait behind several."""
    turn = asyncio.Semaphore(1)

    async def kit(request: Request) -> Response:
        """GET /api/incidents/kit."""
        given = dict(request.query_params)
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        async with turn:
            target = await run_in_threadpool(_place, folder)
            try:
                made = await run_in_threadpool(partial(maker.make, code, current_caller.get(), target))
            except BaseException:
                target.unlink(missing_ok=True)
                raise
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        gone = BackgroundTask(target.unlink, missing_ok=True)
        return FileResponse(target, filename=made.name, media_type="application/zip", headers=headers, background=gone)

    return [Route("/api/incidents/kit", kit, methods=["GET"])]


def _place(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".zip", delete=False) as file:
        return Path(file.name)
