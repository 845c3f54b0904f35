"""Every kind of long work there is."""

from app.jobs.exporting import EXPORT
from app.jobs.kinds import Kind, Kinds
from app.jobs.processing import PROCESS
from app.jobs.replaying import REPLAY
from app.jobs.sweeping import SWEEP

_ALL: tuple[Kind, ...] = (EXPORT, SWEEP, PROCESS, REPLAY)

KINDS: Kinds = {kind.id: kind for kind in _ALL}
