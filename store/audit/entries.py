"""One line of the audit, and the chain that holds the lines together."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from core.caller import Caller, current_address
from core.canonical import canonical_json, sha256
from core.clock import iso
from core.errors import OneMapError

STREAM = "audit"
"""What a signed head calls the audit, beside the streams of the feed."""

KEPT = 200
"""Reads of no more rows than this keep each key (by its hash), so that it can be asked who saw one record."""

LONGEST = 500
HASHED = 50_000


class Kind(StrEnum):
    """What sort of thing was done."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    POST = "post"
    REFUSED = "refused"
    READ = "read"
    EXPORT = "export"
    CHANGE = "change"
    ADMIN = "admin"
    CLEARED = "cleared"


class Outcome(StrEnum):
    """How it went; `begun` opens a stream whose end another entry tells."""

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    BEGUN = "begun"


class UnrecordedError(OneMapError):
    """The audit could not be written, so what had to be recorded was not done."""

    code = "unrecorded"
    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Who did what to which rows, when, from where; `seq` and `chain` are given when it is written.

    `what` names a layer, an account or a key's name, `key` the one row or thing meant. `keys_hash` is SHA-256 over the
    keys read, in code point order, each with a newline; `kept` holds the hash of each of them where they are few.
    `detail` is JSON. Secrets have no place in any of it.
    """

    at: datetime
    kind: Kind
    actor: str
    door: str
    account: str = ""
    post: str = ""
    address: str = ""
    what: str = ""
    key: str = ""
    where: str = ""
    rows: int = 0
    keys_hash: str = ""
    kept: tuple[str, ...] = ()
    outcome: Outcome = Outcome.DONE
    detail: str = ""
    seq: int = 0
    chain: str = ""


class Keys(NamedTuple):
    """What an entry says of the rows it is about; `key` where it is one."""

    rows: int
    keys_hash: str
    kept: tuple[str, ...]
    key: str = ""


def by(
    caller: Caller,
    kind: Kind,
    *,
    at: datetime,
    what: str,
    keys: Iterable[str] | Keys = (),
    rows: int | None = None,
    where: str = "",
    outcome: Outcome = Outcome.DONE,
) -> AuditEntry:
    """What the caller of the request being served does to rows, from where; `rows` counts those without keys."""
    told = keys if isinstance(keys, Keys) else keys_of(keys)
    return AuditEntry(
        at=at,
        kind=kind,
        actor=caller.actor.id,
        door=caller.actor.door,
        account=caller.account,
        post=caller.post,
        address=current_address.get(),
        what=what,
        key=told.key,
        where=where,
        rows=told.rows if rows is None else rows,
        keys_hash=told.keys_hash,
        kept=told.kept,
        outcome=outcome,
    )


def keys_hash(keys: Iterable[str]) -> str:
    """SHA-256 over keys in code point order, each with a newline."""
    return hashlib.sha256("".join(f"{key}\n" for key in sorted(keys)).encode()).hexdigest()


def keys_of(keys: Iterable[str]) -> Keys:
    """The count and the hash of keys, and each one's own hash while they are at most `KEPT`."""
    given = list(keys)
    kept = tuple(sorted({sha256(key.encode()) for key in given})) if len(given) <= KEPT else ()
    return Keys(len(given), keys_hash(given), kept, given[0] if len(given) == 1 else "")


def keys_in(columns: Sequence[pa.Array]) -> Keys:
    """The same of the keys of a long answer, none of which becomes an object of its own."""
    keys = pa.chunked_array(columns, pa.string())
    if len(keys) <= KEPT:
        return keys_of(keys.to_pylist())
    order, digest = pc.sort_indices(keys), hashlib.sha256()  # by bytes of UTF-8, which is by code points
    for start in range(0, len(keys), HASHED):
        some = keys.take(order.slice(start, HASHED)).combine_chunks()
        lines = pc.binary_join_element_wise(some, "", "\n")
        digest.update(
            pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines), "")[0].as_buffer()
        )
    return Keys(len(keys), digest.hexdigest(), ())


def bounded(text: str) -> str:
    """Text of any length in a bounded one: its beginning, then the hash of the rest."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… sha256:{sha256(text[LONGEST:].encode())}"


def sound(entry: AuditEntry) -> AuditEntry:
    """The entry as both engines can keep it: callers send what they like, a NUL and half a character among it."""
    return replace(
        entry,
        actor=_text(entry.actor),
        door=_text(entry.door),
        account=_text(entry.account),
        post=_text(entry.post),
        address=_text(entry.address),
        what=_text(entry.what),
        key=_text(entry.key),
        where=_text(entry.where),
        detail=_text(entry.detail),
    )


def _text(given: str) -> str:
    return bounded(given.encode(errors="replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}"))


def link(previous: str, entry: AuditEntry) -> str:
    """The chain value of an entry behind `previous`; every word of it is covered, the kept keys too."""
    members = {
        "seq": entry.seq,
        "at": iso(entry.at),
        "kind": str(entry.kind),
        "actor": entry.actor,
        "account": entry.account,
        "post": entry.post,
        "door": entry.door,
        "address": entry.address,
        "what": entry.what,
        "key": entry.key,
        "where": entry.where,
        "rows": entry.rows,
        "keys_hash": entry.keys_hash,
        "kept": "".join(entry.kept) or None,
        "outcome": str(entry.outcome),
        "detail": entry.detail,
    }
    return sha256(previous.encode() + canonical_json(members))


def linked(previous: str, seq: int, entry: AuditEntry) -> AuditEntry:
    """The entry under its number, with its chain value."""
    numbered = replace(entry, seq=seq)
    return replace(numbered, chain=link(previous, numbered))
