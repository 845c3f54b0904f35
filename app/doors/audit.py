"""`/api/audit`: the audit asked and taken out by those whose role says so and whose area is the whole city."""

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app.auditing import ASKED, as_csv, as_members, counted_by, oversees, sought, words
from core.caller import Caller, Right, current_caller
from core.clock import CHINA, Clock
from core.errors import BadInputError, ForbiddenError
from core.texts import Text, whole
from store.audit import AuditLog, By, Kind, by
from store.protocol import Store

PAGE = 100
MOST = 1000
NOT_YOURS = Text("查阅审计须有审计权限", "reading the audit takes the right to")
NOT_ALL = Text(
    "审计涉及全市,只向管辖范围为全市的审计人员开放",
    "the audit is about the whole city and open only to auditors whose area is the whole city",
)


def audit_routes(log: AuditLog, store: Store, clock: Clock) -> list[BaseRoute]:
    """The door over one audit."""

    def allowed(caller: Caller) -> None:
        if not caller.may(Right.AUDIT):
            raise ForbiddenError(NOT_YOURS)
        if not oversees(store, caller.scope):
            raise ForbiddenError(NOT_ALL)

    async def listed(asked: Request) -> Response:
        """GET /api/audit?actor&account&kind&layer&key&door&from&to&before&limit: newest first; `next` is `before`."""
        caller = current_caller.get()
        await run_in_threadpool(allowed, caller)
        given = _known(asked, ("before", "limit"))
        limit = min(_number(given, "limit") or PAGE, MOST)
        wanted = sought(given, before=_number(given, "before"))
        found = await run_in_threadpool(lambda: log.search(wanted, limit=limit))
        entry = by(caller, Kind.READ, at=clock(), what="audit", where=words(given), rows=len(found))
        await run_in_threadpool(log.record, entry)
        more = found[-1].entry.seq if len(found) == limit else None
        body = orjson.dumps({"entries": [as_members(one) for one in found], "next": more})
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def summed(asked: Request) -> Response:
        """GET /api/audit/totals?by=kind|actor|what|door|address|outcome|day, with the same filters."""
        caller = current_caller.get()
        await run_in_threadpool(allowed, caller)
        given = _known(asked, ("by",))
        way = counted_by(given.get("by", By.KIND))
        groups = await run_in_threadpool(lambda: log.totals(sought(given), way))
        where = "; ".join(part for part in (f"totals by {way}", words(given)) if part)
        entry = by(caller, Kind.READ, at=clock(), what="audit", where=where, rows=len(groups))
        await run_in_threadpool(log.record, entry)
        body = orjson.dumps({"by": way, "totals": groups})
        return Response(body, media_type="application/json", headers={"cache-control": "no-store"})

    async def taken_out(asked: Request) -> Response:
        """GET /api/audit/export with the same filters: everything found, as CSV."""
        caller = current_caller.get()
        await run_in_threadpool(allowed, caller)
        given = _known(asked, ())
        head = (await run_in_threadpool(log.head))[0]
        wanted = sought(given, before=head + 1)
        rows = await run_in_threadpool(log.count, wanted)
        now = clock()
        entry = by(caller, Kind.EXPORT, at=now, what="audit", where=words(given), rows=rows)
        await run_in_threadpool(log.record, entry)
        name = f"audit_{now.astimezone(CHINA):%Y%m%d-%H%M%S}.csv"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        body = as_csv(log.stream(wanted), caller.lang)
        return StreamingResponse(body, media_type="text/csv; charset=utf-8", headers=headers)

    return [
        Route("/api/audit", listed, methods=["GET"]),
        Route("/api/audit/totals", summed, methods=["GET"]),
        Route("/api/audit/export", taken_out, methods=["GET"]),
    ]


def _known(asked: Request, more: tuple[str, ...]) -> dict[str, str]:
    given = dict(asked.query_params)
    unknown = [name for name in given if name not in (*ASKED, *more)]
    if unknown:
        allowed = "、".join((*ASKED, *more))
        raise BadInputError(
            Text(
                f"没有参数“{unknown[0][:40]}”,可用:{allowed}", f"no parameter {unknown[0][:40]!r}; there are: {allowed}"
            ),
            field=unknown[0][:40],
        )
    return given


def _number(given: dict[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    number = whole(text)
    if not number:
        raise BadInputError(
            Text(f"{name}“{text[:20]}”应为正整数", f"{name} {text[:20]!r} must be a whole number from 1"), field=name
        )
    return number
