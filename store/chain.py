"""The hash chain: each entry of a stream covers the one before it, by hashes only, so a field may be erased by law."""

from collections.abc import Iterable
from dataclasses import replace

from core.canonical import canonical_json, sha256
from core.clock import iso
from store.feed import Entry

GENESIS = "0" * 64


def link(previous: str, entry: Entry) -> str:
    """The chain value of an entry behind `previous`: SHA-256 over it and the entry's own members."""
    members = {
        "seq": entry.seq,
        "at": iso(entry.at),
        "actor": entry.actor,
        "door": entry.door,
        "stream": entry.stream,
        "layer": entry.layer,
        "key": sha256(entry.key.encode()),
        "change": str(entry.change),
        "area": entry.area,
        "sensitivity": int(entry.sensitivity),
        "old_version": entry.old_version,
        "new_version": entry.new_version,
        "rows": entry.rows,
        "row_hash": entry.row_hash,
        "reason": sha256(entry.reason.encode()),
    }
    return sha256(previous.encode() + canonical_json(members))


def linked(previous: str, entry: Entry) -> Entry:
    """The entry with its chain value."""
    return replace(entry, chain=link(previous, entry))


def hash_of_hashes(hashes: Iterable[str]) -> str:
    """One hash for a batch of rows, in key order."""
    return sha256("".join(hashes).encode())
