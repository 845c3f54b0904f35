"""`/ogc/api/processes`: told of by pygeoapi, executed here; under the right to plan, and never by a cookie."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.errors import BadInputError, ForbiddenError, NotFoundError, OneMapError
from core.texts import Text
from ogc import services as ogc_services
from ogc.limits import LIMITS
from ogc.oapi.documents import Documents
from ogc.oapi.exchange import COMMON, Address, Given, answered, sent, shown, spoken, wants_page
from ogc.oapi.items import refuse_unknown
from ogc.oapi.routes import PATH
from ogc.processes import asked, results
from ogc.processes.jobs import CHOICES, NO_SUCH_JOB, NOT_READY, Jobs, chosen, status
from ogc.processes.process import Json, Mode, Process, process_of
from ogc.processes.slots import Slots, TookTooLongError
from ogc.services import Services
from store.jobs import Job, State

LARGEST = LIMITS.process_bytes
"""Bytes of a request."""

PAGE = 1000
ByCookie = Callable[[Request], bool]
NO_COOKIE = Text(
    "执行须用 HTTP Basic、Bearer 或路径密钥,不接受浏览器会话",
    "executions take HTTP Basic, Bearer or a key in the path, not a browser's session",
)


def process_routes(
    services: Services, address: Address, by_cookie: ByCookie, jobs: Jobs | None = None, slots: Slots | None = None
) -> list[BaseRoute]:
    """Every route; `address` says under which address the client asked, `by_cookie` how it showed who it is."""
    door = Door(services, jobs)
    places = slots or Slots()

    def route(tail: str, answer: Callable[..., ogc_services.Response], method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            caller = spoken(current_caller.get(), request)
            here = address(request, PATH)
            given = dict(request.query_params)
            html = wants_page(given, request.headers.get("accept", "")) and method == "GET"
            where: dict[str, Any] = dict(request.path_params)
            if method == "POST":
                where["prefer"] = request.headers.get("prefer", "")
            body = b"" if method == "GET" else await _body(request)
            refusal = None if method == "GET" else _refusal(body, by_cookie(request))
            if method == "POST" and refusal is None:
                refusal = places.refusal()

            def work(make: Callable[..., ogc_services.Response] = answer) -> ogc_services.Response:
                return answered(make, caller, here, given, html, body, where)

            if refusal is not None:
                return sent(await run_sync(work, partial(_refused, refusal)), caller)
            if method != "POST":
                return sent(await run_sync(work), caller)
            try:
                return sent(await places.run(work), caller)
            except TookTooLongError as late:
                return sent(await run_sync(work, partial(_refused, late)), caller)

        return Route(PATH + tail, endpoint, methods=[method])

    return [
        route("/processes", door.processes),
        route("/processes/{process_id}", door.process),
        route("/processes/{process_id}/execution", door.execution, "POST"),
        route("/jobs", door.jobs),
        route("/jobs/{job}", door.job),
        route("/jobs/{job}", door.dismissal, "DELETE"),
        route("/jobs/{job}/results", door.results),
    ]


async def _body(request: Request) -> bytes:
    """The whole body, or one that is too large by a byte for the door to refuse."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return b" " * (LARGEST + 1)
        parts.append(part)
    return b"".join(parts)


def _refusal(body: bytes, cookie: bool) -> OneMapError | None:
    """Why nothing is done: a browser's session, a body too large."""
    if cookie:
        return ForbiddenError(NO_COOKIE)
    if len(body) > LARGEST:
        return BadInputError(
            Text(f"请求超过 {LARGEST // 1000} kB", f"the request is larger than {LARGEST // 1000} kB"), field="body"
        )
    return None


def _refused(why: OneMapError, *_: Any, **__: Any) -> ogc_services.Response:
    raise why


NOTHING_YET = Text("尚无结果", "there is no result yet")


class Door:
    """The answers behind the addresses; each takes caller, own address, parameters, whether a page is wanted, body."""

    def __init__(self, services: Services, jobs: Jobs | None) -> None:
        self._services = services
        self._kept = jobs
        self._documents = Documents(services)

    def processes(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """Every process, `limit` of them from `offset`."""
        refuse_unknown(given, COMMON | {"limit", "offset"})
        limit, offset = _whole(given, "limit", PAGE, least=1), _whole(given, "offset", 0, least=0)
        found = self._documents.processes(caller, here)
        every = found["processes"]
        found["processes"] = every[offset : offset + limit]
        if offset + limit < len(every):
            following = f"{here}/processes?limit={limit}&offset={offset + limit}"
            found["links"].append({"rel": "next", "type": "application/json", "href": following})
        return shown("processes", found, caller, here, given, html)

    def process(
        self, caller: Caller, here: str, given: Given, html: bool, _: bytes, process_id: str
    ) -> ogc_services.Response:
        """One process described."""
        refuse_unknown(given, COMMON)
        return shown("process", self._documents.processes(caller, here, process_id), caller, here, given, html)

    def execution(
        self, caller: Caller, here: str, given: Given, _html: bool, body: bytes, process_id: str, prefer: str
    ) -> ogc_services.Response:
        """One execution, answered at once or queued as a job."""
        refuse_unknown(given, COMMON)
        process = process_of(dict(self._services.processes), process_id)
        try:
            wanted = asked.read(process, body)
            if Mode.SYNC not in process.modes or ("respond-async" in prefer and Mode.ASYNC in process.modes):
                return self._queued(process, body, caller, here)
            return results.sent(process, wanted, process.run(wanted.inputs, caller))
        except BadInputError as error:
            raise asked.refused(error) from error

    def jobs(self, caller: Caller, here: str, given: Given, html: bool, _: bytes) -> ogc_services.Response:
        """The caller's own executions, newest first."""
        refuse_unknown(given, COMMON | {"limit", "offset", *CHOICES})
        limit, offset = _whole(given, "limit", 100, least=1), _whole(given, "offset", 0, least=0)
        kept = self._jobs
        every = chosen(kept.all(caller), given, kept.process_of, self._services.clock())
        links = [{"rel": "self", "type": "application/json", "href": f"{here}/jobs"}]
        if offset + limit < len(every):
            asked_for = {name: given[name] for name in CHOICES if name in given}
            following = f"{here}/jobs?{urlencode({**asked_for, 'limit': limit, 'offset': offset + limit})}"
            links.append({"rel": "next", "type": "application/json", "href": following})
        told = [self._status(job, here, caller) for job in every[offset : offset + limit]]
        return shown("jobs", {"jobs": told, "links": links}, caller, here, given, html)

    def job(self, caller: Caller, here: str, given: Given, html: bool, _: bytes, job: str) -> ogc_services.Response:
        """Where one stands."""
        refuse_unknown(given, COMMON)
        found = self._status(self._one(job, caller), here, caller)
        return shown("job", found, caller, here, given, html)

    def dismissal(
        self, caller: Caller, here: str, given: Given, _html: bool, _: bytes, job: str
    ) -> ogc_services.Response:
        """One called off; one that has ended stays as it is."""
        refuse_unknown(given, COMMON)
        self._one(job, caller)
        found = self._status(self._jobs.dismiss(job, caller), here, caller)
        return shown("job", found, caller, here, given, html=False)

    def results(
        self, caller: Caller, here: str, given: Given, _html: bool, _: bytes, job: str
    ) -> ogc_services.Response:
        """What came of one; why there is nothing, where it waits, runs, failed or was called off."""
        refuse_unknown(given, COMMON)
        one = self._one(job, caller)
        if one.state is State.FAILED:
            raise BadInputError(one.doing, field="job")
        if one.state is not State.DONE:
            raise NotFoundError(NOTHING_YET, job=job, exception=NOT_READY)
        found = self._jobs.result(one, caller)
        headers = {"Cache-Control": "no-store"}
        if found.media_type != results.JSON:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return ogc_services.Response(media_type=found.media_type, body=found.body, headers=headers)

    def _queued(self, process: Process, body: bytes, caller: Caller, here: str) -> ogc_services.Response:
        job = self._jobs.add(process.id, orjson.loads(body), caller)
        told = self._status(job, here, caller)
        headers = {
            "Location": f"{here}/jobs/{job.id}",
            "Preference-Applied": "respond-async",
            "Cache-Control": "no-store",
        }
        return ogc_services.Response(status=201, media_type=results.JSON, body=orjson.dumps(told), headers=headers)

    def _status(self, job: Job, here: str, caller: Caller) -> Json:
        return status(job, self._jobs.process_of(job), here, caller.lang)

    def _one(self, job: str, caller: Caller) -> Job:
        try:
            return self._jobs.one(job, caller)
        except NotFoundError as error:
            raise NotFoundError(error.text, job=job, exception=NO_SUCH_JOB) from error

    @property
    def _jobs(self) -> Jobs:
        if self._kept is None:
            raise NotFoundError(Text("此处不接受任务", "no jobs are taken here"), exception=NO_SUCH_JOB)
        return self._kept


def _whole(given: Given, name: str, default: int, *, least: int) -> int:
    said = given.get(name, str(default))
    if not (said.isascii() and said.isdigit() and least <= int(said[:9]) <= 10_000):
        raise BadInputError(
            Text(f"{name}“{said[:20]}”应为 {least} 至 10000 的整数", f"{name}={said[:20]!r} must be {least} to 10000"),
            field=name,
        )  # fmt: skip
    return int(said)
