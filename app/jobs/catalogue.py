"""Every kind of long work there is."""

from app.jobs.kinds import Kind, Kinds

_ALL: tuple[Kind, ...] = ()

KINDS: Kinds = {kind.id: kind for kind in _ALL}
