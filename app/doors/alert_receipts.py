"""`/public/cap/receipt/{token}`: a recipient of a CAP message says that it has it, by a page or by its own system.

The address is in the mail and in the head of the POST, and nobody else can know it. Opening it confirms nothing: what
looks through mails for harm opens every link.
"""

from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.alerting.pushing import Pusher
from app.auth.guard import cookie_of, same_origin
from app.doors.bodies import body_of, json_answer
from app.language import asked as asked_language
from app.language import kept
from app.problems import FOREIGN, language, problem
from core.clock import CHINA, iso
from core.errors import NotFoundError
from core.texts import Text
from dashboards.public.receipt import document
from dashboards.screens import Screens
from store.identity.alerts import Delivery

DOOR = "/public/cap/receipt/{token}"


def alert_receipt_routes(screens: Screens, pusher: Pusher) -> list[BaseRoute]:
    """The page and what its button sends."""

    def found(token: str) -> Delivery:
        one = pusher.found(token)
        if one is None:
            raise NotFoundError(Text("链接无效，请从预警邮件中重新打开", "no such link; open it from the mail again"))
        return one

    def page(request: Request, one: Delivery) -> Response:
        lang = asked_language(request, "/public") or kept(request) or language(request)

        def local(at: datetime | None) -> str:
            return "" if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")

        told = {
            "headline": one.what.headline, "identifier": one.what.identifier, "to": one.to.name,
            "sent": local(one.sent_at or one.at), "kept": local(one.acknowledged_at),
        }  # fmt: skip
        here = f"{screens.root_path}/public/cap/receipt/{request.path_params['token']}"
        return HTMLResponse(document(screens, here, told, lang=lang), headers={"cache-control": "no-store"})

    async def door(request: Request) -> Response:
        """GET: the page. POST: it is confirmed; a body that is a CAP message of type Error says it cannot be used."""
        if request.method == "POST" and _of_a_browser(request) and not same_origin(request):
            return problem(403, "foreign-origin", FOREIGN, language(request))
        one = await run_in_threadpool(found, request.path_params["token"])
        if request.method == "POST":
            body = await body_of(request)
            if not (body.lstrip()[:1] == b"<" and await run_in_threadpool(pusher.answered, one, body)):
                await run_in_threadpool(lambda: pusher.identity.alerts.acknowledge(one.id, at=pusher.clock()))
            one = await run_in_threadpool(found, request.path_params["token"])
            if "text/html" not in request.headers.get("accept", ""):
                at = one.acknowledged_at
                return json_answer({"state": one.state.value, "acknowledged_at": None if at is None else iso(at)})
        return await run_in_threadpool(page, request, one)

    return [Route(DOOR, door, methods=["GET", "POST"])]


def _of_a_browser(request: Request) -> bool:
    """A page somewhere made it ask; another agency's system says neither where from nor who is signed in."""
    return cookie_of(request) is not None or "origin" in request.headers or "sec-fetch-site" in request.headers
