"""`/api/cases/paper…`: the documents of a case: looked at before they are made, given out, withdrawn, made again.

`/api/cases/dossier` gives all of a case in one file.
"""

import tempfile
from dataclasses import dataclass
from functools import partial
from typing import IO, Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, one_of, only, words
from app.doors.bodies import object_of, posted
from app.doors.case_forms import values_of
from app.doors.cases import LONGEST_CODE, Cases, reason_of, signed
from casework.casetype import Role
from casework.dossier import BLOCK, gather
from casework.issuing import DOCX, PDF
from core.caller import Caller, current_caller
from core.errors import BadInputError, ForbiddenError
from core.texts import Text
from dashboards.brief.door import disposition
from layers.catalogue.documents import ISSUED_DOCUMENTS, IssuedDocument
from store.attachments import Attached
from store.audit import AuditLog, by
from store.audit import Kind as AuditKind

FORMS = {"pdf": PDF, "docx": DOCX}
LONGEST_DOCUMENT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The documents of cases as one caller meets them."""

    cases: Cases
    audit: AuditLog

    def file(self, caller: Caller, given: Given) -> tuple[IssuedDocument, Attached]:
        """GET /paper?system=&code=&document=&form=pdf|docx: the file, recorded as read."""
        only(given, "system", "code", "document", "form")
        of, _ = self.cases.lists.of(caller, given)
        form = one_of({"form": given.get("form") or "pdf"}, "form", FORMS)
        desk = self.cases.desk
        kept = desk.document(of, _code(given), words(given, "document", longest=LONGEST_DOCUMENT), scope=caller.scope)
        assert desk.registry is not None  # it gave the document
        found = desk.registry.file(kept.document, FORMS[form])
        self.audit.record(
            by(
                caller, AuditKind.READ, at=self.cases.clock(), what=ISSUED_DOCUMENTS.id, keys=[kept.document.code],
                where=f"form={form}",
            )
        )  # fmt: skip
        return kept.document, found

    def dossier(self, caller: Caller, given: Given, into: IO[bytes]) -> str:
        """GET /dossier?system=&code=: all documents and attachments of a case as ZIP, for officers, recorded."""
        only(given, "system", "code")
        of, layer = self.cases.lists.of(caller, given)
        code = _code(given)
        if signed(caller).who.role is not Role.OFFICER:
            raise ForbiddenError(Text("案卷由监管人员调取", "files of cases are for officers"))
        inside = gather(self.cases.desk, self.cases.cabinet, of, layer, code, into, scope=caller.scope)
        self.audit.record(
            by(caller, AuditKind.EXPORT, at=self.cases.clock(), what=of.register.id, keys=[code],
               where=f"dossier, {inside} files")
        )  # fmt: skip
        return f"案卷_{code}.zip"

    def preview(self, caller: Caller, given: Given) -> bytes:
        """POST /preview: a document that a step would make, or that would replace one, as a draft; nothing is kept."""
        only(given, "system", "code", "step", "values", "reason", "paper", "document")
        of, _ = self.cases.lists.of(caller, given)
        desk, acting = self.cases.desk, signed(caller)
        if given.get("document"):
            document = words(given, "document", longest=LONGEST_DOCUMENT)
            return desk.draft_again(of, _code(given), document, by=acting)
        paper = words(given, "paper", longest=40)
        found = desk.find(of, _code(given), scope=caller.scope)
        step = self.cases.step_of(found.procedure, given)
        values = values_of(of, step, given.get("values") or {})
        done = desk.tried(of, found, step.name, values, by=acting, reason=reason_of(given))
        for one in done.documents:
            if one.id == paper:
                return desk.draft(found.procedure, done, one, by=acting)
        raise BadInputError(
            Text(f"此步骤现在不印发文书“{paper}”", f"the step makes no document {paper!r} now"), field="paper"
        )

    def withdraw(self, caller: Caller, given: Given) -> Given:
        """POST /paper/withdraw: the document no longer holds; its files stay."""
        return self._end(caller, given, again=False)

    def replace(self, caller: Caller, given: Given) -> Given:
        """POST /paper/replace: made again from the case as it is now, under a number of its own; the old one ends."""
        return self._end(caller, given, again=True)

    def _end(self, caller: Caller, given: Given, *, again: bool) -> Given:
        only(given, "system", "code", "version", "document", "reason")
        of, _ = self.cases.lists.of(caller, given)
        code, version = _code(given), number(given, "version", 1, 1_000_000_000)
        self.cases.desk.end_document(
            of, code, version, words(given, "document", longest=LONGEST_DOCUMENT), again=again, by=signed(caller),
            reason=reason_of(given),
        )  # fmt: skip
        return self.cases.one(caller, {"system": of.id, "code": code})


def _code(given: Given) -> str:
    return words(given, "code", longest=LONGEST_CODE)


def paper_routes(papers: Papers) -> list[BaseRoute]:
    """The doors of documents; who enters is the policy's, whose case it is the scope's."""

    async def give(request: Request) -> Response:
        caller, given = current_caller.get(), dict(request.query_params)
        document, found = await run_in_threadpool(papers.file, caller, given)
        headers = {
            "cache-control": "private, no-store",
            "content-disposition": disposition_of(found, inline=found.record.media_type == PDF),
            "content-security-policy": "default-src 'none'; sandbox",
            "etag": f'"{document.sha256}"',
            "x-content-type-options": "nosniff",
        }
        return FileResponse(found.path, media_type=found.record.media_type, headers=headers)

    async def dossier(request: Request) -> Response:
        caller, given = current_caller.get(), dict(request.query_params)
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the answer was sent
        try:
            name = await run_in_threadpool(papers.dossier, caller, given, file)
        except BaseException:
            file.close()
            raise
        size = file.tell()
        file.seek(0)
        headers = {
            "cache-control": "private, no-store", "content-length": str(size), "x-content-type-options": "nosniff",
            "content-disposition": disposition(name, "case"),
        }  # fmt: skip
        blocks = iter(partial(file.read, BLOCK), b"")
        return StreamingResponse(
            blocks, media_type="application/zip", headers=headers, background=BackgroundTask(file.close)
        )

    async def look(request: Request) -> Response:
        caller, given = current_caller.get(), await object_of(request)
        draft = await run_in_threadpool(papers.preview, caller, given)
        headers = {"cache-control": "no-store", "content-disposition": "inline", "x-content-type-options": "nosniff"}
        return Response(draft, media_type=PDF, headers=headers)

    changes: dict[str, Any] = {"withdraw": papers.withdraw, "replace": papers.replace}
    return [
        Route("/api/cases/paper", give, methods=["GET"]),
        Route("/api/cases/dossier", dossier, methods=["GET"]),
        Route("/api/cases/preview", look, methods=["POST"]),
        *(Route(f"/api/cases/paper/{name}", posted(ask), methods=["POST"]) for name, ask in changes.items()),
    ]


def disposition_of(found: Attached, *, inline: bool) -> str:
    """Shown in the browser, or saved under its own name."""
    manner = "inline" if inline else "attachment"
    return f"{manner}; filename*=UTF-8''{quote(found.record.name, safe='')}"
