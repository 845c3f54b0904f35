"""Every kind of long work there is."""

from app.jobs.exporting import EXPORT
from app.jobs.kinds import Kind, Kinds

_ALL: tuple[Kind, ...] = (EXPORT,)

KINDS: Kinds = {kind.id: kind for kind in _ALL}
