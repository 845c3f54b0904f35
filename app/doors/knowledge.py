"""`/api/knowledge`: one search over cases, substances, plans and laws; a case drafted of an incident."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, matching, one_of, only, words
from app.doors.bodies import asked, posted
from app.doors.incidents import COMMAND, LONGEST_CODE, commander
from app.incidents.desk import Found, IncidentDesk
from core.caller import Caller
from core.clock import iso
from core.errors import ConflictError, NotFoundError
from core.texts import Text
from dashboards.queries.knowledge import KINDS, UNASKED, found
from dashboards.queries.wording import area_names, code_label
from emergency.knowledge.drafting import drafted
from layers.catalogue import EMERGENCY_CASES, EXERCISE_CASES, LAW_ARTICLES
from layers.catalogue.knowledge import LawArticle
from layers.filters import And, Compare, In, Op
from layers.layer import Layer
from store.feed import Edit, Put
from store.query import Order, Query

LONGEST, LONGEST_KEY = 60, 60
OPENED: dict[str, Layer] = {"case": EMERGENCY_CASES, "exercise": EXERCISE_CASES, "law": LAW_ARTICLES}
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
        row = self.desk.store.get(layer, key, scope=caller.scope).record
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
        if row.geometry is not None and not layer.masked(caller.scope):
            place = row.geometry.representative_point()
            told["place"] = {"lon": round(place.x, 6), "lat": round(place.y, 6)}
        return told

    def draft(self, caller: Caller, given: Given) -> Given:
        """POST /draft: a case of an incident that is closed; it stays internal until somebody makes it more."""
        only(given, "command", "incident")
        command = matching(given, "command", COMMAND, Text("客户端生成的标识", "a key the client made"))
        by = commander(caller)
        incident = words(given, "incident", longest=LONGEST_CODE)
        known = self.desk.known(command, by)
        if known is None:
            row = self.desk.find(incident, scope=caller.scope).row
            layer = EXERCISE_CASES if row.exercise else EMERGENCY_CASES
            case = drafted(row, self.desk.log(incident, scope=caller.scope), self.desk.clock())
            if self.desk.store.versions(layer, case.code, scope=caller.scope):
                raise ConflictError(Text(f"已有案例 {case.code}", f"there is a case {case.code}"), code=case.code)

            def beside(now: Found) -> list[Edit]:
                lines = self.desk.log(incident, scope=caller.scope)
                return [Put(layer=layer.id, record=drafted(now.row, lines, self.desk.clock()), expected=0)]

            known = self.desk.note(
                incident, "system", f"起草案例 {case.code}", by=by, command=command,
                refs=(f"{layer.id}/{case.code}",), beside=beside,
            )  # fmt: skip
        return {"case": f"AL-{known.code}", "incident": known.code, "again": known.again}

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
        Route(f"{root}/draft", posted(doors.draft), methods=["POST"]),
    ]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
