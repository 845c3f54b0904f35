"""The clock of exercises: every two seconds what is due is injected; a failure is logged and tried anew."""

import logging
import threading

from app.exercises.desk import ExerciseDesk
from app.repeating import Chore, Chores, repeating
from core.texts import Text
from core.units import Second

EVERY: Second = 2.0
CLOCKWORK = threading.Lock()
"""Held by whoever moves the clock of exercises: the server, or the demo while it plays one of the past."""

CONDUCTED = Chore(Text("演练情况注入", "Injects of exercises"), "injects of exercises wait for the next round")
_log = logging.getLogger(__name__)


def conduct(desk: ExerciseDesk) -> int:
    """Inject once what is due now; how many."""
    with CLOCKWORK:
        return desk.fire(desk.desk.clock())


async def keep_conducting(desk: ExerciseDesk, chores: Chores, every: Second = EVERY) -> None:
    """Until the server stops."""
    await repeating(_log, every, {CONDUCTED: lambda: conduct(desk)}, chores)
