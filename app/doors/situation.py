"""`/api/incidents/situation…`: situation reports of an incident, made of what stands now, kept, listed and read."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, one_of, only, words
from app.doors.bodies import asked, posted
from app.doors.case_papers import disposition_of
from app.doors.incidents import COMMAND, FORMS, LONGEST_CODE, commander
from app.incidents.situations import Made, Situations
from casework.issuing import PDF
from core.caller import Caller, current_caller
from core.clock import iso
from core.errors import NotFoundError
from core.texts import Lang, Text
from store.attachments import Attached


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationDoors:
    """Who may read an incident may read its situation reports; who leads makes them."""

    situations: Situations

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /situations?code=: the reports, the newest first."""
        only(given, "code")
        return self._told(caller, words(given, "code", longest=LONGEST_CODE))

    def make(self, caller: Caller, given: Given) -> Given:
        """POST /situation: a report of what stands now, as DOCX and PDF in Chinese and English."""
        only(given, "command", "code", "text")
        by = commander(caller)
        done = self.situations.make(
            words(given, "code", longest=LONGEST_CODE), more=words(given, "text", longest=2000, empty=True), by=by,
            command=matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made")),
        )  # fmt: skip
        return self._told(caller, done.code) | {"entry": done.entry, "again": done.again}

    def paper(self, caller: Caller, given: Given) -> Attached:
        """GET /situation?entry=&form=&lang=: one file of a report."""
        only(given, "entry", "form", "lang")
        entry, media = words(given, "entry", longest=40), FORMS[one_of(given, "form", tuple(FORMS))]
        lang = one_of(given, "lang", [one.value for one in Lang])
        found = next((one for one in self._all(caller, entry.partition("/")[0]) if one.line.code == entry), None)
        files = () if found is None else found.files
        kept = next((one for one in files if one.record.media_type == media and _lang(one) == lang), None)
        if kept is None or not kept.path.is_file():
            raise NotFoundError(Text(f"没有报告“{entry}”的文件", f"no file of the report {entry!r}"))
        return kept

    def _all(self, caller: Caller, code: str) -> tuple[Made, ...]:
        desk = self.situations.desk
        row = desk.find(code, scope=caller.scope).row
        return self.situations.listed(row, desk.log(code, scope=caller.scope), scope=caller.scope)

    def _told(self, caller: Caller, code: str) -> Given:
        return {"code": code, "rows": [_row(one) for one in reversed(self._all(caller, code))]}


def _row(one: Made) -> Given:
    return {
        "number": one.serial, "entry": one.line.code, "at": iso(one.line.happened_at), "by": one.line.by,
        "struck": one.line.struck_at is not None,
        "files": [
            {
                "lang": _lang(file), "form": "pdf" if file.record.media_type == PDF else "docx",
                "name": file.record.name, "sha256": file.record.sha256, "size": file.record.size,
            }
            for file in one.files
        ],
    }  # fmt: skip


def _lang(file: Attached) -> str:
    return file.record.name.rsplit(".", 2)[-2]


def situation_routes(doors: SituationDoors) -> list[BaseRoute]:
    """The doors of situation reports."""

    async def paper(request: Request) -> Response:
        """GET /api/incidents/situation: shown in the browser where it can be."""
        found = await run_in_threadpool(doors.paper, current_caller.get(), dict(request.query_params))
        headers = {
            "cache-control": "private, no-store", "x-content-type-options": "nosniff",
            "content-disposition": disposition_of(found, inline=found.record.media_type == PDF),
            "content-security-policy": "default-src 'none'; sandbox", "etag": f'"{found.record.sha256}"',
        }  # fmt: skip
        return FileResponse(found.path, media_type=found.record.media_type, headers=headers)

    return [
        Route("/api/incidents/situations", asked(doors.listed), methods=["GET"]),
        Route("/api/incidents/situation", paper, methods=["GET"]),
        Route("/api/incidents/situation", posted(doors.make), methods=["POST"]),
    ]
