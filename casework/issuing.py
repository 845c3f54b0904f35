"""Documents issued with a step: numbered in order, made before the commit, kept with it, or neither step nor document.

Whoever makes documents of one series in this process waits for the one before; of two processes that give the same
number the second makes its document again with the next. The store is locked for the commit alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from casework.casetype import REPLACE, CaseType
from casework.documents.kinds import DocumentKind
from casework.documents.numbering import number
from casework.documents.organs import Organ
from casework.engine import Taken
from casework.papers import NUMBERED, Drafting, Firm, Paper, paper
from casework.press import Made, Press, check_code
from casework.rows import edits, log_scope, said, wide
from casework.terms import local_day
from core.actors import Actor
from core.canonical import sha256
from core.clock import Clock
from core.errors import ConflictError, Fault, FaultsError, ForbiddenError, NotFoundError
from core.scope import SYSTEM_SCOPE, Scope, Sensitivity
from core.texts import Text
from layers.catalogue.casework import CaseRow, CaseStep
from layers.catalogue.documents import ISSUED_DOCUMENTS, IssuedDocument
from layers.catalogue.enterprises import ENTERPRISES
from layers.filters import And, Between, Compare, In, Op
from store.attachments import Attached, Cabinet, Draft
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Order, Query

TRIES = 5
VALID = "valid"
CONTENTS = "file-contents"
"""The paper that lists what was attached."""
Numbered = tuple[IssuedDocument, int]
"""A document as it will stand in the register, and the version that stands there now."""
PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as registered, with the version it was read at."""

    document: IssuedDocument
    version: int


class Registry:
    """The documents of one store."""

    def __init__(self, store: Store, cabinet: Cabinet, clock: Clock, press: Press) -> None:
        self.press = press
        self._store = store
        self._cabinet = cabinet
        self._clock = clock
        self._guard = Lock()
        self._turns: dict[str, Lock] = {}

    def of_log(self, log: Sequence[CaseStep], *, scope: Scope) -> tuple[IssuedDocument, ...]:
        """The documents of a case whose log the caller may see, in the order they were issued.

        An enterprise meets those addressed to it; what the organ keeps for itself is no row of any enterprise's. What a
        person said is for officers alone.
        """
        codes = tuple(dict.fromkeys(code for step in log for code in step.documents))
        if (scope.enterprises is not None or scope.clearance < Sensitivity.SENSITIVE) and codes:
            query = Query(where=In("code", codes), fields=("code",), geometry=False)
            theirs = set(self._store.read(ISSUED_DOCUMENTS, query, scope=log_scope(scope))["code"].to_pylist())
            codes = tuple(code for code in codes if code in theirs)
        return tuple(self.find(code, scope=scope).document for code in codes)

    def find(self, code: str, *, scope: Scope) -> Kept:
        """One document that the caller may see, as they may see its case. Raises: NotFoundError."""
        kept = self._store.get(ISSUED_DOCUMENTS, code, scope=log_scope(scope))
        assert isinstance(kept.record, IssuedDocument)
        return Kept(kept.record, kept.version)

    def file(self, one: IssuedDocument, media_type: str) -> Attached:
        """The file of a document that the caller has been shown."""
        found = self._cabinet.of(ISSUED_DOCUMENTS, one.code, scope=SYSTEM_SCOPE)
        kept = next((file for file in reversed(found) if file.record.media_type == media_type), None)
        if kept is None or not kept.path.is_file():
            raise NotFoundError(Text(f"{one.number}的文件缺失", f"the file of {one.number} is missing"))
        return kept

    def papers(
        self, of: CaseType, done: Taken, organ: Organ, issued: tuple[IssuedDocument, ...] = ()
    ) -> tuple[Paper, ...]:  # fmt: skip
        """What a step would issue, but for numbers."""
        step = of.step(done.event.step)
        given = Drafting(
            row=done.row, who=done.event.who, at=done.event.at, reason=done.event.reason, organ=organ, issued=issued,
            files=self._attached(of, done.row.code) if any(one.form == CONTENTS for one in done.documents) else (),
        )  # fmt: skip
        firm = self._firm(done.row)
        return tuple(paper(of, document, step, given, firm) for document in done.documents)

    def commit(
        self, of: CaseType, done: Taken, version: int, papers: Sequence[Paper], organ: Organ, *, actor: Actor,
        scope: Scope, old: Kept | None = None, copied: int | None = None, more: Sequence[Edit] = (),
        systems: Sequence[CaseType] = (),
    ) -> Taken:  # fmt: skip
        """Row, log, documents, files and `more` of other `systems`: all or nothing; what is made replaces `old`.

        Raises: ConflictError when somebody else was first with this case.
        """
        if scope.enterprises is not None and done.row.enterprise not in scope.enterprises:
            raise ForbiddenError(Text("不是您可办理的企业", "is no enterprise open to you"))
        with self._turn(organ, papers):
            for tried in range(TRIES):
                rows, files = self._printed(of, done, papers, organ)
                codes = tuple(row.code for row, _ in rows)
                kept = _holding(done.row, papers, [row for row, _ in rows])
                whole = replace(done, row=kept, event=replace(done.event, documents=codes))
                ended = [] if old is None else [self._ended(old, done, replaced_by=codes[0])]
                ended += [self._ended(one, done) for one in self._over(of, done, papers)]
                case = [*edits(of, whole, version, copied), *more, *ended]
                try:
                    self._keep(whole, case, rows, files, actor, wide(scope, of, *systems, also=more))
                except ConflictError:
                    new = [row for row, expected in rows if not expected]
                    if tried == TRIES - 1 or not any(self._given(row.code) for row in new):
                        raise
                    continue
                return whole
        raise AssertionError

    def _over(self, of: CaseType, done: Taken, papers: Sequence[Paper]) -> Iterator[Kept]:
        """What holds no longer once these are issued."""
        names = tuple(name for one in papers for name in one.document.ends)
        if not names:
            return
        of_case = (Compare("of_layer", Op.EQ, of.register.id), Compare("of_key", Op.EQ, done.row.code))
        where = And((*of_case, In("document", names), Compare("state", Op.EQ, VALID)))
        query = Query(where=where, fields=("code",), geometry=False)
        for code in self._store.read(ISSUED_DOCUMENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist():
            yield self.find(code, scope=SYSTEM_SCOPE)

    def withdraw(
        self, of: CaseType, done: Taken, version: int, old: Kept, *, actor: Actor, scope: Scope
    ) -> Taken:  # fmt: skip
        """The document no longer holds; its files stay."""
        if scope.enterprises is not None and done.row.enterprise not in scope.enterprises:
            raise ForbiddenError(Text("不是您可办理的企业", "is no enterprise open to you"))
        whole = replace(done, event=replace(done.event, documents=(old.document.code,)))
        self._store.commit(
            [*edits(of, whole, version), self._ended(old, done)], actor=actor, reason=said(done.event),
            scope=wide(scope, of),
        )  # fmt: skip
        return whole

    def _ended(self, old: Kept, done: Taken, replaced_by: str = "") -> Put:
        changes = {
            "state": "replaced" if replaced_by else "withdrawn", "state_at": done.event.at,
            "state_by": done.event.who.name, "state_reason": done.event.reason[:400], "replaced_by": replaced_by,
        }  # fmt: skip
        record = old.document.model_copy(update=changes)
        return Put(layer=ISSUED_DOCUMENTS.id, record=record, expected=old.version)

    def _printed(
        self, of: CaseType, done: Taken, papers: Sequence[Paper], organ: Organ
    ) -> tuple[list[Numbered], list[Made]]:  # fmt: skip
        rows: list[Numbered] = []
        files, given = [], Counter[str]()
        year = local_day(done.event.at).year
        for one in papers:
            if one.held is not None:
                row, made = self._sealed(one, one.held, done, organ)
                rows.append(row)
                files.append(made)
                continue
            word, proof = one.kind.word, one.document.proof == done.event.step
            if one.document.proof and not proof and done.event.step != REPLACE:
                raise _refused(Text("此件尚未编号", "it has no number yet"), one.document.id)
            given[word] += 1
            last = self._last(organ.short, word, year)
            told = number(organ.short, word, year, last + given[word], official=one.kind.official)
            code = check_code()
            made = self.press.proof(one, str(told)) if proof else self.press.made(one, organ, str(told), code)
            files.append(made)
            document = IssuedDocument(
                code=f"{told.organ}/{told.word}/{told.year}-{told.serial:06d}", number=str(told), kind=one.kind.id,
                title=one.document.title.zh, document=one.document.id, of_layer=of.register.id,
                of_key=done.row.code, step=done.event.number, enterprise=done.row.enterprise if one.theirs else "",
                party=str(one.words.get("addressee") or one.words["party"]), organ=organ.name, issued_at=done.event.at,
                signer=_signer(one, done), account=done.event.who.account, sha256=sha256(made.pdf),
                size=len(made.pdf), form_sha256=sha256(self.press.form(one)), status=one.kind.status.value,
                check_code=code, area=done.row.area, state=NUMBERED if proof else VALID,
                sensitivity=max(ISSUED_DOCUMENTS.sensitivity, of.register.sensitivity, personal(one.kind)),
            )  # fmt: skip
            rows.append((document, 0))
        return rows, files

    def _sealed(self, one: Paper, held: IssuedDocument, done: Taken, organ: Organ) -> tuple[Numbered, Made]:
        """The document that had its number, sealed under it."""
        if held.organ != organ.name:
            rule = Text(f"此件由{held.organ}编号,应由该机关用印", f"numbered by {held.organ}, which seals it")
            raise _refused(rule, held.number)
        kept = self._store.get(ISSUED_DOCUMENTS, held.code, scope=SYSTEM_SCOPE)
        made = self.press.made(one, organ, held.number, held.check_code)
        changes = {
            "state": VALID, "sha256": sha256(made.pdf), "size": len(made.pdf), "issued_at": done.event.at,
            "form_sha256": sha256(self.press.form(one)), "step": done.event.number, "signer": _signer(one, done),
            "account": done.event.who.account,
        }  # fmt: skip
        return (held.model_copy(update=changes), kept.version), made

    def dropped(self, done: Taken) -> list[Put]:
        """Documents that were numbered and never sealed, of a case that is over without them: the number is void."""
        where = And((Compare("of_key", Op.EQ, done.row.code), Compare("state", Op.EQ, NUMBERED)))
        rows = self._store.read(ISSUED_DOCUMENTS, Query(where=where, fields=("code",), geometry=False),
                                scope=SYSTEM_SCOPE)  # fmt: skip
        found = [self.find(code, scope=SYSTEM_SCOPE) for code in rows["code"].to_pylist()]
        return [self._ended(one, done) for one in found]

    def _keep(
        self, done: Taken, case: Sequence[Edit], rows: Sequence[Numbered], files: Sequence[Made],
        actor: Actor, scope: Scope,
    ) -> None:  # fmt: skip
        with ExitStack() as drafts:
            owned = [
                (ISSUED_DOCUMENTS, row, self._drafts(drafts, row, made))
                for (row, _), made in zip(rows, files, strict=True)
            ]
            puts = [Put(layer=ISSUED_DOCUMENTS.id, record=row, expected=expected) for row, expected in rows]
            self._cabinet.keep_with(
                [*case, *puts], owned, actor=actor, reason=said(done.event), scope=scope
            )  # fmt: skip

    def _drafts(self, held: ExitStack, row: IssuedDocument, made: Made) -> list[Draft]:
        name = f"{row.title}{row.number}"
        parts = ((made.pdf, "pdf", PDF), (made.docx, "docx", DOCX))
        return [held.enter_context(self._cabinet.made(content, f"{name}.{end}", kind)) for content, end, kind in parts]

    def _attached(self, of: CaseType, code: str) -> tuple[tuple[str, datetime], ...]:
        """What was attached to a case, oldest first, each content once."""
        found = self._cabinet.of(of.register, code, scope=SYSTEM_SCOPE)
        once = {one.record.sha256: one.record for one in reversed(found)}
        return tuple((one.name, one.added_at) for one in sorted(once.values(), key=lambda one: one.added_at))

    def _last(self, short: str, word: str, year: int) -> int:
        """The serial given last in a year."""
        prefix = f"{short}/{word}/{year}-"
        query = Query(
            where=Between("code", prefix, prefix + "999999"), fields=("code",), geometry=False,
            order=(Order("code", descending=True),), limit=1,
        )  # fmt: skip
        last = self._store.read(ISSUED_DOCUMENTS, query, scope=SYSTEM_SCOPE)["code"].to_pylist()
        return int(last[0][-6:]) if last else 0

    def _given(self, code: str) -> bool:
        query = Query(where=Compare("code", Op.EQ, code))
        return self._store.count(ISSUED_DOCUMENTS, query, scope=SYSTEM_SCOPE) > 0

    @contextmanager
    def _turn(self, organ: Organ, papers: Sequence[Paper]) -> Iterator[None]:
        with ExitStack() as held:
            for series in sorted({f"{organ.short}/{one.kind.word}" for one in papers}):
                with self._guard:
                    turn = self._turns.setdefault(series, Lock())
                held.enter_context(turn)
            yield

    def _firm(self, row: CaseRow) -> Firm:
        if not row.enterprise:
            return Firm(name=row.enterprise_name)
        fields = ("uscc", "name", "address", "reg_address", "legal_person", "principal")
        query = Query(where=Compare("uscc", Op.EQ, row.enterprise), fields=fields, limit=1, geometry=False)
        found = self._store.read(ENTERPRISES, query, scope=SYSTEM_SCOPE).to_pylist()
        if not found:
            return Firm(name=row.enterprise_name, uscc=row.enterprise)
        firm = found[0]
        return Firm(
            name=firm["name"], uscc=firm["uscc"], address=firm["address"] or firm["reg_address"] or "",
            head=firm["legal_person"] or firm["principal"] or "",
        )  # fmt: skip


def _holding(row: CaseRow, papers: Sequence[Paper], issued: Sequence[IssuedDocument]) -> CaseRow:
    """The case with what it keeps of the registration of its documents."""
    kept = {
        ours: getattr(one, theirs)
        for paper_, one in zip(papers, issued, strict=True)
        for theirs, ours in paper_.document.into
    }
    return row.model_copy(update=kept) if kept else row


def personal(kind: DocumentKind) -> Sensitivity:
    """How far a document travels whatever its case."""
    return Sensitivity.SENSITIVE if kind.personal else Sensitivity.PUBLIC


def _signer(paper: Paper, done: Taken) -> str:
    """Who signed, as the document says, else who takes the step."""
    return str(paper.words.get("signer") or done.event.who.name)


def _refused(rule: Text, value: str) -> FaultsError:
    return FaultsError([Fault(field="document", value=value, rule=rule)], rule)
