"""The change feed: one ordered, hash-chained entry per change, the bus of the whole system."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.scope import Sensitivity
from layers.record import Record


class Change(StrEnum):
    """What happened to a row."""

    PUT = "put"
    DELETE = "delete"
    LOAD = "load"
    ERASE = "erase"
    MERGE = "merge"
    UNMERGE = "unmerge"
    STEP = "step"


BATCHES = frozenset({Change.LOAD, Change.STEP})
"""Entries over many rows at once; `key` then names the batch or the step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the feed. A LOAD covers `rows` rows under one hash; `key` is then the batch's name."""

    seq: int
    at: datetime
    actor: str
    door: str
    stream: str
    layer: str
    key: str
    change: Change
    area: str
    sensitivity: Sensitivity
    old_version: int | None
    new_version: int | None
    rows: int
    row_hash: str
    reason: str
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Write one row. `expected` is the version the writer saw (0: must be new; None: whatever is there).

    Fields the writer may not see keep what they hold. `change` is what the feed calls it.
    """

    layer: str
    record: Record
    expected: int | None = None
    change: Change = Change.PUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove one row from the present; its versions stay."""

    layer: str
    key: str
    expected: int | None = None
    change: Change = Change.DELETE


Edit = Put | Delete


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a row, as canonical JSON; `to_seq` None is the present one."""

    layer: str
    key: str
    version: int
    schema_version: int
    body: bytes
    from_seq: int
    to_seq: int | None
