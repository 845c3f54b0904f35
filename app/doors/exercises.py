"""`/api/exercises`: scripts, exercises that are played, replies of the areas addressed, and the score sheet."""

import re
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, flag, matching, number, one_of, only, refused, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, FORMS, may_command
from app.exercises.desk import ExerciseDesk, Kept
from app.exercises.paper import paper, result_word
from app.incidents.desk import By
from casework.issuing import DOCX, PDF
from casework.press import Press
from core.caller import Caller, current_caller
from core.clock import iso
from core.errors import ForbiddenError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Lang, Text
from dashboards.queries.incidents import entry_told
from dashboards.queries.wording import area_names, code_label
from emergency.exercises.course import ACTS, Act, acts, played
from emergency.exercises.score import Scored, counts
from layers.catalogue.exercises import SCRIPT, ExerciseRun, ExerciseScript, ScriptInject
from layers.codes import code_list

MOST = 99
DAY = 24 * 3600
AREA = re.compile(r"[0-9]{2,12}")
SCRIPT_FIELDS = ("code", "title", "kind", "areas", "hazard_source", "summary", "nature", "injects")
INJECT_FIELDS = ("offset", "to", "to_area", "kind", "text", "expected", "within")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseDoors:
    """Exercises of the caller's areas. Who directs sees what is to come; who plays sees what they were told."""

    exercises: ExerciseDesk
    press: Press

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: scripts and exercises, the newest first."""
        only(given)
        names = self._names()
        runs = self.exercises.runs(caller.scope)
        return {
            "may_direct": may_command(caller),
            "kinds": [{"code": one.code, "name": one.title.of(caller.lang)} for one in code_list("inject_kind")],
            "scripts": [
                {"code": one.code, "title": one.title, "summary": one.summary, "nature": one.nature,
                 "areas": [names.get(area, area) for area in one.areas],
                 "may_open": may_command(caller) and all(caller.scope.covers(area) for area in one.areas)}
                for one in self.exercises.scripts(caller.scope)
            ],
            "runs": [self._run(kept, caller, names) for kept in runs],
        }  # fmt: skip

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?code=: an exercise with its injects, replies and score."""
        only(given, "code")
        return self._told(caller, words(given, "code", longest=24))

    def script(self, caller: Caller, given: Given) -> Given:
        """POST /script: a script with its injects, as a file gives it."""
        only(given, *SCRIPT_FIELDS)
        by = _by(caller)
        script, injects = script_of(given, by)
        if not all(caller.scope.covers(area) for area in script.areas):
            raise ForbiddenError(Text("参演地区超出您的辖区", "it plays in areas that are not yours"))
        self.exercises.keep_script(script, injects, by=by)
        return {"code": script.code, "injects": len(injects)}

    def open(self, caller: Caller, given: Given) -> Given:
        """POST /open: an exercise of a script, not begun yet."""
        only(given, "command", "script")
        by = _by(caller)
        told = self.exercises.open(words(given, "script", longest=40), by=by, command=_command(given))
        return self._told(caller, told.code) | {"again": told.again}

    def act(self, caller: Caller, given: Given) -> Given:
        """POST /act: begun, paused, gone on with, ended."""
        only(given, "command", "code", "version", "act")
        by = _by(caller)
        told = self.exercises.act(
            words(given, "code", longest=24), number(given, "version", 1, 1_000_000_000),
            Act(one_of(given, "act", [one.value for one in Act])), by=by, command=_command(given),
        )  # fmt: skip
        return self._told(caller, told.code) | {"again": told.again}

    def reply(self, caller: Caller, given: Given) -> Given:
        """POST /reply: what was answered to an inject, and whether the action was taken."""
        only(given, "command", "code", "text", "done")
        by, text = _by(caller), words(given, "text", longest=1500)
        told = self.exercises.reply(
            words(given, "code", longest=30), text, done=flag(given, "done"), by=by, command=_command(given)
        )
        return self._told(caller, told.code) | {"again": told.again}

    def remark(self, caller: Caller, given: Given) -> Given:
        """POST /remark: what the evaluator says of an inject, under their own name."""
        only(given, "command", "code", "text")
        by, code = _by(caller), words(given, "code", longest=30)
        self._directing(caller, self.exercises.run(code.partition("/")[0], caller.scope).row)
        told = self.exercises.remark(code, words(given, "text", longest=200), by=by, command=_command(given))
        return self._told(caller, told.code) | {"again": told.again}

    def paper(self, caller: Caller, given: Given) -> tuple[bytes, str, str]:
        """GET /paper?code=&form=: the score sheet of the log as it stands."""
        only(given, "code", "form")
        code, form = words(given, "code", longest=24), one_of(given, "form", tuple(FORMS))
        run, at = self.exercises.run(code, caller.scope).row, self.exercises.desk.clock()
        self._directing(caller, run)
        lines = self.exercises.scored(run, caller.scope, at)
        made = paper(run, lines, self._names(), self.press, by=caller.actor.name, at=at)
        return (made.pdf, PDF, f"{code}.pdf") if form == "pdf" else (made.docx, DOCX, f"{code}.docx")

    def _told(self, caller: Caller, code: str) -> Given:
        kept, at = self.exercises.run(code, caller.scope), self.exercises.desk.clock()
        names, directs = self._names(), directing(caller, kept.row)
        lines = self.exercises.scored(kept.row, caller.scope, at)
        shown = [one for one in lines if directs or one.inject.fired_at is not None]
        total = {one.value: {"word": result_word(one).of(caller.lang), "count": n} for one, n in counts(shown).items()}
        return self._run(kept, caller, names) | {
            "now": iso(at), "injects": [_inject(one, names, caller.lang, directs) for one in shown], "total": total,
        }  # fmt: skip

    def _run(self, kept: Kept[ExerciseRun], caller: Caller, names: dict[str, str]) -> Given:
        run, directs = kept.row, directing(caller, kept.row)
        return {
            "code": run.code, "title": run.title, "exercise": True, "state": run.state, "version": kept.version,
            "state_word": code_label("exercise_state", run.state, caller.lang), "script": run.script,
            "areas": [names.get(area, area) for area in run.areas], "director": run.director, "directs": directs,
            "started_at": None if run.started_at is None else iso(run.started_at),
            "ended_at": None if run.ended_at is None else iso(run.ended_at),
            "played": played(run, self.exercises.desk.clock()).total_seconds(),
            "acts": [{"act": one.value, "title": ACTS[one].of(caller.lang)} for one in acts(run)] if directs else [],
        }  # fmt: skip

    def _directing(self, caller: Caller, run: ExerciseRun) -> None:
        if not directing(caller, run):
            raise ForbiddenError(Text("只有导调人员可以评估", "only who directs it scores it"))

    def _names(self) -> dict[str, str]:
        return area_names(self.exercises.desk.store, SYSTEM_SCOPE)


def directing(caller: Caller, run: ExerciseRun) -> bool:
    """The caller leads incidents and every area that plays is theirs."""
    return may_command(caller) and all(caller.scope.covers(area) for area in run.areas)


def _inject(one: Scored, names: dict[str, str], lang: Lang, directs: bool) -> Given:
    """An inject; what is expected of whom it goes to is told to who directs alone."""
    inject = one.inject
    told = {
        "code": inject.code, "number": inject.number, "to": inject.to, "area_name": names.get(inject.area, inject.area),
        "kind": inject.kind, "kind_word": code_label("inject_kind", inject.kind, lang), "text": inject.text,
        "offset": inject.offset, "fired_at": None if inject.fired_at is None else iso(inject.fired_at),
        "replies": [entry_told(each, lang) for each in one.replies], "done": one.done is not None,
    }  # fmt: skip
    if directs:
        told |= {
            "expected": inject.expected, "within": inject.within, "result": one.result.value,
            "result_word": result_word(one.result).of(lang), "took": one.took, "left": one.left,
            "remark": inject.remark, "remark_by": inject.remark_by,
            "remark_at": None if inject.remark_at is None else iso(inject.remark_at),
        }  # fmt: skip
    return told


def script_of(given: Given, by: By) -> tuple[ExerciseScript, list[ScriptInject]]:
    """A script and its injects as they were given. Raises: BadInputError."""
    code = matching(given, "code", SCRIPT, Text("大写字母、数字和连字符", "capitals, digits and hyphens"))
    areas, lines = given.get("areas"), given.get("injects")
    known = isinstance(areas, list) and all(isinstance(one, str) and AREA.fullmatch(one) for one in areas)
    if not isinstance(areas, list) or not areas or not known:
        raise refused("areas", areas, Text("区划代码的列表", "a list of area codes"))
    if not isinstance(lines, list) or not 0 < len(lines) <= MOST or not all(isinstance(one, dict) for one in lines):
        raise refused("injects", None, Text(f" 1 至 {MOST} 条导调信息", f"1 to {MOST} injects"))
    script = ExerciseScript(
        code=code, title=words(given, "title", longest=110), areas=tuple(areas), area=areas[0],
        kind=one_of(given, "kind", [one.code for one in code_list("incident_kind")]),
        hazard_source=words(given, "hazard_source", longest=40, empty=True), made_by=by.name,
        summary=words(given, "summary", longest=1500, empty=True),
        nature=words(given, "nature", longest=200, empty=True),
        sensitivity=Sensitivity.INTERNAL, source="OneMap",
    )  # fmt: skip
    injects = []
    for n, line in enumerate(lines, 1):
        only(line, *INJECT_FIELDS)
        area = matching(line, "to_area", AREA.pattern, Text("区划代码", "a code of an area"))
        injects.append(
            ScriptInject(
                code=f"{code}/{n:02d}", script=code, number=n, offset=float(number(line, "offset", 0, DAY)),
                to=words(line, "to", longest=80), to_area=area, area=area,
                kind=one_of(line, "kind", [one.code for one in code_list("inject_kind")]),
                text=words(line, "text", longest=300), expected=words(line, "expected", longest=300),
                within=float(number(line, "within", 1, DAY)), sensitivity=Sensitivity.INTERNAL, source="OneMap",
            )
        )  # fmt: skip
    return script, injects


def _by(caller: Caller) -> By:
    if not may_command(caller):
        raise ForbiddenError(Text("须由具名值班人员办理", "named officers do this"))
    return By(actor=caller.actor, scope=caller.scope, account=caller.account)


def _command(given: Given) -> str:
    return matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))


def exercise_routes(doors: ExerciseDoors) -> list[BaseRoute]:
    """The doors of exercises."""

    async def score(request: Request) -> Response:
        """GET /api/exercises/paper?code=&form=: the score sheet as PDF or DOCX."""
        found = await run_in_threadpool(doors.paper, current_caller.get(), dict(request.query_params))
        body, media, name = found
        headers = {
            "cache-control": "private, no-store", "x-content-type-options": "nosniff",
            "content-disposition": f'{"inline" if media == PDF else "attachment"}; filename="{name}"',
            "content-security-policy": "default-src 'none'; sandbox",
        }  # fmt: skip
        return Response(body, media_type=media, headers=headers)

    commands = {"script": doors.script, "open": doors.open, "act": doors.act, "reply": doors.reply,
                "remark": doors.remark}  # fmt: skip
    return [
        Route("/api/exercises", asked(doors.listed), methods=["GET"]),
        Route("/api/exercises/one", asked(doors.one), methods=["GET"]),
        Route("/api/exercises/paper", score, methods=["GET"]),
        *(Route(f"/api/exercises/{path}", posted(act), methods=["POST"]) for path, act in commands.items()),
    ]
