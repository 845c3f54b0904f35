"""`/api/documents`: documents that were sent to the caller: read, signed for, registered here, their files fetched.

Whose a delivery is follows from the address on it: the organ of one's own area, a group one is in, or oneself.
"""

from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.directory import Directory
from app.doors.admin.fields import Given, one_of, only, words
from app.doors.bodies import asked, posted
from app.doors.case_forms import minute
from app.doors.case_lists import role_of
from app.doors.case_papers import disposition_of
from app.doors.cases import signed
from app.doors.files import told_file
from casework.casetype import Role
from casework.desk import Desk
from casework.dispatching import opened_by
from casework.issuing import DOCX, PDF, Registry
from casework.systems.official import INCOMING_DOCUMENT, OFFICIAL_DOCUMENT
from casework.terms import local_day
from core.caller import Caller, Right, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards.queries.wording import code_label
from layers.catalogue.official import DOCUMENT_DELIVERIES, OFFICIAL_DOCUMENTS, DocumentDelivery, OfficialDocument
from layers.filters import Filter, In, Like, Missing, Or, every
from store.attachments import Attached, Cabinet
from store.audit import AuditLog, by
from store.audit import Kind as AuditKind
from store.feed import Put
from store.query import Order, Query

PAGE = 50
TRIES = 5
LONGEST = 80
STATES = ("all", "unread", "unsigned")
FORMS = {"pdf": PDF, "docx": DOCX}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """Documents as those meet them to whom they were sent."""

    desk: Desk
    cabinet: Cabinet
    directory: Directory
    audit: AuditLog
    clock: Clock

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /api/documents?q=&state=&offset=: what was sent to the caller, newest first."""
        only(given, "q", "state", "offset")
        to = self.directory.addresses(caller)
        parts: list[Filter] = [In("to", to)]
        state = one_of({"state": given.get("state") or "all"}, "state", STATES)
        if state != "all":
            parts.append(Missing("read_at" if state == "unread" else "received_at"))
        if given.get("q"):
            plain = words(given, "q", longest=LONGEST).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            parts.append(Or(tuple(Like(name, f"%{plain}%", ignore_case=True) for name in ("title", "number", "organ"))))
        offset = str(given.get("offset") or "0")
        if not offset.isdigit() or len(offset) > 6:
            raise BadInputError(Text("offset 应为整数", "offset must be a whole number"), field="offset")
        where = every(*parts)
        if not to:
            return {"rows": [], "total": 0, "unsigned": 0, "at": iso(self.clock())}
        store = self.desk.store
        query = Query(where=where, order=(Order("sent_at", descending=True),), offset=int(offset), limit=PAGE,
                      geometry=False)  # fmt: skip
        rows = store.read(DOCUMENT_DELIVERIES, query, scope=SYSTEM_SCOPE).to_pylist()
        return {
            "rows": [_told(row, caller) for row in rows], "total": self._count(where),
            "unsigned": self._count(every(In("to", to), Missing("received_at"))), "at": iso(self.clock()),
        }  # fmt: skip

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /api/documents/one?code=: the document, its text and its files; opening it is noted."""
        only(given, "code")
        row, _ = self._mine(caller, given)
        row = self._opened(caller, row)
        return self._whole(caller, row)

    def receive(self, caller: Caller, given: Given) -> Given:
        """POST /api/documents/receive {code, register}: signed for; with `register` it begins as incoming."""
        only(given, "code", "register")
        if given.get("register") not in (None, True, False):
            raise BadInputError(Text("register 应为是或否", "register must be true or false"), field="register")
        row, _ = self._mine(caller, given)
        self._opened(caller, row)
        code = self._registered(caller, row) if given.get("register") else ""
        row = self._changed(row.code, lambda now: _received(now, caller, code, self.clock()), caller, "签收公文")
        return self._whole(caller, row)

    def file(self, caller: Caller, given: Given) -> Attached:
        """GET /api/documents/file?code=&form=pdf|docx, or &file=: the document or an annex, recorded as read."""
        only(given, "code", "form", "file")
        row, document = self._mine(caller, given)
        if given.get("file"):
            wanted = words(given, "file", longest=60)
            found = next((one for one in self._annexes(document) if one.record.id == wanted), None)
            if found is None:
                raise NotFoundError(Text("没有这个附件", "there is no such annex"), file=wanted)
        else:
            form = one_of({"form": given.get("form") or "pdf"}, "form", FORMS)
            registry = self._registry()
            found = registry.file(registry.find(row.document, scope=SYSTEM_SCOPE).document, FORMS[form])
        self._opened(caller, row)
        self.audit.record(
            by(caller, AuditKind.READ, at=self.clock(), what=DOCUMENT_DELIVERIES.id, keys=[row.code],
               where=f"file={found.record.name}")
        )  # fmt: skip
        return found

    def _count(self, where: Filter | None) -> int:
        return self.desk.store.count(DOCUMENT_DELIVERIES, Query(where=where), scope=SYSTEM_SCOPE)

    def _mine(self, caller: Caller, given: Given) -> tuple[DocumentDelivery, OfficialDocument]:
        """A delivery that is the caller's, and the document it is of. Raises: NotFoundError."""
        code = words(given, "code", longest=LONGEST)
        missing = NotFoundError(Text(f"没有发给您的公文“{code}”", f"no document {code!r} was sent to you"), key=code)
        try:
            row = self.desk.store.get(DOCUMENT_DELIVERIES, code, scope=SYSTEM_SCOPE).record
            assert isinstance(row, DocumentDelivery)
            document = self.desk.store.get(OFFICIAL_DOCUMENTS, row.of_key, scope=SYSTEM_SCOPE).record
        except NotFoundError as error:
            raise missing from error
        assert isinstance(document, OfficialDocument)
        if row.to not in self.directory.addresses(caller):
            raise missing
        return row, document

    def _opened(self, caller: Caller, row: DocumentDelivery) -> DocumentDelivery:
        now, name = self.clock(), caller.actor.name
        return self._changed(row.code, lambda one: opened_by(one, caller.account, name, now), caller, "阅读公文")

    def _changed(self, code: str, change: Any, caller: Caller, reason: str) -> DocumentDelivery:
        """A delivery as its addressee changes it, whatever area it was sent from; of two at once both stand."""
        for tried in range(TRIES):
            kept = self.desk.store.get(DOCUMENT_DELIVERIES, code, scope=SYSTEM_SCOPE)
            assert isinstance(kept.record, DocumentDelivery)
            row = change(kept.record)
            if row is None:
                return kept.record
            put = Put(layer=DOCUMENT_DELIVERIES.id, record=row, expected=kept.version)
            scope = replace(SYSTEM_SCOPE, layers=frozenset({DOCUMENT_DELIVERIES.id}))
            try:
                self.desk.store.commit([put], actor=caller.actor, reason=reason, scope=scope)
            except ConflictError:
                if tried == TRIES - 1:
                    raise
                continue
            assert isinstance(row, DocumentDelivery)
            return row
        raise AssertionError

    def _registered(self, caller: Caller, row: DocumentDelivery) -> str:
        """The incoming document that a delivery begins; one that has begun is not begun again."""
        if row.registered_as:
            return row.registered_as
        if not caller.may(Right.CASES) or role_of(caller) is not Role.OFFICER:
            raise ForbiddenError(Text("收文登记由监管人员办理", "incoming documents are registered by officers"))
        acting, now = signed(caller), self.clock()
        area = row.to.partition(":")[2] if row.to.startswith("area:") else self._own_area(caller)
        values = {
            "area": area, "title": row.title, "from_organ": row.organ, "from_number": row.number, "confirmed": True,
            "received_on": local_day(now), "urgency": row.urgency, "delivery": row.code,
        }  # fmt: skip
        key = f"delivery-{row.code}"[:64]
        code = self.desk.filed(INCOMING_DOCUMENT, key, by=acting)
        return code or self.desk.open(INCOMING_DOCUMENT, values, by=acting, sent=key).row.code

    def _own_area(self, caller: Caller) -> str:
        names, own = self.directory.named()["area"], caller.scope.areas
        return next((code for code in names if any(code.startswith(one) for one in own)), own[0] if own else "")

    def _annexes(self, document: OfficialDocument) -> list[Attached]:
        log = self.desk.log(OFFICIAL_DOCUMENT, document.code, scope=SYSTEM_SCOPE)
        taken = {sha256 for step in log for sha256 in step.files}
        found = self.cabinet.of(OFFICIAL_DOCUMENTS, document.code, scope=SYSTEM_SCOPE)
        return [one for one in found if one.record.sha256 in taken]

    def _registry(self) -> Registry:
        if self.desk.registry is None:
            raise NotFoundError(Text("本系统没有配置文书印发", "no documents are made here"))
        return self.desk.registry

    def _whole(self, caller: Caller, row: DocumentDelivery) -> Given:
        document = self.desk.store.get(OFFICIAL_DOCUMENTS, row.of_key, scope=SYSTEM_SCOPE).record
        assert isinstance(document, OfficialDocument)
        issued = self._registry().find(row.document, scope=SYSTEM_SCOPE).document
        return {
            **_told(row.model_dump(), caller), "body": document.body, "recipients": document.recipients,
            "kind": code_label("official_kind", document.kind, caller.lang), "signed_by": document.signed_by,
            "state": issued.state, "state_word": code_label("document_state", issued.state, caller.lang),
            "check_code": issued.check_code, "annexes": [told_file(one) for one in self._annexes(document)],
            "may_register": caller.may(Right.CASES) and role_of(caller) is Role.OFFICER,
        }  # fmt: skip


def _received(row: DocumentDelivery, caller: Caller, code: str, now: Any) -> DocumentDelivery | None:
    changes: Given = {} if row.received_at else {"received_at": now, "received_by": caller.actor.name}
    if code and not row.registered_as:
        changes["registered_as"] = code
    return row.model_copy(update=changes) if changes else None


def _told(row: Given, caller: Caller) -> Given:
    mine = any(one.partition("|")[0] == caller.account for one in row["readers"] or ())
    return {
        "code": row["code"], "number": row["number"], "title": row["title"], "organ": row["organ"],
        "urgency": row["urgency"], "urgency_word": code_label("official_urgency", row["urgency"], caller.lang),
        "to_name": row["to_name"], "sent_at": iso(row["sent_at"]), "minute": minute(row["sent_at"]),
        "unread": not mine, "received_at": minute(row["received_at"]), "received_by": row["received_by"],
        "registered_as": row["registered_as"],
    }  # fmt: skip


def document_routes(mailbox: Mailbox) -> list[BaseRoute]:
    """The doors of what was sent to somebody."""

    async def give(request: Request) -> Response:
        caller, given = current_caller.get(), dict(request.query_params)
        found = await run_in_threadpool(mailbox.file, caller, given)
        kind = found.record.media_type
        headers = {
            "cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": disposition_of(found, inline=kind == PDF), "x-content-type-options": "nosniff",
        }  # fmt: skip
        return FileResponse(found.path, media_type=kind, headers=headers)

    return [
        Route("/api/documents", asked(mailbox.listed), methods=["GET"]),
        Route("/api/documents/one", asked(mailbox.one), methods=["GET"]),
        Route("/api/documents/receive", posted(mailbox.receive), methods=["POST"]),
        Route("/api/documents/file", give, methods=["GET"]),
    ]
