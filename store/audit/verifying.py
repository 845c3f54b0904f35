"""Proof that nobody changed the audit: its chain, its newest entry and the signed heads compared."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
import sqlalchemy as sa

from core.clock import from_iso
from core.texts import Text
from layers.codes.retention import kept_until, least
from store.audit.entries import AuditEntry, Kind, link
from store.audit.tables import AUDIT, HEAD, KEYS, entry_of
from store.chain import GENESIS
from store.verifying import Seal

BATCH = 2000
GAP = Text("序号不连续,其前有条目被删除或插入", "numbers have a gap: entries before it were removed or put in")
UNCHAINED = Text("链值不符,此条或其前一条被改动", "the chain value does not fit: it, or the one before it, was altered")
UNREADABLE = Text("条目内容无法读取", "the entry cannot be read")
CUT = Text("末尾的条目缺失,审计被截断", "the last entries are missing: the audit was cut")
UNSEALED = Text("与已签名的链头不符,审计被改写", "differs from a signed head: the audit was rewritten")
TOO_EARLY = Text("清除了尚在法定保存期内的条目", "entries were cleared that the law has kept for longer")
CONTRADICTED = Text("清除范围与已签名的链头矛盾", "what was cleared contradicts a signed head")
NOBODYS_KEYS = Text("登记的主键不属于任何条目", "kept keys belong to no entry")


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is not as it was written; `seq` names the entry."""

    seq: int
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What a CLEARED entry says: every entry up to `through` was older than `before` and is gone."""

    through: int
    chain: str
    count: int
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerified:
    """What was looked at and what was found wrong, by number; `cleared` is what is gone by the rules."""

    entries: int
    findings: tuple[AuditFinding, ...]
    cleared: Cleared | None


def cleared_of(entry: AuditEntry) -> Cleared:
    """What a CLEARED entry says; ValueError or KeyError if it says something else."""
    said = orjson.loads(entry.detail)
    return Cleared(
        through=int(said["through"]),
        chain=str(said["chain"]),
        count=int(said["count"]),
        before=from_iso(said["before"]),
    )


def verified(db: sa.Connection, seals: Iterable[Seal]) -> AuditVerified:
    """Recompute the chain over everything that is there, in one read of the audit."""
    sealed = list(seals)
    findings: list[AuditFinding] = []
    newest = db.execute(
        sa.select(AUDIT).where(AUDIT.c.kind == str(Kind.CLEARED)).order_by(AUDIT.c.seq.desc()).limit(1)
    ).mappings()
    base = _base(newest.first(), sealed, findings)
    number, chain = (0, GENESIS) if base is None else (base.through, base.chain)
    known = {number: chain}
    wanted = {seal.seq for seal in sealed}
    count = 0
    for row, kept in _rows(db, findings):
        count += 1
        if row["seq"] != number + 1:
            findings.append(AuditFinding(row["seq"], GAP))
        number = row["seq"]
        findings.extend(_broken(row, kept, chain))
        chain = row["chain"]
        if number in wanted:
            known[number] = chain
    head = db.execute(sa.select(HEAD.c.seq, HEAD.c.chain)).first()
    if head is None or tuple(head) != (number, chain):
        findings.append(AuditFinding(number + 1, CUT))
    since = 0 if base is None else base.through
    for seal in sealed:
        if seal.seq > number:
            findings.append(AuditFinding(seal.seq, CUT))
        elif seal.seq >= since and seal.seq > 0 and known.get(seal.seq) != seal.chain:
            findings.append(AuditFinding(seal.seq, UNSEALED))
    ordered = sorted({(one.seq, one.text): one for one in findings}.values(), key=lambda one: one.seq)
    return AuditVerified(entries=count, findings=tuple(ordered), cleared=base)


def _base(row: Any, sealed: Iterable[Seal], findings: list[AuditFinding]) -> Cleared | None:
    """Where the chain begins; a clearing of what the law keeps, or of what heads say is younger, is a finding."""
    if row is None:
        return None
    try:
        entry = entry_of(row)
        base = cleared_of(entry)
    except (ValueError, KeyError, TypeError):
        findings.append(AuditFinding(row["seq"], UNREADABLE))
        return None
    if base.before > kept_until("audit", entry.at, least("audit", entry.at)):
        findings.append(AuditFinding(entry.seq, TOO_EARLY))
    if any(seal.seq < base.through and seal.at > base.before for seal in sealed):
        findings.append(AuditFinding(entry.seq, CONTRADICTED))
    return base


def _broken(row: Any, kept: list[str], previous: str) -> Iterator[AuditFinding]:
    try:
        entry = entry_of(row, kept)
    except (ValueError, TypeError):
        yield AuditFinding(row["seq"], UNREADABLE)
        return
    if link(previous, replace(entry, chain="")) != entry.chain:
        yield AuditFinding(entry.seq, UNCHAINED)


def _rows(db: sa.Connection, findings: list[AuditFinding]) -> Iterator[tuple[Any, list[str]]]:
    """Every entry by number, with the keys kept of it."""
    streaming = db.execution_options(yield_per=BATCH)
    entries = streaming.execute(sa.select(AUDIT).order_by(AUDIT.c.seq)).mappings()
    held = streaming.execute(sa.select(KEYS.c.seq, KEYS.c.key_hash).order_by(KEYS.c.seq, KEYS.c.key_hash))
    keyed = groupby(held, key=lambda key: int(key.seq))
    waiting = next(keyed, None)
    for row in entries:
        while waiting is not None and waiting[0] < row["seq"]:
            findings.append(AuditFinding(waiting[0], NOBODYS_KEYS))
            waiting = next(keyed, None)
        kept = []
        if waiting is not None and waiting[0] == row["seq"]:
            kept = [str(key.key_hash) for key in waiting[1]]
            waiting = next(keyed, None)
        yield row, kept
    while waiting is not None:
        findings.append(AuditFinding(waiting[0], NOBODYS_KEYS))
        waiting = next(keyed, None)
