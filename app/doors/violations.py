"""`/api/violations`: what video analysis found, what a person says of it, and the check it becomes."""

from dataclasses import dataclass
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.auditing import oversees
from app.doors.admin.fields import Given, flag, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.cases import signed
from app.video.judging import Judgement
from app.video.traces import Traces, thumbnail
from casework.desk import Desk
from core.caller import Caller, Right, current_caller
from core.clock import Clock
from core.errors import ForbiddenError
from core.texts import Text, whole
from dashboards.queries.accuracy import PERIODS, accuracy
from dashboards.queries.violations import VERDICTS, Wish, listed, one_event, violation_layer
from layers.catalogue import VIOLATIONS
from layers.codes import code_list
from store.attachments import Cabinet
from store.audit import AuditLog, Kind, by
from store.protocol import Store

LONGEST_CODE, LONGEST_WORD, LONGEST_REMARK = 40, 40, 400
MOST = 1_000_000
DAYS = 30
REASONS = tuple(one.code for one in code_list("violation_reason"))
ASKED = ("q", "verdict", "kind", "state", "camera", "enterprise", "area", "from")


@dataclass(frozen=True, slots=True, kw_only=True)
class ViolationDesk:
    """The events as one caller meets them; who judges is asked for the right to edit and the layer open to it."""

    store: Store
    cabinet: Cabinet
    judgement: Judgement
    cases: Desk
    traces: Traces
    audit: AuditLog
    clock: Clock

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: a page of events under filters, newest first."""
        found = listed(self.store, _wish(given), scope=caller.scope, lang=caller.lang)
        kinds = [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list("video_event")]
        return found | {"kinds": kinds, "may_judge": may_judge(caller), "reasons": _reasons(caller)}

    def accuracy(self, caller: Caller, given: Given) -> Given:
        """GET /accuracy?days=: what was measured of each kind of rule, and how the reader's events were judged."""
        only(given, "days")
        days = int(one_of(given, "days", [str(one) for one in PERIODS]) if "days" in given else DAYS)
        return accuracy(self.store, days, scope=caller.scope, lang=caller.lang, now=self.clock())

    def row(self, caller: Caller, given: Given) -> Given:
        """GET /row?code=: one event with its camera, pictures and what was said of it."""
        only(given, "code")
        return self._told(words(given, "code", longest=LONGEST_CODE), caller)

    def judge(self, caller: Caller, given: Given) -> Given:
        """POST /judge: true, false, or open again."""
        only(given, "code", "version", "verdict", "reason", "remark", "quiet")
        code = words(given, "code", longest=LONGEST_CODE)
        self._asked_to_write(caller)
        self.judgement.judge(
            code, number(given, "version", 1, MOST), one_of(given, "verdict", VERDICTS),
            remark=words(given, "remark", longest=LONGEST_REMARK, empty=True),
            reason=one_of(given, "reason", REASONS) if given.get("reason") else "",
            quiet=flag(given, "quiet") if "quiet" in given else False, actor=caller.actor, scope=caller.scope,
        )  # fmt: skip
        return self._told(code, caller)

    def hand_over(self, caller: Caller, given: Given) -> Given:
        """POST /check: an on-site check of the enterprise, opened for it."""
        only(given, "code", "version", "remark", "check_by")
        code = words(given, "code", longest=LONGEST_CODE)
        self._asked_to_write(caller)
        by = signed(caller)
        if not caller.may(Right.CASES):
            raise ForbiddenError(Text("您的岗位不能立项检查", "your role may open no check"))
        self.judgement.hand_over(
            self.cases, code, number(given, "version", 1, MOST), check_by=_day(given, "check_by"), by=by,
            remark=words(given, "remark", longest=LONGEST_REMARK, empty=True),
        )  # fmt: skip
        return self._told(code, caller)

    def looked(self, caller: Caller, given: Given) -> Given:
        """GET /looks?code=: who looked at it and who judged it, for who judges or reads the audit; recorded."""
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        if not self._may_see_looks(caller):
            raise ForbiddenError(Text("查看记录只向复核人员和审计人员开放", "open to who judges or reads the audit"))
        violation_layer(self.store, caller.scope)
        found = self.traces.of(code, scope=caller.scope, lang=caller.lang)
        where = f"looks at violations={code}"
        self.audit.record(by(caller, Kind.READ, at=self.clock(), what="audit", where=where, rows=len(found)))
        return {"looks": found}

    def _may_see_looks(self, caller: Caller) -> bool:
        return may_judge(caller) or (caller.may(Right.AUDIT) and oversees(self.store, caller.scope))

    def _asked_to_write(self, caller: Caller) -> None:
        if not may_judge(caller):
            raise ForbiddenError(Text("您的岗位不能确认视频事件", "your role may not judge events on video"))

    def _told(self, code: str, caller: Caller) -> Given:
        found = one_event(
            self.store, self.cabinet, code, scope=caller.scope, lang=caller.lang, now=self.clock()
        )  # fmt: skip
        return found | {
            "may_judge": may_judge(caller), "may_check": may_judge(caller) and caller.may(Right.CASES),
            "may_see_looks": self._may_see_looks(caller), "reasons": _reasons(caller),
        }  # fmt: skip


def may_judge(caller: Caller) -> bool:
    """The caller may say what an event is."""
    return caller.may(Right.EDIT) and caller.scope.may_write(VIOLATIONS.id) and caller.scope.enterprises is None


def violation_routes(desk: ViolationDesk) -> list[BaseRoute]:
    """The doors of the page of events on video."""

    async def small(request: Request) -> Response:
        """GET /thumb?code=: the picture of an event as a list shows it, kept by the browser."""
        given, caller = dict(request.query_params), current_caller.get()

        def made() -> tuple[bytes, str]:
            only(given, "code")
            violation_layer(desk.store, caller.scope)
            return thumbnail(desk.cabinet, words(given, "code", longest=LONGEST_CODE), scope=caller.scope)

        body, sha256 = await run_in_threadpool(made)
        headers = {"cache-control": "private, max-age=86400", "etag": f'"{sha256[:32]}"'}
        return Response(body, media_type="image/jpeg", headers=headers)

    return [
        Route("/api/violations", asked(desk.listed), methods=["GET"]),
        Route("/api/violations/accuracy", asked(desk.accuracy), methods=["GET"]),
        Route("/api/violations/row", asked(desk.row), methods=["GET"]),
        Route("/api/violations/thumb", small, methods=["GET"]),
        Route("/api/violations/looks", asked(desk.looked), methods=["GET"]),
        Route("/api/violations/judge", posted(desk.judge), methods=["POST"]),
        Route("/api/violations/check", posted(desk.hand_over), methods=["POST"]),
    ]


def _reasons(caller: Caller) -> list[Given]:
    return [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list("violation_reason")]


def _wish(given: Given) -> Wish:
    only(given, *ASKED)
    for name, allowed in (
        ("verdict", VERDICTS), ("kind", [one.code for one in code_list("video_event")]),
        ("state", [one.code for one in code_list("violation_state")]),
    ):  # fmt: skip
        if given.get(name):
            one_of(given, name, allowed)
    start = whole(str(given.get("from") or 0))
    if start is None or start > MOST:
        raise refused("from", given.get("from"), Text(f" 0 至 {MOST} 的整数", f"a whole number to {MOST}"))
    text = {
        name: words(given, name, longest=LONGEST_WORD, empty=True) for name in ("q", "camera", "enterprise", "area")
    }
    return Wish(
        words=text["q"], verdict=given.get("verdict") or "", kind=given.get("kind") or "",
        state=given.get("state") or "", camera=text["camera"], enterprise=text["enterprise"],
        area=text["area"], start=start,
    )  # fmt: skip


def _day(given: Given, name: str) -> date:
    value = given.get(name)
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise refused(name, value, Text("日期(2026-12-01)", "a day (2026-12-01)")) from error
