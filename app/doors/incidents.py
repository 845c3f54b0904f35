"""`/api/incidents`: opened, led, logged, reported, merged, replayed; each command carries a key and is done once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, flag, matching, moment, number, one_of, only, refused, words
from app.doors.bodies import asked, body_of, json_answer, posted
from app.doors.case_papers import disposition_of
from app.incidents.desk import By, IncidentDesk, Opening, Told
from app.incidents.incoming import opening_of
from app.incidents.replay import picture
from app.incidents.reports import Report, Reporting
from app.incidents.sources import LAYERS
from casework.issuing import DOCX, PDF
from core.caller import Caller, Right, current_caller
from core.clock import iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.texts import Lang, Text
from dashboards.queries.incidents import choices, link_told, listed, told
from emergency.incidents.life import FACTS, LOSSES, Step
from emergency.incidents.log import BY_HAND, REPORTS
from emergency.incidents.reports import PAPERS, lacking
from gis.shapes import LonLat
from layers.catalogue.incidents import KEPT
from layers.codes import code_list
from monitoring.warnings.cap import LARGEST, read
from store.attachments import Attached

LONGEST_CODE, LONGEST_KEY, LONGEST_TO = 24, 120, 100
FORMS = {"pdf": PDF, "docx": DOCX}
COMMAND = r"[0-9a-zA-Z-]{8,64}"
MOMENTS = ("occurred_at", "unit_told_at", "unit_reported_at")
TEXTS: dict[str, int] = {
    "title": 120, "reporter": 200, "reporter_phone": 40, "enterprise": 40, "enterprise_name": 120, "hazard_source": 40,
    "chemical": 40, "chemical_name": 80, "address": 200, "summary": 2000, "measures": 2000, "area": 12,
}  # fmt: skip
BEGIN = (*TEXTS, *MOMENTS, *LOSSES, "kind", "accident_kind")
"""What may be told of an incident when it is opened or corrected."""

MOST_LOSS = 1e13


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDoors:
    """The incidents of the caller's areas; who leads needs the right to edit, whoever sees the map may read."""

    desk: IncidentDesk
    reporting: Reporting

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: incidents in hand, or with `all=1` the newest of all; `exercise=1` those that are played."""
        only(given, "exercise", "all")
        return listed(
            self.desk.store, exercise=given.get("exercise") == "1", every=given.get("all") == "1", scope=caller.scope,
            lang=caller.lang,
        ) | {"may_command": may_command(caller)}  # fmt: skip

    def choices(self, caller: Caller, given: Given) -> Given:
        """GET /choices: kinds, channels, areas and fields of a form."""
        only(given)
        return choices(self.desk.store, caller.scope, caller.lang) | {"by_hand": list(BY_HAND)}

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?code=: facts, grade, clocks, log, what it came of, and what may be done."""
        only(given, "code")
        return self._told(caller, words(given, "code", longest=LONGEST_CODE))

    def of(self, caller: Caller, given: Given) -> Given:
        """GET /of?layer=&key=: the incident that an alarm, an event or a complaint is part of."""
        only(given, "layer", "key")
        layer, key = one_of(given, "layer", tuple(LAYERS)), words(given, "key", longest=LONGEST_KEY)
        found = self.desk.linked(layer, key, scope=caller.scope)
        return {"link": None if found is None else link_told(found, caller.lang), "may_command": may_command(caller)}

    def replay(self, caller: Caller, given: Given) -> Given:
        """GET /replay?code=&at=: the picture as it was known at a time."""
        only(given, "code", "at")
        at = moment(given, "at")
        if at is None:
            raise refused("at", given.get("at"), Text("带时区的时刻", "a time with offset"))
        found = picture(self.desk, words(given, "code", longest=LONGEST_CODE), at, scope=caller.scope)
        lang = caller.lang
        return {
            **told(found.row, 0, found.log, found.links, found.clocks, at, store=self.desk.store, scope=caller.scope,
                   lang=lang),
            "seq": found.seq, "at": iso(at), "steps": [],
            "afterwards": None if found.afterwards is None else iso(found.afterwards),
            "alarms": [_row(one) for one in found.alarms], "warnings": [_row(one) for one in found.warnings],
            "scenario": None if found.scenario is None else _row(found.scenario),
        }  # fmt: skip

    def open(self, caller: Caller, given: Given) -> Given:
        """POST /open: a new incident, by a call, by hand, or of a row that is named."""
        only(given, "command", "origin", "layer", "key", "lon", "lat", "text", "exercise", "happened_at", "refs",
             *BEGIN)  # fmt: skip
        by = commander(caller)
        of = None
        if given.get("layer"):
            of = (one_of(given, "layer", tuple(LAYERS)), words(given, "key", longest=LONGEST_KEY))
            origin = LAYERS[of[0]]
        else:
            origin = one_of(given, "origin", ("call", "map"))
        facts = _facts(given)
        opening = Opening(
            origin=origin, title=str(facts.pop("title", "")), kind=str(facts.pop("kind", "")),
            text=words(given, "text", longest=1500, empty=True), of=of, place=place_of(given),
            exercise=flag(given, "exercise") if "exercise" in given else False, area=str(facts.pop("area", "")),
            happened_at=moment(given, "happened_at"), refs=_refs(given), facts=facts,
        )  # fmt: skip
        return self._done(caller, self.desk.open(opening, by=by, command=command_of(given)))

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /step: one step of the life of an incident."""
        only(given, "command", "code", "version", "step", "why", "response", "into")
        by = commander(caller)
        done = self.desk.step(
            words(given, "code", longest=LONGEST_CODE), number(given, "version", 1, 1_000_000_000),
            Step(one_of(given, "step", [one.value for one in Step])), by=by, command=command_of(given),
            why=words(given, "why", longest=500, empty=True),
            response=number(given, "response", 1, 4) if given.get("response") is not None else None,
            into=words(given, "into", longest=LONGEST_CODE, empty=True),
        )  # fmt: skip
        return self._done(caller, done)

    def correct(self, caller: Caller, given: Given) -> Given:
        """POST /correct: other facts; what they change of the level is told in the log."""
        only(given, "command", "code", "version", "facts", "why", "lon", "lat")
        by = commander(caller)
        sent = given.get("facts")
        if not isinstance(sent, dict):
            raise BadInputError(Text("facts 应为对象", "facts must be an object"), field="facts")
        only(sent, *BEGIN)
        facts, place = _facts(sent), place_of(given)
        if place is not None:
            facts["geometry"] = shapely.Point(place.lon, place.lat)
        done = self.desk.correct(
            words(given, "code", longest=LONGEST_CODE), number(given, "version", 1, 1_000_000_000), facts, by=by,
            command=command_of(given), why=words(given, "why", longest=500, empty=True),
        )  # fmt: skip
        return self._done(caller, done)

    def note(self, caller: Caller, given: Given) -> Given:
        """POST /note: a line of the log."""
        only(given, "command", "code", "kind", "text", "happened_at", "refs", "lon", "lat")
        by = commander(caller)
        done = self.desk.note(
            words(given, "code", longest=LONGEST_CODE), one_of(given, "kind", BY_HAND),
            words(given, "text", longest=2000), by=by, command=command_of(given),
            happened_at=moment(given, "happened_at"), refs=_refs(given), place=place_of(given),
        )  # fmt: skip
        return self._done(caller, done)

    def report(self, caller: Caller, given: Given) -> Given:
        """POST /report: a flash, follow-up or special report of what is known now, as a document that is kept."""
        only(given, "command", "code", "kind", "to", "text")
        by = commander(caller)
        done = self.reporting.report(
            words(given, "code", longest=LONGEST_CODE), one_of(given, "kind", tuple(PAPERS)),
            to=words(given, "to", longest=LONGEST_TO), more=words(given, "text", longest=2000, empty=True), by=by,
            command=command_of(given),
        )  # fmt: skip
        return self._done(caller, done)

    def paper(self, caller: Caller, given: Given) -> Attached:
        """GET /paper?entry=&form=: a report that was made, as PDF or DOCX."""
        only(given, "entry", "form")
        entry, media = words(given, "entry", longest=40), FORMS[one_of(given, "form", tuple(FORMS))]
        row = self.desk.find(entry.partition("/")[0], scope=caller.scope).row
        reports = self.reporting.reports(row, self.desk.log(row.code, scope=caller.scope), scope=caller.scope)
        files = (file for one in reports if one.line.code == entry for file in one.files)
        found = next((file for file in files if file.record.media_type == media), None)
        if found is None or not found.path.is_file():
            raise NotFoundError(Text(f"没有报告“{entry}”的文件", f"no file of the report {entry!r}"))
        return found

    def strike(self, caller: Caller, given: Given) -> Given:
        """POST /strike: a line of the log struck through; it stays."""
        only(given, "command", "entry", "why")
        by = commander(caller)
        done = self.desk.strike(
            words(given, "entry", longest=40), by=by, command=command_of(given), why=words(given, "why", longest=500)
        )
        return self._done(caller, done)

    def link(self, caller: Caller, given: Given) -> Given:
        """POST /link: another alarm, event or complaint of the same cause merged in."""
        only(given, "command", "code", "layer", "key", "text")
        by = commander(caller)
        of = one_of(given, "layer", tuple(LAYERS)), words(given, "key", longest=LONGEST_KEY)
        done = self.desk.link(
            words(given, "code", longest=LONGEST_CODE), of, by=by, command=command_of(given),
            text=words(given, "text", longest=500, empty=True),
        )  # fmt: skip
        return self._done(caller, done)

    def told_by_agency(self, caller: Caller, body: bytes) -> Given:
        """POST /cap: what another agency tells by CAP 1.2, as an incident that nobody has confirmed yet."""
        if not caller.key:
            raise ForbiddenError(Text("其他部门以共享密钥报送", "agencies send by a key of theirs"))
        alert = read(body)
        opening, command = opening_of(alert, self.desk.clock())
        by = By(actor=caller.actor, scope=caller.scope, account=f"key-{caller.key}")
        done = self.desk.open(opening, by=by, command=command)
        return {"code": done.code, "again": done.again}

    def _done(self, caller: Caller, done: Told) -> Given:
        return self._told(caller, done.code) | {"entry": done.entry, "again": done.again}

    def _told(self, caller: Caller, code: str) -> Given:
        found = self.desk.find(code, scope=caller.scope)
        log = self.desk.log(code, scope=caller.scope)
        links = self.desk.links(code, scope=caller.scope)
        reports = self.reporting.reports(found.row, log, scope=caller.scope)
        return told(
            found.row, found.version, log, links, self.desk.due(found.row, log), self.desk.clock(),
            store=self.desk.store, scope=caller.scope, lang=caller.lang,
        ) | {
            "may_command": may_command(caller), "lacking": list(lacking(found.row)),
            "reports": [_report(one, caller.lang) for one in reversed(reports)],
        }  # fmt: skip


def may_command(caller: Caller) -> bool:
    """The caller may open and lead incidents: a named person, not of an enterprise, whose role writes."""
    return (
        bool(caller.account)
        and caller.may(Right.EDIT)
        and caller.scope.enterprises is None
        and (caller.scope.writable is None or "incidents" in caller.scope.writable)
    )


def commander(caller: Caller) -> By:
    """Who commands; ForbiddenError for whom it is not."""
    if not may_command(caller):
        raise ForbiddenError(
            Text("您的岗位不能处置突发事件,须由具名值班人员办理", "your role leads no incidents; named officers do")
        )
    return By(actor=caller.actor, scope=caller.scope, account=caller.account)


def command_of(given: Given) -> str:
    """The key the client made for this command."""
    return matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))


def _facts(given: Given) -> dict[str, Any]:
    """What was told of an incident; null takes a number or a time away."""
    facts: dict[str, Any] = {}
    for name, longest in TEXTS.items():
        if name in given:
            facts[name] = words(given, name, longest=longest, empty=True)
    for name in MOMENTS:
        if name in given:
            facts[name] = moment(given, name)
    for name in LOSSES:
        if name in given:
            facts[name] = _loss(given, name)
    for name, codes in (("kind", "incident_kind"), ("accident_kind", "accident_type")):
        if given.get(name) not in (None, ""):
            facts[name] = one_of(given, name, [one.code for one in code_list(codes)])
    assert set(facts) <= {*FACTS}
    return facts


def _loss(given: Given, name: str) -> int | float | None:
    value = given[name]
    if value is None:
        return None
    if name != "direct_loss":
        return number(given, name, 0, 1_000_000)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_LOSS:
        raise refused(name, value, Text(" 0 以上的数(元)", "a number of yuan from 0"))
    return float(value)


def place_of(given: Given) -> LonLat | None:
    """The place that was sent, if any."""
    if given.get("lon") is None and given.get("lat") is None:
        return None
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise refused(name, value, Text(f" -{most:g} 至 {most:g} 的数", f"a number from -{most:g} to {most:g}"))
    return LonLat(float(given["lon"]), float(given["lat"]))


def _refs(given: Given) -> tuple[str, ...]:
    value = [] if given.get("refs") is None else given["refs"]
    fits = isinstance(value, list) and len(value) <= 20 and all(isinstance(one, str) and one for one in value)
    if not fits or any(len(one) > 160 or not one.isprintable() for one in value):
        raise refused("refs", value, Text("至多 20 个“图层/主键”", "at most 20 of layer/key"))
    if any(one.startswith(KEPT) for one in value):
        raise refused("refs", value, Text("不含系统存档的文件", "no file that the system keeps"))
    return tuple(value)


def _report(one: Report, lang: Lang) -> Given:
    return {
        "kind": one.kind, "kind_word": REPORTS[one.kind].of(lang), "number": one.serial, "entry": one.line.code,
        "at": iso(one.line.happened_at), "by": one.line.by, "text": one.line.text,
        "struck": one.line.struck_at is not None,
        "files": {
            form: {"name": file.record.name, "sha256": file.record.sha256, "size": file.record.size}
            for form, media in FORMS.items() for file in one.files if file.record.media_type == media
        },
    }  # fmt: skip


def _row(record: Any) -> Given:
    names = ("code", "title", "state", "level", "raised_at", "value", "unit", "chemical_name", "computed_at",
             "farthest", "issued_at")  # fmt: skip
    found = {name: getattr(record, name) for name in names if hasattr(record, name)}
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in found.items()}


def incident_routes(doors: IncidentDoors) -> list[BaseRoute]:
    """The doors of incidents."""

    async def cap(request: Request) -> Response:
        """POST /api/incidents/cap: a CAP 1.2 message as XML."""
        caller, body = current_caller.get(), await body_of(request, LARGEST)
        return json_answer(await run_in_threadpool(doors.told_by_agency, caller, body), 201)

    async def paper(request: Request) -> Response:
        """GET /api/incidents/paper?entry=&form=: shown in the browser where it can be."""
        found = await run_in_threadpool(doors.paper, current_caller.get(), dict(request.query_params))
        headers = {
            "cache-control": "private, no-store", "x-content-type-options": "nosniff",
            "content-disposition": disposition_of(found, inline=found.record.media_type == PDF),
            "content-security-policy": "default-src 'none'; sandbox", "etag": f'"{found.record.sha256}"',
        }  # fmt: skip
        return FileResponse(found.path, media_type=found.record.media_type, headers=headers)

    reads = {"": doors.listed, "/choices": doors.choices, "/one": doors.one, "/of": doors.of, "/replay": doors.replay}
    commands = {"/open": doors.open, "/step": doors.step, "/correct": doors.correct, "/note": doors.note,
                "/strike": doors.strike, "/report": doors.report, "/link": doors.link}  # fmt: skip
    return [
        *(Route(f"/api/incidents{path}", asked(ask), methods=["GET"]) for path, ask in reads.items()),
        *(Route(f"/api/incidents{path}", posted(ask), methods=["POST"]) for path, ask in commands.items()),
        Route("/api/incidents/paper", paper, methods=["GET"]),
        Route("/api/incidents/cap", cap, methods=["POST"]),
    ]
