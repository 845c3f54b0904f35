"""Proof that nobody changed the store behind the feed's back, over what an engine reads back of itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from core.texts import Text
from store.chain import GENESIS, hash_of_hashes, link
from store.feed import Change, Entry
from store.rows import hash_of

CHANGED = Text("当前记录与其哈希不符", "the live row differs from its hash")
GAP = Text("序号不连续", "sequence numbers have a gap")
UNCHAINED = Text("链值不符", "the chain value does not fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as the feed says."""

    seq: int | None
    layer: str
    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at and what was found wrong."""

    entries: int
    rows: int
    findings: tuple[Finding, ...]


Live = Iterable[tuple[str, str, int, int, str, str]]
"""Live rows: layer, key, version, seq, the hash kept and the hash found."""

Archived = Iterable[tuple[str, str, int, bytes, str, int]]
"""Archived versions: layer, key, version, body, the hash kept, the entry that wrote it."""


def verified(live: Live, archived: Archived, entries: Iterable[Entry]) -> Verified:
    """Recompute everything and compare; reads the whole store."""
    findings: list[Finding] = []
    written: dict[tuple[str, int], list[tuple[str, int, str]]] = defaultdict(list)
    rows = 0
    for layer_id, key, version, seq, kept, found in live:
        rows += 1
        if kept != found:
            findings.append(_finding(seq, layer_id, key, CHANGED))
        written[layer_id, seq].append((key, version, kept))
    for layer_id, key, version, body, kept, seq in archived:
        rows += 1
        if hash_of(body) != kept:
            text = Text(f"第 {version} 版与其哈希不符", f"version {version} differs from its hash")
            findings.append(_finding(seq, layer_id, key, text))
        written[layer_id, seq].append((key, version, kept))
    count = 0
    previous: dict[str, str] = {}
    for entry in entries:
        count += 1
        if entry.seq != count:
            findings.append(_finding(entry.seq, entry.layer, entry.key, GAP))
            count = entry.seq
        if link(previous.get(entry.stream, GENESIS), replace(entry, chain="")) != entry.chain:
            findings.append(_finding(entry.seq, entry.layer, entry.key, UNCHAINED))
        previous[entry.stream] = entry.chain
        findings.extend(_rows_of_entry(entry, written.pop((entry.layer, entry.seq), [])))
    for (layer_id, seq), left in written.items():
        text = Text("记录不属于任何变更条目", "the row belongs to no entry of the feed")
        findings.extend(_finding(seq, layer_id, key, text) for key, _, _ in left)
    return Verified(count, rows, tuple(findings))


def _rows_of_entry(entry: Entry, rows: list[tuple[str, int, str]]) -> Iterator[Finding]:
    if entry.change is Change.LOAD:
        hashes = [row_hash for _, _, row_hash in sorted(rows)]
        if len(rows) != entry.rows or hash_of_hashes(hashes) != entry.row_hash:
            text = Text("批量装载的记录与条目不符", "the rows of the load differ from its entry")
            yield _finding(entry.seq, entry.layer, entry.key, text)
    elif entry.new_version is not None:
        wanted = (entry.key, entry.new_version, entry.row_hash)
        if rows != [wanted]:
            text = Text("记录缺失或与条目不符", "the row is missing or differs from its entry")
            yield _finding(entry.seq, entry.layer, entry.key, text)


def _finding(seq: int | None, layer: str, key: str, text: Text) -> Finding:
    return Finding(seq=seq, layer=layer, key=key, text=text)
