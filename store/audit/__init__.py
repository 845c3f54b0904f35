"""The audit: who signed in, saw, took out and changed what, in one hash-chained list kept beside the city."""

from store.audit.entries import (
    AuditEntry,
    Keys,
    Kind,
    Outcome,
    UnrecordedError,
    bounded,
    by,
    keys_hash,
    keys_in,
    keys_of,
)
from store.audit.log import AuditLog
from store.audit.search import By, Found, Group, Sought

__all__ = [
    "AuditEntry",
    "AuditLog",
    "By",
    "Found",
    "Group",
    "Keys",
    "Kind",
    "Outcome",
    "Sought",
    "UnrecordedError",
    "bounded",
    "by",
    "keys_hash",
    "keys_in",
    "keys_of",
]
