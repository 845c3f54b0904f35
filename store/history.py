"""Under which names a layer's rows were written: columns added, renamed or retyped since, so old hashes stay true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from layers.layer import Layer
from layers.steps import Rename, Retype, Step, converted
from store.columns import Plain, plain_default
from store.schema import nullable


@dataclass(frozen=True, slots=True)
class Applied:
    """A declared step, and the last entry whose rows were written before it."""

    step: Step
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to one layer's columns, as the file itself recorded it.

    `added` names the last entry written without a column; `steps` is in the order applied; `schemas` pairs each schema
    version with the last entry written before it.
    """

    added: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[Applied, ...] = ()
    schemas: tuple[tuple[int, int], ...] = ()

    @property
    def renames(self) -> list[tuple[Rename, int]]:
        """The renames, in the order applied, each with the last entry written before it."""
        return [(applied.step, applied.seq) for applied in self.steps if isinstance(applied.step, Rename)]

    def schema_at(self, seq: int) -> int:
        """The schema version a row of this entry was written under."""
        return max((version for version, since in self.schemas if since < seq), default=1)

    def written_name(self, name: str, seq: int) -> str:
        """What a present field was called when a row of this entry was written."""
        for step, since in reversed(self.renames):
            if name == step.new and seq <= since:
                name = step.old
        return name

    def as_now(self, body: dict[str, Any], seq: int) -> dict[str, Any]:
        """A body under the names and kinds of today; what cannot be converted is none, codes stay as written."""
        for applied in self.steps:
            step = applied.step
            if seq > applied.seq:
                continue
            if isinstance(step, Rename) and step.old in body:
                body[step.new] = body.pop(step.old)
            elif isinstance(step, Retype) and step.field in body:
                body[step.field] = _converted_or_none(step, body[step.field])
        return body

    def stepped(self, step: Step, seq: int) -> "History":
        """The history after one more step."""
        added = dict(self.added)
        if isinstance(step, Rename) and step.old in added:
            added[step.new] = added.pop(step.old)
        return replace(self, added=added, steps=(*self.steps, Applied(step, seq)))


def owner_then(layer: Layer, history: History, body: bytes, seq: int) -> str:
    """The enterprise a version written by this entry belonged to, "" where it named none."""
    own = layer.enterprise_field
    return "" if own is None else str(history.as_now(orjson.loads(body), seq).get(own) or "")


def _converted_or_none(step: Retype, value: Any) -> Any:
    try:
        return converted(step, value)
    except (ValueError, TypeError):
        return None


def as_written(plain: Plain, history: History, seqs: Sequence[int]) -> Plain:
    """The columns of present rows under the names they were written with, without what was added later."""
    written: Plain = dict(plain)
    for name, since in history.added.items():
        if name in written:
            written[name] = [None if seq <= since else v for v, seq in zip(written[name], seqs, strict=True)]
    for applied in reversed(history.steps):
        step, early = applied.step, [seq <= applied.seq for seq in seqs]
        if isinstance(step, Rename) and any(early) and step.new in written:
            new, old = written[step.new], written.get(step.old, [None] * len(seqs))
            written[step.old] = [n if then else o for n, o, then in zip(new, old, early, strict=True)]
            written[step.new] = [None if then else n for n, then in zip(new, early, strict=True)]
        elif isinstance(step, Retype) and any(early) and step.field in written:
            # rows that held a value were written anew by the step
            written[step.field] = [None if then else v for v, then in zip(written[step.field], early, strict=True)]
    return written


def columns_now(layer: Layer, history: History, bodies: Sequence[dict[str, Any]], seqs: Sequence[int]) -> Plain:
    """Archived bodies as columns of the layer as it is today; what a body does not say reads as the default."""
    rows = [history.as_now(body, seq) for body, seq in zip(bodies, seqs, strict=True)]
    columns: Plain = {"geometry": [row.get("geometry") for row in rows]}
    for name, spec in layer.fields.items():
        default = None if nullable(layer, name) else plain_default(spec)
        columns[name] = [default if (value := row.get(name)) is None else value for row in rows]
    return columns
