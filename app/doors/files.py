"""`/api/files`: files attached to records, received in one stream and given out as what their content is."""

import tempfile
from functools import partial
from typing import IO
from urllib.parse import quote

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from core.caller import Caller, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, ConflictError, NotFoundError
from core.texts import Text
from layers.layer import Layer
from layers.media import SHOWN_INLINE
from store.attachments import Attached, Cabinet
from store.audit import AuditLog, Kind, by
from store.protocol import Store

IN_MEMORY = 1 << 20
"""Bytes of an upload held in memory; what is longer goes to disk as it comes."""


def file_routes(cabinet: Cabinet, store: Store, audit: AuditLog, clock: Clock) -> list[BaseRoute]:
    """The door over one cabinet."""

    def asked_for(asked: Request, caller: Caller) -> tuple[Layer, str]:
        name, key = asked.query_params.get("layer", ""), asked.query_params.get("key", "")
        layer = store.catalogue.find(name, caller.scope)
        if layer is None:
            raise NotFoundError(Text(f"没有图层“{name[:40]}”", f"no layer {name[:40]!r}"), layer=name)
        return layer, key

    async def listed(asked: Request) -> Response:
        """GET /api/files?layer=&key=: the attachments of one record, and whether the caller may add to them."""
        caller = current_caller.get()
        layer, key = asked_for(asked, caller)
        found = await run_in_threadpool(lambda: cabinet.of(layer, key, scope=caller.scope))
        logged = await run_in_threadpool(lambda: cabinet.logged(layer, key))
        body = {
            "files": [told_file(one) | {"logged": one.record.sha256 in logged} for one in found],
            "may_change": await run_in_threadpool(lambda: cabinet.may_change(layer, key, scope=caller.scope)),
            "largest": cabinet.largest,
        }
        return _json(body)

    async def receive(asked: Request) -> Response:
        """POST /api/files?layer=&key=&name=&note=: the body is the file."""
        caller = current_caller.get()
        layer, key = asked_for(asked, caller)
        name = asked.query_params.get("name", "").replace("\\", "/").rpartition("/")[2].strip()
        if not 1 <= len(name) <= 120 or any(ord(c) < 32 for c in name):
            raise BadInputError(
                Text(f"name“{name[:40]}”应为 1 至 120 个字的文件名", f"name {name[:40]!r} must be a file name"),
                field="name",
            )
        note = asked.query_params.get("note", "").strip()[:400]

        def keep(given: IO[bytes]) -> Attached:
            with cabinet.draft(iter(partial(given.read, IN_MEMORY), b""), name) as draft:
                return cabinet.keep(layer, key, draft, note=note, actor=caller.actor, scope=caller.scope)

        with tempfile.SpooledTemporaryFile(IN_MEMORY) as given:
            await received(asked, given, cabinet.largest)
            kept = await run_in_threadpool(keep, given)
        logged = await run_in_threadpool(lambda: cabinet.logged(layer, key))
        return _json(told_file(kept) | {"logged": kept.record.sha256 in logged}, 201)

    async def give(asked: Request) -> Response:
        """GET /api/files/ID: the file, whole or in ranges; one line in the record of reads."""
        caller = current_caller.get()
        name = asked.path_params["attachment"]
        found = await run_in_threadpool(lambda: cabinet.find(name, scope=caller.scope))
        record = found.record
        if not found.path.is_file():
            raise NotFoundError(Text(f"附件“{record.name}”的文件缺失", f"the file of {record.name!r} is missing"))
        if not await run_in_threadpool(cabinet.sound, found):
            raise ConflictError(
                Text(f"附件“{record.name}”的内容与登记哈希不符,不予提供,请报管理员核查",
                     f"{record.name!r} is not what was kept: its hash differs; it is not handed out"),
                attachment=record.id,
            )  # fmt: skip
        tag = f'"{record.sha256}"'
        manner = "inline" if record.media_type in SHOWN_INLINE else "attachment"
        headers = {
            "cache-control": "private, no-cache",
            "content-disposition": f"{manner}; filename*=UTF-8''{quote(record.name, safe='')}",
            "content-security-policy": "default-src 'none'; sandbox",
            "etag": tag,
            "x-content-type-options": "nosniff",
        }
        if asked.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        entry = by(caller, Kind.READ, at=clock(), what="attachments", keys=[record.id], where=f"id={record.id}")
        await run_in_threadpool(audit.record, entry)
        return FileResponse(found.path, media_type=record.media_type, headers=headers)

    async def remove(asked: Request) -> Response:
        """POST /api/files/ID/remove?reason=: off the record; the file stays for the versions that name it."""
        caller = current_caller.get()
        reason = asked.query_params.get("reason", "").strip()
        if not 2 <= len(reason) <= 200:
            raise BadInputError(
                Text("请写明移除事由(2 至 200 字)", "give a reason of 2 to 200 characters"), field="reason"
            )
        await run_in_threadpool(
            lambda: cabinet.remove(
                asked.path_params["attachment"], actor=caller.actor, reason=reason, scope=caller.scope
            )
        )
        return _json({"removed": asked.path_params["attachment"]})

    return [
        Route("/api/files", listed, methods=["GET"]),
        Route("/api/files", receive, methods=["POST"]),
        Route("/api/files/{attachment}", give, methods=["GET"]),
        Route("/api/files/{attachment}/remove", remove, methods=["POST"]),
    ]


async def received(asked: Request, file: IO[bytes], largest: int) -> None:
    """The body of a request, no larger than allowed, written to a file."""
    size = 0
    async for block in asked.stream():
        size += len(block)
        if size > largest:
            raise BadInputError(
                Text(f"文件超过 {largest / 1e6:.0f} MB", f"the file is larger than {largest / 1e6:.0f} MB"),
                field="file",
            )
        await run_in_threadpool(file.write, block)
    await run_in_threadpool(file.seek, 0)


def told_file(one: Attached) -> dict[str, object]:
    """An attachment as the card shows it."""
    record = one.record
    return {
        "id": record.id,
        "name": record.name,
        "note": record.note,
        "media_type": record.media_type,
        "picture": record.media_type in SHOWN_INLINE,
        "size": record.size,
        "sha256": record.sha256,
        "added_by": record.added_by,
        "added_at": iso(record.added_at),
        "missing": not one.path.is_file(),
    }


def _json(body: object, status: int = 200) -> Response:
    return Response(
        orjson.dumps(body), status_code=status, media_type="application/json", headers={"cache-control": "no-store"}
    )
