"""Under which names a layer's rows were written: columns added or renamed since, so that old hashes stay true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from store.columns import Plain


@dataclass(frozen=True, slots=True)
class Renamed:
    """Rows up to entry `seq` were written with the field's old name."""

    old: str
    new: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to one layer's columns, as the file itself recorded it.

    `added` names the last entry written without a column; `renamed` is in the order it happened; `schemas` pairs each
    schema version with the last entry written before it.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    renamed: tuple[Renamed, ...] = ()
    schemas: tuple[tuple[int, int], ...] = ()

    def schema_at(self, seq: int) -> int:
        """The schema version a row of this entry was written under."""
        return max((version for version, since in self.schemas if since < seq), default=1)

    def written_name(self, name: str, seq: int) -> str:
        """What a present field was called when a row of this entry was written."""
        for change in reversed(self.renamed):
            if name == change.new and seq <= change.seq:
                name = change.old
        return name

    def present_names(self, body: dict[str, Any], seq: int) -> dict[str, Any]:
        """A body of plain values under the names of today."""
        for change in self.renamed:
            if seq <= change.seq and change.old in body:
                body[change.new] = body.pop(change.old)
        return body


def as_written(plain: Plain, history: History, seqs: Sequence[int]) -> Plain:
    """The columns of present rows under the names they were written with, without what was added later."""
    written: Plain = dict(plain)
    for name, since in history.added.items():
        if name in written:
            written[name] = [None if seq <= since else v for v, seq in zip(written[name], seqs, strict=True)]
    for change in reversed(history.renamed):
        early = [seq <= change.seq for seq in seqs]
        if any(early):
            new, old = written[change.new], written.get(change.old, [None] * len(seqs))
            written[change.old] = [n if then else o for n, o, then in zip(new, old, early, strict=True)]
            written[change.new] = [None if then else n for n, then in zip(new, early, strict=True)]
    return written
