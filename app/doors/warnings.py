"""`/api/warnings`: early warnings drafted, approved by another, published, changed, lifted; each step is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
import shapely
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.alerting.receipts import CapReceipts
from app.doors.admin.fields import Given, number, one_of, only, words
from app.doors.bodies import asked, posted
from app.doors.warning_forms import FORM, TEXTS, items_of
from app.incidents.desk import By
from app.incidents.warnings import WarningLog, open_to, rooms_of
from core.caller import Caller, current_caller
from core.canonical import sha256
from core.clock import CHINA, Clock, iso
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.texts import Text
from dashboards.queries.people import people_inside
from dashboards.queries.wording import area_names, code_label
from layers.catalogue import ENTERPRISES, PROTECTION_TARGETS, WARNING_PAPERS, WARNINGS
from layers.catalogue.warnings import WarningPaper
from layers.codes import code_list
from layers.filters import Spatial, SpatialOp
from layers.layer import Layer
from monitoring.warnings import Case, Person, State, Step, drafted, message, taken
from monitoring.warnings.cap import written
from monitoring.warnings.levels import levels
from monitoring.warnings.life import ITEMS, missing
from monitoring.warnings.telling import case_of, outline, preview, touched
from store.feed import Edit, Put
from store.protocol import Store, Stored
from store.query import Order, Query
from store.rasters import RasterShelf

MOST = 300
LONGEST_CODE = 24
DAILY = 9999
STEPS: dict[Step, Text] = {
    Step.EDIT: Text("修改", "Edit"),
    Step.APPROVE: Text("审批通过", "Approve"),
    Step.RETURN: Text("退回", "Return"),
    Step.PUBLISH: Text("发布", "Publish"),
    Step.CHANGE: Text("变更", "Change"),
    Step.LIFT: Text("解除", "Lift"),
    Step.WITHDRAW: Text("撤稿", "Withdraw"),
}
SEEN_BY = (
    Text(
        "公众:公众页 /public 与 CAP 消息,八项内容和范围",
        "the public: the page /public and the CAP message, the eight items and the area",
    ),
    Text("所有岗位:一张图的“预警”图层和服务接口", "every role: the layer of warnings on the map and at the services"),
    Text("不公开:研判依据、拟稿人、审批人", "not told: what it rests on, who drafted and who approved it"),
)
PLAYED_FOR = (
    Text(
        "演练:只在演练台可见,不发公众页、不上一张图、不推送任何人",
        "an exercise: seen at its desk alone, sent to nobody",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningDesk:
    """The warnings of one's own areas; `sender` and `status` are those of the CAP messages."""

    store: Store
    shelf: RasterShelf
    clock: Clock
    sender: str
    status: str
    log: WarningLog
    cap: CapReceipts

    def listed(self, caller: Caller, given: Given) -> Given:
        """GET /: papers in hand and warnings that stand, the newest first."""
        only(given)
        layer = self._layer(caller)
        query = Query(order=(Order("code", descending=True),), limit=MOST, geometry=False)
        names = area_names(self.store, caller.scope)
        fields = ("code", "level", "title", "issued_at")
        public = self.store.read(
            self.store.catalogue[WARNINGS.id], Query(fields=fields, geometry=False), scope=caller.scope
        )
        standing = {row["code"]: {name: row[name] for name in fields} for row in public.to_pylist()}
        papers = self.store.read(layer, query, scope=caller.scope).to_pylist()
        rows = [self._row(row | standing.get(row["code"], {}), names, caller) for row in papers]
        return {"rows": rows, "total": self.store.count(layer, Query(), scope=caller.scope)}

    def choices(self, caller: Caller, _: Given) -> Given:
        """GET /choices: kinds, levels, areas of one's own, what people should do, and one's own unit."""
        lang = caller.lang
        own = {code: name for code, name in area_names(self.store, caller.scope).items() if caller.scope.covers(code)}
        return {
            "kinds": [{"code": one.code, "name": one.title.of(lang)} for one in code_list("warning_kind")],
            "levels": [{"level": one.level, "name": one.text.of(lang)} for one in levels().levels.values()],
            "areas": [{"code": code, "name": name} for code, name in sorted(own.items())],
            "responses": [{"code": one.code, "name": one.title.of(lang)} for one in code_list("warning_response")],
            "items": {name: title.of(lang) for name, title in ITEMS.items()},
            "unit": caller.actor.name.replace("，", ",").partition(",")[2].strip(),
            "demo": self.status != "Actual",
        }

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?code=: the paper, what stands published, what may be done, who would be inside, and the history."""
        only(given, "code")
        paper, case = self._case(caller, words(given, "code", longest=LONGEST_CODE))
        names = area_names(self.store, caller.scope)
        return {
            "code": case.paper.code,
            "version": paper.version,
            "state": case.state.value,
            "state_word": code_label("warning_state", case.state.value, caller.lang),
            "paper": _told(case.paper, names, caller),
            "standing": None if case.standing is None else _told(case.standing, names, caller),
            "steps": [self._step(step, case, caller) for step in case.steps],
            "missing": [ITEMS[one.field].of(caller.lang) for one in missing(case.paper) if one.field in ITEMS],
            "inside": self._inside(caller, case),
            "exercise": case.played,
            "cap": None if case.played or case.standing is None else self.cap.of(case.standing, caller.lang),
            "recipients": [] if case.played else self.cap.expected(case.paper, caller.lang),
            "incident": self.log.incident_of(case.paper.code),
            "seen_by": [one.of(caller.lang) for one in (PLAYED_FOR if case.played else SEEN_BY)],
            "history": self._history(caller, case.paper.code),
        }

    def areas(self, caller: Caller, given: Given) -> Given:
        """POST /areas: the areas of one's own that a drawn shape touches, and by name those beyond."""
        only(given, "polygon")
        shape = items_of({"polygon": given.get("polygon")}, self.store)["geometry"]
        if shape is None:
            raise BadInputError(Text("缺少 polygon", "polygon is missing"), field="polygon")
        names, codes = area_names(self.store, caller.scope), touched(self.store, shape)
        return {
            "areas": [code for code in codes if caller.scope.covers(code)],
            "beyond": [names.get(code, code) for code in codes if not caller.scope.covers(code)],
        }

    def cut(self, caller: Caller, sent: Given, items: Given) -> Given:
        """A drawn shape that reaches beyond one's own areas is cut at their edge; codes that were sent are judged."""
        shape = items.get("geometry")
        if sent.get("polygon") is None or shape is None or caller.scope.everywhere:
            return items
        codes = touched(self.store, shape)
        own = tuple(code for code in codes if caller.scope.covers(code))
        mine = outline(self.store, caller.scope.areas) if own and len(own) < len(codes) else None
        if mine is not None:
            parts = [one for one in shapely.get_parts(shapely.intersection(shape, mine)) if one.geom_type == "Polygon"]
            shape = shapely.union_all(parts) if parts else shape
        elif not own:
            self._own(caller, codes)
        return items | {"geometry": shape} | ({} if sent.get("areas") else {"areas": own})

    def draft(self, caller: Caller, given: Given) -> Given:
        """POST /draft: a new draft; what the law asks for may still be missing."""
        only(given, *FORM)
        case = self.begun(caller, self.cut(caller, given, items_of(given, self.store)))
        self._keep(caller, case, Text("拟稿", "Drafted"), {WARNING_PAPERS.id: 0})
        return self.one(caller, {"code": case.paper.code})

    def begun(self, caller: Caller, items: Given, *, played: bool = False) -> Case:
        """A draft that is not kept yet; one of an exercise has a number of its own."""
        for name in ("title", "kind", "level"):
            if name not in items:
                raise BadInputError(Text(f"缺少 {name}", f"{name} is missing"), field=name)
        self._own(caller, items.get("areas", ()))
        return drafted(self._free(played), _person(caller), self.clock(), **items)

    def step(self, caller: Caller, given: Given) -> Given:
        """POST /step: one step of the life of a warning, refused with the reason; `items` for edit and change."""
        only(given, "code", "version", "step", "why", "items")
        code, version = words(given, "code", longest=LONGEST_CODE), number(given, "version", 1, 1_000_000_000)
        step = Step(one_of(given, "step", [one.value for one in Step]))
        why = words(given, "why", longest=500, empty=True)
        sent = given.get("items") or {}
        if not isinstance(sent, dict):
            raise BadInputError(Text("items 应为对象", "items must be an object"), field="items")
        only(sent, *FORM)
        _, case = self._case(caller, code)
        items: dict[str, Any] = self.cut(caller, sent, items_of(sent, self.store))
        if "areas" in items:
            self._own(caller, items["areas"])
        key = f"warn-{sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS))[:40]}"
        if not self.log.done(key, caller.account):  # sent again after a lost answer: it was done
            after = taken(case, step, _person(caller), self.clock(), why=why, **items)
            self._keep(caller, after, STEPS[step], {rooms_of(code).papers.id: version}, why, key)
        return self.one(caller, {"code": code})

    def message(self, caller: Caller, code: str) -> bytes:
        """GET /cap?code=: the CAP message of what stands, or marked a draft the one that publishing would send."""
        _, case = self._case(caller, code)
        out = case.standing is not None and case.state in (State.PUBLISHED, State.LIFTED)
        if out and case.standing is not None:
            told = message(case.standing, self.sender, status=self.status)
        else:
            told = preview(case, self.sender, self.clock())
        if case.played:
            incident = self.log.incident_of(code)
            told = replace(told, status="Exercise", note=f"演练 {incident} {told.note}".strip())
        return written(told)

    def published(self, code: str) -> bytes:
        """The CAP message of a warning that stands or was lifted, for everybody."""
        found = self.store.get(WARNINGS, code, scope=replace(SYSTEM_SCOPE, clearance=WARNINGS.sensitivity))
        return written(message(_warning(found), self.sender, status=self.status))

    def _layer(self, caller: Caller, code: str = "") -> Layer:
        layer = self.store.catalogue.find(rooms_of(code).papers.id, caller.scope)
        if layer is None:
            raise ForbiddenError(Text("预警文稿不对您的岗位开放", "warnings in hand are not open to your role"))
        return layer

    def _case(self, caller: Caller, code: str) -> tuple[Stored, Case]:
        paper = self.store.get(self._layer(caller, code), code, scope=caller.scope)
        try:
            standing = self.store.get(rooms_of(code).published, code, scope=caller.scope)
        except NotFoundError:
            standing = None
        return paper, case_of(paper, standing)

    def _step(self, step: Step, case: Case, caller: Caller) -> Given:
        """A step, and why the caller cannot take it now; nothing where they can."""
        why = ""
        if step is Step.APPROVE and case.paper.drafted_account == caller.account:
            why = Text("拟稿人不能审批本人的稿件,须由另一人审批", "whoever drafted it cannot approve it").of(
                caller.lang
            )
        elif step is Step.APPROVE and missing(case.paper):
            why = Text("法定内容不全", "items of the law are missing").of(caller.lang)
        elif not caller.scope.covers(case.paper.area):
            why = Text("不在您的辖区内", "outside your own areas").of(caller.lang)
        return {"step": step.value, "title": STEPS[step].of(caller.lang), "why_not": why}

    def _own(self, caller: Caller, areas: Sequence[str]) -> None:
        strange = next((code for code in areas if not caller.scope.covers(code)), None)
        if strange is not None or (not areas and not caller.scope.everywhere):
            named = strange or ""
            raise BadInputError(
                Text(
                    f"区划 {named or '未选'}:只能在本辖区内发布预警,请选择辖区内的区划",
                    f"area {named or 'none'}: warnings are for one's own areas; choose one of them",
                ),
                field="areas",
            )

    def _inside(self, caller: Caller, case: Case) -> Given:
        shape = case.paper.geometry
        if shape is None or shape.is_empty:
            return {}
        where = Spatial(SpatialOp.INTERSECTS, shape)
        counts: Given = {}
        for name, layer in (("enterprises", ENTERPRISES), ("targets", PROTECTION_TARGETS)):
            seen = self.store.catalogue.find(layer.id, caller.scope)
            counts[name] = None if seen is None else self.store.count(seen, Query(where=where), scope=caller.scope)
        return counts | {"people": people_inside(self.shelf, shape, scope=caller.scope, lang=caller.lang)}

    def _free(self, played: bool) -> str:
        day, first = self.clock().astimezone(CHINA).strftime("%Y%m%d"), "YLYJ" if played else "YJ"
        layer = rooms_of(first).papers
        for serial in range(1, DAILY + 1):
            code = f"{first}{day}-{serial:04d}"
            if not self.store.versions(layer, code, scope=SYSTEM_SCOPE):
                return code
        raise BadInputError(Text("今日编号已用完", "no number is left today"))

    def _keep(
        self, caller: Caller, case: Case, title: Text, expected: dict[str, int], why: str = "", key: str = ""
    ) -> None:  # fmt: skip
        """The rows of a step; of a warning of an incident with a line of its log, in one transaction."""
        paper = case.paper
        edits: list[Edit] = [
            Put(layer=layer, record=record, expected=expected.get(layer)) for layer, record in case.rows
        ]
        reason = f"{title.zh}:{why}" if why else title.zh
        incident = self.log.incident_of(paper.code) if key else ""
        if not incident:
            scope = caller.scope if caller.scope.writable is None else open_to(caller.scope)
            self.store.commit(edits, actor=caller.actor, reason=reason, scope=scope)
            return
        said = f"{title.zh}预警 {paper.code}({levels().levels[paper.level].text.zh}):{paper.title}"
        by = By(actor=caller.actor, scope=caller.scope, account=caller.account)
        self.log.keep(
            edits, f"{said}。{why}" if why else said, paper=paper.code, incident=incident, by=by, command=key,
            reason=reason,
        )  # fmt: skip

    def _history(self, caller: Caller, code: str) -> list[Given]:
        """Every version of the paper, who wrote it, when and as which step; the latest first."""
        steps = []
        layer = self._layer(caller, code)
        for one in self.store.versions(layer, code, scope=caller.scope):
            found = self.store.feed(after=one.from_seq - 1, scope=caller.scope, layers=frozenset({layer.id}), limit=1)
            if found and found[0].seq == one.from_seq:
                body = orjson.loads(one.body) if one.body else {}
                person = body.get("drafted_by") if found[0].reason.startswith(("拟稿", "修改", "变更")) else ""
                steps.append(
                    {
                        "at": iso(found[0].at), "reason": found[0].reason, "revision": body.get("revision", 0),
                        "person": body.get("approved_by") if found[0].reason.startswith("审批") else person,
                        "actor": found[0].actor, "state": code_label("warning_state", body.get("state"), caller.lang),
                    }
                )  # fmt: skip
        return steps[::-1]

    def _row(self, row: Given, names: dict[str, str], caller: Caller) -> Given:
        standing = row["revision"] > 0 and row["state"] not in (State.LIFTED, State.WITHDRAWN)
        return {
            "code": row["code"], "title": row["title"], "level": row["level"], "state": row["state"],
            "level_word": levels().levels[row["level"]].text.of(caller.lang), "standing": standing,
            "kind_word": code_label("warning_kind", row["kind"], caller.lang),
            "state_word": code_label("warning_state", row["state"], caller.lang),
            "areas": [names.get(code, code) for code in row["areas"] or ()], "extent": row["extent"],
            "starts_at": iso(row["starts_at"]) if row["starts_at"] else None,
            "ends_at": iso(row["ends_at"]) if row["ends_at"] else None,
            "issued_at": iso(row["issued_at"]) if row["issued_at"] else None,
            "drafted_by": row["drafted_by"], "version": row["_version"],
        }  # fmt: skip


def _warning(found: Stored) -> Any:
    return found.record


def _person(caller: Caller) -> Person:
    if not caller.account:
        raise ForbiddenError(Text("须由登录的具名人员办理", "a named person who signed in does this"))
    return Person(account=caller.account, name=caller.actor.name)


def _told(paper: Any, names: dict[str, str], caller: Caller) -> Given:
    told: Given = {name: getattr(paper, name) for name in (*TEXTS, "kind", "level") if hasattr(paper, name)}
    for name in ("starts_at", "ends_at", "issued_at", "lifted_at", "approved_at"):
        at = getattr(paper, name, None)
        told[name] = None if at is None else iso(at)
    told |= {
        "areas": list(paper.areas), "area_words": [names.get(code, code) for code in paper.areas],
        "responses": list(paper.responses), "revision": paper.revision, "lifted_why": paper.lifted_why,
        "kind_word": code_label("warning_kind", paper.kind, caller.lang),
        "response_words": [code_label("warning_response", one, caller.lang) for one in paper.responses],
        "level_word": levels().levels[paper.level].text.of(caller.lang),
        "geometry": None if paper.geometry is None else orjson.loads(shapely.to_geojson(paper.geometry)),
    }  # fmt: skip
    if isinstance(paper, WarningPaper):
        told |= {"drafted_by": paper.drafted_by, "approved_by": paper.approved_by}
    return told


def warning_routes(desk: WarningDesk) -> list[BaseRoute]:
    """The doors of the warning desk, and the messages everybody may have."""

    async def cap(request: Request) -> Response:
        """GET /api/warnings/cap?code=."""
        given = dict(request.query_params)
        only(given, "code")
        code = words(given, "code", longest=LONGEST_CODE)
        return _xml(code, await run_in_threadpool(desk.message, current_caller.get(), code))

    async def public(request: Request) -> Response:
        """GET /public/cap/{code}."""
        code = request.path_params["code"]
        return _xml(code, await run_in_threadpool(desk.published, code))

    return [
        Route("/api/warnings", asked(desk.listed), methods=["GET"]),
        Route("/api/warnings/choices", asked(desk.choices), methods=["GET"]),
        Route("/api/warnings/one", asked(desk.one), methods=["GET"]),
        Route("/api/warnings/cap", cap, methods=["GET"]),
        Route("/api/warnings/areas", posted(desk.areas), methods=["POST"]),
        Route("/api/warnings/draft", posted(desk.draft), methods=["POST"]),
        Route("/api/warnings/step", posted(desk.step), methods=["POST"]),
        Route("/public/cap/{code}", public, methods=["GET"]),
    ]


def _xml(code: str, body: bytes) -> Response:
    name = f"{code}.cap.xml" if code.replace("-", "").isalnum() and code.isascii() else "warning.cap.xml"
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/cap+xml", headers=headers)
