"""The risk index of the demo city on the day it is loaded: by what the city has then, all else unknown and said so."""

from app.demo.alive import DEMO_ACTOR
from app.wiring import System
from core.scope import SYSTEM_SCOPE
from layers.catalogue import AREA_RISKS
from monitoring.risk.grading import grade
from store.query import EVERYTHING


def grade_city(system: System) -> None:
    """Keep a first score of every enterprise and area; nothing where there are some already."""
    if not system.store.count(AREA_RISKS, EVERYTHING, scope=SYSTEM_SCOPE):
        grade(system.store, system.clock(), actor=DEMO_ACTOR)
