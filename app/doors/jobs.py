"""`/api/jobs`: ask for long work, follow it, call it off, fetch what came of it. Everybody sees their own only."""

from collections.abc import Callable
from pathlib import Path

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.jobs.kinds import Kinds, kind_of, request
from app.jobs.runner import folder_of
from core.caller import Caller, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from ogc.json_body import json_of
from store.jobs import Job, JobBook

LARGEST = 64 * 1024
"""Bytes of a request."""

SHOWN = 30


def job_routes(
    book: JobBook, kinds: Kinds, folder: Path, clock: Clock, nudge: Callable[[], None]
) -> list[BaseRoute]:  # fmt: skip
    """The door over one job book; `nudge` tells whoever starts workers that there is work."""

    async def ask(asked: Request) -> Response:
        """POST /api/jobs: `{"kind": …, "asked": {…}}`."""
        caller = person()
        given = _object(await _body(asked))
        kind = kind_of(kinds, str(given.get("kind")))
        if not caller.may(kind.needs):
            raise ForbiddenError(Text("您的岗位不能提交这类任务", "your role may not ask for this kind of work"))
        wanted = await run_in_threadpool(request, kind, given.get("asked", {}))

        def queue() -> Job:
            return book.add(
                kind=kind.id, title=kind.title(wanted), asked=wanted.model_dump(mode="json"), account=caller.actor.id,
                post=caller.post, at=clock(),
            )  # fmt: skip

        job = await run_in_threadpool(queue)
        nudge()
        return _json(_told(job, folder, caller), 202)

    async def mine(_: Request) -> Response:
        """GET /api/jobs: the caller's newest."""
        caller = current_caller.get()
        found = await run_in_threadpool(book.all, account=caller.actor.id, limit=SHOWN)
        return _json({"jobs": [_told(job, folder, caller) for job in found]})

    async def one(asked: Request) -> Response:
        """GET /api/jobs/ID."""
        caller = person()
        job = await run_in_threadpool(book.one, asked.path_params["job"], account=caller.actor.id)
        return _json(_told(job, folder, caller))

    async def cancel(asked: Request) -> Response:
        """POST /api/jobs/ID/cancel."""
        caller = person()
        job = await run_in_threadpool(book.cancel, asked.path_params["job"], account=caller.actor.id, at=clock())
        return _json(_told(job, folder, caller))

    async def file(asked: Request) -> Response:
        """GET /api/jobs/ID/file, as long as the caller's rights are those it was made under."""
        caller = person()
        job, path = await run_in_threadpool(made_file, book, folder, asked.path_params["job"], caller)
        headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
        media_type = "" if job.outcome is None else job.outcome.media_type
        return FileResponse(path, filename=path.name, media_type=media_type, headers=headers)

    return [
        Route("/api/jobs", ask, methods=["POST"]),
        Route("/api/jobs", mine, methods=["GET"]),
        Route("/api/jobs/{job}", one, methods=["GET"]),
        Route("/api/jobs/{job}/cancel", cancel, methods=["POST"]),
        Route("/api/jobs/{job}/file", file, methods=["GET"]),
    ]


def made_file(book: JobBook, folder: Path, job_id: str, caller: Caller) -> tuple[Job, Path]:
    """The file a job of the caller's own left, as long as their rights are those it was made under."""
    job = book.one(job_id, account=caller.actor.id)
    outcome = job.outcome
    if outcome is None or not outcome.file or not _path(folder, job).is_file():
        raise NotFoundError(Text("结果文件不存在或已清理,请重新执行", "no result file, or it was cleared away"))
    if outcome.scope != caller.scope.digest:
        raise ForbiddenError(
            Text("生成结果后您的权限已变化,请重新执行", "your rights have changed since it was made; ask again")
        )
    return job, _path(folder, job)


def person() -> Caller:
    """Who signed in; a key's scope may be narrower than its account's, under which the work would be done."""
    caller = current_caller.get()
    if not caller.session:
        raise ForbiddenError(Text("长任务须由登录的人员办理", "only a person who signed in has long work done"))
    return caller


async def _body(asked: Request) -> bytes:
    body = b""
    async for part in asked.stream():
        body += part
        if len(body) > LARGEST:
            raise BadInputError(
                Text(f"请求超过 {LARGEST // 1024} KB", f"the request is larger than {LARGEST // 1024} kB")
            )
    return body


def _object(body: bytes) -> dict[str, object]:
    given = json_of(body)
    if not isinstance(given, dict):
        raise BadInputError(Text("请求应为 JSON 对象", "the request must be a JSON object"))
    return given


def _path(folder: Path, job: Job) -> Path:
    return folder_of(folder, job) / (job.outcome.file if job.outcome else "")


def _told(job: Job, folder: Path, caller: Caller) -> dict[str, object]:
    """A job as its owner reads it."""
    lang: Lang = caller.lang
    outcome = job.outcome
    made = None
    if outcome is not None and outcome.file and _path(folder, job).is_file():
        made = {"name": outcome.file, "media_type": outcome.media_type, "size": outcome.size, "sha256": outcome.sha256}
    return {
        "id": job.id,
        "kind": job.kind,
        "title": job.title.of(lang),
        "state": str(job.state),
        "done": job.done,
        "total": job.total,
        "doing": job.doing.of(lang),
        "cancelling": job.cancelling and job.open,
        "made_at": iso(job.made_at),
        "ended_at": None if job.ended_at is None else iso(job.ended_at),
        "said": None if outcome is None else outcome.said.of(lang),
        "file": made,
    }


def _json(body: object, status: int = 200) -> Response:
    return Response(
        orjson.dumps(body), status_code=status, media_type="application/json", headers={"cache-control": "no-store"}
    )
