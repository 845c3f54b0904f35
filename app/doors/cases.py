"""`/api/cases`: the cases of every business system, generically: lists, one case, what may be done, doing it, files."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.directory import CHOSEN, Directory
from app.doors.admin.fields import Given, matching, number, only, words
from app.doors.bodies import asked, json_answer, object_of, posted
from app.doors.case_checks import checked_facts, sealed
from app.doors.case_drafts import CaseDrafts
from app.doors.case_draws import officer_choices
from app.doors.case_forms import form_of, minute, plain, said, values_of
from app.doors.case_lists import Lists, own_areas, role_of
from app.doors.case_plans import item_choices
from app.doors.case_told import deliveries_of, told_paper, versioned
from app.doors.files import IN_MEMORY, received, told_file
from app.reports import Reports
from casework.casetype import REMIND, CaseType, Role, Step
from casework.desk import Desk, Found
from casework.engine import REMINDED, Option, StepRefusedError, Who, overdue, reminder_in
from casework.following import FOLLOWED, FROM, Signed
from casework.limits import limits
from casework.systems.official import OFFICIAL_DOCUMENT
from casework.telling import STATUS, deadline_words, limit_words, rung_words
from casework.terms import last_day, local_day
from core.caller import Caller, Right, current_caller
from core.clock import Clock, iso
from core.errors import BadInputError, ConflictError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from dashboards.brief.door import disposition
from dashboards.queries.wording import area_names, code_label, shown
from layers.catalogue.casework import CaseRow, CaseStep
from layers.catalogue.complaints import COMPLAINTS
from layers.layer import Geometry, Layer
from store.attachments import Attached, Cabinet
from store.query import Order, Query

LONGEST_CODE = 20
SENT = r"[0-9a-zA-Z-]{16,64}"
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_OWN = 200
REASON = 2000
UNSHOWN = frozenset({
    "code", "title", "state", "sensitivity", "source", "source_datum", "observed_at", "process", "steps", "reminded",
    "due_basis", "due_from", "due_assumed", "opened_month", "opened_account", "state_since", "told", "told_at",
    "turn", "due_at", "stopped_at", "mended_by", "recorded_by", "drafted_by", "year", "followed", "from_case",
    "conforming", "failing", "cosigned", "drafter_account", "published_step", "delivery",
    "seed", "inputs_hash", "method",
})  # fmt: skip
"""What the page says elsewhere, or what is the engine's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The desk of cases as one caller meets it."""

    desk: Desk
    lists: Lists
    cabinet: Cabinet
    drafts: CaseDrafts
    clock: Clock
    reports: Reports | None = None
    directory: Directory | None = None

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?system=&code=[&ahead=1]: facts, clock, log, files, and the next steps with what stands against them.

        `ahead` adds the steps of the states that could come next, for a device that goes where there is no network.
        """
        only(given, "system", "code", "ahead")
        of, layer = self.lists.of(caller, given)
        code = words(given, "code", longest=LONGEST_CODE)
        found = self.desk.find(of, code, scope=caller.scope)
        seen = self.desk.store.get(layer, code, scope=caller.scope).record
        assert isinstance(seen, CaseRow)
        procedure, row, now = found.procedure, found.row, self.clock()
        role = role_of(caller, of)
        steps = () if role is None else self.desk.options(found, who=_who(caller, of))
        place = None if seen.geometry is None else seen.geometry.representative_point()
        told = versioned(self.cabinet.of(layer, code, scope=caller.scope))
        log = self.desk.log(of, code, scope=caller.scope)
        issued = self.desk.issued(of, code, scope=caller.scope)
        numbers = {one.code: one.number for one in issued}
        taken_up = {sha256 for step in log for sha256 in step.files}
        return {
            "system": of.id, "title": of.title.of(caller.lang), "register": layer.id, "code": code,
            "version": found.version, "process": row.process, "name": seen.title, "state": row.state,
            "state_word": procedure.state_title(row.state).of(caller.lang),
            "states": [{"code": s, "name": procedure.state_title(s).of(caller.lang)} for s in procedure.state_codes],
            "final": [str(one) for one in procedure.final], "facts": self._facts(layer, seen, caller),
            "clock": self._clock(procedure, row, caller), "enterprise": row.enterprise,
            "turn": row.turn, "turn_word": code_label("case_role", row.turn, caller.lang) if row.turn else "",
            "steps": [self._option(procedure, one, row, caller) for one in steps],
            "log": [self._line(one, procedure, told, numbers, caller) for one in reversed(log)],
            "files": told,
            "loose": [one for one in told if one["sha256"] not in taken_up],
            "place": None if place is None else {"lon": round(place.x, 6), "lat": round(place.y, 6)},
            "papers": [told_paper(one, caller.lang) for one in issued],
            "may_end_papers": role is Role.OFFICER,
            "law": procedure.law.of(caller.lang), "overdue": overdue(row, now), "now": iso(now),
            "related": self._related(row, caller), "mapped": layer.geometry is not Geometry.NONE,
            "video": of.video,
            "sealed": sealed(row),
            "reporter": self._reporter(of, code, caller),
            "deliveries": deliveries_of(self.desk, code, caller.lang) if of.id == OFFICIAL_DOCUMENT.id else [],
        } | ({"ahead": self._ahead(of, found, caller)} if role and given.get("ahead") == "1" else {})  # fmt: skip

    def _reporter(self, of: CaseType, code: str, caller: Caller) -> Given | None:
        """Whether a complaint has a reporter and a code; who it is, at another door alone."""
        if self.reports is None or of.register is not COMPLAINTS:
            return None
        return {
            **self.reports.known(code),
            "may_read": caller.may(Right.REPORTERS),
            "may_write": role_of(caller) is Role.OFFICER,
        }

    def form(self, caller: Caller, given: Given) -> Given:
        """GET /form?system=: the form that opens a case."""
        only(given, "system")
        of, _ = self.lists.of(caller, given)
        step = self.desk.current(of).opening
        fields = self._with_areas(form_of(of, step, None, caller.lang), caller)
        if caller.scope.enterprises is not None and len(caller.scope.enterprises) == 1:
            own = next(iter(caller.scope.enterprises))
            fields = [one | {"value": own} if one["refers"] == "enterprises" else one for one in fields]
        fields = [one | self._own(of, one, caller) for one in fields]
        return {
            "system": of.id, "title": of.title.of(caller.lang), "step": step.name,
            "step_title": step.title.of(caller.lang), "form": fields,
            "law": "" if step.law is None else step.law.of(caller.lang), "may": role_of(caller, of) in step.by,
            "limit": deadline_words(of, step, local_day(self.clock()), caller.lang),
        }  # fmt: skip

    def check(self, caller: Caller, given: Given) -> Given:
        """POST /check: every reason why a step would be refused with what is filled in so far; nothing is kept."""
        only(given, "system", "code", "step", "values", "reason")
        of, _ = self.lists.of(caller, given)
        try:
            if given.get("code"):
                found = self.desk.find(of, words(given, "code", longest=LONGEST_CODE), scope=caller.scope)
                step = self.step_of(found.procedure, given)
                values = values_of(of, step, given.get("values") or {})
                self.desk.tried(of, found, step.name, values, by=signed(caller, of), reason=reason_of(given))
            else:
                step = self.desk.current(of).opening
                values = values_of(of, step, given.get("values") or {})
                self.desk.begun(of, values, by=signed(caller, of), reason=reason_of(given))
        except StepRefusedError as refused:
            return {"reasons": said(refused.faults, of, caller.lang)}
        return {"reasons": []}

    def open(self, caller: Caller, given: Given) -> Given:
        """POST /open: a new case, numbered; sent again under the same key, the case that the key made."""
        only(given, "system", "values", "reason", "key")
        of, _ = self.lists.of(caller, given)
        sent, by = _sent(given), signed(caller, of)
        code = self.desk.filed(of, sent, by=by)
        if code is None:
            step = self.desk.current(of).opening
            values = values_of(of, step, given.get("values") or {})
            try:
                code = self.desk.open(of, values, by=by, reason=reason_of(given), sent=sent).row.code
            except ConflictError:  # by another window of the same device, perhaps, which sent the same
                code = self.desk.filed(of, sent, by=by)
                if code is None:
                    raise
            self.drafts.opened(caller, of, step.name, None if of.copied is None else values.get(of.copied.field))
        return self.one(caller, {"system": of.id, "code": code})

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /step: one step on the version the caller saw; refused with every reason, or told who was first.

        What a device sends again under the same key is answered by the case as the first sending left it.
        """
        only(given, "system", "code", "version", "step", "values", "reason", "key")
        of, _ = self.lists.of(caller, given)
        code, version = words(given, "code", longest=LONGEST_CODE), number(given, "version", 1, 1_000_000_000)
        found, sent = self.desk.find(of, code, scope=caller.scope), _sent(given)
        if self.desk.filed(of, sent, by=signed(caller, of)) is None:
            step = self.step_of(found.procedure, given)
            values = values_of(of, step, given.get("values") or {})
            reason, by = reason_of(given), signed(caller, of)
            try:
                self.desk.take(of, code, version, step.name, values, by=by, reason=reason, sent=sent)
            except ConflictError:  # by another window of the same device, perhaps, which sent the same
                if self.desk.filed(of, sent, by=by) is None:
                    raise
            self.drafts.taken(caller, of, code, step.name)
        return self.one(caller, {"system": of.id, "code": code})

    def attach(self, caller: Caller, given: Given, name: str, note: str, file: IO[bytes]) -> Attached:
        """A file for the next step of a case."""
        of, _ = self.lists.of(caller, given)
        code = words(given, "code", longest=LONGEST_CODE)
        with self.cabinet.draft(iter(partial(file.read, IN_MEMORY), b""), name) as draft:
            return self.desk.attach(of, code, draft, by=signed(caller, of), note=note)

    def _own(self, of: CaseType, one: Given, caller: Caller) -> Given:
        """Whoever acts for an enterprise chooses among its own rows what a case is about, and types no codes; officers
        choose among the items of plans in force.
        """
        if one["name"] == "plan_item":
            return {"choices": item_choices(self.desk.store, caller)}
        if (of.id, one["name"]) == ("avoidance", "officer_no"):
            return {"choices": officer_choices(self.desk, caller)}
        if of.copied is None or caller.scope.enterprises is None or one["name"] != of.copied.field:
            return {}
        layer = self.desk.store.catalogue.find(of.copied.layer.id, caller.scope)
        if layer is None:
            return {}
        seen = layer.fields_in(caller.scope)
        told = [name for name in of.copied.told if name in seen]
        query = Query(fields=(layer.key, *told), order=(Order(layer.key),), limit=MOST_OWN, geometry=False)
        rows = self.desk.store.read(layer, query, scope=caller.scope).to_pylist()
        words_ = [[shown(seen[name], row[name], caller.lang) for name in told] for row in rows]
        return {"choices": [{"code": row[layer.key], "name": " · ".join(filter(None, said_))}
                            for row, said_ in zip(rows, words_, strict=True)]}  # fmt: skip

    def step_of(self, procedure: CaseType, given: Given) -> Step:
        """The step a request names."""
        name = words(given, "step", longest=40)
        step = procedure.step(name)
        if step is None or step.opens:
            rule = Text("不是此流程的步骤", "is no step of this procedure")
            raise BadInputError(Text(f"“{name}”{rule.zh}", f"{name!r} {rule.en}"), field="step")
        return step

    def _related(self, row: CaseRow, caller: Caller) -> list[Given]:
        """Cases that followed from this one, and the one it followed from, as far as the caller may see them."""
        told = []
        codes = (getattr(row, FROM, ""), *getattr(row, FOLLOWED, ()))
        for code in dict.fromkeys(one for one in codes if one):
            of = next((one for one in self.lists.systems if code.startswith(one.numbering)), None)
            layer = None if of is None else self.desk.store.catalogue.find(of.register.id, caller.scope)
            if of is None or layer is None:
                continue
            try:
                seen = self.desk.store.get(layer, code, scope=caller.scope).record
            except NotFoundError:
                continue
            assert isinstance(seen, CaseRow)
            told.append({"system": of.id, "system_title": of.title.of(caller.lang), "code": code, "name": seen.title})
        return told

    def _facts(self, layer: Layer, row: CaseRow, caller: Caller) -> list[Given]:
        areas = area_names(self.desk.store, caller.scope)
        facts = []
        named = self.directory.named() if self.directory is not None and CHOSEN.keys() & layer.fields.keys() else {}
        for name, spec in layer.fields_in(caller.scope).items():
            if name in CHOSEN and named:
                chosen = [named[CHOSEN[name]].get(code, code) for code in getattr(row, name)]
                if chosen:
                    facts.append({"name": name, "title": spec.title.of(caller.lang), "value": "、".join(chosen)})
                continue
            checked = checked_facts(layer.id, name, getattr(row, name), caller.lang)
            if checked is not None:
                facts += checked
                continue
            value = areas.get(row.area, row.area) if name == "area" else shown(spec, getattr(row, name), caller.lang)
            if value and name not in UNSHOWN and getattr(row, name) not in (False, 0):
                facts.append({"name": name, "title": spec.title.of(caller.lang), "value": value})
        return facts

    def _clock(self, of: CaseType, row: CaseRow, caller: Caller) -> Given:
        """Until when, by which rule and how sure it is, whether it stands, and who has been told."""
        lang, due = caller.lang, row.due_at
        day = local_day(row.due_from or self.clock())
        rule = next((one for one in limits() if one.id == row.due_basis and one.valid(day)), None)
        field = of.register.fields.get(row.due_basis)
        basis = limit_words(rule, lang) if rule is not None else "" if field is None else field.title.of(lang)
        return {
            "due_at": None if due is None else iso(due), "due_day": None if due is None else last_day(due).isoformat(),
            "from": None if row.due_from is None else iso(row.due_from),
            "days": None if due is None else (last_day(due) - local_day(self.clock())).days,
            "working_days": None if due is None else self.desk.calendar.worked(local_day(self.clock()), last_day(due)),
            "basis": basis, "rule": "" if rule is None else rule.title.of(lang),
            "status": "" if rule is None else rule.status.value,
            "status_word": "" if rule is None else STATUS[rule.status].of(lang),
            "assumed": row.due_assumed, "stopped_at": None if row.stopped_at is None else iso(row.stopped_at),
            "told": row.told, "told_word": code_label("case_tier", row.told, lang),
            "told_at": None if row.told_at is None else iso(row.told_at),
            "ladder": [rung_words(one, lang) for one in of.reminders],
        }  # fmt: skip

    def _option(self, of: CaseType, one: Option, row: CaseRow, caller: Caller) -> Given:
        step, lang = one.step, caller.lang
        return {
            "name": step.name, "title": step.title.of(lang), "reasons": [reason.of(lang) for reason in one.reasons],
            "form": self._with_areas(form_of(of, step, row, lang), caller), "reason": step.reason, "files": step.files,
            "target_code": None if step.target is None else str(step.target),
            "target": None if step.target is None else of.state_title(str(step.target)).of(lang),
            "limit": deadline_words(of, step, local_day(self.clock()), lang),
            "law": "" if step.law is None else step.law.of(lang),
            "documents": _made_by(of, step, lang) if role_of(caller) is Role.OFFICER else [],
        }  # fmt: skip

    def _ahead(self, of: CaseType, found: Found, caller: Caller) -> Given:
        """The steps of every state to which this person could bring the case; what stands against them is not known."""
        ahead: Given = {}
        left = [found.row.state]
        while left:
            there = replace(found, row=found.row.model_copy(update={"state": left.pop()}))
            steps = self.desk.options(there, who=_who(caller, of))
            told = [self._option(found.procedure, one, there.row, caller) | {"reasons": []} for one in steps]
            ahead[there.row.state] = {
                "state_word": found.procedure.state_title(there.row.state).of(caller.lang), "steps": told,
            }  # fmt: skip
            left += [one["target_code"] for one in told if one["target_code"] and one["target_code"] not in ahead]
        return ahead

    def _with_areas(self, form: list[Given], caller: Caller) -> list[Given]:
        """An area is chosen among one's own, by name; those to whom a document goes among all there are."""
        if self.directory is not None and any(one["name"] in CHOSEN for one in form):
            named = self.directory.named()
            form = [
                one | {"choices": [{"code": code, "name": name} for code, name in named[CHOSEN[one["name"]]].items()]}
                if one["name"] in CHOSEN else one
                for one in form
            ]  # fmt: skip
        if all(one["name"] != "area" and one["kind"] != "plan-items" for one in form):
            return form
        areas = own_areas(area_names(self.desk.store, caller.scope), caller)
        return [
            one | {"choices": areas} if one["name"] == "area"
            else one | {"areas": areas} if one["kind"] == "plan-items" else one
            for one in form
        ]  # fmt: skip

    def _line(
        self, one: CaseStep, of: CaseType, files: list[Given], numbers: Mapping[str, str], caller: Caller
    ) -> Given:
        lang = caller.lang
        step = of.step(one.step)
        told = one.step == REMIND
        reason = reminder_in(lang, one.reason) if told else one.reason
        title = REMINDED.of(lang) if told else one.step_title if step is None else step.title.of(lang)
        changed = [of.register.fields[name].title.of(lang) for name in one.changed if name in of.register.fields]
        by_hash = {file["sha256"]: file for file in files}
        theirs = caller.scope.enterprises is not None  # they read of no paper that the organ keeps for itself
        return {
            "number": one.number, "step": one.step, "title": title, "at": iso(one.at), "minute": minute(one.at),
            "by": one.by, "role_word": code_label("case_role", one.role, lang), "reason": reason,
            "source": of.state_title(one.source_state).of(lang) if one.source_state else "",
            "target": of.state_title(one.target_state).of(lang), "changed": changed, "due_at": plain(one.due_at),
            "files": [by_hash[sha256] for sha256 in one.files if sha256 in by_hash],
            "papers": [numbers.get(code, code) for code in one.documents if code in numbers or not theirs],
            "lost": [sha256 for sha256 in one.files if sha256 not in by_hash],
        }  # fmt: skip


def _made_by(of: CaseType, step: Step, lang: Lang) -> list[Given]:
    papers = [one for one in of.documents if one.form and one.id in step.documents]
    return [{"id": one.id, "name": one.title.of(lang)} for one in papers]


def _who(caller: Caller, of: CaseType | None) -> Who:
    role = role_of(caller, of)
    if role is None or not caller.account:
        raise ForbiddenError(
            Text("须由监管人员或企业人员以个人账号办理", "officers and enterprises do this, by accounts of their own")
        )
    return Who(account=caller.account, name=caller.actor.name, role=role)


def signed(caller: Caller, of: CaseType | None = None) -> Signed:
    """Who takes a step, in a system; without one no member of the safety committee does."""
    return Signed(who=_who(caller, of), scope=caller.scope, actor=caller.actor)


def _sent(given: Given) -> str:
    """The key under which a device sends a step, blank where it names none."""
    return matching(given, "key", SENT, Text("设备生成的标识", "a key a device made")) if given.get("key") else ""


def reason_of(given: Given) -> str:
    """Why a step is taken, as typed."""
    value = given.get("reason") or ""
    if not isinstance(value, str) or len(value) > REASON or not value.replace("\n", "").isprintable():
        raise BadInputError(
            Text(f"reason 应为至多 {REASON} 个字的文本", f"reason must be a text of at most {REASON} characters"),
            field="reason",
        )
    return value


def case_routes(cases: Cases) -> list[BaseRoute]:
    """The doors of cases; who enters is the policy's, which rows the scope's, what may be done the procedure's."""
    lists = cases.lists

    async def receive(request: Request) -> Response:
        """POST /api/cases/files?system=&code=&name=&note=: the body is a file for the next step."""
        caller, given = current_caller.get(), dict(request.query_params)
        only(given, "system", "code", "name", "note")
        name = words(given, "name", longest=120).replace("\\", "/").rpartition("/")[2].strip()
        note = words(given, "note", longest=400, empty=True)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            await received(request, file, cases.cabinet.largest)
            kept = await run_in_threadpool(cases.attach, caller, given, name, note, file)
        return json_answer(told_file(kept), 201)

    async def export(request: Request) -> Response:
        """POST /api/cases/export: the rows of the list as CSV or XLSX, recorded as taken out."""
        caller, given = current_caller.get(), await object_of(request)
        body, name = await run_in_threadpool(lists.export, caller, given)
        headers = {"content-disposition": disposition(name, "cases"), "cache-control": "no-store"}
        return Response(body, media_type=MEDIA[name.rpartition(".")[2]], headers=headers)

    reads: dict[str, Any] = {
        "": lists.overview, "/list": lists.listed, "/statistics": lists.statistics, "/supervision": lists.supervision,
        "/one": cases.one, "/form": cases.form, "/drafts": cases.drafts.mine, "/draft": cases.drafts.one,
    }  # fmt: skip
    changes: dict[str, Any] = {"/check": cases.check, "/open": cases.open, "/step": cases.step,
                               "/draft": cases.drafts.keep}  # fmt: skip
    return [
        *(Route(f"/api/cases{path}", asked(ask), methods=["GET"]) for path, ask in reads.items()),
        *(Route(f"/api/cases{path}", posted(ask), methods=["POST"]) for path, ask in changes.items()),
        Route("/api/cases/files", receive, methods=["POST"]),
        Route("/api/cases/export", export, methods=["POST"]),
    ]
