"""`POST /api/brief`: a question about a shape in, the brief as a file out."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.caller import current_caller
from dashboards.brief.contents import gather
from dashboards.brief.document import document
from dashboards.brief.record import Keep, record
from dashboards.brief.window import window_round
from dashboards.questions import question_of
from dashboards.screens import Screens


def disposition(filename: str, kind: str = "brief") -> str:
    """The header that has a browser save a file under a Chinese name (RFC 6266, RFC 8187); others are told the kind."""
    plain = kind + filename[filename.rfind("_") :] if not filename.isascii() else filename
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def brief_routes(screens: Screens, keep: Keep) -> list[Route]:
    """The route of the briefs; what each takes out is recorded before it is sent."""

    async def brief(request: Request) -> Response:
        caller = current_caller.get()
        asked = question_of(screens, caller, await request.body())
        told = await run_in_threadpool(gather, screens, asked, caller)
        window = window_round(asked.reach.outline)
        picture = None if screens.picture is None else await run_in_threadpool(screens.picture, window, caller.lang)
        body = await run_in_threadpool(document, told, window, picture)
        await run_in_threadpool(record, told, caller, keep)
        headers = {"content-disposition": disposition(told.filename)}
        return Response(body, media_type="text/html", headers=headers)

    return [Route("/api/brief", brief, methods=["POST"])]
