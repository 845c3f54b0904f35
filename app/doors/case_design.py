"""`/api/cases/design`: procedures of the business systems as administrators see, write, compare and publish them."""

from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.routing import BaseRoute, Route

from app.doors.admin.fields import Given, number, only, words
from app.doors.bodies import asked, posted
from app.doors.case_forms import minute
from casework.casetype import ENGINE_FIELDS, CaseType, Clock
from casework.designing import (
    conditions_of,
    deadlines_of,
    designed,
    effects_of,
    forms_of,
    guards_of,
    names_gone,
    sentence,
)
from casework.differences import CLOCKS, differences
from casework.drafting import draft_rules
from casework.engine import ROLES, TIERS
from casework.limits import Limit, limits
from casework.procedures import Origin, Procedures
from casework.reminders import Tier
from casework.telling import STATUS
from casework.terms import local_day
from casework.versions import Data, as_data
from core.caller import Caller
from core.clock import Clock as Now
from core.clock import iso
from core.errors import BadInputError, FaultsError, ForbiddenError, NotFoundError
from core.texts import Text
from dashboards.queries.wording import area_names, code_label, whole_city
from layers.catalogue.casework import PROCEDURES, Procedure
from layers.codes import code_list
from layers.fields import Kind
from store.audit import AuditLog, Outcome, by
from store.audit import Kind as AuditKind
from store.identity import Identity
from store.protocol import Store

REASON = 400
OF = "design:"
"""How the drafts of procedures are called among an account's drafts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Designs:
    """The designer as one administrator meets it."""

    procedures: Procedures
    systems: tuple[CaseType, ...]
    identity: Identity
    store: Store
    audit: AuditLog
    clock: Now

    def overview(self, caller: Caller, given: Given) -> Given:
        """GET /: every system with its version in force, the cases that run, and whether the program offers another."""
        only(given)
        drafts = {one.of: one.at for one in self.identity.drafts.all(caller.account, since=self._since())}
        told = []
        for of in self.systems:
            kept, running = self.procedures.in_force(of), self.procedures.running(of)
            draft = drafts.get(OF + of.id)
            told.append(
                {
                    "id": of.id, "title": of.title.of(caller.lang), "about": of.about.of(caller.lang),
                    "version": kept.version, "running": sum(running.values()),
                    "earlier": sum(count for version, count in running.items() if version != kept.version),
                    "offered": self.procedures.offered(of) is not None, "gone": self._gone(kept),
                    "draft": None if draft is None else iso(draft),
                }
            )  # fmt: skip
        return {"systems": told, "may_publish": self._whole(caller)}

    def one(self, caller: Caller, given: Given) -> Given:
        """GET /one?system=&version=: a version as data, all versions, what may be chosen, one's own draft."""
        only(given, "system", "version")
        of, lang = self._of(given), caller.lang
        kept, running = self.procedures.in_force(of), self.procedures.running(of)
        published = self.procedures.published(of)
        wanted = str(given.get("version") or kept.version)
        shown = next((one for one in published if str(one.version) == wanted), None)
        if shown is None:
            raise NotFoundError(Text(f"没有第 {wanted[:8]} 版", f"no version {wanted[:8]!r}"))
        offered, draft = self.procedures.offered(of), self._draft(caller, of)
        force = orjson.loads(kept.body)
        return {
            "system": of.id, "title": of.title.of(lang), "register": of.register.title.of(lang),
            "in_force": kept.version, "version": shown.version, "data": orjson.loads(shown.body),
            "changes": self._said(force, orjson.loads(shown.body), of, caller) if shown.version != kept.version else [],
            "versions": [
                {
                    "version": one.version, "at": minute(one.published_at), "by": one.published_by,
                    "origin": code_label("procedure_origin", one.origin, lang), "reason": one.reason,
                    "running": running.get(one.version, 0), "gone": self._gone(one),
                }
                for one in published
            ],
            "offered": offered and {"data": offered, "changes": self._said(force, offered, of, caller)},
            "draft": draft, "choices": self._choices(of, caller), "may_publish": self._whole(caller),
        }  # fmt: skip

    def check(self, caller: Caller, given: Given) -> Given:
        """POST /check: every fault of what is written, each at its field, and what it changes over the one in force."""
        only(given, "system", "data")
        of = self._of(given)
        kept = self.procedures.in_force(of)
        try:
            made = designed(given.get("data"), kept.version + 1, of)
        except FaultsError as wrong:
            faults = [
                {"field": one.field, "value": one.value, "rule": one.rule.of(caller.lang)} for one in wrong.faults
            ]
            return {"faults": faults, "changes": [], "in_force": kept.version}
        changes = self._said(orjson.loads(kept.body), as_data(made), of, caller)
        return {"faults": [], "changes": changes, "in_force": kept.version}

    def draft(self, caller: Caller, given: Given) -> Given:
        """POST /draft: keep what is written, faults and all, for oneself; without data it is dropped."""
        only(given, "system", "data", "in_force", "seen")
        of, data = self._of(given), given.get("data")
        if data is None:
            self.identity.drafts.drop(caller.account, OF + of.id)
            return {"draft": None}
        rules, at = draft_rules(), self.clock()
        body = orjson.dumps({"data": data, "in_force": number(given, "in_force", 1, 9999)})
        if not isinstance(data, dict) or len(body) > rules.largest:
            most = rules.largest // 1000
            raise BadInputError(
                Text(f"草稿应为至多 {most} kB 的流程", f"a procedure of {most} kB at most"), field="data"
            )
        seen = words(given, "seen", longest=60, empty=True)
        self.identity.drafts.keep(
            caller.account, OF + of.id, body.decode(), seen=seen, at=at, since=self._since(), most=rules.most
        )  # fmt: skip
        return {"draft": self._draft(caller, of)}

    def publish(self, caller: Caller, given: Given) -> Given:
        """POST /publish: a version in force from now; refused with every fault, or told who published meanwhile."""
        only(given, "system", "data", "in_force", "reason")
        of, reason = self._of(given), words(given, "reason", longest=REASON)
        if not self._whole(caller):
            raise ForbiddenError(
                Text(
                    "流程全市共用,只有管辖全市的系统管理员可以发布",
                    "procedures are the whole city's: so is who publishes",
                )
            )
        kept = self.procedures.in_force(of)
        if number(given, "in_force", 1, 9999) != kept.version:
            raise self.procedures.overtaken(of)
        made = designed(given.get("data"), kept.version + 1, of)
        changes = self._said(orjson.loads(kept.body), as_data(made), of, caller)
        if not changes:
            raise BadInputError(Text("与在用版本没有差别", "it is what is in force already"), field="data")
        detail = {
            "from": kept.version,
            "to": made.version,
            "reason": reason,
            "changes": [one["text"] for one in changes],
        }
        entry = replace(
            by(caller, AuditKind.ADMIN, at=self.clock(), what=PROCEDURES.id, keys=[f"{of.id}/{made.version:04d}"]),
            detail=orjson.dumps(detail).decode(),
        )  # fmt: skip
        self.audit.record(entry)
        try:
            self.procedures.publish(
                made, actor=caller.actor, origin=Origin.ADMINISTRATOR, reason=reason, account=caller.account
            )
        except Exception:
            self.audit.record(replace(entry, outcome=Outcome.FAILED))
            raise
        self.identity.drafts.drop(caller.account, OF + of.id)
        return self.one(caller, {"system": of.id})

    def _of(self, given: Given) -> CaseType:
        name = words(given, "system", longest=40)
        found = next((of for of in self.systems if of.id == name), None)
        if found is None:
            raise NotFoundError(Text(f"没有业务系统“{name}”", f"no business system {name!r}"))
        return found

    def _since(self) -> Any:
        return self.clock() - draft_rules().kept

    def _whole(self, caller: Caller) -> bool:
        return bool(caller.account) and whole_city(caller.scope, area_names(self.store, caller.scope))

    def _gone(self, kept: Procedure) -> list[str]:
        return names_gone(orjson.loads(kept.body), self.procedures.functions)

    def _draft(self, caller: Caller, of: CaseType) -> Given | None:
        found = self.identity.drafts.find(caller.account, OF + of.id, since=self._since())
        if found is None:
            return None
        return orjson.loads(found.body) | {"mark": found.mark, "at": iso(found.at)}  # type: ignore[no-any-return]

    def _said(self, then: Data, after: Data, of: CaseType, caller: Caller) -> list[Given]:
        found = differences(then, after, of, local_day(self.clock()))
        return [{"step": one.step, "text": one.text.of(caller.lang)} for one in found]

    def _choices(self, of: CaseType, caller: Caller) -> Given:
        """Everything that a version may name, in words."""
        lang, day = caller.lang, local_day(self.clock())
        fields = [(name, spec) for name, spec in of.register.fields.items() if name not in ENGINE_FIELDS]
        return {
            "states": [{"code": one.code, "name": one.title.of(lang)} for one in code_list(of.state_list)],
            "fields": [{"code": name, "name": spec.title.of(lang), "required": spec.required} for name, spec in fields]
            + [{"code": "geometry", "name": Text("位置", "Place").of(lang), "required": False}],
            "dates": [{"code": name, "name": s.title.of(lang)} for name, s in fields if s.kind is Kind.DATE],
            "roles": [{"code": one.value, "name": ROLES[one].of(lang)} for one in of.roles],
            "clocks": [{"code": one.value, "name": CLOCKS[one].of(lang)} for one in Clock],
            "tiers": [{"code": one.value, "name": TIERS[one].of(lang)} for one in Tier if one is not Tier.NONE],
            "guards": [{"code": name, "name": sentence(name, one).of(lang)} for name, one in guards_of(of).items()],
            "effects": [{"code": name, "name": sentence(name, one).of(lang)} for name, one in effects_of(of).items()],
            "deadlines": [{"code": n, "name": sentence(n, one).of(lang)} for n, one in deadlines_of(of).items()],
            "forms": [
                {"code": one.id, "name": one.title.of(lang), "status_word": STATUS[one.status].of(lang)}
                for one in forms_of(of)
            ],
            "conditions": [
                {"code": name, "name": sentence(name, one).of(lang)} for name, one in conditions_of(of).items()
            ],
            "limits": [_limit(one, caller) for one in limits() if one.valid(day)],
        }


def _limit(one: Limit, caller: Caller) -> Given:
    lang = caller.lang
    return {
        "code": one.id, "name": one.title.of(lang), "term": one.term.title.of(lang), "starts": one.starts.of(lang),
        "source": one.cited, "status": one.status.value, "status_word": STATUS[one.status].of(lang),
    }  # fmt: skip


def design_routes(designs: Designs) -> list[BaseRoute]:
    """The doors of the designer; who enters is the policy's."""
    reads: dict[str, Any] = {"": designs.overview, "/one": designs.one}
    changes: dict[str, Any] = {"/check": designs.check, "/draft": designs.draft, "/publish": designs.publish}
    return [
        *(Route(f"/api/cases/design{path}", asked(ask), methods=["GET"]) for path, ask in reads.items()),
        *(Route(f"/api/cases/design{path}", posted(ask), methods=["POST"]) for path, ask in changes.items()),
    ]
