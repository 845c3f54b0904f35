"""The script of the demo city's exercise: two areas, six injects; written for the demo and marked so."""

from importlib.resources import files
from typing import Any

import orjson

from app.demo.alive import DEMO_ACTOR
from app.doors.exercises import script_of
from app.exercises.desk import ExerciseDesk
from app.incidents.desk import By, IncidentDesk
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import EXERCISE_SCRIPTS
from store.query import EVERYTHING

SCRIPT = files("app.demo") / "data" / "exercise_chlorine.json"


def demo_script() -> dict[str, Any]:
    """As a file of a script gives it."""
    found: dict[str, Any] = orjson.loads(SCRIPT.read_bytes())
    return found


def tell_exercises(system: System) -> None:
    """Keep the script; nothing where there are some already."""
    if system.store.count(EXERCISE_SCRIPTS, EVERYTHING, scope=SYSTEM_SCOPE):
        return
    desk = ExerciseDesk(desk=IncidentDesk(store=system.store, clock=system.clock))
    by = By(actor=DEMO_ACTOR, scope=SYSTEM_SCOPE, account="demo-exercises")
    script, injects = script_of(demo_script(), by)
    desk.keep_script(script, injects, by=by)
