"""The cases of one store: what the engine decides becomes rows, in one transaction, on the version the caller saw.

Whose case it is and in whose area is the store's to refuse; what may be done, the engine's. Which fields a caller may
see is no matter here: a step writes the whole row, and whoever reads it meets what is theirs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import shapely

from casework.calendar import Calendar
from casework.casetype import REPLACE, WITHDRAW, CaseType, Copied, Document
from casework.documents.organs import Organ
from casework.engine import Option, StepRefusedError, Taken, Values, Who, noted, opened, options, reminded, taken
from casework.following import FROM, Besides, Following, Follows, Signed, linked
from casework.gathering import NOTHING, Gathered, Gathers, Sheet
from casework.issuing import Kept, Registry
from casework.papers import NUMBERED, Paper
from casework.press import Press
from casework.procedures import TRIES, Procedures
from casework.reminders import Rung
from casework.rows import edits, log_scope, said, wide
from casework.terms import local_day
from casework.versions import Function
from core.actors import SYSTEM_ACTOR
from core.canonical import sha256
from core.clock import CHINA, Clock
from core.errors import ConflictError, Fault, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope
from core.texts import Text
from layers.catalogue.casework import CASE_FILINGS, CASE_STEPS, CaseFiling, CaseRow, CaseStep
from layers.catalogue.documents import IssuedDocument
from layers.catalogue.enterprises import ENTERPRISES
from layers.filters import And, Between, Compare, Missing, Not, Op
from layers.layer import Geometry, Layer
from layers.record import Record
from store.attachments import Attached, Cabinet, Draft
from store.feed import Edit, Put
from store.protocol import Store, Stored
from store.query import Order, Query
from store.rows import record_of

REMINDED_AT_ONCE = 50
"""Cases of one commit of reminders, so that nobody who works waits long for it."""


Beside = Callable[[CaseRow], Sequence[Edit]]
"""Of a case as a step leaves it: rows of other layers kept in the same transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case as kept, whole, with the version it was read at and the procedure it runs by."""

    row: CaseRow
    version: int
    procedure: CaseType


class Desk:
    """What may be done with cases of some business systems in one store; without a press no documents are made."""

    def __init__(
        self, store: Store, cabinet: Cabinet, calendar: Calendar, clock: Clock, functions: Mapping[str, Function],
        follows: Follows | None = None, press: Press | None = None, gathers: Gathers | None = None,
        besides: Besides | None = None,
    ) -> None:  # fmt: skip
        self.store = store
        self._follows = follows or {}
        self._gathers = gathers or {}
        self._besides = besides or {}
        self.registry = None if press is None else Registry(store, cabinet, clock, press)
        self.calendar = calendar
        self._cabinet = cabinet
        self._clock = clock
        self.procedures = Procedures(store, clock, functions)

    def current(self, of: CaseType) -> CaseType:
        """The procedure that new cases begin with."""
        return self.procedures.current(of)

    def find(self, of: CaseType, key: str, *, scope: Scope) -> Found:
        """One case; NotFoundError where the caller may not know of it."""
        layer = self._layer(of, scope)
        self.store.get(layer, key, scope=scope)
        kept = self.store.get(layer, key, scope=SYSTEM_SCOPE)
        assert isinstance(kept.record, CaseRow)
        return Found(row=kept.record, version=kept.version, procedure=self.procedures.version(of, kept.record.process))

    def begun(self, of: CaseType, values: Values, *, by: Signed, reason: str = "") -> Taken:
        """The case that would be opened, not kept: what a form asks as one types."""
        self._layer(of, by.scope)
        values, about, _ = self.about(of, values, by.scope)
        procedure = self.current(of)
        return opened(
            procedure, f"{of.numbering}{local_day(self._clock()).year}-000000", values, who=by.who,
            at=self._clock(), calendar=self.calendar, reason=reason, about=about,
            facts=self.gathered(of, procedure.opening.name, values).facts,
        )  # fmt: skip

    def filed(self, of: CaseType, sent: str, *, by: Signed) -> str | None:
        """The case in which this person's device filed a step under this key before, if it did."""
        if not sent:
            return None
        query = Query(where=Compare("code", Op.EQ, _sent_key(of, sent, by)), fields=("of_key",), geometry=False)
        found = self.store.read(CASE_FILINGS, query, scope=SYSTEM_SCOPE)["of_key"].to_pylist()
        return str(found[0]) if found else None

    def open(
        self, of: CaseType, values: Values, *, by: Signed, reason: str = "", sent: str = "",
        beside: Beside | None = None,
    ) -> Taken:  # fmt: skip
        """A new case, numbered and kept; `sent` is the key of a device that may send it again."""
        self._layer(of, by.scope)
        procedure, now = self.current(of), self._clock()
        values, about, copied = self.about(of, values, by.scope)
        gathered = self.gathered(of, procedure.opening.name, values)
        for tried in range(TRIES):
            code = self.free(of, local_day(now).year)
            done = opened(
                procedure, code, values, who=by.who, at=now, calendar=self.calendar, reason=reason, about=about,
                files=_hashes(gathered), facts=gathered.facts,
            )  # fmt: skip
            try:
                return self._keep(of, done, 0, by, copied, sent=sent, sheets=gathered.sheets, beside=beside)
            except ConflictError:  # the number was given to another
                if tried == TRIES - 1 or self.filed(of, sent, by=by):
                    raise
                continue
        raise AssertionError

    def tried(
        self, of: CaseType, found: Found, step: str, values: Values, *, by: Signed, reason: str = ""
    ) -> Taken:  # fmt: skip
        """The case as a step would leave it, not kept."""
        return self._tried(of, found, step, values, by, reason)[0]

    def _tried(
        self, of: CaseType, found: Found, step: str, values: Values, by: Signed, reason: str
    ) -> tuple[Taken, int, Gathered]:
        """The same, with the version of the row it copies from, and what was gathered for it."""
        row, copied = found.row, 0
        if of.copied is not None and (key := values.get(of.copied.field, getattr(row, of.copied.field))):
            same = key == getattr(row, of.copied.field)
            kept = self._named(of.copied, str(key), SYSTEM_SCOPE if same else by.scope)
            copies, copied = _copies(of.copied, kept.record), kept.version
            if copies.get("enterprise", row.enterprise) != row.enterprise:
                raise _of_another(of.copied, str(key))
            row = row.model_copy(update=copies)
        elif of.copied is not None and of.copied.field in values:  # named no longer
            own = {ours: of.register.fields[ours].default for _, ours in of.copied.into if ours in of.register.fields}
            row = row.model_copy(update={name: value for name, value in own.items() if name != "enterprise"})
        known = {name: getattr(row, name) for name in type(row).model_fields}
        gathered = self.gathered(of, step, {**known, **values})
        files = (*self.loose(of, found.row.code, scope=by.scope), *_hashes(gathered))
        done = taken(
            found.procedure, row, step, values, who=by.who, at=self._clock(), calendar=self.calendar,
            files=files, reason=reason, facts=gathered.facts,
        )  # fmt: skip
        return done, copied, gathered

    def gathered(self, of: CaseType, step: str, values: Values) -> Gathered:
        """What a step needs to know beyond its case."""
        gather = self._gathers.get((of.id, step))
        return NOTHING if gather is None else gather(self.store, values, self._clock())

    def take(
        self, of: CaseType, key: str, version: int, step: str, values: Values, *, by: Signed, reason: str = "",
        sent: str = "", beside: Beside | None = None,
    ) -> Taken:  # fmt: skip
        """A step on the version the caller saw; of two who decide at once the second is told who was first."""
        found = self.find(of, key, scope=by.scope)
        if found.version != version:
            raise self._overtaken(of, key, by.scope)
        for last in [False] * (TRIES - 1) + [True]:
            done, copied, gathered = self._tried(of, found, step, values, by, reason)
            following = self._following(of, done, by, gathered.facts)
            if following:
                done = replace(done, row=linked(done.row, (one.done.row.code for one in following)))
            try:
                return self._keep(of, done, version, by, copied, following, sent, gathered.sheets, beside)
            except ConflictError as error:  # somebody was first, or the number of what follows was given to another
                free = following or (of.id, step) in self._besides
                if last or not free or self.find(of, key, scope=by.scope).version != version:
                    raise self._overtaken(of, key, by.scope) from error
                continue
        raise AssertionError

    def draft(self, procedure: CaseType, done: Taken, paper: Document, *, by: Signed) -> bytes:
        """One document of a step that was tried, as PDF to look at; nothing is kept, no number given."""
        if self.registry is None:
            raise NotFoundError(Text("本系统没有配置文书印发", "no documents are made here"))
        papers, _ = self._papers(self.registry, procedure, replace(done, documents=(paper,)), by)
        return self.registry.press.draft(papers[0])

    def issued(self, of: CaseType, key: str, *, scope: Scope) -> tuple[IssuedDocument, ...]:
        """The documents of a case, in the order they were issued."""
        return () if self.registry is None else self.registry.of_log(self.log(of, key, scope=scope), scope=scope)

    def document(self, of: CaseType, key: str, code: str, *, scope: Scope) -> Kept:
        """One document of a case that the caller may see. Raises: NotFoundError."""
        self.find(of, key, scope=scope)
        kept = None if self.registry is None else self.registry.find(code, scope=scope)
        if kept is None or (kept.document.of_layer, kept.document.of_key) != (of.register.id, key):
            raise NotFoundError(Text(f"此案没有文书“{code[:60]}”", f"the case has no document {code[:60]!r}"))
        return kept

    def end_document(
        self, of: CaseType, key: str, version: int, code: str, *, again: bool, by: Signed, reason: str
    ) -> Taken:  # fmt: skip
        """Withdraw a document, or make it `again` from the case as it is now: a line of the log either way."""
        found, old = self.find(of, key, scope=by.scope), self.document(of, key, code, scope=by.scope)
        if found.version != version:
            raise self._overtaken(of, key, by.scope)
        registry = self.registry
        assert registry is not None  # it gave the document
        done = self._again(found, old, again, by, reason)
        try:
            if not again:
                return registry.withdraw(of, done, version, old, actor=by.actor, scope=by.scope)
            papers, organ = self._papers(registry, found.procedure, done, by)
            return registry.commit(of, done, version, papers, organ, actor=by.actor, scope=by.scope, old=old)
        except ConflictError as error:
            raise self._overtaken(of, key, by.scope) from error

    def draft_again(self, of: CaseType, key: str, code: str, *, by: Signed) -> bytes:
        """What would be issued in place of a document, as PDF to look at."""
        found, old = self.find(of, key, scope=by.scope), self.document(of, key, code, scope=by.scope)
        done = self._again(found, old, True, by, "草稿")
        return self.draft(found.procedure, done, done.documents[0], by=by)

    def _again(self, found: Found, old: Kept, again: bool, by: Signed, reason: str) -> Taken:
        if old.document.state == NUMBERED:
            rule = Text("此件尚未用印,请作废公文", "it is not sealed yet: annul it")
            raise StepRefusedError([Fault(field="document", value=old.document.code, rule=rule)], rule)
        if old.document.state != "valid":
            rule = Text("此文书已撤回或更换", "this document was withdrawn or replaced already")
            raise StepRefusedError([Fault(field="document", value=old.document.code, rule=rule)], rule)
        name = REPLACE if again else WITHDRAW
        title = Text("更换文书", "Replace a document") if again else Text("撤回文书", "Withdraw a document")
        done = noted(found.procedure, found.row, name, title, who=by.who, at=self._clock(), reason=reason)
        papers = tuple(one for one in found.procedure.documents if again and one.id == old.document.document)
        if again and not papers:
            rule = Text("此案的流程没有这种文书", "the procedure of this case has no such document")
            raise StepRefusedError([Fault(field="document", value=old.document.document, rule=rule)], rule)
        return replace(done, documents=papers)

    def _papers(
        self, registry: Registry, procedure: CaseType, done: Taken, by: Signed
    ) -> tuple[tuple[Paper, ...], Organ]:  # fmt: skip
        organ = registry.press.organ(by.scope)
        issued = self.issued(procedure, done.row.code, scope=SYSTEM_SCOPE)
        return registry.papers(procedure, done, organ, issued), organ

    def options(self, found: Found, *, who: Who) -> tuple[Option, ...]:
        """What this person might do with a case now, and what stands against it."""
        return options(found.procedure, found.row, who=who, at=self._clock(), calendar=self.calendar)

    def log(self, of: CaseType, key: str, *, scope: Scope) -> tuple[CaseStep, ...]:
        """Every step of a case the caller may see, oldest first."""
        prefix = f"{of.register.id}/{key}/"
        query = Query(where=Between("code", prefix, prefix + "9999"), order=(Order("code"),), geometry=False)
        rows = self.store.read(CASE_STEPS, query, scope=log_scope(scope)).to_pylist()
        found = [record_of(CASE_STEPS, row, log_scope(scope)) for row in rows]
        return tuple(one for one in found if isinstance(one, CaseStep))

    def loose(self, of: CaseType, key: str, *, scope: Scope) -> tuple[str, ...]:
        """Hashes of files attached to a case since its last step."""
        taken_up = {one for step in self.log(of, key, scope=SYSTEM_SCOPE) for one in step.files}
        found = self._cabinet.of(of.register, key, scope=wide(scope, of))
        return tuple(dict.fromkeys(one.record.sha256 for one in found if one.record.sha256 not in taken_up))

    def attach(self, of: CaseType, key: str, draft: Draft, *, by: Signed, note: str = "") -> Attached:
        """A photograph or paper for the next step; who may take none may attach none."""
        found = self.find(of, key, scope=by.scope)
        there = self._cabinet.of(of.register, key, scope=wide(by.scope, of))
        if same := next((one for one in there if one.record.sha256 == draft.sha256), None):
            return same  # a device sends again what it does not know to have arrived
        if not self.options(found, who=by.who):
            rule = Text(
                "此案件现无您可办理的步骤,不能添加附件", "there is no step for you here: nothing can be attached"
            )
            raise StepRefusedError([Fault(field="files", value=key, rule=rule)], rule)
        return self._cabinet.keep(
            of.register, key, draft, note=note, sensitivity=of.register.sensitivity, actor=by.actor,
            scope=wide(by.scope, of),
        )  # fmt: skip

    def remind(self, of: CaseType) -> int:
        """Climb the ladder of every case whose rung has come; how many were told. Run again, it tells nobody twice."""
        now = self._clock()
        due = [key for key, at, done, rungs in self._waiting(of, now) if _passed(rungs, at, now) > done]
        told = 0
        for n in range(0, len(due), REMINDED_AT_ONCE):
            told += self._remind(of, due[n : n + REMINDED_AT_ONCE], now)
        return told

    def _waiting(self, of: CaseType, now: datetime) -> Iterator[tuple[str, datetime, int, tuple[Rung, ...]]]:
        """Cases that may have to be told of, each with the ladder of the version it runs by."""
        ladders = {one.version: self.procedures.version(of, one.version).reminders for one in self.procedures.sound(of)}
        ahead = timedelta(days=-min((0, *(rung.days for ladder in ladders.values() for rung in ladder))))
        where = And(
            (Compare("due_at", Op.LE, now + ahead), Missing("closed_at"), Missing("stopped_at"), Not(Missing("due_at")))
        )
        query = Query(where=where, fields=("code", "due_at", "reminded", "process"), geometry=False)
        for batch in self.store.batches(of.register, query, scope=SYSTEM_SCOPE):
            columns = (batch[name].to_pylist() for name in ("code", "due_at", "reminded", "process"))
            for key, at, done, process in zip(*columns, strict=True):
                yield key, at, done, ladders.get(process, ())

    def _remind(self, of: CaseType, keys: Sequence[str], now: datetime) -> int:
        made: list[Edit] = []
        count = 0
        for key in keys:
            kept = self.store.get(of.register, key, scope=SYSTEM_SCOPE)
            assert isinstance(kept.record, CaseRow)
            done = reminded(self.procedures.version(of, kept.record.process), kept.record, at=now)
            if done is not None:
                made += edits(of, done, kept.version)
                count += 1
        if made:
            try:
                self.store.commit(made, actor=SYSTEM_ACTOR, reason="到期提醒", scope=SYSTEM_SCOPE)
            except ConflictError:  # somebody worked on one of them meanwhile: the next round asks again
                return 0
        return count

    def _following(self, of: CaseType, done: Taken, by: Signed, facts: Values) -> tuple[Following, ...]:
        """The cases of another system that this step opens, in the same transaction."""
        follow = self._follows.get((of.id, done.event.step))
        if follow is None:
            return ()
        now, row = self._clock(), done.row
        procedure, first = self.current(follow.system), self.free(follow.system, local_day(now).year)
        told: list[tuple[Values, Values]] = []
        if follow.values is not None:
            place = {"enterprise_name": row.enterprise_name, "sector": row.sector, "area": row.area}
            told.append((follow.values(row), place | {"geometry": row.geometry}))
        for each in follow.each(row, facts) if follow.each is not None else ():
            given = {name: each[name] for name in procedure.opening.asks if name in each}
            values, about, _ = self.about(follow.system, given, by.scope)
            told.append((values, {**about, **{name: value for name, value in each.items() if name not in given}}))
        return tuple(
            Following(
                of=follow.system,
                done=opened(
                    procedure, f"{first[:-6]}{int(first[-6:]) + n:06d}", values, who=by.who, at=now,
                    calendar=self.calendar, about={**about, **({FROM: row.code} if follow.tells else {})},
                ),
            )
            for n, (values, about) in enumerate(told)
        )  # fmt: skip

    def _keep(
        self, of: CaseType, done: Taken, version: int, by: Signed, copied: int,
        following: Sequence[Following] = (), sent: str = "", sheets: Sequence[Sheet] = (),
        beside: Beside | None = None,
    ) -> Taken:  # fmt: skip
        """One transaction; what the step issues is made before it and kept with it."""
        more: list[Edit] = [] if beside is None else list(beside(done.row))
        more += (edit for one in following for edit in edits(one.of, one.done, 0))
        systems = (of, *(one.of for one in following[:1]))
        if sent:
            filing = CaseFiling(
                code=_sent_key(of, sent, by), of_layer=of.register.id, of_key=done.row.code, number=done.event.number,
                at=done.event.at, account=by.who.account, enterprise=done.row.enterprise, area=done.row.area,
                sensitivity=max(CASE_FILINGS.sensitivity, of.register.sensitivity),
            )  # fmt: skip
            more.append(Put(layer=CASE_FILINGS.id, record=filing, expected=0))
        more += self._beside(of, done, by)
        if done.documents and self.registry is not None:
            procedure = self.procedures.version(of, done.row.process)
            papers, organ = self._papers(self.registry, procedure, done, by)
            return self.registry.commit(
                of, done, version, papers, organ, actor=by.actor, scope=by.scope, copied=copied, more=more,
                systems=systems,
            )  # fmt: skip
        with ExitStack() as held:
            drafts = [held.enter_context(self._cabinet.made(one.content, one.name, one.media_type)) for one in sheets]
            whole, scope = [*edits(of, done, version, copied), *more], wide(by.scope, *systems, also=more)
            if drafts:
                owned = [(of.register, done.row, drafts)]
                self._cabinet.keep_with(whole, owned, actor=by.actor, reason=said(done.event), scope=scope)
            else:
                self.store.commit(whole, actor=by.actor, reason=said(done.event), scope=scope)
        return done

    def _beside(self, of: CaseType, done: Taken, by: Signed) -> list[Edit]:
        """What else is written with a step: as its system declares, and the end of documents that were never sealed."""
        found: list[Edit] = []
        beside = self._besides.get((of.id, done.event.step))
        if beside is not None:
            found += beside(done.row, by, self.issued(of, done.row.code, scope=SYSTEM_SCOPE))
        if self.registry is not None and done.row.closed_at is not None and any(one.proof for one in of.documents):
            found += self.registry.dropped(done)
        return found

    def about(self, of: CaseType, values: Values, scope: Scope) -> tuple[dict[str, Any], dict[str, Any], int]:
        """What the ledger says of the enterprise named, and where it is if nobody says where in it; what is copied from
        the row that the case names, and the version of that row.
        """
        given = dict(values)
        copies: dict[str, Any] = {}
        copied = 0
        if of.copied is not None and (key := given.get(of.copied.field)):
            kept = self._named(of.copied, str(key), scope)
            copies, copied = _copies(of.copied, kept.record), kept.version
            owned = "enterprise" in copies
            owner = copies.pop("enterprise", "")
            if owned and given.get("enterprise") not in (None, "", owner):
                raise _of_another(of.copied, str(key))
            given = {name: value for name, value in given.items() if name not in copies}
            given |= {"enterprise": owner} if owned else {}
        uscc = given.get("enterprise")
        if not uscc:
            return given, copies, copied
        fields = ("uscc", "name", "sector", "area")
        query = Query(where=Compare("uscc", Op.EQ, str(uscc)), fields=fields, limit=1)
        rows = self.store.read(ENTERPRISES, query, scope=scope).to_pylist()
        if not rows:
            rule = Text("不是您可办理的企业", "is no enterprise open to you")
            raise StepRefusedError([Fault(field="enterprise", value=str(uscc)[:40], rule=rule)])
        firm = rows[0]
        nowhere = firm["geometry"] is None or of.register.geometry is Geometry.NONE
        place = None if nowhere else shapely.from_wkb(firm["geometry"])
        about = {"enterprise_name": firm["name"], "sector": firm["sector"] or "", "area": firm["area"]}
        return given, about | {"geometry": place} | copies, copied

    def _named(self, of: Copied, key: str, scope: Scope) -> Stored:
        """The row that a case names, refused where it is not there for the caller."""
        try:
            return self.store.get(of.layer, key, scope=scope)
        except NotFoundError as error:
            rule = Text(f"没有这项{of.layer.title.zh},或不归您办理", "is not there, or not yours to act on")
            raise StepRefusedError([Fault(field=of.field, value=key[:40], rule=rule)]) from error

    def _layer(self, of: CaseType, scope: Scope) -> Layer:
        layer = self.store.catalogue.find(of.register.id, scope)
        if layer is None:
            raise NotFoundError(Text(f"没有业务系统“{of.id}”", f"no business system {of.id!r}"))
        return layer

    def free(self, of: CaseType, year: int) -> str:
        """The number after the last one given this year."""
        prefix = f"{of.numbering}{year}-"
        query = Query(
            where=Between("code", prefix, prefix + "999999"), fields=("code",), geometry=False,
            order=(Order("code", descending=True),), limit=1,
        )  # fmt: skip
        last = self.store.read(of.register, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        return f"{prefix}{int(last[0][-6:]) + 1 if last else 1:06d}"

    def _overtaken(self, of: CaseType, key: str, scope: Scope) -> ConflictError:
        last = self.log(of, key, scope=scope)[-1:]
        if not last:
            return ConflictError(Text("案件已被他人办理,请刷新", "somebody else was first; reload"), key=key)
        when = last[0].at.astimezone(CHINA)
        return ConflictError(
            Text(
                f"{last[0].by}已于 {when:%m-%d %H:%M} 办理“{last[0].step_title}”,请刷新后再办",
                f"{last[0].by} was first: {last[0].step_title} at {when:%m-%d %H:%M}; reload before you go on",
            ),
            key=key, step=last[0].step,
        )  # fmt: skip


def _passed(rungs: tuple[Rung, ...], due: datetime, now: datetime) -> int:
    late = (now - due) / timedelta(days=1)
    return int(np.searchsorted([rung.days for rung in rungs], late, side="right"))


def _of_another(of: Copied, key: str) -> StepRefusedError:
    rule = Text("不属于所填企业", "is not of the enterprise named")
    return StepRefusedError([Fault(field=of.field, value=key[:40], rule=rule)])


def _copies(of: Copied, record: Record) -> dict[str, Any]:
    """What a row says, under the names of the case."""
    return {ours: getattr(record, theirs) for theirs, ours in of.into}


def _hashes(of: Gathered) -> tuple[str, ...]:
    return tuple(sha256(one.content) for one in of.sheets)


def _sent_key(of: CaseType, sent: str, by: Signed) -> str:
    """A device's key is its person's own: another's never answers for it."""
    return f"{of.id}/{by.who.account}/{sent}"
