"""What a brief took out of the city, one line for each layer, for the record of reads."""

from collections.abc import Callable, Iterator

import shapely

from core.caller import Caller
from dashboards.brief.contents import Brief
from dashboards.queries.within import Reach
from store.audit import AuditEntry, Kind, by

_DIGITS = 1e-6

Keep = Callable[[AuditEntry], object]
"""Puts an entry into the audit."""


def record(brief: Brief, caller: Caller, keep: Keep) -> None:
    """One entry for each layer that is listed in the brief, and one for the object at the centre."""
    for layer, where, keys in _taken(brief):
        keep(by(caller, Kind.EXPORT, at=brief.made_at, what=layer, keys=keys, where=where))


def _taken(brief: Brief) -> Iterator[tuple[str, str, list[str]]]:
    for block in brief.blocks:
        yield block.layer, f"brief; {_asked(brief.reach)}", block.keys
    if brief.subject is not None:
        yield brief.subject.layer, "brief; subject", [brief.subject.key]


def _asked(reach: Reach) -> str:
    if reach.radius is None:
        return f"polygon={shapely.to_wkt(shapely.set_precision(reach.shape, _DIGITS))}"
    return f"circle={reach.centre.lon:.6f},{reach.centre.lat:.6f},{reach.radius:g}"
