"""What a brief took out of the city, one line for each layer, for the record of reads."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

import shapely

from core.actors import Actor
from dashboards.brief.contents import Brief
from dashboards.queries.within import Reach

_DIGITS = 1e-6


class RecordRead(Protocol):
    """Keeps one line for a read."""

    def __call__(
        self, *, actor: str, door: str, layer: str, where: str, rows: int, keys_hash: str, at: datetime
    ) -> None:
        """Who, through which door, of which layer, asked how, how many rows, the hash of their keys, when."""


def keys_hash(keys: Iterable[str]) -> str:
    """SHA-256 over keys in code point order, each with a newline."""
    return hashlib.sha256("".join(f"{key}\n" for key in sorted(keys)).encode()).hexdigest()


def record(brief: Brief, actor: Actor, keep: RecordRead) -> None:
    """One line for each layer that is listed in the brief, and one for the object at the centre."""
    for layer, where, keys in _taken(brief):
        rows = len(keys)
        keep(
            actor=actor.id, door=actor.door, layer=layer, where=where, rows=rows, keys_hash=keys_hash(keys),
            at=brief.made_at,
        )  # fmt: skip


def _taken(brief: Brief) -> Iterator[tuple[str, str, list[str]]]:
    for block in brief.blocks:
        yield block.layer, f"brief; {_asked(brief.reach)}", block.keys
    if brief.subject is not None:
        yield brief.subject.layer, "brief; subject", [brief.subject.key]


def _asked(reach: Reach) -> str:
    if reach.radius is None:
        return f"polygon={shapely.to_wkt(shapely.set_precision(reach.shape, _DIGITS))}"
    return f"circle={reach.centre.lon:.6f},{reach.centre.lat:.6f},{reach.radius:g}"
