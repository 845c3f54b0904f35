"""How long pictures and films of events stay: by verdict, and as far as they take too much of the disk.

What is true, handed to a case or named in the log of an incident stays. What goes is taken off its event in one commit
with the event, which says when and by which rule; the feed keeps the hashes.
"""

import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from app.settings import Settings
from app.video.standing import ANALYST
from core.clock import Clock
from core.errors import ConflictError, NotFoundError
from core.scope import SYSTEM_SCOPE
from core.units import Second
from layers.catalogue import VIOLATIONS
from layers.catalogue.attachments import ATTACHMENTS
from layers.catalogue.incidents import INCIDENT_LOG
from layers.catalogue.violations import Violation
from layers.filters import Compare, During, In, Op, every
from store.attachments import Cabinet
from store.feed import Delete, Put
from store.protocol import Store
from store.query import Query
from store.turns import Turn

SWEPT: Second = 3600.0
"""Seconds from the end of one sweep to the next."""

BATCH = 20
"""Events a step takes: what workers tell meanwhile waits for no more."""

FILMED = timedelta(hours=1)
"""By then the film of an event is there, or never comes."""

EVIDENCE = "evidence"
"""The turn of who sweeps."""

REJECTED, PENDING, SHARE = "rejected", "pending", "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Days for which evidence of what was called false, and of what nobody judged, stays; the share of the disk that
    all evidence of events may take."""

    days: dict[str, int]
    share: float

    @classmethod
    def of(cls, settings: Settings) -> "Terms":
        """As the site chose."""
        days = {REJECTED: settings.video_rejected_days, PENDING: settings.video_pending_days}
        return cls(days=days, share=settings.video_disk_share)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An event that may be cleared, with the bytes of its files."""

    code: str
    verdict: str
    raised_at: datetime
    size: int


class Retention:
    """Sweeps the evidence of one data folder; `step` is called again and again and does a little each time.

    Of the processes that do so one has the `turn` for as long as its sweep takes, the others wait for their next one.
    """

    def __init__(
        self, store: Store, cabinet: Cabinet, clock: Clock, terms: Terms, *, turn: Turn | None = None,
        disk: Callable[[], int] | None = None, monotonic: Callable[[], Second] = time.monotonic,
    ) -> None:  # fmt: skip
        self._store, self._cabinet, self._clock, self._terms = store, cabinet, clock, terms
        self._disk = disk or (lambda: shutil.disk_usage(cabinet.folder).total)
        self._monotonic, self._turn = monotonic, turn
        self._due: Iterator[tuple[str, str]] | None = None
        self._next: Second = monotonic()

    def step(self) -> int:
        """Clear the next few events that are due; how many lost their evidence."""
        if self._due is None:
            if self._monotonic() < self._next:
                return 0
            if self._turn is not None and not self._turn.held():
                self._next = self._monotonic() + SWEPT
                return 0
            self._due = iter(self.due())
        some = list(islice(self._due, BATCH))
        if not some:
            self._due, self._next = None, self._monotonic() + SWEPT
            if self._turn is not None:
                self._turn.release()
        return sum(self._cleared(code, rule) for code, rule in some)

    def sweep(self) -> int:
        """All that is due, one step after the other; how many lost their evidence."""
        cleared = self.step()
        while self._due is not None:
            cleared += self.step()
        return cleared

    def due(self) -> list[tuple[str, str]]:
        """Events whose evidence goes, each with the rule: those beyond their days, then the oldest false ones and the
        oldest that nobody judged until the rest fits its share of the disk."""
        now, (kept, used) = self._clock(), self._kept()
        found, left = [], []
        for one in kept:
            days = self._terms.days[one.verdict]
            if now - one.raised_at >= timedelta(days=days):
                found.append((one.code, f"{one.verdict} {days}"))
                used -= one.size
            else:
                left.append(one)
        most = self._terms.share * self._disk() if left else 0.0  # a new site has no folder of files yet
        for one in sorted(left, key=lambda each: each.verdict != REJECTED):
            if used <= most:
                break
            found.append((one.code, f"{SHARE} {round(100 * self._terms.share)}"))
            used -= one.size
        return found

    def _kept(self) -> tuple[list[_Kept], int]:
        """Events that may be cleared, oldest first, and the bytes that evidence of all events takes."""
        query = Query(
            where=Compare("of_layer", Op.EQ, VIOLATIONS.id), fields=("of_key", "size", "sha256"), geometry=False
        )
        files = self._store.read(ATTACHMENTS, query, scope=SYSTEM_SCOPE).to_pylist()
        sizes: defaultdict[str, int] = defaultdict(int)
        for row in files:
            sizes[row["of_key"]] += row["size"]
        where = every(
            In("verdict", tuple(self._terms.days)), Compare("case_code", Op.EQ, ""),
            Compare("state", Op.NE, "standing"), During("raised_at", None, self._clock() - FILMED),
        )  # fmt: skip
        query = Query(where=where, fields=("code", "verdict", "raised_at"), geometry=False)
        rows = self._store.read(VIOLATIONS, query, scope=SYSTEM_SCOPE).to_pylist()
        bound = self._bound()
        kept = [
            _Kept(row["code"], row["verdict"], row["raised_at"], sizes[row["code"]])
            for row in rows
            if row["code"] in sizes and row["code"] not in bound
        ]
        return sorted(kept, key=lambda one: one.raised_at), sum({row["sha256"]: row["size"] for row in files}.values())

    def _bound(self) -> frozenset[str]:
        """Events that the log of an incident names."""
        if INCIDENT_LOG.id not in self._store.catalogue:
            return frozenset()
        query = Query(fields=("refs",), geometry=False)
        rows = self._store.read(INCIDENT_LOG, query, scope=SYSTEM_SCOPE)["refs"].to_pylist()
        prefix = f"{VIOLATIONS.id}/"
        return frozenset(ref.removeprefix(prefix) for refs in rows for ref in refs or () if ref.startswith(prefix))

    def _cleared(self, code: str, rule: str) -> bool:
        """Take the evidence off one event, unless somebody judged it or handed it over meanwhile."""
        try:
            stored = self._store.get(VIOLATIONS, code, scope=SYSTEM_SCOPE)
            record = stored.record
            assert isinstance(record, Violation)
            if record.verdict not in self._terms.days or record.case_code:
                return False
            files = self._cabinet.of(VIOLATIONS, code, scope=SYSTEM_SCOPE)
            told: dict[str, object] = {"cleared_at": self._clock(), "cleared_by": rule}
            if record.film in ("kept", "pending"):
                told["film"] = "cleared"
            edits = [Put(layer=VIOLATIONS.id, record=record.model_copy(update=told), expected=stored.version)]
            self._cabinet.let_go(
                [*edits, *(Delete(layer=ATTACHMENTS.id, key=one.record.id) for one in files)],
                [one.record.sha256 for one in files], actor=ANALYST, reason=f"证据按期清除:{WORDS[rule.split()[0]]}",
                scope=SYSTEM_SCOPE,
            )  # fmt: skip
        except (ConflictError, NotFoundError):
            return False
        return True


WORDS = {REJECTED: "误报满期", PENDING: "未核实满期", SHARE: "占用磁盘超限"}
