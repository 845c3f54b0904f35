"""`/api/knowledge`: one search over cases, substances, plans and laws; a case drafted of an incident."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, number, one_of, only, prose, refused, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, LONGEST_CODE, commander
from app.incidents.desk import Found, IncidentDesk
from casework.masking import NUMBERS
from core.caller import Caller, Right
from core.clock import iso
from core.errors import ConflictError, ForbiddenError, NotFoundError
from core.scope import Sensitivity
from core.texts import Text
from dashboards.queries.knowledge import KINDS, UNASKED, found
from dashboards.queries.wording import area_names, code_label
from emergency.knowledge.drafting import drafted, free_words
from layers.catalogue import EMERGENCY_CASES, EXERCISE_CASES, LAW_ARTICLES
from layers.catalogue.knowledge import EmergencyCase, LawArticle
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from store.feed import Edit, Put
from store.query import Order, Query

LONGEST, LONGEST_KEY, MOST_FREE = 60, 60, 500
OPENED: dict[str, Layer] = {"case": EMERGENCY_CASES, "exercise": EXERCISE_CASES, "law": LAW_ARTICLES}
EDITED = {
    "title": 120, "place": 200, "setting": 200, "summary": 4000, "course": 4000, "cause": 4000, "lessons": 4000,
    "reference": 200,
}  # fmt: skip
"""What a page changes of a case, and how long each may be; facts of the incident stay."""
OPEN_TO = {
    "public": Text("公开", "public"), "internal": Text("内部", "internal"), "sensitive": Text("敏感", "sensitive"),
}  # fmt: skip
UNSAID = frozenset({"geometry", "source_datum", "code", "title"})


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeDoors:
    """What is known, as far as the caller may see it."""

    desk: IncidentDesk

    def search(self, caller: Caller, given: Given) -> Given:
        """GET /search?q=&kind=: what the words find, by kind; of exercises when asked for them alone."""
        only(given, "q", "kind")
        text = words(given, "q", longest=LONGEST, empty=True)
        kinds = [one_of(given, "kind", tuple(KINDS))] if given.get("kind") else list(UNASKED)
        if not text:
            return {"q": "", "groups": [], "total": 0}
        return found(self.desk.store, text, kinds, scope=caller.scope, lang=caller.lang)

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?kind=&key=: a case or an article, with its neighbours in the law."""
        only(given, "kind", "key")
        kind, key = one_of(given, "kind", tuple(OPENED)), words(given, "key", longest=LONGEST_KEY)
        layer = self.desk.store.catalogue.find(OPENED[kind].id, caller.scope)
        if layer is None:
            raise NotFoundError(Text(f"没有“{key}”", f"no {key!r}"))
        stored = self.desk.store.get(layer, key, scope=caller.scope)
        row = stored.record
        names, lang = area_names(self.desk.store, caller.scope), caller.lang
        facts = []
        for name, spec in layer.fields_in(caller.scope).items():
            value = getattr(row, name)
            if name in UNSAID or value in (None, "", ()):
                continue
            said = names.get(value, value) if name == "area" else value
            if spec.codes:
                said = code_label(spec.codes, str(said), lang) or said
            facts.append({"name": name, "title": spec.title.of(lang), "value": _plain(said), "unit": spec.unit})
        around = self._around(row, caller) if isinstance(row, LawArticle) else []
        told = {"kind": kind, "key": key, "title": row.title, "facts": facts, "around": around}  # type: ignore[attr-defined]
        if kind == "case" and isinstance(row, EmergencyCase) and self._may_edit(caller, row):
            told["edit"] = {name: getattr(row, name) for name in EDITED} | {
                "sensitivity": row.sensitivity.name.lower(), "version": stored.version,
                "open_to": [{"code": code, "name": word.of(lang)} for code, word in OPEN_TO.items()],
            }  # fmt: skip
        if row.geometry is not None and not layer.masked(caller.scope):
            place = row.geometry.representative_point()
            told["place"] = {"lon": round(place.x, 6), "lat": round(place.y, 6)}
        return told

    def free(self, caller: Caller, given: Given) -> Given:
        """GET /draft?incident=: the words somebody wrote freely, as they would go into the case, to choose from."""
        only(given, "incident")
        by = commander(caller)
        code = words(given, "incident", longest=LONGEST_CODE)
        row = self.desk.find(code, scope=by.scope).row
        return {
            "incident": code,
            "free": [
                {"key": one.key, "title": one.title.of(caller.lang), "words": one.words}
                for one in free_words(row, self.desk.log(code, scope=by.scope))
            ],
        }

    def draft(self, caller: Caller, given: Given) -> Given:
        """POST /draft: a case of an incident that is closed; it stays internal until somebody makes it more.

        `include` are keys of free words that a person has read and chosen; without it none goes in.
        """
        only(given, "command", "incident", "include")
        chosen = given.get("include") or []
        if not isinstance(chosen, list) or len(chosen) > MOST_FREE or not all(isinstance(one, str) for one in chosen):
            raise refused("include", chosen, Text("所选文字的标识", "keys of the words that were chosen"))
        command = matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))
        by = commander(caller)
        incident = words(given, "incident", longest=LONGEST_CODE)
        known = self.desk.known(command, by)
        if known is None:
            row = self.desk.find(incident, scope=caller.scope).row
            layer = EXERCISE_CASES if row.exercise else EMERGENCY_CASES
            case = drafted(row, self.desk.log(incident, scope=caller.scope), self.desk.clock(), chosen)
            if self.desk.store.versions(layer, case.code, scope=caller.scope):
                raise ConflictError(Text(f"已有案例 {case.code}", f"there is a case {case.code}"), code=case.code)

            def beside(now: Found) -> list[Edit]:
                lines = self.desk.log(incident, scope=caller.scope)
                made = drafted(now.row, lines, self.desk.clock(), chosen)
                return [Put(layer=layer.id, record=made, expected=0)]

            known = self.desk.note(
                incident, "system", f"起草案例 {case.code}", by=by, command=command,
                refs=(f"{layer.id}/{case.code}",), beside=beside,
            )  # fmt: skip
        return {"case": f"AL-{known.code}", "incident": known.code, "again": known.again}

    def edit(self, caller: Caller, given: Given) -> Given:
        """POST /edit: a case put right by whose area it is of; what the public reads holds nobody's number."""
        only(given, "key", "version", "sensitivity", *EDITED)
        key, version = words(given, "key", longest=LONGEST_KEY), number(given, "version", 1, 1_000_000_000)
        stored = self.desk.store.get(self._cases(caller), key, scope=caller.scope)
        case = stored.record
        assert isinstance(case, EmergencyCase)
        if not self._may_edit(caller, case):
            raise ForbiddenError(Text("案例由所在地区的监管人员修改", "a case is edited by officers of its area"))
        changes: dict[str, Any] = {
            name: prose(given, name, longest) for name, longest in EDITED.items() if name in given
        }
        if "sensitivity" in given:
            changes["sensitivity"] = Sensitivity[one_of(given, "sensitivity", tuple(OPEN_TO)).upper()]
        if changes.get("title", case.title) == "":
            raise refused("title", "", Text("1 至 120 个字的名称", "a title of 1 to 120 characters"))
        after = case.model_copy(update=changes)
        if after.sensitivity is Sensitivity.PUBLIC:
            held = next((name for name in EDITED if NUMBERS.search(str(getattr(after, name)))), "")
            if held:
                raise refused(
                    held, "", Text("不含电话、身份证号码的文字", "words without telephone and identity numbers")
                )
        if after != case:
            edit = Put(layer=EMERGENCY_CASES.id, record=after, expected=version)
            self.desk.store.commit([edit], actor=caller.actor, reason=f"修改案例 {key}", scope=caller.scope)
        elif version != stored.version:
            raise ConflictError(Text("他人刚刚修改了该案例,请重新查看", "somebody edited it meanwhile; look again"))
        return self.one(caller, {"kind": "case", "key": key})

    def _cases(self, caller: Caller) -> Layer:
        layer = self.desk.store.catalogue.find(EMERGENCY_CASES.id, caller.scope)
        if layer is None:
            raise NotFoundError(Text("没有案例库", "no cases"))
        return layer

    def _may_edit(self, caller: Caller, case: EmergencyCase) -> bool:
        scope = caller.scope
        mine = scope.enterprises is None and scope.may_write(EMERGENCY_CASES.id) and scope.covers(case.area)
        hidden = set(EDITED) - EMERGENCY_CASES.fields_in(scope).keys()
        return caller.may(Right.EDIT) and mine and not hidden

    def _around(self, row: LawArticle, caller: Caller) -> list[dict[str, Any]]:
        near = tuple(range(max(1, row.number - 2), row.number + 3))
        query = Query(
            where=And((Compare("law", Op.EQ, row.law), In("number", near))), order=(Order("number"),), geometry=False
        )
        rows = self.desk.store.read(LAW_ARTICLES, query, scope=caller.scope).to_pylist()
        return [{"key": one["code"], "title": one["title"], "here": one["code"] == row.code} for one in rows]


def knowledge_routes(doors: KnowledgeDoors) -> list[BaseRoute]:
    """The doors of knowledge."""
    root = "/api/knowledge"
    return [
        Route(f"{root}/search", asked(doors.search), methods=["GET"]),
        Route(f"{root}/one", asked(doors.one), methods=["GET"]),
        Route(f"{root}/draft", asked(doors.free), methods=["GET"]),
        Route(f"{root}/draft", posted(doors.draft), methods=["POST"]),
        Route(f"{root}/edit", posted(doors.edit), methods=["POST"]),
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
