"""Signs where the feed and the audit stand, every ten minutes while the server runs."""

import logging
from collections.abc import Callable

from app.repeating import Chore, Chores, repeating
from app.wiring import System
from core.texts import Text
from core.units import Second
from store.heads import Head

EVERY: Second = 600.0
SIGNED = Chore(Text("签署变更与审计的链头", "Heads of the feed and the audit are signed"), "no signed head was written")
_log = logging.getLogger(__name__)


def sign_head(system: System, *, restart: str = "") -> Head:
    """Sign all streams and the audit as they are now."""
    streams = {**system.store.streams(), **system.audit.streams()}
    return system.heads.sign(streams, at=system.clock(), restart=restart)


async def keep_signing(sign: Callable[[], object], chores: Chores, every: Second = EVERY) -> None:
    """Sign at once and then again and again; a head that cannot be written is logged and tried anew the next time."""
    await repeating(_log, every, {SIGNED: sign}, chores)
