"""Proof that nobody changed the store behind the feed's back, over what an engine reads back of itself.

What was erased by law is told apart from what is broken.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from core.texts import Text
from store.chain import GENESIS, hash_of_hashes, link
from store.feed import BATCHES, Change, Entry
from store.rows import hash_of

CHANGED = Text("当前记录与其哈希不符", "the live row differs from its hash")
GAP = Text("序号不连续", "sequence numbers have a gap")
UNCHAINED = Text("链值不符", "the chain value does not fit")
NOBODYS = Text("记录不属于任何变更条目", "the row belongs to no entry of the feed")
NOT_LOADED = Text("批量装载的记录与条目不符", "the rows of the load differ from its entry")
NOT_WRITTEN = Text("记录缺失或与条目不符", "the row is missing or differs from its entry")
UNSEALED = Text("变更条目与已签名的链头不符,变更记录被改写", "differs from a signed head: the feed was rewritten")
CUT = Text("已签名的变更条目不存在,变更记录被截断", "a signed entry is missing: the feed was cut")
NOT_ERASED = Text("删除登记与条目不符", "what was erased differs from its entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as the feed says."""

    seq: int | None
    layer: str
    key: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What the ERASE entry `seq` left of one version, by its hash."""

    layer: str
    key: str
    version: int
    seq: int
    row_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Personal fields taken out of versions by law: not broken, but said."""

    seq: int
    at: datetime
    actor: str
    layer: str
    key: str
    versions: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a signed head says of one stream: its newest entry then, and that entry's chain value."""

    seq: int
    stream: str
    chain: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, what was found wrong, and what is missing by law."""

    entries: int
    rows: int
    findings: tuple[Finding, ...]
    erasures: tuple[Erasure, ...] = ()


Live = Iterable[tuple[str, str, int, int, str, str]]
"""Live rows: layer, key, version, seq, the hash kept and the hash found."""

Archived = Iterable[tuple[str, str, int, bytes, str, int]]
"""Archived versions: layer, key, version, body, the hash kept, the entry that wrote it."""

Written = list[tuple[str, int, str]]
"""Of the rows of one entry: key, version and the hash kept."""


def verified(
    live: Live,
    archived: Archived,
    entries: Iterable[Entry],
    remainders: Iterable[Remainder] = (),
    seals: Iterable[Seal] = (),
) -> Verified:
    """Recompute everything and compare; reads the whole store."""
    sealed: dict[int, dict[tuple[str, str], Seal]] = defaultdict(dict)
    for seal in seals:
        sealed[seal.seq].setdefault((seal.stream, seal.chain), seal)
    left: dict[tuple[str, str, int], Remainder] = {}
    erased: dict[int, list[Remainder]] = defaultdict(list)
    for one in sorted(remainders, key=lambda one: one.seq):
        left[one.layer, one.key, one.version] = one
        erased[one.seq].append(one)
    findings: list[Finding] = []
    written: dict[tuple[str, int], Written] = defaultdict(list)
    rows = 0
    for layer_id, key, version, seq, kept, found in live:
        rows += 1
        if kept != found:
            findings.append(Finding(seq=seq, layer=layer_id, key=key, text=CHANGED))
        written[layer_id, seq].append((key, version, kept))
    for layer_id, key, version, body, kept, seq in archived:
        rows += 1
        rest = left.get((layer_id, key, version))
        if hash_of(body) != (rest.row_hash if rest else kept):
            findings.append(Finding(seq=seq, layer=layer_id, key=key, text=_differs(version, erased=rest is not None)))
        written[layer_id, seq].append((key, version, kept))
    count = 0
    previous: dict[str, str] = {}
    erasures = []
    for entry in entries:
        count += 1
        if entry.seq != count:
            findings.append(_about(entry, GAP))
            count = entry.seq
        if link(previous.get(entry.stream, GENESIS), replace(entry, chain="")) != entry.chain:
            findings.append(_about(entry, UNCHAINED))
        previous[entry.stream] = entry.chain
        gone = erased.pop(entry.seq, [])
        findings.extend(_of_entry(entry, written.pop((entry.layer, entry.seq), []), gone))
        if any(said != (entry.stream, entry.chain) for said in sealed.pop(entry.seq, {})):
            findings.append(_about(entry, UNSEALED))
        if entry.change is Change.ERASE:
            erasures.append(_erasure(entry, len(gone)))
    for (layer_id, seq), nobodys in written.items():
        findings.extend(Finding(seq=seq, layer=layer_id, key=key, text=NOBODYS) for key, _, _ in nobodys)
    for seq, alone in erased.items():
        findings.extend(Finding(seq=seq, layer=one.layer, key=one.key, text=NOT_ERASED) for one in alone)
    findings.extend(Finding(seq=seq, layer="", key=stream, text=CUT) for seq in sealed for stream, _ in sealed[seq])
    return Verified(count, rows, tuple(findings), tuple(erasures))


def hash_of_erasure(present: str | None, remainders: Iterable[Remainder]) -> str:
    """What an ERASE entry carries: the hash of the row it left present, then of each version's rest in their order."""
    ordered = sorted(remainders, key=lambda one: one.version)
    return hash_of_hashes([*([present] if present else []), *(one.row_hash for one in ordered)])


def _of_entry(entry: Entry, rows: Written, erased: list[Remainder]) -> Iterator[Finding]:
    if entry.change is Change.ERASE:
        present = [kept for key, version, kept in rows if (key, version) == (entry.key, entry.new_version)]
        whole = len(rows) == len(present) == (entry.new_version is not None)
        own = all((one.layer, one.key) == (entry.layer, entry.key) for one in erased)
        if not (whole and own) or hash_of_erasure(present[0] if present else None, erased) != entry.row_hash:
            yield _about(entry, NOT_ERASED)
        return
    if erased:
        yield _about(entry, NOT_ERASED)
    if entry.change in BATCHES:
        hashes = [kept for _, _, kept in sorted(rows)]
        if len(rows) != entry.rows or hash_of_hashes(hashes) != entry.row_hash:
            yield _about(entry, NOT_LOADED)
    elif entry.new_version is not None and rows != [(entry.key, entry.new_version, entry.row_hash)]:
        yield _about(entry, NOT_WRITTEN)


def _erasure(entry: Entry, versions: int) -> Erasure:
    return Erasure(
        seq=entry.seq, at=entry.at, actor=entry.actor, layer=entry.layer, key=entry.key, versions=versions,
        reason=entry.reason,
    )  # fmt: skip


def _about(entry: Entry, text: Text) -> Finding:
    return Finding(seq=entry.seq, layer=entry.layer, key=entry.key, text=text)


def _differs(version: int, *, erased: bool) -> Text:
    if erased:
        return Text(
            f"第 {version} 版删除个人信息后的内容与登记不符", f"version {version} differs from what the erasure left"
        )
    return Text(f"第 {version} 版与其哈希不符", f"version {version} differs from its hash")
