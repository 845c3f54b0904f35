"""Complaints of people who say nothing of themselves: filed, followed and rewarded by a code that they alone hold.

The code is made from a key that the reporter's own page holds, so that a report sent twice has one code; only a mark of
it is kept. Who gives a name has it sealed beside the case, never in it, and nobody reads it but one by one, on record.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, TypeVar

import orjson

from app.auth.sealing import Sealer
from casework.casetype import Role
from casework.desk import Desk, Found
from casework.engine import StepRefusedError, Values, Who
from casework.following import Signed
from casework.press import ALPHABET, check_code
from casework.systems.complaint import COMPLAINT
from core.actors import Actor
from core.caller import Caller
from core.clock import Clock
from core.errors import ConflictError, Fault, NotFoundError
from core.scope import SYSTEM_SCOPE, Sensitivity
from core.texts import Text
from layers.catalogue.casework import CaseRow
from layers.catalogue.complaints import COMPLAINT_REPORTERS, COMPLAINTS, Complaint, ComplaintReporter
from layers.filters import Compare, Op
from layers.media import SHOWN_INLINE
from store.attachments import Cabinet, Draft
from store.audit import AuditLog, Kind, by
from store.feed import Edit, Put
from store.protocol import Store
from store.query import Query

T = TypeVar("T")
BLOCK = 1 << 20
REPORTER = Signed(
    who=Who(account="", name="举报人", role=Role.PUBLIC), scope=SYSTEM_SCOPE,
    actor=Actor(id="reporter", name="举报人", door="public"),
)  # fmt: skip
"""Whoever reports, the same for everybody: the log, the feed and the files know no other."""

ALREADY = Text("举报人已登记,不能重复登记", "the reporter is registered already")
UNKNOWN = Text(
    "没有这个查询码,请核对后再试;查询码只在提交时显示一次", "no report has this code; it was shown once, when you filed"
)


def apart(ask: Callable[[], T]) -> T:
    """Done as nobody: who is signed in while they report, or opens a case that has a reporter, is not written down."""
    return Context().run(ask)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """The complaints of one site, as those who file them meet them, and what officers may know of those."""

    desk: Desk
    store: Store
    cabinet: Cabinet
    sealer: Sealer
    audit: AuditLog
    clock: Clock

    def file(self, values: Values, contact: dict[str, str], key: str, photos: Sequence[IO[bytes]]) -> str:
        """A report with its photographs; the code by which it is asked for. Sent again under a key, the same code."""
        return apart(lambda: self._file(values, contact, key, photos))

    def _file(self, values: Values, contact: dict[str, str], key: str, photos: Sequence[IO[bytes]]) -> str:
        code, sent = self._code_of(key), self.sealer.mark(f"sent/{key}")[:48]
        if self.desk.filed(COMPLAINT, sent, by=REPORTER):
            return code
        with ExitStack() as open_:
            drafts = [open_.enter_context(self._photo(photo, n)) for n, photo in enumerate(photos, 1)]
            for draft in drafts:
                _is_picture(draft)
            beside = partial(self._sealed, code=code, contact=contact)
            try:
                done = self.desk.open(COMPLAINT, values, by=REPORTER, sent=sent, beside=beside)
            except ConflictError:  # the same report, sent a second time at the same moment
                if self.desk.filed(COMPLAINT, sent, by=REPORTER):
                    return code
                raise
            self._attach(done.row.code, drafts)
        return code

    def progress(self, query: str) -> tuple[Complaint, tuple[str, ...]]:
        """What became of a report, and what its reporter may do now. Raises: NotFoundError."""

        def told() -> tuple[Complaint, tuple[str, ...]]:
            found = self._of(query)[0]
            row = found.row
            assert isinstance(row, Complaint)
            open_ = self.desk.options(found, who=REPORTER.who)
            return row, tuple(one.step.name for one in open_ if not one.reasons)

        return apart(told)

    def add(self, query: str, words: str, photos: Sequence[IO[bytes]]) -> None:
        """More of it, with photographs."""

        def adds() -> None:
            found, _ = self._of(query)
            with ExitStack() as open_:
                drafts = [open_.enter_context(self._photo(photo, n)) for n, photo in enumerate(photos, 1)]
                for draft in drafts:
                    _is_picture(draft)
                if self._may("add_material", found):
                    self._attach(found.row.code, drafts)
                self._take(found, "add_material", {"supplement": words})

        apart(adds)

    def urge(self, query: str, words: str) -> None:
        """Ask for haste."""
        apart(lambda: self._take(self._of(query)[0], "urge", {}, words or "举报人催办"))

    def claim(self, query: str, payee: str) -> None:
        """Claim the reward; how it is to be paid is sealed as a name would be."""

        def claims() -> None:
            found, version = self._of(query)
            kept = self._reporter(found.row.code)
            assert kept is not None
            row = kept.model_copy(update={"payee": self._seal({"payee": payee}) if payee else ""})
            edit = Put(layer=COMPLAINT_REPORTERS.id, record=row, expected=version)
            self._take(found, "claim_reward", {}, beside=lambda _: [edit])

        apart(claims)

    def known(self, key: str) -> dict[str, bool]:
        """Whether a complaint has a code, a sealed reporter and a way to be paid; not what they say."""
        kept = apart(lambda: self._reporter(key))
        return {
            "code": bool(kept and kept.mark), "sealed": bool(kept and kept.sealed), "payee": bool(kept and kept.payee),
        }  # fmt: skip

    def register(self, key: str, contact: dict[str, str], *, caller: Caller) -> str:
        """Seal who reported, as told to an officer, and give the code; shown once."""
        found = self.desk.find(COMPLAINT, key, scope=caller.scope)

        def registers() -> str:
            if self._reporter(key) is not None:
                raise ConflictError(ALREADY, key=key)
            code = check_code()
            edits = self._sealed(found.row, code=code, contact=contact)
            self.store.commit(edits, actor=caller.actor, reason="登记举报人(密封)", scope=SYSTEM_SCOPE)
            return code

        return apart(registers)

    def read(self, key: str, reason: str, *, caller: Caller) -> dict[str, str]:
        """Who reported, opened for one complaint and a reason, on record before it is answered."""
        self.desk.find(COMPLAINT, key, scope=caller.scope)
        where = f"reason={reason}"
        self.audit.record(by(caller, Kind.READ, at=self.clock(), what=COMPLAINT_REPORTERS.id, keys=[key], where=where))
        kept = apart(lambda: self._reporter(key))
        if kept is None:
            raise NotFoundError(Text("没有登记举报人", "no reporter is registered"))
        sealed = (orjson.loads(self.sealer.unseal(one)) for one in (kept.sealed, kept.payee) if one)
        return {name: str(value) for one in sealed for name, value in one.items()}

    def holds(self, key: str, query: str, *, caller: Caller) -> bool:
        """Whoever stands before an officer with a code is the one who reported this."""
        self.desk.find(COMPLAINT, key, scope=caller.scope)
        kept = apart(lambda: self._reporter(key))
        return kept is not None and bool(kept.mark) and kept.mark == self.sealer.mark(query)

    def _of(self, query: str) -> tuple[Found, int]:
        """The complaint of a code, and the version of what is sealed beside it."""
        where = Compare("mark", Op.EQ, self.sealer.mark(query))
        asked = Query(where=where, fields=("code",), limit=1, geometry=False)
        keys = self.store.read(COMPLAINT_REPORTERS, asked, scope=SYSTEM_SCOPE)["code"].to_pylist()
        if not keys:
            raise NotFoundError(UNKNOWN)
        version = self.store.get(COMPLAINT_REPORTERS, keys[0], scope=SYSTEM_SCOPE).version
        return self.desk.find(COMPLAINT, keys[0], scope=SYSTEM_SCOPE), version

    def _reporter(self, key: str) -> ComplaintReporter | None:
        try:
            kept = self.store.get(COMPLAINT_REPORTERS, key, scope=SYSTEM_SCOPE).record
        except NotFoundError:
            return None
        assert isinstance(kept, ComplaintReporter)
        return kept

    def _sealed(self, row: CaseRow, *, code: str, contact: dict[str, str]) -> list[Edit]:
        given = {name: value for name, value in contact.items() if value}
        record = ComplaintReporter(
            code=row.code, mark=self.sealer.mark(code), sealed=self._seal(given) if given else "", at=self.clock(),
            area=row.area, sensitivity=Sensitivity.SECRET,
        )  # fmt: skip
        return [Put(layer=COMPLAINT_REPORTERS.id, record=record, expected=0)]

    def _seal(self, said: dict[str, str]) -> str:
        return self.sealer.seal(orjson.dumps(said).decode())

    def _take(
        self, found: Found, step: str, values: Values, reason: str = "",
        beside: Callable[[CaseRow], Sequence[Edit]] | None = None,
    ) -> None:  # fmt: skip
        self.desk.take(
            COMPLAINT, found.row.code, found.version, step, values, by=REPORTER, reason=reason, beside=beside
        )  # fmt: skip

    def _may(self, step: str, found: Found) -> bool:
        return any(one.step.name == step for one in self.desk.options(found, who=REPORTER.who))

    def _photo(self, file: IO[bytes], n: int) -> Any:
        """Under a name of ours: that of a file may say whose it is."""
        return self.cabinet.draft(iter(partial(file.read, BLOCK), b""), f"举报照片{n}")

    def _attach(self, key: str, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self.cabinet.keep(
                COMPLAINTS, key, draft, sensitivity=Sensitivity.SENSITIVE, actor=REPORTER.actor, scope=SYSTEM_SCOPE
            )

    def _code_of(self, key: str) -> str:
        """Sixteen characters, eighty bits, of a key that nobody else has and a secret of this site."""
        bits = int(self.sealer.mark(f"code/{key}")[:20], 16)
        letters = "".join(ALPHABET[bits >> 5 * n & 31] for n in range(16))
        return "-".join(letters[n : n + 4] for n in range(0, 16, 4))


def _is_picture(draft: Draft) -> None:
    if draft.media_type in SHOWN_INLINE:
        return
    rule = Text("只能上传 JPEG、PNG、WebP 照片", "photographs only: JPEG, PNG or WebP")
    raise StepRefusedError([Fault(field="photo", value=draft.name, rule=rule)], rule)


__all__ = ["REPORTER", "Reports", "apart"]
