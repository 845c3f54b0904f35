"""JSON for the portal: each section is asked for by itself, so that one that fails leaves the others standing."""

from collections.abc import Callable
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.caller import Caller, current_caller
from core.clock import iso
from dashboards.queries.entries import entries
from dashboards.queries.notices import notices
from dashboards.queries.onduty import posts_on_duty
from dashboards.queries.place import place
from dashboards.queries.schedules import schedules
from dashboards.queries.todos import Desk, todos, told
from dashboards.queries.todosources import SOURCES
from dashboards.screens import Screens
from store.jobs import Job

Section = Callable[[Screens, Caller, Request], Any]
JOBS_LOOKED_AT = 30
DAYS = 4


def _jobs(screens: Screens, caller: Caller) -> tuple[Job, ...]:
    if screens.jobs is None:
        return ()
    return tuple(screens.jobs.all(account=caller.actor.id, limit=JOBS_LOOKED_AT))


def _todos(screens: Screens, caller: Caller, request: Request) -> Any:
    desk = Desk(
        store=screens.store,
        now=screens.clock(),
        scope=caller.scope,
        user_class=caller.user_class,
        lang=caller.lang,
        readings=screens.readings,
        jobs=_jobs(screens, caller),
        folded=request.query_params.get("all") != "1",
    )
    return {"todos": [told(todo, desk.today) for todo in todos(desk, SOURCES)]}


def _today(screens: Screens, caller: Caller, request: Request) -> Any:
    found = schedules(screens.store, screens.clock(), scope=caller.scope, user_class=caller.user_class, days=DAYS)
    on_duty = posts_on_duty(screens.store, screens.clock(), scope=caller.scope, lang=caller.lang)
    return {"entries": found, "on_duty": on_duty}


def _notices(screens: Screens, caller: Caller, request: Request) -> Any:
    found = notices(screens.store, screens.clock(), scope=caller.scope, user_class=caller.user_class, lang=caller.lang)
    read = screens.reading.of(caller.account) if screens.reading is not None and caller.account else {}
    told_of = [one | {"unread": read.get(one["code"]) != one["version"]} for one in found]
    return {"notices": told_of, "unread": sum(one["unread"] for one in told_of)}


def _entries(screens: Screens, caller: Caller, request: Request) -> Any:
    return {"entries": entries(screens.store, caller, _jobs(screens, caller))}


def _place(screens: Screens, caller: Caller, request: Request) -> Any:
    return place(screens.store, scope=caller.scope, lang=caller.lang)


SECTIONS: dict[str, Section] = {
    "todos": _todos,
    "today": _today,
    "notices": _notices,
    "entries": _entries,
    "place": _place,
}


def portal_routes(screens: Screens) -> list[Route]:
    """`/api/portal/{section}`; every answer says of which moment it is."""

    def route(name: str, section: Section) -> Route:
        async def endpoint(request: Request) -> Response:
            caller = current_caller.get()
            found = await run_in_threadpool(section, screens, caller, request)
            body = orjson.dumps({"at": iso(screens.clock()), **found})
            return Response(body, media_type="application/json", headers={"cache-control": "private, no-store"})

        return Route(f"/api/portal/{name}", endpoint, methods=["GET"])

    return [route(name, section) for name, section in SECTIONS.items()]
