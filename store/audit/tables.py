"""The tables of the audit, the same in SQLite and PostgreSQL."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from core.clock import from_iso, iso
from store.audit.entries import AuditEntry, Kind, Outcome

TABLES = sa.MetaData()

AUDIT = sa.Table(
    "audit",
    TABLES,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("account", sa.String, nullable=False),
    sa.Column("post", sa.String, nullable=False),
    sa.Column("door", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("what", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("filter", sa.String, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("keys_hash", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("detail", sa.String, nullable=False),
    sa.Column("chain", sa.String, nullable=False),
    sa.Index("audit_by_actor", "actor", "seq"),
    sa.Index("audit_by_address", "address", "at"),
    sa.Index("audit_by_kind", "kind", "seq"),
    sa.Index("audit_by_what", "what", "seq"),
)

KEYS = sa.Table(
    "audit_keys",
    TABLES,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key_hash", sa.String, primary_key=True),
    sa.Index("audit_keys_by_hash", "key_hash", "seq"),
)

HEAD = sa.Table(
    "audit_head",
    TABLES,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("chain", sa.String, nullable=False),
)
"""One row: the newest entry. Whoever writes holds its lock, so numbers have no gap and the chain no fork."""


def row_of(entry: AuditEntry) -> dict[str, Any]:
    """An entry as its row."""
    return {
        "seq": entry.seq, "at": iso(entry.at), "kind": str(entry.kind), "actor": entry.actor,
        "account": entry.account, "post": entry.post, "door": entry.door, "address": entry.address,
        "what": entry.what, "key": entry.key, "filter": entry.where, "rows": entry.rows,
        "keys_hash": entry.keys_hash, "outcome": str(entry.outcome), "detail": entry.detail, "chain": entry.chain,
    }  # fmt: skip


def entry_of(row: Any, kept: Iterable[str] = ()) -> AuditEntry:
    """A row and its kept keys as the entry; ValueError where somebody wrote what no entry can hold."""
    return AuditEntry(
        seq=row["seq"], at=from_iso(row["at"]), kind=Kind(row["kind"]), actor=row["actor"], account=row["account"],
        post=row["post"], door=row["door"], address=row["address"], what=row["what"], key=row["key"],
        where=row["filter"], rows=row["rows"], keys_hash=row["keys_hash"], kept=tuple(sorted(kept)),
        outcome=Outcome(row["outcome"]), detail=row["detail"], chain=row["chain"],
    )  # fmt: skip
